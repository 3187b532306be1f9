#!/bin/sh
# Usage: record.sh firebase FOLDER > ../../firebase-php-jwt.jsonl (or lcobucci; FOLDER holds LIBRARY-VERSION folders).
turn=0
for lib in "$2/$1"-*; do
  LIB="$lib" TURN=$turn ${PHP:-php} "$(dirname "$0")/$1.php" || exit 1
  turn=$((turn + 3))
done
