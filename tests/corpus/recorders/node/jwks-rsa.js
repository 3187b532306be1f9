'use strict';
// jwks-rsa against a key-set server that fails in many ways, alone and behind its hapi and koa integrations.
const { LATER, keys, jwk } = require('./tokens');
const { start } = require('./keyserver');

const VERSIONS = ['1.12.5', '2.1.5', '3.2.0', '4.1.0'];
const NEWEST = '4.1.0';
const keySet = (...kids) => JSON.stringify({ keys: kids.map((kid) => jwk(keys.rsa.publicKey, { kid, use: 'sig', alg: 'RS256' })) });
const decoded = (header) => ({ header, payload: LATER });

const cases = [
  { id: 'unknown', reason: 'key_not_found', kind: 'other', facts: { kid: 'key-2' }, fields: true },
  { id: 'no-kid', reason: 'key_not_found', kind: 'two', kid: null },
  { id: 'empty', reason: 'jwks_unavailable', kind: 'noKeys' },
  { id: 'encryption', reason: 'jwks_unavailable', kind: 'enc' },
  { id: 'status', reason: 'jwks_unavailable', kind: 'status', bareIsGeneric: true },
  { id: 'not-found', reason: 'jwks_unavailable', kind: 'notFound', bareIsGeneric: true },
  { id: 'html', reason: 'jwks_unavailable', kind: 'html', raw: true },
  { id: 'refused', reason: 'jwks_unavailable', kind: 'refused', raw: true },
  { id: 'reset', reason: 'jwks_unavailable', kind: 'reset', raw: true },
  { id: 'slow', reason: 'jwks_unavailable', kind: 'slow', raw: true },
  { id: 'rate', reason: 'jwks_unavailable', kind: 'rate' },
];
const BODIES = { other: keySet('key-1'), rate: keySet('key-1'), two: keySet('key-0', 'key-1'), enc: JSON.stringify({ keys: [jwk(keys.rsa.publicKey, { use: 'enc', kid: 'key-2' })] }) };

async function lookUp(lib, entry) {
  const server = await start(entry.kind, BODIES[entry.kind]);
  const options = { jwksUri: server.url, timeout: 200, cache: false, rateLimit: entry.kind === 'rate', jwksRequestsPerMinute: 1 };
  const client = lib(options);
  const find = (kid) => new Promise((resolve, reject) => { client.getSigningKey(kid, (error, key) => (error ? reject(error) : resolve(key))); });
  try {
    if (entry.kind === 'rate') await find('key-1');
    await find(entry.kid === undefined ? 'key-2' : entry.kid);
  } catch (error) {
    return { error, port: server.port };
  } finally {
    server.stop();
  }
  return { accepted: true };
}

/** What the integrations refuse before they look for a key. */
async function* integrations(version) {
  const lib = require(`jwks-rsa-${version}`);
  const options = { jwksUri: 'http://127.0.0.1:1/jwks.json' };
  const hapi = (token) => new Promise((resolve) => { lib.hapiJwt2Key(options)(token, (error) => resolve(error)); });
  yield { reason: 'algorithm_mismatch', facts: { alg: 'HS256' }, error: await hapi(decoded({ alg: 'HS256', kid: 'key-1' })) };
  yield { reason: 'algorithm_none', error: await hapi(decoded({ alg: 'none' })) };
  yield { reason: 'token_malformed', error: await hapi(undefined) };
  const koa = await lib.koaJwtSecret(options)({ alg: 'HS256' }).catch((error) => error);
  if (koa instanceof Error && /algorithm/.test(koa.message)) yield { reason: 'algorithm_mismatch', error: koa };
}

/** What the request failed with is handed on as it is: without a frame of jwks-rsa it speaks of no token. */
function* bareErrors(entry) {
  const { stack } = entry.error;
  yield { ...entry, reason: stack.includes('jwks-rsa') ? entry.reason : null, texts: [stack] };
  yield { ...entry, reason: null, texts: [String(entry.error)] };
}

async function* entries() {
  for (const entry of cases) {
    for (const version of VERSIONS) {
      const made = await lookUp(require(`jwks-rsa-${version}`), entry);
      if (!entry.raw || /^Jwks/.test(made.error.name)) yield { ...entry, ...made, version, newest: version === NEWEST };
      else yield* bareErrors({ ...entry, ...made, version });
    }
  }
  for (const version of VERSIONS) {
    for await (const entry of integrations(version)) yield { ...entry, version, newest: version === NEWEST };
  }
}

module.exports = { entries };
