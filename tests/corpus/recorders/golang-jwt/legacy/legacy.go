// Provokes the rejections of jwt-go 3.2 and golang-jwt up to 4.5: one API, many import paths. The
// import path below is replaced by record.sh.
package main

import (
	"crypto"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v4"
	"github.com/golang-jwt/jwt/v4/request"
)

type (
	captures = map[string][]string
	parser   = jwt.Parser
)

func main() {
	jwt.TimeFunc = func() time.Time { return now }
	faults := append(times(), signatures()...)
	faults = append(append(faults, algorithms()...), shapes()...)
	faults = append(append(faults, keys()...), others()...)
	Record("legacy/legacy.go", append(faults, newer()...))
}

// parse verifies a token as a program does that uses plain claims.
func parse(token string, key any) func() error {
	return func() error {
		_, err := jwt.Parse(token, func(*jwt.Token) (any, error) { return key, nil })
		return err
	}
}

func parseInto(token string, claims func() jwt.Claims) func() error {
	return func() error {
		keyfunc := func(*jwt.Token) (any, error) { return secret, nil }
		_, err := jwt.ParseWithClaims(token, claims(), keyfunc)
		return err
	}
}

func standard() jwt.Claims { return &jwt.StandardClaims{} }

func times() []Fault {
	expired, early := hs256(`{"exp":1699996277}`), hs256(`{"nbf":1700000090}`)
	future := hs256(`{"iat":1700000090}`)
	by := captures{"seconds": {"1h2m3s"}}
	return []Fault{
		{"token_expired", nil, nil, parse(expired, secret)},
		{"token_expired", nil, by, parseInto(expired, standard)},
		{"issued_in_future", nil, nil, parse(future, secret)},
		{"issued_in_future", nil, nil, parseInto(future, standard)},
		{"token_not_yet_valid", nil, nil, parse(early, secret)},
		{"token_not_yet_valid", nil, nil, parseInto(early, standard)},
	}
}

func signatures() []Fault {
	return []Fault{
		{"signature_invalid", nil, nil, parse(hs256(good), otherSecret)},
		{"signature_invalid", nil, nil, parse(rs256(good), &otherRSAKey.PublicKey)},
		{"signature_invalid", nil, nil, parse(ps256(good), &otherRSAKey.PublicKey)},
		{"signature_invalid", nil, nil, parse(es256(good), &otherECKey.PublicKey)},
	}
}

func algorithms() []Fault {
	expectRSA := &parser{ValidMethods: []string{"RS256"}}
	reject := func(token string) func() error {
		return func() error {
			_, err := expectRSA.Parse(token, func(*jwt.Token) (any, error) { return secret, nil })
			return err
		}
	}
	hs, none := captures{"alg": {"HS256"}}, captures{"alg": {"none"}}
	alone := segment(`{"typ":"JWT"}`) + "." + segment(good) + ".c2ln"
	foreign := segment(head("XS256")) + "." + segment(good) + ".c2ln"
	withSignature := unsigned(good) + "c2ln"
	return []Fault{
		{"algorithm_mismatch", nil, hs, reject(hs256(good))},
		{"algorithm_none", nil, none, reject(unsigned(good))},
		{"algorithm_none", nil, nil, parse(unsigned(good), secret)},
		{"algorithm_none", nil, nil, parse(withSignature, jwt.UnsafeAllowNoneSignatureType)},
		{"algorithm_mismatch", nil, nil, parse(foreign, secret)},
		{"algorithm_mismatch", nil, nil, parse(alone, secret)},
		{"algorithm_mismatch", nil, hs, byHand(hs256(good))},
		{"algorithm_none", nil, none, byHand(unsigned(good))},
	}
}

// byHand checks the algorithm in the keyfunc, worded as the library's own examples do.
func byHand(token string) func() error {
	return func() error {
		_, err := jwt.Parse(token, func(token *jwt.Token) (any, error) {
			if _, ok := token.Method.(*jwt.SigningMethodRSA); !ok {
				return nil, fmt.Errorf("Unexpected signing method: %v", token.Header["alg"])
			}
			return &rsaKey.PublicKey, nil
		})
		return err
	}
}

func shapes() []Fault {
	token := hs256(good)
	parts := strings.Split(token, ".")
	bad := func(header, claims, signature string) func() error {
		return parse(header+"."+claims+"."+signature, secret)
	}
	wrongType := captures{"claim": {"sub"}}
	return []Fault{
		{"token_malformed", nil, nil, parse("opaque-session-4711", secret)},
		{"token_malformed", nil, nil, parse(token+".extra", secret)},
		{"token_malformed", nil, nil, parse("Bearer "+token, secret)},
		{"token_malformed", nil, nil, bad("%"+parts[0], parts[1], parts[2])},
		{"token_malformed", nil, nil, bad(parts[0], parts[1]+"$", parts[2])},
		{"token_malformed", nil, nil, bad(parts[0], parts[1], parts[2][:40]+"%3D")},
		{"claim_invalid", nil, wrongType, parseInto(hs256(`{"sub":42}`), standard)},
	}
}

// inContext wraps an error as programs do; some texts say nothing without the words around them.
func inContext(prefix string, provoke func() error) func() error {
	return func() error { return fmt.Errorf("%s: %w", prefix, provoke()) }
}

func keys() []Fault {
	strange := &jwt.SigningMethodHMAC{Name: "HB2", Hash: crypto.BLAKE2b_256}
	jwt.RegisterSigningMethod("HB2", func() jwt.SigningMethod { return strange })
	blake := segment(head("HB2")) + "." + segment(good) + ".c2ln"
	noKeyfunc := func() error { _, err := jwt.Parse(hs256(good), nil); return err }
	rsaFrom := func(pem []byte) func() error {
		return func() error { _, err := jwt.ParseRSAPublicKeyFromPEM(pem); return err }
	}
	ecFrom := func(pem []byte) func() error {
		return func() error { _, err := jwt.ParseECPublicKeyFromPEM(pem); return err }
	}
	signWithText := func() error {
		_, err := jwt.New(jwt.SigningMethodHS256).SignedString("not bytes")
		return err
	}
	return []Fault{
		{"key_missing", nil, nil, noKeyfunc},
		{"key_invalid", nil, nil, parse(hs256(good), "text, not bytes")},
		{"key_invalid", nil, nil, parse(ps256(good), secret)},
		{"key_invalid", nil, nil, parse(es256(good), &rsaKey.PublicKey)},
		{"algorithm_mismatch", nil, nil, parse(blake, secret)},
		{"key_invalid", nil, nil, rsaFrom([]byte("MIIBIjANBgkq"))},
		{"key_invalid", nil, nil, rsaFrom(pemOf(&ecKey.PublicKey))},
		{"key_invalid", nil, nil, ecFrom(pemOf(&rsaKey.PublicKey))},
		{"key_invalid", nil, nil, inContext("load JWT public key", rsaFrom(brokenPEM()))},
		{"", nil, nil, inContext("sign token", signWithText)},
	}
}

func others() []Fault {
	extract := func(extractor request.Extractor) func() error {
		return func() error {
			_, err := extractor.ExtractToken(httptest.NewRequest(http.MethodGet, "/orders", nil))
			return err
		}
	}
	brokenHeader := segment(`{"alg":"HS256"`) + "." + segment(good) + ".c2ln"
	notJSON := segment("\x01alg=HS256") + "." + segment(good) + ".c2ln"
	list := segment(head("HS256")) + "." + segment(`["a"]`) + ".c2ln"
	nothingSaid := func() error {
		return jwt.ValidationError{Errors: jwt.ValidationErrorClaimsInvalid}
	}
	signWithBytes := func() error {
		_, err := jwt.New(jwt.SigningMethodRS256).SignedString(secret)
		return err
	}
	return []Fault{
		{"header_missing", nil, nil, extract(request.HeaderExtractor{"Authorization"})},
		{"header_missing", nil, nil, extract(request.OAuth2Extractor)},
		{"token_malformed", nil, nil, inContext("invalid JWT", parse(brokenHeader, secret))},
		{"token_malformed", nil, nil, inContext("parse token", parse(notJSON, secret))},
		{"token_malformed", nil, nil, parse(list, secret)},
		{"unspecified", nil, nil, nothingSaid},
		{"", nil, nil, inContext("could not issue a session: sign", signWithBytes)},
	}
}
