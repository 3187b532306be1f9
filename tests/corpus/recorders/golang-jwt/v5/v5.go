// Provokes the rejections of golang-jwt 5.
package main

import (
	"crypto"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/golang-jwt/jwt/v5/request"
)

type captures = map[string][]string

func main() {
	faults := append(claimChecks(), joined()...)
	faults = append(append(faults, signatures()...), algorithms()...)
	faults = append(append(faults, shapes()...), keyfuncs()...)
	Record("v5/v5.go", append(append(faults, keys()...), newer()...))
}

func clock() jwt.ParserOption {
	return jwt.WithTimeFunc(func() time.Time { return now })
}

func parse(token string, key any, options ...jwt.ParserOption) func() error {
	return func() error {
		keyfunc := func(*jwt.Token) (any, error) { return key, nil }
		_, err := jwt.Parse(token, keyfunc, append(options, clock())...)
		return err
	}
}

func parseInto(token string, claims jwt.Claims, options ...jwt.ParserOption) func() error {
	return func() error {
		keyfunc := func(*jwt.Token) (any, error) { return secret, nil }
		_, err := jwt.ParseWithClaims(token, claims, keyfunc, append(options, clock())...)
		return err
	}
}

// tenant is a claims type with a check of its own, as in the library's documentation.
type tenant struct {
	Tenant string `json:"tenant"`
	jwt.RegisteredClaims
}

func (t tenant) Validate() error {
	if t.Tenant != "blue" {
		return errors.New("must be a token of tenant blue")
	}
	return nil
}

// session refuses any token ID but its own, in the library's words.
type session struct{ jwt.RegisteredClaims }

func (s session) Validate() error {
	if s.ID != "s-1" {
		return jwt.ErrTokenInvalidId
	}
	return nil
}

func claimChecks() []Fault {
	api := jwt.WithAudience("api")
	issuer := jwt.WithIssuer("https://auth.example.com")
	claim := func(name string) captures { return captures{"claim": {name}} }
	reg := &jwt.RegisteredClaims{}
	class := func() error { // a program that logs the class of an error only
		if errors.Is(parse(hs256(`{"exp":"tomorrow"}`), secret)(), jwt.ErrTokenInvalidClaims) {
			return jwt.ErrTokenInvalidClaims
		}
		return nil
	}
	return []Fault{
		{"token_expired", nil, nil, parse(hs256(`{"exp":1699999000}`), secret)},
		{"token_not_yet_valid", nil, nil, parse(hs256(`{"nbf":1700000090}`), secret)},
		{"issued_in_future", nil, nil, parse(hs256(`{"iat":1700000090}`), secret, jwt.WithIssuedAt())},
		{"audience_mismatch", nil, nil, parse(hs256(`{"aud":["web"]}`), secret, api)},
		{"issuer_mismatch", nil, nil, parse(hs256(`{"iss":"https://a.example"}`), secret, issuer)},
		{"subject_mismatch", nil, nil, parse(hs256(good), secret, jwt.WithSubject("7"))},
		{"claim_missing", nil, claim("aud"), parse(hs256(good), secret, api)},
		{"claim_missing", nil, claim("iss"), parse(hs256(good), secret, issuer)},
		{"claim_missing", nil, claim("sub"), parse(hs256(`{"a":1}`), secret, jwt.WithSubject("7"))},
		{"claim_invalid", nil, claim("exp"), parse(hs256(`{"exp":"tomorrow"}`), secret)},
		{"claim_invalid", nil, claim("aud"), parse(hs256(`{"aud":[1,2]}`), secret, api)},
		{"claim_invalid", nil, claim("iss"), parse(hs256(`{"iss":1}`), secret, issuer)},
		{"claim_invalid", nil, nil, parseInto(hs256(`{"exp":"tomorrow"}`), reg)},
		{"claim_invalid", nil, claim("sub"), parseInto(hs256(`{"sub":{"id":1}}`), reg)},
		{"claim_invalid", nil, nil, class},
		{"claim_invalid", nil, nil, func() error { return fmt.Errorf("unauthorized: %w", class()) }},
		{"claim_mismatch", nil, nil, parseInto(hs256(`{"tenant":"red"}`), &tenant{})},
		{"claim_mismatch", nil, nil, parseInto(hs256(`{"jti":"s-2"}`), &session{})},
	}
}

func joined() []Fault {
	api := jwt.WithAudience("api")
	issuer := jwt.WithIssuer("https://auth.example.com")
	late := hs256(`{"exp":1699999000,"aud":"web","iss":"https://a.example"}`)
	early := hs256(`{"nbf":1700000090,"iat":1700000090}`)
	return []Fault{
		{"token_expired", []string{"audience_mismatch"}, nil, parse(late, secret, api)},
		{
			"token_expired", []string{"audience_mismatch", "issuer_mismatch"}, nil,
			parse(late, secret, api, issuer),
		},
		{
			"token_not_yet_valid", []string{"issued_in_future"}, nil,
			parse(early, secret, jwt.WithIssuedAt()),
		},
		{
			"token_expired", []string{"claim_missing"}, nil,
			parse(late, secret, jwt.WithSubject("7")),
		},
	}
}

func signatures() []Fault {
	short := es256(good)
	return []Fault{
		{"signature_invalid", nil, nil, parse(hs256(good), otherSecret)},
		{"signature_invalid", nil, nil, parse(rs256(good), &otherRSAKey.PublicKey)},
		{"signature_invalid", nil, nil, parse(ps256(good), &otherRSAKey.PublicKey)},
		{"signature_invalid", nil, nil, parse(es256(good), &otherECKey.PublicKey)},
		{"signature_invalid", nil, nil, parse(short[:len(short)-4], &ecKey.PublicKey)},
		{"signature_invalid", nil, nil, parse(eddsa(good), otherEdKey.Public())},
	}
}

func algorithms() []Fault {
	expectRSA := jwt.WithValidMethods([]string{"RS256"})
	hs, none := captures{"alg": {"HS256"}}, captures{"alg": {"none"}}
	alone := segment(`{"typ":"JWT"}`) + "." + segment(good) + ".c2ln"
	foreign := segment(head("XS256")) + "." + segment(good) + ".c2ln"
	strange := &jwt.SigningMethodHMAC{Name: "HB2", Hash: crypto.BLAKE2b_256}
	jwt.RegisterSigningMethod("HB2", func() jwt.SigningMethod { return strange })
	blake := segment(head("HB2")) + "." + segment(good) + ".c2ln"
	withSignature := unsigned(good) + "c2ln"
	return []Fault{
		{"algorithm_mismatch", nil, hs, parse(hs256(good), secret, expectRSA)},
		{"algorithm_none", nil, none, parse(unsigned(good), secret, expectRSA)},
		{"algorithm_none", nil, nil, parse(unsigned(good), secret)},
		{"algorithm_none", nil, nil, parse(withSignature, jwt.UnsafeAllowNoneSignatureType)},
		{"algorithm_mismatch", nil, nil, parse(foreign, secret)},
		{"algorithm_mismatch", nil, nil, parse(alone, secret)},
		{"algorithm_mismatch", nil, nil, parse(blake, secret)},
	}
}

func shapes() []Fault {
	token := hs256(good)
	parts := strings.Split(token, ".")
	bad := func(header, claims, signature string) func() error {
		return parse(header+"."+claims+"."+signature, secret)
	}
	return []Fault{
		{"token_malformed", nil, nil, parse("opaque-session-4711", secret)},
		{"token_malformed", nil, nil, parse(token+".extra", secret)},
		{"token_malformed", nil, nil, parse("Bearer "+token, secret)},
		{"token_malformed", nil, nil, bad("%"+parts[0], parts[1], parts[2])},
		{"token_malformed", nil, nil, bad(parts[0], parts[1]+"$", parts[2])},
		{"token_malformed", nil, nil, bad(parts[0], parts[1], parts[2][:40]+"%3D")},
		{"token_malformed", nil, nil, bad(segment("\x01alg"), parts[1], parts[2])},
		{"token_malformed", nil, nil, bad(segment(`{"alg":"HS256"`), parts[1], parts[2])},
		{"token_malformed", nil, nil, bad(parts[0], segment(`{"sub"`), parts[2])},
		{"token_malformed", nil, nil, bad(parts[0], segment(`["a"]`), parts[2])},
	}
}

func keyfuncs() []Fault {
	failing := func(token string, check func(*jwt.Token) error) func() error {
		return func() error {
			keyfunc := func(token *jwt.Token) (any, error) { return secret, check(token) }
			_, err := jwt.Parse(token, keyfunc, clock())
			return err
		}
	}
	methodCheck := func(token *jwt.Token) error {
		return fmt.Errorf("unexpected signing method: %v", token.Header["alg"])
	}
	fromPEM := func(pem []byte) func(*jwt.Token) error {
		return func(*jwt.Token) error {
			_, err := jwt.ParseRSAPublicKeyFromPEM(pem)
			return err
		}
	}
	hs, none := captures{"alg": {"HS256"}}, captures{"alg": {"none"}}
	return []Fault{
		{"algorithm_mismatch", nil, hs, failing(hs256(good), methodCheck)},
		{"algorithm_none", nil, none, failing(unsigned(good), methodCheck)},
		{"key_invalid", nil, nil, failing(rs256(good), fromPEM([]byte("MIIBIjANBgkq")))},
		{"key_invalid", nil, nil, failing(rs256(good), fromPEM(brokenPEM()))},
		{"unspecified", nil, nil, failing(rs256(good), func(*jwt.Token) error {
			return errors.New("teapot")
		})},
		{"key_missing", nil, nil, failing(rs256(good), func(*jwt.Token) error {
			return errors.New("JWT secret is not configured")
		})},
		{"key_missing", nil, nil, failing(rs256(good), func(*jwt.Token) error {
			return errors.New("verification key is empty")
		})},
	}
}

func keys() []Fault {
	noKeyfunc := func() error { _, err := jwt.Parse(hs256(good), nil); return err }
	extract := func(extractor request.Extractor) func() error {
		return func() error {
			basic := httptest.NewRequest(http.MethodGet, "/orders", nil)
			_, err := request.ParseFromRequest(basic, extractor, nil)
			return err
		}
	}
	edFrom := func() error { _, err := jwt.ParseEdPublicKeyFromPEM(pemOf(&rsaKey.PublicKey)); return err }
	ecFrom := func() error { _, err := jwt.ParseECPublicKeyFromPEM(pemOf(&rsaKey.PublicKey)); return err }
	sign := func(method jwt.SigningMethod, key any) func() error {
		return func() error {
			_, err := jwt.New(method).SignedString(key)
			return fmt.Errorf("sign token: %w", err)
		}
	}
	return []Fault{
		{"key_missing", nil, nil, noKeyfunc},
		{"key_invalid", nil, nil, parse(hs256(good), "text, not bytes")},
		{"key_invalid", nil, nil, parse(rs256(good), pemOf(&rsaKey.PublicKey))},
		{"key_invalid", nil, nil, parse(ps256(good), secret)},
		{"key_invalid", nil, nil, parse(es256(good), &rsaKey.PublicKey)},
		{"key_invalid", nil, nil, parse(eddsa(good), secret)},
		{"key_invalid", nil, nil, edFrom},
		{"key_invalid", nil, nil, ecFrom},
		{"header_missing", nil, nil, extract(request.BearerExtractor{})},
		{"header_missing", nil, nil, extract(request.OAuth2Extractor)},
		{"", nil, nil, sign(jwt.SigningMethodHS256, "text, not bytes")},
		{"", nil, nil, sign(jwt.SigningMethodRS256, secret)},
	}
}
