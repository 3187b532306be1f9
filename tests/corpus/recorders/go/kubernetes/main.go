// Provokes the rejections of the Kubernetes API server's OIDC and bearer token authenticators, and
// reads them from its log.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"k8s.io/apiserver/pkg/apis/apiserver"
	"k8s.io/apiserver/pkg/authentication/authenticator"
	"k8s.io/apiserver/pkg/authentication/request/bearertoken"
	"k8s.io/apiserver/pkg/authentication/request/websocket"
	"k8s.io/apiserver/pkg/endpoints/filters"
	"k8s.io/apiserver/plugin/pkg/authenticator/token/oidc"
	"k8s.io/klog/v2"

	gooidc "github.com/coreos/go-oidc"
	jose "gopkg.in/square/go-jose.v2"
)

var keys = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	key := jose.JSONWebKey{Key: &rsaKey.PublicKey, Algorithm: "RS256", Use: "sig"}
	must(0, json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key}}))
}))

const issuer = "https://auth.example.com"

func main() {
	flags := flag.NewFlagSet("", flag.PanicOnError)
	klog.InitFlags(flags)
	must(0, flags.Parse([]string{"-logtostderr=false", "-stderrthreshold=FATAL"}))
	Record(append(claims(), others()...))
}

func verifier(change func(*oidc.Options)) authenticator.Token {
	prefix := ""
	options := oidc.Options{
		KeySet: gooidc.NewRemoteKeySet(context.Background(), keys.URL),
		JWTAuthenticator: apiserver.JWTAuthenticator{
			Issuer: apiserver.Issuer{URL: issuer, Audiences: []string{"kubernetes"}},
			ClaimMappings: apiserver.ClaimMappings{
				Username: apiserver.PrefixedClaimOrExpression{Claim: "sub", Prefix: &prefix},
			},
		},
	}
	change(&options)
	made := must(oidc.New(context.Background(), options))
	for range 50 { // it starts by itself
		if made.HealthCheck() == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return made
}

// logged returns what the API server logs about a request with this token.
func logged(token string, change func(*oidc.Options)) func() error {
	return func() error {
		var out bytes.Buffer
		klog.SetOutput(&out)
		request := httptest.NewRequest(http.MethodGet, "/api", nil)
		request.Header.Set("Authorization", "Bearer "+token)
		failed := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) })
		checked := bearertoken.New(verifier(change))
		filters.WithAuthentication(http.NotFoundHandler(), checked, failed, nil, nil).
			ServeHTTP(httptest.NewRecorder(), request)
		klog.Flush()
		for _, line := range strings.Split(out.String(), "\n") {
			if strings.Contains(line, "authenticate") {
				return errors.New(line)
			}
		}
		return nil
	}
}

// said returns the authenticator's own error.
func said(token string, change func(*oidc.Options)) func() error {
	return func() error {
		_, _, err := verifier(change).AuthenticateToken(context.Background(), token)
		return err
	}
}

func same(*oidc.Options) {}

func claims() []Fault {
	with := func(content string) string {
		return rs256(`{"iss":"https://auth.example.com",` + content + `}`)
	}
	late := fmt.Sprintf(`"exp":%d`, time.Now().Add(time.Hour).Unix())
	needs := func(options *oidc.Options) {
		options.JWTAuthenticator.ClaimValidationRules = []apiserver.ClaimValidationRule{
			{Claim: "hd", RequiredValue: "example.com"},
		}
	}
	email := func(options *oidc.Options) {
		options.JWTAuthenticator.ClaimMappings.Username.Claim = "email"
	}
	valid := `"aud":"kubernetes","sub":"a",` + late
	broken := with(valid)
	broken = broken[:len(broken)-8] + "AAAAAAAA"
	unverified := with(valid + `,"email":"a@example.com","email_verified":false`)
	got := captures{"expected": {"kubernetes"}, "actual": {"web"}}
	domain := captures{"claim": {"hd"}, "expected": {"example.com"}, "actual": {"example.org"}}
	return []Fault{
		{"token_expired", nil, nil, said(with(`"aud":"kubernetes","exp":1699999000`), same)},
		{"token_expired", nil, nil, logged(with(`"aud":"kubernetes","exp":1699999000`), same)},
		{"token_not_yet_valid", nil, nil, said(with(valid+`,"nbf":4000000000`), same)},
		{"audience_mismatch", nil, got, said(with(`"aud":"web",`+late), same)},
		{"audience_mismatch", nil, got, logged(with(`"aud":"web",`+late), same)},
		{"claim_missing", nil, captures{"claim": {"hd"}}, said(with(valid), needs)},
		{"claim_mismatch", nil, domain, said(with(valid+`,"hd":"example.org"`), needs)},
		{"claim_mismatch", nil, domain, logged(with(valid+`,"hd":"example.org"`), needs)},
		{"claim_missing", nil, captures{"claim": {"email"}}, said(with(valid), email)},
		{"claim_mismatch", nil, nil, said(unverified, email)},
		{"claim_invalid", nil, captures{"claim": {"sub"}}, said(with(`"aud":"kubernetes","sub":7,`+late), same)},
		{"signature_invalid", nil, nil, said(broken, same)},
		{"signature_invalid", nil, nil, logged(broken, same)},
	}
}

func others() []Fault {
	socket := func(protocol string) func() error {
		return func() error {
			request := httptest.NewRequest(http.MethodGet, "/", nil)
			request.Header.Set("Connection", "Upgrade")
			request.Header.Set("Upgrade", "websocket")
			request.Header.Set("Sec-WebSocket-Protocol", protocol)
			accept := authenticator.TokenFunc(
				func(context.Context, string) (*authenticator.Response, bool, error) {
					return nil, false, nil
				})
			_, _, err := websocket.NewProtocolAuthenticator(accept).AuthenticateRequest(request)
			return err
		}
	}
	const bearer = "base64url.bearer.authorization.k8s.io."
	return []Fault{
		{"unspecified", nil, nil, logged("abc", same)},
		{"unspecified", nil, nil, logged(rs256(`{"iss":"https://other.example.com"}`), same)},
		{"unspecified", nil, nil, socket(bearer + segment("abc") + ", v4.channel.k8s.io")},
		{"token_malformed", nil, nil, socket(bearer + "!!, v4.channel.k8s.io")},
		{"header_malformed", nil, nil, socket(bearer + segment("a") + "," + bearer + segment("b"))},
	}
}
