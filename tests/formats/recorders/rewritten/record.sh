#!/bin/sh
# Let programs write events anew; write ../../fixtures/rewritten and ../../rewritten.toml.
# Usage: record.sh SCRATCH_FOLDER   (README.md of the folder above: what it needs)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$1
mkdir -p "$scratch"
cp "$here"/* "$scratch"
cd "$scratch"
[ -d node_modules ] || npm install --no-audit --no-fund json5@2.2.3 js-yaml@4.1.0
[ -d v ] || { python3 -m venv v && v/bin/pip install -q pyjwt==2.10.1 pandas==2.3.3 python-dateutil; }
v/bin/python record.py "$here/../.."
