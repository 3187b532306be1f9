"""Faults of Flask-JWT: what an API answers."""

from __future__ import annotations

import flask
import replies
import tokens as t
from case import Case
from flask_jwt import JWT, jwt_required


class User:
    id = 7


def app() -> flask.Flask:
    made = flask.Flask("orders")
    made.config["SECRET_KEY"] = t.SECRET
    made.config["JWT_LEEWAY"] = 0
    JWT(made, lambda *_: None, lambda payload: User() if payload["identity"] == 7 else None)
    made.add_url_rule("/orders", "orders", jwt_required()(lambda: "ok"))
    return made


APP = app()


def ask(authorization: str | None):
    def run() -> list[str]:
        headers = {"Authorization": authorization} if authorization else {}
        got = APP.test_client().get("/orders", headers=headers)
        return replies.coats(got.status_code, got.get_data(as_text=True))

    return run


def token(**changes: object) -> str:
    claims = {"aud": None, "iss": None, "identity": 7, "nbf": t.NOW - 60}
    return t.hs256(t.fresh(**(claims | changes)))


CASES = [
    Case(ask(None), "header_missing"),
    Case(ask("Bearer x"), "header_malformed"),
    Case(ask("JWT"), "header_malformed"),
    Case(ask("JWT a b"), "header_malformed"),
    Case(ask("JWT " + token(exp=t.NOW - 90)), "token_expired"),
    Case(ask("JWT " + t.hs256(key=t.OTHER)), "signature_invalid"),
    Case(ask("JWT x"), "token_malformed"),
    Case(ask("JWT " + token(nbf=t.NOW + 90)), "token_not_yet_valid"),
    Case(ask("JWT " + token(nbf=None)), "claim_missing"),
    Case(ask("JWT " + token(identity=8)), "unspecified"),
]
