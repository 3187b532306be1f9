"""Byte streams → batches: every event counted, only candidates decoded.

A format is one module and one line in FORMATS. It is chosen by what the stream's head looks
like, never by its name alone.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from logclass.formats import (
    access,
    array_lines,
    arrows,
    aws_cli,
    aws_printed,
    aws_query,
    azure,
    cloudwatch,
    collected,
    containers,
    csv_table,
    datadog,
    docker,
    elastic,
    gcp,
    grafana,
    har,
    html_table,
    journal_verbose,
    journald,
    json_array,
    json_lines,
    listed,
    loki,
    ltsv,
    messages,
    metrics,
    nested,
    otel_debug,
    otlp,
    parquet,
    pasted,
    platforms,
    prefixed,
    printed,
    printed_objects,
    second_clock,
    sections,
    sentry,
    sentry_wrapped,
    subscription,
    syslog,
    text,
    undated,
    unwrapped,
    w3c,
    windows_events,
    xml_records,
    xml_rows,
    yaml_items,
)
from logclass.formats.batches import batches
from logclass.formats.folds import repeat_minutes
from logclass.formats.head import HEAD_BYTES, Head
from logclass.formats.minutes import IMPOSSIBLE
from logclass.model import Fault
from logclass.offsets import zone_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.batches import Hits
    from logclass.formats.format import Format, Reader
    from logclass.model import Batch, Source

FORMATS: tuple[Format, ...] = (
    cloudwatch.EVENTS,
    cloudwatch.INSIGHTS,
    cloudwatch.EXPORT,
    subscription.FORMAT,
    aws_cli.TAIL,
    aws_cli.AWSLOGS,
    aws_cli.TEXT,
    aws_cli.YAML,
    aws_query.FORMAT,
    aws_printed.TABLE,
    aws_printed.MESSAGES,
    sentry.EVENTS,
    sentry.ENVELOPE,
    sentry_wrapped.WRAPPED,
    sentry_wrapped.ISSUES,
    access.ALB,
    access.COMBINED,
    w3c.FORMAT,
    docker.FORMAT,
    containers.CRI,
    containers.KUBECTL,
    containers.STERN,
    containers.KAIL,
    containers.SWARM,
    containers.STAMPED,
    platforms.HEROKU,
    platforms.LOGPLEX,
    platforms.FLY,
    platforms.CLOUD_FOUNDRY,
    syslog.MODERN,
    syslog.CLASSIC,
    journald.JSON,
    journald.EXPORT,
    journal_verbose.FORMAT,
    loki.API,
    loki.JSONL,
    loki.TEXT,
    grafana.FORMAT,
    elastic.FORMAT,
    otlp.FORMAT,
    otel_debug.FORMAT,
    gcp.FORMAT,
    datadog.FORMAT,
    azure.FORMAT,
    csv_table.FORMAT,
    printed.FORMAT,
    listed.FORMAT,
    parquet.FORMAT,
    collected.FORMAT,
    arrows.FORMAT,
    array_lines.FORMAT,
    ltsv.FORMAT,
    windows_events.FORMAT,
    xml_records.FORMAT,
    xml_rows.FORMAT,
    har.FORMAT,
    html_table.FORMAT,
    yaml_items.FORMAT,
    printed_objects.FORMAT,
    json_lines.FORMAT,
    json_array.FORMAT,
    nested.FORMAT,
    prefixed.FORMAT,
    sections.FORMAT,
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
    if head.is_binary and not parquet.sniff(head) and not journald.sniff_export(head):
        return Fault(head.name, "not_a_log", "binary data")
    if metrics.are_samples(head):
        return Fault(head.name, "not_a_log", "samples of metrics")
    best = max(
        (Detection(format_, format_.sniff(head)) for format_ in FORMATS),
        key=lambda detection: detection.confidence,
    )
    if best.confidence == 0:
        return Fault(head.name, "not_a_log", "no known format")
    return best


def _is_told(inside: Detection, outside: Detection | Fault, wrapping: unwrapped.Wrapping) -> bool:
    """Return whether what is inside a stream is a log that is told as well as what is outside."""
    least = 0.0 if isinstance(outside, Fault) else outside.confidence
    if inside.confidence <= text.CONFIDENCE and not wrapping.holds_lines:
        return False
    return inside.confidence >= max(least, text.CONFIDENCE)


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
    numbers: frozenset[bytes] = frozenset(),
    passing: Hits | None = None,
) -> Iterator[Batch]:
    """Yield batches for the records of a stream; what cannot be read is added to `faults`.

    head: the beginning of the file, where the chunks are a later part of it. numbers: those that
    patterns name. passing: as `batches` has it.
    """
    stream = iter(chunks)
    first = _first_bytes(stream)
    second = next(stream, b"")
    start = first if head is None else head
    is_whole = head is None and not second
    known = _open_part if source.byte_range else _open
    opened = known(replace(source, byte_range=None), start[:HEAD_BYTES], numbers, is_whole=is_whole)
    if isinstance(opened, Fault):
        faults.append(opened)
        return
    format_, reader = opened
    stream = chain([first, second], stream)
    for batch in batches(source, reader, stream, hits, faults, passing=passing):
        yield replace(batch, format=format_.name)


def _open(
    source: Source, start: bytes, numbers: frozenset[bytes], *, is_whole: bool
) -> tuple[Format, Reader] | Fault:
    """Return the format of a stream, and a reader that decodes records of one shape once."""
    opened = open_reader(source, head_of(start, source, is_whole=is_whole))
    if isinstance(opened, Fault):
        return opened
    format_, reader = opened
    return format_, replace(reader, decode=messages.by_shape(reader, numbers))


# The parts of a large file have one head: what was learnt from one part serves the next.
_open_part = lru_cache(maxsize=1)(_open)


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
        if not torn or len(frame.starts) < 2:
            return None
        zone, minute = reader.clock.zone, int(frame.minutes[1])
        if zone and minute > IMPOSSIBLE and repeat_minutes(zone, minute):
            return None  # only the records before it tell which pass of the hour this is
        return torn + int(frame.starts[1])
    return None


def open_reader(source: Source, head: Head) -> tuple[Format, Reader] | Fault:
    """Return the format of a stream and a reader set up for it."""
    chosen = by_name(source.format_hint) if source.format_hint else None
    coat = pasted.coat_of(head)
    head = coat.head(head) if coat else head
    dates = undated.dates_of(head, source)
    head = dates.head(head) if dates else head
    inner: unwrapped.Wrapping | None = None
    if chosen is None:
        detection = detect(head)
        is_told = not isinstance(detection, Fault) and detection.confidence > text.CONFIDENCE
        for wrapping in unwrapped.wrappings(head, is_told=is_told):
            inside = detect(wrapping.head(head))
            if not isinstance(inside, Fault) and _is_told(inside, detection, wrapping):
                detection, inner = inside, wrapping
                break
        if isinstance(detection, Fault):
            return detection
        chosen = detection.format
    head = inner.head(head) if inner else head
    reader = chosen.open(head, source)
    if source.zone and not chosen.name.startswith("cloudwatch"):  # its times are UTC
        reader.clock.zone = zone_named(source.zone)
    elif reader.clock.zone is None and not chosen.name.startswith("cloudwatch"):
        reader.clock.zone = zone = second_clock.zone_of(head.lines)
        reader.clock.zone_told = "" if zone is None else str(zone)
    reader = unwrapped.without(reader, inner, source) if inner else reader
    reader = undated.dated(reader, dates) if dates else reader
    return chosen, pasted.without(reader, coat) if coat else reader
