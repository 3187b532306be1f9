'use strict';
// One entry per check of jose. `reason` is the check that the entry makes fail.
const crypto = require('crypto');
const { NOW, SECRET, OTHER_SECRET, ISSUER, LATER, keys, jwk, part, sign, rs256, unsigned } = require('./tokens');
const { start } = require('./keyserver');

const MODERN = ['4.5.1', '4.15.9', '5.9.6', '6.2.3'];
const LATEST = MODERN.slice(1);
const NEWEST = '6.2.3';
const secret = () => new TextEncoder().encode(SECRET);
const without = (claim) => { const copy = { ...LATER }; delete copy[claim]; return copy; };
const verify = (token, key, options) => (lib) => lib.jwtVerify(token, typeof key === 'function' ? key(lib) : key || secret(), options);
const hs = (more, options) => verify(sign({ ...LATER, ...more }), null, options);
const decrypt = (token, key) => (lib) => lib.jwtDecrypt(token, key);
const jwe = (header, ...rest) => [part(header), ...rest].join('.');
const dir = { alg: 'dir', enc: 'A256GCM' };
const parts = ['', part('iviviviviviv'), part('cipher'), part('tagtagtagtagtagt')];

const claims = [
  { id: 'expired', reason: 'token_expired', code: true, run: hs({ exp: NOW - 600 }) },
  { id: 'too-old', reason: 'token_too_old', run: hs({ iat: NOW - 7200 }, { maxTokenAge: '1h' }) },
  { id: 'iat-future', reason: 'issued_in_future', run: hs({ iat: NOW + 90 }, { maxTokenAge: '1h' }) },
  { id: 'nbf', reason: 'token_not_yet_valid', run: hs({ nbf: NOW + 90 }) },
  { id: 'aud', reason: 'audience_mismatch', facts: { actual: 'web-staging' }, run: hs({ aud: 'web-staging' }, { audience: 'web-prod' }) },
  { id: 'iss', reason: 'issuer_mismatch', facts: { actual: 'https://auth.staging.example.com' }, run: hs({ iss: 'https://auth.staging.example.com' }, { issuer: ISSUER }) },
  { id: 'sub', reason: 'subject_mismatch', run: hs({}, { subject: 'user-18' }) },
  { id: 'typ', reason: 'header_unsupported', run: hs({}, { typ: 'at+jwt' }) },
  ...['iss', 'aud', 'sub', 'iat'].map((claim) => ({ id: `no-${claim}`, reason: 'claim_missing', versions: LATEST, facts: { claim },
    run: verify(sign(without(claim)), null, { iat: { maxTokenAge: '1h' }, iss: { issuer: ISSUER }, aud: { audience: 'web-prod' }, sub: { subject: 'user-17' } }[claim]) })),
  { id: 'no-tenant', reason: 'claim_missing', versions: LATEST, facts: { claim: 'tenant' }, run: hs({}, { requiredClaims: ['tenant'] }) },
  { id: 'exp-type', reason: 'claim_invalid', run: hs({ exp: '2031-05-06' }) },
  { id: 'nbf-type', reason: 'claim_invalid', run: hs({ nbf: 'now' }) },
  { id: 'iat-type', reason: 'claim_invalid', run: hs({ iat: '1' }) },
].map((entry) => ({ fields: true, ...entry }));

const signatures = [
  { id: 'signature', reason: 'signature_invalid', fields: true, code: true, run: verify(sign(LATER, undefined, OTHER_SECRET)) },
  { id: 'signature-rsa', reason: 'signature_invalid', bareIsGeneric: true, run: verify(rs256(LATER, {}, keys.otherRsa.privateKey), keys.rsa.publicKey) },
  { id: 'alg', reason: 'algorithm_mismatch', fields: true, run: hs({}, { algorithms: ['RS256'] }) },
  // its stack passes through runtime/sign.js, as that of a token being made does
  { id: 'alg-unknown', stackless: true, reason: 'algorithm_mismatch', facts: { alg: 'HS999' }, versions: ['4.5.1', '4.15.9', '5.9.6'], run: verify(sign(LATER, { alg: 'HS999' })) },
  { id: 'alg-key', reason: 'key_invalid', run: verify(rs256(LATER)) },
  { id: 'alg-none', reason: 'algorithm_none', versions: ['4.5.1', '4.15.9', '5.9.6'], run: verify(unsigned(LATER), () => keys.rsa.publicKey) },
  { id: 'alg-missing', reason: 'algorithm_mismatch', run: verify(sign(LATER, { typ: 'JWT' })) },
  { id: 'crit', reason: 'header_unsupported', run: verify(sign(LATER, { alg: 'HS256', crit: ['exp2'], exp2: 1 })) },
  { id: 'crit-form', reason: 'header_unsupported', run: verify(sign(LATER, { alg: 'HS256', crit: [] })) },
];

const forms = [
  { id: 'two-parts', reason: 'token_malformed', fields: true, run: verify('not.atoken') },
  { id: 'not-text', reason: 'token_malformed', run: verify(undefined) },
  { id: 'header-json', reason: 'token_malformed', run: verify(sign(LATER, 'nonsense')) },
  { id: 'payload-json', reason: 'token_malformed', run: verify(sign('nonsense')) },
  { id: 'payload-list', reason: 'token_malformed', run: verify(sign('[1]')) },
  { id: 'signature-base64', reason: 'token_malformed', versions: ['5.9.6', '6.2.3'], run: verify(`${sign(LATER)}*`), optional: true },
  { id: 'jwe-parts', reason: 'token_malformed', run: decrypt('a.b.c', secret().slice(0, 32)) },
  { id: 'jwe-header', reason: 'token_malformed', run: decrypt(jwe('nonsense', ...parts), secret().slice(0, 32)) },
  { id: 'jwe-zip', reason: 'header_unsupported', run: decrypt(jwe({ ...dir, zip: 'LZ4' }, ...parts), secret().slice(0, 32)) },
  { id: 'jwe-alg', reason: 'algorithm_mismatch', versions: ['3.20.4', '4.15.9', '5.9.6'], run: decrypt(jwe({ alg: 'RSA1', enc: 'A256GCM' }, ...parts), keys.rsa.privateKey) },
  { id: 'jwe-enc', reason: 'algorithm_mismatch', run: decrypt(jwe({ alg: 'dir', enc: 'A256' }, ...parts), secret().slice(0, 32)) },
  { id: 'decryption', reason: 'decryption_failed', fields: true, code: true, run: decrypt(jwe(dir, ...parts), secret().slice(0, 32)) },
  { id: 'cek-length', reason: 'key_invalid', run: decrypt(jwe(dir, ...parts), secret().slice(0, 16)) },
];

const badKeys = [
  { id: 'key-absent', reason: 'key_missing', run: verify(sign(LATER), () => undefined) },
  { id: 'key-null', reason: 'key_missing', run: verify(rs256(LATER), () => null) },
  { id: 'key-text', reason: 'key_invalid', run: verify(sign(LATER), () => SECRET) },
  { id: 'key-private', reason: 'key_invalid', optional: true, run: verify(rs256(LATER), () => keys.rsa.privateKey) },
  { id: 'key-secret', reason: 'key_invalid', run: verify(rs256(LATER), () => crypto.createSecretKey(Buffer.from(SECRET))) },
  { id: 'key-public', reason: 'key_invalid', run: verify(sign(LATER), () => keys.rsa.publicKey) },
  { id: 'key-small', reason: 'key_invalid', run: verify(rs256(LATER, {}, keys.smallRsa.privateKey), () => keys.smallRsa.publicKey) },
  { id: 'key-type', reason: 'key_invalid', versions: ['4.5.1', '4.15.9'], run: verify(rs256(LATER), () => keys.ec.publicKey) },
  { id: 'jwk-alg', reason: 'algorithm_mismatch', versions: ['6.2.3'], run: verify(rs256(LATER), () => keys.ec.publicKey) },
  { id: 'key-curve', reason: 'key_invalid', run: verify(sign(LATER, { alg: 'ES256' }, keys.ec.privateKey), () => keys.ec384.publicKey) },
  { id: 'spki', reason: 'key_invalid', run: async (lib) => lib.importSPKI('nonsense', 'RS256') },
  { id: 'x509', reason: 'key_invalid', run: async (lib) => lib.importX509('nonsense', 'RS256') },
  { id: 'jwk-kty', reason: 'key_invalid', run: async (lib) => lib.importJWK({ kty: 'XYZ' }, 'RS256') },
  { id: 'jwk-form', reason: 'key_invalid', run: async (lib) => lib.importJWK('text', 'RS256') },
];

const localSet = (keySet) => (lib) => lib.createLocalJWKSet(keySet);
const rsaSet = (...kids) => ({ keys: kids.map((kid) => jwk(keys.rsa.publicKey, { use: 'sig', alg: 'RS256', ...(kid && { kid }) })) });
const keySets = [
  { id: 'no-key', reason: 'key_not_found', fields: true, code: true, run: verify(rs256(LATER), localSet(rsaSet('key-1'))) },
  { id: 'many-keys', reason: 'key_not_found', fields: true, run: verify(rs256(LATER, { kid: undefined }), localSet(rsaSet('key-0', 'key-1'))) },
  { id: 'set-alg', reason: 'algorithm_mismatch', run: verify(sign(LATER), localSet(rsaSet('key-1'))) },
  { id: 'set-form', reason: 'jwks_unavailable', run: verify(rs256(LATER), localSet({ keys: 'none' })) },
];
const remote = (kind, reason, more) => ({ id: `remote-${kind}`, reason, kind, ...more,
  run: async (lib, entry) => {
    const server = await start(kind, JSON.stringify(rsaSet('key-1')));
    entry.port = server.port;
    try {
      return await lib.jwtVerify(rs256(LATER), lib.createRemoteJWKSet(new URL(server.url), { timeoutDuration: 100 }));
    } finally {
      server.stop();
    }
  } });
const remotes = [
  remote('status', 'jwks_unavailable'), remote('html', 'jwks_unavailable'), remote('malformed', 'jwks_unavailable'),
  remote('slow', 'jwks_unavailable', { bareIsGeneric: true, fields: true, code: true }), remote('refused', 'jwks_unavailable', { stackOnly: true, versions: ['6.2.3'] }),
  remote('reset', 'jwks_unavailable', { stackOnly: true, versions: ['6.2.3'] }), remote('other', 'key_not_found'), remote('noKeys', 'key_not_found'),
];

// The first two majors have another interface.
const old = (token, key, options) => (lib) => lib.JWT.verify(token, typeof key === 'function' ? key(lib) : lib.JWK.asKey(SECRET), options);
const two = [
  { id: 'expired', reason: 'token_expired', run: old(sign({ ...LATER, exp: NOW - 600 })) },
  { id: 'too-old', reason: 'token_too_old', run: old(sign({ ...LATER, iat: NOW - 7200 }), null, { maxTokenAge: '1h' }) },
  { id: 'iat-future', reason: 'issued_in_future', run: old(sign({ iat: NOW + 90 })) },
  { id: 'nbf', reason: 'token_not_yet_valid', run: old(sign({ ...LATER, nbf: NOW + 90 })) },
  { id: 'aud', reason: 'audience_mismatch', run: old(sign({ ...LATER, aud: 'web-staging' }), null, { audience: 'web-prod' }) },
  { id: 'iss', reason: 'issuer_mismatch', run: old(sign({ ...LATER, iss: 'x' }), null, { issuer: ISSUER }) },
  { id: 'jti', reason: 'claim_mismatch', facts: { claim: 'jti' }, run: old(sign({ ...LATER, jti: 'a' }), null, { jti: 'b' }) },
  { id: 'no-aud', reason: 'claim_missing', facts: { claim: 'aud' }, run: old(sign(without('aud')), null, { audience: 'web-prod' }) },
  { id: 'exp-type', reason: 'claim_invalid', run: old(sign({ ...LATER, exp: 'soon' })) },
  { id: 'aud-type', reason: 'claim_invalid', run: old(sign({ ...LATER, aud: 7 })) },
  { id: 'sub-type', reason: 'claim_invalid', run: old(sign({ ...LATER, sub: 7 })) },
  { id: 'signature', reason: 'signature_invalid', bareIsGeneric: true, run: old(sign(LATER, undefined, OTHER_SECRET)) },
  { id: 'alg', reason: 'algorithm_mismatch', run: old(sign(LATER), null, { algorithms: ['RS256'] }) },
  { id: 'key-alg', reason: 'algorithm_mismatch', facts: { alg: 'RS256' }, run: old(rs256(LATER)) },
  { id: 'alg-none', reason: 'algorithm_none', run: old(unsigned(LATER), (lib) => lib.JWK.asKey(keys.rsa.publicKey)) },
  { id: 'crit', reason: 'header_unsupported', run: old(sign(LATER, { alg: 'HS256', crit: ['exp2'], exp2: 1 })) },
  { id: 'three', reason: 'token_malformed', run: old('not.atoken') },
  { id: 'five', reason: 'token_malformed', run: old('nonsense.nonsense.nonsense') },
  { id: 'not-text', reason: 'token_malformed', run: old(undefined) },
  { id: 'no-key', reason: 'key_not_found', run: old(rs256(LATER), (lib) => lib.JWKS.asKeyStore(rsaSet('key-1'))) },
  { id: 'key-absent', reason: 'key_invalid', run: old(sign(LATER), () => undefined) },
  { id: 'key-import', reason: 'key_invalid', run: old(sign(LATER), (lib) => lib.JWK.asKey('-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----')) },
].map((entry) => ({ ...entry, versions: ['2.0.7'] }));

/** What is said while a token is made: no token was rejected. */
async function* signing() {
  for (const version of LATEST) {
    const { SignJWT } = await import(`jose-${version}`);
    for (const [alg, key] of [['RS256', keys.rsa.publicKey], ['HS256', keys.rsa.privateKey], ['ES256', undefined]]) {
      const error = await new SignJWT({ id: 1 }).setProtectedHeader({ alg }).sign(key).catch((problem) => problem);
      yield { reason: null, version, texts: alg === 'RS256' ? [String(error), error.stack] : [error.stack] };
    }
  }
}

/** 3.x has one module per function. */
async function load(version) {
  if (version !== '3.20.4') return import(`jose-${version}`);
  const from = async (name) => import(`jose-${version}/${name}`);
  return {
    jwtVerify: (await from('jwt/verify')).jwtVerify, jwtDecrypt: (await from('jwt/decrypt')).jwtDecrypt,
    ...await from('key/import'), ...await from('jwks/remote'),
  };
}

async function provoke(entry, lib) {
  const made = { ...entry };
  try {
    await entry.run(lib, made);
  } catch (error) {
    return { ...made, error };
  }
  return { ...made, accepted: !entry.optional };
}

async function* entries() {
  yield* signing();
  const early = [...claims, ...signatures, ...forms].map((entry) => ({ three: true, ...entry }));
  for (const entry of [...early, ...badKeys, ...keySets, ...remotes, ...two]) {
    for (const version of entry.versions || [...(entry.three ? ['3.20.4'] : []), ...MODERN]) {
      const made = await provoke(entry, await load(version));
      if (made.error || made.accepted) yield { ...made, version, newest: version === NEWEST || version === '2.0.7' };
    }
  }
}

module.exports = { entries };
