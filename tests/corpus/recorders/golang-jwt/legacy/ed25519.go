package main

import "github.com/golang-jwt/jwt/v4"

// newer lists what golang-jwt 3.2.2 added: Ed25519.
func newer() []Fault {
	edFrom := func(pem []byte) func() error {
		return func() error { _, err := jwt.ParseEdPublicKeyFromPEM(pem); return err }
	}
	return append([]Fault{
		{"signature_invalid", nil, nil, parse(eddsa(good), otherEdKey.Public())},
		{"key_invalid", nil, nil, parse(eddsa(good), secret)},
		{"key_invalid", nil, nil, edFrom(pemOf(&rsaKey.PublicKey))},
	}, registered()...)
}
