package main

import (
	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

func parseSigned(token string) (*jwt.JSONWebToken, error) { return jwt.ParseSigned(token) }

func parseEncrypted(token string) (*jwt.JSONWebToken, error) { return jwt.ParseEncrypted(token) }

func audience(name string) jwt.Expected { return jwt.Expected{Audience: jwt.Audience{name}} }

func versioned() []Fault {
	return []Fault{
		{"token_malformed", nil, nil, func() error {
			_, err := jose.ParseSigned(`{"signatures":[]}`)
			return err
		}},
	}
}
