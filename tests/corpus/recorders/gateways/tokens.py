"""Keys made for the run and tokens made by hand, so that they can be broken in any way."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SECRET = b"0123456789abcdef0123456789abcdef"
NOW = int(time.time())


def b64(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def number(value: int) -> str:
    """Return an integer as a JWK writes it."""
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def jwk(key: rsa.RSAPrivateKey = KEY, kid: str = "key-1", **more: Any) -> dict[str, Any]:
    """Return the public half of a key as a JWK."""
    public = key.public_key().public_numbers()
    return {
        "kty": "RSA", "kid": kid, "alg": "RS256", "use": "sig",
        "n": number(public.n), "e": number(public.e), **more,
    }  # fmt: skip


def claims(**changes: Any) -> dict[str, Any]:
    """Return good claims; a change to None leaves the claim out."""
    good = {
        "iss": "https://issuer.example.com",
        "aud": "web-prod",
        "sub": "user-1",
        "iat": NOW - 60,
        "exp": NOW + 3600,
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def sign(header: dict[str, Any], payload: bytes, key: rsa.RSAPrivateKey = KEY) -> str:
    """Return header.payload.signature, signed as `alg` says (RS256 where it says nothing known)."""
    head = b64(json.dumps(header, separators=(",", ":")).encode())
    body = f"{head}.{b64(payload)}".encode()
    if header.get("alg") == "HS256":
        signature = hmac.new(SECRET, body, hashlib.sha256).digest()
    elif header.get("alg") == "none":
        signature = b""
    else:
        signature = key.sign(body, padding.PKCS1v15(), hashes.SHA256())
    return f"{body.decode()}.{b64(signature)}"


def token(head: dict[str, Any] | None = None, key: rsa.RSAPrivateKey = KEY, **changes: Any) -> str:
    """Return a token with good claims but for the changes."""
    header = {"alg": "RS256", "typ": "JWT", "kid": "key-1"} | (head or {})
    header = {name: value for name, value in header.items() if value is not None}
    return sign(header, json.dumps(claims(**changes), separators=(",", ":")).encode(), key)


def faulty() -> dict[str, str]:
    """Return tokens that no verifier should take, by what is wrong with them."""
    good = token()
    head, body, signature = good.split(".")
    return {
        "expired": token(exp=NOW - 600, iat=NOW - 4200),
        "not-yet": token(nbf=NOW + 900),
        "iat-future": token(iat=NOW + 900),
        "audience": token(aud="mobile-dev"),
        "no-audience": token(aud=None),
        "issuer": token(iss="https://other.example.com"),
        "no-issuer": token(iss=None),
        "no-exp": token(exp=None),
        "signature": token(key=OTHER_KEY),
        "kid": token({"kid": "key-9"}),
        "no-kid": token({"kid": None}, key=OTHER_KEY),
        "alg-none": token({"alg": "none"}),
        "alg-unknown": token({"alg": "XS256"}),
        "alg-hs256": token({"alg": "HS256"}),
        "no-alg": token({"alg": None}),
        "alg-number": token({"alg": 7}),
        "kid-number": token({"kid": 7}),
        "two-parts": f"{head}.{body}",
        "one-part": "nonsense",
        "header-base64": f"a{head}a.{body}.{signature}",
        "header-json": f"{b64(b'{alg}')}.{body}.{signature}",
        "payload-base64": f"{head}.{body}*.{signature}",
        "payload-json": sign({"alg": "RS256", "kid": "key-1"}, b'{"sub":'),
        "signature-base64": f"{head}.{body}.!!{signature}",
        "iss-number": token(iss=7),
        "sub-number": token(sub=7),
        "aud-number": token(aud=7),
        "jti-number": token(jti=7),
        "exp-text": token(exp="soon"),
        "exp-negative": token(exp=-5),
        "nbf-text": token(nbf="soon"),
        "nbf-negative": token(nbf=-5),
        "iat-text": token(iat="soon"),
        "iat-negative": token(iat=-5),
    }
