"""Nested objects → one map with dotted keys."""

from __future__ import annotations

from typing import Any

_MAX_DEPTH = 6
_MAX_KEYS = 400


def flat(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with dotted keys; lists stay as they are."""
    found: dict[str, Any] = {}
    _walk(record, "", found, 0)
    return found


def _walk(record: dict[str, Any], before: str, found: dict[str, Any], depth: int) -> None:
    for key, value in record.items():
        if len(found) >= _MAX_KEYS:
            return
        if isinstance(value, dict) and depth < _MAX_DEPTH:
            _walk(value, f"{before}{key}.", found, depth + 1)
        else:
            found[before + key] = value
