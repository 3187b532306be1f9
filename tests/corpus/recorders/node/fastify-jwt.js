'use strict';
// fastify-jwt (jsonwebtoken until 3.x, fast-jwt since): what the client is answered and what fastify's log says.
const { NOW, SECRET, OTHER_SECRET, LATER, sign, rs256, unsigned } = require('./tokens');
const { bearer } = require('./web');

const RELEASES = [['2.4.0', '3'], ['3.2.1', '3'], ['6.7.1', '4'], ['8.0.1', '4'], ['10.0.0', '5']];
const cookie = { cookie: { cookieName: 'session' } };
const cases = [
  { id: 'no-header', reason: 'header_missing', headers: {} },
  { id: 'no-cookie', reason: 'header_missing', headers: {}, options: cookie, cookies: {} },
  { id: 'no-cookies', reason: 'header_malformed', headers: {}, options: cookie },
  { id: 'scheme', reason: 'header_malformed', until: '6.7.1', headers: { authorization: 'Basic dXNlcjpwYXNz' } },
  { id: 'form', reason: 'header_malformed', until: '6.7.1', headers: { authorization: 'Bearer' } },
  { id: 'expired', reason: 'token_expired', headers: bearer(sign({ ...LATER, exp: NOW - 600 })) },
  { id: 'signature', inner: true, reason: 'signature_invalid', headers: bearer(sign(LATER, undefined, OTHER_SECRET)) },
  { id: 'nbf', inner: true, reason: 'token_not_yet_valid', headers: bearer(sign({ ...LATER, nbf: NOW + 90 })) },
  { id: 'alg', inner: true, reason: 'algorithm_mismatch', headers: bearer(rs256(LATER)) },
  { id: 'unsigned', innerOld: true, reason: 'algorithm_none', headers: bearer(unsigned(LATER)) },
  { id: 'malformed', inner: true, reason: 'token_malformed', headers: bearer('nonsense') },
  { id: 'untrusted', reason: 'token_revoked', headers: bearer(sign(LATER)), options: { trusted: () => false } },
];

/** The body of the answer, and the line fastify's logger wrote of the error. */
async function refuse([version, major], entry) {
  const lines = [];
  const app = require(`fastify-${major}`)({ logger: { level: 'info', base: { pid: 1, hostname: 'api-1' }, stream: { write: (line) => { lines.push(line.trimEnd()); } } } });
  let error;
  app.register(require(`fastify-jwt-${version}`), { secret: SECRET, ...entry.options });
  app.addHook('onRequest', async (request) => {
    if (entry.cookies) request.cookies = entry.cookies;
    try { await request.jwtVerify(); } catch (problem) { error = problem; throw problem; }
  });
  app.get('/orders', async () => ({}));
  const answer = await app.inject({ url: '/orders', headers: entry.headers });
  await app.close();
  const line = lines.find((one) => one.includes('"err":'));
  return { body: answer.body, line: line && line.replace(/"responseTime":[\d.]+/, '"responseTime":1.5'), error };
}

async function* entries() {
  for (const entry of cases) {
    for (const release of RELEASES) {
      const [version] = release;
      const { body, line, error } = await refuse(release, entry);
      if (!error || (entry.until && parseInt(version, 10) > parseInt(entry.until, 10))) continue; // not refused so in this version
      const old = parseInt(version, 10) < 4;
      if (entry.inner || (entry.innerOld && old)) entry.library = old ? 'jsonwebtoken' : 'fast-jwt';
      else delete entry.library;
      yield { ...entry, version, texts: [body, line].filter(Boolean).slice(0, version === '10.0.0' ? 2 : 1) };
      yield { ...entry, version, error, newest: version === '10.0.0', fields: entry.id === 'no-header' };
    }
  }
}

module.exports = { entries };
