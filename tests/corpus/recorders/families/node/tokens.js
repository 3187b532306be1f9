// Tokens made by hand, one fault each: a library that signs would refuse to make most of them.
const crypto = require('crypto');
const b64 = (v) => Buffer.from(typeof v === 'string' ? v : JSON.stringify(v)).toString('base64url');
const secret = Buffer.from('an-hmac-secret-of-thirty-two-bytes-or-more');
const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsa2 = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
const now = Math.floor(Date.now() / 1000);
const good = { iss: 'https://auth.example.com', aud: 'web-prod', sub: 'user-1', iat: now - 60, exp: now + 3600, jti: 'a', nonce: 'n1' };
function make(claims, header = {}, key = rsa.privateKey) {
  const h = { alg: 'RS256', typ: 'JWT', kid: 'k1', ...header };
  for (const k of Object.keys(h)) if (h[k] === undefined) delete h[k];
  const c = typeof claims === 'string' ? claims : { ...good, ...claims };
  if (typeof c === 'object') for (const k of Object.keys(c)) if (c[k] === undefined) delete c[k];
  const input = `${b64(h)}.${b64(c)}`;
  let sig = '';
  if (h.alg.startsWith('HS')) sig = crypto.createHmac('sha' + h.alg.slice(2), key).update(input).digest('base64url');
  else if (h.alg.startsWith('RS')) sig = crypto.sign('sha' + h.alg.slice(2), Buffer.from(input), key).toString('base64url');
  else if (h.alg.startsWith('ES')) sig = crypto.sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return `${input}.${sig}`;
}
const valid = make({});
const tampered = (() => { const [h, , s] = valid.split('.'); return `${h}.${b64({ ...good, sub: 'admin' })}.${s}`; })();
const tokens = {
  expired: make({ exp: now - 7200, iat: now - 9000 }),
  nbf: make({ nbf: now + 7200 }),
  iat_future: make({ iat: now + 7200 }),
  max_age: make({ iat: now - 86400 }),
  aud: make({ aud: 'web-staging' }),
  aud_list: make({ aud: ['web-staging', 'mobile'] }),
  iss: make({ iss: 'https://old.example.com' }),
  sub: make({ sub: 'user-2' }),
  jti: make({ jti: 'other' }),
  nonce: make({ nonce: 'other' }),
  no_aud: make({ aud: undefined }),
  no_iss: make({ iss: undefined }),
  no_sub: make({ sub: undefined }),
  no_exp: make({ exp: undefined }),
  no_iat: make({ iat: undefined }),
  exp_string: make({ exp: 'tomorrow' }),
  nbf_string: make({ nbf: 'now' }),
  iat_string: make({ iat: 'now' }),
  sub_number: make({ sub: 7 }),
  wrong_key: make({}, {}, rsa2.privateKey),
  tampered,
  alg: make({}, { alg: 'HS256' }, secret),
  alg_unknown: valid.replace(/^[^.]+/, b64({ alg: 'XS256', typ: 'JWT', kid: 'k1' })),
  none: valid.replace(/^[^.]+/, b64({ alg: 'none', typ: 'JWT' })).replace(/[^.]+$/, ''),
  two_segments: valid.split('.').slice(0, 2).join('.'),
  garbage: 'not-a-token',
  bad_header: valid.replace(/^[^.]+/, '!!!!'),
  header_not_json: valid.replace(/^[^.]+/, b64('{"alg":')),
  payload_not_json: make('hello'),
  empty: '',
  no_token: undefined,
  kid: make({}, { kid: 'k9' }),
  no_kid: make({}, { kid: undefined }),
  crit: make({}, { crit: ['x-policy'], 'x-policy': 1 }),
  typ: make({}, { typ: 'logout+jwt' }),
  valid,
};
const hs = (claims, header) => make(claims, { alg: 'HS256', ...header }, secret);
module.exports = { tokens, hs, make, secret, rsa, rsa2, ec, now, good, b64 };
