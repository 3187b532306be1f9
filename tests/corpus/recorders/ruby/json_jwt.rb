# Prints one JSON line per check of json-jwt and openid_connect, as Debian ships them. Usage: ruby json_jwt.rb
$VERBOSE = nil
require 'set'
require 'logger'
require 'openid_connect'
require_relative 'tokens'
require_relative 'coats'

VERSION = $LOADED_FEATURES.grep(%r{/json-jwt-([\d.]+)/}) { Regexp.last_match(1) }.first
KEY = Tokens::SECRET
IdToken = OpenIDConnect::ResponseObject::IdToken

def claims(extra = {})
  { iss: 'https://idp.example.com', sub: 'user-1', aud: 'orders', nonce: 'n1',
    exp: Tokens::NOW + 600, iat: Tokens::NOW }.merge(extra)
end

def id_token(extra, expected = {})
  -> { IdToken.new(claims(extra)).verify!({ issuer: 'https://idp.example.com', client_id: 'orders', nonce: 'n1' }.merge(expected)) }
end

def decode(text, key = KEY, *rest)
  -> { JSON::JWT.decode(text, key, *rest) }
end

SET = JSON::JWK::Set.new([{ kty: 'oct', kid: 'key-1', k: Tokens.b64(KEY) }])
GOOD = Tokens.of({ 'sub' => 'user-1' })

CASES = [
  ['token_expired', id_token({ exp: Tokens::NOW - 600 })],
  ['issuer_mismatch', id_token({ iss: 'https://b.example.com' })],
  ['claim_mismatch', id_token({ nonce: 'n2' })],
  ['audience_mismatch', id_token({ aud: 'billing' })],
  ['signature_invalid', decode(Tokens.of({ 'a' => 1 }, secret: Tokens::OTHER))],
  ['key_not_found', decode(Tokens.of({ 'a' => 1 }, header: { 'kid' => 'key-2' }), SET)],
  ['algorithm_mismatch', decode(GOOD, KEY, [:RS256])],
  ['algorithm_mismatch', decode(Tokens.of({ 'a' => 1 }, header: { 'alg' => 'XX999' }))],
  ['algorithm_mismatch', decode(Tokens.unsigned({ 'a' => 1 }))],
  ['token_malformed', decode('abc.def')],
  ['token_malformed', decode('a.b.c.d')],
  ['key_invalid', -> { JSON::JWK.new(kty: 'ABC', kid: 'x').to_key }],
  ['key_invalid', -> { JSON::JWK.new(kty: 'EC', crv: 'P-1', x: 'a', y: 'b').to_key }],
  ['decryption_failed', -> { JSON::JWE.decode_compact_serialized(%w[h k i c t].map { |part| Tokens.b64("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}#{part * 0}") }.join('.'), 'k' * 16) }]
].freeze

turn = 0
CASES.each do |reason, act|
  begin
    act.call
    warn "nothing said for #{reason}"
    next
  rescue StandardError => e
    error = e
  end
  unless error.class.name =~ /\A(?:JSON::|OpenIDConnect)/
    warn "#{reason}: #{error.class} #{error.message}"
    next
  end
  [1, 2, 4, 6, 7].each_with_index do |coat, nth|
    next unless ((turn + nth) % 2).zero?

    puts JSON.generate({ text: neat(COATS[coat].call(error)), reason: reason, outcome: 'rejected', also: [], captures: {},
                         library: 'json-jwt', version: VERSION, origin: 'recorded',
                         program: 'tests/corpus/recorders/ruby/json_jwt.rb' })
  end
  turn += 1
end
