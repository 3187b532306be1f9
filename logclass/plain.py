"""Values as a report may hold them: JSON types, UTC times as text, text that UTF-8 can carry."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

import orjson

from logclass.timestamps import isoformat

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

_OLDEST_EPOCH_MS = 10**11  # 1973; a duration of as many milliseconds is three years
_TIMES = {"first", "last", "start", "end", "time"}
_OLDEST_EPOCH_MINUTE = 10**7  # 1989
_DIGITS = 6


def iso(time_ms: int | None) -> str | None:
    """Return milliseconds since the epoch as `2031-05-06T11:05:00Z`, None for None.

    Milliseconds are written only where they are not zero.
    """
    if time_ms is None:
        return None
    try:
        return isoformat(int(time_ms))
    except OverflowError:  # no year between 1 and 9999
        return None


def plain(value: object) -> Json:
    """Return `value` with JSON types only.

    Floats are rounded to 6 digits so that two machines write the same bytes, and are None when
    not finite. Entries named `..._ms`, `first`, `minute` and the like that hold a time become
    UTC text without a unit: evidence of any shape reads alike.
    """
    if isinstance(value, Mapping):
        return dict(_entry(str(key), item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    return _scalar(value)


def to_json(value: object) -> bytes:
    """Return a value as UTF-8 JSON, indented, in its own order, with a final newline."""
    return written(plain(value))


def written(value: Json) -> bytes:
    """Return what `plain` returned as UTF-8 JSON, indented, in its own order, with a newline."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _entry(key: str, value: object) -> tuple[str, Json]:
    number = _scalar(value) if not isinstance(value, Mapping | list | tuple | set) else None
    if isinstance(number, int | float) and not isinstance(number, bool):
        if (key.endswith("_ms") or key in _TIMES) and number >= _OLDEST_EPOCH_MS:
            return key.removesuffix("_ms"), iso(int(number))
        if key == "minute" and number >= _OLDEST_EPOCH_MINUTE:
            return key, iso(int(number) * 60_000)
    return _text(key), plain(value)


def _scalar(value: object) -> Json:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return round(value, _DIGITS) if math.isfinite(value) else None
    if isinstance(value, str):
        return _text(str(value.value) if hasattr(value, "value") else value)
    if hasattr(value, "item"):  # a numpy scalar
        return _scalar(value.item())
    return _text(str(value))


def _text(value: str) -> str:
    """Return text without lone surrogates, which no UTF-8 stream can carry."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8")
