#!/bin/sh
# record.sh LIBRARY: runs its recorder against every version listed below and prints one JSON line
# per text. Needs go and the Go module proxy; programs are built in a temporary folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
wanted=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0

# record LIBRARY VERSION FILES "MODULE@TAG ..." [SED-SCRIPT]
record() {
    number=$((number + 1))
    [ "$1" = "$wanted" ] || return 0
    folder="$work/$number"
    mkdir "$folder"
    for file in shared/record.go ../golang-jwt/shared/coats.go ../golang-jwt/shared/tokens.go $3; do
        sed "${5:-}" "$here/$file" >"$folder/$(basename "$file")"
    done
    (
        cd "$folder"
        go mod init recorder
        go get $4
        go mod tidy
        go build -o recorder .
    ) >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    "$folder/recorder" "$1" "$2" "$number"
}

jose=github.com/go-jose/go-jose
{
    first="go-jose/main.go go-jose/older.go go-jose/notlatest.go"
    record go-jose 2.6.0 "$first" gopkg.in/square/go-jose.v2@v2.6.0 \
        "s#$jose/v4#gopkg.in/square/go-jose.v2#"
    record go-jose 3.0.4 "$first" $jose/v3@v3.0.4 "s#$jose/v4#$jose/v3#"
    record go-jose 4.0.1 "go-jose/main.go go-jose/newer.go go-jose/notlatest.go" $jose/v4@v4.0.1
    record go-jose 4.1.3 "go-jose/main.go go-jose/newer.go go-jose/latest.go" $jose/v4@v4.1.3
    record go-jose 4.1.8 "go-jose/main.go go-jose/newer.go go-jose/latest.go" $jose/v4@v4.1.8
    oidc="go-oidc/main.go go-oidc/older.go"
    record go-oidc 2.2.1 "$oidc" "github.com/coreos/go-oidc@v2.2.1+incompatible" \
        "s#go-oidc/v3/oidc#go-oidc#"
    record go-oidc 2.3.0 "$oidc" "github.com/coreos/go-oidc@v2.3.0+incompatible" \
        "s#go-oidc/v3/oidc#go-oidc#"
    record go-oidc 3.4.0 "go-oidc/main.go go-oidc/newer.go" github.com/coreos/go-oidc/v3@v3.4.0
    record go-oidc 3.17.0 "go-oidc/main.go go-oidc/newer.go" github.com/coreos/go-oidc/v3@v3.17.0
    record go-oidc 3.21.0 "go-oidc/main.go go-oidc/newer.go" github.com/coreos/go-oidc/v3@v3.21.0
    jwx=github.com/lestrrat-go/jwx
    record jwx 1.2.31 "jwx/main.go jwx/v1.go jwx/notlatest.go" $jwx@v1.2.31 "s#$jwx/v3#$jwx#"
    record jwx 2.0.21 "jwx/main.go jwx/v2.go jwx/notlatest.go" $jwx/v2@v2.0.21 "s#$jwx/v3#$jwx/v2#"
    record jwx 2.1.6 "jwx/main.go jwx/v2.go jwx/notlatest.go" $jwx/v2@v2.1.6 "s#$jwx/v3#$jwx/v2#"
    record jwx 3.0.13 "jwx/main.go jwx/v3.go jwx/notlatest.go" $jwx/v3@v3.0.13
    record jwx 3.3.0 "jwx/main.go jwx/v3.go jwx/latest.go" $jwx/v3@v3.3.0
    auth0="auth0-go-jwt-middleware"
    record $auth0 2.0.1 $auth0/main.go github.com/auth0/go-jwt-middleware/v2@v2.0.1
    record $auth0 2.3.1 $auth0/main.go github.com/auth0/go-jwt-middleware/v2@v2.3.1
    record gin-jwt 2.10.3 gin-jwt/main.go github.com/appleboy/gin-jwt/v2@v2.10.3
    record echo-jwt 4.1.0 echo-jwt/main.go github.com/labstack/echo-jwt/v4@v4.1.0 \
        "s#golang-jwt/jwt/v5#golang-jwt/jwt/v4#"
    record echo-jwt 4.4.0 echo-jwt/main.go github.com/labstack/echo-jwt/v4@v4.4.0
    record kubernetes 1.31.0 kubernetes/main.go "k8s.io/apiserver@v0.31.0 \
        github.com/coreos/go-oidc@v2.2.1+incompatible"
    keyfunc=github.com/MicahParks/keyfunc
    record keyfunc 1.9.0 "keyfunc/main.go keyfunc/v2.go" $keyfunc@v1.9.0 \
        "s#$keyfunc/v2#$keyfunc#; s#golang-jwt/jwt/v5#golang-jwt/jwt/v4#"
    record keyfunc 2.1.0 "keyfunc/main.go keyfunc/v2.go" $keyfunc/v2@v2.1.0
    record keyfunc 3.3.5 "keyfunc/main.go keyfunc/v3.go" $keyfunc/v3@v3.3.5
    record keyfunc 3.9.1 "keyfunc/main.go keyfunc/v3.go" $keyfunc/v3@v3.9.1
} | awk -F'","reason":' '!seen[$1]++' # the same text from two versions is kept once
