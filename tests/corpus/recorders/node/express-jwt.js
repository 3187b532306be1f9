'use strict';
// One entry per check of express-jwt; of those it leaves to jsonwebtoken, a few.
const { NOW, SECRET, OTHER_SECRET, LATER, sign } = require('./tokens');
const { express, bearer } = require('./web');

const VERSIONS = ['5.3.3', '6.1.2', '7.7.8', '8.5.1'];
const NEWEST = '8.5.1';

const cases = [
  { id: 'no-header', reason: 'header_missing', headers: {} },
  { id: 'no-token', reason: 'header_missing', headers: {}, options: { getToken: () => null } },
  { id: 'scheme', reason: 'header_malformed', headers: { authorization: 'Basic dXNlcjpwYXNz' } },
  { id: 'form', reason: 'header_malformed', headers: { authorization: 'Bearer one two' } },
  { id: 'revoked', reason: 'token_revoked', headers: bearer(sign(LATER)), revoked: true, bareIsGeneric: true },
  { id: 'expired', library: 'jsonwebtoken', reason: 'token_expired', headers: bearer(sign({ ...LATER, exp: NOW - 600 })) },
  { id: 'signature', library: 'jsonwebtoken', reason: 'signature_invalid', headers: bearer(sign(LATER, undefined, OTHER_SECRET)) },
  { id: 'malformed', library: 'jsonwebtoken', reason: 'token_malformed', headers: bearer('nonsense') },
  { id: 'audience', library: 'jsonwebtoken', reason: 'audience_mismatch', headers: bearer(sign(LATER)), options: { audience: 'web-edge' }, facts: { expected: 'web-edge' } },
];

function middleware(version, entry) {
  const lib = require(`express-jwt-${version}`);
  const make = lib.expressjwt || lib;
  const isRevoked = parseInt(version, 10) < 7 ? (req, payload, done) => done(null, true) : async () => true;
  return make({ secret: SECRET, algorithms: ['HS256'], ...(entry.revoked && { isRevoked }), ...entry.options });
}

/** Without a secret the application does not start. */
function unconfigured(version) {
  const lib = require(`express-jwt-${version}`);
  try {
    return (lib.expressjwt || lib)({ algorithms: ['HS256'] });
  } catch (error) {
    return error;
  }
}

async function* entries() {
  for (const version of ['5.3.3', '7.7.8', '8.5.1', '8.5.1', '8.5.1', '8.5.1']) {
    const old = version === '5.3.3';
    yield { reason: 'key_missing', version, newest: !old, stackOnly: old, error: unconfigured(version) };
  }
  for (const entry of cases) {
    for (const version of VERSIONS) {
      const answer = await express(middleware(version, entry), entry.headers);
      const newest = version === NEWEST;
      yield { ...entry, version, newest, fields: true, error: answer.error, accepted: !answer.error };
      if (newest) yield { ...entry, version, texts: [answer.body] };
      if (version === '7.7.8') yield { ...entry, version, texts: [(await express(middleware(version, entry), entry.headers, { page: true })).body] };
    }
  }
}

module.exports = { entries };
