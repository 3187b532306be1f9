"""The service whose tracebacks are recorded: it verifies tokens the way services do."""

from __future__ import annotations

from typing import Any

import jwt


class AuthError(Exception):
    """What this service raises to its own callers."""


def refuse_with(error: Exception) -> None:
    """Tell the caller that authentication failed, and why."""
    raise AuthError("authentication failed") from error


def verify(token: object, key: object, algorithms: list[str] | None, **checks: Any) -> Any:
    """Return the claims of a token."""
    if algorithms is None:
        return jwt.decode(token, key, **checks)
    return jwt.decode(token, key, algorithms=algorithms, **checks)


def verify_jws(token: object, key: object, algorithms: list[str], **checks: Any) -> Any:
    """Return the payload of a signed message that is not JSON."""
    return jwt.PyJWS().decode(token, key, algorithms=algorithms, **checks)


def read_header(token: object) -> Any:
    """Return the JOSE header without verifying anything."""
    return jwt.get_unverified_header(token)


def load_key(jwk: dict[str, Any]) -> Any:
    """Return the verification key in a JWK."""
    from jwt.api_jwk import PyJWK

    return PyJWK(jwk)


def parse_key(algorithm: str, jwk: object) -> Any:
    """Return the verification key in a JWK, read by the algorithm itself."""
    return jwt.get_algorithm_by_name(algorithm).from_jwk(jwk)


def load_key_set(document: dict[str, Any]) -> Any:
    """Return the key set in a JWKS document."""
    from jwt.api_jwk import PyJWKSet

    return PyJWKSet.from_dict(document)


def key_by_id(document: dict[str, Any], kid: str) -> Any:
    """Return one key of a JWKS document."""
    from jwt.api_jwk import PyJWKSet

    return PyJWKSet.from_dict(document)[kid]


def signing_key(url: str, token: str, **settings: Any) -> Any:
    """Return the key of the issuer that signed this token."""
    client = jwt.PyJWKClient(url, **settings)
    return client.get_signing_key_from_jwt(token).key


def issue(claims: object, key: object, algorithm: str, **settings: Any) -> Any:
    """Return a new token: the signing side, where no token is rejected."""
    return jwt.encode(claims, key, algorithm=algorithm, **settings)


def current_user(token: str, key: str) -> Any:
    """Return the user of a token, and stumble over a claim this service forgot to require."""
    claims = jwt.decode(token, key, algorithms=["HS256"])
    return claims["user_id"]


def retry_after(message: str, seconds: dict[str, int]) -> int:
    """Return a waiting time, and stumble on a line that holds words of the library."""
    return seconds["auth"] if message == "Signature has expired" else 0


def refuse(token: str, key: str) -> Any:
    """Verify with a library whose error class is broken: its raise line stands in a frame."""
    import jwt.api_jws as jws

    class BrokenError(Exception):
        def __init__(self, *_: object) -> None:
            raise MemoryError

    jws.InvalidSignatureError, kept = BrokenError, jws.InvalidSignatureError
    try:
        return jwt.decode(token, key, algorithms=["HS256"])
    finally:
        jws.InvalidSignatureError = kept
