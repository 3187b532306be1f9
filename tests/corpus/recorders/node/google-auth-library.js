'use strict';
// google-auth-library: every check of verifyIdToken, with certificates of the recorder's own.
const { NOW, ISSUER, LATER, keys, pem, part, rs256 } = require('./tokens');

const VERSIONS = ['6.1.6', '9.15.1'];
const NEWEST = '9.15.1';
const certs = { 'key-2': pem(keys.rsa.publicKey) };
const jwt = (more, header, key) => rs256({ ...LATER, ...more }, header, key);

const cases = [
  { id: 'late', reason: 'token_expired', facts: { now: String(NOW) }, jwt: jwt({ exp: NOW - 600, iat: NOW - 4200 }) },
  { id: 'early', reason: 'issued_in_future', facts: { now: String(NOW) }, jwt: jwt({ iat: NOW + 900 }) },
  { id: 'far', reason: 'claim_invalid', jwt: jwt({ exp: NOW + 900000 }) },
  { id: 'audience', reason: 'audience_mismatch', jwt: jwt({ aud: 'web-staging' }) },
  { id: 'issuer', reason: 'issuer_mismatch', facts: { expected: [ISSUER, 'https://other.example.com'], actual: 'https://auth.staging.example.com' }, jwt: jwt({ iss: 'https://auth.staging.example.com' }) },
  { id: 'no-iat', reason: 'claim_missing', jwt: jwt({ iat: undefined }) },
  { id: 'no-exp', reason: 'claim_missing', jwt: jwt({ exp: undefined }) },
  { id: 'iat-type', reason: 'claim_invalid', facts: { claim: 'iat' }, jwt: jwt({ iat: 'now' }) },
  { id: 'exp-type', reason: 'claim_invalid', facts: { claim: 'exp' }, jwt: jwt({ exp: 'soon' }) },
  { id: 'signature', reason: 'signature_invalid', jwt: jwt({}, {}, keys.otherRsa.privateKey) },
  { id: 'kid', reason: 'key_not_found', facts: { kid: 'key-9' }, jwt: jwt({}, { kid: 'key-9' }) },
  { id: 'segments', reason: 'token_malformed', jwt: 'nonsense' },
  { id: 'header', reason: 'token_malformed', jwt: `${part('nonsense')}.${part(LATER)}.x` },
  { id: 'payload', reason: 'token_malformed', jwt: `${part({ alg: 'RS256', kid: 'key-2' })}.${part('nonsense')}.x` },
  { id: 'absent', reason: 'header_missing', absent: true },
];

async function refuse({ OAuth2Client }, entry) {
  const client = new OAuth2Client('web-prod');
  try {
    if (entry.absent) await client.verifyIdToken({ idToken: '', audience: 'web-prod' });
    else await client.verifySignedJwtWithCertsAsync(entry.jwt, certs, 'web-prod', [ISSUER, 'https://other.example.com']);
  } catch (error) {
    return { error };
  }
  return { accepted: true };
}

async function* entries() {
  for (const entry of cases) {
    for (const version of [...VERSIONS, NEWEST]) {
      yield { ...entry, ...await refuse(require(`google-auth-library-${version}`), entry), version, newest: version === NEWEST };
    }
  }
}

module.exports = { entries };
