'use strict';
// express-oauth2-jwt-bearer: the errors its middleware hands on and the WWW-Authenticate header they carry.
// Signature, expiry and key look-up are jose's.
const { NOW, SECRET, OTHER_SECRET, ISSUER, LATER, keys, jwk, rs256, sign } = require('./tokens');
const { start } = require('./keyserver');
const { express, bearer } = require('./web');

const VERSIONS = ['1.1.0', '1.6.1', '1.7.4'];
const NEWEST = '1.7.4';
const secret = { issuer: ISSUER, audience: 'web-prod', secret: SECRET, tokenSigningAlg: 'HS256' };
const at = (more, header) => bearer(sign({ ...LATER, client_id: 'a', jti: 'b', ...more }, { alg: 'HS256', typ: 'at+jwt', ...header }));
const strict = { ...secret, strict: true };

const cases = [
  { id: 'no-header', reason: 'unspecified', headers: {}, bareIsGeneric: true },
  { id: 'aud', reason: 'audience_mismatch', headers: at({ aud: 'web-staging' }) },
  { id: 'iss', reason: 'issuer_mismatch', headers: at({ iss: 'https://auth.staging.example.com' }) },
  { id: 'alg', reason: 'algorithm_mismatch', headers: at({}, { alg: 'HS512' }) },
  { id: 'typ', reason: 'header_unsupported', options: strict, headers: at({}, { typ: 'JWT' }) },
  { id: 'exp', reason: 'claim_invalid', headers: at({ exp: undefined }) },
  { id: 'iat', reason: 'claim_invalid', options: { ...secret, maxTokenAge: 60 }, headers: at({ iat: NOW - 7200 }) },
  { id: 'sub', reason: 'subject_mismatch', options: { ...secret, validators: { sub: 'user-18' } }, headers: at({}) },
  { id: 'jti', reason: 'claim_mismatch', facts: { claim: 'jti' }, options: { ...secret, validators: { jti: 'c' } }, headers: at({}) },
  { id: 'custom', reason: 'claim_mismatch', facts: { claim: 'tenant' }, options: { ...secret, validators: { tenant: 'acme' } }, headers: at({ tenant: 'other' }) },
  { id: 'claim-equals', reason: 'claim_mismatch', facts: { claim: 'isAdmin' }, headers: at({ isAdmin: false }), check: (lib) => lib.claimEquals('isAdmin', true) },
  { id: 'claim-missing', reason: 'claim_missing', facts: { claim: 'isAdmin' }, headers: at({}), check: (lib) => lib.claimEquals('isAdmin', true) },
  { id: 'scope', reason: 'insufficient_scope', headers: at({ scope: 'orders.read' }), check: (lib) => lib.requiredScopes('orders.write') },
  { id: 'scope-missing', reason: 'claim_missing', facts: { claim: 'scope' }, headers: at({}), check: (lib) => lib.requiredScopes('orders.write') },
  { id: 'twice', reason: 'header_malformed', headers: at({}), path: '?access_token=abc' },
  { id: 'discovery', reason: 'jwks_unavailable', options: { issuerBaseURL: 'http://127.0.0.1:1/', audience: 'web-prod' }, headers: bearer(rs256(LATER)) },
  { id: 'metadata', reason: 'jwks_unavailable', kind: 'status', base: '/.well-known/openid-configuration', headers: bearer(rs256(LATER)) },
  { id: 'metadata-body', reason: 'jwks_unavailable', kind: 'html', base: '/.well-known/openid-configuration', headers: bearer(rs256(LATER)) },
  { id: 'metadata-issuer', reason: 'jwks_unavailable', kind: 'noKeys', base: '/.well-known/openid-configuration', headers: bearer(rs256(LATER)) },
  { id: 'key-set', library: 'jose', reason: 'jwks_unavailable', kind: 'status', headers: bearer(rs256(LATER)) },
  { id: 'no-key', library: 'jose', reason: 'key_not_found', kind: 'other', headers: bearer(rs256(LATER)) },
  { id: 'expired', library: 'jose', reason: 'token_expired', headers: at({ exp: NOW - 600 }) },
  { id: 'signature', library: 'jose', reason: 'signature_invalid', headers: bearer(sign(LATER, undefined, OTHER_SECRET)), bareIsGeneric: true },
  { id: 'malformed', library: 'jose', reason: 'token_malformed', headers: bearer('nonsense') },
];

async function refuse(version, entry) {
  const lib = require(`express-oauth2-jwt-bearer-${version}`);
  const body = JSON.stringify({ keys: [jwk(keys.rsa.publicKey, { kid: 'key-1', use: 'sig', alg: 'RS256' })] });
  const server = entry.kind && await start(entry.kind, body);
  const base = server && `http://127.0.0.1:${server.port}`;
  const found = entry.base ? { issuerBaseURL: base + entry.base } : { issuer: ISSUER, jwksUri: `${base}/jwks.json` };
  const options = entry.options || (server ? { audience: 'web-prod', ...found } : secret);
  const middleware = [lib.auth(options), ...(entry.check ? [entry.check(lib)] : [])];
  const answer = await express(middleware, entry.headers, { path: `/orders${entry.path || ''}` });
  if (server) server.stop();
  const { error, body: told } = answer;
  const challenge = error.headers && error.headers['WWW-Authenticate'];
  return { error, told, challenge, port: server && server.port };
}

async function* entries() {
  for (const entry of cases) {
    for (const version of VERSIONS) {
      const made = await refuse(version, entry);
      const newest = version === NEWEST;
      yield { ...entry, ...made, version, newest, fields: true };
      if (newest) yield { ...entry, port: made.port, version, texts: [made.told, made.challenge && `${made.error.status} WWW-Authenticate: ${made.challenge}`].filter(Boolean) };
    }
  }
}

module.exports = { entries };
