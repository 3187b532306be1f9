package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwe"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"
	"github.com/lestrrat-go/jwx/v3/jwt"
)

// newest provokes what version 3.1 and later say.
func newest() []Fault {
	return append(append(headers(), sets3()...), encrypted()...)
}

func headers() []Fault {
	with := func(header string, options ...jwt.ParseOption) func() error {
		return parse(signed(header, good, mac), options...)
	}
	key := withKey("HS256", secret)
	keys := func(text string, options ...any) jwt.ParseOption { return jwt.WithKeySet(keySet(text), options...) }
	one := `{"keys":[{"kty":"oct","k":"AAAA","kid":"k1","use":"enc","alg":"HS256"}]}`
	noAlg := `{"keys":[{"kty":"oct","k":"AAAA","kid":"k1"}]}`
	rsa := `{"keys":[{"kty":"RSA","n":"` + strings.Repeat("u", 342) + `","e":"AQAB","kid":"k1"}]}`
	loose, infer := jws.WithRequireKid(false), jws.WithInferAlgorithmFromKey(true)
	kid := captures{"kid": {"k1"}}
	return []Fault{
		{"header_unsupported", nil, nil, with(`{"alg":"HS256","crit":["x"],"x":1}`, key)},
		{"header_unsupported", nil, nil, with(`{"alg":"HS256","crit":[]}`, key)},
		{"header_unsupported", nil, nil, with(`{"alg":"HS256","crit":["x"]}`, key)},
		{"header_unsupported", nil, nil, with(`{"alg":"HS256","crit":["alg"]}`, key)},
		{"header_unsupported", nil, nil, with(`{"alg":"HS256","b64":false}`, key)},
		{"algorithm_mismatch", nil, captures{"alg": {"HS256"}, "expected": {"HS512"}},
			with(`{"alg":"HS256"}`, withKey("HS512", secret))},
		{"key_not_found", nil, kid, with(`{"alg":"HS256","kid":"k1"}`, keys(one))},
		{"key_not_found", nil, nil, with(`{"alg":"HS256","kid":"k1"}`, keys(noAlg))},
		{"key_not_found", nil, nil, with(`{"alg":"HS256"}`, keys(noAlg, loose))},
		{"key_not_found", nil, nil, with(`{"alg":"HS256"}`, keys(`{"keys":[]}`, loose, infer))},
		{"algorithm_mismatch", nil, nil, with(`{"alg":"HS256","kid":"k1"}`, keys(rsa, infer))},
		{"signature_invalid", nil, nil, with(`{"alg":"HS256"}`, keys(
			`{"keys":[{"kty":"oct","k":"AAAA"},{"kty":"oct","k":"AAAB"}]}`, loose, infer))},
		{"signature_invalid", nil, nil, func() error {
			_, err := jws.Verify([]byte(hs256(good)), jws.WithKey(jwa.HS256(), otherSecret))
			return err
		}},
		{"token_malformed", nil, nil, func() error {
			_, err := jws.Parse([]byte(`{"signatures":[{"header":{"alg":"HS256"}}],"header":{"kid":"a"},"payload":"AAAA"}`))
			return err
		}},
	}
}

func sets3() []Fault {
	serve := func(answer http.HandlerFunc, options ...jwk.FetchOption) func() error {
		return func() error {
			_, err := jwk.Fetch(context.Background(), httptest.NewServer(answer).URL, options...)
			return err
		}
	}
	body := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
	}
	again := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/next", http.StatusFound) }
	return []Fault{
		{"jwks_unavailable", nil, nil, serve(again)},
		{"jwks_unavailable", nil, nil, serve(body(`{"keys":[]}`), jwk.WithMaxFetchBodySize(4))},
		{"jwks_unavailable", nil, nil, serve(body(`{"keys":{}}`))},
		{"jwks_unavailable", nil, nil, serve(body(`{"keys":null}`))},
		{"jwks_unavailable", nil, nil, serve(body(`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}`))},
		{"jwks_unavailable", nil, nil, serve(body(`{"keys":[{"kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"}]}`))},
		{"jwks_unavailable", nil, nil, serve(body(`[]`))},
		{"jwks_unavailable", nil, nil, serve(body(``))},
		{"jwks_unavailable", nil, nil, serve(body(`{"keys":[{"kty":"XYZ"}]}`))},
		{"jwks_unavailable", nil, nil, serve(body(`{"keys":[]}`), jwk.WithFetchWhitelist(jwk.NewMapWhitelist()))},
	}
}

func encrypted() []Fault {
	token := func(key any, alg jwa.KeyEncryptionAlgorithm) string {
		return string(must(jwe.Encrypt([]byte(good), jwe.WithKey(alg, key))))
	}
	wrapped := token(secret[:32], jwa.A256KW())
	decrypt := func(text string, options ...jwe.DecryptOption) func() error {
		return func() error {
			_, err := jwe.Decrypt([]byte(text), options...)
			return err
		}
	}
	set := jwe.WithKeySet(keySet(`{"keys":[{"kty":"oct","k":"AAAA","kid":"k1","use":"sig"}]}`))
	loose := jwe.WithKeySet(keySet(`{"keys":[{"kty":"oct","k":"AAAA","kid":"k1","use":"sig"}]}`), jwe.WithRequireKid(false))
	return []Fault{
		{"decryption_failed", nil, nil, decrypt(wrapped, jwe.WithKey(jwa.A256KW(), otherSecret[:32]))},
		{"algorithm_mismatch", nil, nil, decrypt(wrapped, jwe.WithKey(jwa.A128KW(), secret[:16]))},
		{"key_not_found", nil, nil, decrypt(wrapped, set)},
		{"key_not_found", nil, nil, decrypt(wrapped, loose)},
		{"token_malformed", nil, nil, decrypt("a.b.c", jwe.WithKey(jwa.A256KW(), secret[:32]))},
		{"decryption_failed", nil, nil, decrypt(
			token(secret[:32], jwa.DIRECT()), jwe.WithKey(jwa.DIRECT(), otherSecret[:32]))},
		{"header_unsupported", nil, nil, decrypt(
			string(must(jwe.Encrypt([]byte(good), jwe.WithKey(jwa.PBES2_HS256_A128KW(), secret), jwe.WithPBES2Count(20000)))),
			jwe.WithKey(jwa.PBES2_HS256_A128KW(), secret), jwe.WithMaxPBES2Count(10000))},
	}
}
