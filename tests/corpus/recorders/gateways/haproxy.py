"""Runs HAProxy with the JWT checks of its manual and records the answers and the log.

    python haproxy.py ROOT VERSION > ../../haproxy.jsonl

ROOT is where the Debian packages were unpacked (see README.md). jwt_verify returns a number and
writes nothing: the words are those of the configuration that the manual and the vendor's
tutorials give, which services copy.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from rows import Rows
from tokens import KEY, faulty, token

PORT = 18091
CONFIG = """
defaults
  mode http
  timeout connect 1s
  timeout client 5s
  timeout server 5s
  log stdout format raw local0
  option httplog
frontend api
  bind 127.0.0.1:{port}
  http-request deny deny_status 401 content-type 'text/html' string 'Missing Authorization HTTP header' unless {{ req.hdr(authorization) -m found }}
  http-request set-var(txn.alg) http_auth_bearer,jwt_header_query('$.alg')
  http-request set-var(txn.iss) http_auth_bearer,jwt_payload_query('$.iss')
  http-request set-var(txn.aud) http_auth_bearer,jwt_payload_query('$.aud')
  http-request set-var(txn.exp) http_auth_bearer,jwt_payload_query('$.exp','int')
  http-request set-var(txn.valid) http_auth_bearer,jwt_verify(txn.alg,"{key}")
  http-request capture var(txn.valid) len 4
  http-request deny deny_status 401 content-type 'text/html' string 'Unsupported JWT signing algorithm' unless {{ var(txn.alg) -m str RS256 }}
  http-request deny deny_status 401 content-type 'text/html' string 'Invalid JWT issuer' unless {{ var(txn.iss) -m str https://issuer.example.com }}
  http-request deny deny_status 401 content-type 'text/html' string 'Invalid JWT audience' unless {{ var(txn.aud) -m str web-prod }}
  http-request deny deny_status 401 content-type 'text/html' string 'Invalid JWT signature' unless {{ var(txn.valid) -m int 1 }}
  http-request set-var(txn.now) date()
  http-request deny deny_status 401 content-type 'text/html' string 'JWT has expired' if {{ var(txn.exp),sub(txn.now) -m int lt 0 }}
  http-request return status 200 content-type 'text/plain' string 'ok'
"""
# What is wrong with the token -> the reason.
REASONS = {
    "expired": "token_expired",
    "audience": "audience_mismatch",
    "issuer": "issuer_mismatch",
    "signature": "signature_invalid",
    "alg-hs256": "algorithm_mismatch",
    "alg-none": "algorithm_mismatch",
    "one-part": "algorithm_mismatch",
}


def ask(bearer: str | None) -> tuple[str, str]:
    """Return the body, and the whole answer as `curl -i` shows it."""
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/orders")
    if bearer:
        request.add_header("Authorization", f"Bearer {bearer}")
    try:
        with urllib.request.urlopen(request, timeout=9) as answer:
            return answer.read().decode(), "HTTP/1.1 200 OK"
    except urllib.error.HTTPError as error:
        body = error.read().decode()
        return body, f"HTTP/1.1 {error.code} {error.reason}\ncontent-type: text/html\n\n{body}"


def main() -> None:
    root, version = Path(sys.argv[1]), sys.argv[2]
    rows, tokens = Rows("haproxy", "haproxy.py"), faulty()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        public = serialization.PublicFormat.SubjectPublicKeyInfo
        pem = KEY.public_key().public_bytes(serialization.Encoding.PEM, public)
        (folder / "key.pem").write_bytes(pem)
        (folder / "cfg").write_text(CONFIG.format(port=PORT, key=folder / "key.pem"))
        environment: Any = os.environ | {"LD_LIBRARY_PATH": f"{root}/usr/lib/x86_64-linux-gnu"}
        with (folder / "log").open("w") as out:
            command = [f"{root}/usr/sbin/haproxy", "-db", "-f", str(folder / "cfg")]
            process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
            time.sleep(1)
            try:
                for fault, reason in {"none": "header_missing", **REASONS}.items():
                    body, answer = ask(tokens.get(fault))
                    rows.recorded(body, reason, version)
                    rows.recorded(answer, reason, version)
                ask(token())
            finally:
                time.sleep(0.3)
                process.terminate()
                process.wait()
        for line in (folder / "log").read_text().splitlines():
            if " api " not in line:
                continue
            text = re.sub(r"^\S+ \[[^\]]+\]", "192.0.2.9:51234 [06/May/2031:07:08:09.123]", line)
            rows.recorded(text, "unspecified" if " 401 " in text else None, version)
    rows.print()


if __name__ == "__main__":
    main()
