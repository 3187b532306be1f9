#!/usr/bin/env bash
# Rebuilds the three sample bundles. Needs Debian or Ubuntu (x86_64 or arm64) with Python 3.11 or
# later, Node.js 20, Go 1.25 or later, and the registries of the four; nothing is installed outside
# a temporary folder.
# Usage: make.sh [partial_rollout|claim_drift|quiet_day]...     WORK=DIR keeps the folder
set -euo pipefail

make=$(cd "$(dirname "$0")" && pwd)
samples=$(dirname "$make")
work=${WORK:-$(mktemp -d)}
[ -n "${WORK:-}" ] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work"
work=$(cd "$work" && pwd)
export TZ=UTC PYTHONDONTWRITEBYTECODE=1
python=$work/venv/bin/python

python_packages() {
  [ -x "$python" ] || python3 -m venv "$work/venv"
  "$python" -m pip install -q -r "$make/python/requirements.txt"
}

debian_programs() { # nginx and libfaketime, unpacked and not installed
  mkdir -p "$work/debian"
  (cd "$work/debian" && apt-get download -q nginx libfaketime && for file in *.deb; do dpkg -x "$file" .; done)
}

partial_rollout() {
  python_packages
  mkdir -p "$work/node"
  cp "$make"/node/* "$work/node"
  (cd "$work/node" && npm ci --silent --no-audit --no-fund && node partial_rollout.js "$work/rollout")
  "$python" "$make/python/partial_rollout.py" "$work/rollout" "$samples/partial_rollout"
}

claim_drift() {
  python_packages
  debian_programs
  local library
  library=$(find "$work/debian" -name libfaketime.so.1 | head -1)
  "$python" "$make/python/claim_drift.py" "$samples/claim_drift" "$work/debian/usr/sbin/nginx" "$library"
}

quiet_day() {
  python_packages
  mkdir -p "$work/go"
  cp "$make"/go/* "$work/go"
  # One thread: with two, sleepers that end in the same nanosecond could run in either order.
  (cd "$work/go" && GOMAXPROCS=1 go test -count=1 -run TestQuietDay -args -output "$work/day")
  "$python" "$make/python/quiet_day.py" "$work/day" "$samples/quiet_day"
}

[ $# -gt 0 ] || set -- partial_rollout claim_drift quiet_day
for scenario in "$@"; do
  case $scenario in
    partial_rollout | claim_drift | quiet_day) echo "== $scenario"; $scenario ;;
    *) echo "no scenario named $scenario" >&2; exit 2 ;;
  esac
done
"$python" "$make/check.py" "$samples" "$@"
