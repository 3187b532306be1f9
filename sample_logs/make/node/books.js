'use strict';
// The simulation's own bookkeeping: what was rejected and why, known without reading a log.

const incident = require('./incident');

/** Why a request must be refused, from what the client sent and where. null = accepted. */
function reasonFor(request, container) {
  if (request.url === '/v1/login') return null;
  if (!request.authorization) return 'header_missing';
  if (!request.signedWith) return 'token_malformed';
  if (request.signedWith !== container.version) return 'signature_invalid';
  return request.isExpired ? 'token_expired' : null;
}

function add(counts, ...keys) {
  const last = keys.pop();
  let inner = counts;
  for (const key of keys) inner = inner[key] ??= {};
  inner[last] = (inner[last] ?? 0) + 1;
}

/** Return the books: `request` and `healthCheck` enter, `summary` closes. */
function openBooks() {
  const totals = { requests: 0, accepted: 0, rejected: 0, health_checks: 0 };
  const byReason = {};
  const byInstance = {};
  const byMinute = {};
  const signatureMs = [];
  return {
    request(ms, container, request, status) {
      const reason = reasonFor(request, container);
      if ((status === 401) !== (reason !== null)) {
        throw new Error(`the books say ${reason}, the service says ${status}`);
      }
      if (ms < incident.START || ms >= incident.END) return;
      totals.requests += 1;
      totals[reason ? 'rejected' : 'accepted'] += 1;
      if (!reason) return;
      add(byReason, reason);
      add(byInstance, container.hostname, reason);
      add(byMinute, new Date(ms).toISOString().slice(11, 16), reason);
      if (reason === 'signature_invalid' && request.signedWith !== 'staging') signatureMs.push(ms);
    },
    healthCheck(ms, status) {
      if (status !== 200) throw new Error(`a health check failed: ${status}`);
      if (ms >= incident.START && ms < incident.END) totals.health_checks += 1;
    },
    summary: () => ({ totals, byReason, byInstance, byMinute, signatureMs }),
  };
}

module.exports = { openBooks };
