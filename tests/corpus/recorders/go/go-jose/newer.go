package main

import (
	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

var (
	signing = []jose.SignatureAlgorithm{"HS256", "RS256", "ES256", "EdDSA"}
	keyAlgs = []jose.KeyAlgorithm{"dir", "A128KW"}
	encAlgs = []jose.ContentEncryption{"A128GCM", "A128CBC-HS256"}
)

func parseSigned(token string) (*jwt.JSONWebToken, error) { return jwt.ParseSigned(token, signing) }

func parseEncrypted(token string) (*jwt.JSONWebToken, error) {
	return jwt.ParseEncrypted(token, keyAlgs, encAlgs)
}

func audience(name string) jwt.Expected { return jwt.Expected{AnyAudience: jwt.Audience{name}} }

func versioned() []Fault {
	only := func(token string, algs ...jose.SignatureAlgorithm) func() error {
		return func() error {
			_, err := jwt.ParseSigned(token, algs)
			return err
		}
	}
	sealed := func(key jose.KeyAlgorithm, enc jose.ContentEncryption) func() error {
		return func() error {
			_, err := jwt.ParseEncrypted(
				sealedToken(), []jose.KeyAlgorithm{key}, []jose.ContentEncryption{enc},
			)
			return err
		}
	}
	return []Fault{
		{
			"algorithm_mismatch", nil, captures{"alg": {"HS256"}, "expected": {"RS256"}},
			only(hs256(good), "RS256"),
		},
		{
			"algorithm_mismatch", nil, captures{"alg": {"ES256"}, "expected": {"RS256", "PS256"}},
			only(es256(good), "RS256", "PS256"),
		},
		{"algorithm_none", nil, captures{"alg": {"none"}}, only(unsigned(good), "RS256")},
		{
			"algorithm_mismatch", nil, captures{"alg": {"dir"}, "expected": {"A128KW"}},
			sealed("A128KW", "A128GCM"),
		},
		{"algorithm_mismatch", nil, nil, sealed("dir", "A256GCM")},
	}
}
