"""Service and instance that every record of a stream names itself, for the tallies."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import regex

from logclass import fields, origin
from logclass.formats.blocks import ORIGIN_SEPARATOR, record_array

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from logclass.formats.blocks import Frame

# Per field the RE2 expression whose group `text` is its value, "" where records do not name it.
Searches = tuple[str, str]

_COLOUR = r"(?:\x1b\[[0-9;]*m)*"
_PAIR_KEY = regex.compile(
    rf"(?:^|[\s,\[{{(]){_COLOUR}([A-Za-z_][\w.@-]{{0,40}}){_COLOUR}=".encode()
)
_LEAST_SHARE = 0.5  # of a text's lines; a pair in fewer is about something else


def in_objects(objects: Sequence[dict[str, Any]]) -> Searches:
    """Return how to find what JSON objects name under their top-level keys."""
    keys = [key for one in objects[:200] for key in one if isinstance(one[key], str)]
    service, instance = (_best(keys, field) for field in ("service", "instance"))
    if not service and objects and all(map(is_named_process, objects[:200])):
        service = "name"
    return (_value_search(service), _value_search(instance))


def in_pairs(lines: Sequence[bytes]) -> Searches:
    """Return how to find what most lines of a text name as key=value."""
    seen = Counter(
        key.decode("ascii", "replace") for line in lines for key in set(_PAIR_KEY.findall(line))
    )
    keys = [key for key, count in seen.items() if count > _LEAST_SHARE * len(lines)]
    service, instance = (_best(keys, field) for field in ("service", "instance"))
    return (_pair_search(service), _pair_search(instance))


def streams(frame: Frame, searches: Searches) -> pa.Array:
    """Return "service, separator, instance" as each record names them."""
    records = record_array(frame.data, frame.starts, frame.ends)
    nothing = pa.scalar(b"", pa.large_binary())
    found = [
        pc.fill_null(pc.struct_field(pc.extract_regex(records, search), "text"), nothing)
        if search
        else nothing
        for search in searches
    ]
    return pc.binary_join_element_wise(*found, pa.scalar(ORIGIN_SEPARATOR, pa.large_binary()))


def is_named_process(record: Mapping[str, object]) -> bool:
    """Return whether this is a record of pino or bunyan whose `name` is that of the program.

    Where the host is a pod, its own name tells the workload.
    """
    named = [record.get(key) for key in ("name", "hostname")]
    if "pid" not in record or not all(isinstance(name, str) and name for name in named):
        return False
    return not origin.of_pod(str(named[1]))


def joined(service: str, instance: str) -> bytes:
    """Return "service, separator, instance" of one record."""
    return ORIGIN_SEPARATOR.join([service.encode(), instance.encode()])


def _best(keys: Iterable[str], field: str) -> str:
    """Return the best alias of a field among keys, "" where none is one."""
    ranks = {
        key: known[1] for key in keys if (known := fields.canonical(key)) and known[0] == field
    }
    return min(ranks, key=lambda key: (ranks[key], key), default="")


def _value_search(key: str) -> str:
    return rf'[{{,]\s*"{regex.escape(key)}"\s*:\s*"(?P<text>[^"]*)"' if key else ""


def _pair_search(key: str) -> str:
    before = r"(?:^|[\s,\[{(])" + _COLOUR
    value = _COLOUR + r'"?(?P<text>[^\s",;\x1b]+)'
    return rf"{before}{regex.escape(key)}{_COLOUR}={value}" if key else ""
