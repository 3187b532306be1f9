"""Twelve events of two services; PyJWT says why it refuses five of them. See record.sh."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import jwt

KEY, NOW = "s" * 32, int(time.time())
FIRST = datetime(2026, 11, 20, 8, 15, 0, 123000, UTC)
STEP = timedelta(seconds=7.5)
REFUSED = (2, 4, 6, 8, 10)  # of the events


def token(key=KEY, **claims) -> str:
    return jwt.encode({"sub": "u1", "aud": "orders", **claims}, key, "HS256")


TOKENS = [
    token(exp=NOW - 600), token("x" * 32, exp=NOW + 600), token(exp=NOW + 600, aud="web"),
    "abc.def", token(exp=NOW - 60),
]  # fmt: skip


def refusal(one: str) -> str:
    try:
        jwt.decode(one, KEY, ["HS256"], audience="orders")
    except jwt.PyJWTError as error:
        return f"authentication failed: {type(error).__name__}: {error}"
    raise SystemExit("a bad token was taken")


def events(number: int) -> list[dict[str, str]]:
    """Return the events for one file; each file has times of its own."""
    said = [("info", "listening on port 8080", "orders-api")]
    for at, one in enumerate(TOKENS):
        service = "billing" if at % 2 else "orders-api"
        said.append(("info", f"order {at} stored", service))
        said.append(("error", refusal(one), service))
    said.append(("info", "shutting down", "orders-api"))
    first = FIRST + number * timedelta(hours=1)
    return [
        {
            "time": (first + at * STEP).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": level,
            "service": service,
            "message": text,
        }
        for at, (level, text, service) in enumerate(said)
    ]
