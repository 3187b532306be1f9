"""Rows as CSV that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# A spreadsheet reads a cell that begins so as a formula; full-width forms count in some locales.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write(rows: Iterable[Mapping[str, Any]], stream: TextIO) -> int:
    """Write rows with the keys of the first as header, and return how many were written.

    Lists become JSON, None an empty cell; text that a spreadsheet would read as a formula gets a
    leading apostrophe. The stream must be opened with `newline=""`.
    Raises ValueError when a later row has a key the first has not.
    """
    count = 0
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(stream, [cell(key) for key in row], lineterminator="\r\n")
            writer.writeheader()
        writer.writerow({cell(key): cell(value) for key, value in row.items()})
        count += 1
    return count


def cell(value: object) -> str:
    """Return one value as the text of its cell."""
    if value is None:
        return ""
    if isinstance(value, list | tuple | dict):
        value = json.dumps(value, ensure_ascii=False)
    text = str(value)
    if isinstance(value, str) and text.lstrip(" ").startswith(_FORMULA):
        return f"'{text}"
    return text
