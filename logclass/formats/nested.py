"""One JSON document whose records lie deep in it, are wrapped, or are rows under named columns.

Answers of log stores that no other format knows: `{"data": {"actor": {"results": [{…}]}}}`,
`{"messages": [{"map": {…}}]}`, `{"columns": […], "values": [[…], …]}`, and Grafana's data frames,
which hold a list for each column. The records are found by what they hold: a time and a text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from logclass import fields, timestamps
from logclass.formats import columnar, document, json_array
from logclass.formats.columns import Columns
from logclass.formats.document import Elements
from logclass.formats.event import unique_id
from logclass.formats.format import Format, Reader
from logclass.formats.minutes import Clock
from logclass.formats.rewritten import json_units, open_rewritten
from logclass.formats.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

_CONFIDENCE = 0.88  # above a line that is an object, below every store that is known
_MAX_PLACES = 8  # arrays of a document that are looked into
_MAX_SAMPLE = 50  # records of each
_LEAST_SHARE = 0.8  # of them that have a time and a text
_FEWEST_KEYED = 3  # records under keys of their own
_MAX_DEPTH = 4  # of objects in a record that are searched for names
# Texts under names that in other records mean something else (a line's number, a body's bytes).
_TEXTS = frozenset({"line", "raw", "content", "logmsg", "logmessage", "logs", "value", "userdata"})
_PAIRS = ({"name", "value"}, {"key", "value"})  # the keys of an object that is a pair


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a document has its records, and the columns where they are rows."""

    elements: Elements
    columns: tuple[str, ...] = ()


def sniff(head: Head) -> float:
    """Return a high confidence for a document with a list of things that have a time and a text."""
    if not head.objects and json_array.sniff(head):  # a list of records over several lines
        return 0.0
    return _CONFIDENCE if _find(head) else 0.0


def open_nested(head: Head, source: Source) -> Reader:
    """Return a reader for the records of the document, or of several glued ones."""
    place = _find(head) or _Place(Elements(1))
    clock = Clock(())
    columns = Columns(place.columns, clock)

    def unfold(unit: bytes) -> Iterator[Stored]:
        value = orjson.loads(unit)
        if place.columns and isinstance(value, list):
            yield columns.stored(value)
        elif isinstance(value, dict):
            yield from columnar.in_frame(value, clock) or of_record(value, clock)

    return open_rewritten(source, json_units(source, place.elements), unfold, clock)


def _find(head: Head) -> _Place | None:
    """Return where the records of a document are, the outermost place that holds any."""
    outline = head.outline
    if not outline.top or any(time_ms(one) is not None for one in head.objects[:5]):
        return None
    if columnar.is_of_columns(head):
        return _Place(document.bare(head))
    if _is_keyed(head):
        return _Place(Elements(1))
    counts = sorted(outline.arrays, key=lambda place: (-outline.arrays[place], place))
    for depth, key in sorted(counts[:_MAX_PLACES]):
        elements = Elements(depth, key)
        sample = _sample(head, elements)
        names: tuple[str, ...] = ()
        if sample and isinstance(sample[0], list):
            names = columnar.column_names(head) or columnar.guessed_names(sample)
        if names and Columns(names, Clock(())).are_events:
            told = sum(1 for one in sample if isinstance(one, list) and len(one) == len(names))
        else:
            names = ()
            told = sum(1 for one in sample if isinstance(one, dict) and _is_told(one))
        if told and told >= _LEAST_SHARE * len(sample):
            return _Place(elements if names else _among_others(head, elements), names)
    return None


def _among_others(head: Head, elements: Elements) -> Elements:
    """Return the same place, or all lists beside it where each holds records: groups by a name."""
    beside = {key for depth, key in head.outline.arrays if depth == elements.depth}
    for key in beside - {elements.key}:
        sample = _sample(head, Elements(elements.depth, key))
        if not sample or not all(isinstance(one, dict) and _is_told(one) for one in sample):
            return elements
    return Elements(elements.depth) if len(beside) > 1 else elements


def _is_keyed(head: Head) -> bool:
    """Return whether a document is an object of records, each under an id or a number."""
    outline = head.outline
    if outline.top != "{" or len(outline.keys) < _FEWEST_KEYED or outline.arrays:
        return False
    sample = _sample(head, Elements(1))
    told = sum(1 for one in sample if isinstance(one, dict) and is_record(one))
    return told >= min(len(outline.keys), _MAX_SAMPLE) - 1  # the last may be cut off


def _sample(head: Head, elements: Elements) -> list[Any]:
    """Return the values that the head holds whole."""
    found: list[Any] = []
    for frame in document.frames([head.data], elements, Clock(()), [], head.name):
        for start, end in zip(frame.starts.tolist(), frame.ends.tolist(), strict=True):
            if len(found) == _MAX_SAMPLE:
                return found
            try:
                found.append(orjson.loads(frame.data[start:end]))
            except orjson.JSONDecodeError:
                continue
    return found


def _is_told(value: dict[str, Any]) -> bool:
    return bool(columnar.frame_columns(value)) or is_record(value)


def _record(value: dict[str, Any]) -> dict[str, Any]:
    """Return a record, with what is inside the object that wraps it beside what is around it."""
    value = {**value, **_pairs(value)}
    if time_ms(value) is not None and _text(value):
        return value
    for inner in value.values():
        if isinstance(inner, dict):
            merged = {**value, **inner}
            if time_ms(merged) is not None and _text(merged):
                return merged
    return value


def time_ms(record: dict[str, Any], clock: Clock | None = None) -> int | None:
    """Return the time that the best of a record's own keys names."""
    ranked = sorted(
        (known[1], key) for key in record if (known := fields.canonical(key)) and known[0] == "time"
    )
    zone = clock.zone if clock else None
    for _, key in ranked:
        value = record[key]
        if isinstance(value, str) and value.isdecimal():
            value = int(value)
        stamp = timestamps.parse_value(value, zone=zone)
        if stamp is None:
            continue
        if clock is not None and not stamp.zone_known:
            clock.zone_assumed |= zone is None
            clock.zone_used |= zone is not None
        return stamp.ms
    return None


def _text(record: dict[str, Any]) -> str:
    """Return the text of a record under the best of its own keys."""
    known = sorted(
        (found[1], key)
        for key in record
        if (found := fields.canonical(key)) and found[0] == "message"
    )
    keys = [key for _, key in known]
    keys += [key for key in record if fields.canonical_key(key) in _TEXTS]
    return next((record[key] for key in keys if isinstance(record[key], str) and record[key]), "")


def is_said(record: dict[str, Any]) -> bool:
    """Return whether a record has a text."""
    return bool(_text(record))


def is_record(value: dict[str, Any]) -> bool:
    """Return whether an object, or one inside it, has a time and a text."""
    record = _record(value)
    return time_ms(record) is not None and bool(_text(record))


def of_record(value: dict[str, Any], clock: Clock) -> Iterable[Stored]:
    """Yield the event of a record. clock: is told when a zone is assumed."""
    record = _record(value)
    text = _text(record)
    message: str | dict[str, Any] = record
    if text and (text.lstrip()[:1] == "{" or not _says_more(record, text)):
        message = text
    names = {name: _named(record, name) for name in ("service", "instance", "version")}
    ids = [key for key in record if (found := fields.canonical(key)) and found[0] == "event_id"]
    event_id = unique_id(str(record[ids[0]])) if ids else ""
    yield Stored(time_ms(record, clock), message, **names, event_id=event_id)


def _pairs(record: dict[str, Any]) -> dict[str, Any]:
    """Return what lists of {"name": …, "value": …} in a record say."""
    return {
        str(one.get("name", one.get("key"))): one["value"]
        for value in record.values()
        if isinstance(value, list)
        for one in value
        if isinstance(one, dict) and one.keys() in _PAIRS
    }


def _says_more(record: dict[str, Any], text: str, depth: int = 0) -> bool:
    """Return whether a record has more to say than its text: sentences, errors or a status."""
    for key, value in record.items():
        known = fields.canonical(key)
        if isinstance(value, dict) and depth < _MAX_DEPTH:
            if _says_more(value, text, depth + 1):
                return True
        elif known and known[0] in {"status", "route", *fields.CLAIM_FIELDS}:
            return True
        elif known and known[0] in fields.IDENTITY_FIELDS:
            continue
        elif isinstance(value, str) and " " in value.strip() and text not in value:
            return True
    return False


def _named(record: dict[str, Any], name: str) -> str:
    """Return the best value for one of our fields, in a record or the objects inside it."""
    found = sorted(_namings(record, name, "", 0))
    return found[0][1] if found else ""


def _namings(
    record: dict[str, Any], name: str, parent: str, depth: int
) -> Iterator[tuple[int, str]]:
    for key, value in record.items():
        known = fields.in_object(parent, key)
        if isinstance(value, dict) and depth < _MAX_DEPTH:
            yield from _namings(value, name, key, depth + 1)
        elif not known or known[0] != name or fields.is_other_host(key, record):
            continue
        elif isinstance(value, str) and value:
            yield known[1] + depth * fields.RANKS_PER_LEVEL, value


FORMAT = Format("json-nested", "JSON document with records deep inside", sniff, open_nested)
