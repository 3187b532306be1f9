// Provokes what openid-client 6 says of an ID token, and prints corpus lines: the words of the `cause` are oauth4webapi's.
//     npm install --ignore-scripts openid-client@6.8.9      # in a folder of its own, Node.js 20
//     node openid-client-6.mjs >> CHECKOUT/tests/corpus/openid-client.jsonl
import crypto from 'node:crypto';
import http from 'node:http';
import util from 'node:util';
import * as client from 'openid-client';
const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const part = (v) => Buffer.from(JSON.stringify(v)).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const issuer = 'http://127.0.0.1:18097';
const good = { iss: issuer, aud: 'web', sub: 'a', iat: now, exp: now + 300, nonce: 'n1' };
const token = (claims, header = {}, key = rsa.privateKey) => { const h = `${part({ alg: 'RS256', kid: 'k1', ...header })}.${part(claims)}`; return `${h}.${crypto.sign('sha256', Buffer.from(h), key).toString('base64url')}`; };
let idToken, keys, status;
const server = http.createServer((q, a) => { if (q.url === '/jwks') { a.statusCode = status; a.setHeader('content-type', 'application/json'); a.end(JSON.stringify({ keys })); return; }
  a.setHeader('content-type', 'application/json'); a.end(JSON.stringify({ access_token: 'x', token_type: 'bearer', id_token: idToken })); });
await new Promise((r) => { server.listen(18097, '127.0.0.1', r); });
const jwk = { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256' };
async function run(t, { served = [jwk], code = 200, checks = { expectedNonce: 'n1' }, signed = false } = {}) {
  idToken = t; keys = served; status = code;
  const config = new client.Configuration({ issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` }, 'web', 'secret');
  client.allowInsecureRequests(config); if (signed) client.enableNonRepudiationChecks(config);
  await client.authorizationCodeGrant(config, new URL('https://app.example/cb?code=c'), { pkceCodeVerifier: 'v', ...checks });
}
const cases = [
 ['issuer_mismatch', () => run(token({ ...good, iss: 'https://b.example' }))],
 ['audience_mismatch', () => run(token({ ...good, aud: 'api' }))],
 ['token_expired', () => run(token({ ...good, exp: now - 900 }))],
 ['token_not_yet_valid', () => run(token({ ...good, nbf: now + 900 }))],
 ['claim_mismatch', () => run(token({ ...good, nonce: 'zz' }))],
 ['claim_missing', () => run(token({ ...good, sub: undefined }))],
 ['claim_invalid', () => run(token({ ...good, exp: 'x' }))],
 ['algorithm_mismatch', () => run(token(good, { alg: 'PS256' }))],
 ['algorithm_mismatch', () => run(token(good, { alg: 'none' }))], // the text does not show it
 ['token_malformed', () => run('abc')],
 ['token_malformed', () => run('a.b.c')],
 ['header_unsupported', () => run(token(good, { crit: ['x'] }))],
 ['signature_invalid', () => run(token(good, {}, other.privateKey), { signed: true })],
 ['key_not_found', () => run(token(good, { kid: 'k9' }), { signed: true })],
 ['jwks_unavailable', () => run(token(good), { signed: true, code: 503 })],
 ['token_too_old', () => run(token({ ...good, auth_time: now - 9000 }), { checks: { expectedNonce: 'n1', maxAge: 60 } })],
];
const bare = {
  'unexpected JWT claim value encountered': ['issuer_mismatch', 'audience_mismatch', 'claim_mismatch'],
  'JWT timestamp claim value failed validation': ['token_expired', 'token_not_yet_valid', 'issued_in_future'],
};
const said = new Set();
function print(text, reason, also, library) {
  if (said.has(text)) return;
  said.add(text);
  process.stdout.write(`${JSON.stringify({ text, reason, outcome: 'rejected', also, captures: {}, library,
    version: '6.8.9', origin: 'recorded', program: 'tests/corpus/recorders/node/openid-client-6.mjs' })}\n`);
}
for (const [reason, provoke] of cases) {
  const error = await provoke().then(() => { throw new Error(`accepted: ${reason}`); }, (one) => one);
  const { name, message, code, cause } = error;
  const whole = util.inspect(error).replaceAll(import.meta.url.replace(/[^/]*$/, ''), 'file:///app/');
  const library = reason === 'jwks_unavailable' ? 'openid-client' : 'oauth4webapi';
  print(whole, reason, [], library);
  if (library === 'oauth4webapi') {
    const stack = `${name}: ${message}\ncaused by: ${cause.name}: ${cause.message}`;
    print(JSON.stringify({ level: 'error', msg: 'sign-in failed', err: { type: name, message, stack, code } }), reason, [], library);
  }
  if (message in bare) print(`${name}: ${message}`, 'unspecified', bare[message], 'openid-client');
}
server.close();
