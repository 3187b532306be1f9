"""systemd's journal: `journalctl -o json` and `-o export`.

Shape: systemd.io/JOURNAL_EXPORT_FORMATS. Times are microseconds since the epoch, in text. A
daemon's stack trace is one entry a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import regex

from logclass import timestamps
from logclass.formats.blocks import MAX_RECORD_BYTES, Frame, newline_count
from logclass.formats.document import Elements, bare
from logclass.formats.format import Format, Reader
from logclass.formats.rewritten import json_object, json_units, open_rewritten
from logclass.formats.stored import Stored
from logclass.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

_KEYS = {"__REALTIME_TIMESTAMP", "MESSAGE"}
_SERVICE_KEYS = (
    "CONTAINER_NAME", "SYSLOG_IDENTIFIER", "_SYSTEMD_UNIT", "_SYSTEMD_USER_UNIT", "_COMM",
)  # fmt: skip
_TIME_KEYS = ("_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP")
_INSTANCE_KEYS = ("CONTAINER_ID", "_HOSTNAME", "_MACHINE_ID")
_FIELD = regex.compile(rb"[A-Z_][A-Z0-9_]*(?:=|$)")
_LENGTH_BYTES = 8
_MOST = 0.6


def sniff_json(head: Head) -> float:
    """Return a high confidence when most objects have the journal's own time."""
    found = sum(1 for one in head.objects if "__REALTIME_TIMESTAMP" in one)
    is_one = head.outline.keys >= _KEYS or head.outline.elements.get("", set()) >= _KEYS
    return 0.98 if is_one or (found and found > _MOST * len(head.lines)) else 0.0


def open_json(head: Head, source: Source) -> Reader:
    """Return a reader for -o json, -o json-pretty and -o json-sse without its prefix."""
    elements = Elements(1) if head.outline.top == "[" else bare(head)
    return open_rewritten(source, json_units(source, elements), _of_json)


def _of_json(unit: bytes) -> Iterator[Stored]:
    record = json_object(unit)
    if record:
        yield stored_of({key: _text(value) for key, value in record.items()})


def _text(value: Any) -> str:  # noqa: ANN401 - text, byte numbers, or a list of values
    if isinstance(value, list):
        if value and all(isinstance(one, int) and 0 <= one < 256 for one in value):
            return bytes(value).decode("utf-8", "replace")
        return _text(value[-1]) if value else ""
    return "" if value is None else str(value)


def stored_of(record: dict[str, str]) -> Stored:
    """Return the event of an entry's fields."""
    times = (record.get(key) or "" for key in _TIME_KEYS)
    stamp = next((found for text in times if (found := timestamps.parse(text))), None)
    service = next((record[key] for key in _SERVICE_KEYS if record.get(key)), "")
    instance = next((record[key] for key in _INSTANCE_KEYS if record.get(key)), "")
    return Stored(
        None if stamp is None else stamp.ms,
        record.get("MESSAGE") or "",
        service=service.removesuffix(".service"),
        instance=instance,
    )


def sniff_export(head: Head) -> float:
    """Return a high confidence for entries of the export format."""
    is_entry = head.data.lstrip(b"\n").startswith((b"__CURSOR=", b"__REALTIME_TIMESTAMP="))
    return 0.98 if is_entry and b"\n__REALTIME_TIMESTAMP=" in b"\n" + head.data else 0.0


def open_export(_head: Head, source: Source) -> Reader:
    """Return a reader for -o export."""

    def units(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        return _entries(chunks, faults, source.uri)

    def unfold(unit: bytes) -> Iterator[Stored]:
        record = dict(_fields(unit))
        if record:
            yield stored_of(record)

    return open_rewritten(source, units, unfold)


def _entries(chunks: Iterable[bytes], faults: list[Fault], source: str) -> Iterator[Frame]:
    held, line = b"", 1
    for chunk in chunks:
        held += chunk
        spans, end = _spans(held, is_last=False)
        if spans:
            yield _frame(held[:end], spans, line)
            line += newline_count(held, end)
            held = held[end:]
        elif len(held) > MAX_RECORD_BYTES:
            faults.append(Fault(source, "record_too_long", "no end of the entry", line))
            return
    if held:
        spans, end = _spans(held, is_last=True)
        if end < len(held):
            faults.append(Fault(source, "truncated", "the journal ends inside an entry", line))
        yield _frame(held, spans, line)


def _frame(data: bytes, spans: list[tuple[int, int]], line: int) -> Frame:
    array = np.array(spans, dtype=np.int64).reshape(-1, 2)
    return Frame(data, array[:, 0], array[:, 1], np.zeros(len(array), dtype=np.int64), line)


def _spans(data: bytes, *, is_last: bool) -> tuple[list[tuple[int, int]], int]:
    """Return where whole entries stand, and the offset behind the last of them."""
    spans: list[tuple[int, int]] = []
    at = start = 0
    while at < len(data):
        end = data.find(b"\n", at)
        if end < 0:
            at = len(data) if is_last else at
            break
        if end == at:  # an empty line ends an entry
            if at > start:
                spans.append((start, at))
            at = start = end + 1
            continue
        is_binary = b"=" not in data[at:end]
        at = end + 1
        if is_binary:
            size = int.from_bytes(data[at : at + _LENGTH_BYTES], "little")
            at += _LENGTH_BYTES + size + 1
    whole = at <= len(data)
    if is_last and whole and at > start:
        spans.append((start, len(data)))
        start = len(data)
    return spans, start


def _fields(entry: bytes) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(entry):
        end = entry.find(b"\n", at)
        end = len(entry) if end < 0 else end
        name, equals, value = entry[at:end].partition(b"=")
        at = end + 1
        if not equals:
            size = int.from_bytes(entry[at : at + _LENGTH_BYTES], "little")
            value = entry[at + _LENGTH_BYTES : at + _LENGTH_BYTES + size]
            at += _LENGTH_BYTES + size + 1
        if _FIELD.match(name):
            yield name.decode("ascii"), value.decode("utf-8", "replace")


JSON = Format("journald", "systemd journal (-o json)", sniff_json, open_json)
EXPORT = Format("journald-export", "systemd journal (-o export)", sniff_export, open_export)
