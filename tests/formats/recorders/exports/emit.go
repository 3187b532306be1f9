// Log the twelve events in one form. Usage: emit FORM
package main

import (
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

type event struct {
	text string
	err  error
	id   int
}

var key = []byte("ssssssssssssssssssssssssssssssss")

func token(exp int64, aud string, by []byte) string {
	claims := jwt.MapClaims{"sub": "u1", "aud": aud, "exp": exp}
	signed, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(by)
	return signed
}

func events() []event {
	now := time.Now().Unix()
	refused := []string{token(now-600, "orders", key), token(now+600, "orders", []byte("xxxxxxxxxxxxxxxx")),
		token(now+600, "web", key), "abc.def", token(now-60, "orders", key)}
	all := []event{{"listening on port 8080", nil, 0}}
	for i, one := range refused {
		_, err := jwt.Parse(one, func(*jwt.Token) (any, error) { return key, nil }, jwt.WithAudience("orders"))
		all = append(all, event{"order stored", nil, i}, event{"authentication failed", err, i})
	}
	return append(all, event{"shutting down", nil, 0})
}

func main() {
	book, _ := os.OpenFile(os.Getenv("BOOK"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	log := slog.New(slog.NewTextHandler(os.Stdout, nil)).With("service", "orders-api")
	for _, one := range events() {
		now := time.Now().UTC()
		fmt.Fprintln(book, now.Format(time.RFC3339Nano))
		path, status := fmt.Sprintf("/orders/%d", one.id), 200
		if one.err != nil {
			status = 401
		}
		switch {
		case os.Args[1] == "access-bars":
			fmt.Printf("%s|192.0.2.7|GET|%s|%d|0.003|curl/8\n", now.Format(time.RFC3339), path, status)
		case one.err != nil:
			log.WithGroup("request").Error(one.text, "error", one.err, slog.Group("http", "path", path, "status", status))
		default:
			log.Info(one.text, "order", one.id)
		}
		time.Sleep(30 * time.Millisecond)
	}
}
