"""Faults of sanic-jwt: what an application answers."""

from __future__ import annotations

import logging

import replies
import sanic_jwt
import tokens as t
from case import Case
from sanic import Sanic, response

logging.disable()
COUNT = iter(range(1000))


async def authenticate(request: object) -> dict[str, object]:
    return {"user_id": 7}


class Tenant(sanic_jwt.Claim):
    key = "tenant"

    def setup(self, payload: object, user: object) -> str:
        return "blue"

    def verify(self, value: object) -> bool:
        return value == "blue"


async def scopes(user: object, *_: object, **__: object) -> str:
    return "profile"


def ask(authorization: str | None, place: str = "/orders", **settings: object):
    def run() -> list[str]:
        app = Sanic(f"orders{next(COUNT)}")
        sanic_jwt.Initialize(
            app,
            authenticate=authenticate,
            secret=t.SECRET,
            add_scopes_to_payload=scopes,
            **settings,
        )

        @app.route("/orders")
        @sanic_jwt.protected()
        async def orders(request):
            return response.text("ok")

        @app.route("/scoped")
        @sanic_jwt.scoped("orders")
        async def scoped(request):
            return response.text("ok")

        headers = {"Authorization": authorization} if authorization else {}
        _, got = app.test_client.get(place, headers=headers)
        return replies.coats(got.status, got.text)

    return run


def claims(**changes: object):
    return ask("Bearer " + t.hs256(t.fresh(**({"aud": None, "iss": None, "user_id": 7} | changes))))


GOOD = t.hs256(t.fresh(aud=None, iss=None, user_id=7, scopes=["profile"]))

CASES = [
    Case(ask(None), "header_missing"),
    Case(ask(f"Token {GOOD}"), "header_malformed"),
    Case(ask("Bearer"), "header_malformed"),
    Case(claims(exp=t.NOW - 900), "token_expired"),
    Case(ask("Bearer " + t.hs256(key=t.OTHER)), "unspecified"),
    Case(ask("Bearer not-a-token"), "unspecified"),
    Case(ask(f"Bearer {GOOD}", "/scoped"), "insufficient_scope"),
    Case(ask(f"Bearer {GOOD}", cookie_set=True, cookie_strict=True), "header_missing"),
    Case(
        ask(
            "Bearer " + t.hs256(t.fresh(aud=None, iss=None, user_id=7, tenant="green")),
            custom_claims=[Tenant],
        ),
        "claim_mismatch",
        captures={"claim": ["tenant"]},
    ),
]
