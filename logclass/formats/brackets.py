"""Where the elements of a JSON document stand, by the running depth of its brackets.

The quotes and brackets of a block are found with numpy, the nesting depth is their running sum, and
an element is where the depth leaves and comes back to the level of the array that holds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import regex

if TYPE_CHECKING:
    from logclass.formats.blocks import Ints

_QUOTE, _BACKSLASH = ord('"'), ord("\\")
_OPENING, _CLOSING = ord("{"), ord("}")
_BRACE_BIT = 0x20  # what a brace has and a square bracket has not
_KEY_BEFORE_ARRAY = regex.compile(rb'"((?:[^"\\]|\\.)*)"\s*:\s*\Z')
_KEY_BYTES = 300  # how far before an array its key is looked for


@dataclass(frozen=True, slots=True)
class Elements:
    """Which parts of a document are its events.

    depth: how many containers they stand in: 0 for bare objects, 1 in [ … ], 2 in {"key": [ … ]}.
    key: name of the array that they stand in; "" takes every container there.
    is_lines: bare objects stand a line each, as far as a head shows.
    """

    depth: int
    key: str = ""
    is_lines: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a scan found."""

    starts: Ints
    ends: Ints
    end: int  # bytes that need not be seen again
    depth: int  # at `end`
    in_array: bool  # at `end`: inside the array that holds the events
    open_depth: int  # depth at the end of the data
    outside: tuple[tuple[int, int], ...]  # what stands in no value, up to `end` where there is one


def scan(data: bytes, elements: Elements, depth: int, *, in_array: bool) -> Found:
    """Return the elements that end in `data`.

    depth, in_array: as it begins, see Found.
    """
    array = np.frombuffer(data, dtype=np.uint8)
    at, step = _brackets(data, array)
    after = depth + np.cumsum(step, dtype=np.int64)
    before = after - step
    opens = at[(step == 1) & (before == elements.depth)]
    closes = at[(step == -1) & (after == elements.depth)] + 1
    count = len(closes)
    starts, ends = opens[:count], closes
    open_depth = int(after[-1]) if len(after) else depth
    outer = np.append(at[(step == 1) & (before == 0)], len(data))
    behind = at[(step == -1) & (after == 0)] + 1
    if depth == 0:
        behind = np.append(0, behind)
    outside = tuple(zip(behind.tolist(), outer.tolist(), strict=False))
    if count == 0:
        return Found(starts, ends, 0, depth, in_array, open_depth, outside)
    end = int(ends[-1])
    outside = tuple(gap for gap in outside if gap[1] < end)
    is_event = np.ones(count, dtype=bool)
    if elements.key:
        arrays = at[(step == 1) & (before == elements.depth - 1)]
        is_event = _in_named_array(data, arrays, starts, elements.key, in_array=in_array)
    return Found(
        starts[is_event],
        ends[is_event],
        end=end,
        depth=elements.depth,
        in_array=bool(is_event[-1]),
        open_depth=open_depth,
        outside=outside,
    )


def _brackets(data: bytes, array: np.ndarray) -> tuple[Ints, np.ndarray]:
    """Return offsets and depth steps of the brackets that stand outside strings."""
    braces = array | _BRACE_BIT  # several times faster than looking each byte up in a table
    at = np.flatnonzero((array == _QUOTE) | (braces == _OPENING) | (braces == _CLOSING))
    is_quote = array[at] == _QUOTE
    outside = ~is_quote
    if b"\\" in data:
        is_quote &= ~_escaped(array, at)
    outside &= (np.cumsum(is_quote, dtype=np.int32) & 1) == 0
    at = at[outside]
    return at, np.where(braces[at] == _OPENING, 1, -1)


def _escaped(array: np.ndarray, at: Ints) -> np.ndarray:
    """Return which of these bytes stand behind an odd number of backslashes."""
    escaped = np.zeros(len(at), dtype=bool)
    rows = np.flatnonzero(array[np.maximum(at - 1, 0)] == _BACKSLASH)
    rows = rows[at[rows] > 0]
    back = 1
    while len(rows):
        escaped[rows] = ~escaped[rows]
        back += 1
        rows = rows[at[rows] >= back]
        rows = rows[array[at[rows] - back] == _BACKSLASH]
    return escaped


def _in_named_array(
    data: bytes, arrays: Ints, starts: Ints, key: str, *, in_array: bool
) -> np.ndarray:
    """Return which elements stand in an array named `key`; in_array: as the data begins."""
    named = np.array([in_array, *(_key_before(data, int(at)) == key for at in arrays)])
    return named[np.searchsorted(arrays, starts, side="right")]


def _key_before(data: bytes, at: int) -> str:
    match = _KEY_BEFORE_ARRAY.search(data[max(0, at - _KEY_BYTES) : at])
    return match[1].decode("utf-8", "replace") if match else ""
