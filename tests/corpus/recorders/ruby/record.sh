#!/bin/sh
# Usage: record.sh FOLDER > ../../ruby-jwt.jsonl; FOLDER holds ruby-jwt-1.5.0 ... ruby-jwt-3.2.0.
turn=0
for version in 1.5.0 1.5.6 2.0.0 2.2.3 2.3.0 2.5.0 2.8.2 2.9.3 3.2.0; do
  LIB="$1/ruby-jwt-$version" TURN=$turn ${RUBY:-ruby} "$(dirname "$0")/record.rb" || exit 1
  turn=$((turn + 3))
done
