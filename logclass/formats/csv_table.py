"""CSV with a header: CloudWatch's consoles, Kibana, Datadog, Azure, Sentry, spreadsheets.

Quotes as in RFC 4180: a field may hold newlines, so records end where the number of quotes is even.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import regex

from logclass.formats.blocks import MAX_RECORD_BYTES, NEWLINE, Frame, newline_count
from logclass.formats.columns import Columns
from logclass.formats.format import Format, Reader
from logclass.formats.minutes import Clock
from logclass.formats.rewritten import open_rewritten
from logclass.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.head import Head
    from logclass.formats.stored import Stored
    from logclass.model import Source

_QUOTE = ord('"')
_DELIMITERS = ",;\t|"
_HEADER = regex.compile(r'^"?[@\w][\w@.\- ()\[\]/:]{0,80}"?$')
# What psql prints around its rows.
_FRAMING = regex.compile(r"[-+ ]+|\(\d+ rows?\)\s*")
# Above the header: the delimiter for Excel (Grafana), a type (PowerShell's Export-Csv).
_PREAMBLE = regex.compile(rb"[\xef\xbb\xbf\s]*(?:(?:sep=.|#TYPE [^\n]*)\r?\n)?")
_MAX_HEADER = 16_384
csv.field_size_limit(MAX_RECORD_BYTES)


def _header(head: Head) -> tuple[str, list[str]] | None:
    """Return the delimiter and the columns' names, None where the first line is no header."""
    first = _PREAMBLE.sub(b"", head.data, count=1).partition(b"\n")[0].decode("utf-8", "replace")
    first = first.rstrip("\r")
    if not first or len(first) > _MAX_HEADER or "\r" in first or "\0" in first:
        return None
    for delimiter in _DELIMITERS:
        names = next(iter(csv.reader([first], delimiter=delimiter)), [])
        named = names if names[:1] != [""] else names[1:]  # a column of row numbers has no name
        is_header = len(named) > 1 and all(_HEADER.match(name.strip()) for name in named)
        if is_header and _are_events(head, delimiter, names):
            return delimiter, names
    return None


def _are_events(head: Head, delimiter: str, names: list[str]) -> bool:
    """Return whether there is a time, and a text by its name or by what stands under it."""
    columns = Columns(names, Clock(()))
    if columns.has_time and not columns.are_events:
        columns.learn(_first_rows(head, delimiter), None)
    return columns.are_events


def sniff(head: Head) -> float:
    """Return a high confidence for a header that names a time and a text, with rows below it."""
    found = _header(head)
    if found is None:
        return 0.0
    delimiter, names = found
    rows = [line for line in head.lines[1:] if delimiter.encode() in line]
    return 0.94 if rows or len(head.lines) == 1 or len(names) > 2 else 0.0


def open_csv(head: Head, source: Source) -> Reader:
    """Return a reader for the rows below the header."""
    clock = Clock(())
    delimiter, names = _header(head) or (",", [])
    columns = Columns(names, clock)
    near_ms = None if source.modified_seconds is None else source.modified_seconds * 1000
    columns.learn(_first_rows(head, delimiter), near_ms)
    preamble = _PREAMBLE.match(head.data)
    above = preamble[0].lstrip(b"\xef\xbb\xbf\r\n") if preamble else b""

    def unfold(unit: bytes) -> Iterator[Stored]:
        text = unit.decode("utf-8", "replace").replace("\0", "")
        if above and text.lstrip('\ufeff"').startswith(names[0]):
            return  # the header, where another line stands above it
        try:
            rows = list(csv.reader([text], delimiter=delimiter))
        except csv.Error as error:
            raise ValueError(str(error)) from error
        for row in rows:
            if any(row) and not _FRAMING.fullmatch("".join(row)):
                yield columns.stored(row)

    def units(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        return _records(chunks, faults, source.uri)

    return open_rewritten(source, units, unfold, clock)


def _first_rows(head: Head, delimiter: str) -> list[list[str]]:
    lines = [line.decode("utf-8", "replace").replace("\0", "") for line in head.lines[1:]]
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return []


def _records(chunks: Iterable[bytes], faults: list[Fault], source: str) -> Iterator[Frame]:
    """Yield frames of whole rows; the header is framing."""
    held, line, is_header = b"", 1, True
    for chunk in chunks:
        held += chunk
        ends = _ends(held)
        if len(ends) == 0:
            if len(held) > MAX_RECORD_BYTES:
                faults.append(Fault(source, "record_too_long", "a quote that does not end", line))
                return
            continue
        frame = _frame(held[: int(ends[-1])], ends, line, is_header=is_header)
        is_header = False
        yield frame
        line += newline_count(frame.data)
        held = held[int(ends[-1]) :]
    if held:
        ends = np.array([len(held)], dtype=np.int64)
        if held.count(b'"') % 2:
            faults.append(Fault(source, "truncated", "the file ends inside a quoted field", line))
        yield _frame(held, ends, line, is_header=is_header)


def _frame(data: bytes, ends: np.ndarray, line: int, *, is_header: bool) -> Frame:
    starts = np.append(0, ends[:-1])
    if is_header:
        starts, ends = starts[1:], ends[1:]
    return Frame(data, starts, ends, np.zeros(len(starts), dtype=np.int64), line)


def _ends(data: bytes) -> np.ndarray:
    """Return the offsets behind the newlines that stand outside quotes."""
    array = np.frombuffer(data, dtype=np.uint8)
    newlines = np.flatnonzero(array == NEWLINE)
    quotes = np.flatnonzero(array == _QUOTE)
    if len(quotes):
        newlines = newlines[(np.searchsorted(quotes, newlines) & 1) == 0]
    return newlines + 1


FORMAT = Format("csv", "CSV with a time and a text", sniff, open_csv)
