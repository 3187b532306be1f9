// Prints one JSON line per check of hashicorp/cap's jwt.Validator, as Vault, Consul and Nomad use it.
package main

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/hashicorp/cap/jwt"
)

const version = "cap 0.7.0"

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

func part(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func token(key *rsa.PrivateKey, alg string, changed claims) string {
	now := time.Now().Unix()
	all := claims{"iss": "https://idp.example.com", "sub": "ci", "aud": "vault", "jti": "1", "exp": now + 600, "iat": now, "nbf": now}
	for name, value := range changed {
		if value == nil {
			delete(all, name)
		} else {
			all[name] = value
		}
	}
	body := part(map[string]string{"alg": alg, "typ": "JWT"}) + "." + part(all)
	sum := sha256.Sum256([]byte(body))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return body + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// coats are the ways Vault's server, its CLI and a Go program print the error.
func coats(text string) []string {
	body, err := json.Marshal(map[string][]string{"errors": {"error validating token: " + text}})
	if err != nil {
		panic(err)
	}
	return []string{
		text,
		string(body),
		"Error writing data to auth/jwt/login: Error making API request.\n\nURL: PUT https://vault.example.com:8200/v1/auth/jwt/login\nCode: 400. Errors:\n\n* error validating token: " + text,
		"2031-05-06T07:08:09.123Z [ERROR] auth.jwt: login failed: error=\"" + text + "\"",
	}
}

func main() {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	keys, err := jwt.NewStaticKeySet([]crypto.PublicKey{key.Public()})
	if err != nil {
		panic(err)
	}
	validator, err := jwt.NewValidator(keys)
	if err != nil {
		panic(err)
	}
	now := time.Now().Unix()
	expected := jwt.Expected{Issuer: "https://idp.example.com", Subject: "ci", ID: "1", Audiences: []string{"vault"}, SigningAlgorithms: []jwt.Alg{jwt.RS256}}
	strict := expected
	strict.SigningAlgorithms = []jwt.Alg{jwt.ES256}
	cases := []struct {
		reason   string
		token    string
		expected jwt.Expected
	}{
		{"signature_invalid", token(other, "RS256", nil), expected},
		{"issuer_mismatch", token(key, "RS256", claims{"iss": "https://b.example.com"}), expected},
		{"subject_mismatch", token(key, "RS256", claims{"sub": "cd"}), expected},
		{"claim_mismatch", token(key, "RS256", claims{"jti": "2"}), expected},
		{"audience_mismatch", token(key, "RS256", claims{"aud": "consul"}), expected},
		{"token_expired", token(key, "RS256", claims{"exp": now - 6000}), expected},
		{"token_not_yet_valid", token(key, "RS256", claims{"nbf": now + 6000}), expected},
		{"issued_in_future", token(key, "RS256", claims{"iat": now + 6000}), expected},
		{"claim_missing", token(key, "RS256", claims{"exp": nil, "iat": nil, "nbf": nil}), expected},
		{"algorithm_mismatch", token(key, "RS256", nil), strict},
	}
	write := json.NewEncoder(os.Stdout)
	write.SetEscapeHTML(false)
	for turn, one := range cases {
		_, err := validator.Validate(context.Background(), one.token, one.expected)
		if err == nil {
			fmt.Fprintln(os.Stderr, "nothing said for", one.reason)
			continue
		}
		said := coats(err.Error())
		for _, nth := range []int{turn, turn + 1, turn + 2} {
			line := row{said[nth%len(said)], one.reason, "rejected", []string{}, map[string][]string{}, "vault", version, "recorded", "tests/corpus/recorders/products/cap/main.go"}
			if err := write.Encode(line); err != nil {
				panic(err)
			}
		}
	}
}
