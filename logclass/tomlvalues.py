"""Values of a pattern file, taken out with a message that tells where they are wrong."""

from __future__ import annotations

import difflib
from typing import Any

from logclass.errors import PatternError


def text_of(data: dict[str, Any], key: str, where: str, default: str | None = None) -> str:
    """Return one value as text; raises PatternError where it is missing, empty or not text."""
    value = data.get(key, default)
    if not isinstance(value, str) or (value == "" and default is None):
        raise PatternError(f"{where}: {key} is missing or not text")
    return value


def texts_of(data: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    """Return one value as texts, () where it is missing; raises PatternError for anything else."""
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise PatternError(f"{where}: {key} must be a list of text")
    return tuple(value)


def tables_of(data: dict[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    """Return one value as tables, [] where it is missing; raises PatternError for anything else."""
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise PatternError(f"{where}: {key} must be written as [[...{key}]] tables")
    return value


def known_keys(data: dict[str, Any], known: frozenset[str], where: str) -> None:
    """Raise PatternError where a key is none of these."""
    for key in data:
        one_of(key, tuple(sorted(known)), "key", where)


def one_of(value: str, known: tuple[str, ...], what: str, where: str) -> str:
    """Return the value; raises PatternError, with the nearest name, where it is none of these."""
    if value in known:
        return value
    close = difflib.get_close_matches(value, known, n=1, cutoff=0.5)
    hint = f", did you mean {str(close[0])!r}?" if close else f"; known: {', '.join(known)}"
    raise PatternError(f"{where}: unknown {what} {value!r}{hint}")
