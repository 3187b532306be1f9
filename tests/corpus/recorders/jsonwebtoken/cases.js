'use strict';
// One entry per check of the library. `reason` is the check that the entry makes fail; `run` hands
// the library a token that fails it. Nothing here knows the patterns.
const { NOW, SECRET, OTHER_SECRET, hmac, unverifiable, unsigned } = require('./tokens');

const RECENT = ['5.7.0', '7.4.3', '8.5.1', '9.0.3'];
const MODERN = ['8.5.1', '9.0.3'];
const NINE = ['9.0.0', '9.0.3'];
const ISO = (seconds) => new Date(seconds * 1000).toISOString();
const later = { exp: NOW + 3600, iat: NOW - 60 };
const rs256 = { alg: 'RS256', typ: 'JWT', kid: 'key-2' };

const verify = (token, key, options) => (lib, keys, done) =>
  lib.verify(token, typeof key === 'function' ? key(keys) : key, options || {}, done);
const withKey = (token, key, options) => (lib, keys, done) =>
  lib.verify(token, key(keys), options, done);
const callback = (error) => (lib, keys, done) =>
  lib.verify(hmac(later, { alg: 'HS256', typ: 'JWT', kid: 'key-2' }), (h, cb) => cb(error), {}, done);
const sign = (payload, key, options) => (lib, keys, done) =>
  done((() => {
    try {
      lib.sign(payload, typeof key === 'function' ? key(keys) : key, options);
    } catch (error) {
      return error;
    }
    return null;
  })());

const times = [
  { id: 'expired', reason: 'token_expired', versions: ['2.0.0', '5.0.0', '6.2.0'].concat(RECENT), nodes: ['8', '12', '20', '24'],
    facts: { expired_at: ISO(NOW - 600) }, run: verify(hmac({ exp: NOW - 600, iat: NOW - 4200 }), SECRET) },
  { id: 'expired-far', reason: 'token_expired', versions: MODERN,
    run: verify(hmac({ exp: -1e17, iat: NOW - 4200 }), SECRET) },
  { id: 'not-active', reason: 'token_not_yet_valid', versions: RECENT, nodes: ['8', '20'],
    facts: { not_before: ISO(NOW + 90) }, run: verify(hmac({ nbf: NOW + 90, exp: NOW + 3600 }), SECRET) },
  { id: 'too-old', reason: 'token_too_old', versions: RECENT, facts: { expired_at: ISO(NOW - 3600) },
    run: verify(hmac({ iat: NOW - 7200, exp: NOW + 3600 }), SECRET, { maxAge: '1h' }) },
  { id: 'exp-type', reason: 'claim_invalid', versions: RECENT, run: verify(hmac({ exp: '2031-05-06' }), SECRET) },
  { id: 'nbf-type', reason: 'claim_invalid', versions: RECENT, run: verify(hmac({ nbf: 'now' }), SECRET) },
  { id: 'iat-missing', reason: 'claim_missing', versions: RECENT,
    run: verify(hmac({ exp: NOW + 3600 }), SECRET, { maxAge: '1h' }) },
];

const claims = [
  { id: 'audience', reason: 'audience_mismatch', versions: ['5.0.0', '6.2.0'].concat(RECENT), facts: { expected: ['web-prod'] },
    run: verify(hmac({ aud: 'web-staging' }), SECRET, { audience: 'web-prod' }) },
  { id: 'audience-list', reason: 'audience_mismatch', versions: RECENT,
    facts: { expected: ['https://api.example.com/v2', 'urn:example:mobile'] },
    run: verify(hmac({ aud: ['web-staging'] }), SECRET, { audience: ['https://api.example.com/v2', 'urn:example:mobile'] }) },
  { id: 'audience-absent', reason: 'audience_mismatch', versions: MODERN, facts: { expected: ['Example Web App'] },
    run: verify(hmac(later), SECRET, { audience: 'Example Web App' }) },
  { id: 'audience-expression', reason: 'audience_mismatch', versions: MODERN, facts: { expected: ['/^web-(prod|edge)$/'] },
    run: verify(hmac({ aud: 'web-staging' }), SECRET, { audience: /^web-(prod|edge)$/ }) },
  { id: 'audience-empty-list', reason: 'audience_mismatch', versions: MODERN,
    run: verify(hmac({ aud: 'web-staging' }), SECRET, { audience: [] }) },
  // Before 4.0.0 the text shows what the token held, although it says "expected".
  { id: 'audience-old', reason: 'audience_mismatch', versions: ['2.0.0', '3.2.2'],
    run: verify(hmac({ aud: 'web-staging' }), SECRET, { audience: 'web-prod' }) },
  { id: 'issuer', reason: 'issuer_mismatch', versions: ['5.0.0'].concat(RECENT), facts: { expected: ['https://auth.example.com'] },
    run: verify(hmac({ iss: 'https://auth.staging.example.com' }), SECRET, { issuer: 'https://auth.example.com' }) },
  { id: 'issuer-list', reason: 'issuer_mismatch', versions: RECENT,
    facts: { expected: ['https://auth.example.com/', 'https://login.example.org'] },
    run: verify(hmac({ iss: 'https://auth.staging.example.com' }), SECRET, { issuer: ['https://auth.example.com/', 'https://login.example.org'] }) },
  { id: 'issuer-old', reason: 'issuer_mismatch', versions: ['2.0.0', '3.2.2'],
    run: verify(hmac({ iss: 'https://auth.staging.example.com' }), SECRET, { issuer: 'https://auth.example.com' }) },
  { id: 'subject', reason: 'subject_mismatch', versions: RECENT, facts: { expected: ['user-7'] },
    run: verify(hmac({ sub: 'user-8' }), SECRET, { subject: 'user-7' }) },
  { id: 'jwtid', reason: 'claim_mismatch', versions: RECENT, facts: { expected: ['session-41'] },
    run: verify(hmac({ jti: 'session-40' }), SECRET, { jwtid: 'session-41' }) },
  { id: 'nonce', reason: 'claim_mismatch', versions: MODERN, facts: { expected: ['n-0S6_WzA2Mj'] },
    run: verify(hmac({ nonce: 'other' }), SECRET, { nonce: 'n-0S6_WzA2Mj' }) },
];

const forms = [
  { id: 'absent', reason: 'header_missing', versions: ['2.0.0'].concat(RECENT), run: verify(undefined, SECRET) },
  { id: 'not-text', reason: 'token_malformed', versions: ['7.4.3', '8.5.1', '9.0.3'], run: verify({ token: 'x' }, SECRET) },
  { id: 'not-text-5', reason: 'token_malformed', versions: ['5.7.0', '6.2.0'], run: verify({ token: 'x' }, SECRET) },
  { id: 'two-segments', reason: 'token_malformed', versions: ['2.0.0'].concat(RECENT), run: verify('abc.def', SECRET) },
  { id: 'five-segments', reason: 'token_malformed', versions: MODERN, run: verify('a.b.c.d.e', SECRET) },
  { id: 'header-not-json', reason: 'token_malformed', versions: RECENT, bareIsGeneric: true,
    run: verify(hmac(later, '{"alg":"HS256"'), SECRET) },
  { id: 'bearer-kept', reason: 'token_malformed', versions: MODERN, bareIsGeneric: true,
    run: verify('Bearer ' + hmac(later), SECRET) },
  { id: 'payload-cut', reason: 'token_malformed', versions: ['7.4.3', '8.5.1', '9.0.3'], nodes: ['8', '20', '24'], stackOnly: true,
    run: verify(hmac('{"sub":"user-7","ex'), SECRET) },
  { id: 'payload-cut-5', reason: 'token_malformed', versions: ['5.7.0', '6.2.0'], bareIsGeneric: true,
    run: verify(hmac('{"sub":"user-7","ex'), SECRET) },
  { id: 'payload-bytes', reason: 'token_malformed', versions: MODERN, nodes: ['8', '20'], stackOnly: true,
    run: verify(hmac('\u0001\u0002not json'), SECRET) },
  { id: 'payload-empty-json', reason: 'token_malformed', versions: MODERN, stackOnly: true, run: verify(hmac(' '), SECRET) },
  { id: 'payload-null', reason: 'token_malformed', versions: MODERN, nodes: ['8', '20'], stackOnly: true,
    run: verify(hmac('null'), SECRET) },
  { id: 'unsigned', reason: 'algorithm_none', versions: ['2.0.0'].concat(RECENT), run: verify(unsigned(later), SECRET) },
  { id: 'unsigned-no-key', reason: 'algorithm_none', versions: NINE, run: verify(unsigned(later), undefined) },
];

const signatures = [
  { id: 'signature', reason: 'signature_invalid', versions: ['2.0.0', '4.2.2', '5.0.0', '6.2.0'].concat(RECENT), nodes: ['8', '12', '20'],
    run: verify(hmac(later, null, OTHER_SECRET), SECRET) },
  { id: 'signature-rs256', reason: 'signature_invalid', versions: MODERN,
    run: withKey(unverifiable(later, rs256, 256), (keys) => keys.rsa, { algorithms: ['RS256'] }) },
  { id: 'signature-length', reason: 'signature_invalid', versions: ['7.4.3', '8.5.1', '9.0.3'], facts: { alg: 'ES256' },
    run: withKey(unverifiable(later, { alg: 'ES256', typ: 'JWT' }, 63), (keys) => keys.ec, { algorithms: ['ES256'] }) },
  { id: 'signature-length-es512', reason: 'signature_invalid', versions: MODERN, facts: { alg: 'ES512' },
    run: withKey(unverifiable(later, { alg: 'ES512', typ: 'JWT' }, 64), (keys) => keys.ec521, { algorithms: ['ES512'] }) },
  { id: 'algorithm', reason: 'algorithm_mismatch', versions: ['5.0.0'].concat(RECENT),
    run: verify(unverifiable(later, rs256, 256), SECRET) },
  { id: 'algorithm-listed', reason: 'algorithm_mismatch', versions: MODERN,
    run: verify(hmac(later), SECRET, { algorithms: ['HS512'] }) },
  { id: 'algorithm-absent', reason: 'algorithm_mismatch', versions: MODERN, run: verify(hmac(later, { typ: 'JWT' }), SECRET) },
  { id: 'algorithm-unsupported', reason: 'algorithm_mismatch', versions: ['7.4.3', '8.5.1', '9.0.3'], facts: { alg: 'EdDSA' },
    run: withKey(unverifiable(later, { alg: 'EdDSA', typ: 'JWT' }, 64), (keys) => keys.rsa, { algorithms: ['EdDSA'], allowInvalidAsymmetricKeyTypes: true }) },
  { id: 'algorithm-es256k', reason: 'algorithm_mismatch', versions: ['8.5.1'], facts: { alg: 'ES256K' },
    run: withKey(unverifiable(later, { alg: 'ES256K', typ: 'JWT' }, 64), (keys) => keys.ec, { algorithms: ['ES256K'] }) },
];

const keys = [
  { id: 'key-absent', reason: 'key_missing', versions: ['5.7.0', '6.2.0'].concat(['7.4.3'], MODERN), run: verify(hmac(later), undefined) },
  { id: 'key-empty', reason: 'key_missing', versions: MODERN, run: verify(hmac(later), '') },
  { id: 'key-absent-5.0', reason: 'key_missing', versions: ['5.0.0'], nodes: ['8', '20'], stackOnly: true, run: verify(hmac(later), undefined) },
  { id: 'key-absent-unsigned', reason: 'key_missing', versions: ['9.0.3'], stackOnly: true,
    run: verify(unsigned(later, { alg: 'HS256', typ: 'JWT' }), undefined, { algorithms: ['HS256'] }) },
  { id: 'key-not-material', reason: 'key_invalid', versions: NINE, run: verify(hmac(later), { secret: SECRET }) },
  { id: 'key-object', reason: 'key_invalid', versions: ['7.4.3', '8.5.1'], nodes: ['8', '20'], run: verify(hmac(later), { secret: SECRET }) },
  { id: 'key-object-rs256', reason: 'key_invalid', versions: ['7.4.3', '8.5.1'], nodes: ['8', '20'],
    run: verify(unverifiable(later, rs256, 256), { n: 'x' }, { algorithms: ['RS256'] }) },
  { id: 'key-mangled-9', reason: 'key_invalid', versions: NINE, facts: { alg: 'RS256' },
    run: withKey(unverifiable(later, rs256, 256), (k) => k.rsa.replace(/\n/g, '\\n'), { algorithms: ['RS256'] }) },
  { id: 'key-public-for-hmac', reason: 'key_invalid', versions: NINE, facts: { alg: 'HS256' },
    run: withKey(hmac(later), (k) => k.rsa, { algorithms: ['HS256', 'RS256'] }) },
  { id: 'key-type', reason: 'key_invalid', versions: NINE,
    run: withKey(unverifiable(later, rs256, 256), (k) => k.ec, { algorithms: ['RS256', 'ES256'] }) },
  { id: 'key-curve', reason: 'key_invalid', versions: NINE, facts: { alg: 'ES384' },
    run: withKey(unverifiable(later, { alg: 'ES384', typ: 'JWT' }, 96), (k) => k.ec, { algorithms: ['ES384'] }) },
  { id: 'key-unknown-type', reason: 'key_invalid', versions: NINE,
    run: withKey(unverifiable(later, rs256, 256), (k) => k.ed25519, { algorithms: ['RS256'] }) },
  { id: 'key-pss-hash', reason: 'key_invalid', versions: NINE, facts: { alg: 'PS384' },
    run: withKey(unverifiable(later, { alg: 'PS384', typ: 'JWT' }, 256), (k) => k.pss, { algorithms: ['PS384'] }) },
  { id: 'key-pss-salt', reason: 'key_invalid', versions: NINE, facts: { alg: 'PS256' },
    run: withKey(unverifiable(later, { alg: 'PS256', typ: 'JWT' }, 256), (k) => k.pssSalt, { algorithms: ['PS256'] }) },
  { id: 'key-escaped-newlines', reason: 'key_invalid', versions: ['5.7.0', '7.4.3', '8.5.1'], nodes: ['8', '12', '16', '20'], stackOnly: true,
    run: withKey(unverifiable(later, rs256, 256), (k) => k.rsa.replace(/\n/g, '\\n'), { algorithms: ['RS256'] }) },
  { id: 'key-cut', reason: 'key_invalid', versions: ['8.5.1'], nodes: ['8', '12', '20'], stackOnly: true,
    run: withKey(unverifiable(later, rs256, 256), (k) => k.rsa.split('\n').filter((l, i) => i !== 2).join('\n'), { algorithms: ['RS256'] }) },
  { id: 'key-not-pem', reason: 'key_invalid', versions: ['8.5.1'], nodes: ['8', '12', '20'], stackOnly: true,
    run: verify(unverifiable(later, rs256, 256), 'not a pem', { algorithms: ['RS256'] }) },
];

const options = [
  { id: 'clock-option', reason: 'unspecified', versions: ['7.4.3', '8.5.1', '9.0.3'], run: verify(hmac(later), SECRET, { clockTimestamp: 'now' }) },
  { id: 'nonce-option', reason: 'unspecified', versions: MODERN, run: verify(hmac(later), SECRET, { nonce: ' ' }) },
  { id: 'key-types-option', reason: 'unspecified', versions: NINE,
    run: verify(hmac(later), SECRET, { allowInvalidAsymmetricKeyTypes: 'yes' }) },
  { id: 'max-age-option', reason: 'unspecified', versions: ['8.0.1', '8.5.1', '9.0.3'], run: verify(hmac(later), SECRET, { maxAge: 'soon' }) },
  { id: 'max-age-option-7', reason: 'unspecified', versions: ['7.4.3'], stackOnly: true, run: verify(hmac(later), SECRET, { maxAge: {} }) },
  { id: 'runtime-too-old', reason: 'unspecified', versions: ['9.0.3'], nodes: ['8'], anyNode: true, stackOnly: true, run: verify(hmac(later), SECRET) },
  { id: 'not-asynchronous', reason: 'unspecified', versions: ['8.3.0', '8.5.1', '9.0.3'],
    run: (lib, k, done) => lib.verify(hmac(later), (h, cb) => cb(null, SECRET)) },
  { id: 'callback-lookup', reason: 'key_not_found', versions: ['8.3.0', '8.5.1', '9.0.3'],
    run: callback(new Error('no key for key-2 in the table')) },
  { id: 'callback-refused', reason: 'jwks_unavailable', versions: ['8.3.0', '8.5.1', '9.0.3'], jwks: 'refused' },
  { id: 'callback-kid', reason: 'key_not_found', versions: ['8.3.0', '8.5.1', '9.0.3'], jwks: 'other', facts: { kid: 'key-2' } },
  { id: 'callback-no-kid', reason: 'key_not_found', versions: MODERN, jwks: 'two', header: { alg: 'RS256', typ: 'JWT' } },
  { id: 'callback-status', reason: 'jwks_unavailable', versions: MODERN, jwks: 'status' },
  { id: 'callback-empty', reason: 'jwks_unavailable', versions: MODERN, jwks: 'empty' },
  { id: 'callback-body', reason: 'jwks_unavailable', versions: MODERN, jwks: 'html' },
  { id: 'callback-timeout', reason: 'jwks_unavailable', versions: MODERN, jwks: 'slow' },
  { id: 'callback-rate', reason: 'jwks_unavailable', versions: MODERN, jwks: 'rate' },
];

// Only the class is logged: it tells expiry and start time, and of the rest nothing but a rejection.
const names = [
  { id: 'named-expired', reason: 'token_expired', versions: ['9.0.3'], named: true, run: verify(hmac({ exp: NOW - 600 }), SECRET) },
  { id: 'named-not-active', reason: 'token_not_yet_valid', versions: ['9.0.3'], named: true, run: verify(hmac({ nbf: NOW + 90 }), SECRET) },
  { id: 'named-other', reason: 'unspecified', versions: ['9.0.3'], named: true, run: verify(hmac(later, null, OTHER_SECRET), SECRET) },
];

// The signing side: no token was rejected.
const signing = [
  { id: 'sign-key', versions: ['7.4.3', '8.5.1', '9.0.3'], run: sign({ a: 1 }, undefined, {}) },
  { id: 'sign-expires', versions: ['6.2.0', '8.5.1', '9.0.3'], run: sign({ exp: NOW }, SECRET, { expiresIn: '1h' }) },
  { id: 'sign-claim', versions: MODERN, run: sign({ exp: 'soon' }, SECRET, {}) },
  { id: 'sign-audience', versions: MODERN, run: sign({ aud: 'a' }, SECRET, { audience: 'b' }) },
  { id: 'sign-option', versions: MODERN, run: sign({ a: 1 }, SECRET, { expiresIn: 'x y' }) },
  { id: 'sign-max-age', versions: MODERN, run: sign({ a: 1 }, SECRET, { maxAge: 1 }) },
  { id: 'sign-size', versions: NINE, run: sign({ a: 1 }, (k) => k.smallPrivate, { algorithm: 'RS256' }) },
  { id: 'sign-kind', versions: NINE, run: sign({ a: 1 }, SECRET, { algorithm: 'RS256' }) },
  { id: 'sign-curve', versions: NINE, stackOnly: true, run: sign({ a: 1 }, (k) => k.ecPrivate, { algorithm: 'ES384' }) },
  { id: 'sign-type', versions: NINE, stackOnly: true, run: sign({ a: 1 }, (k) => k.ecPrivate, { algorithm: 'RS256' }) },
  { id: 'sign-secret', versions: ['8.5.1'], stackOnly: true, run: sign({ a: 1 }, { secret: SECRET }, {}) },
  { id: 'sign-pem', versions: ['8.5.1'], stackOnly: true, run: sign({ a: 1 }, 'not a pem', { algorithm: 'RS256' }) },
].map((entry) => Object.assign({ reason: null }, entry));

module.exports = [].concat(times, claims, forms, signatures, keys, options, names, signing);
