"""JSON lines: pino, winston, bunyan, zap, logrus, slog, zerolog, structlog, python-json-logger.

One reader serves them all; what a logger calls its fields is in fields.py. Banners and bare
stack traces between the objects are read as text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import regex

from logclass import fields, redact, timestamps
from logclass.formats import beginnings, lines, named, text
from logclass.formats.blocks import NEWLINE, line_numbers
from logclass.formats.event import Event
from logclass.formats.format import Format, Reader
from logclass.formats.learned import learn_at_key
from logclass.formats.minutes import Clock
from logclass.formats.payload import decode_object
from logclass.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.blocks import Frame
    from logclass.formats.head import Head
    from logclass.model import Source

_TIME_DEPTH = 3  # of nested objects that are searched for a time
_OPEN, _CLOSE, _CARRIAGE_RETURN = b"{}\r"
_OBJECT = regex.compile(rb'\s*\{\s*"')


def sniff(head: Head) -> float:
    """Return a confidence that grows with the share of lines that are objects."""
    if not head.objects:
        return 0.0
    begun = beginnings.sample_of(head)  # without the lines of stacks
    bare = sum(1 for line in begun if line[:1] == b"{" and line.rstrip()[-1:] == b"}")
    share = max(len(head.objects) / len(head.lines), bare / max(1, len(begun)))
    torn = head.share(_OBJECT)  # a broken line still begins like one
    return 0.85 if share > 0.5 else 0.5 if torn > 0.5 else 0.0


def open_json_lines(head: Head, source: Source) -> Reader:
    """Return a reader for JSON lines."""
    path = time_path(head.objects)
    near_ms = None if source.modified_seconds is None else source.modified_seconds * 1000
    clock = Clock((), near_ms=near_ms)
    if path:
        keys = path[-1:]
        records = [line for line in head.lines if _OBJECT.match(line)]
        clock = learn_at_key([line + b"\n" for line in records], keys, near_ms=near_ms)

    searches = named.in_objects(head.objects)

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        for frame in lines.frames(chunks, clock, lines.json_lines, faults, source.uri):
            streams = named.streams(frame, searches) if any(searches) else None
            faults.extend(_torn(frame, source.uri))
            yield replace(frame, streams=streams)

    def decode(record: bytes) -> Event | None:
        return decode_line(record, clock, path)

    return Reader(
        frames=frames,
        decode=decode,
        clock=clock,
        is_splittable=True,
    )


def _torn(frame: Frame, source: str) -> list[Fault]:
    """Return a fault for the objects whose line ends before they do; they are read as text."""
    array = np.frombuffer(frame.data, dtype=np.uint8)
    last = frame.ends - 1
    for ending in (NEWLINE, _CARRIAGE_RETURN):
        last = last - ((array[last] == ending) & (last > frame.starts))
    rows = np.flatnonzero((array[frame.starts] == _OPEN) & (array[last] != _CLOSE))
    torn = [row for row in rows.tolist() if _is_torn(_record(frame, row))]
    if not torn:
        return []
    line = int(line_numbers(frame, np.array(torn[:1]))[0])
    excerpt = redact.text(_record(frame, torn[0])[:400].decode("utf-8", "replace"))[:200]
    return [Fault(source, "torn", "an object that does not end", line, excerpt, count=len(torn))]


def _record(frame: Frame, row: int) -> bytes:
    return frame.data[frame.starts[row] : frame.ends[row]]


def _is_torn(record: bytes) -> bool:
    """Return whether the first line is no whole object; a stack may stand below it."""
    return not record.partition(b"\n")[0].rstrip().endswith(b"}")


def time_path(objects: list[dict[str, Any]]) -> tuple[str, ...]:
    """Return the keys that lead to the objects' time: the best alias of the outermost object.

    Loguru's `serialize` has its time at record.time.timestamp, others wrap a record whole.
    """
    layer: list[tuple[tuple[str, ...], dict[str, Any]]] = [((), one) for one in objects[:200]]
    for _ in range(_TIME_DEPTH):
        read = {
            (*path, key)
            for path, record in layer
            for key, value in record.items()
            if _known(path, key) and timestamps.parse_value(value)
        }
        ranks = {
            (*path, key): known[1]
            for path, record in layer
            for key, value in record.items()
            if not isinstance(value, dict)
            and (known := _known(path, key))
            and known[0] == "time"
            and (not path or timestamps.parse_value(value))
        }
        if ranks:
            return min(ranks, key=lambda path: (path not in read, ranks[path], path))
        layer = [
            ((*path, key), value)
            for path, record in layer
            for key, value in record.items()
            if isinstance(value, dict)
        ]
    return ()


def _known(path: tuple[str, ...], key: str) -> tuple[str, int] | None:
    """Return what a key stands for.

    A time may be an object: Google's with seconds and nanos, PowerShell's with its value and text.
    """
    is_part = path and key in {"seconds", "value"}
    if is_part and (outer := fields.canonical(path[-1])) and outer[0] == "time":
        return outer[0], -1
    return fields.canonical(key)


def decode_line(record: bytes, clock: Clock, path: tuple[str, ...] = ()) -> Event | None:
    """Return what one line says: an object, or text between the objects.

    path: where the objects hold their time.
    """
    if record[:1] == b"{":
        first = record.partition(b"\n")[0]
        try:
            value = orjson.loads(first)
        except orjson.JSONDecodeError:
            return text.decode(record, clock=clock)
        event = decode_object(value, time_ms=path_ms(value, path, clock))
        rest = record[len(first) :].strip()
        if rest:
            event = event._replace(text=event.text + "\n" + rest.decode("utf-8", "replace"))
        return event
    return text.decode(record, clock=clock)


def path_ms(value: object, path: tuple[str, ...], clock: Clock) -> int | None:
    """Return the epoch ms at a path of keys; decode_object finds one itself where none is."""
    holder: object = None
    for key in path:
        holder, value = value, value.get(key) if isinstance(value, dict) else None
    if isinstance(value, str):
        return clock.ms(value.encode())
    stamp = timestamps.parse_value(value)
    nanos = None
    if isinstance(holder, dict):  # log4j's instant, Google's timestamp
        nanos = holder.get("nanoOfSecond", holder.get("nanos"))
    if stamp is not None and isinstance(nanos, int):
        return stamp.ms + nanos // 1_000_000
    return None if stamp is None else stamp.ms


FORMAT = Format("json-lines", "JSON lines of any logger", sniff, open_json_lines)
