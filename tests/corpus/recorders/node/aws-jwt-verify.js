'use strict';
// One entry per check of aws-jwt-verify: plain verifiers, Cognito verifiers and the key-set fetch.
// Needs the openssl program, for a certificate of the key-set server.
const { execFileSync } = require('child_process');
const https = require('https');
const { NOW, ISSUER, LATER, keys, jwk, part, rs256, sign } = require('./tokens');

const VERSIONS = ['2.1.3', '3.4.0', '4.0.1', '5.1.1'];
const NEWEST = '5.1.1';
const ISO = (seconds) => new Date(seconds * 1000).toISOString();
const POOL = 'eu-west-1_Example01';
const POOL_ISSUER = `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`;
const jwks = { keys: [jwk(keys.rsa.publicKey, { kid: 'key-2', use: 'sig', alg: 'RS256' })] };

const plain = (token, more, set = jwks) => (lib) => {
  const verifier = lib.JwtRsaVerifier.create({ issuer: ISSUER, audience: 'web-prod', jwksUri: 'https://auth.example.com/jwks.json', ...more });
  if (set) verifier.cacheJwks(set);
  return verifier.verifySync(token);
};
const cognito = (claims, more) => (lib) => {
  const verifier = lib.CognitoJwtVerifier.create({ userPoolId: POOL, tokenUse: 'access', clientId: 'client-prod', ...more });
  verifier.cacheJwks(jwks);
  return verifier.verifySync(rs256({ iss: POOL_ISSUER, token_use: 'access', client_id: 'client-prod', exp: LATER.exp, ...claims }));
};
const jwt = (more, header, key) => rs256({ ...LATER, ...more }, header, key);
const without = (claim) => { const copy = { ...LATER }; delete copy[claim]; return copy; };
const many = (token) => (lib) => lib.JwtRsaVerifier.create([{ issuer: ISSUER, audience: null }, { issuer: 'https://other.example.com', audience: null }]).verifySync(token);
const raw = (header, payload) => `${part(header)}.${part(payload)}.${part('x')}`;
const head = { alg: 'RS256', kid: 'key-2' };

const cases = [
  { id: 'expired', reason: 'token_expired', facts: { expired_at: ISO(NOW - 600) }, run: plain(jwt({ exp: NOW - 600 })) },
  { id: 'nbf', reason: 'token_not_yet_valid', facts: { not_before: ISO(NOW + 90) }, run: plain(jwt({ nbf: NOW + 90 })) },
  { id: 'aud', reason: 'audience_mismatch', facts: { expected: 'web-prod', actual: 'web-staging' }, run: plain(jwt({ aud: 'web-staging' })) },
  { id: 'aud-list', reason: 'audience_mismatch', facts: { expected: ['web-prod', 'web-edge'], actual: ['web-staging', 'web-test'] }, run: plain(jwt({ aud: ['web-staging', 'web-test'] }), { audience: ['web-prod', 'web-edge'] }) },
  { id: 'no-aud', reason: 'claim_missing', facts: { expected: 'web-prod' }, run: plain(rs256(without('aud'))) },
  { id: 'iss', reason: 'issuer_mismatch', facts: { expected: ISSUER, actual: 'https://auth.staging.example.com' }, run: plain(jwt({ iss: 'https://auth.staging.example.com' })) },
  { id: 'iss-unknown', reason: 'issuer_mismatch', facts: { actual: 'https://auth.staging.example.com' }, run: many(jwt({ iss: 'https://auth.staging.example.com' })) },
  { id: 'no-iss', reason: 'claim_missing', run: plain(rs256(without('iss'))) },
  { id: 'scope', reason: 'insufficient_scope', facts: { expected: 'orders.write', actual: 'orders.read' }, run: plain(jwt({ scope: 'orders.read' }), { scope: 'orders.write' }) },
  { id: 'no-scope', reason: 'claim_missing', run: plain(jwt(), { scope: 'orders.write' }) },
  { id: 'use', reason: 'claim_mismatch', facts: { expected: 'access', actual: 'id' }, run: cognito({ token_use: 'id' }) },
  { id: 'no-use', reason: 'claim_missing', run: cognito({ token_use: undefined }) },
  { id: 'client', reason: 'claim_mismatch', facts: { expected: 'client-prod', actual: 'client-staging' }, run: cognito({ client_id: 'client-staging' }) },
  { id: 'client-id-token', reason: 'audience_mismatch', facts: { expected: 'client-prod', actual: 'client-staging' }, run: cognito({ token_use: 'id', aud: 'client-staging' }, { tokenUse: 'id' }) },
  { id: 'group', reason: 'insufficient_scope', facts: { expected: 'admins', actual: 'users' }, run: cognito({ 'cognito:groups': ['users'] }, { groups: 'admins' }) },
  { id: 'no-group', reason: 'claim_missing', run: cognito({}, { groups: 'admins' }) },
  { id: 'signature', reason: 'signature_invalid', bareIsGeneric: true, run: plain(jwt({}, {}, keys.otherRsa.privateKey)) },
  { id: 'alg', reason: 'algorithm_mismatch', facts: { alg: 'RS512' }, run: plain(rs256(LATER, { alg: 'RS512' })) },
  { id: 'alg-hs', reason: 'algorithm_mismatch', facts: { alg: 'HS256' }, run: plain(sign(LATER, { alg: 'HS256', kid: 'key-2' })) },
  { id: 'alg-none', reason: 'algorithm_none', run: plain(raw({ alg: 'none', kid: 'key-2' }, LATER)) },
  { id: 'empty', reason: 'header_missing', run: plain('') },
  { id: 'parts', reason: 'token_malformed', run: plain('nonsense') },
  { id: 'header', reason: 'token_malformed', run: plain(raw('nonsense', LATER)) },
  { id: 'payload', reason: 'token_malformed', run: plain(raw(head, 'nonsense')) },
  { id: 'payload-list', reason: 'token_malformed', run: plain(raw(head, '[1]')) },
  { id: 'not-text', reason: 'token_malformed', run: plain(7) },
  { id: 'alg-type', reason: 'token_malformed', run: plain(raw({ ...head, alg: 7 }, LATER)) },
  { id: 'exp-type', reason: 'claim_invalid', facts: { claim: 'exp' }, run: plain(raw(head, { ...LATER, exp: 'soon' })) },
  { id: 'aud-type', reason: 'claim_invalid', facts: { claim: 'aud' }, run: plain(raw(head, { ...LATER, aud: 7 })) },
  { id: 'kid', reason: 'key_not_found', facts: { kid: 'key-9' }, run: plain(jwt({}, { kid: 'key-9' })) },
  { id: 'no-kid', reason: 'key_not_found', run: plain(jwt({}, { kid: undefined })) },
  { id: 'no-set', reason: 'jwks_unavailable', facts: { url: 'https://auth.example.com/jwks.json' }, run: plain(jwt(), {}, null) },
  { id: 'key-kty', reason: 'key_invalid', run: plain(jwt(), {}, { keys: [{ kty: 'oct', kid: 'key-2', k: 'x', alg: 'RS256', use: 'sig' }] }) },
  { id: 'key-use', reason: 'key_invalid', run: plain(jwt(), {}, { keys: [{ ...jwks.keys[0], use: 'enc' }] }) },
];

const certificate = () => execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost', '-keyout', '-'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** A key set fetched over TLS: refused, with a bad status, with a bad body, and without the key. */
async function fetched(lib, kind) {
  const pem = certificate();
  const server = https.createServer({ key: pem, cert: pem }, (request, response) => {
    response.statusCode = kind === 'status' ? 503 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(kind === 'html' ? '<html></html>' : JSON.stringify(jwks));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  if (kind === 'refused') await new Promise((closed) => server.close(closed));
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = kind === 'certificate' ? '1' : '0';
  const verifier = lib.JwtRsaVerifier.create({ issuer: ISSUER, audience: null, jwksUri: `https://127.0.0.1:${port}/jwks.json` });
  const error = await verifier.verify(jwt({}, { kid: 'key-9' })).catch((problem) => problem);
  const again = kind === 'backoff' ? await verifier.verify(jwt({}, { kid: 'key-8' })).catch((problem) => problem) : error;
  if (kind !== 'refused') { server.closeAllConnections(); server.close(); }
  return { error: again, port };
}

async function* entries() {
  process.removeAllListeners('warning');
  for (const entry of cases) {
    for (const version of entry.versions || VERSIONS) {
      const lib = require(`aws-jwt-verify-${version}`);
      let made = { accepted: true };
      try { entry.run(lib); } catch (error) { made = { error }; }
      yield { ...entry, ...made, version, newest: version === NEWEST };
    }
  }
  for (const kind of ['refused', 'status', 'html', 'certificate', 'backoff']) {
    for (const version of VERSIONS) {
      const made = await fetched(require(`aws-jwt-verify-${version}`), kind);
      yield { reason: 'jwks_unavailable', ...made, version, newest: version === NEWEST, facts: kind === 'status' ? { status: '503' } : {} };
    }
  }
}

module.exports = { entries };
