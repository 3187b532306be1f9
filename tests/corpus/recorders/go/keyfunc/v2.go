package main

import (
	"github.com/MicahParks/keyfunc/v2"
	"github.com/golang-jwt/jwt/v5"
)

func unknownKid(map[string][]string) captures { return nil }

func local() jwt.Keyfunc { return must(keyfunc.NewJSON([]byte(held))).Keyfunc }

func versioned() []Fault {
	get := func(address string) func() error {
		return func() error {
			_, err := keyfunc.Get(address, keyfunc.Options{})
			return err
		}
	}
	many := func(address string) func() error {
		return func() error {
			_, err := keyfunc.GetMultiple(
				map[string]keyfunc.Options{address: {}}, keyfunc.MultipleOptions{},
			)
			return err
		}
	}
	down := server(503, "busy")
	status := captures{"status": {"503"}}
	return []Fault{
		{"key_not_found", nil, nil, parse(headed(`{"alg":"HS256"}`), local())},
		{"jwks_unavailable", nil, status, get(down)},
		{"jwks_unavailable", nil, captures{"url": {down}}, many(down)},
	}
}
