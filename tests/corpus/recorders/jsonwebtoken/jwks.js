'use strict';
// A getKey callback of the usual kind: jwks-rsa against a key-set server that fails in many ways.
const http = require('http');
const { unverifiable, NOW } = require('./tokens');

function keySet(keys, kids) {
  const crypto = require('crypto');
  const jwk = crypto.createPublicKey(keys.rsa).export({ format: 'jwk' });
  return JSON.stringify({ keys: kids.map((kid) => Object.assign({ kid, use: 'sig', alg: 'RS256' }, jwk)) });
}

function answer(kind, keys, response) {
  if (kind === 'slow') return;
  if (kind === 'status') response.statusCode = 503;
  const bodies = { other: keySet(keys, ['key-1']), rate: keySet(keys, ['key-1']), two: keySet(keys, ['key-0', 'key-1']), empty: '{"keys":[]}', html: '<html></html>', status: 'busy' };
  response.end(bodies[kind]);
}

/** Calls verify with a getKey that asks a server behaving as `kind`. */
async function verify(lib, kind, header, keys, done) {
  const server = http.createServer((_, response) => answer(kind, keys, response));
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  if (kind === 'refused') await new Promise((closed) => server.close(closed));
  const client = require('jwks-rsa')({
    jwksUri: `http://127.0.0.1:${port}/jwks.json`, timeout: 300, cache: false, rateLimit: kind === 'rate', jwksRequestsPerMinute: 1,
  });
  if (kind === 'rate') await client.getSigningKey('key-1');
  const getKey = (head, callback) => client.getSigningKey(head.kid, (error, key) => callback(error, key && key.getPublicKey()));
  const token = unverifiable({ exp: NOW + 3600 }, header || { alg: 'RS256', typ: 'JWT', kid: 'key-2' }, 256);
  lib.verify(token, getKey, { algorithms: ['RS256'] }, (error) => {
    if (kind !== 'refused') { server.closeAllConnections(); server.close(); }
    done(error, port);
  });
}

module.exports = { verify };
