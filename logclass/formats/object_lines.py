"""Streams of JSON objects, a line each → where the objects stand.

A string holds no raw newline, so a line that was torn (the first one of `tail -c`, the last one
before a disk was full, two that were written at once) spoils nothing behind it. Objects that are
glued on one line or stand over several are found by their brackets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import orjson

from logclass.formats.blocks import line_starts
from logclass.formats.brackets import Elements, scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.blocks import Ints, Mask

    Spans = list[tuple[int, int]]

_BEHIND = b"\n\r ,"  # an object on its line, in this order
_OPENING, _CLOSING = b"{}"
_SEPARATORS = b" \t\r\n,\x1e\xef\xbb\xbf"
_GLUED = b"}{"


def settled(data: bytes) -> int:
    """Return up to where nothing that follows can change which objects there are."""
    end = data.rfind(b"\n") + 1
    if end == 0:
        return 0
    _, ends, is_whole = _lines(data[:end])
    whole = np.flatnonzero(is_whole)
    return int(ends[whole[-1]]) if len(whole) else 0


def objects(data: bytes) -> tuple[Ints, Ints, Spans]:
    """Return where objects start and end, and what else stands in `data` besides separators."""
    starts, ends, is_whole = _lines(data)
    outside: Spans = []
    if not is_whole.all():
        found: Spans = []
        for first, last in _stretches(~is_whole):
            more, junk = _by_brackets(data, int(starts[first]), int(ends[last]))
            found += more
            outside += junk
        one, other = np.array(found, dtype=np.int64).reshape(-1, 2).T
        starts = np.append(starts[is_whole], one)
        ends = np.append(ends[is_whole], other)
        order = np.argsort(starts, kind="stable")
        starts, ends = starts[order], ends[order]
    return starts, ends, outside


def torn_from(data: bytes) -> int:
    """Return where the line begins inside whose object data, the last of a stream, ends.

    The length of data where there is none.
    """
    first = data.rfind(b"\n") + 1
    last = data[first:]
    is_torn = last.lstrip(_SEPARATORS)[:1] == b"{" and not list(_values(last))
    return first if is_torn else len(data)


def _lines(data: bytes) -> tuple[Ints, Ints, Mask]:
    """Return where lines start, where what they say ends, and which are one object each."""
    array = np.frombuffer(data, dtype=np.uint8)
    starts = line_starts(data, len(data))
    last = np.append(starts[1:], len(data)) - 1
    for byte in _BEHIND:
        last = last - ((array[last] == byte) & (last > starts))
    is_whole: Mask = (array[starts] == _OPENING) & (array[last] == _CLOSING)
    at = data.find(_GLUED)
    while at >= 0:  # or it stands inside a string
        row = int(np.searchsorted(starts, at, side="right")) - 1
        is_whole[row] = False
        at = data.find(_GLUED, int(last[row]) + 1)
    return starts, last + 1, is_whole


def _stretches(mask: Mask) -> Iterator[tuple[int, int]]:
    """Yield the first and the last row of each run of rows."""
    rows = np.flatnonzero(mask)
    breaks = np.flatnonzero(np.diff(rows) > 1)
    firsts = rows[np.append(0, breaks + 1)] if len(rows) else rows
    lasts = rows[np.append(breaks, len(rows) - 1)] if len(rows) else rows
    yield from zip(firsts.tolist(), lasts.tolist(), strict=True)


def _by_brackets(data: bytes, start: int, end: int) -> tuple[Spans, Spans]:
    """Return the objects in odd lines, and what is left of these.

    An object begins with a line or behind another object.
    """
    found: Spans = []
    junk: Spans = []
    at = start
    while at < end:
        values = list(_values(data[at:end]))
        found += [(at + first, at + last) for first, last in values]
        at += values[-1][1] if values else 0
        behind = data.find(b"\n", at, end) + 1 or end
        if data[at:behind].strip(_SEPARATORS):
            junk.append((at, behind))
        at = behind
    return found, junk


def _values(text: bytes) -> Iterator[tuple[int, int]]:
    """Yield where the objects stand with which a text begins."""
    if text.lstrip(_SEPARATORS)[:1] != b"{":
        return
    found = scan(text, Elements(0), 0, in_array=False)
    behind = 0
    for start, end in zip(found.starts.tolist(), found.ends.tolist(), strict=True):
        if text[behind:start].strip(_SEPARATORS) or not _is_object(text[start:end]):
            return
        yield start, end
        behind = end


def _is_object(text: bytes) -> bool:
    try:
        return isinstance(orjson.loads(text), dict)
    except orjson.JSONDecodeError:
        return False
