"""Exports whose events do not stand as records of their own → frames of records that do.

What names a service may stand far from its events (Loki's labels, OpenTelemetry's resource, a
table's header), or events are packed. Such an export is read unit by unit; every event is written
anew as one short JSON value. Lines of a stack trace that the store keeps as events of their own are
joined in the first of them; the others still count as the events they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import orjson
import pyarrow as pa

from logclass import fields, redact
from logclass.columns import NO_MINUTE
from logclass.formats import document, messages
from logclass.formats.blocks import Frame, line_numbers, newline_count
from logclass.formats.joining import Joining, Row
from logclass.formats.minutes import Clock
from logclass.formats.named import joined
from logclass.formats.stored import Stored
from logclass.formats.traces import roles
from logclass.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from logclass.formats.format import Reader
    from logclass.model import Source

    # The bytes of one unit -> its events; raises ValueError for what is no such unit.
    Unfold = Callable[[bytes], Iterable[Stored]]
    Units = Callable[[Iterable[bytes], list[Fault]], Iterator[Frame]]

_MS_PER_MINUTE = 60_000
_ROLE_CHARACTERS = 160


def open_rewritten(
    source: Source, units: Units, unfold: Unfold, clock: Clock | None = None
) -> Reader:
    """Return a reader for an export whose units hold events.

    clock: the one that `unfold` reads with, where it may have to assume a zone.
    """
    clock = Clock(()) if clock is None else clock

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        joining, written = Joining(), _Written()
        for frame in units(chunks, faults):
            events = list(_unfolded(frame, unfold, source.uri, faults))
            said = pa.array([_said(event) for _, event in events], pa.string())
            for (line, event), role in zip(events, roles(said).tolist(), strict=True):
                joining.add(_self_named(event), role, line)
            yield written.frame(frame, joining.settled())
        yield written.frame(None, joining.rest())

    return messages.reader_of(frames, _unwrap, clock)


def json_units(source: Source, elements: document.Elements) -> Units:
    """Return how to cut a JSON export into these of its values."""

    def units(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        return document.frames(chunks, elements, Clock(()), faults, source.uri)

    return units


def json_object(unit: bytes) -> dict[str, Any]:
    """Return the object that a unit is, an empty one for any other value."""
    value = orjson.loads(unit)
    return value if isinstance(value, dict) else {}


def _unfolded(
    frame: Frame, unfold: Unfold, source: str, faults: list[Fault]
) -> Iterator[tuple[int, Stored]]:
    """Yield the events of a frame's units, each with its unit's line."""
    rows = np.arange(len(frame.starts))
    numbers = line_numbers(frame, rows).tolist()
    spans = zip(numbers, frame.starts.tolist(), frame.ends.tolist(), strict=True)
    for line, start, end in spans:
        unit = frame.data[start:end]
        try:
            events = list(unfold(unit))
        except ValueError as error:  # orjson's, base64's and unicode errors
            excerpt = redact.text(unit[:400].decode("utf-8", "replace"))[:200]
            faults.append(Fault(source, "undecodable", str(error)[:200], line, excerpt))
            continue
        for event in events:
            yield line, event


def _said(event: Stored) -> str:
    """Return what tells the role of an event in a trace; a structured one is a record."""
    return event.message[:_ROLE_CHARACTERS] if isinstance(event.message, str) else "{"


def _self_named(event: Stored) -> Stored:
    """Return the event with the names in its own message, where the store names none."""
    if event.service and event.instance:
        return event
    record = event.message
    if isinstance(record, str):
        if record[:1] != "{":
            return event
        try:
            record = orjson.loads(record)
        except orjson.JSONDecodeError:
            return event
    if not isinstance(record, dict):
        return event
    return event._replace(
        service=event.service or named_in(record, "service"),
        instance=event.instance or named_in(record, "instance"),
    )


def named_in(record: dict[str, Any], name: str) -> str:
    """Return the value of the best alias of one of our fields in a record, "" without one."""
    found = [
        (known[1], value)
        for key, value in record.items()
        if isinstance(value, str) and (known := fields.canonical(key)) and known[0] == name
    ]
    return min(found)[1].removeprefix("/") if found else ""


class _Written:
    """Writes events as frames that know how many bytes and lines they were read from."""

    def __init__(self) -> None:
        self._line = 1

    def frame(self, read: Frame | None, rows: list[Row]) -> Frame:
        """Return the rows as a frame. read: the frame that was read since the last one."""
        pieces: list[bytes] = []
        starts, ends, minutes, names = [], [], [], []
        at, first_line = 0, self._line
        for row in rows:
            down = max(0, row.line - self._line)
            self._line += down
            record = b"" if row.event is None else _record(row.event)
            pieces += [b"\n" * down, record]
            starts.append(at + down)
            at += down + len(record)
            ends.append(at)
            time_ms = row.of.time_ms
            minutes.append(NO_MINUTE if time_ms is None else time_ms // _MS_PER_MINUTE)
            names.append(joined(row.of.service, row.of.instance))
        data = b"".join(pieces)
        count = 0 if read is None else newline_count(read.data)
        return Frame(
            data,
            np.array(starts, dtype=np.int64),
            np.array(ends, dtype=np.int64),
            np.array(minutes, dtype=np.int64),
            first_line,
            streams=pa.array(names, pa.large_binary()),
            line_count=count,
            read_bytes=0 if read is None else len(read.data),
        )


def _record(event: Stored) -> bytes:
    return orjson.dumps([*event])


def _unwrap(record: bytes) -> Stored:
    return Stored(*orjson.loads(record))


class Names(NamedTuple):
    """Service, instance, version and environment in the attributes of a store's event."""

    service: str = ""
    instance: str = ""
    version: str = ""
    environment: str = ""


def names_of(attributes: dict[str, Any]) -> Names:
    """Return the names in a flat map of labels or attributes."""
    return Names(*(named_in(attributes, name) for name in Names._fields))
