"""Streams of lines → frames of records, a record being a line with its continuation lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from logclass.columns import NO_MINUTE
from logclass.formats.blocks import (
    MAX_RECORD_BYTES,
    Frame,
    Ints,
    Mask,
    line_starts,
    newline_count,
    record_array,
)
from logclass.formats.minutes import IMPOSSIBLE
from logclass.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from logclass.formats.minutes import Clock

    # Which lines start a record: (data, line starts, line ends, minutes of the lines) -> mask
    RecordStarts = Callable[[bytes, Ints, Ints, Ints], np.ndarray]

_BLANK_BYTES = np.zeros(256, dtype=bool)
_BLANK_BYTES[list(b" \t\r\n")] = True
_CONTINUATION_BYTES = np.zeros(256, dtype=bool)
_CONTINUATION_BYTES[list(b" \t})]\r\n")] = True
_CONTINUATION_WORDS = (
    b"Caused by: ",
    b"During handling of the above exception",
    b"The above exception was the direct cause",
    b"Traceback (most recent call last)",
)

_ESCAPE = 0x1B
_COLOURED_CONTINUATION = r"^(?:\x1b\[[0-9;]*m)+(?:\s\s|[})\]]|$)"
_LINE_ENDS = np.frombuffer(b"\r\n", dtype=np.uint8)
_LEVELS = "TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL"
_STARTS_ANYWAY_BYTES = np.zeros(256, dtype=bool)
_STARTS_ANYWAY_BYTES[list(b"{[TDINWECF")] = True
_STARTS_ANYWAY = rf'^(?:\{{"[^\n]*\}}\s*$|(?:{_LEVELS})(?::[\w.-]+:|:?\s)|\[(?:{_LEVELS})\])'


def frames(
    chunks: Iterable[bytes],
    clock: Clock,
    record_starts: RecordStarts,
    faults: list[Fault],
    source: str,
) -> Iterator[Frame]:
    """Yield frames that together hold every byte of the stream, each record whole.

    A record is held back until the next one starts, because its continuation may follow.
    """
    held = b""
    line = 1
    minute = NO_MINUTE
    for chunk in chunks:
        held += chunk
        while (frame := _whole(held, clock, record_starts, line)) is not None:
            end = int(frame.ends[-1])
            if end == MAX_RECORD_BYTES:
                faults.append(Fault(source, "record_too_long", "cut into parts", line=line))
            frame = _timed(frame, minute)
            yield frame
            line += frame.line_count
            minute = int(frame.minutes[-1])
            held = held[end:]
            if len(held) < MAX_RECORD_BYTES:
                break
    if held:
        yield _timed(_frame(held, clock, record_starts, line), minute)


def _whole(data: bytes, clock: Clock, record_starts: RecordStarts, line: int) -> Frame | None:
    """Return the records of `data` that surely end in it, None while there are none.

    A record that reaches MAX_RECORD_BYTES ends there.
    """
    end = data.rfind(b"\n") + 1
    if end:
        starts, ends, minutes, at_line = _records(data, end, clock, record_starts)
        too_long = np.flatnonzero(ends - starts >= MAX_RECORD_BYTES)
        count = int(too_long[0]) if len(too_long) else len(starts) - 1
        if count:
            return Frame(
                data[: int(starts[count])],
                starts[:count],
                ends[:count],
                minutes[:count],
                line,
                line_count=int(at_line[count]),
                at_line=at_line[:count],
            )
    if len(data) < MAX_RECORD_BYTES:
        return None
    return _frame(data[:MAX_RECORD_BYTES], clock, record_starts, line)


def _frame(data: bytes, clock: Clock, record_starts: RecordStarts, line: int) -> Frame:
    starts, ends, minutes, at_line = _records(data, len(data), clock, record_starts)
    count = newline_count(data)
    return Frame(data, starts, ends, minutes, line, line_count=count, at_line=at_line)


def _records(
    data: bytes, end: int, clock: Clock, record_starts: RecordStarts
) -> tuple[Ints, Ints, Ints, Ints]:
    """Return starts, ends, minutes and numbers (from 0) of first lines of the records before `end`.

    Nothing of `data` is copied: the block may be read to its end, but only records before count.
    """
    starts = line_starts(data, end)
    ends = np.append(starts[1:], end)
    minutes = clock.minutes(data, starts, ends)
    is_start = record_starts(data, starts, ends, minutes)
    is_start[0] = True
    rows = np.flatnonzero(is_start)
    first = starts[rows]
    return first, np.append(first[1:], end), minutes[rows], rows


def _timed(frame: Frame, before: int) -> Frame:
    """Give records without a time the minute of the record before them."""
    minutes = frame.minutes
    if not (minutes <= IMPOSSIBLE).any():
        return frame
    known = np.where(minutes == NO_MINUTE, -1, np.arange(len(minutes)))
    last = np.maximum.accumulate(known)
    filled = np.where(last >= 0, minutes[np.maximum(last, 0)], before)
    filled[filled == IMPOSSIBLE] = NO_MINUTE
    return replace(frame, minutes=filled, bad_times=np.flatnonzero(minutes == IMPOSSIBLE))


def stamped(data: bytes, starts: Ints, ends: Ints, minutes: Ints) -> np.ndarray:
    """Start records where a line has a time stamp; other lines belong to the record before.

    But objects and lines that begin with a level are another program's in the same stream.
    """
    is_start: Mask = minutes != NO_MINUTE
    first = np.frombuffer(data, dtype=np.uint8)[starts]
    rows = np.flatnonzero(~is_start & _STARTS_ANYWAY_BYTES[first])
    if len(rows):
        others = record_array(data, starts[rows], ends[rows])
        is_start[rows] = pc.match_substring_regex(others, _STARTS_ANYWAY)
    return is_start


def unstamped(data: bytes, starts: Ints, ends: Ints, _minutes: Ints) -> np.ndarray:
    """Start records at every line that does not read like the rest of a stack trace."""
    array = np.frombuffer(data, dtype=np.uint8)
    first = array[starts]
    is_start: Mask = ~_CONTINUATION_BYTES[first]
    rows = np.flatnonzero(first == _ESCAPE)
    if len(rows):
        coloured = record_array(data, starts[rows], ends[rows])
        is_start[rows] = pc.invert(pc.match_substring_regex(coloured, _COLOURED_CONTINUATION))
    for word in _CONTINUATION_WORDS:
        at = _places(data, word)
        rows = np.searchsorted(starts, at, side="right") - 1
        is_start[rows[starts[rows] == at]] = False
    _join_tracebacks(data, starts, is_start)
    return is_start


def mixed(data: bytes, starts: Ints, ends: Ints, minutes: Ints) -> np.ndarray:
    """Start records at time stamps, and at other lines that are not the rest of a stack trace."""
    is_start: Mask = (minutes != NO_MINUTE) | unstamped(data, starts, ends, minutes)
    return is_start


def json_lines(data: bytes, starts: Ints, ends: Ints, minutes: Ints) -> np.ndarray:
    """Start records at objects; banners and bare stacks between them follow the other rules."""
    array = np.frombuffer(data, dtype=np.uint8)
    is_object: Mask = array[starts] == ord("{")
    if not is_object.all():
        is_object |= unstamped(data, starts, ends, minutes)
    return is_object


def _places(data: bytes, word: bytes) -> Ints:
    """Return the offsets at which a word stands."""
    found = []
    at = data.find(word)
    while at >= 0:
        found.append(at)
        at = data.find(word, at + len(word))
    return np.array(found, dtype=np.int64)


def _join_tracebacks(data: bytes, starts: Ints, is_start: np.ndarray) -> None:
    """Take the first unindented line after a Python traceback's frames for its last line.

    A traceback goes on with the record before it, but not with another traceback: that is chained
    by words in between.
    """
    at = _places(data, b"Traceback (most recent call last)")
    array = np.frombuffer(data, dtype=np.uint8)
    behind = at + len(b"Traceback (most recent call last):")
    # One that stands escaped inside a line has no lines of its own; an indented one ends indented.
    at = at[(behind < len(data)) & np.isin(array[np.minimum(behind, len(data) - 1)], _LINE_ENDS)]
    at = at[~_BLANK_BYTES[array[starts[np.searchsorted(starts, at, side="right") - 1]]]]
    if len(at) == 0:
        return
    unindented = np.flatnonzero(~_BLANK_BYTES[array[starts]])
    rows = np.searchsorted(starts, at, side="right") - 1
    place = np.searchsorted(unindented, rows, side="right")
    last_lines = unindented[place[place < len(unindented)]]
    is_start[last_lines] = False
    rows = rows[starts[rows] == at]
    before = np.searchsorted(unindented, rows) - 1
    is_start[rows[np.isin(unindented[before], last_lines) & (before >= 0)]] = True
