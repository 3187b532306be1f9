module example.com/gateway

go 1.25

require github.com/golang-jwt/jwt/v5 v5.2.1
