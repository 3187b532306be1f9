"""The check after the fix: a fresh token, its claims, the clocks, a refresh, a steady status."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import jwt
from drift_clients import Browser, headers_of

if TYPE_CHECKING:
    from drift_clients import Books
    from web_world import WebWorld

ISSUER, AUDIENCE = "https://auth.example.com", "web-prod"
CALLS = 20


def _passes(token: str, key: Any, **options: Any) -> str:
    try:
        jwt.decode(token, key, algorithms=["RS256"], **options)
    except jwt.InvalidTokenError as error:
        return f"fail: {error}"
    return "pass"


def validate(world: WebWorld, books: Books, ms: int) -> dict[str, Any]:
    """Run the checks at virtual time `ms`; return what each one found."""
    probe = Browser("u-validate", "192.0.2.20", "auth-validation/1.0", 0)
    key = world.public_key()
    _, answer = world.request(
        "POST", "/auth/login", headers_of(probe, "val-0"), {"user": probe.user}
    )
    token = answer["access_token"]
    only_signature = {"verify_aud": False, "verify_iss": False}
    claims = jwt.decode(token, key, algorithms=["RS256"], options=only_signature)
    skew = round(time.time() - claims["iat"])
    body = {"refresh_token": answer["refresh_token"]}
    _, refreshed = world.request("POST", "/auth/refresh", headers_of(probe, "val-1"), body)
    statuses = []
    for call in range(CALLS):
        now = ms + 1000 * (call + 1)
        world.set(now)
        headers = headers_of(probe, f"val-{call + 2}")
        headers["Authorization"] = f"Bearer {refreshed['access_token']}"
        answer = world.ask_api("/v1/orders", headers)
        books.enter(now, None, answer)
        statuses.append(answer[0])
    return {
        "signature": _passes(token, key, options=only_signature),
        "issuer": _passes(token, key, issuer=ISSUER, options={"verify_aud": False}),
        "audience": _passes(token, key, audience=AUDIENCE, options={"verify_iss": False}),
        "clock_skew_seconds": skew,
        "refresh_flow": "pass" if statuses[0] == 200 else "fail",
        "status": "stable" if set(statuses) == {200} else "unstable",
        "calls": len(statuses),
    }
