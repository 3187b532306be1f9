"""Faults of FastAPI's security classes: what an application answers, and the exceptions."""

from __future__ import annotations

import fastapi
import replies
from case import Case
from fastapi import security
from fastapi.testclient import TestClient

app = fastapi.FastAPI()
SCHEMES = {
    "bearer": security.HTTPBearer(),
    "oauth2": security.OAuth2PasswordBearer(tokenUrl="token"),
    "code": security.OAuth2AuthorizationCodeBearer(authorizationUrl="a", tokenUrl="token"),
    "openid": security.OpenIdConnect(openIdConnectUrl="https://auth.example.com"),
    "cookie": security.APIKeyCookie(name="session"),
}
for _name, _scheme in SCHEMES.items():

    def _route(_: object = fastapi.Depends(_scheme)) -> str:
        return "ok"

    app.add_api_route(f"/{_name}", _route)


def get(place: str, authorization: str | None = None):
    def run() -> list[str]:
        headers = {"Authorization": authorization} if authorization else {}
        got = TestClient(app).get(f"/{place}", headers=headers)
        return replies.coats(got.status_code, got.text)

    return run


async def _asked(scheme: object, authorization: str) -> None:
    headers = [(b"authorization", authorization.encode())] if authorization else []
    await scheme(fastapi.Request({"type": "http", "headers": headers}))


def raised(place: str, authorization: str = ""):
    def run() -> None:
        import asyncio

        asyncio.run(_asked(SCHEMES[place], authorization))

    return run


CASES = [
    Case(get("bearer"), "header_missing"),
    Case(get("oauth2"), "header_missing"),
    Case(get("oauth2", "Token abc"), "header_missing"),
    Case(get("code"), "header_missing"),
    Case(get("openid"), "header_missing"),
    Case(get("cookie"), "header_missing"),
    Case(get("bearer", "Token abc"), "header_malformed", says="Invalid auth"),
    Case(get("bearer", "Bearer"), "header_missing"),
    Case(raised("bearer"), "header_missing", named=True, says="Not auth"),
    Case(raised("oauth2"), "header_missing", named=True, says="Not auth"),
    Case(raised("code"), "header_missing", named=True, says="Not auth"),
    Case(raised("openid"), "header_missing", traced=True, says="Not auth"),
    Case(raised("bearer", "Token abc"), "header_malformed", named=True, says="Invalid auth"),
]
