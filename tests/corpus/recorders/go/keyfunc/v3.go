package main

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

func unknownKid(held map[string][]string) captures { return held }

func local() jwt.Keyfunc { return must(keyfunc.NewJWKSetJSON([]byte(held))).Keyfunc }

// logged returns the first line that the library logs while it fetches this key set.
func logged(address string) func() error {
	return func() error {
		var out bytes.Buffer
		slog.SetDefault(slog.New(slog.NewTextHandler(&out, nil)))
		must(keyfunc.NewDefault([]string{address}))
		return errors.New(strings.Split(out.String(), "\n")[0])
	}
}

func versioned() []Fault {
	return []Fault{
		{"jwks_unavailable", nil, nil, logged(server(503, "busy"))},
		{"jwks_unavailable", nil, nil, logged(server(200, "<html>"))},
		{"jwks_unavailable", nil, nil, logged("http://127.0.0.1:1/jwks.json")},
	}
}
