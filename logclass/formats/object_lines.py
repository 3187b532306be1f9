"""Streams of JSON objects, a line each → where the objects stand.

A string holds no raw newline, so a line that was torn (the first one of `tail -c`, the last one
before a disk was full, two that were written at once) spoils nothing behind it. Objects that are
glued on one line or stand over several are found by their brackets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import orjson

from logclass.formats.blocks import line_starts
from logclass.formats.brackets import Elements, scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.blocks import Ints, Mask

    Spans = list[tuple[int, int]]

_BEHIND = b"\n\r ,"  # an object on its line, in this order
_OPENING, _CLOSING, _RECORD_SEPARATOR = b"{}\x1e"  # the last one: RFC 7464
_SEPARATORS = b" \t\r\n,\x1e\xef\xbb\xbf"
_GLUED = b"}{"


class _Lines(NamedTuple):
    starts: Ints
    ends: Ints  # of what they say
    begins: Mask  # as an object does
    is_whole: Mask  # one object each, as far as its first and last byte tell


def settled(data: bytes) -> int:
    """Return up to where nothing that follows can change which objects there are.

    An object over several lines ends before the next line that begins as one does.
    """
    end = data.rfind(b"\n") + 1
    lines = _lines(data[:end])
    begins = np.flatnonzero(lines.begins)
    is_open = len(begins) > 0 and not lines.is_whole[begins[-1]]
    return int(lines.starts[begins[-1]]) if is_open else end


def objects(data: bytes) -> tuple[Ints, Ints, Spans]:
    """Return where objects start and end, and what else stands in `data` besides separators."""
    lines = _lines(data)
    starts, ends = lines.starts[lines.is_whole], lines.ends[lines.is_whole]
    if lines.is_whole.all():
        return starts, ends, []
    found, outside = _odd_ones(data, lines)
    one, other = np.array(found, dtype=np.int64).reshape(-1, 2).T
    starts, ends = np.append(starts, one), np.append(ends, other)
    order = np.argsort(starts, kind="stable")
    return starts[order], ends[order], outside


def _odd_ones(data: bytes, lines: _Lines) -> tuple[Spans, Spans]:
    """Return the objects in lines that are not one each, and what is left of these lines."""
    found: Spans = []
    outside: Spans = []
    begins = np.append(lines.starts[lines.begins], len(data))
    bounds = np.append(lines.starts, len(data))
    behind = 0  # the last object found
    for row in np.flatnonzero(~lines.is_whole).tolist():
        start, end = int(bounds[row]), int(bounds[row + 1])
        if lines.begins[row]:
            reach = int(begins[np.searchsorted(begins, start, side="right")])
            found += [(start + one, start + other) for one, other in _values(data[start:reach])]
            behind = found[-1][1] if found else 0
        start = max(start, behind)
        if data[start:end].strip(_SEPARATORS):
            outside.append((start, end))
    return found, outside


def torn_from(data: bytes) -> int:
    """Return where the line begins inside whose object data, the last of a stream, ends.

    The length of data where there is none.
    """
    first = data.rfind(b"\n") + 1
    last = data[first:]
    is_torn = last.lstrip(_SEPARATORS)[:1] == b"{" and not list(_values(last))
    return first if is_torn else len(data)


def _lines(data: bytes) -> _Lines:
    array = np.frombuffer(data, dtype=np.uint8)
    starts = line_starts(data, len(data))
    last = np.append(starts[1:], len(data))[: len(starts)] - 1
    for byte in _BEHIND:
        last = last - ((array[last] == byte) & (last > starts))
    starts = starts + ((array[starts] == _RECORD_SEPARATOR) & (last > starts))
    begins: Mask = array[starts] == _OPENING
    is_whole: Mask = begins & (array[last] == _CLOSING)
    at = data.find(_GLUED)
    while at >= 0:  # or it stands inside a string
        row = int(np.searchsorted(starts, at, side="right")) - 1
        is_whole[row] = False
        at = data.find(_GLUED, int(last[row]) + 1)
    return _Lines(starts, last + 1, begins, is_whole)


def _values(text: bytes) -> Iterator[tuple[int, int]]:
    """Yield where the objects stand with which a text begins."""
    if text.lstrip(_SEPARATORS)[:1] != b"{" or b"}" not in text:
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
