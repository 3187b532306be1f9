"""One JSON document whose records lie deep in it, are wrapped, or are rows under named columns.

Answers of log stores that no other format knows: `{"data": {"actor": {"results": [{…}]}}}`,
`{"messages": [{"map": {…}}]}`, `{"columns": […], "values": [[…], …]}`, and Grafana's data frames,
which hold a list for each column. The records are found by what they hold: a time and a text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import regex

from logclass import fields, timestamps
from logclass.formats import document, json_array
from logclass.formats.columns import Columns
from logclass.formats.document import Elements
from logclass.formats.event import unique_id
from logclass.formats.format import Format, Reader
from logclass.formats.minutes import Clock
from logclass.formats.objects import object_in
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
_MAX_DEPTH = 4  # of objects in a record that are searched for names
# Texts under names that in other records mean something else (a line's number, a body's bytes).
_TEXTS = frozenset({"line", "raw", "content", "logmsg", "logmessage", "logs", "value", "userdata"})
_HEADER = regex.compile(
    rb'"(?:columns|schema|meta|fields|headers?)"\s*:\s*(?=\[)', regex.IGNORECASE
)
_PAIRS = ({"name", "value"}, {"key", "value"})  # the keys of an object that is a pair
_HEADER_NAMES = ("field", "name", "Name", "columnName", "ColumnName", "label")


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
            yield from _in_frame(value, clock) or of_record(value, clock)

    return open_rewritten(source, json_units(source, place.elements), unfold, clock)


def _find(head: Head) -> _Place | None:
    """Return where the records of a document are, the outermost place that holds any."""
    outline = head.outline
    if not outline.top or any(time_ms(one) is not None for one in head.objects[:5]):
        return None
    if _is_of_columns(head):
        return _Place(document.bare(head))
    counts = sorted(outline.arrays, key=lambda place: (-outline.arrays[place], place))
    for depth, key in sorted(counts[:_MAX_PLACES]):
        elements = Elements(depth, key)
        sample = _sample(head, elements)
        names = _column_names(head) if sample and isinstance(sample[0], list) else ()
        if names and Columns(names, Clock(())).are_events:
            told = sum(1 for one in sample if isinstance(one, list) and len(one) == len(names))
        else:
            names = ()
            told = sum(1 for one in sample if isinstance(one, dict) and _is_told(one))
        if told and told >= _LEAST_SHARE * len(sample):
            return _Place(elements, names)
    return None


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


def _column_names(head: Head) -> tuple[str, ...]:
    """Return the names of columns that stand in a document before its rows."""
    header = _HEADER.search(head.data)
    if header is None:
        return ()
    try:
        text = head.data[header.end() :].decode("utf-8", "replace")
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return ()
    return tuple(_column_name(one) for one in value)


def _column_name(column: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(column, dict):
        column = next((column[key] for key in _HEADER_NAMES if column.get(key)), "")
    return str(column)


def _is_told(value: dict[str, Any]) -> bool:
    return bool(_frame_columns(value)) or is_record(value)


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


def _is_of_columns(head: Head) -> bool:
    """Return whether a document is one table that is written column by column.

    Splunk's `json_cols`; ClickHouse's JSONColumns, with the types before it or without.
    """
    outline = head.outline
    if outline.top != "{":
        return False
    if {"fields", "columns"} <= outline.keys:
        names = list(_column_names(head))
        is_split = (2, "columns") in outline.arrays and (1, "") not in outline.arrays
        return is_split and Columns(names, Clock(())).are_events
    value = object_in(head.data) if head.is_whole else None
    return value is not None and _frame_columns(value) is not None


def _frame_columns(value: dict[str, Any]) -> tuple[list[str], list[list[Any]]] | None:
    """Return names and columns of a table that is written column by column, else None."""
    schema, data = value.get("schema"), value.get("data")
    if isinstance(schema, dict) and isinstance(data, dict):  # a data frame of Grafana's
        names, columns = schema.get("fields"), data.get("values")
    elif "fields" in value and "columns" in value:
        names, columns = value["fields"], value["columns"]
    else:
        table = data if "meta" in value and isinstance(data, dict) else value
        names, columns = list(table), list(table.values())
    if not isinstance(names, list) or not isinstance(columns, list) or not columns:
        return None
    told = [_column_name(one) for one in names]
    is_frame = len(told) == len(columns) and all(isinstance(one, list) for one in columns)
    is_even = is_frame and len({len(one) for one in columns}) == 1
    return (told, columns) if is_even and Columns(told, Clock(())).are_events else None


def _in_frame(value: dict[str, Any], clock: Clock) -> list[Stored]:
    frame = _frame_columns(value)
    if frame is None:
        return []
    columns = Columns(frame[0], clock)
    return [columns.stored(row) for row in zip(*frame[1], strict=False)]


FORMAT = Format("json-nested", "JSON document with records deep inside", sniff, open_nested)
