// Prints one JSON line per check. Usage: node firebase_admin.js FOLDER VERSION; FOLDER/node_modules holds firebase-admin.
'use strict';
const crypto = require('crypto');
const path = require('path');
const [folder, version] = process.argv.slice(2);
const root = path.join(path.resolve(folder), 'node_modules', 'firebase-admin');
const { UrlKeyFetcher } = require(path.join(root, 'lib', 'utils', 'jwt.js'));
const admin = require(root);

const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = publicKey.export({ type: 'spki', format: 'pem' });
let fetched = async () => ({ 'key-1': PEM });
UrlKeyFetcher.prototype.fetchPublicKeys = () => fetched();

const app = admin.initializeApp({ projectId: 'shop-prod', credential: { getAccessToken: async () => ({ access_token: 'x', expires_in: 3600 }) } });
const auth = app.auth();
const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const GOOD = { aud: 'shop-prod', iss: 'https://securetoken.google.com/shop-prod', sub: 'user-1', iat: now - 60, exp: now + 600, auth_time: now - 60 };

function token(claims, header, key) {
  const body = `${b64({ alg: 'RS256', kid: 'key-1', typ: 'JWT', ...header })}.${b64({ ...GOOD, ...claims })}`;
  return `${body}.${crypto.sign('sha256', Buffer.from(body), key || privateKey).toString('base64url')}`;
}

const id = (...args) => () => auth.verifyIdToken(token(...args));
const cookie = (claims, ...rest) => () => auth.verifySessionCookie(token({ iss: 'https://session.firebase.google.com/shop-prod', ...claims }, ...rest));
const keys = (answer, act) => async () => {
  fetched = answer;
  try { await act(); } finally { fetched = async () => ({ 'key-1': PEM }); }
};
// [reason, what to run, captures]
const CASES = [
  ['token_expired', id({ exp: now - 60 })],
  ['token_expired', cookie({ exp: now - 60 })],
  ['signature_invalid', id({}, {}, other.privateKey)],
  ['signature_invalid', cookie({}, {}, other.privateKey)],
  ['key_not_found', id({}, { kid: 'key-2' })],
  ['key_not_found', cookie({}, { kid: 'key-2' })],
  ['key_not_found', id({}, { kid: undefined })],
  ['algorithm_mismatch', id({}, { alg: 'HS256' }), { expected: ['RS256'], actual: ['HS256'] }],
  ['algorithm_mismatch', cookie({}, { alg: 'ES256' }), { expected: ['RS256'], actual: ['ES256'] }],
  ['audience_mismatch', id({ aud: 'shop-test' }), { expected: ['shop-prod'], actual: ['shop-test'] }],
  ['audience_mismatch', cookie({ aud: 'shop-test' }), { expected: ['shop-prod'], actual: ['shop-test'] }],
  ['issuer_mismatch', id({ iss: 'https://securetoken.google.com/shop-test' }),
    { expected: ['https://securetoken.google.com/shop-prod'], actual: ['https://securetoken.google.com/shop-test'] }],
  ['issuer_mismatch', cookie({ iss: 'https://securetoken.google.com/shop-prod' }),
    { expected: ['https://session.firebase.google.com/shop-prod'], actual: ['https://securetoken.google.com/shop-prod'] }],
  ['claim_missing', id({ sub: undefined })],
  ['claim_invalid', id({ sub: '' })],
  ['claim_invalid', id({ sub: 'x'.repeat(129) })],
  ['token_malformed', () => auth.verifyIdToken('not-a-token')],
  ['token_malformed', () => auth.verifySessionCookie('not-a-token')],
  ['header_missing', () => auth.verifyIdToken(undefined)],
  ['header_missing', () => auth.verifySessionCookie(null)],
  ['claim_mismatch', id({ aud: 'https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit' }, { kid: undefined })],
  ['claim_mismatch', id({ v: 0, d: { uid: 'u' } }, { alg: 'HS256', kid: undefined })],
  ['jwks_unavailable', keys(async () => { throw new Error('Error fetching public keys for Google certs: Service Unavailable'); }, id({}))],
];

const AT = '2031-05-06T07:08:09.000Z';
const neat = (text) => text.split(path.resolve(folder)).join('/app').replace(/[^\s('"]*recorders\/products\//g, '/app/').split('\n').slice(0, 4).join('\n');
const COATS = [
  (e) => e.message,
  (e) => neat(e.stack),
  (e) => JSON.stringify({ error: { code: e.code, message: e.message } }),
  (e) => `${AT} [warn] verifyIdToken failed: ${e.code || e.name} ${e.message}`,
  (e) => JSON.stringify({ level: 50, time: 1935817689000, err: { type: e.constructor.name, message: e.message, code: e.code }, msg: 'auth' }),
  (e) => String(e),
];

async function main() {
  let turn = version.length + Number(version.split('.')[0]);
  for (const [reason, act, captures] of CASES) {
    turn += 1;
    let error;
    try { await act(); } catch (e) { error = e; }
    if (!error) { console.error(`${version}: nothing said for ${reason} (${turn})`); continue; }
    console.log(JSON.stringify({
      text: COATS[turn % COATS.length](error), reason, outcome: 'rejected', also: [], captures: captures || {},
      library: 'firebase-admin', version: `node ${version}`, origin: 'recorded',
      program: 'tests/corpus/recorders/products/firebase_admin.js',
    }));
  }
}
main();
