package main

import (
	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwt"
)

func withKey(alg string, key any) jwt.ParseOption {
	found, ok := jwa.LookupSignatureAlgorithm(alg)
	if !ok {
		panic(alg)
	}
	return jwt.WithKey(found, key)
}
