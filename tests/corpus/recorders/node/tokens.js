'use strict';
// Tokens and keys made by hand, fresh for each run; nothing of the keys reaches the output.
const crypto = require('crypto');

const NOW = Date.UTC(2031, 4, 6, 7, 8, 9) / 1000;
const SECRET = 'first-example-secret-first-example-secret';
const OTHER_SECRET = 'other-example-secret-other-example-secret';
const ISSUER = 'https://auth.example.com';
const LATER = { iss: ISSUER, sub: 'user-17', aud: 'web-prod', iat: NOW - 60, exp: NOW + 3600 };

/** Every record is of the same moment. */
const RealDate = Date;
globalThis.Date = class Date extends RealDate {
  constructor(...args) { args.length ? super(...args) : super(NOW * 1000); }
  static now() { return NOW * 1000; }
};

const pair = (type, options) => crypto.generateKeyPairSync(type, options);
const keys = {
  rsa: pair('rsa', { modulusLength: 2048 }),
  otherRsa: pair('rsa', { modulusLength: 2048 }),
  smallRsa: pair('rsa', { modulusLength: 1024 }),
  ec: pair('ec', { namedCurve: 'P-256' }),
  ec384: pair('ec', { namedCurve: 'P-384' }),
  ed: pair('ed25519'),
};
const pem = (key) => key.export({ type: key.type === 'public' ? 'spki' : 'pkcs8', format: 'pem' });
const jwk = (key, more) => ({ ...key.export({ format: 'jwk' }), ...more });

const base64url = (bytes) => Buffer.from(bytes).toString('base64url');
const part = (value) => base64url(typeof value === 'string' ? value : JSON.stringify(value));

/** A token signed as its `alg` says; strings are taken for header or payload as they are. */
function sign(payload, header = { alg: 'HS256', typ: 'JWT' }, key = SECRET) {
  const input = `${part(header)}.${part(payload)}`;
  const bits = /(?:256|384|512)$/.exec(header.alg || '');
  const hash = `sha${bits ? bits[0] : 256}`;
  const signature = typeof key === 'string'
    ? crypto.createHmac(hash, key).update(input).digest()
    : crypto.sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${base64url(signature)}`;
}
const rs256 = (payload, more, key = keys.rsa.privateKey) =>
  sign(payload, { alg: 'RS256', typ: 'JWT', kid: 'key-2', ...more }, key);
const unsigned = (payload, header = { alg: 'none', typ: 'JWT' }) => `${part(header)}.${part(payload)}.`;

module.exports = { NOW, SECRET, OTHER_SECRET, ISSUER, LATER, keys, pem, jwk, part, sign, rs256, unsigned };
