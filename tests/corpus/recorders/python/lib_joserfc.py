"""Faults of joserfc: JWS, JWE, key sets and claims."""

from __future__ import annotations

import tokens as t
from case import Case
from joserfc import jwe, jws, jwt
from joserfc.jwk import ECKey, JWKRegistry, KeySet, OctKey

HEAD, BODY, MAC = t.hs256().split(".")
KEY = OctKey.import_key(t.SECRET)
SHORT = OctKey.import_key(b"short")
P256 = ECKey.generate_key("P-256")
SET = KeySet.import_key_set(
    {"keys": [{"kty": "oct", "kid": k, "k": t.b64(t.SECRET.encode())} for k in ("a", "b")]}
)
DIR = {"alg": "dir", "enc": "A128GCM"}


def decode(token: str, key: object = KEY, algorithms: tuple[str, ...] = ("HS256",)):
    return lambda: jwt.decode(token, key, algorithms=list(algorithms)) and None


def header(fields: dict[str, object], **options: object):
    return decode(t.hs256(header=fields), **options)


def claims(changes: dict[str, object], **options: object):
    token = t.hs256(t.fresh(**changes))
    return lambda: jwt.JWTClaimsRegistry(**options).validate(jwt.decode(token, KEY).claims)


def named(name: str, actual: object, expected: object):
    return claims({name: actual}, **{name: {"essential": True, "value": expected}})


def lacking(*names: str):
    return claims(dict.fromkeys(names), **{name: {"essential": True} for name in names})


def sealed(
    head: dict[str, object], key: object = None, tag: bytes = b"0123456789abcdef", wrapped: str = ""
):
    token = ".".join([t.b64(head), wrapped, t.b64(b"0123456789ab"), t.b64(b"text"), t.b64(tag)])
    return lambda: (
        jwe.decrypt_compact(
            token,
            key or OctKey.import_key(b"0123456789abcdef"),
            algorithms=["dir", "A128GCM", "A128KW", "A128CBC-HS256"],
        )
        and None
    )


CASES = [
    Case(decode(t.hs256(key=t.OTHER)), "signature_invalid"),
    Case(decode(f"{HEAD}.{BODY}.{t.b64(b'x')}"), "signature_invalid"),
    Case(claims({"exp": t.NOW - 90}), "token_expired"),
    Case(claims({"exp": t.NOW - 9000}), "token_expired"),
    Case(decode(t.hs256(key=t.OTHER)), "signature_invalid", traced=True),
    Case(claims({"exp": t.NOW - 90}), "token_expired", traced=True),
    Case(claims({"nbf": t.NOW + 90}), "token_not_yet_valid"),
    Case(claims({"iat": t.NOW + 900}), "issued_in_future", says="in the future"),
    Case(claims({"exp": "tomorrow"}), "claim_invalid", captures={"claim": ["exp"]}),
    Case(claims({"nbf": "today"}), "claim_invalid", captures={"claim": ["nbf"]}),
    Case(claims({"iat": "today"}), "claim_invalid", captures={"claim": ["iat"]}),
    Case(claims({"iss": 7}), "claim_invalid", says="StringOrURI", captures={"claim": ["iss"]}),
    Case(claims({"jti": 7}), "claim_invalid", says="must be a string", captures={"claim": ["jti"]}),
    Case(
        named("iss", "https://other.example.com", "https://auth.example.com"),
        "issuer_mismatch",
        captures={"claim": ["iss"]},
    ),
    Case(
        named("aud", "billing-api", "orders-api"), "audience_mismatch", captures={"claim": ["aud"]}
    ),
    Case(named("sub", "user-7", "user-8"), "subject_mismatch", captures={"claim": ["sub"]}),
    Case(named("jti", "session-41", "session-42"), "claim_mismatch", captures={"claim": ["jti"]}),
    Case(named("tenant", "blue", "green"), "claim_mismatch", captures={"claim": ["tenant"]}),
    Case(lacking("iss"), "claim_missing", captures={"claim": ["iss"]}),
    Case(lacking("exp"), "claim_missing", captures={"claim": ["exp"]}),
    Case(lacking("aud", "exp"), "claim_missing"),
    Case(decode("not-a-token"), "token_malformed", named=True),
    Case(decode("a.b"), "token_malformed", named=True),
    Case(decode(f"{t.b64(b'not json')}.{BODY}.{MAC}"), "token_malformed", named=True),
    Case(decode(t.hs256(b"not json")), "token_malformed"),
    Case(decode(t.hs256(["a"])), "token_malformed"),
    Case(decode(t.hs256(header={"pad": "a" * 300_000})), "token_malformed", says="exceeds"),
    Case(header({"alg": None}), "algorithm_mismatch"),
    Case(header({"alg": "RS256"}), "algorithm_mismatch", captures={"alg": ["RS256"]}),
    Case(header({"alg": "HS999"}), "algorithm_mismatch", captures={"alg": ["HS999"]}),
    Case(decode(t.unsecured()), "algorithm_none"),
    Case(header({"crit": ["exp2"]}), "header_unsupported"),
    Case(header({"x-extra": "1"}), "header_unsupported", says="x-extra"),
    Case(header({"kid": 7}), "header_unsupported"),
    Case(header({"kid": "2026-02"}, key=SET), "key_not_found", captures={"kid": ["2026-02"]}),
    Case(header({}, key=SET), "key_not_found"),
    Case(decode(t.hs256(), key=P256), "key_invalid"),
    Case(decode(t.hs256(header={"alg": "ES384"}), key=P256, algorithms=("ES384",)), "key_invalid"),
    Case(
        decode(t.hs256(), key=OctKey.import_key({"kty": "oct", "use": "enc", "k": "AAAA"})),
        "key_invalid",
    ),
    Case(
        decode(t.hs256(), key=OctKey.import_key({"kty": "oct", "alg": "HS512", "k": "AAAA"})),
        "algorithm_mismatch",
        captures={"expected": ["HS512"]},
        says="designed for",
    ),
    Case(
        decode(t.hs256(), key=OctKey.import_key({"kty": "oct", "key_ops": ["sign"], "k": "AAAA"})),
        "key_invalid",
    ),
    Case(lambda: KeySet.import_key_set({"keys": []}), "key_missing", says="No keys"),
    Case(lambda: JWKRegistry.import_key({"k": "AAAA"}), "key_invalid", traced=True),
    Case(lambda: JWKRegistry.import_key({"kty": "XYZ", "k": "AAAA"}), "key_invalid", traced=True),
    Case(lambda: JWKRegistry.import_key({"kty": "RSA", "n": "AQAB"}), "key_invalid", traced=True),
    Case(lambda: OctKey.import_key(""), "key_missing", says="must not be empty"),
    Case(sealed({"alg": "dir"}), "algorithm_mismatch"),
    Case(sealed({"alg": "dir", "enc": "A999GCM"}), "algorithm_mismatch"),
    Case(sealed(DIR, SHORT), "key_invalid"),
    Case(sealed(DIR), "decryption_failed"),
    Case(
        sealed({"alg": "dir", "enc": "A128CBC-HS256"}, OctKey.import_key(b"0" * 32)),
        "token_malformed",
    ),
    Case(
        sealed({"alg": "A128KW", "enc": "A128GCM"}, wrapped=t.b64(b"0" * 24)), "decryption_failed"
    ),
    Case(sealed(DIR, wrapped="AAAA"), "token_malformed"),
    Case(lambda: jws.deserialize_compact("a.b.c", KEY), "token_malformed", named=True),
]
