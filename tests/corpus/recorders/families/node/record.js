// Prints one JSON line per fault and library: {library, version, fault, text}.
process.on('uncaughtException', () => {});
const http = require('http'); const fs = require('fs'); const path = require('path'); const crypto = require('crypto');
const T = require('./tokens'); const { tokens, hs, make, secret, rsa, rsa2, now, good } = T;
const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
const jwk = { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' };
const version = (name) => { try { return JSON.parse(fs.readFileSync(path.join(__dirname, 'node_modules', name, 'package.json'))).version; } catch { return ''; } };
function out(library, ver, fault, error) {
  const name = error && error.name ? error.name : 'Error';
  let text = error instanceof Error ? `${name}: ${error.message}` : String(error && error.message || error);
  if (error && error.code && typeof error.code === 'string') text += ` [${error.code}]`;
  console.log(JSON.stringify({ library, version: ver, fault, text, language: 'node' }));
  if (['aud', 'expired', 'wrong_key', 'kid', 'jwks_down'].includes(fault) && error instanceof Error) {
    error.stack && console.log(JSON.stringify({ library, version: ver, fault, language: 'node', text: error.stack.split('\n').slice(0, 4 + error.message.split('\n').length).join('\n').replaceAll(__dirname, '/app').replace(/file:\/\//g, '') }));
  }
}
async function attempt(library, ver, fault, run) {
  try { await Promise.race([run(), new Promise((ok) => setTimeout(ok, 2500))]); } catch (error) { out(library, ver, fault, error); }
}
async function each(library, ver, verify, skip = []) {
  for (const [fault, token] of Object.entries(tokens)) {
    if (fault === 'valid' || skip.includes(fault)) continue;
    await attempt(library, ver, fault, () => verify(token, fault));
  }
}
const sleep = (ms) => new Promise((ok) => setTimeout(ok, ms));
(async () => {
  const server = http.createServer((q, r) => {
    if (q.url.startsWith('/jwks')) { r.setHeader('content-type', 'application/json'); r.end(JSON.stringify({ keys: [jwk, { ...jwk, kid: 'k2' }] })); }
    else if (q.url.startsWith('/empty')) { r.setHeader('content-type', 'application/json'); r.end(JSON.stringify({ keys: [] })); }
    else if (q.url.startsWith('/html')) { r.end('<html>login</html>'); }
    else if (q.url.startsWith('/notkeys')) { r.setHeader('content-type', 'application/json'); r.end('{"a":1}'); }
    else if (q.url.startsWith('/slow')) { setTimeout(() => r.end('{}'), 3000); }
    else { r.statusCode = 500; r.end('oops'); }
  }).listen(0); await new Promise((ok) => server.once('listening', ok));
  const base = `http://127.0.0.1:${server.address().port}`;
  const urls = { jwks_500: `${base}/500`, jwks_html: `${base}/html`, jwks_notkeys: `${base}/notkeys`, jwks_down: 'http://127.0.0.1:9/jwks', jwks_dns: 'http://keys.invalid/jwks', jwks_slow: `${base}/slow` };
  const checks = { issuer: good.iss, audience: 'web-prod' };
  for (const v of ['4', '5', '6']) {
    const name = 'jose' + v; const lib = await import(name).catch(() => null); if (!lib) continue; const ver = version(name);
    const key = rsa.publicKey;
    await each('jose', ver, (t, f) => lib.jwtVerify(t, key, { ...checks, subject: 'user-1', algorithms: f === 'alg' ? ['RS256'] : undefined, maxTokenAge: f === 'max_age' ? '1h' : undefined, requiredClaims: f.startsWith('no_') ? ['exp', 'iat', 'sub'] : [], typ: f === 'typ' ? 'JWT' : undefined }), ['jti', 'nonce', 'kid', 'no_kid']);
    const local = lib.createLocalJWKSet({ keys: [jwk, { ...jwk, kid: 'k2' }] });
    await attempt('jose', ver, 'kid', () => lib.jwtVerify(tokens.kid, local)); await attempt('jose', ver, 'no_kid', () => lib.jwtVerify(tokens.no_kid, local));
    for (const [f, u] of Object.entries(urls)) { const set = lib.createRemoteJWKSet(new URL(u), { timeoutDuration: 300 }); await attempt('jose', ver, f, () => lib.jwtVerify(tokens.valid, set)); }
    await attempt('jose', ver, 'key_bad', async () => lib.jwtVerify(tokens.valid, await lib.importSPKI('garbage', 'RS256')));
    await attempt('jose', ver, 'key_type', () => lib.jwtVerify(tokens.valid, secret));
    await attempt('jose', ver, 'no_key', () => lib.jwtVerify(tokens.valid, undefined));
    const jwe = await new lib.CompactEncrypt(Buffer.from('{}')).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(crypto.randomBytes(32));
    await attempt('jose', ver, 'jwe', () => lib.jwtDecrypt(jwe, crypto.randomBytes(32)));
    await attempt('jose', ver, 'two_segments', () => lib.jwtDecrypt('a.b', crypto.randomBytes(32)));
  }
  { // jose 2: synchronous
    const lib = require('jose2'); const ver = version('jose2'); const key = lib.JWK.asKey(rsa.publicKey);
    await each('jose', ver, (t, f) => lib.JWT.verify(t, key, { ...checks, subject: 'user-1', jti: f === 'jti' ? 'a' : undefined, nonce: f === 'nonce' ? 'n1' : undefined, algorithms: ['RS256'], maxTokenAge: f === 'max_age' ? '1h' : undefined, clockTolerance: '1s', typ: f === 'typ' ? 'JWT' : undefined }), ['kid', 'no_kid']);
    const store = new lib.JWKS.KeyStore([lib.JWK.asKey(rsa2.publicKey)]);
    await attempt('jose', ver, 'kid', () => lib.JWT.verify(tokens.kid, store));
    await attempt('jose', ver, 'key_bad', () => lib.JWK.asKey('garbage'));
  }
  for (const name of ['fast-jwt', 'fast-jwt3']) {
    const lib = require(name); const ver = version(name);
    await each('fast-jwt', ver, (t, f) => lib.createVerifier({ key: f === 'no_key' ? undefined : pem, algorithms: ['RS256'], allowedAud: 'web-prod', allowedIss: good.iss, allowedSub: 'user-1', allowedJti: f === 'jti' ? 'a' : undefined, allowedNonce: f === 'nonce' ? 'n1' : undefined, maxAge: f === 'max_age' ? 3600000 : undefined, requiredClaims: f.startsWith('no_') ? ['aud', 'iss', 'sub', 'exp', 'iat'] : undefined, checkTyp: f === 'typ' ? 'JWT' : undefined })(t), ['kid', 'no_kid']);
    await attempt('fast-jwt', ver, 'key_bad', () => lib.createVerifier({ key: 'garbage', algorithms: ['RS256'] })(tokens.valid));
    await attempt('fast-jwt', ver, 'key_fetch', () => lib.createVerifier({ key: async () => { throw new Error('connect ECONNREFUSED 127.0.0.1:9'); } })(tokens.valid));
    await attempt('fast-jwt', ver, 'alg', () => lib.createVerifier({ key: 'secret-secret' })(tokens.valid));
  }
  { const lib = require('jwt-simple'); const ver = version('jwt-simple');
    await each('jwt-simple', ver, (t, f) => lib.decode(t, f === 'no_key' ? undefined : pem, false, f === 'alg_unknown' ? undefined : 'RS256'));
    await attempt('jwt-simple', ver, 'no_key', () => lib.decode(tokens.valid, ''));
    await attempt('jwt-simple', ver, 'alg_unknown', () => lib.decode(tokens.alg_unknown, pem)); }
  { const lib = require('njwt'); const ver = version('njwt');
    const h = { expired: hs({ exp: now - 999 }), nbf: hs({ nbf: now + 999 }), wrong_key: hs({}).slice(0, -4) + 'AAAA', alg: tokens.valid, ...Object.fromEntries(['none', 'two_segments', 'garbage', 'bad_header', 'header_not_json', 'no_token', 'alg_unknown'].map((k) => [k, tokens[k]])) };
    for (const [f, t] of Object.entries(h)) await attempt('njwt', ver, f, () => lib.verify(t, secret));
    await attempt('njwt', ver, 'no_key', () => lib.verify(hs({}))); }
  { const lib = require('aws-jwt-verify'); const ver = version('aws-jwt-verify');
    const { JwtRsaVerifier, JwtVerifier, CognitoJwtVerifier } = lib; const V = JwtVerifier || JwtRsaVerifier;
    const v = V.create({ issuer: good.iss, audience: 'web-prod', jwksUri: 'https://auth.example.com/jwks' }); v.cacheJwks({ keys: [jwk, { ...jwk, kid: 'k2' }] });
    await each('aws-jwt-verify', ver, (t) => v.verify(t), ['kid']);
    const iss = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1Cd2Ef3';
    const c = CognitoJwtVerifier.create({ userPoolId: 'eu-west-1_Ab1Cd2Ef3', tokenUse: 'access', clientId: 'client-1', scope: 'orders.read', groups: 'admin' }); c.cacheJwks({ keys: [jwk] });
    const b = { iss, token_use: 'access', client_id: 'client-1', scope: 'orders.read', 'cognito:groups': ['admin'] };
    for (const [f, claims] of Object.entries({ token_use: { token_use: 'id' }, client_id: { client_id: 'client-2' }, scope: { scope: 'x' }, groups: { 'cognito:groups': ['staff'] }, iss: { iss: good.iss }, no_token_use: { token_use: undefined }, expired: { exp: now - 99 } }))
      await attempt('aws-jwt-verify', ver, f, () => c.verify(make({ ...b, ...claims })));
    for (const f of ['jwks_down', 'jwks_500', 'jwks_html', 'kid']) {
      const https = { jwks_down: 'https://127.0.0.1:9/jwks', jwks_500: base.replace('http', 'https') + '/500', jwks_html: 'https://keys.invalid/jwks', kid: null }[f];
      if (https) { const w = V.create({ issuer: good.iss, audience: null, jwksUri: https }); await attempt('aws-jwt-verify', ver, f.replace('html', 'dns'), () => w.verify(tokens.valid)); }
    }
    const w2 = V.create({ issuer: good.iss, audience: null, jwksUri: 'https://auth.example.com/j' }, { jwksCache: new (require('aws-jwt-verify/jwk').SimpleJwksCache)({ fetcher: { fetch: async () => Buffer.from(JSON.stringify({ keys: [jwk] })) } }) });
    await attempt('aws-jwt-verify', ver, 'kid', () => w2.verify(tokens.kid)); }
  { const jr = require('jwks-rsa'); const ver = version('jwks-rsa');
    await attempt('jwks-rsa', ver, 'kid', () => jr({ jwksUri: `${base}/jwks` }).getSigningKey('k9'));
    await attempt('jwks-rsa', ver, 'no_kid', () => jr({ jwksUri: `${base}/jwks` }).getSigningKey());
    for (const [f, u] of Object.entries({ ...urls, jwks_empty: `${base}/empty` })) await attempt('jwks-rsa', ver, f, () => jr({ jwksUri: u, timeout: 400 }).getSigningKey('k1'));
    const limited = jr({ jwksUri: `${base}/jwks`, cache: false, rateLimit: true, jwksRequestsPerMinute: 1 }); await attempt('jwks-rsa', ver, 'kid', () => limited.getSigningKey('k9')); await attempt('jwks-rsa', ver, 'jwks_rate', () => limited.getSigningKey('k8')); }
  const fakeReq = (authorization, extra = {}) => ({ headers: authorization === undefined ? {} : { authorization }, method: 'GET', url: '/orders', query: {}, body: undefined, get(n) { return this.headers[n.toLowerCase()]; }, is: () => false, ...extra });
  const asBearer = { header_scheme: 'Basic abc', header_form: 'Bearer a b', header_missing: undefined };
  { const ej = require('express-jwt').expressjwt; const ver = version('express-jwt');
    const mw = (o = {}) => ej({ secret: pem, algorithms: ['RS256'], audience: 'web-prod', issuer: good.iss, ...o });
    const go = (a, o) => new Promise((ok, no) => mw(o)(fakeReq(a), {}, (e) => e ? no(e) : ok()));
    for (const [f, a] of Object.entries(asBearer)) await attempt('express-jwt', ver, f, () => go(a));
    await each('express-jwt', ver, (t) => go('Bearer ' + t), ['empty', 'no_token']);
    await attempt('express-jwt', ver, 'revoked', () => go('Bearer ' + tokens.valid, { isRevoked: async () => true }));
    await attempt('express-jwt', ver, 'kid', () => go('Bearer ' + tokens.kid, { secret: require('jwks-rsa').expressJwtSecret({ jwksUri: `${base}/jwks` }) }));
    await attempt('express-jwt', ver, 'jwks_down', () => go('Bearer ' + tokens.kid, { secret: require('jwks-rsa').expressJwtSecret({ jwksUri: urls.jwks_down }) })); }
  { const kj = require('koa-jwt'); const ver = version('koa-jwt');
    const go = (a) => kj({ secret: pem, algorithms: ['RS256'], audience: 'web-prod', debug: true })(Object.assign({ request: fakeReq(a), header: fakeReq(a).headers, cookies: { get() {} }, state: {}, throw(s, m, p) { throw Object.assign(new Error(m), { name: 'UnauthorizedError' }); } }), async () => {});
    for (const [f, a] of Object.entries(asBearer)) await attempt('koa-jwt', ver, f, () => go(a)); }
  { const { auth } = require('express-oauth2-jwt-bearer'); const ver = version('express-oauth2-jwt-bearer');
    const mw = (o = {}) => auth({ issuer: good.iss, audience: 'web-prod', jwksUri: `${base}/jwks`, tokenSigningAlg: 'RS256', ...o });
    const go = (a, o) => new Promise((ok, no) => mw(o)(fakeReq(a), {}, (e) => e ? no(e) : ok()));
    for (const [f, a] of Object.entries(asBearer)) await attempt('express-oauth2-jwt-bearer', ver, f, () => go(a));
    await each('express-oauth2-jwt-bearer', ver, (t, f) => go('Bearer ' + t, { maxTokenAge: f === 'max_age' ? 3600 : undefined, strict: f === 'typ' }), ['empty', 'no_token']);
    for (const [f, u] of Object.entries(urls)) await attempt('express-oauth2-jwt-bearer', ver, f, () => go('Bearer ' + tokens.valid, { jwksUri: u, timeoutDuration: 300 }));
    for (const [f, u] of Object.entries(urls)) await attempt('express-oauth2-jwt-bearer', ver, f.replace('jwks', 'discovery'), () => go('Bearer ' + tokens.valid, { jwksUri: undefined, issuer: undefined, tokenSigningAlg: undefined, issuerBaseURL: u, timeoutDuration: 300 }));
    const { requiredScopes, claimEquals } = require('express-oauth2-jwt-bearer');
    await attempt('express-oauth2-jwt-bearer', ver, 'scope', () => new Promise((ok, no) => requiredScopes('admin')({ auth: { payload: { scope: 'x' } } }, {}, (e) => e ? no(e) : ok())));
    await attempt('express-oauth2-jwt-bearer', ver, 'claim', () => new Promise((ok, no) => claimEquals('tenant', 'a')({ auth: { payload: { tenant: 'b' } } }, {}, (e) => e ? no(e) : ok()))); }
  { const { OAuth2Client } = require('google-auth-library'); const ver = version('google-auth-library'); const c = new OAuth2Client();
    const certs = { k1: pem };
    await each('google-auth-library', ver, (t) => c.verifySignedJwtWithCertsAsync(t, certs, 'web-prod', [good.iss])); 
    await attempt('google-auth-library', ver, 'aud', () => c.verifySignedJwtWithCertsAsync(tokens.aud, certs, ['web-prod', 'b'], [good.iss])); }
  { const oc = require('openid-client5'); const ver = version('openid-client5');
    const is = new oc.Issuer({ issuer: good.iss, jwks_uri: `${base}/jwks`, token_endpoint: base }); const cl = new is.Client({ client_id: 'web-prod', client_secret: 's', id_token_signed_response_alg: 'RS256' });
    await each('openid-client', ver, (t, f) => cl.validateIdToken(t, f === 'nonce' ? 'n1' : undefined, 'userinfo', f === 'max_age' ? 60 : undefined));
    await attempt('openid-client', ver, 'nonce', () => cl.validateIdToken(tokens.nonce, 'n1', 'userinfo'));
    for (const [f, u] of Object.entries(urls)) { oc.custom.setHttpOptionsDefaults({ timeout: 400 }); const i2 = new oc.Issuer({ issuer: good.iss, jwks_uri: u }); const c2 = new i2.Client({ client_id: 'web-prod' }); await attempt('openid-client', ver, f, () => c2.validateIdToken(tokens.valid, null, 'userinfo')); await attempt('openid-client', ver, f.replace('jwks', 'discovery'), () => oc.Issuer.discover(u)); }
    await attempt('openid-client', ver, 'azp', () => cl.validateIdToken(make({ aud: ['web-prod', 'b'] }), null, 'userinfo')); await attempt('openid-client', ver, 'azp_wrong', () => cl.validateIdToken(make({ aud: ['web-prod', 'b'], azp: 'b' }), null, 'userinfo')); }
  { const nj = require('node-jose'); const ver = version('node-jose'); const ks = nj.JWK.createKeyStore(); await ks.add(jwk);
    for (const f of ['wrong_key', 'tampered', 'two_segments', 'garbage', 'kid', 'alg', 'none', 'bad_header', 'header_not_json', 'crit', 'no_token']) await attempt('node-jose', ver, f, () => nj.JWS.createVerify(ks).verify(tokens[f]));
    await attempt('node-jose', ver, 'jwe', () => nj.JWE.createDecrypt(ks).decrypt('a.b.c.d.e')); await attempt('node-jose', ver, 'key_bad', () => nj.JWK.asKey('garbage', 'pem')); }
  { const OV = require('@okta/jwt-verifier'); const ver = version('@okta/jwt-verifier'); const v = new OV({ issuer: 'https://auth.example.com/oauth2/default', testing: { disableHttpsCheck: true }, jwksUri: `${base}/jwks`, assertClaims: { tenant: 'a', 'groups.includes': ['admin'] } });
    await each('okta-jwt-verifier', ver, (t) => v.verifyAccessToken(t, 'web-prod'));
    const iss = 'https://auth.example.com/oauth2/default'; const mk = (c) => make({ iss, tenant: 'a', groups: ['admin'], ...c });
    for (const [f, c] of Object.entries({ aud: { aud: 'x' }, iss: { iss: 'https://x.example.com' }, claim: { tenant: 'b' }, claim2: { groups: ['x'] } })) await attempt('okta-jwt-verifier', ver, f.replace('2', ''), () => v.verifyAccessToken(mk(c), 'web-prod'));
    await attempt('okta-jwt-verifier', ver, 'nonce', () => v.verifyIdToken(mk({ nonce: 'x' }), 'web-prod', 'n1')); await attempt('okta-jwt-verifier', ver, 'no_nonce', () => v.verifyIdToken(mk({ nonce: undefined }), 'web-prod', 'n1'));
    for (const [f, u] of Object.entries(urls)) { const w = new OV({ issuer: iss, testing: { disableHttpsCheck: true }, jwksUri: u }); await attempt('okta-jwt-verifier', ver, f, () => w.verifyAccessToken(mk({}), 'web-prod')); if (f === 'jwks_dns') break; } }
  { const lib = require('@tsndr/cloudflare-worker-jwt'); const ver = version('@tsndr/cloudflare-worker-jwt'); const verify = lib.verify || lib.default.verify;
    await each('cloudflare-worker-jwt', ver, (t, f) => verify(t, f === 'alg' ? pem : pem, { algorithm: 'RS256', throwError: true })); }
  { const lib = await import('oauth4webapi').catch(() => null); const ver = version('oauth4webapi'); if (lib) {
    const as = { issuer: good.iss, jwks_uri: `${base}/jwks`, introspection_endpoint: base };
    const go = (t, o = {}) => lib.validateJwtAccessToken({ ...as, ...o }, new Request('https://api.example.com/p', { headers: t === undefined ? {} : { authorization: t } }), 'web-prod', { [lib.allowInsecureRequests]: true });
    await each('oauth4webapi', ver, (t) => go('Bearer ' + t.replace(/^[^.]+/, (h) => h)), ['no_token', 'empty']);
    const at = (c, h) => make({ client_id: 'c', ...c }, { typ: 'at+jwt', ...h });
    for (const [f, t] of Object.entries({ expired: at({ exp: now - 999 }), nbf: at({ nbf: now + 999 }), aud: at({ aud: 'x' }), iss: at({ iss: 'https://x.example.com' }), no_sub: at({ sub: undefined }), exp_string: at({ exp: 'x' }), kid: at({}, { kid: 'k9' }), wrong_key: make({ client_id: 'c' }, { typ: 'at+jwt' }, rsa2.privateKey) })) await attempt('oauth4webapi', ver, f, () => go('Bearer ' + t));
    for (const [f, a] of Object.entries(asBearer)) await attempt('oauth4webapi', ver, f, () => go(a)); for (const [f, u] of Object.entries(urls)) if (f !== 'jwks_slow') await attempt('oauth4webapi', ver, f, () => go('Bearer ' + at({}), { jwks_uri: u })); } }
  { const passport = require('passport-jwt'); const ver = version('passport-jwt');
    const go = (a, o = {}) => new Promise((ok, no) => { const s = new passport.Strategy({ jwtFromRequest: passport.ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: pem, algorithms: ['RS256'], audience: 'web-prod', issuer: good.iss, ...o }, (p, d) => d(null, p)); s.fail = no; s.error = no; s.success = ok; s.authenticate(fakeReq(a)); });
    await attempt('passport-jwt', ver, 'header_missing', () => go(undefined)); await each('passport-jwt', ver, (t) => go('Bearer ' + t), ['no_token', 'empty']); await attempt('passport-jwt', ver, 'no_key_config', () => go('Bearer x', { secretOrKey: undefined })); }
  server.close(); process.exit(0);
})().catch((e) => { console.error(e); process.exit(1); });
