"""What Grafana's Explore downloads as text: labels that all lines share, then `TIME⇥line`.

The newest line stands first or last, as the view was sorted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import regex

from logclass import timestamps
from logclass.formats.format import Format, Reader
from logclass.formats.rewritten import Names, names_of, open_rewritten
from logclass.formats.stored import Stored
from logclass.formats.textunits import line_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

_STAMP = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t"
_LINE = regex.compile(_STAMP.encode())
_NOTE = regex.compile(
    rb"(?:Common labels|Line limit|Limit|Total bytes processed|Deduplication"
    rb"|Results cache|Error): "
)
_LABELS = regex.compile(rb"Common labels: (?P<labels>\{.*\}|\".*\")\s*")
_PAIR = regex.compile(r'(\w+)="([^"]*)"')
_NOTES = 8  # lines that may stand above


def sniff(head: Head) -> float:
    """Return a high confidence for what Explore notes, above lines with its time."""
    is_noted = any(map(_NOTE.match, head.lines[:_NOTES]))
    return 0.93 if is_noted and any(map(_LINE.match, head.lines)) else 0.0


def open_text(head: Head, source: Source) -> Reader:
    """Return a reader for the lines below the notes."""
    names = _common(head)

    def unfold(unit: bytes) -> Iterator[Stored]:
        match = _LINE.match(unit)
        if match is None:
            return  # the notes
        stamp = timestamps.parse(match[0].decode().strip())
        said = unit[match.end() :].decode("utf-8", "replace").rstrip("\n")
        yield Stored(None if stamp is None else stamp.ms, said, *names)

    return open_rewritten(source, line_units(source, _STAMP), unfold)


def _common(head: Head) -> Names:
    """Return the names among the labels that all lines share."""
    match = next(filter(None, map(_LABELS.match, head.lines[:_NOTES])), None)
    if match is None:
        return Names()
    try:
        labels = orjson.loads(match["labels"])
    except orjson.JSONDecodeError:
        return Names()
    if isinstance(labels, str):  # {app="orders", pod="orders-1"}
        labels = dict(_PAIR.findall(labels))
    return names_of(labels) if isinstance(labels, dict) else Names()


FORMAT = Format("grafana-text", "Grafana Explore, downloaded as text", sniff, open_text)
