"""Tables as text: CSV with a header at the top, and what command line tools print in columns."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from logclass.changes.columns import layout
from logclass.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.changes.rows import Document, Row

_HEAD_LINES = 50  # comments and blank lines before the header
_HEAD_CHARACTERS = 100_000
_MARKDOWN_LINES = 500
_RULE = re.compile(r"\s*\|?\s*:?-{3,}:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$")
_MARKUP = re.compile(r"\*\*|`|~~")
_COLUMNS = re.compile(r"\t| {2,}")


def table(document: Document, torn: list[Fault]) -> Iterator[Row] | None:
    """Return the rows, keyed by the header; None without one that fits. Bad ones go to `torn`."""
    if _header(list(io.StringIO(document.text[:_HEAD_CHARACTERS], newline=""))) is None:
        return None
    lines = list(io.StringIO(document.text, newline=""))
    head = _header(lines)
    if head is None:
        return None
    del lines[: head[2]]
    return _table_rows(document, lines, head, torn)


def _header(lines: list[str]) -> tuple[str, tuple[str, ...], int] | None:
    """Return (separator, header, its line) of a table of changes; None where it is none."""
    skipped = _markdown(lines)
    while skipped < min(len(lines), _HEAD_LINES) and _is_comment(lines[skipped]):
        skipped += 1
    if skipped >= len(lines):
        return None
    head = lines[skipped]
    best = max(",;\t|", key=lambda mark: len(layout(_cells(head, mark)).fields))
    header = _cells(head, best)
    fields = layout(header).fields
    if "time" not in fields or not {"kind", "description", "target"} & set(fields):
        return None
    return best, header, skipped + 1


def _markdown(lines: list[str]) -> int:
    """Return where the header of a table in Markdown stands, with what is around it emptied."""
    rule = next((n for n, line in enumerate(lines[:_MARKDOWN_LINES]) if _RULE.match(line)), 0)
    if rule == 0:
        return 0
    end = next((n for n in range(rule, len(lines)) if "|" not in lines[n]), len(lines))
    for number, line in enumerate(lines):
        inside = rule - 1 <= number < end
        lines[number] = _MARKUP.sub("", line) if inside else "\n"
    return rule - 1


def is_markdown(document: Document) -> bool:
    """Return whether a document holds a table in Markdown, as people write them by hand."""
    head = document.text[:_HEAD_CHARACTERS].splitlines()
    return any(map(_RULE.match, head[:_MARKDOWN_LINES]))


def csv_rows(document: Document) -> Iterator[Row]:
    """Yield the rows of a CSV whose first line is its header; `,` `;` or tab."""
    lines = list(io.StringIO(document.text, newline=""))
    if not lines:
        return
    mark = max(",;\t", key=lines[0].count)
    yield from _table_rows(document, lines[1:], (mark, _cells(lines[0], mark), 1), [])


def printed(lines: list[str], header: int) -> Iterator[tuple[dict[str, str], int]]:
    """Yield (cells by column name, line) of what a tool printed under the header line.

    Columns are parted by tabs or by two spaces and more. The table ends at a blank line.
    """
    names = [name.strip() for name in _COLUMNS.split(lines[header].strip()) if name.strip()]
    starts = [lines[header].index(name) for name in names]
    for number, line in enumerate(lines[header + 1 :], header + 2):
        if not line.strip():
            return
        tabs = "\t" in lines[header]
        parts = line.split("\t") if tabs else _COLUMNS.split(line.strip())
        cells = [part.strip() for part in parts]
        if len(cells) != len(names):  # a cell is empty, or holds such a gap
            ends = [*starts[1:], len(line)]
            cells = [line[a:b].strip() for a, b in zip(starts, ends, strict=True)]
        yield dict(zip(names, cells, strict=True)), number


def _is_comment(line: str) -> bool:
    return not line.strip() or line.startswith("#") or line.lower().startswith("sep=")


def _cells(line: str, mark: str) -> tuple[str, ...]:
    try:
        return tuple(cell.strip() for cell in next(csv.reader([line], delimiter=mark), []))
    except csv.Error:
        return ()


def _table_rows(
    document: Document, lines: list[str], head: tuple[str, tuple[str, ...], int], torn: list[Fault]
) -> Iterator[Row]:
    mark, header, first = head
    reader = csv.reader(lines, delimiter=mark)
    number, line = 0, first + 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            torn.append(Fault(document.name, "undecodable", "not a CSV row", line))
            cells = []
        if cells is None:
            return
        text = "".join(cells).strip("-: ")  # what is left of a Markdown rule is nothing
        if text and not text.startswith("#"):
            number += 1
            value = dict(zip(header, map(str.strip, cells), strict=False))
            yield document.row(value, line, number)
        line = first + reader.line_num + 1
