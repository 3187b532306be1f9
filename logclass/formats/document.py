"""Streams that are one JSON value (or several, glued, or a line each) → frames of its elements.

A document is never parsed whole: brackets.py tells where its elements stand. Only elements that
hold a candidate are parsed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logclass import redact
from logclass.columns import NO_MINUTE
from logclass.formats import object_lines
from logclass.formats.blocks import MAX_RECORD_BYTES, Frame, Ints, newline_count
from logclass.formats.brackets import Elements, scan
from logclass.formats.minutes import IMPOSSIBLE
from logclass.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.head import Head
    from logclass.formats.minutes import Clock

__all__ = ["Elements", "bare", "frames", "is_json", "timed"]

_NONE = np.empty(0, dtype=np.int64)
_INSIDE = "the document ends inside an element"
_SEPARATORS = b" \t\r\n,\x1e\xef\xbb\xbf"


def bare(head: Head) -> Elements:
    """Return how to cut a stream of objects that stand in nothing: a line each, or glued."""
    return Elements(0, is_lines=head.is_object_lines)


def frames(
    chunks: Iterable[bytes], elements: Elements, clock: Clock, faults: list[Fault], source: str
) -> Iterator[Frame]:
    """Yield frames of elements; what is between them is framing and holds no events."""
    if elements.is_lines:
        yield from _line_frames(chunks, clock, faults, source)
        return
    held = b""
    line = 1
    depth = 0
    in_array = False
    for chunk in chunks:
        data = held + chunk
        found = scan(data, elements, depth, in_array=in_array)
        if found.end:
            faults.extend(_junk(data, found.outside, line, source))
            yield timed(data[: found.end], found.starts, found.ends, clock, line)
        elif len(data) > MAX_RECORD_BYTES:
            faults.append(Fault(source, "record_too_long", "no end of the element", line=line))
            return
        line += newline_count(data, found.end)
        depth, in_array, held = found.depth, found.in_array, data[found.end :]
    if held:
        yield timed(held, _NONE, _NONE, clock, line)
    rest = scan(held, elements, depth, in_array=True)
    faults.extend(_junk(held, rest.outside, line, source))
    if rest.open_depth != 0:
        faults.append(Fault(source, "truncated", _INSIDE, line=line))


def _line_frames(
    chunks: Iterable[bytes], clock: Clock, faults: list[Fault], source: str
) -> Iterator[Frame]:
    """Yield frames of objects that stand a line each: a torn one does not spoil the next."""
    held = b""
    line = 1
    for chunk in chunks:
        data = held + chunk
        end = object_lines.settled(data)
        if end == 0 and len(data) > MAX_RECORD_BYTES:
            faults.append(Fault(source, "record_too_long", "no end of the element", line=line))
            end = len(data)
        if end:
            starts, ends, outside = object_lines.objects(data[:end])
            faults.extend(_junk(data, outside, line, source))
            yield timed(data[:end], starts, ends, clock, line)
            line += newline_count(data, end)
        held = data[end:]
    if held:
        torn = object_lines.torn_from(held)
        starts, ends, outside = object_lines.objects(held[:torn])
        faults.extend(_junk(held, outside, line, source))
        yield timed(held, starts, ends, clock, line)
        if torn < len(held):
            line += newline_count(held, torn)
            faults.append(Fault(source, "truncated", _INSIDE, line=line))


def is_json(data: bytes) -> bool:
    """Return whether nothing but JSON values stands in a head: a text may begin with one."""
    found = scan(data, Elements(0), 0, in_array=False)
    rest = data[found.end :]
    behind = scan(rest, Elements(0), 0, in_array=False)
    outside = [*_junk(data, found.outside, 1, ""), *_junk(rest, behind.outside, 1, "")]
    return not outside


def timed(data: bytes, starts: Ints, ends: Ints, clock: Clock, line: int) -> Frame:
    """Return the frame of these records with the minutes that the clock reads in them."""
    minutes = clock.minutes(data, starts, ends)
    bad_times = np.flatnonzero(minutes == IMPOSSIBLE)
    minutes[bad_times] = NO_MINUTE
    return Frame(data, starts, ends, minutes, line, bad_times=bad_times)


def _junk(data: bytes, outside: Iterable[tuple[int, int]], line: int, source: str) -> list[Fault]:
    """Return a fault for the text that stands between the JSON values of a stream."""
    texts = [(end, data[start:end].lstrip(_SEPARATORS)) for start, end in outside]
    found = [(end, text) for end, text in texts if text]
    if not found:
        return []
    end, first = found[0]
    line += newline_count(data, end - len(first))
    excerpt = redact.text(first[:400].rstrip().decode("utf-8", "replace"))[:200]
    detail = "text between JSON values"
    return [Fault(source, "not_json", detail, line, excerpt, count=len(found))]
