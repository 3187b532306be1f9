"""Service and instance that every record of a stream names itself, for the tallies."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import regex

from logclass import fields, origin
from logclass.formats.blocks import ORIGIN_SEPARATOR, record_array
from logclass.formats.literals import printed_object
from logclass.formats.objects import object_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from logclass.formats.blocks import Frame

# Per field the RE2 expression whose group `text` is its value, "" where records do not name it.
Searches = tuple[str, str]
Path = tuple[str, ...]

_COLOUR = r"(?:\x1b\[[0-9;]*m)*"
_PAIR_KEY = regex.compile(
    rf"(?:^|[\s,\[{{(]){_COLOUR}([A-Za-z_][\w.@-]{{0,40}}){_COLOUR}=".encode()
)
_DURATION_KEY = regex.compile(rb"([A-Za-z_]\w{0,40})=\d+(?:\.\d+)?[mun]?s\b")
_TAIL = regex.compile(rb"(?<=[ \t])\{.*\}(?=\s*\Z)", regex.DOTALL)
_MAX_DEPTH = 3  # of objects in objects
_LEAST_SHARE = 0.5  # of a text's lines; a pair in fewer is about something else


def in_objects(objects: Sequence[dict[str, Any]]) -> Searches:
    """Return how to find what JSON objects name, also in objects inside them."""
    ranks: dict[str, dict[Path, int]] = {"service": {}, "instance": {}}
    for one in objects[:200]:
        _rank(one, (), ranks)
    service, instance = (
        min(found, key=lambda path: (found[path], path), default=())
        for found in (ranks["service"], ranks["instance"])
    )
    if not service and objects and all(map(is_named_process, objects[:200])):
        service = ("name",)
    return (_path_search(service), _path_search(instance))


def _rank(node: Mapping[str, Any], path: Path, ranks: dict[str, dict[Path, int]]) -> None:
    """Note how good a name each text in an object is; the rules are those of payload.py."""
    for key, value in node.items():
        place = (*path, key)
        if isinstance(value, dict) and len(path) < _MAX_DEPTH:
            _rank(value, place, ranks)
        known = fields.in_object(path[-1] if path else "", key)
        if known is None or known[0] not in ranks or fields.is_other_host(key, node):
            continue
        named = value
        if isinstance(value, dict):
            inner = next((name for name in ("name", "id") if value.get(name)), "")
            place, named = (*place, inner), value.get(inner)
        if isinstance(named, str):
            ranks[known[0]][place] = known[1] + len(path) * fields.RANKS_PER_LEVEL


def in_pairs(lines: Sequence[bytes]) -> Searches:
    """Return how to find what most lines of a text name as key=value."""
    seen = Counter(
        key.decode("ascii", "replace") for line in lines for key in set(_PAIR_KEY.findall(line))
    )
    timed = {
        key.decode("ascii", "replace") for line in lines for key in _DURATION_KEY.findall(line)
    }
    most = _LEAST_SHARE * len(lines)
    keys = [key for key, count in seen.items() if count > most and key not in timed]
    service, instance = (_best(keys, field) for field in ("service", "instance"))
    return (_pair_search(service), _pair_search(instance))


def in_tails(lines: Sequence[bytes]) -> Searches:
    """Return how to find what the objects behind most lines' texts name.

    Winston and zap write JSON, others what Ruby and Python print.
    """
    tails = [tail[0] for line in lines if (tail := _TAIL.search(line))]
    if len(tails) <= _LEAST_SHARE * len(lines):
        return ("", "")
    found = [value for tail in tails if (value := object_in(tail))]
    if len(found) > _LEAST_SHARE * len(lines):
        return in_objects(found)
    shown = [value for tail in tails if (value := printed_object(tail.decode("utf-8", "replace")))]
    if len(shown) <= _LEAST_SHARE * len(lines):
        return ("", "")
    keys = [key for key in dict.fromkeys(chain(*shown)) if isinstance(shown[0].get(key, ""), str)]
    service, instance = (_best(keys, field) for field in ("service", "instance"))
    return (_shown_search(service), _shown_search(instance))


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


def _path_search(path: Path) -> str:
    """Return how to find the text at these keys; of the objects around it the last one counts."""
    if not path:
        return ""
    outer = "".join(
        rf'"{regex.escape(key)}"\s*:\s*\{{(?:[^{{}}]|\{{[^{{}}]*\}})*?' for key in path[-2:-1]
    )
    before = outer or r"[{,]\s*"
    return rf'{before}"{regex.escape(path[-1])}"\s*:\s*"/?(?P<text>[^"]*)"'


def _shown_search(key: str) -> str:
    """Return how to find the text of a key in an object as Ruby or Python print it."""
    before = r"[{,] ?[:'\"]{0,2}"
    value = r"['\"]? ?(?:=>|:) ?['\"]/?(?P<text>[^'\"]*)['\"]"
    return rf"{before}{regex.escape(key)}{value}" if key else ""


def _pair_search(key: str) -> str:
    before = r"(?:^|[\s,\[{(])" + _COLOUR
    value = _COLOUR + r'"?(?P<text>[^\s",;\x1b]+)'
    return rf"{before}{regex.escape(key)}{_COLOUR}={value}" if key else ""
