"""Plain text: lines with a time stamp somewhere near their start, or with none at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import regex

from logclass import wraps
from logclass.formats import (
    beginnings,
    document,
    leading,
    lines,
    named,
    own_requests,
    placed,
    repeated,
    requests,
)
from logclass.formats.event import Event
from logclass.formats.format import Format, Reader
from logclass.formats.head import HEAD_BYTES, Head
from logclass.formats.learned import learn
from logclass.formats.minutes import Clock
from logclass.formats.payload import decode_text
from logclass.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.blocks import Frame
    from logclass.model import Source

_LEADING = regex.compile(
    r"[\[(]?(?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?"
    r"|\d\d:\d\d:\d\d[.,]\d{3})"
    r"(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?[\])]?[\s|,:-]*"
)
# The priority of syslog, and the key of a pair.
_BEFORE_STAMP = regex.compile(rb"^<\d{1,3}>1? ?|(?:^|\s)[A-Za-z@_]+ ?= ?\"?$")
_AROUND_STAMP = b' \t[]|,-:"'
CONFIDENCE = 0.3  # where lines begin with times
_CLOCK = Clock(())
# A record with many times in it is a document that was not taken apart.
_TIMES = regex.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
_MANY_TIMES, _TIMES_A_RECORD = 6, 3
_LONG_BYTES = 240  # are records, on the average, where such a document is among them
_FIRST_FRAMES = 3
_UNSPLIT = "{} times stand in {} records: a document that is read as text, not record by record"
_ZONE_STEP_MS = 15 * 60_000  # every zone is whole quarters of an hour from UTC
_MOST_ZONE_MS = 14 * 3_600_000
_MOST_DELAY_MS = 3 * 60_000  # of a collector


def sniff(head: Head) -> float:
    """Return a low confidence for any text: the format for what nothing else claims."""
    if head.is_binary or not head.lines or _is_unknown_document(head):
        return 0.0
    return CONFIDENCE if beginnings.is_stamped_text(beginnings.sample_of(head)) else 0.1


def _is_unknown_document(head: Head) -> bool:
    """Return whether this is one JSON value of no shape we know: its lines are no records."""
    outline = head.outline
    if not outline.keys and not any(outline.elements.values()):
        return False
    return len(head.objects) < len(head.lines) / 2 and document.is_json(head.data)


def open_text(head: Head, source: Source) -> Reader:
    """Return a reader for plain text."""
    near_ms = None if source.modified_seconds is None else source.modified_seconds * 1000
    sample = beginnings.sample_of(head)
    is_stamped = beginnings.is_stamped_text(sample)
    clock, search = Clock((), near_ms=near_ms), ""
    if is_stamped:
        search = leading.search(beginnings.stamped_at_margin(sample))
        clock = learn(sample, leading.find_leading, search=search, near_ms=near_ms)
    starts, clock = beginnings.record_starts(head, sample, clock, is_stamped=is_stamped)
    heads = placed.in_heads(sample, search)
    searches = placed.filled(named.in_pairs(sample), placed.filled(named.in_tails(sample), heads))
    request = requests.form_of(sample)
    own = "" if request else own_requests.form_of(sample)
    own_form = regex.compile(own) if own else None
    repeats = repeated.heads(sample, search)

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        found = lines.frames(chunks, clock, starts, faults, source.uri)
        found = repeated.folded(found, repeats, clock) if repeats else found
        if request or own:
            found = requests.with_status(found, request or own)
        unsplit: list[Fault] = []
        for number, frame in enumerate(found):
            if number < _FIRST_FRAMES and not unsplit:
                unsplit = _unsplit(frame, source)
                faults.extend(unsplit)
            streams = named.streams(frame, searches) if any(searches) else None
            yield replace(frame, streams=streams)

    is_tree = beginnings.is_tree(head)

    def decoded(record: bytes) -> Event | None:
        record = beginnings.without_branches(record) if is_tree else record
        event = (decode if sample else _decode_indented)(record, clock=clock)
        event = own_requests.taken(event, own_form) if event and own_form else event
        return event if event is None or not any(heads) else heads.named(event, record)

    return Reader(
        frames=frames,
        decode=decoded,
        clock=clock,
        is_splittable=is_stamped and starts is not lines.mixed and not repeats,
    )


def _unsplit(frame: Frame, source: Source) -> list[Fault]:
    """Return a fault where far more times stand in a text's first records than records."""
    data, starts, ends = frame.spans
    if len(starts) == 0 or int(ends[-1] - starts[0]) < _LONG_BYTES * len(starts):
        return []
    count = int((starts < HEAD_BYTES).sum())
    times = len(set(_TIMES.findall(data[:HEAD_BYTES])))
    if times < max(_MANY_TIMES, _TIMES_A_RECORD * count):
        return []
    return [Fault(source.uri, "unsplit", _UNSPLIT.format(times, count), frame.first_line)]


def decode(record: bytes, *, clock: Clock) -> Event | None:
    """Return what a record says; its own leading stamp becomes its time."""
    if b"\n" in record:
        record = wraps.joined(record.decode("utf-8", "surrogateescape")).encode(
            "utf-8", "surrogateescape"
        )
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
    if record[:1] == b"{":  # one of the values of a printed object
        return decode_text(record.decode("utf-8", "replace"), time_ms=time_ms)
    before = _BEFORE_STAMP.sub(b"", record[:start]).strip(_AROUND_STAMP)
    after = record[end:].lstrip(_AROUND_STAMP)
    rest = before + b" " + after if before else after
    return decode_text(rest.decode("utf-8", "replace"), time_ms=time_ms)


def decode_message(message: str, time_ms: int | None) -> Event:
    """Return what a message says that a log store keeps with a time of its own.

    The application's own time is preferred: collectors stamp late, and in batches.
    """
    event = _said(message)
    return event._replace(time_ms=said_ms(event.time_ms, time_ms))


def decode_said(message: bytes) -> Event:
    """Return what a message says by itself; its time is its own stamp, read as UTC."""
    return _said(message.decode("utf-8", "replace"))


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


def _said(message: str) -> Event:
    return requests.taken(_own(message.replace("\r", "\n") if "\r" in message else message))


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


FORMAT = Format("text", "Plain text with or without time stamps", sniff, open_text)
