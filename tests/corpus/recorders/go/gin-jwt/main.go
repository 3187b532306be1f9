// Provokes the rejections of gin-jwt: the bodies it sends and the errors it hands to the program.
package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"time"

	jwt "github.com/appleboy/gin-jwt/v2"
	"github.com/gin-gonic/gin"
)

func main() {
	gin.SetMode(gin.ReleaseMode)
	Record(append(append(headers(), tokens()...), others()...))
}

func settings() *jwt.GinJWTMiddleware {
	return &jwt.GinJWTMiddleware{
		Realm: "api", Key: secret, TimeFunc: func() time.Time { return now },
		TokenLookup:   "header: Authorization, query: token, cookie: jwt",
		Authenticator: func(*gin.Context) (any, error) { return nil, jwt.ErrFailedAuthentication },
	}
}

// answer returns the body of the answer to a request with this header.
func answer(header string, change func(*jwt.GinJWTMiddleware)) func() error {
	return func() error {
		set := settings()
		change(set)
		middleware := must(jwt.New(set))
		router := gin.New()
		router.GET("/orders", middleware.MiddlewareFunc(), func(c *gin.Context) { c.Status(200) })
		router.POST("/login", middleware.LoginHandler)
		request := httptest.NewRequest(http.MethodGet, "/orders", nil)
		if header == "login" {
			request = httptest.NewRequest(http.MethodPost, "/login", nil)
		} else if header != "" {
			request.Header.Set("Authorization", header)
		}
		got := httptest.NewRecorder()
		router.ServeHTTP(got, request)
		return errors.New(got.Body.String())
	}
}

func lookup(places string) func(*jwt.GinJWTMiddleware) {
	return func(set *jwt.GinJWTMiddleware) { set.TokenLookup = places }
}

func headers() []Fault {
	return []Fault{
		{"header_missing", nil, nil, answer("", lookup("header: Authorization"))},
		{"header_missing", nil, nil, answer("", lookup("query: token"))},
		{"header_missing", nil, nil, answer("", lookup("cookie: jwt"))},
		{"header_missing", nil, nil, answer("", lookup("param: token"))},
		{"header_malformed", nil, nil, answer("Token abc", lookup("header: Authorization"))},
	}
}

func tokens() []Fault {
	only := lookup("header: Authorization")
	deny := func(set *jwt.GinJWTMiddleware) {
		set.Authorizator = func(any, *gin.Context) bool { return false }
	}
	return []Fault{
		{"algorithm_mismatch", nil, nil, answer("Bearer "+rs256(good), only)},
		{"claim_missing", nil, captures{"claim": {"exp"}}, answer("Bearer "+hs256(`{"sub":"1"}`), only)},
		{"token_expired", nil, nil, answer("Bearer "+hs256(`{"exp":1699999000}`), only)},
		{"insufficient_scope", nil, nil, answer("Bearer "+hs256(`{"exp":4102444800}`), deny)},
		{"", nil, nil, answer("login", only)},
	}
}

func others() []Fault {
	fails := func(change func(*jwt.GinJWTMiddleware)) func() error {
		return func() error {
			set := settings()
			change(set)
			_, err := jwt.New(set)
			return errors.New("JWT Error:" + err.Error())
		}
	}
	plain := func(err error) func() error { return func() error { return err } }
	return []Fault{
		{"key_missing", nil, nil, fails(func(set *jwt.GinJWTMiddleware) { set.Key = nil })},
		{"key_invalid", nil, nil, fails(func(set *jwt.GinJWTMiddleware) {
			set.SigningAlgorithm, set.PrivKeyBytes, set.PubKeyBytes = "RS256", []byte("x"), []byte("y")
		})},
		{"key_invalid", nil, nil, fails(func(set *jwt.GinJWTMiddleware) {
			set.SigningAlgorithm, set.PrivKeyFile, set.PubKeyFile = "RS256", "/nowhere", "/nowhere"
		})},
		{"header_missing", nil, nil, plain(jwt.ErrEmptyAuthHeader)},
		{"header_missing", nil, nil, plain(jwt.ErrEmptyQueryToken)},
		{"header_missing", nil, nil, plain(jwt.ErrEmptyCookieToken)},
		{"header_missing", nil, nil, plain(jwt.ErrEmptyParamToken)},
		{"header_malformed", nil, nil, plain(jwt.ErrInvalidAuthHeader)},
		{"claim_missing", nil, captures{"claim": {"exp"}}, plain(jwt.ErrMissingExpField)},
		{"claim_invalid", nil, nil, plain(jwt.ErrWrongFormatOfExp)},
	}
}
