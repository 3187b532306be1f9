// Provokes the rejections of echo-jwt: the errors it hands to the program and the bodies it sends.
package main

import (
	"errors"
	"net/http"
	"net/http/httptest"

	"github.com/golang-jwt/jwt/v5"
	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"
)

func main() {
	Record(append(places(), append(tokens(), bodies()...)...))
}

// ask returns the error and the body of the answer to a request with this header.
func ask(header string, config echojwt.Config) (error, string) {
	var seen error
	server := echo.New()
	server.HTTPErrorHandler = func(err error, c echo.Context) {
		seen = err
		server.DefaultHTTPErrorHandler(err, c)
	}
	if config.SigningKey == nil && config.SigningKeys == nil && config.KeyFunc == nil {
		config.SigningKey = secret
	}
	server.Use(echojwt.WithConfig(config))
	server.GET("/orders", func(c echo.Context) error { return c.NoContent(200) })
	request := httptest.NewRequest(http.MethodGet, "/orders", nil)
	if header != "" {
		request.Header.Set("Authorization", header)
	}
	answer := httptest.NewRecorder()
	server.ServeHTTP(answer, request)
	return seen, answer.Body.String()
}

func fault(header string, config echojwt.Config) func() error {
	return func() error {
		err, _ := ask(header, config)
		return err
	}
}

func inner(header string, config echojwt.Config) func() error {
	return func() error { return errors.Unwrap(fault(header, config)()) }
}

func places() []Fault {
	at := func(place string) func() error {
		return fault("", echojwt.Config{TokenLookup: place + ":token"})
	}
	plain := echojwt.Config{}
	return []Fault{
		{"header_missing", nil, nil, fault("", plain)},
		{"header_missing", nil, nil, inner("", plain)},
		{"header_malformed", nil, nil, fault("Token abc", plain)},
		{"header_malformed", nil, nil, inner("Token abc", plain)},
		{"header_missing", nil, nil, at("query")},
		{"header_missing", nil, nil, at("param")},
		{"header_missing", nil, nil, at("cookie")},
		{"header_missing", nil, nil, at("form")},
	}
}

func tokens() []Fault {
	keys := echojwt.Config{SigningKeys: map[string]any{"k1": secret}}
	unknown := signed(`{"alg":"HS256","kid":"k9"}`, good, func([]byte) []byte { return nil })
	config := echojwt.Config{}
	reject := echojwt.Config{ParseTokenFunc: func(echo.Context, string) (any, error) {
		return nil, &echojwt.TokenError{Token: &jwt.Token{}, Err: errors.New("invalid token")}
	}}
	return []Fault{
		{"key_not_found", nil, captures{"kid": {"k9"}}, fault("Bearer "+unknown, keys)},
		{"key_not_found", nil, captures{"kid": {"k9"}}, inner("Bearer "+unknown, keys)},
		{"algorithm_mismatch", nil, captures{"alg": {"RS256"}}, fault("Bearer "+rs256(good), config)},
		{"token_expired", nil, nil, fault("Bearer "+hs256(`{"exp":1699999000}`), config)},
		{"token_malformed", nil, nil, fault("Bearer abc", config)},
		{"unspecified", []string{"token_expired"}, nil, fault("Bearer abc", reject)},
	}
}

func bodies() []Fault {
	body := func(header string) func() error {
		return func() error {
			_, text := ask(header, echojwt.Config{})
			return errors.New(text)
		}
	}
	return []Fault{
		{"header_missing", []string{"header_malformed"}, nil, body("")},
		{"unspecified", []string{"token_expired"}, nil, body("Bearer abc")},
	}
}
