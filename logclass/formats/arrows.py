"""What fluent-bit's `stdout` output prints: `[0] TAG: [[TIME, {…}], {"log"=>"…"}]`.

Its `file` output writes `TAG: [TIME, {"log":"…"}]`.

Shape: docs.fluentbit.io/manual/pipeline/outputs/standard-output; before version 2 the time stood
alone. What fluent-bit says itself stands between such lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import regex

from logclass import timestamps
from logclass.formats.collected import of_record
from logclass.formats.format import Format, Reader
from logclass.formats.rewritten import open_rewritten
from logclass.formats.textunits import line_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.formats.stored import Stored
    from logclass.model import Source

_START = r"^(?:\[\d+\] )?[\w.*/:@-]{1,300}: \[\[?\d{10}\.\d+, ?\{"
_LINE = regex.compile(rb"(?:\[\d+\] )?[\w.*/:@-]{1,300}: (?P<value>\[\[?\d{10}\.\d+, ?\{.*\])\s*$")
_KEY = regex.compile(rb'("(?:[^"\\]|\\.)*+")=>')
_MOST = 0.5


def sniff(head: Head) -> float:
    """Return a high confidence when most lines are records of fluent-bit's."""
    return 0.93 if head.share(_LINE) > _MOST else 0.0


def open_arrows(_head: Head, source: Source) -> Reader:
    """Return a reader for such lines."""
    return open_rewritten(source, line_units(source, _START), _of_line)


def _of_line(unit: bytes) -> Iterator[Stored]:
    match = _LINE.match(unit.partition(b"\n")[0])
    if match is None:
        return  # what fluent-bit says before its first record
    around, record = _parts(orjson.loads(_KEY.sub(rb"\1:", match["value"])))
    stamp = timestamps.parse_value(around)
    for event in of_record(record):
        known = event.time_ms if stamp is None else stamp.ms
        yield event._replace(time_ms=known)


def _parts(value: list[Any]) -> tuple[Any, dict[str, Any]]:
    """Return the time and the record of an entry; from version 2 metadata stand with the time."""
    around, record = value  # any other number of values is a ValueError
    return (around[0] if isinstance(around, list) else around), record


FORMAT = Format("fluent-bit-stdout", "fluent-bit's standard output", sniff, open_arrows)
