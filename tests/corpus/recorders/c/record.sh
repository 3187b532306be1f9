#!/bin/sh
# record.sh jwt-cpp SOURCE VERSION: builds the recorder against an unpacked release of jwt-cpp and
# prints one JSON line per text. Needs g++ and OpenSSL's headers.
# record.sh libjwt SOURCE VERSION: the same for an unpacked release of libjwt; needs cmake and jansson.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case $1 in
jwt-cpp)
    g++ -std=c++14 -w -I"$2/include" "$here/jwt-cpp/main.cpp" -o "$work/recorder" -lcrypto
    ;;
libjwt)
    cmake -S "$2" -B "$work/build" -DBUILD_TESTS=OFF -DWITH_TESTS=OFF -DBUILD_EXAMPLES=OFF \
        -DWITH_GNUTLS=OFF -DWITH_LIBCURL=OFF -DWITH_MBEDTLS=OFF >"$work/log" 2>&1
    cmake --build "$work/build" --target jwt >>"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    library=$(find "$work/build" -name 'libjwt*.so' -o -name 'libjwt*.a' | head -1)
    gcc -I"$2/include" -I"$work/build" "$here/libjwt/main-${3%%.*}.c" "$library" \
        -Wl,-rpath,"$(dirname "$library")" -ljansson -lcrypto -o "$work/recorder"
    ;;
esac
"$work/recorder" "$3" | awk '!seen[$0]++'
