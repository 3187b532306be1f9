// Provokes the rejections of jwt-go 4.0.0-preview1, which many programs shipped for years.
package main

import (
	"time"

	"github.com/dgrijalva/jwt-go/v4"
)

type captures = map[string][]string

func main() { Record("preview/preview.go", append(checks(), verification()...)) }

func parse(token string, key any, options ...jwt.ParserOption) func() error {
	jwt.TimeFunc = func() time.Time { return now }
	return func() error {
		_, err := jwt.Parse(token, func(*jwt.Token) (any, error) { return key, nil }, options...)
		return err
	}
}

func checks() []Fault {
	wait, by := captures{"seconds": {"1m30s"}}, captures{"seconds": {"1h2m3s"}}
	web, noAudience := hs256(`{"aud":["web"]}`), jwt.WithAudience("api")
	expected := captures{"expected": {"api"}}
	foreign := hs256(`{"iss":"https://a.example"}`)
	return []Fault{
		{"token_expired", nil, by, parse(hs256(`{"exp":1699996277}`), secret)},
		{"token_not_yet_valid", nil, wait, parse(hs256(`{"nbf":1700000090}`), secret)},
		{"audience_mismatch", nil, expected, parse(web, secret, noAudience)},
		{"audience_mismatch", nil, nil, parse(web, secret)},
		{"issuer_mismatch", nil, nil, parse(foreign, secret, jwt.WithIssuer("https://b.example"))},
		{"claim_invalid", nil, nil, parse(hs256(`{"aud":[1]}`), secret)},
	}
}

func verification() []Fault {
	expectRSA := jwt.WithValidMethods([]string{"RS256"})
	hs := captures{"alg": {"HS256"}}
	known := func() error {
		_, err := jwt.Parse(hs256(good), jwt.KnownKeyfunc(jwt.SigningMethodRS256, secret))
		return err
	}
	return []Fault{
		{"signature_invalid", nil, nil, parse(hs256(good), otherSecret)},
		{"algorithm_mismatch", nil, hs, parse(hs256(good), secret, expectRSA)},
		{"unspecified", nil, nil, known},
		{"algorithm_mismatch", nil, nil, parse(segment(head("XS1"))+".e30.c2ln", secret)},
		{"token_malformed", nil, nil, parse("opaque-session-4711", secret)},
		{"token_malformed", nil, nil, parse("Bearer "+hs256(good), secret)},
		{"token_malformed", nil, nil, parse("%"+hs256(good), secret)},
		{"token_malformed", nil, nil, parse(segment(`{"alg"`)+".e30.c2ln", secret)},
		{"key_missing", nil, nil, func() error { _, err := jwt.Parse(hs256(good), nil); return err }},
	}
}
