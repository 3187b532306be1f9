"""Tokens and keys made without the library under test: the same for all its versions."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

SECRET = "an-hmac-secret-that-is-long-enough-for-any-of-the-hashes-0123456789"
OTHER_SECRET = SECRET[::-1]
NOW = int(time.time())

try:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

    RSA_KEY = rsa.generate_private_key(65537, 2048)
    SHORT_RSA_KEY = rsa.generate_private_key(65537, 1024)
    EC_KEY = ec.generate_private_key(ec.SECP256R1())
    EC_384_KEY = ec.generate_private_key(ec.SECP384R1())
    ED_KEY = ed25519.Ed25519PrivateKey.generate()
    HAS_CRYPTOGRAPHY = True
except ModuleNotFoundError:
    HAS_CRYPTOGRAPHY = False


def b64(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def part(value: object) -> str:
    """Return one segment: JSON of a value, base64url."""
    return b64(json.dumps(value).encode())


def public_pem(key: Any) -> str:
    """Return the public half of a key as PEM."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return str(key.public_key().public_bytes(serialization.Encoding.PEM, form), "ascii")


def _signature(message: bytes, algorithm: str, key: Any) -> bytes:
    if algorithm.startswith("HS"):
        digest = {"HS384": hashlib.sha384}.get(algorithm, hashlib.sha256)
        return hmac.new(key.encode(), message, digest).digest()
    if algorithm == "RS256":
        return bytes(key.sign(message, padding.PKCS1v15(), hashes.SHA256()))
    if algorithm == "ES256":
        pair = utils.decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
        return b"".join(number.to_bytes(32, "big") for number in pair)
    if algorithm == "EdDSA":
        return bytes(key.sign(message))
    return b"" if algorithm == "none" else b"no such algorithm"


def signed(payload: bytes, key: Any = SECRET, **header: Any) -> str:
    """Return a compact JWS; a header given as None is left out."""
    names = {"typ": "JWT", "alg": "HS256", **header}
    first = part({name: value for name, value in names.items() if value is not None})
    message = f"{first}.{b64(payload)}"
    return f"{message}.{b64(_signature(message.encode(), names['alg'] or 'none', key))}"


def token(claims: dict[str, Any] | None = None, key: Any = SECRET, **header: Any) -> str:
    """Return a token with these claims besides a good `exp`; a claim given as None is left out."""
    names = {"exp": NOW + 3600, **(claims or {})}
    kept = {name: value for name, value in names.items() if value is not None}
    return signed(json.dumps(kept).encode(), key, **header)


def jwk(kind: str, kid: str, **more: Any) -> dict[str, Any]:
    """Return a JWK of one of the keys above: "oct", "RSA"."""
    if kind == "oct":
        return {"kty": "oct", "kid": kid, "alg": "HS256", "k": b64(SECRET.encode()), **more}
    numbers = RSA_KEY.public_key().public_numbers()
    modulus = b64(numbers.n.to_bytes(256, "big"))
    return {"kty": "RSA", "kid": kid, "alg": "RS256", "n": modulus, "e": "AQAB", **more}
