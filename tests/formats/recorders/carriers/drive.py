"""Send twelve requests, of which five are to be refused, and note the time of each.

Usage: drive.py URL BOOK [PEM ISSUER] (URL: with {n} for the number; PEM: signs with RS256 instead).
"""

from __future__ import annotations

import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

NOW = int(time.time())
URL, BOOK, *SIGNED = sys.argv[1:]
SAID = {"sub": "u1", "email": "u@example.com", "aud": "orders", "iat": NOW, "exp": NOW + 600}
KEY: object = "s" * 32
OTHER: object = "x" * 32
if SIGNED:
    KEY, OTHER = Path(SIGNED[0]).read_text(), rsa.generate_private_key(65537, 2048)
    SAID["iss"] = SIGNED[1]


def token(key: object = KEY, **claims: object) -> str:
    algorithm = "RS256" if SIGNED else "HS256"
    return jwt.encode({**SAID, **claims}, key, algorithm, headers={"kid": "k1"})


refused = [
    token(exp=NOW - 600), token(OTHER), token(aud="web"), "abc.def.ghi" if SIGNED else "abc.def",
    token(exp=NOW - 60),
]  # fmt: skip
sent = [token(), *(one for bad in refused for one in (token(), bad)), token()]
with Path(BOOK).open("w") as book:
    for number, one in enumerate(sent):
        headers = {"Authorization": f"Bearer {one}", "Accept": "application/json"}
        request = urllib.request.Request(URL.replace("{n}", str(number)), headers=headers)
        book.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z\n")
        try:
            status = urllib.request.urlopen(request, timeout=8).status
        except urllib.error.HTTPError as error:
            status = error.code
        assert status == (401 if one in refused else 200), status
        time.sleep(0.1)
