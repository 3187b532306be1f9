"""Tables in HTML: `mysql --html`, `psql -H`, sqlite's html mode, pandas' to_html, saved web pages.

Cells of the first row that names a time and a text are the columns' names. A document of any
number of lines is cut at its rows; what stands around the table is framing.
"""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import numpy as np
import regex

from logclass.formats import document
from logclass.formats.blocks import MAX_RECORD_BYTES, Frame, newline_count
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

_ROW = regex.compile(rb"<[tT][rR](?=[\s>])")
_END = regex.compile(rb"</(?:[tT][rR]|[tT][bB][oO][dD][yY]|[tT][aA][bB][lL][eE])\s*>")
_CELL = regex.compile(
    r"<(?:td|th)(?:\s[^>]{0,2000})?>"
    r"(?P<text>[^<]*+(?:<(?!/?(?:td|th|tr|tbody|thead|table)[\s>])[^<]*+)*+)",
    regex.IGNORECASE,
)
_BREAK = regex.compile(r"<(?:br|/p|/div|/li)\s*/?>", regex.IGNORECASE)
_TAG = regex.compile(r"<[^<>]{0,2000}>")
_SAMPLE = 50  # rows
_CONFIDENCE = 0.9
_TORN = "the document ends inside a row"


def _cells(row: bytes) -> list[str]:
    """Return the texts of a row's cells."""
    text = row.decode("utf-8", "replace")
    return [_said(match["text"]) for match in _CELL.finditer(text)]


def _said(cell: str) -> str:
    return unescape(_TAG.sub("", _BREAK.sub("\n", cell))).replace("\xa0", " ").strip()


def _header(head: Head) -> tuple[list[str], list[list[str]]]:
    """Return the columns' names and the first rows below them; none where it is no such table."""
    if not _ROW.search(head.data):
        return [], []
    starts = [match.start() for match in _ROW.finditer(head.data)][: _SAMPLE + 10]
    rows = [
        _cells(head.data[start:end]) for start, end in zip(starts, [*starts[1:], None], strict=True)
    ]
    for at, names in enumerate(rows):
        is_told = len(names) > 1 and Columns(names, Clock(())).are_events
        if is_told and any(len(row) == len(names) for row in rows[at + 1 :]):
            return names, rows[at + 1 :]
    return [], []


def sniff(head: Head) -> float:
    """Return a high confidence for a table whose columns name a time and a text."""
    return _CONFIDENCE if _header(head)[0] else 0.0


def open_html_table(head: Head, source: Source) -> Reader:
    """Return a reader for the rows below the names."""
    clock = Clock(())
    names, rows = _header(head)
    columns = Columns(names, clock)
    near_ms = None if source.modified_seconds is None else source.modified_seconds * 1000
    columns.learn(rows, near_ms)

    def unfold(unit: bytes) -> Iterator[Stored]:
        cells = _cells(unit)
        if cells == names or not any(cells):
            return
        if len(cells) < len(names):
            raise ValueError("a row with fewer cells than the table has columns")
        yield columns.stored(cells)

    def units(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        return _rows(chunks, faults, source.uri)

    return open_rewritten(source, units, unfold, clock)


def _rows(chunks: Iterable[bytes], faults: list[Fault], source: str) -> Iterator[Frame]:
    """Yield frames of whole rows."""
    held, line = b"", 1
    for chunk in chunks:
        held += chunk
        ends = [match.end() for match in _END.finditer(held)]
        ends += [match.start() for match in _ROW.finditer(held)]  # a row need not be closed
        end = max(ends, default=0)
        if end == 0:
            if len(held) > MAX_RECORD_BYTES:
                faults.append(Fault(source, "record_too_long", "no end of the row", line))
                return
            continue
        frame = _frame(held[:end], line)
        yield frame
        line += newline_count(frame.data)
        held = held[end:]
    if _ROW.search(held):
        faults.append(Fault(source, "truncated", _TORN, line))
    if held:
        yield _frame(held, line)


def _frame(data: bytes, line: int) -> Frame:
    """Return the rows in these bytes: from where one begins to its end, or to the next one."""
    starts = [match.start() for match in _ROW.finditer(data)]
    limits = [*starts[1:], len(data)] if starts else []
    ends = []
    for start, limit in zip(starts, limits, strict=True):
        end = _END.search(data, start, limit)
        ends.append(end.end() if end else limit)
    return document.timed(
        data, np.array(starts, np.int64), np.array(ends, np.int64), Clock(()), line
    )


FORMAT = Format("html-table", "Table in HTML with a time and a text", sniff, open_html_table)
