"""What a stream is taken for, and what its records say of their time and their writer."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from logclass import formats, origin, records, redact, sources
from logclass.changes import ChangeRead
from logclass.formats import stampnames
from logclass.formats.blocks import ORIGIN_SEPARATOR
from logclass.formats.minutes import IMPOSSIBLE
from logclass.model import Fault
from logclass.plain import iso

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from logclass.formats.blocks import Frame
    from logclass.formats.event import Event
    from logclass.formats.format import Reader
    from logclass.formats.head import Head
    from logclass.formats.minutes import Clock
    from logclass.model import Choices, Contract, Source

CHUNK_BYTES = 2 * 1024 * 1024
_DECODED = 200  # records that are asked who wrote them
_NAMES = 3  # that are shown
_SAMPLES = 3
_WITHIN_BYTES = 160
_MS_PER_MINUTE = 60_000


class Writer(NamedTuple):
    """A service or an instance, and what it was told by."""

    names: tuple[str, ...] = ()  # at most three
    told_by: str = ""  # "record", "stream" or "file name"; "" where nothing tells

    def __str__(self) -> str:
        names = ", ".join(redact.value(name) for name in self.names)
        return f"{names} (by {self.told_by})" if names else "-"


_DATES = {"name": "by the file's name", "written": "by when the file was written"}
_UNTOLD = Writer()


@dataclass(frozen=True, slots=True)
class Detected:
    """What one stream was taken for. Of a change record and of no log only the format is known."""

    source: str
    format: str
    detail: str
    records: tuple[str, ...] = ()  # the first ones: time, service, instance, text
    confidence: float | None = None  # None where the user chose the format
    events: int | None = None
    time_form: str = ""
    zone: str = ""
    service: Writer = _UNTOLD
    instance: Writer = _UNTOLD
    first_ms: int | None = None
    last_ms: int | None = None
    faults: tuple[Fault, ...] = ()
    is_read: bool = True


def detect(names: Sequence[str], choices: Choices) -> Iterator[Detected]:
    """Yield what each stream in the bundle is read as, with its first records as understood."""
    found, faults = sources.expand(names, choices)
    for fault in faults:
        yield Detected(fault.source, "unreadable", fault.detail, is_read=False)
    for source in found:
        for opened in sources.streams(source):
            if isinstance(opened, Fault):
                yield Detected(opened.source, "unreadable", opened.detail, is_read=False)
            else:
                yield _detected(opened)


def _detected(opened: sources.Opened) -> Detected:
    source = opened.source
    faults: list[Fault] = []
    record, chunks = None, opened.chunks(CHUNK_BYTES, faults)
    if not source.format_hint:
        record, chunks = records.taken(chunks, source)
    if record is not None:
        return _recorded(source, record)
    first, second = next(chunks, b""), next(chunks, b"")
    head = formats.head_of(first, source, is_whole=not second)
    known = formats.open_reader(source, head)
    if isinstance(known, Fault):
        return Detected(source.uri, known.kind, known.detail, is_read=False)
    format_, reader = known
    seen = _Seen()
    for frame in reader.frames(chain([first, second], chunks), faults):
        seen.add(frame, reader)
    named = origin.of_path(source.uri)
    return Detected(
        source.uri,
        format_.name,
        format_.title,
        records=tuple(_as_line(event) for event in seen.decoded[:_SAMPLES]),
        confidence=_confidence(source, head),
        events=seen.events,
        time_form=seen.time_form(reader),
        zone=_zone(reader.clock, seen),
        service=_writer([event.service for event in seen.decoded], seen.services, named.service),
        instance=_writer([one.instance for one in seen.decoded], seen.instances, named.instance),
        first_ms=_edge_ms(seen.first, reader, min),
        last_ms=_edge_ms(seen.last, reader, max),
        faults=tuple(faults),
    )


def _recorded(source: Source, record: ChangeRead | tuple[Contract, ...]) -> Detected:
    kind = record.format if isinstance(record, ChangeRead) else "contract"
    is_own = kind == records.OWN
    said = "not read as a log" if is_own else "what the verifier expects or what changed"
    return Detected(source.uri, kind, said)


def _confidence(source: Source, head: Head) -> float | None:
    """Return how sure the format is, None where the user chose it."""
    found = None if source.format_hint else formats.detect(head)
    return found.confidence if isinstance(found, formats.Detection) else None


class _Edge(NamedTuple):
    """The first or the last minute so far, with a frame's first and last record in it."""

    minute: int
    records: tuple[bytes, bytes]  # one of them is at the edge, whichever way they are sorted


@dataclass(slots=True)
class _Seen:
    """What the records of a stream say of themselves, of the first ones in detail."""

    events: int = 0
    decoded: list[Event] = field(default_factory=list)
    services: list[str] = field(default_factory=list)  # by the names of streams
    instances: list[str] = field(default_factory=list)
    stamp: bytes = b""
    first: _Edge | None = None
    last: _Edge | None = None

    def add(self, frame: Frame, reader: Reader) -> None:
        """Look at the records of a frame."""
        self.events += len(frame.starts)
        rows = range(min(len(frame.starts), _DECODED - len(self.decoded)))
        for row in rows:
            self._look_at(_record(frame, row), reader)
        if rows and frame.streams is not None:
            for name in frame.streams[: len(rows)].to_pylist():
                told = _of_stream((name or b"").decode("utf-8", "replace"))
                self.services.append(told.service)
                self.instances.append(told.instance)
        known = frame.minutes > IMPOSSIBLE
        if known.any():
            low = int(frame.minutes[known].min())
            high = int(frame.minutes.max())
            if self.first is None or low < self.first.minute:
                self.first = _edge(frame, low)
            if self.last is None or high >= self.last.minute:
                self.last = _edge(frame, high)

    def _look_at(self, record: bytes, reader: Reader) -> None:
        event = _decoded_or_none(reader, record)
        if event is None:
            return
        self.decoded.append(event)
        span = None if self.stamp else reader.clock.span(record, _WITHIN_BYTES)
        if span is not None:
            self.stamp = record[span[0] : span[1]]

    def time_form(self, reader: Reader) -> str:
        """Return the written form of the times, with one of them where it is written out."""
        if self.first is None:
            return "no times"
        names = dict.fromkeys(stampnames.NAMES[place.form] for place in reader.clock.places)
        shown = ", ".join(names) or "as the format has it"
        return f"{shown}, such as {self.stamp.decode('ascii', 'replace')}" if self.stamp else shown


def _edge(frame: Frame, minute: int) -> _Edge:
    rows = (frame.minutes == minute).nonzero()[0]
    return _Edge(minute, (_record(frame, int(rows[0])), _record(frame, int(rows[-1]))))


def _edge_ms(edge: _Edge | None, reader: Reader, pick: Callable[[list[int]], int]) -> int | None:
    """Return the time of the record at the edge, its minute where the record does not say."""
    if edge is None:
        return None
    events = [_decoded_or_none(reader, record) for record in edge.records]
    times = [event.time_ms for event in events if event is not None and event.time_ms is not None]
    inside = [time_ms for time_ms in times if time_ms // _MS_PER_MINUTE == edge.minute]
    return pick(inside) if inside else edge.minute * _MS_PER_MINUTE


def _as_line(event: Event) -> str:
    """Return a record as it is understood: time, service, instance, text; redacted."""
    first = redact.text(event.text.partition("\n")[0])[:120]
    return (
        f"{iso(event.time_ms) or 'no time'} {redact.value(event.service) or '-'} "
        f"{redact.value(event.instance) or '-'} {first}"
    )


def _of_stream(name: str) -> origin.Origin:
    service, told, instance = name.partition(ORIGIN_SEPARATOR.decode())
    if told:
        return origin.Origin(service, instance)
    return origin.of_stream(name) if name else origin.Origin("", "")


def _record(frame: Frame, row: int) -> bytes:
    return frame.data[int(frame.starts[row]) : int(frame.ends[row])]


def _decoded_or_none(reader: Reader, record: bytes) -> Event | None:
    try:
        return reader.decode(record)
    except ValueError:  # orjson's and unicode errors
        return None


def _zone(clock: Clock, seen: _Seen) -> str:
    if seen.first is None:
        return ""
    dated = f"; dates {_DATES[clock.date_told]}" if clock.date_told else ""
    if clock.zone is not None:
        return f"{clock.zone}, where a time names none{dated}"
    known = "UTC assumed: the times name none" if clock.zone_assumed else "named by the times"
    return known + dated


def _writer(said: list[str], streams: list[str], path: str) -> Writer:
    told = ((said, "record"), (streams, "stream"), ([path], "file name"))
    for names, by in told:
        known = tuple(dict.fromkeys(name for name in names if name))
        if known:
            return Writer(known[:_NAMES], by)
    return _UNTOLD


def as_lines(found: Detected) -> list[str]:
    """Return what was found as lines for a terminal."""
    if found.events is None:
        return [f"{found.source}: {found.format} ({found.detail})"]
    sure = "chosen" if found.confidence is None else f"confidence {found.confidence:.2f}"
    times = f"{iso(found.first_ms) or '-'} to {iso(found.last_ms) or '-'}"
    return [
        f"{found.source}: {found.format} ({found.detail}, {sure})",
        f"    events    {found.events}",
        f"    times     {times}",
        f"    form      {found.time_form}" + (f"; zone {found.zone}" if found.zone else ""),
        f"    service   {found.service}",
        f"    instance  {found.instance}",
        *(f"    fault     {fault.kind}: {fault.detail}" for fault in found.faults),
        *(f"    record    {record}" for record in found.records),
    ]
