package main

import (
	"crypto"

	"github.com/coreos/go-oidc/v3/oidc"
)

func versioned() []Fault {
	static := func(token string, key crypto.PublicKey) func() error {
		return func() error {
			set := &oidc.StaticKeySet{PublicKeys: []crypto.PublicKey{key}}
			verifier := oidc.NewVerifier(signer, set, &oidc.Config{SkipClientIDCheck: true})
			_, err := verifier.Verify(ctx, token)
			return err
		}
	}
	return []Fault{
		{"signature_invalid", nil, nil, static(rs256(good), &otherRSAKey.PublicKey)},
		{"key_invalid", nil, nil, static(rs256(good), "not a key")},
	}
}
