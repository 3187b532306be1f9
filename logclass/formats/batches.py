"""Frames → batches: tallies for all records, decoded events for those with a candidate."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa

from logclass import origin, redact, tables
from logclass.formats.blocks import ORIGIN_SEPARATOR, Frame, line_numbers
from logclass.formats.payload import Event
from logclass.model import CANDIDATE_COLUMNS, NO_MINUTE, TALLY_COLUMNS, Batch, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.blocks import Ints
    from logclass.formats.format import Reader
    from logclass.model import Source

_MS_PER_MINUTE = 60_000
_EVENT_FIELDS = {name: index for index, name in enumerate(Event._fields)}


class Hits(Protocol):
    """Says which records of a block hold a literal of any pattern."""

    def __call__(self, data: bytes, starts: Ints, ends: Ints) -> np.ndarray:
        """Return a mask over the records data[starts[i]:ends[i]]."""
        ...


def batches(
    source: Source, reader: Reader, chunks: Iterable[bytes], hits: Hits, faults: list[Fault]
) -> Iterator[Batch]:
    """Yield a batch for each frame of the stream."""
    named = origin.of_path(source.uri)
    part = source.byte_range[0] if source.byte_range else 0
    for frame in reader.frames(chunks, faults):
        rows = np.flatnonzero(hits(frame.data, frame.starts, frame.ends))
        events: list[tuple[int, Event]] = []
        numbers = line_numbers(frame, rows).tolist() if len(rows) else []
        for row, line in zip(rows.tolist(), numbers, strict=True):
            record = frame.data[frame.starts[row] : frame.ends[row]]
            try:
                event = reader.decode(record)
            except ValueError as error:  # orjson's and unicode errors
                faults.append(_fault(source, line, record, error))
                continue
            if event is not None:
                minute = int(frame.minutes[row])
                events.append((line, _completed(event, named, minute)))
        yield Batch(
            source=source,
            tally=_tally(source, named, frame),
            candidates=_candidates(events, part),
            read_bytes=len(frame.data),
            lines=frame.data.count(b"\n"),
            zone_assumed=reader.clock.zone_assumed,
        )
        if frame.bad_times is not None and len(frame.bad_times):
            faults.append(_bad_time(source, frame, frame.bad_times))


def _bad_time(source: Source, frame: Frame, rows: Ints) -> Fault:
    first = frame.data[frame.starts[rows[0]] : frame.ends[rows[0]]]
    line = int(line_numbers(frame, rows[:1])[0])
    detail = "a time stamp that names no time"
    return Fault(source.uri, "bad_time", detail, line, _excerpt(first), count=len(rows))


def _fault(source: Source, line: int, record: bytes, error: ValueError) -> Fault:
    return Fault(source.uri, "undecodable", str(error)[:200], line, _excerpt(record))


def _excerpt(record: bytes) -> str:
    return redact.text(record[:400].decode("utf-8", "replace"))[:200]


def _completed(event: Event, named: origin.Origin, minute: int) -> Event:
    """Fill what the record does not say from the stream it stands in."""
    service, instance = _named(event.service, event.instance, named)
    time_ms = event.time_ms
    if time_ms is None and minute != NO_MINUTE:
        time_ms = minute * _MS_PER_MINUTE
    return event._replace(service=service, instance=instance, time_ms=time_ms)


def _candidates(events: list[tuple[int, Event]], part: int) -> pa.Table:
    columns: dict[str, Any] = {name: [] for name in CANDIDATE_COLUMNS}
    for name in CANDIDATE_COLUMNS:
        if name == "part":
            columns[name] = [part] * len(events)
        elif name == "line":
            columns[name] = [line for line, _ in events]
        else:
            index = _EVENT_FIELDS[name]
            columns[name] = [event[index] for _, event in events]
    return tables.table(columns, CANDIDATE_COLUMNS)


def _tally(source: Source, named: origin.Origin, frame: Frame) -> pa.Table:
    """Return exact counts of records by minute, status class and, where records name it, stream."""
    classes = frame.status_class
    statuses = np.zeros(len(frame.minutes), dtype=np.int64) if classes is None else classes
    stream_codes, names = _streams(frame)
    keys = np.stack([frame.minutes, statuses, stream_codes])
    order = np.lexsort(keys[::-1]) if not _is_sorted(keys) else slice(None)
    keys = keys[:, order]
    changed = np.ones(keys.shape[1], dtype=bool)
    changed[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    heads = np.flatnonzero(changed)
    origins = [_origin_of(name, named) for name in names]
    codes = keys[2, heads].tolist()
    columns = {
        "source": [source.uri] * len(heads),
        "service": [origins[code].service for code in codes],
        "instance": [origins[code].instance for code in codes],
        "minute": keys[0, heads],
        "status_class": keys[1, heads],
        "events": np.diff(np.append(heads, keys.shape[1])),
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
        service
        or origin.of_pod(instance)
        or named.service
        or origin.of_stream_service(instance)
    )
    return origin.Origin(service, instance or named.instance)


def _is_sorted(keys: np.ndarray) -> bool:
    return bool((keys[0, 1:] >= keys[0, :-1]).all() and (keys[1:] == keys[1:, :1]).all())


def _streams(frame: Frame) -> tuple[np.ndarray, list[str]]:
    if frame.streams is None:
        return np.zeros(len(frame.minutes), dtype=np.int64), [""]
    encoded = frame.streams.dictionary_encode()
    names = [(name or b"").decode("utf-8", "replace") for name in encoded.dictionary.to_pylist()]
    codes = encoded.indices.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, names or [""]

