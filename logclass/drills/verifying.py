"""Real verification by PyJWT, on virtual time. Every distinct outcome comes from the library."""

from __future__ import annotations

import base64
import functools
import io
import json
import socket
import traceback
import warnings
from contextlib import ExitStack
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any
from unittest import mock
from urllib.error import HTTPError, URLError

from logclass.drills.parts import Checks, Key, Refusal, Shape
from logclass.errors import LogclassError

if TYPE_CHECKING:
    from collections.abc import Callable

_IAT = 1_900_000_000
_TTL = 3600
_URI = "https://id.example.com/.well-known/jwks.json"
_PLACE = "/usr/local/lib/python3.12/site-packages/jwt/"

NETWORK: dict[str, Callable[[], Exception]] = {
    "refused": lambda: URLError(ConnectionRefusedError(111, "Connection refused")),
    "timeout": lambda: URLError(TimeoutError("timed out")),
    "name": lambda: URLError(socket.gaierror(-3, "Temporary failure in name resolution")),
    "reset": lambda: URLError(ConnectionResetError(104, "Connection reset by peer")),
    "503": lambda: HTTPError(_URI, 503, "Service Unavailable", mock.MagicMock(), None),
    "502": lambda: HTTPError(_URI, 502, "Bad Gateway", mock.MagicMock(), None),
    "403": lambda: HTTPError(_URI, 403, "Forbidden", mock.MagicMock(), None),
}
SHORT = 9000  # keys with this number or a higher one are secrets of 11 bytes


class Verifiers:
    """Remembers what PyJWT said of each sort of token and verifier.

    Raises LogclassError where PyJWT or cryptography is not installed.
    """

    def __init__(self) -> None:
        try:
            import cryptography
            import jwt
        except ImportError as error:
            raise LogclassError(
                "drills need PyJWT and cryptography: pip install 'logclass[drills]'"
            ) from error
        del cryptography
        self._jwt: Any = jwt
        self._known: dict[object, Refusal | None] = {}

    def verdict(
        self, shape: Shape, checks: Checks, keys: tuple[Key, ...], network: str, age: str
    ) -> Refusal | None:
        """Return what is raised for a token, None when it is accepted.

        `keys` is the verifier's key set, `network` how its next fetch ends ("" well), and `age`
        one of "held", "expired", "early".
        """
        asked = (shape, checks, keys, network, age)
        if asked not in self._known:
            self._known[asked] = self._verify(*asked)
        return self._known[asked]

    def _verify(
        self, shape: Shape, checks: Checks, keys: tuple[Key, ...], network: str, age: str
    ) -> Refusal | None:
        presented = token(self._jwt, shape)
        leeway = checks.leeway_seconds
        now = {"held": _IAT + 60, "expired": _IAT + _TTL + leeway + 9, "early": _IAT - leeway - 9}
        with ExitStack() as stack:
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")  # of short secrets: they are meant
            frozen = type("_Frozen", (_Clock,), {"now_seconds": now[age]})
            stack.enter_context(mock.patch("jwt.api_jwt.datetime", frozen))
            stack.enter_context(
                mock.patch("urllib.request.OpenerDirector.open", _answer(keys, network))
            )
            try:
                self._jwt.decode(
                    presented,
                    self._key(presented, checks, keys),
                    algorithms=list(checks.algorithms),
                    audience=checks.aud,
                    issuer=checks.iss,
                    leeway=leeway,
                    options=dict(checks.options),
                )
            except (self._jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
                return _refusal(error)
        return None

    def _key(self, token: str, checks: Checks, keys: tuple[Key, ...]) -> Any:  # noqa: ANN401
        if checks.source == "jwks":
            return self._jwt.PyJWKClient(_URI).get_signing_key_from_jwt(token)
        if checks.source == "own cache":
            key_set = self._jwt.PyJWKSet.from_dict({"keys": [_jwk(key) for key in keys]})
            return key_set[self._jwt.get_unverified_header(token).get("kid")]
        key = checks.key
        if checks.accepts:
            kid = self._jwt.get_unverified_header(token).get("kid")
            key = next((one for one in checks.accepts if one.kid == kid), key)
        return _static(key, checks.form)


class _Clock(datetime):
    now_seconds = 0.0

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> _Clock:
        return cls.fromtimestamp(cls.now_seconds, tz or UTC)


def _answer(keys: tuple[Key, ...], network: str) -> Callable[..., io.BytesIO]:
    def fetch(*_args: object, **_named: object) -> io.BytesIO:
        if network:
            failure = NETWORK[network]()
            raise failure
        return io.BytesIO(json.dumps({"keys": [_jwk(key) for key in keys]}).encode())

    return fetch


def _refusal(error: Exception) -> Refusal:
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if "/jwt/" in frame.filename
    ]
    lines = []
    for frame in frames:
        lines.append(f'  File "{_PLACE}{frame.filename.rsplit("/", 1)[-1]}", line {frame.lineno}')
        lines[-1] += f", in {frame.name}"
        lines.append(f"    {frame.line}")
    name = type(error).__name__
    module = type(error).__module__
    full = name if module == "builtins" else f"{module}.{name}"
    text = str(error)
    return Refusal(full, text, "\n".join([*lines, f"{full}: {text}"]))


def token(jwt: Any, shape: Shape) -> str:  # noqa: ANN401
    """Return a token of a shape, whole or as the junk that its kind names."""
    claims: dict[str, object] = {
        "iss": shape.iss,
        "aud": list(shape.aud) if isinstance(shape.aud, tuple) else shape.aud,
        "sub": shape.subject,
        "iat": _IAT,
        "exp": _IAT + _TTL,
    }
    if shape.has_nbf:
        claims["nbf"] = _IAT
    headers = {"kid": shape.key.kid} if shape.shows_kid else {}
    if shape.kind == "none":
        return str(jwt.encode(claims, None, algorithm="none", headers=headers))
    whole = str(jwt.encode(claims, _private(shape.key), algorithm=shape.key.alg, headers=headers))
    header, payload, signature = whole.split(".")
    return {
        "undefined": "undefined",
        "truncated": f"{header}.{payload[:-9]}",
        "doubled": f"Bearer {whole}",
        "quoted": f'"{header}.{payload}',
        "garbage": f"{payload[5:40]}.{header[3:20]}.{signature[:-3]}",
    }.get(shape.kind, whole)


def _private(key: Key) -> Any:  # noqa: ANN401
    return _secret(key.number) if key.alg.startswith("HS") else _asymmetric(key.alg, key.number)


def _secret(number: int) -> str:
    if number >= SHORT:
        return f"s3cret-{number}"
    return base64.b64encode(f"drill secret number {number:04} of the fleet".encode()).decode()


@functools.cache
def _asymmetric(alg: str, number: int) -> Any:  # noqa: ANN401
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if alg == "ES256":
        return ec.derive_private_key(1_000_003 + number, ec.SECP256R1())
    return rsa.generate_private_key(65537, 2048)  # its bytes never reach a log


@functools.cache
def _jwk(key: Key) -> dict[str, object]:
    import jwt

    if key.alg.startswith("RS"):
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk(_private(key).public_key(), as_dict=True)
    else:
        jwk = jwt.algorithms.ECAlgorithm.to_jwk(_private(key).public_key(), as_dict=True)
    return {**jwk, "kid": key.kid, "alg": key.alg, "use": "sig"}


@functools.cache
def _pem(key: Key) -> str:
    from cryptography.hazmat.primitives import serialization

    public = _private(key).public_key()
    pem: bytes = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem.decode()


def _static(key: Key | None, form: str) -> Any:  # noqa: ANN401
    if form == "empty" or key is None:
        return "" if key is None or key.alg.startswith("HS") else None
    if key.alg.startswith("HS"):
        secret = _secret(key.number)
        if form == "base64":
            return base64.b64decode(secret)
        return secret + "\n" if form == "mangled" else secret
    pem = _pem(key)
    broken = pem.replace("\n", "\\n")
    return {"mangled": broken, "base64": base64.b64encode(pem.encode()).decode()}.get(form, pem)
