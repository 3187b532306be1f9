"""Azure Monitor: answers of Log Analytics queries, tables of columns and rows.

Shape: learn.microsoft.com/azure/azure-monitor/logs/api/response-format. Storage accounts hold JSON
lines, the portal exports CSV.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logclass.formats.columns import Columns
from logclass.formats.document import Elements
from logclass.formats.format import Format, Reader
from logclass.formats.minutes import Clock
from logclass.formats.rewritten import json_object, json_units, open_rewritten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.formats.stored import Stored
    from logclass.model import Source


def sniff(head: Head) -> float:
    """Return a high confidence for tables with columns and rows."""
    inside = head.outline.elements.get("tables", set()) | head.outline.elements.get("Tables", set())
    return 0.97 if {key.lower() for key in inside} >= {"columns", "rows"} else 0.0


def open_tables(_head: Head, source: Source) -> Reader:
    """Return a reader for the tables of an answer."""
    clock = Clock(())

    def unfold(unit: bytes) -> Iterator[Stored]:
        table = {key.lower(): value for key, value in json_object(unit).items()}
        names = [
            str(column.get("name") or column.get("ColumnName") or "")
            for column in table.get("columns") or []
            if isinstance(column, dict)
        ]
        columns = Columns(names, clock, zone="UTC")
        for row in table.get("rows") or []:
            if isinstance(row, list):
                yield columns.stored(row)

    return open_rewritten(source, json_units(source, Elements(2)), unfold, clock)


FORMAT = Format("azure-query", "Azure Log Analytics query answer", sniff, open_tables)
