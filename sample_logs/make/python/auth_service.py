"""The issuer: signs access tokens for the web application. Ordinary service code."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import jwt
from flask import Flask, request

if TYPE_CHECKING:
    import logging

LIFETIME_SECONDS = 300


def build_auth(config: dict[str, str], key: Any, kid: str, log: logging.Logger) -> Flask:
    """Return the issuer as a WSGI application; `config` is what its deployment set."""
    app = Flask("auth")
    issuer, audience = config["ISSUER"], config["AUDIENCE"]
    log.info("configuration loaded", extra={"issuer": issuer, "audience": audience, "kid": kid})

    def issue(subject: str) -> dict[str, Any]:
        now = int(time.time())
        claims = {"iss": issuer, "aud": audience, "sub": subject}
        claims |= {"iat": now, "exp": now + LIFETIME_SECONDS}
        fields = {"iss": issuer, "aud": audience, "kid": kid, "alg": "RS256"}
        fields["request_id"] = request.headers.get("X-Request-ID", "")
        log.info("token issued", extra=fields)
        token = jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid})
        return {"access_token": token, "refresh_token": f"refresh-{subject}"}

    @app.post("/auth/login")
    def login():
        return issue(request.get_json()["user"])

    @app.post("/auth/refresh")
    def refresh():
        return issue(request.get_json()["refresh_token"].removeprefix("refresh-"))

    return app
