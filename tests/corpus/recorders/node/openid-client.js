'use strict';
// openid-client 4 and 5: every check of an ID token, and the look-up of its key.
const { NOW, SECRET, OTHER_SECRET, ISSUER, LATER, keys, jwk, part, sign, rs256, unsigned } = require('./tokens');
const { start } = require('./keyserver');

const VERSIONS = ['4.9.1', '5.7.1'];
const NEWEST = '5.7.1';
const CLIENT = 'client-prod';
const base = { ...LATER, aud: CLIENT, nonce: 'n-1' };
const key = { id_token_signed_response_alg: 'HS256' };
const token = (more, header, secret = SECRET) => sign({ ...base, ...more }, { alg: 'HS256', typ: 'JWT', ...header }, secret);

const cases = [
  { id: 'expired', reason: 'token_expired', facts: { now: String(NOW), expired_at: String(NOW - 600) }, jwt: token({ exp: NOW - 600 }) },
  { id: 'nbf', reason: 'token_not_yet_valid', facts: { now: String(NOW), not_before: String(NOW + 90) }, jwt: token({ nbf: NOW + 90 }) },
  { id: 'max-age', reason: 'token_too_old', jwt: token({ auth_time: NOW - 7200 }), maxAge: 60 },
  { id: 'nonce', reason: 'claim_mismatch', facts: { expected: 'n-2', actual: 'n-1' }, jwt: token({}), nonce: 'n-2' },
  { id: 'aud', reason: 'audience_mismatch', facts: { expected: CLIENT, actual: 'client-staging' }, jwt: token({ aud: 'client-staging' }) },
  { id: 'aud-list', reason: 'audience_mismatch', facts: { expected: CLIENT }, jwt: token({ aud: ['a', 'b'], azp: CLIENT }) },
  { id: 'iss', reason: 'issuer_mismatch', facts: { expected: ISSUER, actual: 'https://auth.staging.example.com' }, jwt: token({ iss: 'https://auth.staging.example.com' }) },
  { id: 'azp', reason: 'claim_mismatch', facts: { actual: 'client-staging' }, jwt: token({ azp: 'client-staging' }) },
  { id: 'azp-missing', reason: 'claim_missing', facts: { claim: 'azp' }, jwt: token({ aud: [CLIENT, 'b'] }) },
  ...['iss', 'sub', 'aud', 'exp', 'iat'].map((claim) => ({ id: `no-${claim}`, reason: 'claim_missing', facts: { claim }, jwt: token({ [claim]: undefined }) })),
  { id: 'no-auth-time', reason: 'claim_missing', facts: { claim: 'auth_time' }, jwt: token({}), maxAge: 60 },
  { id: 'exp-type', reason: 'claim_invalid', facts: { claim: 'exp' }, jwt: token({ exp: 'soon' }) },
  { id: 'nbf-type', reason: 'claim_invalid', facts: { claim: 'nbf' }, jwt: token({ nbf: 'now' }) },
  { id: 'at-hash', reason: 'claim_mismatch', jwt: token({ at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }), access: 'abc' },
  { id: 'signature', reason: 'signature_invalid', jwt: token({}, {}, OTHER_SECRET) },
  { id: 'alg', reason: 'algorithm_mismatch', facts: { alg: 'HS512' }, jwt: token({}, { alg: 'HS512' }) },
  { id: 'alg-none', reason: 'algorithm_none', jwt: unsigned(base) },
  { id: 'malformed', reason: 'token_malformed', jwt: 'nonsense' },
  { id: 'header', reason: 'token_malformed', jwt: `${part('nonsense')}.${part(base)}.x` },
  { id: 'no-key', reason: 'key_not_found', facts: { kid: 'key-2' }, kind: 'other', jwt: rs256(base) },
  { id: 'many-keys', reason: 'key_not_found', kind: 'two', jwt: rs256(base, { kid: undefined }) },
  { id: 'set-status', reason: 'jwks_unavailable', kind: 'status', stackOnly: true, jwt: rs256(base) },
  { id: 'set-slow', versions: ['5.7.1'], reason: 'jwks_unavailable', kind: 'slow', stackOnly: true, jwt: rs256(base) },
];

async function refuse(lib, entry) {
  const kids = entry.kind === 'two' ? ['key-0', 'key-1'] : ['key-1'];
  const body = JSON.stringify({ keys: kids.map((kid) => jwk(keys.rsa.publicKey, { kid, use: 'sig', alg: 'RS256' })) });
  const server = entry.kind && await start(entry.kind, body);
  const issuer = new lib.Issuer({ issuer: ISSUER, ...(server && { jwks_uri: server.url }) });
  lib.custom.setHttpOptionsDefaults({ timeout: 300, retry: 0 });
  const client = new issuer.Client({ client_id: CLIENT, client_secret: SECRET, ...(server ? {} : key) });
  try {
    await client.validateIdToken(new lib.TokenSet({ id_token: entry.jwt, access_token: entry.access }), entry.nonce || 'n-1', 'token', entry.maxAge);
  } catch (error) {
    return { error, port: server && server.port };
  } finally {
    if (server) server.stop();
  }
  return { accepted: true };
}

async function* entries() {
  for (const entry of cases) {
    for (const version of entry.versions || VERSIONS) {
      for (let i = 0; i < (version === NEWEST ? 3 : 1); i++) {
        const made = await refuse(require(`openid-client-${version}`), entry);
        yield { ...entry, ...made, version, newest: version === NEWEST };
      }
    }
  }
}

module.exports = { entries };
