#!/bin/sh
# Run every program in virtual time; write ../fixtures and ../fixtures.toml. See README.md.
# Usage, as root: record.sh SCRATCH_FOLDER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$1
mkdir -p "$scratch" /app
cp -r "$here"/* "$scratch"
cd "$scratch"

[ -d node/node_modules ] || (cd node && npm install --no-audit --no-fund)
[ -d py/venv ] || {
    python3 -m venv py/venv
    py/venv/bin/pip install -q pyjwt==2.15.1 flask==3.1.3 gunicorn==27.0.1 uvicorn==0.54.0 \
        fastapi==0.165.0 structlog==26.1.0 python-json-logger==4.2.0 loguru==0.7.3 \
        sentry-sdk==2.75.0
}
[ -d aws/venv ] || {
    python3 -m venv aws/venv
    aws/venv/bin/pip install -q awscli==1.46.3 'moto[server,logs,s3]==5.2.5'
}
(cd go && go mod tidy && CGO_ENABLED=0 go build -trimpath -tags faketime -o recorder .)

# A host name of its own, and /app as in a container.
rm -rf exports recorded
unshare --uts --mount sh -c '
    hostname orders-api-7d9f8b6c5d-x2x9z
    mount --bind "$0" /app
    cd /app && exec py/venv/bin/python record.py /app/recorded > /app/table.toml
' "$scratch"
rm -rf "$here/../fixtures"
cp -r recorded "$here/../fixtures"
{
    echo '# What each fixture holds, by the book of the program that recorded it (recorders/README.md).'
    echo '# Times are those the program had; formats of whole seconds show less.'
    echo
    cat table.toml
} > "$here/../fixtures.toml"
