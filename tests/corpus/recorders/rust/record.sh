#!/bin/sh
# record.sh LIBRARY: runs its recorder against every version listed below and prints one JSON line
# per text. Needs cargo and the crates registry; programs are built in a temporary folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
wanted=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
target=${CARGO_TARGET_DIR:-$work/target}
number=0

# record CRATE VERSION DEPENDENCY [NAME-OF-VALIDATION]
record() {
    number=$((number + 1))
    [ "$1" = "$wanted" ] || return 0
    mkdir -p "$work/$number/src"
    cp "$here/coats.rs" "$here/$1"/main.rs "$work/$number/src"
    [ -z "${4:-}" ] || cp "$here/$1/$4.rs" "$work/$number/src/validation.rs"
    cat >"$work/$number/Cargo.toml" <<END
[package]
name = "recorder"
version = "0.1.0"
edition = "2021"
[dependencies]
anyhow = "=1.0.103"
base64 = "=0.22.1"
hmac = "=0.12.1"
serde = { version = "1", features = ["derive"] }
serde_json = "1"
sha2 = "=0.10.9"
tracing = "=0.1.41"
tracing-subscriber = { version = "=0.3.19", features = ["json"] }
$3
END
    (cd "$work/$number" && CARGO_TARGET_DIR="$target" cargo build --quiet)
    RUST_BACKTRACE=0 "$target/debug/recorder" "$2" "$number"
}

{
    record jsonwebtoken 7.2.0 'jsonwebtoken = "=7.2.0"' validation-7
    record jsonwebtoken 8.3.0 'jsonwebtoken = "=8.3.0"' validation-8
    record jsonwebtoken 9.3.1 'jsonwebtoken = "=9.3.1"' validation
    record jsonwebtoken 10.2.0 \
        'jsonwebtoken = { version = "=10.2.0", features = ["rust_crypto"] }' validation
    record jsonwebtoken 11.1.0 \
        'jsonwebtoken = { version = "=11.1.0", features = ["rust_crypto"] }' validation
    record jwt-simple 0.12.17 \
        'jwt-simple = { version = "=0.12.17", default-features = false, features = ["pure-rust"] }'
} | awk '{ text = $0; sub(/.*"text":/, "", text); sub(/,"version":"[0-9.]*"}$/, "", text) } !seen[text]++'
