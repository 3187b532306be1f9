module example.com/record

go 1.23.7

require (
	github.com/distribution/distribution/v3 v3.0.0
	github.com/sirupsen/logrus v1.9.3
)

require (
	github.com/go-jose/go-jose/v4 v4.0.5 // indirect
	golang.org/x/crypto v0.36.0 // indirect
	golang.org/x/sys v0.31.0 // indirect
)
