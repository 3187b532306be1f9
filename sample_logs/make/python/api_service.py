"""The API: accepts access tokens of the issuer. Ordinary service code, and a careful one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt
from flask import Flask, g, jsonify, request

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable


def unverified(token: str) -> dict[str, Any]:
    """Return what a refused token says of itself, for the log. Never the token."""
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return {}
    fields = {name: claims.get(name) for name in ("iss", "aud", "iat", "exp")}
    return fields | {"kid": header.get("kid"), "alg": header.get("alg")}


def build_api(
    config: dict[str, Any],
    keys: dict[str, Any],
    log: logging.Logger,
    is_traced: Callable[[], bool],
) -> Flask:
    """Return one instance as a WSGI application; `is_traced` samples the header debug line."""
    app = Flask("api")
    log.info("configuration loaded", extra={k.lower(): v for k, v in config.items()})

    def verify(token: str, *, checks_issuer: bool) -> dict[str, Any]:
        kid = jwt.get_unverified_header(token).get("kid")
        return jwt.decode(
            token,
            keys.get(kid, ""),
            algorithms=["RS256"],
            audience=config["AUDIENCE"],
            issuer=config["ISSUER"] if checks_issuer else None,
            leeway=config["LEEWAY_SECONDS"],
        )

    @app.before_request
    def authenticate():
        g.fields = {
            "request_id": request.headers.get("X-Request-ID", ""),
            "method": request.method,
            "path": request.path,
            "client_ip": request.headers.get("X-Real-IP", ""),
        }
        if is_traced():
            headers = {name.lower(): value for name, value in request.headers}
            log.debug("request headers", extra=g.fields | {"headers": headers})
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            log.warning("Authorization header missing", extra=g.fields)
            return jsonify(error="unauthorized"), 401
        try:
            # The feed is older than the issuer check and has never got it.
            g.claims = verify(token, checks_issuer=request.path != "/v1/feed")
        except jwt.InvalidTokenError:
            log.warning("token rejected", exc_info=True, extra=g.fields | unverified(token))
            return jsonify(error="unauthorized"), 401
        return None

    @app.after_request
    def log_request(response):
        log.info("request completed", extra=g.fields | {"status": response.status_code})
        return response

    @app.get("/v1/<any(orders, profile, feed):what>")
    def answer(what: str):
        return {"what": what, "sub": g.claims["sub"]}

    return app
