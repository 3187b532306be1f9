// Orders API with one of Go's loggers. Build with -tags faketime: the run time then has the
// playground's clock, which starts at 2009-11-10T23:00:00Z and moves only while all sleep.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

var secret = []byte("throwaway-secret-of-the-recorder-0123456789")

const issuer, audience = "https://auth.example.com/", "orders-api"

// journal is what the service tells its log.
type journal interface {
	started()
	accepted(r *http.Request, subject string)
	rejected(r *http.Request, err error)
}

var journals = map[string]func() journal{
	"zap-production": newZapProduction, "zap-development": newZapDevelopment,
	"logrus-text": newLogrusText, "logrus-json": newLogrusJSON,
	"slog-json": newSlogJSON, "slog-text": newSlogText,
	"zerolog": newZerolog, "go-log": newGoLog,
}

func authenticated(log journal, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		bearer := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		token, err := jwt.Parse(bearer, func(*jwt.Token) (any, error) { return secret, nil },
			jwt.WithValidMethods([]string{"HS256"}), jwt.WithAudience(audience), jwt.WithIssuer(issuer))
		if err != nil {
			log.rejected(r, err)
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		subject, _ := token.Claims.GetSubject()
		log.accepted(r, subject)
		next.ServeHTTP(w, r)
	})
}

var reasons = map[string]string{
	"expired": "token_expired", "wrong_key": "signature_invalid",
	"wrong_audience": "audience_mismatch", "garbage": "token_malformed",
}

// book is what the recorder itself knows of the run.
type book struct {
	Requests  int            `json:"requests"`
	Refused   map[string]int `json:"refused"`
	FirstMs   int64          `json:"first_ms"`
	LastMs    int64          `json:"last_ms"`
	RefusedMs []int64        `json:"refused_ms"`
}

func mint(fault string, number int) string {
	if fault == "garbage" {
		return "undefined"
	}
	claims := jwt.MapClaims{"iss": issuer, "aud": audience, "sub": fmt.Sprintf("user-%d", number),
		"iat": time.Now().Unix() - 4000, "exp": time.Now().Unix() + 3600}
	key := secret
	switch fault {
	case "expired":
		claims["exp"] = time.Now().Unix() - 400
	case "wrong_audience":
		claims["aud"] = "billing-api"
	case "wrong_key":
		key = []byte("another-secret-that-the-service-does-not-know")
	}
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(key)
	if err != nil {
		panic(err)
	}
	return signed
}

func plan(name string) []string {
	seed := int64(0)
	for _, letter := range name {
		seed = seed*31 + int64(letter)
	}
	chance := rand.New(rand.NewSource(seed))
	kinds := make([]string, 16+chance.Intn(12))
	for _, fault := range []string{"expired", "wrong_key", "wrong_audience", "garbage"} {
		for range 1 + chance.Intn(4) {
			kinds = append(kinds, fault)
		}
	}
	chance.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	return kinds
}

func main() {
	name := os.Args[1]
	log := journals[name]()
	ok := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	service := authenticated(log, ok)
	kept := book{Refused: map[string]int{}, FirstMs: time.Now().UnixMilli()}
	log.started()
	for number, fault := range plan(name) {
		time.Sleep(time.Duration(1125+(number*7919)%48000) * time.Millisecond)
		request := httptest.NewRequest("GET", "/orders", nil)
		request.Header.Set("Authorization", "Bearer "+mint(fault, number))
		request.Header.Set("X-Request-Id", fmt.Sprintf("4f1c2d7e-%04d-4a5b-9c8d", number))
		answer := httptest.NewRecorder()
		service.ServeHTTP(answer, request)
		if (answer.Code == http.StatusUnauthorized) != (fault != "") {
			panic(errors.New("judged other than planned: " + fault))
		}
		kept.Requests++
		kept.LastMs = time.Now().UnixMilli()
		if fault != "" {
			kept.Refused[reasons[fault]]++
			kept.RefusedMs = append(kept.RefusedMs, kept.LastMs)
		}
	}
	written, err := json.Marshal(kept)
	if err == nil {
		err = os.WriteFile(os.Args[2], written, 0o644)
	}
	if err != nil {
		panic(err)
	}
}
