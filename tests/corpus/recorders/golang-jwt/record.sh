#!/bin/sh
# Runs every recorder against every version and prints the corpus: one JSON line per text.
# Needs go and the Go module proxy. Nothing is left behind: programs are built in a temporary folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# record NUMBER VERSION MODULE@TAG IMPORT-TO-REPLACE FILES...
record() {
    number=$1 version=$2 module=$3 placeholder=$4
    shift 4
    path=${module%@*}
    folder="$work/$number"
    mkdir "$folder"
    for file in shared/record.go shared/coats.go shared/tokens.go "$@"; do
        sed "s#\"$placeholder#\"$path#" "$here/$file" >"$folder/$(basename "$file")"
    done
    (
        cd "$folder"
        go mod init recorder
        go get "$module" $extra
        go mod tidy
        go build -o recorder .
    ) >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    "$folder/recorder" "$version" "$number"
}

extra=
base="legacy/legacy.go"
v4=github.com/golang-jwt/jwt/v4
v5=github.com/golang-jwt/jwt/v5
{
    record 0 3.2.0 github.com/dgrijalva/jwt-go@v3.2.0 $v4 $base legacy/none.go
    record 1 3.2.2 github.com/golang-jwt/jwt@v3.2.2 $v4 $base legacy/ed25519.go legacy/noregistered.go
    record 2 3.2.5 github.com/form3tech-oss/jwt-go@v3.2.5 $v4 $base legacy/none.go
    record 3 4.0.0 $v4@v4.0.0 $v4 $base legacy/ed25519.go legacy/noregistered.go
    record 4 4.4.3 $v4@v4.4.3 $v4 $base legacy/ed25519.go legacy/registered.go
    record 5 4.5.2 $v4@v4.5.2 $v4 $base legacy/ed25519.go legacy/registered.go
    record 6 5.0.0 $v5@v5.0.0 $v5 v5/v5.go v5/nonewer.go
    record 7 5.2.1 $v5@v5.2.1 $v5 v5/v5.go v5/newer.go
    record 8 5.3.1 $v5@v5.3.1 $v5 v5/v5.go v5/newer.go
    record 9 4.0.0-preview1 github.com/dgrijalva/jwt-go/v4@v4.0.0-preview1 \
        github.com/dgrijalva/jwt-go/v4 preview/preview.go
    rm -rf "$work/8"
    extra=github.com/MicahParks/keyfunc/v3@v3.3.5
    record 8 5.3.1 $v5@v5.3.1 $v5 keyfunc/keyfunc.go
} | awk -F'","reason":' '!seen[$1]++' # the same text from two versions is kept once
