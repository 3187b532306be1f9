"""What an HTTP framework answered, in the coats in which such an answer gets into logs."""

from __future__ import annotations

import json

_LINES = (
    "2026-03-04 11:05:09,412 WARNING gateway GET /api/orders answered {status}: {body}",
    '{{"level": "warn", "path": "/api/orders", "status": {status}, "response": {quoted}}}',
    "ERROR orders: call to /api/orders failed with {status}: {body}",
    "upstream said {status} {parsed!r}",
)


def coats(status: int, body: str, *headers: str | None) -> list[str]:
    """Return the body alone, in one log line, and the headers that are not None."""
    body = body.strip()
    try:
        parsed = json.loads(body)
    except ValueError:
        parsed = body
    line = _LINES[len(body) % len(_LINES)]
    logged = line.format(status=status, body=body, quoted=json.dumps(body), parsed=parsed)
    return [body, logged, *(f"< WWW-Authenticate: {one}" for one in headers if one)]
