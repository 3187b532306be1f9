"""JSON lines: pino, winston, bunyan, zap, logrus, slog, zerolog, structlog, python-json-logger.

One reader serves them all; what a logger calls its fields is in fields.py. Banners and bare
stack traces between the objects are read as text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import regex

from logclass import fields
from logclass.formats import lines, text
from logclass.formats.blocks import ORIGIN_SEPARATOR, record_array
from logclass.formats.format import Format, Reader
from logclass.formats.minutes import Clock, find_key_stamp, key_search, learn
from logclass.formats.payload import Event, decode_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.blocks import Frame
    from logclass.formats.head import Head
    from logclass.model import Fault, Source

_OBJECT = regex.compile(rb'\s*\{\s*"')


def sniff(head: Head) -> float:
    """Return a confidence that grows with the share of lines that are objects."""
    if not head.objects:
        return 0.0
    share = len(head.objects) / len(head.lines)
    torn = head.share(_OBJECT)  # a broken line still begins like one
    return 0.85 if share > 0.5 else 0.5 if torn > 0.5 else 0.0


def open_json_lines(head: Head, source: Source) -> Reader:
    """Return a reader for JSON lines."""
    keys = time_keys(head.objects)
    clock = Clock(())
    if keys:
        records = [line for line in head.lines if _OBJECT.match(line)]
        clock = learn(
            [line + b"\n" for line in records], find_key_stamp(keys), search=key_search(keys)
        )

    search = _origin_searches(head.objects)

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        for frame in lines.frames(chunks, clock, lines.json_lines, faults, source.uri):
            yield replace(frame, streams=named_streams(frame, search)) if any(search) else frame

    def decode(record: bytes) -> Event | None:
        return decode_line(record, clock)

    return Reader(
        frames=frames,
        decode=decode,
        clock=clock,
        is_splittable=True,
    )


def _origin_searches(objects: list[dict[str, Any]]) -> tuple[str, str]:
    """Return RE2 expressions for the keys that name service and instance, "" where none does."""
    service, instance = (_top_key(objects, field) for field in ("service", "instance"))
    return tuple(text_search(key) if key else "" for key in (service, instance))  # type: ignore[return-value]


def _top_key(objects: list[dict[str, Any]], field: str) -> str:
    """Return the key under which the objects hold this field as text, best alias first."""
    ranks = {
        key: known[1]
        for record in objects[:200]
        for key, value in record.items()
        if isinstance(value, str) and (known := fields.canonical(key)) and known[0] == field
    }
    return min(ranks, key=lambda key: (ranks[key], key), default="")


def text_search(key: str) -> str:
    """Return an RE2 expression whose group `text` is the value of a key of a JSON object."""
    return rf'[{{,]\s*"{regex.escape(key)}"\s*:\s*"(?P<text>[^"]*)"'


def named_streams(frame: Frame, searches: tuple[str, str]) -> pa.Array:
    """Return "service, separator, instance" as each record names them."""
    records = record_array(frame.data, frame.starts, frame.ends)
    nothing = pa.scalar(b"", pa.large_binary())
    found = [
        pc.fill_null(pc.struct_field(pc.extract_regex(records, search), "text"), nothing)
        if search
        else nothing
        for search in searches
    ]
    return pc.binary_join_element_wise(*found, pa.scalar(ORIGIN_SEPARATOR, pa.large_binary()))


def time_keys(objects: list[dict[str, Any]]) -> tuple[str, ...]:
    """Return the top-level keys under which the objects hold their time, best alias first."""
    ranks: dict[str, int] = {}
    for record in objects[:200]:
        for key in record:
            known = fields.canonical(key)
            if known and known[0] == "time":
                ranks[key] = known[1]
    best = sorted(ranks, key=lambda key: (ranks[key], key))
    return tuple(best[:1])


def decode_line(record: bytes, clock: Clock) -> Event | None:
    """Return what one line says: an object, or text between the objects."""
    if record[:1] == b"{":
        first = record.partition(b"\n")[0]
        try:
            value = orjson.loads(first)
        except orjson.JSONDecodeError:
            return text.decode(record, clock=clock)
        event = decode_object(value)
        rest = record[len(first) :].strip()
        if rest:
            event = event._replace(text=event.text + "\n" + rest.decode("utf-8", "replace"))
        return event
    return text.decode(record, clock=clock)


FORMAT = Format("json-lines", "JSON lines of any logger", sniff, open_json_lines)
