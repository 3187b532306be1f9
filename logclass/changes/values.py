"""JSON as programs and people leave it: glued, torn, wrapped, its keys spelt in many ways."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

_DECODER = json.JSONDecoder()
_GAP = re.compile(r"[\s,\x1e]*")  # white space, and what stands between glued documents
_LIST_START = re.compile(r'"(\w+)"\s*:\s*\[')
_BAD_JSON = (ValueError, RecursionError)
_BAD_PARTS = 1000  # a file with more torn parts than this is no JSON export
_JOINTS = re.compile(r"[-_ ]+")
# What programs call the envelope around their records ...
_WRAPPERS = frozenset(
    {
        *("items", "data", "value", "values", "result", "results", "records", "entries", "rows"),
        *("list", "nodes", "edges", "node", "content", "contents", "pages", "page", "output"),
    }
)
# ... and what stands beside them there.
_BESIDE = frozenset(
    {
        *("meta", "metadata", "links", "_links", "pagination", "paging", "pageinfo", "included"),
        *("responsemetadata", "failures", "warnings", "errors", "query", "params"),
    }
)
_MOST_BESIDE = 10
_DEEPEST = 6

Json = dict[str, Any]


class Value(NamedTuple):
    """A JSON value and the offset at which it starts."""

    value: Any
    offset: int


@lru_cache(maxsize=8192)
def fold(key: str) -> str:
    """Return a key as all spellings share it: createdAt, CreatedAt, created_at, created-at."""
    return _JOINTS.sub("", key).lower()


def member(value: Json, key: str) -> Any:  # noqa: ANN401 - JSON is anything
    """Return what an object holds under a key in any spelling; None where it has none."""
    if key in value:
        return value[key]
    wanted = fold(key)
    return next((item for name, item in value.items() if fold(name) == wanted), None)


def has(value: Json, keys: Iterable[str]) -> bool:
    """Return whether an object has all these keys, in any spelling."""
    wanted = set(keys)
    if value.keys() >= wanted:
        return True
    return {fold(name) for name in value} >= {fold(key) for key in wanted}


def value_at(value: object, *path: str | int) -> Any:  # noqa: ANN401 - JSON is anything
    """Return what stands at a path of keys and indexes; None where the path breaks off."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = member(value, step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def text_at(value: object, *path: str | int) -> str:
    """Return the text or number at a path as text; "" where there is none."""
    found = value_at(value, *path)
    if isinstance(found, str):
        return found.strip()
    return str(found) if isinstance(found, int | float) and not isinstance(found, bool) else ""


def objects_at(value: object, *path: str | int) -> list[Json]:
    """Return the objects of the list at a path; empty where there is none."""
    found = value_at(value, *path)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def parse(text: str, torn: list[int]) -> Iterator[Value]:
    """Yield the top-level values, arrays opened. Offsets of what is not JSON go to `torn`."""
    position = _skip(text, 0)
    while position < len(text) and len(torn) < _BAD_PARTS:
        try:
            if text[position] == "[":
                position = yield from elements(text, position, torn)
            else:
                value, end = _DECODER.raw_decode(text, position)
                yield Value(value, position)
                position = end
        except _BAD_JSON:
            torn.append(position)
            position = yield from _salvage(text, position)
        position = _skip(text, position)


def elements(text: str, start: int, torn: list[int]) -> Generator[Value, None, int]:
    """Yield the elements of the array that starts at `start`; return where it ends."""
    position = _skip(text, start + 1)
    while position < len(text) and text[position] != "]":
        try:
            value, end = _DECODER.raw_decode(text, position)
        except _BAD_JSON:
            torn.append(position)
            return len(text)
        # `gh api --paginate --slurp` writes an array of pages
        if isinstance(value, list):
            yield from (Value(item, position) for item in value)
        else:
            yield Value(value, position)
        position = _skip(text, end)
    return position + 1


def listed(value: Json, lists: Iterable[str]) -> list[tuple[str, list[Any]]]:
    """Return (key, list) for each list that an object has under one of the keys."""
    wanted = {fold(key) for key in lists}
    return [
        (key, item) for key, item in value.items() if isinstance(item, list) and fold(key) in wanted
    ]


def envelopes(value: object) -> Iterator[Json]:
    """Yield an object, and those that stand around its records inside it."""
    for _ in range(_DEEPEST):
        value = value[0] if isinstance(value, list) and value else value
        if not isinstance(value, dict):
            return
        yield value
        value = value.get(_envelope(value))


def opened(value: Json, lists: tuple[str, ...]) -> list[tuple[str, list[Any]]]:
    """Return (key, list) for each list of records that an object holds; empty for a record.

    Those are the lists under one of the keys `lists`, else what stands in an envelope: under a
    usual name with nothing but paging beside it, or alone.
    """
    for _ in range(_DEEPEST):
        found = listed(value, lists)
        if found:
            return found
        key = _envelope(value)
        inner = value[key] if key else None
        if isinstance(inner, list):
            return [(key, inner)]
        if not isinstance(inner, dict):
            return []
        value = inner
        if _envelope(value) == "" and not listed(value, lists):
            return [("", [value])]
    return []


def _envelope(value: Json) -> str:
    """Return the key under which an envelope holds its records; "" where it is none."""
    holding = [
        key
        for key, item in value.items()
        if (isinstance(item, dict) and item)
        or (isinstance(item, list) and any(isinstance(one, dict | list) for one in item))
    ]
    holding = [key for key in holding if fold(key) not in _BESIDE] or holding
    if len(holding) != 1 or len(value) > _MOST_BESIDE:
        return ""
    return holding[0] if len(value) == 1 or fold(holding[0]) in _WRAPPERS else ""


def _salvage(text: str, position: int) -> Generator[Value, None, int]:
    """After a torn value: read the list of a cut-off wrapper object, else go to the next line."""
    start = _LIST_START.search(text, position, position + 200)
    if text[position] == "{" and start and "\n{" not in text[position:]:
        items = [item.value for item in elements(text, start.end() - 1, [])]
        if items:
            yield Value({start.group(1): items}, position)
            return len(text)
    newline = text.find("\n", position)
    return newline + 1 if newline >= 0 else len(text)


def _skip(text: str, position: int) -> int:
    match = _GAP.match(text, position)
    return match.end() if match else position
