"""JSON objects where an export may hold anything."""

from __future__ import annotations

from typing import Any

import orjson


def object_in(text: str | bytes) -> dict[str, Any] | None:
    """Return the object that a text is, None where it is another value or no JSON."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def as_object(value: object) -> dict[str, Any]:
    """Return the value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}
