'use strict';
// koa-jwt with and without its `debug` option, which decides whether the client learns the reason.
const Koa = require('koa');
const { NOW, SECRET, OTHER_SECRET, LATER, sign } = require('./tokens');
const { ask, bearer } = require('./web');

const VERSIONS = ['3.6.0', '4.0.4'];
const cases = [
  { id: 'no-header', reason: 'header_missing', headers: {} },
  { id: 'scheme', reason: 'header_malformed', headers: { authorization: 'Basic dXNlcjpwYXNz' } },
  { id: 'form', reason: 'header_malformed', headers: { authorization: 'Bearer one two' } },
  { id: 'no-secret', reason: 'key_missing', headers: bearer(sign(LATER)), options: { secret: '' } },
  { id: 'revoked', reason: 'token_revoked', headers: bearer(sign(LATER)), options: { isRevoked: async () => true } },
  { id: 'expired', library: 'jsonwebtoken', reason: 'token_expired', headers: bearer(sign({ ...LATER, exp: NOW - 600 })) },
  { id: 'signature', library: 'jsonwebtoken', reason: 'signature_invalid', headers: bearer(sign(LATER, undefined, OTHER_SECRET)) },
  { id: 'malformed', library: 'jsonwebtoken', reason: 'token_malformed', headers: bearer('nonsense') },
];

async function refuse(version, entry, debug) {
  const app = new Koa();
  let error;
  app.silent = true;
  app.on('error', () => {});
  app.use(async (ctx, next) => {
    try { await next(); } catch (problem) { error = problem; throw problem; }
  });
  app.use(require(`koa-jwt-${version}`)({ secret: SECRET, debug, ...entry.options }));
  const answer = await ask(app.callback(), entry.headers);
  return { answer, error };
}

async function* entries() {
  for (const entry of cases) {
    for (const version of VERSIONS) {
      const newest = version === '4.0.4';
      const open = await refuse(version, entry, true);
      yield { ...entry, version, newest, error: open.error, bareIsGeneric: ['no-header', 'revoked', 'no-secret'].includes(entry.id) };
      yield { ...entry, version, texts: [`${open.answer.status} ${open.answer.body}`] };
      if (entry.id === 'scheme' || entry.id === 'form') continue; // the same either way
      const closed = await refuse(version, entry, false);
      const reason = closed.error.originalError ? entry.reason : 'unspecified';
      yield { reason: 'unspecified', version, texts: [`${closed.answer.status} ${closed.answer.body}`] };
      const shown = require('util').format(closed.error);
      yield { reason, version, texts: [shown], ...(closed.error.originalError && entry.library && { library: entry.library }) };
    }
  }
}

module.exports = { entries };
