// Prints one JSON line per check of the Docker registry's token access controller.
package main

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/distribution/distribution/v3/registry/auth"
	_ "github.com/distribution/distribution/v3/registry/auth/token"
	"github.com/sirupsen/logrus"
)

type row struct {
	Text     string              `json:"text"`
	Reason   string              `json:"reason"`
	Outcome  string              `json:"outcome"`
	Also     []string            `json:"also"`
	Captures map[string][]string `json:"captures"`
	Library  string              `json:"library"`
	Version  string              `json:"version"`
	Origin   string              `json:"origin"`
	Program  string              `json:"program"`
}

type claims = map[string]any

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func part(value any) string {
	text, err := json.Marshal(value)
	must(err)
	return base64.RawURLEncoding.EncodeToString(text)
}

func token(key *rsa.PrivateKey, kid string, changed claims) string {
	now := time.Now().Unix()
	all := claims{"iss": "auth.example.com", "sub": "ci", "aud": "registry.example.com", "exp": now + 600, "nbf": now - 60, "iat": now - 60, "jti": "1",
		"access": []claims{{"type": "repository", "name": "shop/web", "actions": []string{"pull"}}}}
	for name, value := range changed {
		all[name] = value
	}
	body := part(map[string]string{"alg": "RS256", "typ": "JWT", "kid": kid}) + "." + part(all)
	sum := sha256.Sum256([]byte(body))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	must(err)
	return body + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// controller trusts the key as "key-1".
func controller(key *rsa.PrivateKey) auth.AccessController {
	folder, err := os.MkdirTemp("", "registry")
	must(err)
	defer os.RemoveAll(folder)
	template := x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "auth.example.com"}, NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	must(err)
	bundle := filepath.Join(folder, "bundle.pem")
	must(os.WriteFile(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	keys := claims{"keys": []claims{{"kty": "RSA", "kid": "key-1", "alg": "RS256", "use": "sig",
		"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes())}}}
	text, err := json.Marshal(keys)
	must(err)
	jwks := filepath.Join(folder, "jwks.json")
	must(os.WriteFile(jwks, text, 0o600))
	one, err := auth.GetAccessController("token", map[string]any{"realm": "https://auth.example.com/token", "issuer": "auth.example.com", "service": "registry.example.com", "rootcertbundle": bundle, "jwks": jwks})
	must(err)
	return one
}

var (
	goVersion = regexp.MustCompile(` go\.version="?[^ "]*"?`)
	// times of the run become fixed ones
	laterMoment = regexp.MustCompile(`(not to be used (?:after|before) )[0-9-]{10} [0-9:]{8}( )`)
	elapsed     = regexp.MustCompile(` - currently [^"]*`)
	logTime     = regexp.MustCompile(`^time="[^"]*"`)
)

func neat(line string) string {
	line = elapsed.ReplaceAllString(laterMoment.ReplaceAllString(line, "${1}2031-05-06 06:58:09$2"), " - currently 2031-05-06 07:08:09.123456789 +0000 UTC m=+12.5")
	return goVersion.ReplaceAllString(logTime.ReplaceAllString(strings.TrimSpace(line), `time="2031-05-06T07:08:09Z"`), ` go.version=go1.23.7`)
}

func main() {
	var log bytes.Buffer
	logrus.SetOutput(&log)
	logrus.SetFormatter(&logrus.TextFormatter{DisableColors: true})
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	now := time.Now().Unix()
	gate := controller(key)
	pull := auth.Access{Resource: auth.Resource{Type: "repository", Name: "shop/web"}, Action: "pull"}
	push := auth.Access{Resource: auth.Resource{Type: "repository", Name: "shop/web"}, Action: "push"}
	cases := []struct {
		reason string
		header string
		access auth.Access
	}{
		{"issuer_mismatch", "Bearer " + token(key, "key-1", claims{"iss": "old.example.com"}), pull},
		{"audience_mismatch", "Bearer " + token(key, "key-1", claims{"aud": "billing"}), pull},
		{"audience_mismatch", "Bearer " + token(key, "key-1", claims{"aud": []string{"billing", "reports"}}), pull},
		{"token_expired", "Bearer " + token(key, "key-1", claims{"exp": now - 6000}), pull},
		{"token_not_yet_valid", "Bearer " + token(key, "key-1", claims{"nbf": now + 6000}), pull},
		{"key_not_found", "Bearer " + token(other, "key-2", nil), pull},
		{"signature_invalid", "Bearer " + token(other, "key-1", nil), pull},
		{"token_malformed", "Bearer abc.def", pull},
		{"header_missing", "", pull},
		{"insufficient_scope", "Bearer " + token(key, "key-1", nil), push},
	}
	write := json.NewEncoder(os.Stdout)
	write.SetEscapeHTML(false)
	for _, one := range cases {
		log.Reset()
		request, err := http.NewRequest(http.MethodGet, "https://registry.example.com/v2/", nil)
		must(err)
		if one.header != "" {
			request.Header.Set("Authorization", one.header)
		}
		_, err = gate.Authorized(request, one.access)
		if err == nil {
			fmt.Fprintln(os.Stderr, "nothing said for", one.reason)
			continue
		}
		said := strings.Split(strings.TrimSpace(log.String()), "\n")
		if one.reason == "header_missing" || one.reason == "insufficient_scope" || said[0] == "" {
			said = []string{`time="2031-05-06T07:08:09Z" level=warning msg="error authorizing context: ` + err.Error() + `"`}
		}
		for _, line := range said {
			text := neat(line)
			must(write.Encode(row{text, one.reason, "rejected", []string{}, map[string][]string{}, "docker-registry", "3.0.0", "recorded", "tests/corpus/recorders/products/registry/main.go"}))
			if at := strings.Index(text, `msg="`); at >= 0 && strings.HasPrefix(text, "time=") && !strings.Contains(text, `\"`) {
				bare := text[at+5:]
				must(write.Encode(row{bare[:strings.Index(bare, `"`)], one.reason, "rejected", []string{}, map[string][]string{}, "docker-registry", "3.0.0", "recorded", "tests/corpus/recorders/products/registry/main.go"}))
			}
		}
	}
}
