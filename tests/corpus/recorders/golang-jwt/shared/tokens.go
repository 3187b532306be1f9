package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	_ "crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"time"
)

// now is the verifier's clock: fixed, so that a run says the same durations as the last one.
var now = time.Unix(1_700_000_000, 0)

var (
	secret      = []byte("0123456789abcdef0123456789abcdef")
	otherSecret = []byte("fedcba9876543210fedcba9876543210")
	rsaKey      = must(rsa.GenerateKey(rand.Reader, 2048))
	otherRSAKey = must(rsa.GenerateKey(rand.Reader, 2048))
	ecKey       = must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	otherECKey  = must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	edKey       = must2(ed25519.GenerateKey(rand.Reader))
	otherEdKey  = must2(ed25519.GenerateKey(rand.Reader))
)

const good = `{"sub":"42","exp":1700003600}`

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func must2(_ ed25519.PublicKey, key ed25519.PrivateKey, err error) ed25519.PrivateKey {
	return must(key, err)
}

func segment(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func head(alg string) string { return fmt.Sprintf(`{"alg":%q,"typ":"JWT"}`, alg) }

// signed returns header.claims.signature; the signature is made by the given function.
func signed(header, claims string, sign func([]byte) []byte) string {
	content := segment(header) + "." + segment(claims)
	return content + "." + base64.RawURLEncoding.EncodeToString(sign([]byte(content)))
}

func hs256(claims string) string {
	return signed(head("HS256"), claims, func(content []byte) []byte {
		mac := hmac.New(sha256.New, secret)
		mac.Write(content)
		return mac.Sum(nil)
	})
}

func rs256(claims string) string {
	return signed(head("RS256"), claims, func(content []byte) []byte {
		sum := sha256.Sum256(content)
		return must(rsa.SignPKCS1v15(rand.Reader, rsaKey, crypto.SHA256, sum[:]))
	})
}

func ps256(claims string) string {
	return signed(head("PS256"), claims, func(content []byte) []byte {
		sum := sha256.Sum256(content)
		return must(rsa.SignPSS(rand.Reader, rsaKey, crypto.SHA256, sum[:], nil))
	})
}

func es256(claims string) string {
	return signed(head("ES256"), claims, func(content []byte) []byte {
		sum := sha256.Sum256(content)
		r, s, err := ecdsa.Sign(rand.Reader, ecKey, sum[:])
		must(0, err)
		return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	})
}

func eddsa(claims string) string {
	return signed(head("EdDSA"), claims, func(content []byte) []byte {
		return ed25519.Sign(edKey, content)
	})
}

// unsigned returns a token with alg none and no signature.
func unsigned(claims string) string {
	return segment(head("none")) + "." + segment(claims) + "."
}

// pemOf returns a public key as PEM.
func pemOf(key crypto.PublicKey) []byte {
	der := must(x509.MarshalPKIXPublicKey(key))
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// brokenPEM is a frame that holds no key.
func brokenPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte("not a key at all")})
}
