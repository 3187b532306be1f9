"""Tables in XML: Splunk's results, `mysql --xml`, PowerShell's ConvertTo-Xml, SQL Server's FOR XML.

A row is an element that repeats; its columns are elements with a name in an attribute
(`<field name="ts">`, `<field k='_time'>`, `<Property Name="Message">`), or elements named by
themselves (`<row><ts>…</ts></row>`).
"""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import regex

from logclass.formats.columns import Columns
from logclass.formats.format import Format, Reader
from logclass.formats.minutes import Clock
from logclass.formats.rewritten import open_rewritten
from logclass.formats.textunits import line_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logclass.formats.head import Head
    from logclass.formats.stored import Stored
    from logclass.model import Source

_ROW = regex.compile(
    r"^\s*<(?P<tag>row|ROW|result|Result|Object|record|RECORD|doc|item)(?:\s[^>]*)?>"
)
_NAMED = regex.compile(
    r"<(?P<tag>field|Property|str|date|column|COLUMN|col|value)\s(?:[^>]*?\s)?(?:name|Name|k|NAME|key)="
    r"(?P<quote>[\"'])(?P<name>[^\"']{1,80})(?P=quote)[^>]*?(?:/>|>(?P<text>.*?)</(?P=tag)>)",
    regex.DOTALL,
)
_OWN = regex.compile(r"<(?P<name>[\w.:@-]{1,80})(?:\s[^>]*)?>(?P<text>[^<]*)</(?P=name)>")
_TAG = regex.compile(r"<[^>]*>")
_CDATA = regex.compile(r"<!\[CDATA\[(.*?)\]\]>", regex.DOTALL)
_XML = regex.compile(rb"\s*<(?:\?xml\s|[\w:]+[\s>])")
_SAMPLE = 50  # rows


def _rows(text: str) -> tuple[str, list[dict[str, str]]]:
    """Return the tag of the rows, and the first of them."""
    lines = text.split("\n")
    tag = next((match["tag"] for line in lines if (match := _ROW.match(line))), "")
    if not tag:
        return "", []
    begins = regex.compile(rf"(?m)^\s*(?=<{tag}[\s>])")
    units = begins.split(text)[1 : _SAMPLE + 1]
    return tag, [_cells(unit) for unit in units]


def _cells(unit: str) -> dict[str, str]:
    """Return the columns of a row; of a name that stands twice the last one."""
    plain = _CDATA.sub(lambda match: match[1].replace("&", "&amp;").replace("<", "&lt;"), unit)
    form = _NAMED if _NAMED.search(plain) else _OWN
    return {
        match["name"]: unescape(_TAG.sub("", match["text"] or "")).strip()
        for match in form.finditer(plain)
    }


def _names(rows: Sequence[dict[str, str]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def sniff(head: Head) -> float:
    """Return a high confidence for rows whose columns name a time and a text."""
    if not _XML.match(head.data):
        return 0.0
    _, rows = _rows(head.data.decode("utf-8", "replace"))
    names = _names(rows)
    return 0.89 if len(names) > 1 and Columns(names, Clock(())).are_events else 0.0


def open_xml_rows(head: Head, source: Source) -> Reader:
    """Return a reader for such rows."""
    clock = Clock(())
    tag, rows = _rows(head.data.decode("utf-8", "replace"))
    names = _names(rows)
    columns = Columns(names, clock)
    near_ms = None if source.modified_seconds is None else source.modified_seconds * 1000
    columns.learn([[row.get(name, "") for name in names] for row in rows], near_ms)

    def unfold(unit: bytes) -> Iterator[Stored]:
        cells = _cells(unit.decode("utf-8", "replace"))
        if any(cells.get(name) for name in names):
            yield columns.stored([cells.get(name, "") for name in names])

    return open_rewritten(source, line_units(source, rf"^\s*<{tag}[\s>]"), unfold, clock)


FORMAT = Format("xml-rows", "Rows of a table in XML", sniff, open_xml_rows)
