"""The faults of single keys: none given, not readable, of the wrong kind, too short."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import app
import tokens
from fault import Fault
from tokens import SECRET, token

if TYPE_CHECKING:
    from collections.abc import Callable

BROKEN_PEM = "-----BEGIN PUBLIC KEY-----\\nMIIBIjANBgkqh\\n-----END PUBLIC KEY-----"
EMPTY_PEM = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"
RSA_JWK = {"kty": "RSA", "kid": "2026-03-key", "n": "sXch", "e": "AQAB"}
EC_JWK = {"kty": "EC", "kid": "2026-03-key", "crv": "P-256", "x": "AAAA", "y": "AAAA"}
ED_JWK = {"kty": "OKP", "kid": "2026-03-key", "crv": "Ed25519", "x": "AAAA"}


def key_faults() -> list[Fault]:
    """Return all of them; those that need cryptography only where it is installed."""
    found = [*_missing(), *_hmac(), *_without_cryptography()]
    if tokens.HAS_CRYPTOGRAPHY:
        found += [*_asymmetric(), *_jwk(), *_rsa_jwk(), *_curve_jwk()]
    return found


def _verify(key: object, alg: str, **checks: Any) -> Callable[[], object]:
    made_with = {
        "RS256": "RSA_KEY",
        "ES256": "EC_KEY",
        "EdDSA": "ED_KEY",
    }
    return lambda: app.verify(
        token(None, getattr(tokens, made_with.get(alg, "SECRET")), alg=alg), key, [alg], **checks
    )


def _missing() -> list[Fault]:
    empty = Fault("empty HMAC key", "key_missing", _verify("", "HS256"), since=(2, 13))
    none = Fault("no HMAC key", "key_missing", _verify(None, "HS256"))
    if not tokens.HAS_CRYPTOGRAPHY:
        return [none, empty]
    return [
        none,
        empty,
        Fault("no RSA key", "key_missing", _verify(None, "RS256")),
        Fault("no EC key", "key_missing", _verify(None, "ES256")),
        Fault("no Ed25519 key", "key_missing", _verify(None, "EdDSA"), since=(2, 11)),
    ]


def _hmac() -> list[Fault]:
    jwk = json.dumps(tokens.jwk("oct", "2026-03-key"))
    enforce = {"options": {"enforce_minimum_key_length": True}}
    short = _verify("secret", "HS256", **enforce)
    warned = lambda: app.verify(token(None, "secret"), "secret", ["HS256"])  # noqa: E731
    return [
        Fault("PEM as secret", "key_invalid", _verify(EMPTY_PEM, "HS256")),
        Fault("JWK as secret", "key_invalid", _verify(jwk, "HS256"), since=(2, 13)),
        Fault("short secret refused", "key_invalid", short, since=(2, 13)),
        Fault(
            "short secret warned of",
            None,
            warned,
            since=(2, 11),
            outcome="signal",
            coats="warning",
        ),
        Fault(
            "JWK of another kind",
            "key_invalid",
            lambda: app.parse_key("HS256", json.dumps(RSA_JWK)),
            since=(2, 6),
        ),
        Fault("JWK not JSON", "key_invalid", lambda: app.parse_key("HS256", "{k"), since=(2, 6)),
    ]


def _without_cryptography() -> list[Fault]:
    rsa = f"{tokens.part({'alg': 'RS256'})}.e30.abcd"
    return [
        Fault(
            "algorithm needs cryptography",
            "algorithm_mismatch",
            lambda: app.verify(rsa, SECRET, ["RS256"]),
            bare=True,
        ),
        Fault(
            "algorithm needs cryptography, traced",
            "algorithm_mismatch",
            lambda: app.verify(rsa, SECRET, ["RS256"]),
            {"alg": ["RS256"]},
            since=(2, 6),
            bare=True,
            coats="traceback",
        ),
        Fault(
            "JWK needs cryptography",
            "algorithm_mismatch",
            lambda: app.load_key(RSA_JWK),
            {"alg": ["RS256"]},
            since=(2, 7),
            bare=True,
        ),
    ]


def _asymmetric() -> list[Fault]:
    rsa_pem, ec_pem = tokens.public_pem(tokens.RSA_KEY), tokens.public_pem(tokens.EC_KEY)
    other_curve = tokens.public_pem(tokens.EC_384_KEY)
    short = tokens.public_pem(tokens.SHORT_RSA_KEY)
    enforce = {"options": {"enforce_minimum_key_length": True}}
    bad = "key_invalid"
    return [
        Fault("RSA key escaped", bad, _verify(BROKEN_PEM, "RS256"), since=(2, 9)),
        Fault("RSA key escaped, old", bad, _verify(BROKEN_PEM, "RS256"), until=(2, 9)),
        Fault("RSA key garbled, old", bad, _verify(EMPTY_PEM, "RS256"), until=(2, 9)),
        Fault("EC key escaped", bad, _verify(BROKEN_PEM, "ES256")),
        Fault("EC key garbled", bad, _verify(EMPTY_PEM, "ES256")),
        Fault("Ed25519 key not PEM", bad, _verify("secret", "EdDSA"), since=(2, 4)),
        Fault("EC key for RS256", bad, _verify(ec_pem, "RS256"), since=(2, 11)),
        Fault(
            "EC key for RS256, old", bad, _verify(ec_pem, "RS256"), until=(2, 11), coats="traceback"
        ),
        Fault("RSA key for ES256", bad, _verify(rsa_pem, "ES256"), since=(2, 4)),
        Fault(
            "RSA key for ES256, old",
            bad,
            _verify(rsa_pem, "ES256"),
            until=(2, 4),
            coats="traceback",
        ),
        Fault("RSA key for EdDSA", bad, _verify(rsa_pem, "EdDSA"), since=(2, 4)),
        Fault("other curve", bad, _verify(other_curve, "ES256"), since=(2, 11)),
        Fault("short RSA key refused", bad, _verify(short, "RS256", **enforce), since=(2, 13)),
        Fault(
            "short RSA key warned of",
            None,
            lambda: app.verify(token(None, tokens.SHORT_RSA_KEY, alg="RS256"), short, ["RS256"]),
            since=(2, 11),
            outcome="signal",
            coats="warning",
        ),
    ]


def _jwk() -> list[Fault]:
    oct_jwk = tokens.jwk("oct", "2026-03-key")

    def load(name: str, jwk: dict[str, Any], since: tuple[int, ...] = (2, 1)) -> Fault:
        return Fault(name, "key_invalid", lambda: app.load_key(jwk), since=since)

    def bound(alg: str) -> Callable[[], object]:
        allowed = ["HS256", "HS384", "none"]
        return lambda: app.verify(token(None, alg=alg), app.load_key(oct_jwk), allowed)

    return [
        load("kty absent", {"kid": "2026-03-key"}),
        load("kty unknown", {"kty": "quantum"}),
        load("crv unknown", {**EC_JWK, "crv": "P-999"}),
        load("crv of OKP unknown", {**ED_JWK, "crv": "X25519"}),
        load("crv absent", {"kty": "OKP", "x": "AAAA"}),
        load("alg unknown", {**RSA_JWK, "alg": "RSA-OAEP"}, since=(2,)),
        load("JWK not base64", {**RSA_JWK, "n": None}, since=(2, 15)),
        Fault(
            "alg of the key differs",
            "algorithm_mismatch",
            bound("HS384"),
            {"alg": ["HS384"], "expected": ["HS256"]},
            since=(2, 13),
        ),
        Fault(
            "unsecured token for a bound key",
            "algorithm_none",
            bound("none"),
            {"alg": ["none"], "expected": ["HS256"]},
            since=(2, 13),
        ),
    ]


def _parsed(name: str, algorithm: str, jwk: object, since: tuple[int, ...] = (2, 6)) -> Fault:
    return Fault(name, "key_invalid", lambda: app.parse_key(algorithm, jwk), since=since)


def _rsa_jwk() -> list[Fault]:
    return [
        _parsed("RSA: not JSON", "RS256", "{n"),
        _parsed("RSA: other kind", "RS256", EC_JWK),
        _parsed("RSA: neither half", "RS256", {"kty": "RSA", "e": "AQAB"}),
        _parsed("RSA: part of the primes", "RS256", {**RSA_JWK, "d": "AAAA", "p": "AAAA"}),
        _parsed("RSA: three primes", "RS256", {**RSA_JWK, "d": "AAAA", "oth": []}),
    ]


def _curve_jwk() -> list[Fault]:
    x = tokens.b64(bytes(31) + b"\x01")
    point = {**EC_JWK, "x": x, "y": x}
    ed = {**ED_JWK, "x": x}
    return [
        _parsed("EC: other kind", "ES256", RSA_JWK),
        _parsed("EC: no point", "ES256", {"kty": "EC", "crv": "P-256"}),
        _parsed("EC: short point", "ES256", EC_JWK),
        _parsed("EC: short point, P-384", "ES384", {**EC_JWK, "crv": "P-384"}),
        _parsed("EC: short point, P-521", "ES512", {**EC_JWK, "crv": "P-521"}),
        _parsed("EC: short point, secp256k1", "ES256K", {**EC_JWK, "crv": "secp256k1"}),
        _parsed("EC: unknown curve", "ES256", {**point, "crv": "P-999"}),
        _parsed("EC: short d", "ES256", {**point, "d": "AAAA"}),
        _parsed("OKP: other kind", "EdDSA", RSA_JWK),
        _parsed("OKP: unknown curve", "EdDSA", {**ed, "crv": "X25519"}),
        _parsed("OKP: no x", "EdDSA", {"kty": "OKP", "crv": "Ed25519"}),
        _parsed("OKP: short x", "EdDSA", ED_JWK),
        _parsed("OKP: halves differ", "EdDSA", {**ed, "d": x}, since=(2, 15)),
    ]
