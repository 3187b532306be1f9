# One entry per check: [name, reason, versions (nil: all), captures, what to run, also].
require_relative 'tokens'

GOOD = Tokens.of({ 'sub' => 'user-1' })
KEY = Tokens::SECRET
HS = { algorithm: 'HS256' }.freeze

def claims(payload, options = {})
  -> { JWT.decode(Tokens.of(payload), KEY, true, HS.merge(options)) }
end

def header(extra, key = KEY, options = HS)
  -> { JWT.decode(Tokens.of({ 'sub' => 'user-1' }, header: extra), key, true, options) }
end

def token(text, key = KEY, options = HS)
  -> { JWT.decode(text, key, true, options) }
end

def jwks(extra, keys)
  header(extra, nil, algorithms: ['RS256'], jwks: keys)
end

JWK = { keys: [{ kty: 'oct', kid: 'key-1', k: Tokens.b64(KEY) }] }.freeze
OLD = %w[1.5.0 1.5.6 2.0.0 2.2.3].freeze
NEW = %w[2.5.0 2.8.2 2.9.3 2.10.2 3.0.0 3.2.0].freeze
JWKS = %w[2.3.0 2.5.0 2.8.2 2.10.2 3.0.0 3.2.0].freeze

CASES = [
  ['expired', 'token_expired', nil, {}, claims({ 'exp' => Tokens::NOW - 600 })],
  ['nbf', 'token_not_yet_valid', nil, {}, claims({ 'nbf' => Tokens::NOW + 600 })],
  ['iat in future', 'issued_in_future', nil, {}, claims({ 'iat' => Tokens::NOW + 600 }, verify_iat: true)],
  ['wrong secret', 'signature_invalid', nil, {}, token(Tokens.of({ 'sub' => 'user-1' }, secret: Tokens::OTHER))],
  ['iss', 'issuer_mismatch', nil, { 'expected' => ['https://idp.example.com'], 'actual' => ['https://old.example.com'] },
   claims({ 'iss' => 'https://old.example.com' }, iss: 'https://idp.example.com', 'iss' => 'https://idp.example.com', verify_iss: true)],
  ['iss list', 'issuer_mismatch', %w[1.5.6 2.5.0 2.9.3 3.2.0], { 'actual' => ['https://old.example.com'] },
   claims({ 'iss' => 'https://old.example.com' }, iss: ['https://idp.example.com', 'https://b.example.com'], verify_iss: true)],
  ['no iss', 'claim_missing', %w[1.5.6 2.0.0 2.5.0 2.10.2 3.2.0], { 'expected' => ['https://idp.example.com'] },
   claims({ 'sub' => 'user-1' }, iss: 'https://idp.example.com', verify_iss: true)],
  ['aud', 'audience_mismatch', nil, { 'expected' => ['orders'], 'actual' => ['billing'] },
   claims({ 'aud' => 'billing' }, aud: 'orders', 'aud' => 'orders', verify_aud: true)],
  ['aud list', 'audience_mismatch', %w[2.2.3 2.5.0 2.9.3 3.2.0], { 'actual' => ['billing', 'reports'] },
   claims({ 'aud' => %w[billing reports] }, aud: %w[orders carts], verify_aud: true)],
  ['no aud', 'claim_missing', %w[2.0.0 2.5.0 2.10.2 3.2.0], { 'expected' => ['orders'] },
   claims({ 'sub' => 'user-1' }, aud: 'orders', verify_aud: true)],
  ['sub', 'subject_mismatch', nil, { 'expected' => ['user-2'], 'actual' => ['user-1'] },
   claims({ 'sub' => 'user-1' }, sub: 'user-2', 'sub' => 'user-2', verify_sub: true)],
  ['no sub', 'claim_missing', %w[2.0.0 2.8.2 3.2.0], { 'expected' => ['user-2'] },
   claims({ 'aud' => 'x' }, sub: 'user-2', verify_sub: true)],
  ['no jti', 'claim_missing', OLD[1..] + NEW, {}, claims({ 'sub' => 'user-1' }, verify_jti: true)],
  ['jti refused', 'claim_mismatch', OLD[1..] + NEW, {}, claims({ 'jti' => 'a1' }, verify_jti: ->(_jti) { false })],
  ['jti digest', 'claim_mismatch', ['1.5.0'], {}, claims({ 'jti' => 'a1', 'iat' => Tokens::NOW }, 'jti' => 'a1', verify_jti: true)],
  ['jti without iat', 'claim_missing', ['1.5.0'], {}, claims({ 'jti' => 'a1' }, 'jti' => 'a1', verify_jti: true)],
  ['required', 'claim_missing', %w[2.5.0 2.8.2 2.10.2 3.2.0], { 'claim' => ['tenant'] },
   claims({ 'sub' => 'user-1' }, required_claims: ['tenant'])],
  ['exp text', 'claim_invalid', %w[3.2.0], { 'claim' => ['exp'] },
   -> { JWT::EncodedToken.new(Tokens.of({ 'exp' => 'soon' })).verify_claims!(:numeric) }],
  ['no crit', 'header_unsupported', %w[2.10.2 3.0.0 3.2.0], {},
   -> { t = JWT::EncodedToken.new(GOOD); t.verify_claims!(crit: ['b64']) }],
  ['crit text', 'header_unsupported', %w[2.10.2 3.2.0], {},
   -> { t = JWT::EncodedToken.new(Tokens.of({ 'a' => 1 }, header: { 'crit' => 'b64' })); t.verify_claims!(crit: ['b64']) }],
  ['crit other', 'header_unsupported', %w[2.10.2 3.2.0], {},
   -> { t = JWT::EncodedToken.new(Tokens.of({ 'a' => 1 }, header: { 'crit' => ['exp'] })); t.verify_claims!(crit: ['b64']) }],
  ['not verified', 'unspecified', %w[3.0.0 3.2.0], {}, -> { JWT::EncodedToken.new(GOOD).payload }],
  ['wrong alg', 'algorithm_mismatch', OLD + NEW, {}, header({ 'alg' => 'HS512' })],
  ['none', 'algorithm_mismatch', NEW, {}, token(Tokens.unsigned({ 'sub' => 'user-1' }))],
  ['no alg header', 'algorithm_mismatch', %w[2.9.3 3.2.0], {}, token(Tokens.unsigned({ 'a' => 1 }, header: { 'typ' => 'JWT' }))],
  ['no algorithm given', 'algorithm_mismatch', %w[2.2.3 2.5.0 2.9.3 3.2.0], {}, token(GOOD, KEY, algorithms: [])],
  ['alg unknown', 'algorithm_mismatch', %w[1.5.0 2.0.0 2.9.3 3.2.0], {}, header({ 'alg' => 'XX999' }, KEY, algorithm: 'XX999')],
  ['ec curve', 'algorithm_mismatch', %w[1.5.6 2.3.0 2.8.2 3.2.0], {},
   -> { k = OpenSSL::PKey::EC.generate('prime256v1'); JWT.decode(Tokens.of({ 'a' => 1 }, header: { 'alg' => 'ES512' }), k, true, algorithm: 'ES512') }],
  ['nil token', 'header_missing', nil, {}, token(nil)],
  ['one segment', 'token_malformed', nil, {}, token('abc')],
  ['two segments', 'token_malformed', nil, {}, token('abc.def')],
  ['bad json', 'token_malformed', nil, {}, token("#{Tokens.b64('hello')}.#{Tokens.b64('{}')}.c2ln")],
  ['bad base64', 'token_malformed', %w[1.5.6 2.2.3 2.5.0 2.9.3 3.2.0], {}, token('e$y.%%%.x')],
  ['header array', 'token_malformed', %w[2.10.2 3.2.0], {}, token("#{Tokens.b64('[1]')}.#{Tokens.b64('{}')}.c2ln")],
  ['no key', 'key_missing', NEW, {}, token(GOOD, nil)],
  ['empty secret', 'key_missing', %w[2.7.1 2.8.2 3.2.0], {}, token(GOOD, '')],
  ['key of other type', 'key_invalid', %w[2.8.2 2.9.3 3.0.0 3.2.0], {}, token(GOOD, 12)],
  ['short key', 'key_invalid', ['3.2.0'], {},
   lambda {
     JWT.configuration.decode.enforce_hmac_key_length = true
     JWT.decode(GOOD, 'short', true, HS)
   }],
  ['rsa key text', 'key_invalid', %w[2.9.3 2.10.2 3.0.0 3.2.0], {}, header({ 'alg' => 'RS256' }, 'text', algorithm: 'RS256')],
  ['no kid', 'key_not_found', JWKS, {}, jwks({ 'alg' => 'RS256' }, JWK)],
  ['kid number', 'header_unsupported', %w[2.8.2 3.2.0], {}, jwks({ 'alg' => 'RS256', 'kid' => 7 }, JWK)],
  ['kid unknown', 'key_not_found', JWKS, { 'kid' => ['key-2'] }, jwks({ 'alg' => 'RS256', 'kid' => 'key-2' }, JWK)],
  ['no keys', 'jwks_unavailable', JWKS, {}, jwks({ 'alg' => 'RS256', 'kid' => 'key-2' }, { keys: [] })],
  ['jwk without kty', 'key_invalid', JWKS, {}, jwks({ 'alg' => 'RS256', 'kid' => 'key-2' }, { keys: [{ kid: 'key-2' }] })],
  ['jwk other kty', 'key_invalid', %w[2.5.0 3.2.0], {}, jwks({ 'alg' => 'RS256', 'kid' => 'key-2' }, { keys: [{ kid: 'key-2', kty: 'ABC' }] })],
  ['jwk rsa bare', 'key_invalid', %w[2.3.0 2.8.2 3.2.0], {}, jwks({ 'alg' => 'RS256', 'kid' => 'key-2' }, { keys: [{ kid: 'key-2', kty: 'RSA' }] })],
  ['jwk ec bare', 'key_invalid', %w[2.5.0 2.8.2 3.2.0], {}, jwks({ 'alg' => 'RS256', 'kid' => 'key-2' }, { keys: [{ kid: 'key-2', kty: 'EC' }] })],
  ['jwk alg', 'algorithm_mismatch', ['3.2.0'], {},
   -> { JWT::EncodedToken.new(GOOD).verify_signature!(algorithm: 'RS256', key: JWT::JWK.new({ kty: 'oct', kid: 'key-1', k: Tokens.b64(KEY), alg: 'HS256' })) }],
  ['x5c untrusted', 'signature_invalid', %w[2.5.0 3.2.0], {},
   lambda {
     cert = OpenSSL::X509::Certificate.new
     cert.public_key = Tokens::RSA.public_key
     cert.subject = cert.issuer = OpenSSL::X509::Name.parse('/CN=signer.example.com')
     cert.not_before = Time.now - 60
     cert.not_after = Time.now + 60
     cert.sign(Tokens::RSA, 'SHA256')
     t = Tokens.of({ 'a' => 1 }, header: { 'alg' => 'RS256', 'x5c' => [[cert.to_der].pack('m0')] })
     JWT.decode(t, nil, true, algorithms: ['RS256'], x5c: { root_certificates: [] })
   }]
].freeze
