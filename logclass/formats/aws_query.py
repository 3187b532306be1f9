"""What `aws logs … --query` leaves of events: a list of messages, or of times and messages.

The command line prints JSON at an indent of four, an element a line or more. Shapes:
`--query 'events[].message'` and `--query 'events[].[timestamp,logStreamName,message]'`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import regex

from logclass import origin, timestamps
from logclass.formats.format import Format, Reader
from logclass.formats.rewritten import open_rewritten
from logclass.formats.stored import Stored
from logclass.formats.textunits import line_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

_MESSAGES = regex.compile(rb'\[\s*\n {4}"(?:[^"\\\n]|\\.)*+"(?:,\n {4}"|\s*\])')
_ROWS = regex.compile(
    rb'\[\s*\n {4}\[\s*\n(?: {8}(?:\d{13}|"(?:[^"\\\n]|\\.)*+"|null),?\n){2,6} {4}\]'
)
_EPOCH = regex.compile(rb"\n {8}\d{13},?\n")


def sniff(head: Head) -> float:
    """Return a high confidence for a printed list of texts, or of rows with a time."""
    row = _ROWS.match(head.data)
    if row:
        return 0.9 if _EPOCH.search(row[0]) else 0.0
    return 0.8 if _MESSAGES.match(head.data) else 0.0


def open_query(_head: Head, source: Source) -> Reader:
    """Return a reader for the printed list."""
    return open_rewritten(source, line_units(source, r'^ {4}["\[]'), _of_element)


def _of_element(unit: bytes) -> Iterator[Stored]:
    written = unit.strip().removesuffix(b"]") if unit.rstrip().endswith(b"\n]") else unit
    written = written.strip().removesuffix(b",")
    if not written.startswith((b'"', b"[")) or written == b"[":
        return
    value = orjson.loads(written)
    row = [value] if isinstance(value, str) else value
    said = [cell for cell in row if isinstance(cell, str)]
    if not said:
        return
    message = max(said, key=len)
    stream = next((cell for cell in said if cell is not message and " " not in cell), "")
    times = [timestamps.parse_value(cell) for cell in row if not isinstance(cell, str)]
    stamp = next((time for time in times if time is not None), None)
    told = origin.of_stream(stream) if stream else origin.Origin("", "")
    yield Stored(None if stamp is None else stamp.ms, message, told.service, told.instance)


FORMAT = Format("cloudwatch-query", "aws logs … --query (lists)", sniff, open_query)
