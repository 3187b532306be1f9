# Tokens and keys made by hand: the library refuses to make the broken ones.
require 'openssl'
require 'json'

module Tokens
  SECRET = 'a-secret-of-more-than-thirty-two-bytes!!'.freeze
  OTHER = 'another-secret-of-thirty-two-bytes-or-so'.freeze
  NOW = Time.now.to_i
  RSA = OpenSSL::PKey::RSA.new(2048)

  module_function

  def b64(text)
    [text].pack('m0').tr('+/', '-_').delete('=')
  end

  def of(payload, header: {}, secret: SECRET)
    body = "#{b64(JSON.generate({ 'alg' => 'HS256', 'typ' => 'JWT' }.merge(header)))}.#{b64(JSON.generate(payload))}"
    "#{body}.#{b64(OpenSSL::HMAC.digest('SHA256', secret, body))}"
  end

  def unsigned(payload, header: { 'alg' => 'none' })
    "#{b64(JSON.generate(header))}.#{b64(JSON.generate(payload))}."
  end
end
