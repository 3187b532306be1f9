"""A change list as CSV: a header with known names somewhere at the top, rows with their lines."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from logclass.changes.columns import layout
from logclass.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.changes.rows import Document, Row

_HEAD_LINES = 50  # comments and blank lines before the header


def table(document: Document, torn: list[Fault]) -> Iterator[Row] | None:
    """Return the rows, keyed by the header; None without one that fits. Bad ones go to `torn`."""
    lines = list(io.StringIO(document.text, newline=""))
    skipped = 0
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
    del lines[: skipped + 1]
    return _table_rows(document, lines, (best, header, skipped + 1), torn)


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
