"""Lines that are lists of records: fluent-bit's `json` to standard output, a flush a line.

What the program says itself stands between such lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import regex

from logclass.formats import collected, nested
from logclass.formats.format import Format, Reader
from logclass.formats.minutes import Clock
from logclass.formats.rewritten import open_rewritten
from logclass.formats.stored import Stored
from logclass.formats.textunits import line_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

_LINE = regex.compile(rb"\[\s*\{\s*\"[^\n]*\}\s*\]\s*$")
_LEAST = 2  # such lines; a list alone is a document


def _lists(head: Head) -> list[list[dict[str, Any]]]:
    found = []
    for line in head.lines:
        if _LINE.match(line):
            try:
                value = orjson.loads(line)
            except orjson.JSONDecodeError:
                continue
            found.append([one for one in value if isinstance(one, dict)])
    return found


def sniff(head: Head) -> float:
    """Return a high confidence for several lists of records with a time among other lines."""
    if head.share(_LINE) in {0.0, 1.0}:
        return 0.0  # where nothing stands between them, they are a document
    lists = _lists(head)
    told = all(nested.time_ms(one) is not None for found in lists for one in found)
    return 0.9 if len(lists) >= _LEAST and 2 * len(lists) > len(head.lines) and told else 0.0


def open_array_lines(_head: Head, source: Source) -> Reader:
    """Return a reader for such lines."""
    clock = Clock(())

    def unfold(unit: bytes) -> Iterator[Stored]:
        if not _LINE.match(unit):
            yield Stored(None, unit.decode("utf-8", "replace").strip())
            return
        for record in orjson.loads(unit):
            if isinstance(record, dict):
                yield from _of_record(record, clock)

    return open_rewritten(source, line_units(source, r"^\S"), unfold, clock)


def _of_record(record: dict[str, Any], clock: Clock) -> Iterable[Stored]:
    for event in collected.of_record(record):
        known = nested.time_ms(record, clock) if event.time_ms is None else event.time_ms
        yield event._replace(time_ms=known)


FORMAT = Format("json-array-lines", "Lists of records, one a line", sniff, open_array_lines)
