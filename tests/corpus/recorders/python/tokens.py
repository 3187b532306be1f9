"""Tokens made by hand, without the libraries under test."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

SECRET = "a-shared-secret-of-thirty-two-bytes-or-more"
OTHER = "another-shared-secret-of-thirty-two-bytes!!!"
NOW = int(time.time())


def b64(data: bytes | dict[str, object]) -> str:
    """Return base64url without padding; an object is written as JSON first."""
    if isinstance(data, dict):
        data = json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def hs256(claims: object = None, header: dict[str, object] | None = None, key: str = SECRET) -> str:
    """Return a compact JWS; the MAC is HMAC-SHA256 whatever the header says."""
    head = {"alg": "HS256", "typ": "JWT"} | (header or {})
    head = {name: value for name, value in head.items() if value is not None}
    payload = (
        claims
        if isinstance(claims, bytes)
        else json.dumps(fresh() if claims is None else claims).encode()
    )
    signed = f"{b64(head)}.{b64(payload)}"
    mac = hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{b64(mac)}"


def fresh(**claims: object) -> dict[str, object]:
    """Return the claims of a good token, changed as given; a claim that is None is left out."""
    good = {
        "iss": "https://auth.example.com",
        "aud": "orders-api",
        "sub": "user-7",
        "iat": NOW - 60,
        "exp": NOW + 3600,
        "jti": "session-41",
    }
    return {name: value for name, value in (good | claims).items() if value is not None}


def unsecured(claims: dict[str, object] | None = None) -> str:
    """Return a token with `alg` none and no signature."""
    return f"{b64({'alg': 'none', 'typ': 'JWT'})}.{b64(claims or fresh())}."
