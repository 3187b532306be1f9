// Provokes the rejections of go-jose.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

func main() {
	Record(append(append(append(claims(), signatures()...), shapes()...), append(versioned(), latest()...)...))
}

func check(content string, expected jwt.Expected) func() error {
	return func() error {
		token, err := parseSigned(hs256(content))
		if err != nil {
			return err
		}
		var held jwt.Claims
		if err := token.Claims(secret, &held); err != nil {
			return err
		}
		expected.Time = now
		return held.Validate(expected)
	}
}

func claims() []Fault {
	return []Fault{
		{"token_expired", nil, nil, check(`{"exp":1699999000}`, jwt.Expected{})},
		{"token_not_yet_valid", nil, nil, check(`{"nbf":1700009000}`, jwt.Expected{})},
		{"issued_in_future", nil, nil, check(`{"iat":1700009000}`, jwt.Expected{})},
		{
			"issuer_mismatch", nil, nil,
			check(`{"iss":"https://a.example"}`, jwt.Expected{Issuer: "https://b.example"}),
		},
		{"subject_mismatch", nil, nil, check(`{"sub":"a"}`, jwt.Expected{Subject: "b"})},
		{"claim_mismatch", nil, nil, check(`{"jti":"a"}`, jwt.Expected{ID: "b"})},
		{"audience_mismatch", nil, nil, check(`{"aud":"web"}`, audience("api"))},
		{"claim_invalid", nil, nil, check(`{"aud":7}`, jwt.Expected{})},
		{"claim_invalid", nil, nil, check(`{"exp":"tomorrow"}`, jwt.Expected{})},
	}
}

func verify(token string, key any) func() error {
	return func() error {
		parsed, err := parseSigned(token)
		if err != nil {
			return err
		}
		return parsed.Claims(key, &jwt.Claims{})
	}
}

func jwk(text string) func() error {
	return func() error { return json.Unmarshal([]byte(text), &jose.JSONWebKey{}) }
}

func signatures() []Fault {
	return []Fault{
		{"signature_invalid", nil, nil, verify(hs256(good), otherSecret)},
		{"signature_invalid", nil, nil, verify(es256(good), &otherECKey.PublicKey)},
		{"key_invalid", nil, nil, verify(hs256(good), "a string")},
		{"key_invalid", nil, nil, jwk(`{"kty":"XYZ"}`)},
		{"key_invalid", nil, nil, jwk(`{"kty":"RSA"}`)},
		{"key_invalid", nil, nil, jwk(`{"kty":"EC","crv":"P-999"}`)},
		{"key_invalid", nil, nil, jwk(`{"kty":"EC","crv":"P-256"}`)},
		{"key_invalid", nil, nil, jwk(`{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}`)},
		{"key_invalid", nil, nil, jwk(`{"kty":"OKP","crv":"Ed25519"}`)},
	}
}

func sealedToken() string {
	recipient := jose.Recipient{Algorithm: jose.DIRECT, Key: secret[:16]}
	options := (&jose.EncrypterOptions{}).WithType("JWT")
	encrypter := must(jose.NewEncrypter(jose.A128GCM, recipient, options))
	return must(must(encrypter.Encrypt([]byte(good))).CompactSerialize())
}

func shapes() []Fault {
	decrypt := func(token string, key any) func() error {
		return func() error {
			parsed, err := parseEncrypted(token)
			if err != nil {
				return err
			}
			return parsed.Claims(key, &jwt.Claims{})
		}
	}
	embedded := `{"alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}}`
	return []Fault{
		{"token_malformed", nil, nil, verify("abc", secret)},
		{"token_malformed", nil, nil, verify("a.b", secret)},
		{"token_malformed", nil, nil, decrypt("a.b.c", secret)},
		{"header_unsupported", nil, nil, verify(signed(embedded, good, mac), secret)},
	}
}

func mac(content []byte) []byte {
	hash := hmac.New(sha256.New, secret)
	hash.Write(content)
	return hash.Sum(nil)
}
