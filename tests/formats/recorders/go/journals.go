package main

import (
	"log"
	"log/slog"
	"net/http"
	"os"

	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
)

func requestID(r *http.Request) string { return r.Header.Get("X-Request-Id") }

type zapJournal struct{ *zap.Logger }

func newZapProduction() journal {
	logger := zap.Must(zap.NewProduction())
	return zapJournal{logger.With(zap.String("service", "orders-api"))}
}
func newZapDevelopment() journal { return zapJournal{zap.Must(zap.NewDevelopment())} }

func (j zapJournal) started() { j.Info("listening", zap.Int("port", 8080)) }
func (j zapJournal) accepted(r *http.Request, subject string) {
	j.Info("token accepted", zap.String("request_id", requestID(r)), zap.String("sub", subject))
}
func (j zapJournal) rejected(r *http.Request, err error) {
	j.Error("token rejected", zap.String("request_id", requestID(r)), zap.Error(err))
}

type logrusJournal struct{ *logrus.Entry }

func newLogrusText() journal { return logrusJournal{logrus.NewEntry(logrus.New())} }
func newLogrusJSON() journal {
	logger := logrus.New()
	logger.SetFormatter(&logrus.JSONFormatter{})
	return logrusJournal{logger.WithField("service", "orders-api")}
}

func (j logrusJournal) started() { j.Info("listening on :8080") }
func (j logrusJournal) accepted(r *http.Request, subject string) {
	j.WithFields(logrus.Fields{"request_id": requestID(r), "sub": subject}).Info("authenticated")
}
func (j logrusJournal) rejected(r *http.Request, err error) {
	j.WithError(err).WithField("request_id", requestID(r)).Warn("authentication failed")
}

type slogJournal struct{ *slog.Logger }

func newSlogJSON() journal {
	return slogJournal{slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("service", "orders-api")}
}
func newSlogText() journal {
	return slogJournal{slog.New(slog.NewTextHandler(os.Stdout, nil)).With("service", "orders-api")}
}

func (j slogJournal) started() { j.Info("listening", "addr", ":8080") }
func (j slogJournal) accepted(r *http.Request, subject string) {
	j.Info("token accepted", "request_id", requestID(r), "sub", subject)
}
func (j slogJournal) rejected(r *http.Request, err error) {
	j.Warn("token rejected", "request_id", requestID(r), "err", err)
}

type zerologJournal struct{ zerolog.Logger }

func newZerolog() journal {
	return zerologJournal{zerolog.New(os.Stdout).With().Timestamp().Str("service", "orders-api").Logger()}
}

func (j zerologJournal) started() { j.Info().Msg("listening") }
func (j zerologJournal) accepted(r *http.Request, subject string) {
	j.Info().Str("request_id", requestID(r)).Str("sub", subject).Msg("token accepted")
}
func (j zerologJournal) rejected(r *http.Request, err error) {
	j.Warn().Err(err).Str("request_id", requestID(r)).Msg("token rejected")
}

type goLog struct{}

func newGoLog() journal { return goLog{} }

func (goLog) started() { log.Println("listening on :8080") }
func (goLog) accepted(r *http.Request, subject string) {
	log.Printf("%s %s %s ok", requestID(r), r.URL.Path, subject)
}
func (goLog) rejected(r *http.Request, err error) {
	log.Printf("%s %s auth: %v", requestID(r), r.URL.Path, err)
}
