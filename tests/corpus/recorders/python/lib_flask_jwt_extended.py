"""Faults of Flask-JWT-Extended: what an API answers, and the exceptions underneath."""

from __future__ import annotations

import flask
import flask_jwt_extended as ext
import replies
import tokens as t
from case import Case

OLD = not hasattr(ext, "jwt_required") or hasattr(ext, "jwt_refresh_token_required")
CLAIM = "identity" if OLD else "sub"


def app(**settings: object) -> tuple[flask.Flask, ext.JWTManager]:
    made = flask.Flask("orders")
    made.config.update({"JWT_SECRET_KEY": t.SECRET, "PROPAGATE_EXCEPTIONS": False} | settings)
    manager = ext.JWTManager(made)
    guard = ext.jwt_required if OLD else ext.jwt_required()
    fresh = ext.fresh_jwt_required if OLD else ext.jwt_required(fresh=True)
    refresh = ext.jwt_refresh_token_required if OLD else ext.jwt_required(refresh=True)
    methods = ["GET", "POST"]
    made.add_url_rule("/orders", "orders", guard(lambda: "ok"), methods=methods)
    made.add_url_rule("/fresh", "fresh", fresh(lambda: "ok"))
    made.add_url_rule("/refresh", "refresh", refresh(lambda: "ok"), methods=methods)
    return made, manager


def claims(**changes: object) -> dict[str, object]:
    return t.fresh(
        **(
            {
                "aud": None,
                "sub": None,
                "iss": None,
                CLAIM: "user-7",
                "type": "access",
                "fresh": False,
            }
            | changes
        )
    )


def ask(token: str | None, place: str = "/orders", header: str = "Bearer {}", **settings: object):
    def run(prepare: object = None) -> list[str]:
        made, manager = app(**settings)
        if prepare:
            prepare(manager)
        headers = {} if token is None else {"Authorization": header.format(token)}
        got = made.test_client().get(place, headers=headers)
        return replies.coats(got.status_code, got.get_data(as_text=True).strip())

    return run


def sent(
    location: str,
    method: str = "POST",
    cookie: str = "",
    body: object = None,
    query: str = "",
    **settings: object,
):
    def run() -> list[str]:
        made, _ = app(JWT_TOKEN_LOCATION=location.split(), **settings)
        headers = {"Cookie": cookie} if cookie else {}
        got = made.test_client(use_cookies=False).open(
            "/orders" + query, method=method, headers=headers, json=body
        )
        return replies.coats(got.status_code, got.get_data(as_text=True).strip())

    return run


def verify(headers: dict[str, str], **settings: object):
    def run() -> None:
        made, _ = app(**settings)
        with made.test_request_context("/orders", headers=headers):
            ext.verify_jwt_in_request()

    return run


def callback(name: str, value: object, token: str, place: str = "/orders"):
    def prepare(manager: ext.JWTManager) -> None:
        getattr(manager, name)(lambda *_: value)

    return lambda: ask(token, place)(prepare)


GOOD = t.hs256(claims())
CSRF = t.hs256(claims(csrf="abc"))
REVOKE = "token_in_blacklist_loader" if OLD else "token_in_blocklist_loader"
CHECK = "claims_verification_loader" if OLD else "token_verification_loader"
LOAD = "user_loader_callback_loader" if OLD else "user_lookup_loader"
SETTINGS = {"JWT_BLACKLIST_ENABLED": True}

CASES = [
    Case(ask(None), "header_missing"),
    Case(ask(GOOD, header="Token {}"), "header_malformed"),
    Case(ask(GOOD, header="Bearer {} x"), "header_malformed"),
    Case(ask(GOOD, header="a {}", JWT_HEADER_TYPE=""), "header_malformed"),
    Case(ask(t.hs256(claims(exp=t.NOW - 90))), "token_expired"),
    Case(ask(t.hs256(claims(), key=t.OTHER)), "signature_invalid"),
    Case(ask("not-a-token"), "token_malformed"),
    Case(ask(t.hs256(claims(nbf=t.NOW + 90))), "token_not_yet_valid"),
    Case(
        ask(t.hs256(claims(aud="other")), JWT_DECODE_AUDIENCE="orders-api"),
        "audience_mismatch",
        says="udience",
    ),
    Case(ask(t.hs256(claims(), header={"alg": "HS512"})), "algorithm_mismatch"),
    Case(ask(t.hs256(claims(type="refresh"))), "claim_mismatch"),
    Case(ask(GOOD, "/refresh"), "claim_mismatch"),
    Case(ask(GOOD, "/fresh"), "claim_mismatch"),
    Case(ask(t.hs256(claims(**{CLAIM: None}))), "claim_missing", captures={"claim": [CLAIM]}),
    Case(ask(t.hs256(claims(type=None))), "claim_missing", says="laim"),
    Case(ask(t.hs256(claims(fresh=None, type="access"))), "claim_missing", says="laim"),
    Case(callback(CHECK, False, GOOD), "claim_mismatch"),
    Case(callback(LOAD, None, GOOD), "unspecified"),
    Case(callback(REVOKE, True, GOOD), "token_revoked", says="revoked"),
    Case(sent("cookies"), "header_missing"),
    Case(sent("cookies", cookie=f"access_token_cookie={CSRF}"), None, outcome="none"),
    Case(sent("query_string"), "header_missing"),
    Case(
        sent("query_string", query=f"?jwt=x{GOOD}", JWT_QUERY_STRING_VALUE_PREFIX="jwt-"),
        "header_malformed",
        says="start with",
    ),
    Case(sent("json", body={"a": 1}), "header_missing"),
    Case(sent("headers cookies"), "header_missing"),
    Case(verify({}), "header_missing"),
    Case(verify({"Authorization": "Bearer"}), "header_malformed"),
    Case(verify({"Authorization": "Token abc"}), "header_malformed"),
    Case(verify({"Authorization": "Bearer " + t.hs256(claims(type="refresh"))}), "claim_mismatch"),
    Case(
        verify({"Authorization": "Bearer " + t.hs256(claims(**{CLAIM: None}))}),
        "claim_missing",
        captures={"claim": [CLAIM]},
    ),
    Case(verify({"Authorization": f"Bearer {GOOD}"}, JWT_SECRET_KEY=None), "key_missing"),
    Case(verify({"Authorization": f"Bearer {GOOD}"}, JWT_ALGORITHM="RS256"), "key_missing"),
]
