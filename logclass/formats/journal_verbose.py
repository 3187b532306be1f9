"""`journalctl -o verbose`: a line with time and cursor, below it a field a line, indented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from logclass import timestamps
from logclass.formats.format import Format, Reader
from logclass.formats.journald import stored_of
from logclass.formats.rewritten import open_rewritten
from logclass.formats.textunits import line_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.formats.stored import Stored
    from logclass.model import Source

_START = (
    r"^[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? [A-Z0-9+:-]{1,8} "
    r"\[[a-z]=[0-9a-f]+;"
)
_ENTRY = regex.compile(_START.encode())
_STAMP = regex.compile(r"[A-Z][a-z]{2} (?P<stamp>\S+ \S+ \S+) \[")
_FIELD = regex.compile(r" {4}(?P<key>[A-Z_][A-Z0-9_]{0,63})=(?P<value>.*)$")


def sniff(head: Head) -> float:
    """Return a high confidence for entries with a cursor."""
    return 0.97 if any(map(_ENTRY.match, head.lines[:20])) else 0.0


def open_verbose(_head: Head, source: Source) -> Reader:
    """Return a reader for such entries."""
    return open_rewritten(source, line_units(source, _START), _of_entry)


def _of_entry(unit: bytes) -> Iterator[Stored]:
    first, *lines = unit.decode("utf-8", "replace").rstrip().split("\n")
    head = _STAMP.match(first)
    if head is None:
        return  # what journalctl says before its first entry
    record: dict[str, str] = {}
    key = ""
    for line in lines:
        match = _FIELD.match(line)
        if match is not None:
            key = match["key"]
            record[key] = match["value"]
        elif key:
            record[key] += "\n" + line.removeprefix(" " * 8)
    stamp = timestamps.parse(head["stamp"])
    event = stored_of(record)
    yield event._replace(time_ms=stamp.ms) if event.time_ms is None and stamp else event


FORMAT = Format("journald-verbose", "journalctl -o verbose", sniff, open_verbose)
