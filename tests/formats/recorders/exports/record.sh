#!/bin/sh
# Run each program once; write ../../fixtures/exports and ../../exports.toml.
# Usage: record.sh SCRATCH_FOLDER   (README.md of the folder above: what it needs)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$1
mkdir -p "$scratch"
cp -r "$here"/* "$scratch"
cd "$scratch"
[ -d node_modules ] || npm install --no-audit --no-fund jsonwebtoken winston
[ -d v ] || { python3 -m venv v && v/bin/pip install -q pyjwt structlog rich loguru; }
[ -f go.mod ] || { go mod init emit && go mod tidy; }
go build -trimpath -o emit_go emit.go
mkdir -p src && cp emit.rs src/main.rs && cargo build -q
mkdir -p src/main/java && cp Emit.java src/main/java && mvn -q compile dependency:copy-dependencies
python3 record.py "$here/../.."
