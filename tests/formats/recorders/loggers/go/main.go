package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	stdlog "log"
	"log/slog"
	"os"
	"time"

	apex "github.com/apex/log"
	apexcli "github.com/apex/log/handlers/cli"
	apexjson "github.com/apex/log/handlers/json"
	apexlogfmt "github.com/apex/log/handlers/logfmt"
	apextext "github.com/apex/log/handlers/text"
	charm "github.com/charmbracelet/log"
	kitlog "github.com/go-kit/log"
	"github.com/golang-jwt/jwt/v5"
	hclog "github.com/hashicorp/go-hclog"
	"github.com/inconshreveable/log15"
	"github.com/lmittmann/tint"
	pkgerrors "github.com/pkg/errors"
	"github.com/rs/zerolog"
	zpkg "github.com/rs/zerolog/pkgerrors"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"k8s.io/klog/v2"
)

var secret = []byte("throwaway-secret-of-the-recorder-0123456789")
var reasons = map[string]string{"expired": "token_expired", "wrong_key": "signature_invalid", "wrong_audience": "audience_mismatch", "garbage": "token_malformed"}
var kinds = []string{"", "", "expired", "", "wrong_key", "", "", "wrong_audience", "", "garbage", "", "expired"}

func verify(k string, n int) error {
	now := time.Now().Unix()
	s := "undefined"
	if k != "garbage" {
		c := jwt.MapClaims{"iss": "https://auth.example.com/", "aud": "orders-api", "sub": fmt.Sprint("user-", n), "exp": now + 3600}
		key := secret
		switch k {
		case "expired":
			c["exp"] = now - 400
		case "wrong_audience":
			c["aud"] = "billing-api"
		case "wrong_key":
			key = []byte("another-secret-another-secret")
		}
		s, _ = jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(key)
	}
	_, err := jwt.Parse(s, func(*jwt.Token) (any, error) { return secret, nil }, jwt.WithAudience("orders-api"))
	return err
}

type each func(path string, err error)

func zapWith(c zap.Config) each {
	c.OutputPaths = []string{"stdout"}
	l, err := c.Build()
	if err != nil {
		panic(err)
	}
	return func(p string, e error) {
		if e != nil {
			l.Error("token rejected", zap.Error(e), zap.String("path", p))
		} else {
			l.Info("request", zap.String("path", p))
		}
	}
}
func zerow(l zerolog.Logger) each {
	return func(p string, e error) {
		if e != nil {
			l.Warn().Stack().Err(pkgerrors.WithStack(e)).Str("path", p).Msg("token rejected")
		} else {
			l.Info().Str("path", p).Msg("request")
		}
	}
}
func apexw() each {
	return func(p string, e error) {
		if e != nil {
			apex.WithError(e).WithField("path", p).Error("token rejected")
		} else {
			apex.WithField("path", p).Info("request")
		}
	}
}
func logrusw(l *logrus.Logger) each {
	l.SetOutput(os.Stdout)
	return func(p string, e error) {
		if e != nil {
			l.WithError(e).WithField("path", p).Error("token rejected")
		} else {
			l.WithField("path", p).Info("request")
		}
	}
}
func slogw(l *slog.Logger) each {
	return func(p string, e error) {
		if e != nil {
			l.Error("token rejected", "err", e, slog.Group("http", slog.String("path", p), slog.Int("status", 401)))
		} else {
			l.Info("request", slog.Group("http", slog.String("path", p), slog.Int("status", 200)))
		}
	}
}

var forms = map[string]func() each{
	"zap-iso": func() each {
		c := zap.NewProductionConfig()
		c.EncoderConfig.EncodeTime = zapcore.ISO8601TimeEncoder
		c.EncoderConfig.TimeKey = "time"
		return zapWith(c)
	},
	"zap-nanos": func() each {
		c := zap.NewProductionConfig()
		c.EncoderConfig.EncodeTime = zapcore.EpochNanosTimeEncoder
		return zapWith(c)
	},
	"zap-millis": func() each {
		c := zap.NewProductionConfig()
		c.EncoderConfig.EncodeTime = zapcore.EpochMillisTimeEncoder
		return zapWith(c)
	},
	"zap-console": func() each {
		c := zap.NewProductionConfig()
		c.Encoding = "console"
		return zapWith(c)
	},
	"zap-console-colour": func() each {
		c := zap.NewDevelopmentConfig()
		c.EncoderConfig.EncodeLevel = zapcore.CapitalColorLevelEncoder
		c.EncoderConfig.EncodeTime = zapcore.RFC3339TimeEncoder
		return zapWith(c)
	},
	"zap-rfc822": func() each {
		c := zap.NewDevelopmentConfig()
		c.EncoderConfig.EncodeTime = zapcore.TimeEncoderOfLayout(time.RFC1123Z)
		return zapWith(c)
	},
	"logrus-tty":      func() each { l := logrus.New(); l.SetFormatter(&logrus.TextFormatter{ForceColors: true}); return logrusw(l) },
	"logrus-fulltime": func() each { l := logrus.New(); l.SetFormatter(&logrus.TextFormatter{ForceColors: true, FullTimestamp: true}); return logrusw(l) },
	"logrus-nocolor":  func() each { l := logrus.New(); l.SetFormatter(&logrus.TextFormatter{DisableColors: true, TimestampFormat: "2006-01-02 15:04:05"}); return logrusw(l) },
	"logrus-caller":   func() each { l := logrus.New(); l.SetReportCaller(true); l.SetFormatter(&logrus.JSONFormatter{PrettyPrint: true}); return logrusw(l) },
	"zerolog-unix":    func() each { zerolog.TimeFieldFormat = zerolog.TimeFormatUnix; zerolog.ErrorStackMarshaler = zpkg.MarshalStack; return zerow(zerolog.New(os.Stdout).With().Timestamp().Str("service", "orders-api").Logger()) },
	"zerolog-unixms":  func() each { zerolog.TimeFieldFormat = zerolog.TimeFormatUnixMs; return zerow(zerolog.New(os.Stdout).With().Timestamp().Logger()) },
	"zerolog-console": func() each { return zerow(zerolog.New(zerolog.ConsoleWriter{Out: os.Stdout, NoColor: true}).With().Timestamp().Logger()) },
	"zerolog-console-colour": func() each {
		return zerow(zerolog.New(zerolog.ConsoleWriter{Out: os.Stdout, TimeFormat: time.RFC3339}).With().Timestamp().Logger())
	},
	"slog-default": func() each { stdlog.SetOutput(os.Stdout); return slogw(slog.Default()) },
	"slog-text-source": func() each {
		return slogw(slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{AddSource: true})))
	},
	"slog-json-source": func() each {
		return slogw(slog.New(slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{AddSource: true, ReplaceAttr: func(g []string, a slog.Attr) slog.Attr {
			if a.Key == "time" {
				a.Key = "ts"
				a.Value = slog.Int64Value(a.Value.Time().UnixMilli())
			}
			return a
		}})).With("service", "orders-api"))
	},
	"tint":        func() each { return slogw(slog.New(tint.NewHandler(os.Stdout, nil))) },
	"tint-full":   func() each { return slogw(slog.New(tint.NewHandler(os.Stdout, &tint.Options{TimeFormat: time.DateTime, NoColor: true}))) },
	"klog":        func() each { return klogw(false) },
	"klog-json":   func() each { return klogw(true) },
	"apex-json":   func() each { apex.SetHandler(apexjson.New(os.Stdout)); return apexw() },
	"apex-text":   func() each { apex.SetHandler(apextext.New(os.Stdout)); return apexw() },
	"apex-logfmt": func() each { apex.SetHandler(apexlogfmt.New(os.Stdout)); return apexw() },
	"apex-cli":    func() each { apex.SetHandler(apexcli.New(os.Stdout)); return apexw() },
	"log15":       func() each { return log15w(log15.StreamHandler(os.Stdout, log15.LogfmtFormat())) },
	"log15-term":  func() each { return log15w(log15.StreamHandler(os.Stdout, log15.TerminalFormat())) },
	"log15-json":  func() each { return log15w(log15.StreamHandler(os.Stdout, log15.JsonFormat())) },
	"charm":       func() each { return charmw(charm.Options{ReportTimestamp: true}) },
	"charm-json":  func() each { return charmw(charm.Options{ReportTimestamp: true, Formatter: charm.JSONFormatter, TimeFormat: time.RFC3339}) },
	"charm-kitchen": func() each { return charmw(charm.Options{ReportTimestamp: true, TimeFormat: time.Kitchen, Prefix: "auth"}) },
	"gokit":       func() each { return kitw(kitlog.NewLogfmtLogger(os.Stdout)) },
	"gokit-json":  func() each { return kitw(kitlog.NewJSONLogger(os.Stdout)) },
	"hclog": func() each {
		return hcw(hclog.New(&hclog.LoggerOptions{Name: "auth", Output: os.Stdout}))
	},
	"hclog-json": func() each {
		return hcw(hclog.New(&hclog.LoggerOptions{Name: "auth", Output: os.Stdout, JSONFormat: true}))
	},
	"golog-flags": func() each {
		l := stdlog.New(os.Stdout, "[auth] ", stdlog.LstdFlags|stdlog.Lshortfile|stdlog.Lmicroseconds|stdlog.LUTC)
		return func(p string, e error) {
			if e != nil {
				l.Printf("rejected: %v", e)
			} else {
				l.Printf("GET %s", p)
			}
		}
	},
	"golog-msgprefix": func() each {
		l := stdlog.New(os.Stdout, "auth: ", stdlog.LstdFlags|stdlog.Lmsgprefix)
		return func(p string, e error) {
			if e != nil {
				l.Printf("%+v", pkgerrors.Wrap(e, "verify"))
			} else {
				l.Printf("GET %s", p)
			}
		}
	},
	"fmt-kitchen": func() each {
		return func(p string, e error) {
			if e != nil {
				fmt.Println(time.Now(), "rejected:", e)
			} else {
				fmt.Println(time.Now(), "GET", p)
			}
		}
	},
}

func klogw(j bool) each {
	fs := flag.NewFlagSet("k", flag.PanicOnError)
	klog.InitFlags(fs)
	fs.Set("logtostderr", "false")
	fs.Set("alsologtostderr", "false")
	fs.Set("stderrthreshold", "FATAL")
	klog.SetOutput(os.Stdout)
	return func(p string, e error) {
		if e != nil {
			klog.ErrorS(e, "Unable to authenticate the request", "path", p)
		} else {
			klog.InfoS("HTTP", "verb", "GET", "URI", p, "resp", 200)
		}
		klog.Flush()
	}
}
func log15w(h log15.Handler) each {
	l := log15.New("service", "orders-api")
	l.SetHandler(h)
	return func(p string, e error) {
		if e != nil {
			l.Error("token rejected", "err", e, "path", p)
		} else {
			l.Info("request", "path", p)
		}
	}
}
func charmw(o charm.Options) each {
	l := charm.NewWithOptions(os.Stdout, o)
	return func(p string, e error) {
		if e != nil {
			l.Error("token rejected", "err", e, "path", p)
		} else {
			l.Info("request", "path", p)
		}
	}
}
func kitw(l kitlog.Logger) each {
	l = kitlog.With(l, "ts", kitlog.DefaultTimestampUTC, "caller", kitlog.DefaultCaller)
	return func(p string, e error) {
		if e != nil {
			l.Log("msg", "token rejected", "err", e, "path", p)
		} else {
			l.Log("msg", "request", "path", p)
		}
	}
}
func hcw(l hclog.Logger) each {
	return func(p string, e error) {
		if e != nil {
			l.Error("token rejected", "error", e, "path", p)
		} else {
			l.Info("request", "path", p)
		}
	}
}

func main() {
	if len(os.Args) < 2 {
		for n := range forms {
			fmt.Println(n)
		}
		return
	}
	_ = context.Background()
	f := forms[os.Args[1]]()
	book := map[string]any{}
	rej := map[string]int{}
	var first, last int64
	var refused []int64
	for n, k := range kinds {
		time.Sleep(time.Duration(8125+(n*7919)%48000) * time.Millisecond)
		ms := time.Now().UnixMilli()
		if first == 0 {
			first = ms
		}
		last = ms
		err := verify(k, n)
		if (err != nil) != (k != "") {
			panic(errors.New("plan " + k))
		}
		f([]string{"/orders", "/orders/17", "/invoices"}[n%3], err)
		if k != "" {
			rej[reasons[k]]++
			refused = append(refused, ms)
		}
	}
	book["events"] = len(kinds)
	book["rejections"] = rej
	book["first_ms"] = first
	book["last_ms"] = last
	book["refused_ms"] = refused
	b, _ := json.Marshal(book)
	os.WriteFile(os.Args[2], b, 0o644)
}
