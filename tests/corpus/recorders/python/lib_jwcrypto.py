"""Faults of jwcrypto: JWT claims, JWS, JWE and keys."""

from __future__ import annotations

import tokens as t
from case import Case
from jwcrypto import jwe, jwk, jws, jwt

KEY = jwk.JWK(kty="oct", k=t.b64(t.SECRET.encode()))
WRONG = jwk.JWK(kty="oct", k=t.b64(t.OTHER.encode()))
SHORT = jwk.JWK(kty="oct", k=t.b64(b"0123456789abcdef"))
SET = jwk.JWKSet()
SET.add(jwk.JWK(kty="oct", kid="2026-01", k=t.b64(t.SECRET.encode())))
HEAD, BODY, MAC = t.hs256().split(".")
DIR = {"alg": "dir", "enc": "A128GCM"}


def read(token: str, key: object = KEY, **options: object):
    return lambda: jwt.JWT(jwt=token, key=key, **options) and None


def claims(changes: dict[str, object], wanted: dict[str, object] | None = None):
    return read(t.hs256(t.fresh(**changes)), check_claims=wanted)


def header(fields: dict[str, object], **options: object):
    return read(t.hs256(header=fields), **options)


def sealed(head: dict[str, object], key: object = SHORT, parts: int = 5):
    token = ".".join(
        [t.b64(head), "", t.b64(b"0123456789ab"), t.b64(b"text"), t.b64(b"0123456789abcdef")][
            :parts
        ]
    )
    return lambda: jwe.JWE().deserialize(token, key)


CASES = [
    Case(read(t.hs256(key=t.OTHER)), "signature_invalid"),
    Case(read(f"{HEAD}.{BODY}.{t.b64(b'x')}"), "signature_invalid"),
    Case(lambda: jws.JWS().deserialize(t.hs256(key=t.OTHER), KEY), "signature_invalid"),
    Case(claims({"exp": t.NOW - 90}), "token_expired"),
    Case(claims({"exp": t.NOW - 90000}), "token_expired"),
    Case(claims({"nbf": t.NOW + 90}), "token_not_yet_valid"),
    Case(claims({"exp": "tomorrow"}), "claim_invalid", captures={"claim": ["exp"]}),
    Case(claims({"iss": 7}), "claim_invalid", says="Claim %s is"),
    Case(claims({"iss": 7}), "claim_invalid", captures={"claim": ["iss"]}, says="Claim iss"),
    Case(claims({"aud": [7]}), "claim_invalid", captures={"claim": ["aud"]}),
    Case(
        claims({"aud": "billing-api"}, {"aud": "orders-api"}),
        "audience_mismatch",
        captures={"actual": ["billing-api"], "expected": ["orders-api"]},
        says="aud' value",
    ),
    Case(
        claims({"iss": "https://other.example.com"}, {"iss": "https://auth.example.com"}),
        "issuer_mismatch",
        captures={
            "expected": ["https://auth.example.com"],
            "actual": ["https://other.example.com"],
        },
    ),
    Case(
        claims({}, {"sub": "user-8"}),
        "subject_mismatch",
        captures={"expected": ["user-8"], "actual": ["user-7"]},
    ),
    Case(
        claims({"tenant": "blue"}, {"tenant": "green"}),
        "claim_mismatch",
        captures={"claim": ["tenant"], "expected": ["green"], "actual": ["blue"]},
    ),
    Case(
        claims({"aud": None}, {"aud": "orders-api"}), "claim_missing", captures={"claim": ["aud"]}
    ),
    Case(claims({"jti": None}, {"jti": None}), "claim_missing", captures={"claim": ["jti"]}),
    Case(read(t.hs256(b"[1]"), check_claims={"aud": "x"}), "claim_invalid", says="json"),
    Case(read("not-a-token"), "token_malformed"),
    Case(read("a.b.c"), "token_malformed"),
    Case(read(f"{t.b64(b'not json')}.{BODY}.{MAC}"), "token_malformed"),
    Case(header({"alg": None}), "algorithm_mismatch"),
    Case(header({"alg": "HS999"}), "algorithm_mismatch"),
    Case(header({"alg": "RS512"}, algs=["HS256"]), "algorithm_mismatch", says="not allowed"),
    Case(read(t.unsecured()), "algorithm_mismatch"),
    Case(header({"crit": ["exp2"]}), "header_unsupported"),
    Case(header({"kid": "2026-02"}, key=SET), "key_not_found", named=True, says="Key"),
    Case(header({"kid": "2026-02"}, key=SET), "key_not_found", traced=True),
    Case(
        lambda: jws.JWS().deserialize(t.hs256(header={"kid": "2026-02"}), SET),
        "key_not_found",
        says="in key set",
    ),
    Case(
        read(t.hs256(), key=jwk.JWK(kty="oct", k=t.b64(t.SECRET.encode()), use="enc")),
        "token_malformed",
        says="got JWS",
    ),
    Case(read(t.hs256(), key=t.SECRET), "key_invalid"),
    Case(lambda: jwk.JWK(kty="XYZ", k="AAAA"), "key_invalid"),
    Case(lambda: jwk.JWK(kty="RSA", n="AQAB"), "key_invalid", named=True),
    Case(
        lambda: jwk.JWKSet.from_json('{"error": "not found"}'),
        "jwks_unavailable",
        traced=True,
        says="ValueError: ",
    ),
    Case(sealed(DIR), "decryption_failed"),
    Case(sealed(DIR, KEY), "key_invalid"),
    Case(sealed({"enc": "A128GCM"}), "algorithm_mismatch"),
    Case(sealed({"alg": "dir"}), "algorithm_mismatch"),
    Case(sealed({"alg": "dir", "enc": "A999GCM"}), "algorithm_mismatch"),
    Case(sealed(DIR, parts=4), "token_malformed"),
]
