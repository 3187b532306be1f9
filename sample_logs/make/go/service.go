// Package gateway is a small API gateway that checks access tokens. Ordinary service code.
package gateway

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

var errKeyNotLoaded = errors.New("signing key not loaded yet")

// Instance is one pod of the gateway.
type Instance struct {
	log *slog.Logger
	key atomic.Pointer[[]byte]
	mux *http.ServeMux
}

// NewInstance starts a pod that logs to log. It takes requests before its key is loaded.
func NewInstance(log *slog.Logger, version string, backend http.HandlerFunc) *Instance {
	in := &Instance{log: log, mux: http.NewServeMux()}
	in.mux.HandleFunc("GET /v2/", in.authenticated(backend))
	log.Info("gateway started", "version", version)
	return in
}

// LoadKey sets the key that tokens are verified with.
func (in *Instance) LoadKey(key []byte) {
	in.key.Store(&key)
	in.log.Info("signing key loaded")
}

func (in *Instance) keyFor(*jwt.Token) (any, error) {
	key := in.key.Load()
	if key == nil {
		return nil, errKeyNotLoaded
	}
	return *key, nil
}

func (in *Instance) authenticated(next http.HandlerFunc) http.HandlerFunc {
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired())
	return func(w http.ResponseWriter, r *http.Request) {
		raw, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok {
			in.log.Warn("missing bearer token", "request_id", r.Header.Get("X-Request-Id"))
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if _, err := parser.ParseWithClaims(raw, &jwt.RegisteredClaims{}, in.keyFor); err != nil {
			in.log.Warn("token rejected", "request_id", r.Header.Get("X-Request-Id"), "error", err)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next(w, r)
	}
}

type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (s *statusRecorder) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// ServeHTTP answers one request and logs it.
func (in *Instance) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begin := time.Now()
	recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
	in.mux.ServeHTTP(recorder, r)
	in.log.LogAttrs(context.Background(), slog.LevelInfo, "request",
		slog.String("request_id", r.Header.Get("X-Request-Id")),
		slog.String("method", r.Method),
		slog.String("path", r.URL.Path),
		slog.String("remote", r.RemoteAddr),
		slog.Int("status", recorder.status),
		slog.Int64("duration_ms", time.Since(begin).Milliseconds()),
	)
}
