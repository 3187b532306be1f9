// Provokes what only the newest releases say (versions in `versions` below) and prints corpus lines of one
// library: node newest.mjs LIBRARY >> CHECKOUT/tests/corpus/LIBRARY.jsonl
//     npm install --ignore-scripts jose@6.2.17 fast-jwt@6.3.6 jws@4.0.1 express-oauth2-jwt-bearer@1.10.0
//     (in a folder of its own, Node.js 20)
import crypto from 'node:crypto';
import http from 'node:http';
import bearer from 'express-oauth2-jwt-bearer';
import * as jose from 'jose';
import fastJwt from 'fast-jwt';
import jws from 'jws';

const secret = new Uint8Array(32).fill(7);
const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' });
const jwk = rsa.publicKey.export({ format: 'jwk' });
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const hs = jws.sign({ header: { alg: 'HS256' }, payload: {}, secret: Buffer.from(secret) });
const rs = jws.sign({ header: { alg: 'RS256' }, payload: {}, privateKey: pem });
const embedded = (more) => jose.jwtVerify(`${part({ alg: 'RS256', jwk: { ...jwk, ...more } })}.${part({})}.AAAA`, jose.EmbeddedJWK);
const encrypted = (header, iv = 'AAAA') => jose.jwtDecrypt(`${part(header)}..${iv}.AAAA.AAAA`, secret);
const issuer = 'https://id.example/';
const ofIssuer = (alg) => `${part({ alg, typ: 'JWT' })}.${part({ iss: issuer, aud: 'api' })}.AAAA`;
const many = (issuers, token = ofIssuer('HS256')) => guarded({ mcd: { issuers }, audience: 'api' }, token);
const guarded = (options, token) => new Promise((resolve, reject) => {
  const request = { headers: { authorization: `Bearer ${token}`, host: 'api.example' }, query: {}, method: 'GET',
    protocol: 'https', originalUrl: '/orders', get: () => 'api.example', is: () => false };
  const guard = bearer.auth(options);
  Promise.resolve(guard(request, { set() {} }, (error) => (error ? reject(error) : resolve()))).catch(reject);
});
const imposter = http.createServer((_, answer) => answer.end(JSON.stringify({ issuer, jwks_uri: `${issuer}jwks` })));
await new Promise((resolve) => { imposter.listen(18098, '127.0.0.1', resolve); });
const imposed = 'http://127.0.0.1:18098/';
const ofImposter = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss: imposed, aud: 'api' })}.AAAA`;
const two = [{ header: { alg: 'dir' } }, { header: { alg: 'dir' } }];

const cases = {
  jose: [
    ['key_invalid', {}, () => jose.jwtVerify(hs, rsa.publicKey)],
    ['key_invalid', {}, () => jose.jwtVerify(rs, rsa.privateKey)],
    ['key_invalid', {}, () => jose.jwtVerify(rs, crypto.createSecretKey(Buffer.from(secret)))],
    ['algorithm_mismatch', {}, () => encrypted({ alg: 'dir', enc: 'A999' })],
    ['algorithm_mismatch', {}, () => encrypted({ alg: 'XYZ', enc: 'A256GCM' })],
    ['token_malformed', {}, () => encrypted({ alg: 'dir', enc: 'A256GCM' })],
    ['token_malformed', {}, () => jose.jwtVerify(`${part({ alg: 'HS256', b64: false, crit: ['b64'] })}.é.AAAA`, secret)],
    ['header_unsupported', {}, () => embedded({ use: 'enc' })],
    ['header_unsupported', {}, () => embedded({ alg: 'PS256' })],
    ['key_invalid', {}, () => jose.calculateJwkThumbprint({ kty: 'EC', x: 'a', y: 'b' })],
    ['header_unsupported', {}, () => jose.generalDecrypt({
      recipients: two, protected: part({ enc: 'A256GCM' }), iv: 'AAAAAAAAAAAAAAAA', tag: 'AAAA', ciphertext: 'AAAA' }, secret)],
  ],
  'fast-jwt': [
    ['key_invalid', {}, () => fastJwt.createVerifier({ key: JSON.stringify(jwk) })(hs)],
  ],
  'express-oauth2-jwt-bearer': [
    ['issuer_mismatch', {}, () => many(['https://other.example/'])],
    ['issuer_mismatch', {}, () => many(() => [])],
    ['claim_missing', { claim: ['iss'] }, () => many([issuer], `${part({ alg: 'HS256' })}.${part({})}.AAAA`)],
    ['algorithm_mismatch', { alg: ['HS256'] }, () => many([issuer])],
    ['algorithm_mismatch', { alg: ['RS256'] }, () => many([{ issuer, secret: 'x', alg: 'HS256' }], ofIssuer('RS256'))],
    ['token_malformed', {}, () => many([issuer], `${part({ typ: 'JWT' })}.${part({ iss: issuer })}.AAAA`)],
    ['issuer_mismatch', {}, () => many([imposed], ofImposter)],
    ['key_invalid', {}, () => guarded({ issuer, audience: 'api', publicKey: { kty: 'oct', k: 'AAAA' } }, ofIssuer('RS256'))],
    ['key_invalid', {}, () => many(() => [{ issuer, secret: 'x' }])],
    ['key_invalid', {}, () => many(() => [{ issuer, secret: 'x', alg: 'RS256' }])],
    ['key_missing', {}, () => many(() => [{ issuer, alg: 'HS256' }])],
    ['key_invalid', {}, () => many(() => [{ issuer, secret: 'x', publicKey: 'y' }])],
  ],
  jsonwebtoken: [
    ['algorithm_mismatch', {}, () => jws.verify(hs, undefined, 'x')],
    ['key_invalid', {}, () => jws.verify(hs, 'HS256', 7)],
  ],
};
const versions = { jose: '6.2.17', 'fast-jwt': '6.3.6', 'express-oauth2-jwt-bearer': '1.10.0', jsonwebtoken: 'jws 4.0.1' };

function coats({ name, message }) {
  return [
    `${name}: ${message}`,
    `${name}: ${message}\n    at authenticate (/app/src/auth.js:31:9)`,
    JSON.stringify({ level: 'warn', msg: 'token rejected', err: { type: name, message } }),
    `2031-05-06T07:08:09.000Z WARN auth-1 token rejected: ${message}`,
  ];
}

const library = process.argv[2];
for (const [reason, captures, run] of cases[library]) {
  try {
    await run();
    process.stderr.write(`accepted: ${run}\n`);
  } catch (error) {
    for (const text of coats(error)) {
      process.stdout.write(`${JSON.stringify({ text, reason, outcome: 'rejected', also: [], captures, library,
        version: versions[library], origin: 'recorded', program: 'tests/corpus/recorders/node/newest.mjs' })}\n`);
    }
  }
}
imposter.close();
