'use strict';
// One entry per check of fast-jwt's verifier.
const { NOW, SECRET, OTHER_SECRET, ISSUER, LATER, keys, pem, part, sign, rs256, unsigned } = require('./tokens');

const VERSIONS = ['1.7.2', '3.3.3', '5.0.6', '6.2.4'];
const NEWEST = '6.2.4';
const ISO = (seconds) => new Date(seconds * 1000).toISOString();
const check = (token, options, key = SECRET) => (lib) => lib.createVerifier({ key, ...options })(token);
const hs = (more, options) => check(sign({ ...LATER, ...more }), options);
const fetching = (error) => (lib) => lib.createVerifier({ key: async () => { throw error; } })(rs256(LATER));

const cases = [
  { id: 'expired', reason: 'token_expired', facts: { expired_at: ISO(NOW - 600) }, run: hs({ exp: NOW - 600 }) },
  { id: 'nbf', reason: 'token_not_yet_valid', facts: { not_before: ISO(NOW + 90) }, run: hs({ nbf: NOW + 90 }) },
  { id: 'aud', reason: 'audience_mismatch', run: hs({ aud: 'web-staging' }, { allowedAud: 'web-prod' }) },
  { id: 'aud-list', reason: 'audience_mismatch', run: hs({ aud: ['web-staging'] }, { allowedAud: ['web-prod'] }) },
  { id: 'iss', reason: 'issuer_mismatch', run: hs({ iss: 'https://auth.staging.example.com' }, { allowedIss: ISSUER }) },
  { id: 'sub', reason: 'subject_mismatch', run: hs({}, { allowedSub: 'user-18' }) },
  { id: 'jti', reason: 'claim_mismatch', facts: { claim: 'jti' }, run: hs({ jti: 'a' }, { allowedJti: 'b' }) },
  { id: 'nonce', reason: 'claim_mismatch', facts: { claim: 'nonce' }, run: hs({ nonce: 'a' }, { allowedNonce: 'b' }) },
  { id: 'exp-type', reason: 'claim_invalid', facts: { claim: 'exp' }, run: hs({ exp: 'soon' }) },
  { id: 'aud-type', reason: 'claim_invalid', facts: { claim: 'aud' }, run: hs({ aud: 7 }, { allowedAud: 'web-prod' }) },
  { id: 'required', reason: 'claim_missing', versions: ['5.0.6', '6.2.4'], facts: { claim: 'tenant' }, run: hs({}, { requiredClaims: ['tenant'] }) },
  { id: 'signature', reason: 'signature_invalid', run: check(sign(LATER, undefined, OTHER_SECRET)) },
  { id: 'unsigned', reason: 'algorithm_none', run: check(unsigned(LATER)) },
  { id: 'alg', reason: 'algorithm_mismatch', run: check(sign(LATER, { alg: 'HS512' }), { algorithms: ['HS256'] }) },
  { id: 'rsa-token', reason: 'algorithm_mismatch', run: check(rs256(LATER)) },
  { id: 'typ', reason: 'header_unsupported', versions: ['5.0.6', '6.2.4'], run: hs({}, { checkTyp: 'at+jwt' }) },
  { id: 'crit', reason: 'header_unsupported', versions: ['6.2.4'], run: check(sign(LATER, { alg: 'HS256', crit: ['exp2'], exp2: 1 })) },
  { id: 'crit-form', reason: 'header_unsupported', versions: ['6.2.4'], run: check(sign(LATER, { alg: 'HS256', crit: [] })) },
  { id: 'malformed', reason: 'token_malformed', run: check('nonsense') },
  { id: 'header', reason: 'token_malformed', run: check(`${part('nonsense')}.${part(LATER)}.${part('x')}`) },
  { id: 'payload', reason: 'token_malformed', run: check(sign('nonsense')) },
  { id: 'payload-list', reason: 'token_malformed', stackOnly: true, run: check(sign('7')) },
  { id: 'not-text', reason: 'token_malformed', run: check(undefined) },
  { id: 'no-key', reason: 'key_missing', versions: ['3.3.3', '5.0.6', '6.2.4'], run: check(sign(LATER), { algorithms: ['HS256'] }, '') },
  { id: 'key-option', reason: 'key_invalid', run: check(sign(LATER), {}, 7) },
  { id: 'key-private', reason: 'key_invalid', run: check(rs256(LATER), {}, pem(keys.rsa.privateKey)) },
  { id: 'key-algorithm', reason: 'key_invalid', run: check(rs256(LATER), { algorithms: ['HS256'] }, pem(keys.rsa.publicKey)) },
  { id: 'key-pem', reason: 'key_invalid', run: check(rs256(LATER), {}, '-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----') },
  { id: 'key-callback', reason: 'key_invalid', run: (lib) => lib.createVerifier({ key: async () => 7 })(rs256(LATER)) },
  { id: 'fetching', reason: 'jwks_unavailable', run: fetching(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:8443'), { code: 'ECONNREFUSED' })) },
];
// Checks whose code alone says what was wrong.
const CODED = ['expired', 'nbf', 'signature', 'malformed', 'no-key', 'alg', 'required', 'key-private', 'fetching'];

async function provoke(entry, lib) {
  try {
    await entry.run(lib);
  } catch (error) {
    return { error };
  }
  return { accepted: true };
}

async function* entries() {
  for (const entry of cases) {
    for (const version of entry.versions || VERSIONS) {
      const made = await provoke(entry, require(`fast-jwt-${version}`));
      yield { ...entry, ...made, version, newest: version === NEWEST, code: CODED.includes(entry.id) };
    }
  }
}

module.exports = { entries };
