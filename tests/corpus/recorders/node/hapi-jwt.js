'use strict';
// @hapi/jwt: its token functions, and a hapi server whose routes ask for a token.
const Hapi = require('@hapi/hapi');
const { NOW, SECRET, OTHER_SECRET, ISSUER, LATER, sign } = require('./tokens');
const { bearer } = require('./web');

const VERSIONS = ['2.2.0', '3.2.0'];
const NEWEST = '3.2.0';
const hs = (more, header, secret) => sign({ ...LATER, ...more }, header, secret);
const without = (claim) => sign({ ...LATER, [claim]: undefined });

const cases = [
  { id: 'expired', reason: 'token_expired', jwt: hs({ exp: NOW - 600 }), common: true },
  { id: 'nbf', reason: 'token_not_yet_valid', jwt: hs({ nbf: NOW + 90 }), common: true },
  { id: 'max-age', reason: 'token_too_old', jwt: hs({ iat: NOW - 7200 }), check: { maxAgeSec: 60 } },
  { id: 'aud', reason: 'audience_mismatch', jwt: hs({ aud: 'web-staging' }) },
  { id: 'no-aud', reason: 'claim_missing', facts: { claim: 'aud' }, jwt: without('aud') },
  { id: 'iss', reason: 'issuer_mismatch', jwt: hs({ iss: 'https://auth.staging.example.com' }) },
  { id: 'no-iss', reason: 'claim_missing', facts: { claim: 'iss' }, jwt: without('iss') },
  { id: 'sub', reason: 'subject_mismatch', jwt: hs({}), check: { sub: 'user-18' } },
  { id: 'exp-type', reason: 'claim_invalid', facts: { claim: 'exp' }, jwt: hs({ exp: 'soon' }) },
  { id: 'nbf-type', reason: 'claim_invalid', facts: { claim: 'nbf' }, jwt: hs({ nbf: 'now' }) },
  { id: 'no-iat', reason: 'claim_missing', also: ['claim_invalid'], facts: { claim: 'iat' }, jwt: without('iat'), check: { maxAgeSec: 60 } },
  { id: 'signature', reason: 'signature_invalid', jwt: hs({}, undefined, OTHER_SECRET), common: true },
  { id: 'structure', reason: 'token_malformed', jwt: 'nonsense', common: true },
  { id: 'part', reason: 'token_malformed', jwt: 'a.b*.c' },
  { id: 'payload', reason: 'token_malformed', jwt: sign('nonsense') },
  { id: 'alg', reason: 'algorithm_mismatch', jwt: sign(LATER, { typ: 'JWT' }) },
];

/** The error the plugin keeps, thrown again by the functions it uses. */
function fail(lib, entry) {
  const options = { aud: 'web-prod', iss: ISSUER, sub: false, ...entry.check };
  try {
    const artifacts = lib.token.decode(entry.jwt);
    lib.token.verifySignature(artifacts, { key: SECRET, algorithm: 'HS256' });
    lib.token.verifyPayload(artifacts, options);
  } catch (error) {
    return { error };
  }
  return { accepted: true };
}

async function answer(lib, headers) {
  const server = Hapi.server();
  await server.register(lib.plugin || lib);
  server.auth.strategy('jwt', 'jwt', { keys: SECRET, verify: { aud: 'web-prod', iss: ISSUER, sub: false }, validate: () => ({ isValid: true }) });
  server.route({ method: 'GET', path: '/orders', options: { auth: 'jwt', handler: () => [] } });
  await server.initialize();
  const { payload, statusCode, headers: given } = await server.inject({ url: '/orders', headers });
  await server.stop();
  return [payload, given['www-authenticate'] && `${statusCode} WWW-Authenticate: ${given['www-authenticate']}`].filter(Boolean);
}

async function* entries() {
  for (const entry of cases) {
    for (const version of VERSIONS) {
      const lib = require(`hapi-jwt-${version}`);
      const made = fail(lib, entry);
      for (let i = 0; i < 2; i++) yield { ...entry, ...made, version, newest: version === NEWEST, stackOnly: entry.common };
      if (version === NEWEST && !entry.check) yield { ...entry, version, texts: await answer(lib, bearer(entry.jwt)) };
    }
  }
  const lib = require(`hapi-jwt-${NEWEST}`);
  yield { reason: 'header_missing', version: NEWEST, texts: (await answer(lib, {})).slice(0, 1) };
  yield { reason: 'header_malformed', version: NEWEST, texts: await answer(lib, { authorization: 'Bearer' }) };
}

module.exports = { entries };
