"""Plain text: lines with a time stamp somewhere near their start, or with none at all."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import regex

from logclass.formats import document, leading, lines, named
from logclass.formats.format import Format, Reader
from logclass.formats.minutes import Clock, learn
from logclass.formats.payload import Event, decode_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.blocks import Frame
    from logclass.formats.head import Head
    from logclass.model import Fault, Source

_CONTINUATION = regex.compile(rb"[\s})\]]|Caused by: |Traceback |During handling|The above exc")
_LEADING = regex.compile(
    r"[\[(]?(?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?"
    r"|\d\d:\d\d:\d\d[.,]\d{3})"
    r"(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?[\])]?[\s|,:-]*"
)
# The priority of syslog, and the key of a pair.
_BEFORE_STAMP = regex.compile(rb"^<\d{1,3}>1? ?|(?:^|\s)[a-z@_]+ ?= ?\"?$")
_AROUND_STAMP = b' \t[]|,-:"'
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
    starts = lines.stamped if is_stamped else lines.unstamped
    searches = named.in_pairs(sample)

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        for frame in lines.frames(chunks, clock, starts, faults, source.uri):
            streams = named.streams(frame, searches) if any(searches) else None
            yield replace(frame, streams=streams)

    return Reader(
        frames=frames,
        decode=partial(decode, clock=clock),
        clock=clock,
        is_splittable=is_stamped,
    )


def decode(record: bytes, *, clock: Clock) -> Event | None:
    """Return what a record says; its own leading stamp becomes its time."""
    stamp = None if record[:1] == b"{" else clock.span(record, leading.WITHIN_BYTES)
    if stamp is None or not leading.is_leading(record[: stamp[0]]):
        return decode_text(record.decode("utf-8", "replace"))
    start, end, time_ms = stamp
    before = _BEFORE_STAMP.sub(b"", record[:start]).strip(_AROUND_STAMP)
    after = record[end:].lstrip(_AROUND_STAMP)
    rest = before + b" " + after if before else after
    return decode_text(rest.decode("utf-8", "replace"), time_ms=time_ms)


def decode_message(message: str, time_ms: int | None) -> Event:
    """Return what a message says that a log store keeps with a time of its own.

    The application's own stamp in front of it is cut off; the store's time stays.
    """
    stamp = _LEADING.match(message)
    rest = message[stamp.end() :] if stamp else message
    return decode_text(rest, time_ms=time_ms)


def _sample(head: Head) -> list[bytes]:
    return [line for line in head.lines if not _CONTINUATION.match(line)]


def _is_stamped(sample: list[bytes]) -> bool:
    stamped = sum(1 for line in sample if leading.find_leading(line))
    return stamped > _STAMPED_SHARE * len(sample)


FORMAT = Format("text", "Plain text with or without time stamps", sniff, open_text)
