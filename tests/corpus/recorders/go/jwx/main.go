// Provokes the rejections of jwx.
package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jwt"
)

func main() {
	Record(append(append(append(claims(), signatures()...), append(shapes(), sets()...)...), newest()...))
}

func clock() jwt.ValidateOption {
	return jwt.WithClock(jwt.ClockFunc(func() time.Time { return now }))
}

func check(content string, options ...jwt.ParseOption) func() error {
	return parse(hs256(content), append(options, withKey("HS256", secret))...)
}

func parse(token string, options ...jwt.ParseOption) func() error {
	return func() error {
		options := append(options, clock(), jwt.WithValidate(true))
		_, err := jwt.Parse([]byte(token), options...)
		return err
	}
}

func claims() []Fault {
	claim := func(name string) captures { return captures{"claim": {name}} }
	issuer, audience := jwt.WithIssuer("https://auth.example.com"), jwt.WithAudience("api")
	return []Fault{
		{"token_expired", nil, nil, check(`{"exp":1699999000}`)},
		{"token_not_yet_valid", nil, nil, check(`{"nbf":1700009000}`)},
		{"issued_in_future", nil, nil, check(`{"iat":1700009000}`)},
		{"issuer_mismatch", nil, nil, check(`{"iss":"https://a.example"}`, issuer)},
		{"audience_mismatch", nil, nil, check(`{"aud":"web"}`, audience)},
		{"subject_mismatch", nil, nil, check(`{"sub":"a"}`, jwt.WithSubject("b"))},
		{"claim_mismatch", nil, claim("jti"), check(`{"jti":"a"}`, jwt.WithJwtID("b"))},
		{"claim_mismatch", nil, claim("nonce"), check(`{"nonce":"a"}`, jwt.WithClaimValue("nonce", "b"))},
		{"claim_missing", nil, claim("nonce"), check(`{"a":1}`, jwt.WithClaimValue("nonce", "b"))},
		{"claim_missing", nil, claim("exp"), check(`{"a":1}`, jwt.WithRequiredClaim("exp"))},
		{"claim_invalid", nil, claim("exp"), check(`{"exp":"tomorrow"}`)},
		{"claim_invalid", nil, claim("sub"), check(`{"sub":7}`)},
		{"claim_invalid", nil, claim("aud"), check(`{"aud":7}`)},
		{"token_too_old", nil, nil, check(`{"iat":1699990000}`, age())},
	}
}

func age() jwt.ValidateOption { return jwt.WithMaxDelta(time.Minute, "", "iat") }

func signatures() []Fault {
	held := hs256(good)
	kid := func(name string) string {
		return signed(`{"alg":"HS256","kid":"`+name+`"}`, good, mac)
	}
	set := keySet(`{"keys":[{"kty":"oct","k":"AAAA","kid":"k1","alg":"HS256"},{"kty":"oct","k":"AAAB","kid":"k2","alg":"HS256"}]}`)
	empty := keySet(`{"keys":[]}`)
	return []Fault{
		{"signature_invalid", nil, nil, parse(held, withKey("HS256", otherSecret))},
		{"signature_invalid", nil, nil, parse(rs256(good), withKey("RS256", &otherRSAKey.PublicKey))},
		{"signature_invalid", nil, nil, parse(es256(good), withKey("ES256", &otherECKey.PublicKey))},
		{"signature_invalid", nil, nil, parse(eddsa(good), withKey("EdDSA", otherEdKey.Public()))},
		{"key_not_found", nil, captures{"kid": {"k9"}}, parse(kid("k9"), jwt.WithKeySet(set))},
		{"signature_invalid", nil, nil, parse(kid("k1"), jwt.WithKeySet(set))},
		{"key_not_found", nil, nil, parse(held, jwt.WithKeySet(set))},
		{"key_not_found", nil, nil, parse(kid("k9"), jwt.WithKeySet(empty))},
		{"key_invalid", nil, nil, parse(rs256(good), withKey("RS256", secret))},
	}
}

func shapes() []Fault {
	key := withKey("HS256", secret)
	return []Fault{
		{"token_malformed", nil, nil, parse("abc", key)},
		{"token_malformed", nil, nil, parse("a.b", key)},
		{"token_malformed", nil, nil, parse("!.b.c", key)},
		{"token_malformed", nil, nil, parse("a.b.c.d.e", key)},
		{"token_malformed", nil, nil, parse(segment("{x")+"."+segment(good)+".AAAA", key)},
		{"token_malformed", nil, nil, parse(hs256(`not json`), key)},
		{"token_malformed", nil, nil, parse("", key)},
		{"header_missing", nil, nil, request("", "")},
		{"header_missing", nil, nil, request("Authorization", "")},
		{"token_malformed", nil, nil, request("Authorization", "Bearer abc")},
	}
}

func request(name, value string) func() error {
	return func() error {
		call := httptest.NewRequest(http.MethodGet, "/orders", nil)
		if name != "" {
			call.Header.Set(name, value)
		}
		_, err := jwt.ParseRequest(call, withKey("HS256", secret))
		return err
	}
}

func keySet(text string) jwk.Set { return must(jwk.Parse([]byte(text))) }

func sets() []Fault {
	fetch := func(address string) func() error {
		return func() error {
			_, err := jwk.Fetch(context.Background(), address)
			if err != nil {
				return fmt.Errorf("failed to load the key set for the token: %w", err)
			}
			return nil
		}
	}
	server := func(status int, body string) string {
		return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		})).URL
	}
	return []Fault{
		{"jwks_unavailable", nil, captures{"status": {"503"}}, fetch(server(503, "busy"))},
		{"jwks_unavailable", nil, nil, fetch(server(200, "<html>"))},
		{"jwks_unavailable", nil, nil, fetch("http://127.0.0.1:1/jwks.json")},
	}
}

func mac(content []byte) []byte {
	hash := hmac.New(sha256.New, secret)
	hash.Write(content)
	return hash.Sum(nil)
}
