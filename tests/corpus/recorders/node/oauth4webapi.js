'use strict';
// oauth4webapi (openid-client 6 and Auth.js stand on it): an access token at a resource server, an ID token at a client.
const { NOW, ISSUER, LATER, keys, jwk, part, rs256 } = require('./tokens');
const { start } = require('./keyserver');

const VERSIONS = ['2.17.0', '3.8.2'];
const NEWEST = '3.8.2';
const CLIENT = 'client-prod';
const access = (more, header, key) => rs256({ ...LATER, jti: 'j', client_id: CLIENT, ...more }, { typ: 'at+jwt', ...header }, key);
const id = (more, header) => rs256({ ...LATER, aud: CLIENT, nonce: 'n-1', ...more }, header);

const cases = [
  { id: 'expired', reason: 'token_expired', jwt: access({ exp: NOW - 600 }) },
  { id: 'nbf', reason: 'token_not_yet_valid', jwt: access({ nbf: NOW + 90 }) },
  { id: 'aud', reason: 'audience_mismatch', jwt: access({ aud: 'web-staging' }) },
  { id: 'iss', reason: 'issuer_mismatch', jwt: access({ iss: 'https://auth.staging.example.com' }) },
  { id: 'typ', reason: 'header_unsupported', jwt: access({}, { typ: 'JWT' }) },
  { id: 'crit', reason: 'header_unsupported', jwt: access({}, { crit: ['exp2'], exp2: 1 }) },
  { id: 'alg', reason: 'algorithm_mismatch', facts: { alg: 'XS256' }, jwt: access({}, { alg: 'XS256' }) },
  ...['jti', 'client_id', 'sub', 'iss', 'aud', 'exp'].map((claim) => ({ id: `no-${claim}`, reason: 'claim_missing', facts: { claim }, jwt: access({ [claim]: undefined }) })),
  { id: 'exp-type', reason: 'claim_invalid', facts: { claim: 'exp' }, jwt: access({ exp: 'soon' }) },
  { id: 'aud-type', reason: 'claim_invalid', facts: { claim: 'aud' }, jwt: access({ aud: 7 }) },
  { id: 'jti-type', reason: 'claim_invalid', facts: { claim: 'jti' }, jwt: access({ jti: 7 }) },
  { id: 'signature', reason: 'signature_invalid', jwt: access({}, {}, keys.otherRsa.privateKey) },
  { id: 'kid', reason: 'key_not_found', jwt: access({}, { kid: 'key-9' }) },
  { id: 'malformed', reason: 'token_malformed', bareIsGeneric: true, jwt: 'nonsense' },
  { id: 'header', reason: 'token_malformed', jwt: `${part('nonsense')}.${part(LATER)}.x` },
  { id: 'payload', reason: 'token_malformed', jwt: `${part({ alg: 'RS256', kid: 'key-2', typ: 'at+jwt' })}.${part('nonsense')}.x` },
  { id: 'header-list', reason: 'token_malformed', jwt: `${part('[1]')}.${part(LATER)}.x` },
  { id: 'five', reason: 'decryption_failed', jwt: 'a.b.c.d.e' },
  { id: 'no-header', reason: 'header_missing', headers: {} },
  { id: 'scheme', reason: 'header_malformed', headers: { authorization: 'Basic dXNlcjpwYXNz' } },
  { id: 'form', reason: 'header_malformed', headers: { authorization: 'Bearer' } },
  { id: 'set-status', reason: 'jwks_unavailable', kind: 'status', jwt: access({}) },
  { id: 'set-form', reason: 'jwks_unavailable', kind: 'malformed', jwt: access({}) },
  { id: 'id-nonce', reason: 'claim_mismatch', client: id({}), nonce: 'n-2' },
  { id: 'id-azp', reason: 'claim_mismatch', client: id({ azp: 'client-staging', aud: [CLIENT, 'b'] }) },
  { id: 'id-max-age', reason: 'token_too_old', client: id({ auth_time: NOW - 7200 }), maxAge: 60 },
  { id: 'id-expired', reason: 'token_expired', client: id({ exp: NOW - 600 }) },
];

async function asClient(lib, as, entry) {
  const client = { client_id: CLIENT, token_endpoint_auth_method: 'none' };
  const body = JSON.stringify({ access_token: 'a', token_type: 'bearer', id_token: entry.client });
  const response = new Response(body, { headers: { 'content-type': 'application/json' } });
  const nonce = entry.nonce || 'n-1';
  if (!lib.processAuthorizationCodeOpenIDResponse) {
    return lib.processAuthorizationCodeResponse(as, client, response, { expectedNonce: nonce, maxAge: entry.maxAge, requireIdToken: true });
  }
  const result = await lib.processAuthorizationCodeOpenIDResponse(as, client, response, nonce, entry.maxAge);
  if (lib.isOAuth2Error(result)) throw new Error(result.error);
  return result;
}

async function refuse(lib, entry) {
  const body = JSON.stringify({ keys: [jwk(keys.rsa.publicKey, { kid: 'key-2', use: 'sig', alg: 'RS256' })] });
  const server = await start(entry.kind, body);
  const as = { issuer: ISSUER, jwks_uri: server.url };
  const headers = entry.headers || { authorization: `Bearer ${entry.jwt}` };
  const options = { [lib.allowInsecureRequests]: true };
  try {
    if (entry.client) await asClient(lib, as, entry);
    else await lib.validateJwtAccessToken(as, new Request('https://api.example.com/orders', { headers }), 'web-prod', options);
  } catch (error) {
    return { error, port: server.port };
  } finally {
    server.stop();
  }
  return { accepted: true };
}

async function* entries() {
  for (const entry of cases) {
    for (const version of entry.versions || [...VERSIONS, NEWEST]) {
      yield { ...entry, ...await refuse(await import(`oauth4webapi-${version}`), entry), version, newest: version === NEWEST };
    }
  }
}

module.exports = { entries };
