"""The faults of the token itself: its form, its header, its signature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import app
import tokens
from fault import Fault
from tokens import OTHER_SECRET, SECRET, part, signed, token

if TYPE_CHECKING:
    from collections.abc import Callable


def _raw(text: object) -> Callable[[], object]:
    return lambda: app.verify(text, SECRET, ["HS256"])


def _header(**header: Any) -> Callable[[], object]:
    return lambda: app.verify(token(None, **header), SECRET, ["HS256", "HS999"])


def token_faults() -> list[Fault]:
    """Return the faults of the token's form."""
    good = token()
    first, middle, last = good.split(".")
    return [
        Fault("no token", "header_missing", _raw(None)),
        Fault("no token for its header", "header_missing", lambda: app.read_header(None)),
        Fault("one segment", "token_malformed", _raw("undefined")),
        Fault("two segments", "token_malformed", lambda: app.read_header(f"{first}.{middle}")),
        Fault("Bearer passed along", "token_malformed", _raw(f"Bearer {good}")),
        Fault("header cut", "token_malformed", _raw(f"{first[:-3]}.{middle}.{last}")),
        Fault("header padding", "token_malformed", _raw(f"abcde.{middle}.{last}")),
        Fault("payload padding", "token_malformed", _raw(f"{first}.abcde.{last}")),
        Fault("signature padding", "token_malformed", _raw(f"{first}.{middle}.abcde")),
        Fault(
            "header not JSON", "token_malformed", _raw(f"{tokens.b64(b'hello')}.{middle}.{last}")
        ),
        Fault("header not UTF-8", "token_malformed", _raw(f"_____w.{middle}.{last}")),
        Fault("header a list", "token_malformed", _raw(f"{part(['HS256'])}.{middle}.{last}")),
        Fault("payload not JSON", "token_malformed", _raw(signed(b"hello"))),
        Fault("payload not UTF-8", "token_malformed", _raw(signed(b'{"sub": "\xff\xfe"}'))),
        Fault("payload a list", "token_malformed", _raw(signed(b'["admin"]'))),
        Fault("four segments", "token_malformed", _raw(f"{good}.abc"), until=(2, 15)),
    ]


def header_faults() -> list[Fault]:
    """Return the faults of the JOSE header, the algorithm among them."""
    none = token(None, alg="none")
    detached = {"b64": False, "crit": ["b64"]}
    empty = part({"alg": "HS256", **detached}) + ".." + "abcd"
    loose = part({"alg": "HS256", "b64": False}) + ".." + "abcd"
    jws = app.verify_jws
    return [
        Fault(
            "algorithm not in the list",
            "algorithm_mismatch",
            lambda: app.verify(token(None, OTHER_SECRET, alg="HS384"), SECRET, ["HS256", "RS256"]),
            by_class=True,
        ),
        Fault(
            "unsecured token, text does not say so",
            "algorithm_mismatch",
            lambda: app.verify(none, SECRET, ["HS256"]),
        ),
        Fault(
            "unsecured token with a key",
            "algorithm_none",
            lambda: app.verify(none, SECRET, ["HS256", "none"]),
        ),
        Fault("unknown algorithm", "algorithm_mismatch", _header(alg="HS999")),
        Fault("alg absent", "algorithm_mismatch", _header(alg=None), since=(2, 7)),
        Fault(
            "no algorithms set",
            "algorithm_mismatch",
            lambda: app.verify(token(), SECRET, None),
            since=(2,),
        ),
        Fault("kid is a number", "header_unsupported", lambda: app.read_header(token(None, kid=7))),
        Fault(
            "unknown critical",
            "header_unsupported",
            _header(crit=["exp-ms"]),
            {"actual": ["exp-ms"]},
            since=(2, 12),
        ),
        Fault("empty crit", "header_unsupported", _header(crit=[]), since=(2, 12)),
        Fault("crit of numbers", "header_unsupported", _header(crit=[7]), since=(2, 12)),
        Fault("crit names nothing", "header_unsupported", _header(crit=["b64"]), since=(2, 12)),
        Fault(
            "detached payload not given",
            "header_unsupported",
            lambda: jws(empty, SECRET, ["HS256"]),
            since=(2, 4),
        ),
        Fault(
            "b64 not in crit",
            "header_unsupported",
            lambda: jws(loose, SECRET, ["HS256"], detached_payload=b"hello"),
            since=(2, 13),
        ),
        Fault(
            "b64 false but payload attached",
            "header_unsupported",
            _header(**detached),
            since=(2, 13),
        ),
        Fault(
            "detached payload unasked",
            "header_unsupported",
            lambda: jws(token(), SECRET, ["HS256"], detached_payload=b"hello"),
            since=(2, 14),
        ),
    ]


def signature_faults() -> list[Fault]:
    """Return the faults of the signature itself."""
    first, _, last = token().split(".")
    altered = f"{first}.{part({'sub': 'admin'})}.{last}"
    found = [
        Fault(
            "other secret",
            "signature_invalid",
            lambda: app.verify(token(None, OTHER_SECRET), SECRET, ["HS256"]),
            since=(1, 7),
            by_class=True,
        ),
        Fault(
            "other secret, old class",
            "signature_invalid",
            lambda: app.verify(token(None, OTHER_SECRET), SECRET, ["HS256"]),
            until=(1, 7),
        ),
        Fault("altered", "signature_invalid", lambda: app.verify(altered, SECRET, ["HS256"])),
    ]
    if not tokens.HAS_CRYPTOGRAPHY:
        return found
    rsa_pem, ec_pem = tokens.public_pem(tokens.SHORT_RSA_KEY), tokens.public_pem(tokens.EC_KEY)
    rsa_token = token(None, tokens.RSA_KEY, alg="RS256")
    first, middle, _ = token(None, tokens.EC_KEY, alg="ES256").split(".")
    garbled = f"{first}.{middle}.{'A' * 86}"
    short = f"{first}.{middle}.{'A' * 20}"
    return [
        *found,
        Fault(
            "other RSA key",
            "signature_invalid",
            since=(1, 5),
            run=lambda: app.verify(rsa_token, rsa_pem, ["RS256"]),
        ),
        Fault(
            "garbled ECDSA",
            "signature_invalid",
            since=(1, 5),
            run=lambda: app.verify(garbled, ec_pem, ["ES256"]),
        ),
        Fault(
            "short ECDSA",
            "signature_invalid",
            since=(1, 5),
            run=lambda: app.verify(short, ec_pem, ["ES256"]),
        ),
    ]
