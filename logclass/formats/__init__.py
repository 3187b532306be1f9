"""Byte streams → batches: every event counted, only candidates decoded.

A format is one module and one line in FORMATS. It is chosen by what the stream's head looks
like, never by its name alone.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from logclass import redact
from logclass.formats import access, cloudwatch, json_array, json_lines, prefixed, sentry, text
from logclass.formats.batches import batches
from logclass.formats.head import HEAD_BYTES, Head
from logclass.model import Fault
from logclass.timestamps import isoformat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.batches import Hits
    from logclass.formats.format import Format, Reader
    from logclass.model import Batch, Source

FORMATS: tuple[Format, ...] = (
    cloudwatch.EVENTS,
    cloudwatch.INSIGHTS,
    cloudwatch.EXPORT,
    sentry.EVENTS,
    sentry.ENVELOPE,
    access.ALB,
    access.COMBINED,
    json_lines.FORMAT,
    json_array.FORMAT,
    prefixed.FORMAT,
    text.FORMAT,
)


class Detection(NamedTuple):
    """The format of a stream, and how sure that is, from 0 to 1."""

    format: Format
    confidence: float


def detect(head: Head) -> Detection | Fault:
    """Return the format of a stream, or why it is no log that can be read."""
    if not head.data.strip():
        return Fault(head.name, "empty", "the file holds nothing")
    if head.is_binary:
        return Fault(head.name, "not_a_log", "binary data")
    best = max(
        (Detection(format_, format_.sniff(head)) for format_ in FORMATS),
        key=lambda detection: detection.confidence,
    )
    if best.confidence == 0:
        return Fault(head.name, "not_a_log", "no known format")
    return best


def by_name(name: str) -> Format | None:
    """Return the format of this name."""
    return next((format_ for format_ in FORMATS if format_.name == name), None)


def head_of(data: bytes, source: Source, *, is_whole: bool) -> Head:
    """Return the head of a stream that begins with `data`."""
    return Head(data[:HEAD_BYTES], source.uri, is_whole and len(data) <= HEAD_BYTES)


def read(
    source: Source,
    chunks: Iterable[bytes],
    hits: Hits,
    faults: list[Fault],
    *,
    head: bytes | None = None,
) -> Iterator[Batch]:
    """Yield batches for the records of a stream; what cannot be read is added to `faults`.

    head: the beginning of the file, where the chunks are a later part of it.
    """
    stream = iter(chunks)
    first = _first_bytes(stream)
    second = next(stream, b"")
    start = first if head is None else head
    opened = open_reader(source, head_of(start, source, is_whole=head is None and not second))
    if isinstance(opened, Fault):
        faults.append(opened)
        return
    format_, reader = opened
    for batch in batches(source, reader, chain([first, second], stream), hits, faults):
        yield replace(batch, format=format_.name)


def _first_bytes(stream: Iterator[bytes]) -> bytes:
    """Return the stream's first chunks, until they are enough to tell the format by."""
    held: list[bytes] = []
    have = 0
    for chunk in stream:
        held.append(chunk)
        have += len(chunk)
        if have > HEAD_BYTES:
            break
    return b"".join(held)


def first_record(reader: Reader, window: bytes) -> int | None:
    """Return the offset of the first record that surely starts inside `window`, or None.

    The line at the window's start may be torn, and the record after it is taken for a start
    without being asked: the next one is the first that is sure.
    """
    torn = window.find(b"\n") + 1
    for frame in reader.frames([window[torn:]], []):
        if torn and len(frame.starts) > 1:
            return torn + int(frame.starts[1])
        return None
    return None


def open_reader(source: Source, head: Head) -> tuple[Format, Reader] | Fault:
    """Return the format of a stream and a reader set up for it."""
    chosen = by_name(source.format_hint) if source.format_hint else None
    if chosen is None:
        detection = detect(head)
        if isinstance(detection, Fault):
            return detection
        chosen = detection.format
    return chosen, chosen.open(head, source)


def samples(reader: Reader, data: bytes, count: int = 3) -> tuple[str, ...]:
    """Return the first records as they are understood: time, service, instance, text; redacted."""
    found: list[str] = []
    for frame in reader.frames([data], []):
        for start, end in zip(frame.starts.tolist(), frame.ends.tolist(), strict=True):
            event = reader.decode(frame.data[start:end])
            if event is not None:
                time = "no time" if event.time_ms is None else isoformat(event.time_ms)
                first = redact.text(event.text.partition("\n")[0])[:120]
                found.append(f"{time} {event.service or '-'} {event.instance or '-'} {first}")
            if len(found) == count:
                return tuple(found)
    return tuple(found)
