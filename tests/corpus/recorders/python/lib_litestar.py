"""Faults of Litestar's JWT authentication: what an application answers."""

from __future__ import annotations

import logging

import litestar
import replies
import tokens as t
from case import Case
from litestar.security.jwt import JWTAuth, JWTCookieAuth
from litestar.testing import TestClient

logging.disable()


async def user(token: object, _: object) -> object:
    return None if token.sub == "nobody" else token.sub


@litestar.get("/orders")
async def orders() -> str:
    return "ok"


def ask(authorization: str | None, kind: type = JWTAuth, **settings: object):
    def run() -> list[str]:
        auth = kind[str](retrieve_user_handler=user, token_secret=t.SECRET, **settings)
        app = litestar.Litestar([orders], on_app_init=[auth.on_app_init])
        headers = {"Authorization": authorization} if authorization else {}
        with TestClient(app) as client:
            got = client.get("/orders", headers=headers)
        return replies.coats(got.status_code, got.text)

    return run


CASES = [
    Case(ask(None), "header_missing"),
    Case(ask(None, JWTCookieAuth), "header_missing"),
    Case(ask("Bearer " + t.hs256(key=t.OTHER)), "unspecified"),
    Case(ask("Bearer " + t.hs256(t.fresh(exp=t.NOW - 90))), "unspecified"),
    Case(ask("Bearer " + t.hs256(t.fresh(sub="nobody"))), "unspecified", says="Unauthorized"),
]
