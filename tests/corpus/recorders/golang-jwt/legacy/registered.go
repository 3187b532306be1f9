package main

import (
	"errors"

	"github.com/golang-jwt/jwt/v4"
)

// registered lists what golang-jwt 4.3 added: RegisteredClaims, and errors to compare with, which
// programs print in place of the error they got.
func registered() []Fault {
	expired, early := hs256(`{"exp":1699999955}`), hs256(`{"nbf":1700000090}`)
	future, foreign := hs256(`{"iat":1700000090}`), hs256(`{"aud":"web","iss":"https://a.example"}`)
	claims := func() jwt.Claims { return &jwt.RegisteredClaims{} }
	audience := hs256(`{"aud":7}`)
	textAsTime := hs256(`{"exp":"tomorrow"}`)
	return []Fault{
		{"token_expired", nil, captures{"seconds": {"45s"}}, parseInto(expired, claims)},
		{"issued_in_future", nil, nil, parseInto(future, claims)},
		{"token_not_yet_valid", nil, nil, parseInto(early, claims)},
		{"claim_invalid", nil, nil, parseInto(textAsTime, claims)},
		{"claim_invalid", nil, nil, inContext("invalid JWT", parseInto(audience, claims))},
		{"token_expired", nil, nil, sentinel(expired, jwt.ErrTokenExpired)},
		{"token_not_yet_valid", nil, nil, sentinel(early, jwt.ErrTokenNotValidYet)},
		{"token_malformed", nil, nil, sentinel("a.b", jwt.ErrTokenMalformed)},
		{"signature_invalid", nil, nil, sentinel(expired+"A", jwt.ErrTokenSignatureInvalid)},
		{"audience_mismatch", nil, nil, func() error {
			return checked(foreign, func(claims *jwt.RegisteredClaims) (bool, error) {
				return claims.VerifyAudience("api", true), jwt.ErrTokenInvalidAudience
			})
		}},
		{"issuer_mismatch", nil, nil, func() error {
			return checked(foreign, func(claims *jwt.RegisteredClaims) (bool, error) {
				return claims.VerifyIssuer("https://b.example", true), jwt.ErrTokenInvalidIssuer
			})
		}},
	}
}

// sentinel returns the error the library's error was found to be.
func sentinel(token string, known error) func() error {
	return func() error {
		keyfunc := func(*jwt.Token) (any, error) { return secret, nil }
		_, err := jwt.ParseWithClaims(token, &jwt.RegisteredClaims{}, keyfunc)
		if errors.Is(err, known) {
			return known
		}
		return nil
	}
}

func checked(token string, check func(*jwt.RegisteredClaims) (bool, error)) error {
	claims := &jwt.RegisteredClaims{}
	keyfunc := func(*jwt.Token) (any, error) { return secret, nil }
	if _, err := jwt.ParseWithClaims(token, claims, keyfunc); err != nil {
		panic(err)
	}
	if passed, err := check(claims); !passed {
		return err
	}
	return nil
}
