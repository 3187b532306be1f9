"""Faults of Connexion's security handlers: what an application answers."""

from __future__ import annotations

import connexion
import replies
from case import Case

SPEC = {
    "openapi": "3.0.0",
    "info": {"title": "orders", "version": "1"},
    "components": {
        "securitySchemes": {
            "jwt": {"type": "http", "scheme": "bearer", "x-bearerInfoFunc": "lib_connexion.known"},
            "oauth": {
                "type": "oauth2",
                "x-tokenInfoFunc": "lib_connexion.known",
                "flows": {
                    "implicit": {
                        "authorizationUrl": "https://auth.example.com",
                        "scopes": {"orders": "x"},
                    }
                },
            },
        }
    },
    "paths": {
        "/orders": {
            "get": {
                "operationId": "lib_connexion.orders",
                "security": [{"jwt": []}],
                "responses": {"200": {"description": "ok"}},
            }
        },
        "/scoped": {
            "get": {
                "operationId": "lib_connexion.scoped",
                "security": [{"oauth": ["orders"]}],
                "responses": {"200": {"description": "ok"}},
            }
        },
    },
}


def known(token: str) -> dict[str, object] | None:
    return {"sub": "user-7", "scope": ["profile"]} if token == "good" else None


def orders(**_: object) -> str:
    return "ok"


def scoped(**_: object) -> str:
    return "ok"


def ask(authorization: str | None, place: str = "/orders"):
    def run() -> list[str]:
        app = connexion.FlaskApp(__name__)
        app.add_api(SPEC)
        client = app.test_client() if hasattr(app, "test_client") else app.app.test_client()
        got = client.get(place, headers={"Authorization": authorization} if authorization else {})
        return replies.coats(got.status_code, got.text)

    return run


CASES = [
    Case(ask(None), "header_missing"),
    Case(ask("x"), "header_malformed"),
    Case(ask("Bearer unknown"), "unspecified"),
    Case(ask("Bearer unknown", "/scoped"), "unspecified"),
    Case(ask("Bearer good", "/scoped"), "insufficient_scope"),
]
