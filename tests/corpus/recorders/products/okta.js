// Prints one JSON line per check of @okta/jwt-verifier. Usage: node okta.js FOLDER VERSION.
'use strict';
const crypto = require('crypto');
const path = require('path');
const [folder, version] = process.argv.slice(2);
const OktaJwtVerifier = require(path.join(path.resolve(folder), 'node_modules', '@okta', 'jwt-verifier'));

const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = publicKey.export({ type: 'spki', format: 'pem' });
const ISSUER = 'https://idp.example.com/oauth2/default';
const b64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = Math.floor(Date.now() / 1000);

function token(claims, header, key) {
  const body = `${b64({ alg: 'RS256', kid: 'key-1', ...header })}.${b64({ iss: ISSUER, aud: 'api://orders', cid: 'app', exp: now + 600, iat: now, ...claims })}`;
  return `${body}.${crypto.sign('sha256', Buffer.from(body), key || privateKey).toString('base64url')}`;
}

function verifier(assertClaims) {
  const one = new OktaJwtVerifier({ issuer: ISSUER, clientId: 'app', assertClaims });
  one.jwksClient.getSigningKey = (kid, done) => {
    if (kid === 'key-1') return done ? done(null, { publicKey: PEM, getPublicKey: () => PEM }) : Promise.resolve({ publicKey: PEM, getPublicKey: () => PEM });
    const gone = Object.assign(new Error(`Unable to find a signing key that matches '${kid}'`), { name: 'SigningKeyNotFoundError' });
    return done ? done(gone) : Promise.reject(gone);
  };
  return one;
}

const access = (claims, header, key, aud = 'api://orders', assertClaims) => () => verifier(assertClaims).verifyAccessToken(token(claims, header, key), aud);
const id = (claims, nonce) => () => verifier().verifyIdToken(token({ aud: 'app', ...claims }), 'app', nonce);
// [reason, what to run, captures]
const CASES = [
  ['token_expired', access({ exp: now - 60 })],
  ['token_not_yet_valid', access({ nbf: now + 600 })],
  ['signature_invalid', access({}, {}, other.privateKey)],
  ['key_not_found', access({}, { kid: 'key-2' }), { kid: ['key-2'] }],
  ['algorithm_mismatch', access({}, { alg: 'HS256' })],
  ['token_malformed', () => verifier().verifyAccessToken('abc', 'api://orders')],
  ['issuer_mismatch', access({ iss: 'https://b.example.com' }), { actual: ['https://b.example.com'], expected: [ISSUER] }],
  ['audience_mismatch', access({ aud: 'api://billing' }), { actual: ['api://billing'], expected: ['api://orders'] }],
  ['audience_mismatch', access({ aud: 'api://billing' }, {}, undefined, ['api://orders', 'api://carts']), { actual: ['api://billing'], expected: ['api://orders', 'api://carts'] }],
  ['audience_mismatch', access({ aud: ['api://billing', 'api://x'] }), { expected: ['api://orders'] }],
  ['audience_mismatch', id({ aud: 'other' }), { actual: ['other'], expected: ['app'] }],
  ['claim_mismatch', id({ nonce: 'a' }, 'b'), { actual: ['a'], expected: ['b'] }],
  ['claim_missing', id({}, 'b'), { expected: ['b'] }],
  ['claim_mismatch', access({ cid: 'x' }, {}, undefined, undefined, { cid: 'app' }), { claim: ['cid'], actual: ['x'], expected: ['app'] }],
  ['claim_mismatch', access({ scp: ['read'] }, {}, undefined, undefined, { 'scp.includes': ['write'] }), { expected: ['write'] }],
];

const AT = '2031-05-06T07:08:09.000Z';
const neat = (text) => text.split(path.resolve(folder)).join('/app').replace(/[^\s('"]*recorders\/products\//g, '/app/').split('\n').slice(0, 4).join('\n');
const COATS = [
  (e) => e.message,
  (e) => (e.stack ? neat(e.stack) : String(e)),
  (e) => JSON.stringify({ status: 401, error: 'Unauthorized', message: e.message }),
  (e) => `${AT} [warn] access token rejected: ${e.message}`,
];

// Words that PyJWT and Envoy print too: recorded with the class beside them.
const SHARED = ['Signature verification failed', 'Jwt is expired'];

async function main() {
  let turn = Number(version.split('.')[0]);
  for (const [reason, act, captures] of CASES) {
    turn += 1;
    let error;
    try { await act(); } catch (e) { error = e; }
    if (!error) { console.error(`${version}: nothing said for ${reason} (${turn})`); continue; }
    console.log(JSON.stringify({
      text: COATS[SHARED.includes(error.message) ? 1 : turn % COATS.length](error), reason, outcome: 'rejected', also: [], captures: captures || {}, library: 'okta',
      version: `jwt-verifier ${version}`, origin: 'recorded', program: 'tests/corpus/recorders/products/okta.js',
    }));
  }
}
main();
