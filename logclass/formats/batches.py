"""Frames → batches: tallies for all records, decoded events for those with a candidate."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from logclass import origin, redact, tables
from logclass.columns import CANDIDATE_COLUMNS, NO_MINUTE, TALLY_COLUMNS
from logclass.formats import limits
from logclass.formats.blocks import ORIGIN_SEPARATOR, Frame, line_numbers, newline_count
from logclass.formats.drawing import Drawing
from logclass.formats.event import Event
from logclass.formats.folds import Folds
from logclass.model import Batch, Fault

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    import pyarrow as pa

    from logclass.formats.blocks import Ints
    from logclass.formats.format import Reader
    from logclass.formats.minutes import Clock
    from logclass.model import Source

BATCH_BYTES = 16 * 1024 * 1024
BATCH_EVENTS = 8192
_LOOK_BACK = 20  # records
_STAMP_WITHIN_BYTES = 160
_MS_PER_MINUTE = 60_000
_STATUS_CLASSES = 6
_Said = tuple[int, int | None, str, str, int]
_SAID = ("line", "time_ms", "service", "instance", "drawn")


class Hits(Protocol):
    """Says which records of a block hold a literal of any pattern."""

    def __call__(self, data: bytes, starts: Ints, ends: Ints) -> np.ndarray:
        """Return a mask over the records data[starts[i]:ends[i]]."""
        ...


def batches(
    source: Source,
    reader: Reader,
    chunks: Iterable[bytes],
    hits: Hits,
    faults: list[Fault],
    *,
    passing: Hits | None = None,
) -> Iterator[Batch]:
    """Yield batches of the stream's frames, several small frames in one.

    passing: which records may tell of requests that passed; of these a sample is decoded.
    """
    named = origin.of_path(source.uri)
    drawing = Drawing(source.byte_range[0] if source.byte_range else 0, passing)
    gathered = _Gathered(source, drawing)
    before: list[bytes] = []
    folds = Folds(reader.clock)
    for frame in map(folds.settled, reader.frames(chunks, faults)):
        _count(frame, named, gathered.tally)
        hit = hits(*frame.spans)
        rows = np.flatnonzero(hit if frame.refused is None else hit | frame.refused)
        rows, drawn = drawing.joined(frame, rows)
        for row, line, event in _decoded(frame, rows, reader, source, faults, drawn=drawn):
            time_ms = folds.ms(event.time_ms, int(frame.minutes[row]))
            if time_ms is None:
                time_ms = _time_before(frame, row, reader.clock, before)
            who = _named(event.service, event.instance, named)
            gathered.add(event, (line, time_ms, *who, drawn.get(row, 0)))
        before = _beginnings(frame, len(frame.starts), before)
        if frame.bad_times is not None and len(frame.bad_times):
            faults.append(_bad_time(source, frame, frame.bad_times))
        faults.extend(limits.cut_events(source, frame))
        gathered.read_bytes += frame.read_bytes if frame.read_bytes >= 0 else len(frame.data)
        gathered.lines += frame.line_count if frame.line_count >= 0 else newline_count(frame.data)
        if gathered.read_bytes >= BATCH_BYTES or len(gathered.events) >= BATCH_EVENTS:
            yield gathered.batch(reader.clock)
            gathered = _Gathered(source, drawing)
    if gathered.read_bytes or gathered.tally:
        yield gathered.batch(reader.clock)


@dataclass(slots=True)
class _Gathered:
    """What the frames of one batch held so far."""

    source: Source
    drawing: Drawing
    tally: Counter[tuple[str, str, int, int]] = field(default_factory=Counter)
    events: list[Event] = field(default_factory=list)
    said: list[_Said] = field(default_factory=list)
    read_bytes: int = 0
    lines: int = 0

    def add(self, event: Event, said: _Said) -> None:
        self.events.append(event)
        self.said.append(said)

    def batch(self, clock: Clock) -> Batch:
        part = self.source.byte_range[0] if self.source.byte_range else 0
        return Batch(
            source=self.source,
            tally=_tally(self.source, self.tally),
            candidates=_candidates(self.events, self.said, part),
            read_bytes=self.read_bytes,
            lines=self.lines,
            zone_assumed=clock.zone_assumed,
            year_assumed=clock.year_assumed,
            order_assumed=clock.order_assumed,
            zone_told=clock.zone_told if clock.zone_used else "",
            date_told=clock.date_told,
            days_late=clock.days_late,
            drawn=self.drawing.taken(),
            level=self.drawing.level,
        )


def _decoded(
    frame: Frame,
    rows: Ints,
    reader: Reader,
    source: Source,
    faults: list[Fault],
    *,
    drawn: Container[int],
) -> Iterator[tuple[int, int, Event]]:
    """Yield row, line and event of the candidates among the frame's records.

    How many are drawn hangs on the blocks: those that cannot be read are no faults.
    """
    if len(rows) == 0:
        return
    spans = zip(
        line_numbers(frame, rows).tolist(),
        frame.starts[rows].tolist(),
        frame.ends[rows].tolist(),
        rows.tolist(),
        strict=True,
    )
    for line, start, end, row in spans:
        record = frame.data[start:end]
        try:
            event = reader.decode(record)
        except ValueError as error:  # orjson's and unicode errors
            if row not in drawn:
                faults.append(_fault(source, line, record, error))
            continue
        if event is not None:
            yield row, line, event


def _time_before(frame: Frame, row: int, clock: Clock, before: list[bytes]) -> int | None:
    """Return the time of the record before a row that gave it its minute.

    before: how the records before the frame begin.
    """
    minute = int(frame.minutes[row])
    if minute == NO_MINUTE:
        return None
    for beginning in reversed(_beginnings(frame, row, before)):
        span = clock.span(beginning, _STAMP_WITHIN_BYTES)
        if span is not None:
            return span[2] if span[2] // _MS_PER_MINUTE == minute else minute * _MS_PER_MINUTE
    return minute * _MS_PER_MINUTE


def _beginnings(frame: Frame, row: int, before: list[bytes]) -> list[bytes]:
    """Return how the last records before a row of a frame begin, the nearest one last."""
    first = max(0, row - _LOOK_BACK)
    starts = frame.starts[first:row]
    ends = np.minimum(frame.ends[first:row], starts + _STAMP_WITHIN_BYTES)
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    return [*before, *(frame.data[start:end] for start, end in spans)][-_LOOK_BACK:]


def _bad_time(source: Source, frame: Frame, rows: Ints) -> Fault:
    first = frame.data[frame.starts[rows[0]] : frame.ends[rows[0]]]
    line = int(line_numbers(frame, rows[:1])[0])
    detail = "a time stamp that names no time"
    return Fault(source.uri, "bad_time", detail, line, _excerpt(first), count=len(rows))


def _fault(source: Source, line: int, record: bytes, error: ValueError) -> Fault:
    return Fault(source.uri, "undecodable", str(error)[:200], line, _excerpt(record))


def _excerpt(record: bytes) -> str:
    return redact.text(record[:400].decode("utf-8", "replace"))[:200]


def _candidates(events: list[Event], said: list[_Said], part: int) -> pa.Table:
    """Return CANDIDATE_COLUMNS; what a record does not say is filled from where it stands."""
    blank: list[Any] = [()] * len(CANDIDATE_COLUMNS)
    columns = dict(zip(Event._fields, zip(*events, strict=True) if events else blank, strict=False))
    columns.update(zip(_SAID, zip(*said, strict=True) if said else blank, strict=False))
    columns["part"] = [part] * len(events)
    return tables.table(columns, CANDIDATE_COLUMNS)


def _count(frame: Frame, named: origin.Origin, tally: Counter[tuple[str, str, int, int]]) -> None:
    """Add the frame's records to the counts by service, instance, minute and status class."""
    if len(frame.minutes) == 0:
        return
    statuses = frame.status_class
    if statuses is None:
        statuses = np.zeros(len(frame.minutes), dtype=np.int64)
    codes, names = _streams(frame)
    minutes, minute_codes = np.unique(frame.minutes, return_inverse=True)
    keys = (minute_codes * _STATUS_CLASSES + statuses) * len(names) + codes
    totals = np.bincount(keys)
    origins = [_origin_of(name, named) for name in names]
    for key in np.flatnonzero(totals).tolist():
        rest, code = divmod(key, len(names))
        minute, status = divmod(rest, _STATUS_CLASSES)
        tally[*origins[code], int(minutes[minute]), status] += int(totals[key])


def _tally(source: Source, tally: Counter[tuple[str, str, int, int]]) -> pa.Table:
    keys = sorted(tally)
    columns = {
        "source": [source.uri] * len(keys),
        "service": [key[0] for key in keys],
        "instance": [key[1] for key in keys],
        "minute": [key[2] for key in keys],
        "status_class": [key[3] for key in keys],
        "events": [tally[key] for key in keys],
    }
    return tables.table(columns, TALLY_COLUMNS)


def _origin_of(name: str, named: origin.Origin) -> origin.Origin:
    """Return who wrote a record of this stream, filled as _completed fills an event."""
    service, told, instance = name.partition(ORIGIN_SEPARATOR.decode())
    if not told:
        service, instance = origin.of_stream(name) if name else named
    return _named(service, instance, named)


@lru_cache(maxsize=4096)
def _named(service: str, instance: str, named: origin.Origin) -> origin.Origin:
    """Return what a record says of itself, completed by its pod's name, its file's, its host's."""
    service = (
        service or origin.of_pod(instance) or named.service or origin.of_stream_service(instance)
    )
    return origin.Origin(service, instance or named.instance)


def _streams(frame: Frame) -> tuple[np.ndarray, list[str]]:
    if frame.streams is None:
        return np.zeros(len(frame.minutes), dtype=np.int64), [""]
    encoded = frame.streams.dictionary_encode()
    names = [(name or b"").decode("utf-8", "replace") for name in encoded.dictionary.to_pylist()]
    codes = encoded.indices.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, names or [""]
