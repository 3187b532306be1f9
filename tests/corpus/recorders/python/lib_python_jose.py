"""Faults of python-jose: the signature, the header, the claims, the key, the JWE."""

from __future__ import annotations

import tokens as t
from case import Case
from jose import jwk, jws, jwt

try:
    from jose import jwe
except ImportError:  # before 3.2
    jwe = None

SET = {"keys": [{"kty": "oct", "kid": "2026-01", "k": t.b64(t.OTHER.encode()), "alg": "HS256"}]}
EC = {"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}


def decode(token: object, **options: object):
    key = options.pop("key", t.SECRET)
    algorithms = options.pop("algorithms", ["HS256"])
    options.setdefault("audience", "orders-api")
    return lambda: jwt.decode(token, key, algorithms=algorithms, **options) and None


def claims(changes: dict[str, object], **options: object):
    return decode(t.hs256(t.fresh(**changes)), **options)


def header(fields: dict[str, object], **options: object):
    return decode(t.hs256(header=fields), **options)


def key(data: object, algorithm: str = "RS256"):
    return lambda: jwk.construct(data, algorithm) and None


def sealed(token: str, secret: object = "0123456789abcdef"):
    return lambda: jwe and jwe.decrypt(token, secret) and None


def _jwe(header: dict[str, object], tag: str = "AAAA") -> str:
    return ".".join([t.b64(header), "", t.b64(b"0123456789ab"), t.b64(b"text"), tag])


GCM = {"alg": "dir", "enc": "A128GCM"}
GOOD = t.hs256()
HEAD, BODY, MAC = GOOD.split(".")
AT_HASH = {"at_hash": "MTIzNDU2Nzg5MDEyMzQ1Ng"}

CASES = [
    Case(decode(t.hs256(key=t.OTHER)), "signature_invalid"),
    Case(decode(f"{HEAD}.{BODY}.{t.b64(b'tampered')}"), "signature_invalid"),
    Case(decode(GOOD, key=SET), "signature_invalid"),
    Case(lambda: jws.verify(t.hs256(key=t.OTHER), t.SECRET, "HS256") and None, "signature_invalid"),
    Case(claims({"exp": t.NOW - 90}), "token_expired"),
    Case(claims({"exp": t.NOW - 9000}, options={"leeway": 30}), "token_expired"),
    Case(claims({"nbf": t.NOW + 90}), "token_not_yet_valid", named=True),
    Case(claims({"exp": "tomorrow"}), "claim_invalid", captures={"claim": ["exp"]}, named=True),
    Case(claims({"nbf": "tomorrow"}), "claim_invalid", captures={"claim": ["nbf"]}, named=True),
    Case(claims({"iat": "today"}), "claim_invalid", captures={"claim": ["iat"]}, named=True),
    Case(claims({"aud": "billing-api"}), "audience_mismatch", named=True),
    Case(claims({"aud": ["billing-api", "web"]}), "audience_mismatch", named=True),
    Case(claims({"aud": 7}), "claim_invalid", named=True),
    Case(
        claims({"iss": "https://other.example.com"}, issuer="https://auth.example.com"),
        "issuer_mismatch",
        named=True,
    ),
    Case(
        claims({"iss": "https://auth.example.com/"}, issuer=["https://auth.example.com"]),
        "issuer_mismatch",
        named=True,
    ),
    Case(claims({}, subject="user-8"), "subject_mismatch", named=True),
    Case(claims({"sub": 7}), "claim_invalid"),
    Case(claims({"jti": 41}), "claim_invalid"),
    Case(
        claims({"aud": None}, options={"require_aud": True}),
        "claim_missing",
        captures={"claim": ["aud"]},
    ),
    Case(
        claims({"exp": None}, options={"require_exp": True}),
        "claim_missing",
        captures={"claim": ["exp"]},
    ),
    Case(claims({}, audience=["orders-api"]), "audience_mismatch", named=True),
    Case(claims(AT_HASH), "claim_mismatch"),
    Case(claims(AT_HASH, access_token="an-access-token"), "claim_mismatch"),
    Case(decode("not-a-token"), "token_malformed", named=True),
    Case(decode(""), "token_malformed", named=True),
    Case(decode(f"{HEAD}a.{BODY}.{MAC}"), "token_malformed", named=True),
    Case(decode(f"{t.b64(b'not json')}.{BODY}.{MAC}"), "token_malformed", named=True),
    Case(decode(f"{t.b64(b'[1]')}.{BODY}.{MAC}"), "token_malformed", named=True),
    Case(decode(f"{HEAD}.{BODY}a.{MAC}"), "token_malformed", named=True),
    Case(decode(f"{HEAD}.{BODY}.{MAC}aa"), "token_malformed", named=True),
    Case(decode(t.hs256(b"not json")), "token_malformed", named=True),
    Case(decode(t.hs256(["a", "list"])), "token_malformed", named=True),
    Case(lambda: jwt.get_unverified_header("not-a-token"), "token_malformed"),
    Case(lambda: jwt.get_unverified_claims("not-a-token"), "token_malformed"),
    Case(lambda: jwt.get_unverified_claims(t.hs256(b"not json")), "token_malformed"),
    Case(lambda: jwt.get_unverified_claims(t.hs256(["a"])), "token_malformed"),
    Case(header({"alg": None}), "algorithm_mismatch"),
    Case(header({"alg": "RS256"}), "algorithm_mismatch", named=True),
    Case(
        header({"alg": "HS999"}, algorithms=None),
        "key_invalid",
        also=("algorithm_mismatch",),
        named=True,
    ),
    Case(decode(t.unsecured()), "algorithm_mismatch", named=True),
    Case(
        decode(t.unsecured(), algorithms=None),
        "key_invalid",
        also=("algorithm_mismatch",),
        named=True,
    ),
    Case(decode(GOOD, key=None), "key_missing", traced=True),
    Case(decode(GOOD, key=""), "signature_invalid"),
    Case(
        decode(GOOD, key="-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"),
        "key_invalid",
        named=True,
    ),
    Case(
        decode(GOOD, key={"kty": "RSA", "n": "AQAB", "e": "AQAB"}),
        "key_invalid",
        captures={"expected": ["oct"], "actual": ["RSA"]},
    ),
    Case(
        key({"kty": "oct", "k": "AAAA"}),
        "key_invalid",
        captures={"expected": ["RSA"], "actual": ["oct"]},
    ),
    Case(key(EC, "ES256"), "key_invalid", named=True),
    Case(key(7, "RS256"), "key_invalid"),
    Case(key(7, "ES256"), "key_invalid"),
    Case(
        key({"kty": "oct", "k": "AAAA"}, ""),
        "key_invalid",
        also=("algorithm_mismatch",),
        named=True,
    ),
    Case(sealed("a.b.c"), "token_malformed", named=True),
    Case(sealed(_jwe({"alg": "dir"})), "token_malformed"),
    Case(
        sealed(_jwe({"alg": "dir", "enc": "A999GCM"})),
        "algorithm_mismatch",
        captures={"alg": ["A999GCM"]},
        named=True,
    ),
    Case(
        sealed(_jwe({"alg": "PBES2-HS256+A128KW", "enc": "A128GCM"})),
        "algorithm_mismatch",
        captures={"alg": ["PBES2-HS256+A128KW"]},
        named=True,
    ),
    Case(sealed(_jwe(GCM, tag=t.b64(b"0123456789abcdef"))), "decryption_failed"),
    Case(sealed("A" * 300_000), "token_malformed"),
]
