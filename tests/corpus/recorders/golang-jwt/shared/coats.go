package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"log/slog"
	"strings"

	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// The ways in which a Go program usually writes an error down.
var coats = []func(error) string{
	logPrintf, logPrintln, wrapped, slogJSON, slogText, zapJSON, zapConsole, logrusText, logrusJSON,
	response, container, quoted,
}

func logPrintf(err error) string {
	var out bytes.Buffer
	log.New(&out, "", log.LstdFlags).Printf("GET /orders: 401: %v", err)
	return strings.TrimSuffix(out.String(), "\n")
}

func logPrintln(err error) string {
	var out bytes.Buffer
	log.New(&out, "[auth] ", log.LstdFlags|log.Lmicroseconds|log.LUTC).Println(err)
	return strings.TrimSuffix(out.String(), "\n")
}

func wrapped(err error) string {
	return fmt.Sprintf("%+v", fmt.Errorf("code=401, message=invalid or expired jwt, internal=%w", err))
}

func slogJSON(err error) string {
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Warn("token rejected", "err", err, "path", "/orders")
	return strings.TrimSuffix(out.String(), "\n")
}

func slogText(err error) string {
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Warn("token rejected", "err", err, "status", 401)
	return strings.TrimSuffix(out.String(), "\n")
}

func zapJSON(err error) string {
	var out bytes.Buffer
	encoder := zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig())
	zapTo(&out, encoder).Warn("jwt validation failed", zap.Error(err), zap.Int("status", 401))
	return strings.TrimSuffix(out.String(), "\n")
}

func zapConsole(err error) string {
	var out bytes.Buffer
	zapTo(&out, zapcore.NewConsoleEncoder(zap.NewDevelopmentEncoderConfig())).Warn(err.Error())
	return strings.TrimSuffix(out.String(), "\n")
}

func zapTo(out *bytes.Buffer, encoder zapcore.Encoder) *zap.Logger {
	return zap.New(zapcore.NewCore(encoder, zapcore.AddSync(out), zapcore.InfoLevel))
}

func logrusText(err error) string {
	return logrusLine(&logrus.TextFormatter{DisableColors: true}, err)
}

func logrusJSON(err error) string {
	return logrusLine(&logrus.JSONFormatter{}, err)
}

func logrusLine(formatter logrus.Formatter, err error) string {
	var out bytes.Buffer
	logger := logrus.New()
	logger.SetOutput(&out)
	logger.SetFormatter(formatter)
	logger.WithError(err).WithField("status", 401).Warning("unauthenticated request")
	return strings.TrimSuffix(out.String(), "\n")
}

// response is the body a handler sends and logs.
func response(err error) string {
	body, _ := json.Marshal(map[string]any{"code": 401, "message": err.Error()})
	return string(body)
}

// container is a JSON line inside the JSON line of a container runtime: escaped twice.
func container(err error) string {
	body, _ := json.Marshal(map[string]string{"log": slogJSON(err) + "\n", "stream": "stderr"})
	return string(body)
}

func quoted(err error) string {
	return fmt.Sprintf("auth middleware: parse token: %q", err.Error())
}
