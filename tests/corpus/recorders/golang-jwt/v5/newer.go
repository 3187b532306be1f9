package main

import (
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// newer lists what golang-jwt 5.1 added.
func newer() []Fault {
	claim := captures{"claim": {"exp"}}
	required := parse(hs256(`{"sub":"42"}`), secret, jwt.WithExpirationRequired())
	alone := func() error {
		claims := jwt.RegisteredClaims{ExpiresAt: jwt.NewNumericDate(now.Add(-time.Hour))}
		return jwt.NewValidator(clock()).Validate(claims)
	}
	return []Fault{
		{"claim_missing", nil, claim, required},
		{"key_missing", nil, nil, parse(hs256(good), jwt.VerificationKeySet{})},
		{"token_expired", nil, nil, alone},
	}
}
