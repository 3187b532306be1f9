#!/bin/sh
# Run each logger once over the same twelve requests; write ../../fixtures/loggers and ../../loggers.toml.
# Usage, as root: record.sh SCRATCH_FOLDER   (README.md of the folder above: what it needs)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$1
mkdir -p "$scratch" /app
cp -r "$here"/* "$scratch"
cd "$scratch"
[ -d node/node_modules ] || (cd node && npm install --legacy-peer-deps --no-audit --no-fund \
    jsonwebtoken pino pino-pretty winston log4js roarr tslog @elastic/ecs-pino-format \
    @nestjs/common rxjs reflect-metadata egg-logger)
[ -d py/v ] || { python3 -m venv py/v && py/v/bin/pip install -q pyjwt structlog loguru logfmter \
    python-json-logger ecs-logging opentelemetry-sdk colorlog rich aws-lambda-powertools \
    tornado twisted oslo.log 'moto[server,logs]' awslogs; }
(cd go && { [ -f go.mod ] || go mod init emit; } && go mod tidy &&
    CGO_ENABLED=0 go build -trimpath -tags faketime -o emit .)
(cd java && mkdir -p src/main/java && cp Emit.java src/main/java && mvn -q compile dependency:copy-dependencies)
rm -rf out && mkdir out
unshare --uts --mount sh -c 'hostname host-a && mount --bind "$0" /app && cd /app && python3 record.py' "$scratch"
rm -rf "$here/../../fixtures/loggers"
cp -r out/fixtures "$here/../../fixtures/loggers"
cp out/loggers.toml "$here/../../loggers.toml"
