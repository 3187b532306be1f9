"""Faults of Authlib: JWS, JWE and claims, ID tokens, keys, and what its Flask protector answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tokens as t
from authlib.jose import JsonWebEncryption, JsonWebKey, JsonWebSignature, JsonWebToken
from case import Case

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD, BODY, MAC = t.hs256().split(".")
EVERY = {"iss": {"essential": True, "values": ["https://auth.example.com"]}}
SET = {"keys": [{"kty": "oct", "kid": "2026-01", "k": t.b64(t.SECRET.encode())}]}
DIR = {"alg": "dir", "enc": "A128GCM"}


def decode(
    token: str, key: object = t.SECRET, algorithms: tuple[str, ...] = ("HS256", "dir", "A128GCM")
):
    return lambda: JsonWebToken(list(algorithms)).decode(token, key) and None


def claims(changes: dict[str, object], options: dict[str, object] | None = None):
    token = t.hs256(t.fresh(**changes))
    return lambda: (
        JsonWebToken(["HS256"]).decode(token, t.SECRET, claims_options=options).validate()
    )


def header(fields: dict[str, object], **options: object):
    return decode(t.hs256(header=fields), **options)


def named(name: str, actual: object, expected: object):
    return claims({name: actual}, {name: {"essential": True, "value": expected}})


def lacking(name: str):
    return claims({name: None}, {name: {"essential": True}})


def identity(changes: dict[str, object], **params: object):
    def run() -> None:
        from authlib.oidc.core import CodeIDToken

        good = t.fresh(auth_time=t.NOW - 60, nonce="n-0S6")
        claims = {k: v for k, v in (good | changes).items() if v is not None}
        CodeIDToken(claims, {"alg": "HS256"}, {}, params).validate()

    return run


def shown(run: Callable[[], object]):
    """Return what `%r` makes of the error, as the library's own debug lines print it."""

    def shown_run() -> str | None:
        try:
            run()
        except Exception as error:  # noqa: BLE001
            return f"DEBUG authlib.oauth2.rfc7523: Authenticate token failed. {error!r}"
        return None

    return shown_run


def jws_json(value: dict[str, object]):
    return lambda: JsonWebSignature(["HS256"]).deserialize_json(value, t.SECRET) and None


def sealed(head: dict[str, object], key: object = b"0123456789abcdef"):
    token = ".".join(
        [t.b64(head), "", t.b64(b"0123456789ab"), t.b64(b"text"), t.b64(b"0123456789abcdef")]
    )
    return lambda: JsonWebEncryption().deserialize_compact(token, key) and None


def answered(authorization: str | None, scope: str = "orders"):
    """Return what the Flask resource protector answers: the body and the header."""

    def run() -> list[str]:
        import flask
        from authlib.integrations.flask_oauth2 import ResourceProtector
        from authlib.oauth2.rfc6750 import BearerTokenValidator

        class Known(dict):
            is_expired = is_revoked = staticmethod(lambda: False)
            get_scope = staticmethod(lambda: "profile")

        class Validator(BearerTokenValidator):
            def authenticate_token(self, token):
                return Known(scope="profile") if token == "known" else None

            def request_invalid(self, request):
                return False

            def token_revoked(self, token):
                return False

        protect = ResourceProtector()
        protect.register_token_validator(Validator("example"))
        app = flask.Flask("orders")
        app.add_url_rule("/", "orders", protect(scope)(lambda: "ok"))
        headers = {"Authorization": authorization} if authorization else {}
        got = app.test_client().get("/", headers=headers)
        said = [f"{got.status_code} {got.get_data(as_text=True)}"]
        asked = got.headers.get("WWW-Authenticate")
        return (
            [*said, f"HTTP 401 www-authenticate: {asked}"]
            if asked and "error_desc" in asked
            else said
        )

    return run


CASES = [
    Case(decode(t.hs256(key=t.OTHER)), "signature_invalid"),
    Case(decode(f"{HEAD}.{BODY}.{t.b64(b'x')}"), "signature_invalid"),
    Case(claims({"exp": t.NOW - 90}), "token_expired"),
    Case(claims({"exp": t.NOW - 9000}), "token_expired"),
    Case(claims({"nbf": t.NOW + 90}), "token_not_yet_valid", says="not valid yet"),
    Case(claims({"iat": t.NOW + 900}), "issued_in_future", says="in the future"),
    Case(claims({"exp": "tomorrow"}), "claim_invalid", captures={"claim": ["exp"]}, says="exp"),
    Case(claims({"nbf": "today"}), "claim_invalid", captures={"claim": ["nbf"]}, says="nbf"),
    Case(claims({"iat": "today"}), "claim_invalid", captures={"claim": ["iat"]}, says="iat"),
    Case(
        named("iss", "https://other.example.com", "https://auth.example.com"),
        "issuer_mismatch",
        captures={"claim": ["iss"]},
        says="iss",
    ),
    Case(
        named("aud", "billing-api", "orders-api"),
        "audience_mismatch",
        captures={"claim": ["aud"]},
        says="aud",
    ),
    Case(
        named("sub", "user-7", "user-8"),
        "subject_mismatch",
        captures={"claim": ["sub"]},
        says="sub",
    ),
    Case(
        named("jti", "session-41", "session-42"),
        "claim_mismatch",
        captures={"claim": ["jti"]},
        says="jti",
    ),
    Case(
        named("tenant", "blue", "green"),
        "claim_mismatch",
        captures={"claim": ["tenant"]},
        says="tenant",
    ),
    Case(lacking("iss"), "claim_missing", captures={"claim": ["iss"]}, says="Missing "),
    Case(lacking("aud"), "claim_missing", captures={"claim": ["aud"]}, says="Missing "),
    Case(lacking("exp"), "claim_missing", captures={"claim": ["exp"]}, says="Missing "),
    Case(
        identity({"nonce": "other"}, nonce="n-0S6"),
        "claim_mismatch",
        captures={"claim": ["nonce"]},
        says="nonce",
    ),
    Case(
        identity({"nonce": None}, nonce="n-0S6"),
        "claim_missing",
        captures={"claim": ["nonce"]},
        says="Missing ",
    ),
    Case(
        identity({"azp": "web"}, client_id="orders-api"),
        "claim_mismatch",
        captures={"claim": ["azp"]},
        says="azp",
    ),
    Case(
        identity({"auth_time": None}, max_age=60),
        "claim_missing",
        captures={"claim": ["auth_time"]},
        says="Missing ",
    ),
    Case(
        identity({"at_hash": "AAAA"}, access_token="abc"),
        "claim_mismatch",
        captures={"claim": ["at_hash"]},
        says="at_hash",
    ),
    Case(decode("not-a-token"), "token_malformed", says=" "),
    Case(decode("a.b"), "token_malformed", says=" "),
    Case(decode(f"{t.b64(b'not json')}.{BODY}.{MAC}"), "token_malformed", named=True, says=": "),
    Case(decode(f"{t.b64(b'[1]')}.{BODY}.{MAC}"), "token_malformed", says=" "),
    Case(decode(f"{HEAD}a.{BODY}.{MAC}"), "token_malformed", named=True, says=": "),
    Case(decode(f"{HEAD}.{BODY}.{MAC}aa"), "token_malformed", named=True, says=": "),
    Case(decode(t.hs256(b"not json")), "token_malformed", named=True, says=": "),
    Case(decode(t.hs256(["a"])), "token_malformed", named=True, says=": "),
    Case(decode(t.hs256(header={"pad": "a" * 300_000})), "token_malformed", says=" "),
    Case(header({"alg": None}), "algorithm_mismatch"),
    Case(header({"alg": "RS256"}), "algorithm_mismatch"),
    Case(header({"alg": "HS999"}), "algorithm_mismatch"),
    Case(decode(t.unsecured()), "algorithm_mismatch"),
    Case(header({"crit": ["exp2"]}), "header_unsupported"),
    Case(header({"crit": "b64"}), "header_unsupported"),
    Case(header({"kid": "2026-02"}, key=SET), "key_not_found", named=True),
    Case(
        header(
            {"kid": "2026-02"},
            key=lambda head, _: JsonWebKey.import_key_set(SET).find_by_kid(head["kid"]),
        ),
        "key_not_found",
        traced=True,
    ),
    Case(decode(t.hs256(), key=""), "key_missing", says="must not be empty"),
    Case(
        decode(t.hs256(), key="-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"),
        "key_invalid",
        says="safe to import",
    ),
    Case(
        lambda: JsonWebKey.import_key({"kty": "oct", "use": "enc", "k": "AAAA"}).check_key_op(
            "verify"
        ),
        "key_invalid",
    ),
    Case(
        lambda: JsonWebKey.import_key(
            {"kty": "oct", "key_ops": ["sign"], "k": "AAAA"}
        ).check_key_op("verify"),
        "key_invalid",
    ),
    Case(lambda: JsonWebKey.import_key_set({"error": "not found"}), "jwks_unavailable"),
    Case(jws_json({"payload": BODY}), "token_malformed", traced=True),
    Case(
        jws_json({"payload": BODY, "signatures": [{"protected": HEAD}]}),
        "token_malformed",
        says=" ",
    ),
    Case(jws_json({"signature": MAC, "protected": HEAD}), "token_malformed", says=" "),
    Case(sealed({"alg": "dir"}), "algorithm_mismatch"),
    Case(sealed({"alg": "dir", "enc": "A999GCM"}), "algorithm_mismatch"),
    Case(sealed({**DIR, "zip": "GZ"}), "header_unsupported"),
    Case(sealed(DIR, b"short"), "key_invalid", says='"cek" length'),
    Case(shown(decode(t.hs256(key=t.OTHER))), "signature_invalid"),
    Case(shown(claims({"exp": t.NOW - 90})), "token_expired"),
    Case(shown(named("aud", "billing-api", "orders-api")), "claim_invalid"),
    Case(shown(lacking("aud")), "claim_missing"),
    Case(shown(header({"alg": "RS256"})), "algorithm_mismatch"),
    Case(answered(None), "header_missing"),
    Case(answered("Bearer"), "header_malformed"),
    Case(answered("Token known"), "header_malformed"),
    Case(
        answered("Bearer other"),
        "unspecified",
        also=("token_expired", "token_revoked", "token_malformed"),
    ),
    Case(answered("Bearer known"), "insufficient_scope"),
]
