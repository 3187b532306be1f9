// Provokes the rejections of go-oidc against a provider that runs in this process.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	jose "github.com/go-jose/go-jose/v4"
)

var (
	keys   = keyServer(jwks("k1"), http.StatusOK)
	signer = "https://auth.example.com"
	ctx    = context.Background()
)

func main() {
	Record(append(append(claims(), signatures()...), append(discovery(), versioned()...)...))
}

func keyServer(body string, status int) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
}

func jwks(kid string) string {
	key := jose.JSONWebKey{Key: &rsaKey.PublicKey, KeyID: kid, Algorithm: "RS256", Use: "sig"}
	return string(must(json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key}})))
}

// check verifies a token for the client "api" with the keys of the given address.
func check(token, address string, config oidc.Config) func() error {
	return func() error {
		if config.ClientID == "" && !config.SkipClientIDCheck {
			config.ClientID = "api"
		}
		config.Now = func() time.Time { return now }
		set := oidc.NewRemoteKeySet(ctx, address)
		_, err := oidc.NewVerifier(signer, set, &config).Verify(ctx, token)
		return err
	}
}

func claims() []Fault {
	with := func(content string) func() error {
		return check(rs256(content), keys.URL, oidc.Config{})
	}
	const valid = `"iss":"https://auth.example.com","aud":"api"`
	return []Fault{
		{"token_expired", nil, nil, with(`{` + valid + `,"exp":1699999000}`)},
		{"token_not_yet_valid", nil, nil, with(`{` + valid + `,"exp":1700009000,"nbf":1700009000}`)},
		{
			"issuer_mismatch", nil,
			captures{"expected": {signer}, "actual": {"https://login.example.org/"}},
			with(`{"iss":"https://login.example.org/","aud":"api"}`),
		},
		{"claim_missing", nil, captures{"expected": {signer}}, with(`{"aud":"api"}`)},
		{
			"audience_mismatch", nil, captures{"expected": {"api"}, "actual": {"web"}},
			with(`{"iss":"https://auth.example.com","aud":"web"}`),
		},
		{
			"audience_mismatch", nil, captures{"expected": {"api"}, "actual": {"web", "mobile"}},
			with(`{"iss":"https://auth.example.com","aud":["web","mobile"]}`),
		},
		{
			"claim_missing", nil, captures{"expected": {"api"}},
			with(`{"iss":"https://auth.example.com"}`),
		},
		{"claim_invalid", nil, nil, with(`{` + valid + `,"exp":"tomorrow"}`)},
		{"claim_invalid", nil, nil, with(`{` + valid + `,"sub":7}`)},
		{"claim_invalid", nil, nil, with(`{` + valid + `,"_claim_names":{"a":"b"}}`)},
		{"claim_missing", nil, nil, accessHash(`{` + valid + `,"exp":1700009000}`)},
		{"claim_mismatch", nil, nil, accessHash(`{` + valid + `,"exp":1700009000,"at_hash":"x"}`)},
	}
}

func accessHash(content string) func() error {
	return func() error {
		config := &oidc.Config{ClientID: "api", Now: func() time.Time { return now }}
		set := oidc.NewRemoteKeySet(ctx, keys.URL)
		token := must(oidc.NewVerifier(signer, set, config).Verify(ctx, rs256(content)))
		return token.VerifyAccessToken("access")
	}
}

// held are claims that pass.
const held = `{"iss":"https://auth.example.com","aud":"api","exp":1700009000}`

func signatures() []Fault {
	broken := rs256(held)[:len(rs256(held))-8] + "AAAAAAAA"
	down := keyServer(`{"error":"overloaded"}`, http.StatusServiceUnavailable)
	html := keyServer("<html>maintenance</html>", http.StatusOK)
	odd := keyServer(`{"keys":[{"kty":"XYZ"}]}`, http.StatusOK)
	closed := keyServer("", http.StatusOK)
	closed.Close()
	late, cancel := context.WithCancel(ctx)
	cancel()
	cancelled := func() error {
		set := oidc.NewRemoteKeySet(ctx, keys.URL)
		config := &oidc.Config{ClientID: "api", Now: func() time.Time { return now }}
		_, err := oidc.NewVerifier(signer, set, config).Verify(late, rs256(held))
		return err
	}
	plain := oidc.Config{}
	return []Fault{
		{"signature_invalid", nil, nil, check(broken, keys.URL, plain)},
		{"jwks_unavailable", nil, captures{"status": {"503"}}, check(rs256(held), down.URL, plain)},
		{"jwks_unavailable", nil, nil, check(rs256(held), html.URL, plain)},
		{"jwks_unavailable", nil, nil, check(rs256(held), odd.URL, plain)},
		{"jwks_unavailable", nil, captures{"url": {closed.URL}}, check(rs256(held), closed.URL, plain)},
		{"jwks_unavailable", nil, nil, check(rs256(held), "http://%zz", plain)},
		{"jwks_unavailable", nil, nil, cancelled},
		{"algorithm_mismatch", nil, captures{"alg": {"HS256"}}, check(hs256(held), keys.URL, plain)},
		{"algorithm_none", nil, nil, check(unsigned(held), keys.URL, plain)},
		{"token_malformed", nil, nil, check("abc", keys.URL, plain)},
		{"token_malformed", nil, nil, check("a.b.c", keys.URL, plain)},
		{"token_malformed", nil, nil, check(segment("{x")+"."+segment(held)+".AAAA", keys.URL, plain)},
	}
}

func discovery() []Fault {
	provider := func(address string) func() error {
		return func() error {
			_, err := oidc.NewProvider(ctx, address)
			return err
		}
	}
	other := keyServer(`{"issuer":"https://other.example.com"}`, http.StatusOK)
	text := keyServer("soon", http.StatusOK)
	closed := keyServer("", http.StatusOK)
	closed.Close()
	address := closed.URL + "/.well-known/openid-configuration"
	expected := captures{"expected": {other.URL}, "actual": {"https://other.example.com"}}
	return []Fault{
		{"issuer_mismatch", nil, expected, provider(other.URL)},
		{"jwks_unavailable", nil, nil, provider(text.URL)},
		{"jwks_unavailable", nil, captures{"url": {address}}, provider(closed.URL)},
	}
}
