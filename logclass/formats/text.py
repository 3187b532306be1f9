"""Plain text: lines with a time stamp somewhere near their start, or with none at all."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pyarrow.compute as pc
import regex

from logclass.columns import NO_MINUTE
from logclass.formats import document, leading, lines, named, requests
from logclass.formats.blocks import record_array
from logclass.formats.event import Event
from logclass.formats.format import Format, Reader
from logclass.formats.minutes import Clock, learn
from logclass.formats.payload import decode_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np

    from logclass.formats.blocks import Frame, Ints
    from logclass.formats.head import Head
    from logclass.model import Fault, Source

# The last is a box that Rich draws around a trace.
_CONTINUATION = regex.compile(
    rb"[\s})\]]|Caused by: |Traceback |During handling|The above exc|\xe2[\x94\x95]"
)
# Rich prints the time of several records of one second once; FastAPI's console prints none, and
# ends its levels at one column.
_SAME_SECOND = r"^ {1,30}(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) {1,6}\S"
_IS_SAME_SECOND = regex.compile(_SAME_SECOND.encode())
_LEADING = regex.compile(
    r"[\[(]?(?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?"
    r"|\d\d:\d\d:\d\d[.,]\d{3})"
    r"(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?[\])]?[\s|,:-]*"
)
# The priority of syslog, and the key of a pair.
_BEFORE_STAMP = regex.compile(rb"^<\d{1,3}>1? ?|(?:^|\s)[a-z@_]+ ?= ?\"?$")
_AROUND_STAMP = b' \t[]|,-:"'
_STARTS_TIME = (
    r"^(?:\x1b\[[0-9;]*m)*[\[(]?\d\d:\d\d:\d\d(?:[.,]\d+)?[\])\s]"
    r"|^\{\"|^(?:TRACE|DEBUG|INFO|WARN|ERROR)\b"
)
_TIME_OF_DAY = regex.compile(rb"(?:\x1b\[[0-9;]*m)*[\[(]?\d\d:\d\d:\d\d(?:[.,]\d+)?[\])\s]")
# java.util.logging and tinylog: a time, a class and a method; below it a level and what was said.
_TWO_LINES = regex.compile(
    rb"[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d(?: |\xe2\x80\xaf)[AP]M \S+ \S+\s*$"
    rb"|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[[^\]]+\] [\w.$]+\.[\w.$<>]+\(\)\s*$"
)
# Frames that are not indented: Ruby's, PHP's, Go's.
_FRAME = regex.compile(
    rb"[/#]|':?[\w-]+', '|[\w./-]+:\d+:in |goroutine |\[?[Ss]tack ?trace|[^a-zA-Z]*$"
)
_GO_FILE = regex.compile(rb"\s+\S+\.go:\d+")
_FREE_SHARE = 0.3  # of the stamped lines
_CLOCK = Clock(())
_ZONE_STEP_MS = 15 * 60_000  # every zone is whole quarters of an hour from UTC
_MOST_ZONE_MS = 14 * 3_600_000
_MOST_DELAY_MS = 3 * 60_000  # of a collector
_LEVELS_SHARE = 0.3  # of the lines
_STAMPED_SHARE = 0.05  # of the lines; the others are dumps and stacks, or another program's


def sniff(head: Head) -> float:
    """Return a low confidence for any text: the format for what nothing else claims."""
    if head.is_binary or not head.lines or _is_unknown_document(head):
        return 0.0
    return 0.3 if _is_stamped(_sample(head)) else 0.1


def _is_unknown_document(head: Head) -> bool:
    """Return whether this is one JSON value of no shape we know: its lines are no records."""
    outline = head.outline
    is_document = bool(outline.keys or any(outline.elements.values()))
    is_mixed = len(head.objects) >= len(head.lines) / 2 or not document.is_json(head.data)
    return is_document and not is_mixed


def open_text(head: Head, source: Source) -> Reader:
    """Return a reader for plain text."""
    near_ms = None if source.modified_seconds is None else source.modified_seconds * 1000
    sample = _sample(head)
    is_stamped = _is_stamped(sample)
    clock = Clock(())
    if is_stamped:
        search = leading.search(sample)
        clock = learn(sample, leading.find_leading, search=search, near_ms=near_ms)
    starts: lines.RecordStarts = lines.stamped if is_stamped else lines.unstamped
    if is_stamped and _is_two_lines(sample):
        starts = _at_stamps
    elif is_stamped and any(map(_IS_SAME_SECOND.match, head.lines)):
        starts = _also_same_second
    elif is_stamped and _is_mixed(head):
        starts = lines.mixed
    elif not sample and head.share(_IS_SAME_SECOND) > _LEVELS_SHARE:
        starts = _at_level
    elif not sample and head.lines:
        width = min(map(_indent, head.lines))
        starts, clock = partial(_at_indent, width=width), _indented_clock(head, width, near_ms)
    elif not is_stamped and _shows_time_of_day(sample):
        starts = _at_time_of_day
    searches = named.in_pairs(sample)
    request = requests.form_of(sample)

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        found = lines.frames(chunks, clock, starts, faults, source.uri)
        for frame in requests.with_status(found, request) if request else found:
            streams = named.streams(frame, searches) if any(searches) else None
            yield replace(frame, streams=streams)

    return Reader(
        frames=frames,
        decode=partial(decode if sample else _decode_indented, clock=clock),
        clock=clock,
        is_splittable=is_stamped and starts is not lines.mixed,
    )


def decode(record: bytes, *, clock: Clock) -> Event | None:
    """Return what a record says; its own leading stamp becomes its time."""
    # A dict of Python's or an object of Node's has its time somewhere inside.
    stamp = None if record[:2] == b'{"' else clock.span(record, leading.WITHIN_BYTES)
    if stamp is None and clock.search == leading.EPOCH_PAIR:
        pair = leading.epoch_pair(record)
        return requests.taken(
            decode_text(record.decode("utf-8", "replace"), time_ms=pair and clock.ms(pair[1]))
        )
    if stamp is None or not leading.is_leading(record[: stamp[0]]):
        return requests.taken(decode_text(record.decode("utf-8", "replace")))
    return requests.taken(_without_stamp(record, stamp))


def _decode_indented(record: bytes, *, clock: Clock) -> Event | None:
    return decode(record.lstrip(b" "), clock=clock)


def _without_stamp(record: bytes, stamp: tuple[int, int, int]) -> Event:
    start, end, time_ms = stamp
    before = _BEFORE_STAMP.sub(b"", record[:start]).strip(_AROUND_STAMP)
    after = record[end:].lstrip(_AROUND_STAMP)
    rest = before + b" " + after if before else after
    return decode_text(rest.decode("utf-8", "replace"), time_ms=time_ms)


def decode_message(message: str, time_ms: int | None) -> Event:
    """Return what a message says that a log store keeps with a time of its own.

    The application's own time is preferred: collectors stamp late, and in batches.
    """
    event = decode_said(message.encode("utf-8", "replace"))
    return event._replace(time_ms=said_ms(event.time_ms, time_ms))


def decode_said(message: bytes) -> Event:
    """Return what a message says by itself; its time is its own stamp, read as UTC."""
    said = message.decode("utf-8", "replace")
    return requests.taken(_own(said.replace("\r", "\n") if "\r" in said else said))


def said_clock_ms(stamp: bytes) -> int | None:
    """Return the time of a stamp as `decode_said` reads it."""
    return _CLOCK.ms(stamp)


def said_ms(said: int | None, stored: int | None) -> int | None:
    """Return when a message was written, by its own stamp (read as UTC) and by its store's.

    A stamp of local time is whole quarters of an hour off; any other is about something else.
    """
    if said is None or stored is None:
        return stored if said is None else said
    zone_ms = round((said - stored) / _ZONE_STEP_MS) * _ZONE_STEP_MS
    if abs(zone_ms) > _MOST_ZONE_MS or abs(said - zone_ms - stored) > _MOST_DELAY_MS:
        return stored
    return said - zone_ms


def _own(message: str) -> Event:
    """Return what a message says, with its own stamp as the time."""
    if message.lstrip()[:1] == "{":
        return decode_text(message)
    head = message[: 2 * leading.WITHIN_BYTES].encode()
    stamp = _CLOCK.span(head, leading.WITHIN_BYTES)
    if stamp is not None and leading.is_leading(head[: stamp[0]]):
        return _without_stamp(message.encode("utf-8", "replace"), stamp)
    time = _LEADING.match(message)  # a time of day alone
    return decode_text(message[time.end() :] if time else message)


def _shows_time_of_day(sample: list[bytes]) -> bool:
    """Return whether lines begin with a time without a date, as logback's by default."""
    shown = sum(1 for line in sample if _TIME_OF_DAY.match(line))
    return shown > _STAMPED_SHARE * len(sample)


def _is_two_lines(sample: list[bytes]) -> bool:
    """Return whether these are records whose second line begins with the level."""
    shown = sum(1 for line in sample if _TWO_LINES.match(line))
    return shown > len(sample) / 4


def _at_stamps(_data: bytes, _starts: Ints, _ends: Ints, minutes: Ints) -> np.ndarray:
    is_start: np.ndarray = minutes != NO_MINUTE
    return is_start


def _is_mixed(head: Head) -> bool:
    """Return whether another writer's lines, which have no time, stand among stamped ones.

    Servers print a banner with times and leave the application's own lines as they are. A first
    line behind a stamped one may be the rest of what that says, but not behind a request.
    """
    stamped = free = begun = 0
    is_in_trace = False
    for line, after in zip(head.lines, [*head.lines[1:], b""], strict=False):
        if leading.find_leading(line):
            stamped, begun = stamped + 1, int(requests.is_one(line))
            is_in_trace = False
        elif _CONTINUATION.match(line):
            is_in_trace = is_in_trace or line.startswith(b"Traceback ")
        elif is_in_trace:  # its last line
            is_in_trace = False
        elif not (_FRAME.match(line) or _GO_FILE.match(after)):
            begun += 1
            free += min(begun, 2) - 1
    return free > _FREE_SHARE * stamped


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" "))


def _indented_clock(head: Head, width: int, near_ms: int | None) -> Clock:
    """Return a clock for stamps behind the room that every line begins with."""
    sample = [line[width:] for line in head.lines if _indent(line) == width]
    if not _is_stamped(sample):
        return Clock(())
    found = leading.search(sample).removeprefix("^").removeprefix("(?:^)")
    order = learn(sample, leading.find_leading, near_ms=near_ms).order
    return Clock((), search=f"(?:^) {{{width}}}{found}", near_ms=near_ms, order=order)


def _at_indent(data: bytes, starts: Ints, ends: Ints, _minutes: Ints, *, width: int) -> np.ndarray:
    """Start records at lines that are indented least, where none begins at the margin."""
    found = pc.match_substring_regex(record_array(data, starts, ends), rf"^ {{{width}}}[^\s}}\])]")
    is_start: np.ndarray = found.to_numpy(zero_copy_only=False).copy()
    return is_start


def _also_same_second(data: bytes, starts: Ints, ends: Ints, minutes: Ints) -> np.ndarray:
    """Start records also at lines that begin with a level behind the room of a time."""
    is_start = lines.stamped(data, starts, ends, minutes)
    found = pc.match_substring_regex(record_array(data, starts, ends), _SAME_SECOND)
    is_start |= found.to_numpy(zero_copy_only=False)
    return is_start


def _at_level(data: bytes, starts: Ints, ends: Ints, _minutes: Ints) -> np.ndarray:
    """Start records at lines that begin with a level, where none begins at the margin."""
    found = pc.match_substring_regex(record_array(data, starts, ends), rf"{_SAME_SECOND}|^\S")
    is_start: np.ndarray = found.to_numpy(zero_copy_only=False).copy()
    return is_start


def _at_time_of_day(data: bytes, starts: Ints, ends: Ints, _minutes: Ints) -> np.ndarray:
    """Start records at lines that begin with a time of day, a level or an object."""
    found = pc.match_substring_regex(record_array(data, starts, ends), _STARTS_TIME)
    is_start: np.ndarray = found.to_numpy(zero_copy_only=False).copy()
    return is_start


def _sample(head: Head) -> list[bytes]:
    return [line for line in head.lines if not _CONTINUATION.match(line)]


def _is_stamped(sample: list[bytes]) -> bool:
    stamped = sum(1 for line in sample if leading.find_leading(line))
    return stamped > _STAMPED_SHARE * len(sample)


FORMAT = Format("text", "Plain text with or without time stamps", sniff, open_text)
