"""Any other JSON document that holds a list of records with a time and a text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from logclass import fields
from logclass.formats import document, json_lines, named
from logclass.formats.event import Event
from logclass.formats.format import Format, Reader
from logclass.formats.learned import learn_at_key
from logclass.formats.minutes import Clock
from logclass.formats.payload import decode_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.blocks import Frame
    from logclass.formats.head import Head, Outline
    from logclass.model import Fault, Source


_RECORD_KEYS = 4  # of an object with a time that is a log record whatever its text is called


def _named(keys: set[str], field: str) -> list[str]:
    """Return the keys that stand for one of our fields, best alias first."""
    known = ((fields.canonical(key), key) for key in keys)
    return [key for rank, key in sorted((f[1], k) for f, k in known if f and f[0] == field)]


def _elements(head: Head) -> tuple[document.Elements, list[str]] | None:
    outline = head.outline
    if _is_grouped(outline):
        return document.Elements(2), _named(set.union(*outline.elements.values()), "time")
    for array, keys in sorted(outline.elements.items(), key=lambda item: -len(item[1])):
        times = _named(keys, "time")
        if times and (_named(keys, "message") or len(keys) >= _RECORD_KEYS):
            return document.Elements(1 if outline.top == "[" else 2, array), times
    times = _named(outline.keys, "time")
    is_record = outline.top == "{" and times and _named(outline.keys, "message")
    if is_record and document.is_json(head.data):
        return document.bare(head), times  # one object, or objects over several lines
    return None


def _is_grouped(outline: Outline) -> bool:
    """Return whether an object holds nothing but lists of records, as grouped by a name."""
    lists = list(outline.elements.values())
    is_all = outline.top == "{" and len(lists) > 1 and outline.elements.keys() == outline.keys
    return is_all and all(_named(keys, "time") and _named(keys, "message") for keys in lists)


def _sample(head: Head, elements: document.Elements) -> list[dict[str, Any]]:
    """Return the records that the head holds whole."""
    found: list[dict[str, Any]] = []
    for frame in document.frames([head.data], elements, Clock(()), [], head.name):
        for start, end in zip(frame.starts.tolist(), frame.ends.tolist(), strict=True):
            try:
                value = orjson.loads(frame.data[start:end])
            except orjson.JSONDecodeError:
                continue
            if isinstance(value, dict):
                found.append(value)
    return found


def sniff(head: Head) -> float:
    """Return a middling confidence for lists of objects with a time and a text."""
    return 0.6 if _elements(head) else 0.0


def open_json_array(head: Head, source: Source) -> Reader:
    """Return a reader for the longest list of records in the document."""
    elements, times = _elements(head) or (document.Elements(1), [])
    clock = Clock(())
    sample = _sample(head, elements)
    # Log4j's `instant` is an object: its seconds are the time.
    path = json_lines.time_path(sample) if sample else ()
    inner = path if len(path) > 1 else ()
    times = [*inner[-1:], *times]
    if times:
        clock = learn_at_key([], times[:1])

    searches = named.in_objects(sample)

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        for frame in document.frames(chunks, elements, clock, faults, source.uri):
            streams = named.streams(frame, searches) if any(searches) else None
            yield replace(frame, streams=streams)

    def decode(record: bytes) -> Event | None:
        value = orjson.loads(record)
        if not isinstance(value, dict):
            return None
        return decode_object(value, time_ms=json_lines.path_ms(value, inner, clock))

    return Reader(frames, decode, clock)


FORMAT = Format("json-array", "JSON document with a list of records", sniff, open_json_array)
