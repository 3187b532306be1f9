// Provokes the rejections of keyfunc's key look-up, as golang-jwt and a program report them.
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/golang-jwt/jwt/v5"
)

func main() { Record(faults()) }

const held = `{"keys":[{"kty":"oct","k":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY","kid":"k1","alg":"HS256"}]}`

func server(status int, body string) string {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})).URL
}

func parse(token string, keys jwt.Keyfunc) func() error {
	return func() error {
		_, err := jwt.Parse(token, keys)
		return err
	}
}

func headed(header string) string { return signed(header, good, func([]byte) []byte { return nil }) }

// looked is the error of the look-up alone, without golang-jwt's words.
func looked(header map[string]any, keys jwt.Keyfunc) func() error {
	return func() error {
		_, err := keys(&jwt.Token{Header: header})
		return err
	}
}

func faults() []Fault {
	kid := captures{"kid": {"k9"}}
	alg := captures{"expected": {"HS256"}, "alg": {"HS512"}}
	unknown := map[string]any{"alg": "HS256", "kid": "k9"}
	return append([]Fault{
		{"key_not_found", nil, unknownKid(kid), parse(headed(`{"alg":"HS256","kid":"k9"}`), local())},
		{"key_not_found", nil, unknownKid(kid), looked(unknown, local())},
		{"key_not_found", nil, nil, parse(headed(`{"alg":"HS256","kid":7}`), local())},
		{"algorithm_mismatch", nil, alg, parse(headed(`{"alg":"HS512","kid":"k1"}`), local())},
		{"algorithm_mismatch", nil, alg, looked(map[string]any{"alg": "HS512", "kid": "k1"}, local())},
		{"algorithm_mismatch", nil, nil, looked(map[string]any{"kid": "k1"}, local())},
	}, versioned()...)
}
