"""Tables in JSON: what their columns are called, and those that are written column by column.

Grafana's data frames, Splunk's `json_cols`, ClickHouse's JSONColumns, pandas' `to_json` with its
orients. Rows without names are known by what they hold.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import regex

from logclass import timestamps
from logclass.formats.columns import Columns
from logclass.formats.minutes import Clock
from logclass.formats.objects import object_in

if TYPE_CHECKING:
    from logclass.formats.head import Head
    from logclass.formats.stored import Stored

_HEADER = regex.compile(
    rb'"(?:columns|schema|meta|fields|headers?)"\s*:\s*(?=\[)', regex.IGNORECASE
)
_HEADER_NAMES = ("field", "name", "Name", "columnName", "ColumnName", "label")


def guessed_names(rows: list[Any]) -> tuple[str, ...]:
    """Return names for the columns of rows that have none: the first time, the wordiest text."""
    rows = [row for row in rows if isinstance(row, list)]
    width = len(rows[0])
    if width < 2 or any(len(row) != width for row in rows):
        return ()
    columns = list(zip(*rows, strict=True))
    times = [
        at
        for at, cells in enumerate(columns)
        if all(timestamps.parse_value(cell) is not None for cell in cells)
    ]
    words = [sum(str(cell).count(" ") for cell in cells) for cells in columns]
    text = words.index(max(words))
    if not times or text == times[0] or words[text] < len(rows):
        return ()
    known = {times[0]: "time", text: "message"}
    return tuple(known.get(at, f"column {at + 1}") for at in range(width))


def column_names(head: Head) -> tuple[str, ...]:
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


def is_of_columns(head: Head) -> bool:
    """Return whether a document is one table that is written column by column.

    Splunk's `json_cols`; ClickHouse's JSONColumns, with the types before it or without.
    """
    outline = head.outline
    if outline.top != "{":
        return False
    if {"fields", "columns"} <= outline.keys:
        names = list(column_names(head))
        is_split = (2, "columns") in outline.arrays and (1, "") not in outline.arrays
        return is_split and Columns(names, Clock(())).are_events
    value = object_in(head.data) if head.is_whole else None
    return value is not None and frame_columns(value) is not None


def frame_columns(value: dict[str, Any]) -> tuple[list[str], list[list[Any]]] | None:
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
    if all(isinstance(one, dict) for one in columns):  # by row numbers, as pandas does
        columns = [list(one.values()) for one in columns]
    is_frame = len(told) == len(columns) and all(isinstance(one, list) for one in columns)
    is_even = is_frame and len({len(one) for one in columns}) == 1
    return (told, columns) if is_even and Columns(told, Clock(())).are_events else None


def in_frame(value: dict[str, Any], clock: Clock) -> list[Stored]:
    """Return the events of a table that is written column by column, none of any other value."""
    frame = frame_columns(value)
    if frame is None:
        return []
    columns = Columns(frame[0], clock)
    return [columns.stored(row) for row in zip(*frame[1], strict=False)]
