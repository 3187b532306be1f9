package main

import (
	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwt"
)

func withKey(alg string, key any) jwt.ParseOption {
	return jwt.WithVerify(jwa.SignatureAlgorithm(alg), key)
}
