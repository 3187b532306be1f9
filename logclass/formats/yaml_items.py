"""A YAML document with a list of records: `yq -y`, js-yaml, PyYAML's dump, an API's answer as YAML.

Each item is read by itself: it begins at a dash that stands as far in as the first one's.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import regex

from logclass.formats import nested
from logclass.formats.format import Format, Reader
from logclass.formats.minutes import Clock
from logclass.formats.rewritten import open_rewritten
from logclass.formats.textunits import line_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.formats.stored import Stored
    from logclass.model import Source

_ITEM = regex.compile(rb"(?m)^(?P<room> {0,12})- (?=[\"']?[A-Za-z_@][\w.@/-]{0,60}[\"']?:(?:\s|$))")
_CONFIDENCE = 0.9  # below the AWS CLI's YAML
_LEAST = 2  # items
_SAMPLE_BYTES = 64 * 1024


def sniff(head: Head) -> float:
    """Return a high confidence for a list whose first items have a time and a text."""
    return _CONFIDENCE if _room(head) is not None else 0.0


def open_yaml_items(head: Head, source: Source) -> Reader:
    """Return a reader for the items of the list."""
    clock = Clock(())
    start = rf"^ {{{_room(head) or 0}}}- "
    return open_rewritten(source, line_units(source, start), partial(_of_item, clock=clock), clock)


def _room(head: Head) -> int | None:
    """Return how far in the dashes of a list of records stand, None where there is no such list."""
    first = _ITEM.search(head.data, 0, _SAMPLE_BYTES)
    if first is None:
        return None
    room = first["room"]
    item = regex.compile(rb"(?m)^%b- " % room)
    starts = [match.start() for match in item.finditer(head.data, 0, _SAMPLE_BYTES)]
    units = [head.data[start:end] for start, end in pairwise(starts)][:_LEAST]
    told = [value for unit in units if (value := _item(unit)) and nested.is_record(value)]
    return len(room) if len(told) == _LEAST else None


def _of_item(unit: bytes, clock: Clock) -> Iterator[Stored]:
    if not unit.lstrip().startswith(b"- "):
        return  # what stands above the list
    value = _item(unit)
    if not value:
        raise ValueError("an item of a YAML list that holds no record")
    yield from nested.of_record(value, clock)


def _item(unit: bytes) -> dict[str, Any]:
    """Return the record of an item; what stands less far in, below the last, is none of it."""
    from logclass import yamltext  # few bundles need a YAML reader

    text = unit.decode("utf-8", "replace")
    room = len(text) - len(text.lstrip(" "))
    lines = text.splitlines()
    inside = [line for line in lines[1:] if line.startswith(" " * (room + 1)) or not line.strip()]
    values = yamltext.parse(dedent("\n".join([lines[0], *inside])))
    value = values[0][0] if values and isinstance(values[0], list) and values[0] else None
    return value if isinstance(value, dict) else {}


FORMAT = Format("yaml-list", "YAML document with a list of records", sniff, open_yaml_items)
