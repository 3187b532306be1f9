'use strict';
// Tokens made by hand: the library's own sign() refuses to make most of the broken ones.
const crypto = require('crypto');

const NOW = Date.UTC(2031, 4, 6, 7, 8, 9) / 1000;
const SECRET = 'first-example-secret-first-example-secret';
const OTHER_SECRET = 'other-example-secret-other-example-secret';

function base64url(bytes) {
  return Buffer.from(bytes).toString('base64').replace(/=/g, '').replace(/\+/g, '-').replace(/\//g, '_');
}

function part(value) {
  return base64url(typeof value === 'string' ? value : JSON.stringify(value));
}

/** An HS256 token over exactly these bytes; strings are taken as they are. */
function hmac(payload, header, secret) {
  const head = header || { alg: 'HS256', typ: 'JWT' };
  const input = part(head) + '.' + part(payload);
  return input + '.' + base64url(crypto.createHmac('sha256', secret || SECRET).update(input).digest());
}

/** A token whose signature is any bytes of this length. */
function unverifiable(payload, header, length) {
  return part(header) + '.' + part(payload) + '.' + base64url(Buffer.alloc(length, 7));
}

/** A token without a signature. */
function unsigned(payload, header) {
  return part(header || { alg: 'none', typ: 'JWT' }) + '.' + part(payload) + '.';
}

module.exports = { NOW, SECRET, OTHER_SECRET, hmac, unverifiable, unsigned };
