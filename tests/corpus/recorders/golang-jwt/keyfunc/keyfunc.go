// Provokes the rejections that reach a log through golang-jwt 5 when its documentation's
// companion, MicahParks/keyfunc 3, cannot find or fetch a key.
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

func main() {
	kid := map[string][]string{"kid": {"2024-01"}}
	Record("keyfunc/keyfunc.go", []Fault{
		{"key_not_found", nil, kid, withKeySet(`{"alg":"RS256","kid":"2024-01"}`, published)},
		{"key_not_found", nil, nil, withKeySet(`{"alg":"RS256"}`, published)},
		{"key_not_found", nil, kid, withKeySet(`{"alg":"HS256","kid":"2024-01"}`, published)},
	})
}

func published(out http.ResponseWriter, _ *http.Request) {
	fmt.Fprint(out, `{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"2023-12","alg":"EdDSA","use":"sig",`+
		`"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`)
}

// withKeySet verifies a token with this header against the key set a server publishes.
func withKeySet(header string, server http.HandlerFunc) func() error {
	return func() error {
		host := httptest.NewServer(server)
		defer host.Close()
		keys, err := keyfunc.NewDefault([]string{host.URL})
		if err != nil {
			return err
		}
		_, err = jwt.Parse(segment(header)+"."+segment(good)+".c2ln", keys.Keyfunc)
		return err
	}
}
