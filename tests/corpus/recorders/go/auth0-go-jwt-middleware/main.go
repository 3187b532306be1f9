// Provokes the rejections of auth0/go-jwt-middleware.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	jwtmiddleware "github.com/auth0/go-jwt-middleware/v2"
	"github.com/auth0/go-jwt-middleware/v2/jwks"
	"github.com/auth0/go-jwt-middleware/v2/validator"
)

const issuer = "https://auth.example.com/"

func main() {
	Record(append(append(claims(), tokens()...), answers()...))
}

type keyFunc = func(context.Context) (any, error)

func holds(key any) keyFunc { return func(context.Context) (any, error) { return key, nil } }

func build(keys keyFunc, options ...validator.Option) *validator.Validator {
	return must(validator.New(keys, validator.HS256, issuer, []string{"api"}, options...))
}

// seen returns the error that the middleware hands to its error handler.
func seen(header string, made *validator.Validator) func() error {
	return func() error {
		var got error
		onError := func(_ http.ResponseWriter, _ *http.Request, err error) { got = err }
		middleware := jwtmiddleware.New(made.ValidateToken, jwtmiddleware.WithErrorHandler(onError))
		call(middleware, header)
		return got
	}
}

func call(middleware *jwtmiddleware.JWTMiddleware, header string) string {
	request := httptest.NewRequest(http.MethodGet, "/orders", nil)
	if header != "" {
		request.Header.Set("Authorization", header)
	}
	answer := httptest.NewRecorder()
	middleware.CheckJWT(http.NotFoundHandler()).ServeHTTP(answer, request)
	return string(must(io.ReadAll(answer.Body)))
}

type scoped struct{}

func (scoped) Validate(context.Context) error { return errors.New("tenant must be blue") }

func claims() []Fault {
	at := func(shift time.Duration) int64 { return time.Now().Add(shift).Unix() }
	with := func(format string, values ...any) func() error {
		return seen("Bearer "+hs256(fmt.Sprintf(format, values...)), build(holds(secret)))
	}
	valid := `"iss":"https://auth.example.com/","aud":"api"`
	custom := validator.WithCustomClaims(func() validator.CustomClaims { return &scoped{} })
	return []Fault{
		{"token_expired", nil, nil, with(`{`+valid+`,"exp":%d}`, at(-time.Hour))},
		{"token_not_yet_valid", nil, nil, with(`{`+valid+`,"nbf":%d}`, at(time.Hour))},
		{"issued_in_future", nil, nil, with(`{`+valid+`,"iat":%d}`, at(time.Hour))},
		{"issuer_mismatch", nil, nil, with(`{"iss":"https://a.example","aud":"api"}`)},
		{"audience_mismatch", nil, nil, with(`{"iss":"https://auth.example.com/","aud":"web"}`)},
		{"claim_invalid", nil, nil, with(`{` + valid + `,"exp":"tomorrow"}`)},
		{"claim_mismatch", nil, nil, seen("Bearer "+hs256(`{`+valid+`}`), build(holds(secret), custom))},
	}
}

func remote(status int, body string) keyFunc {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	return jwks.NewProvider(must(url.Parse(server.URL))).KeyFunc
}

func tokens() []Fault {
	plain, good := build(holds(secret)), "Bearer "+hs256(good)
	dead := jwks.NewProvider(must(url.Parse("http://127.0.0.1:1"))).KeyFunc
	return []Fault{
		{"header_missing", nil, nil, seen("", plain)},
		{"header_malformed", nil, nil, seen("Token abc", plain)},
		{"token_malformed", nil, nil, seen("Bearer abc", plain)},
		{"token_malformed", nil, nil, seen("Bearer a.b.c", plain)},
		{"token_malformed", nil, nil, seen("Bearer "+strings.Repeat("a.", 12), plain)},
		{
			"algorithm_mismatch", nil, captures{"expected": {"HS256"}, "alg": {"RS256"}},
			seen("Bearer "+rs256(`{}`), plain),
		},
		{"algorithm_none", nil, captures{"expected": {"HS256"}}, seen("Bearer "+unsigned(`{}`), plain)},
		{"signature_invalid", nil, nil, seen(good, build(holds(otherSecret)))},
		{"jwks_unavailable", nil, nil, seen(good, build(remote(503, "busy")))},
		{"jwks_unavailable", nil, nil, seen(good, build(remote(200, "<html>")))},
		{"jwks_unavailable", nil, nil, seen(good, build(dead))},
	}
}

// answers are the bodies that the middleware sends by itself.
func answers() []Fault {
	body := func(header string) func() error {
		return func() error {
			made := jwtmiddleware.New(build(holds(secret)).ValidateToken)
			return errors.New(call(made, header))
		}
	}
	return []Fault{
		{"header_missing", nil, nil, body("")},
		{"unspecified", nil, nil, body("Bearer abc")},
		{"unspecified", nil, nil, body("Token abc")},
	}
}
