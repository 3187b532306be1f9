"""Labelled tab-separated values (ltsv.org), as nginx, Apache, Fluentd and fluent-bit write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import regex

from logclass import fields
from logclass.formats import nested
from logclass.formats.format import Format, Reader
from logclass.formats.minutes import Clock
from logclass.formats.requests import request_line
from logclass.formats.rewritten import open_rewritten
from logclass.formats.stored import Stored
from logclass.formats.textunits import line_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

_LABEL = r"\"?[A-Za-z_@][\w.@-]{0,60}\"?:"
_LINE = regex.compile(rf"{_LABEL}[^\t\n]*(?:\t{_LABEL}[^\t\n]*)+\s*$".encode())
_MOST = 0.8  # of the lines
_NOTHING = {"", "-"}


def sniff(head: Head) -> float:
    """Return a high confidence when most lines are labelled values, a time among them."""
    if head.share(_LINE) <= _MOST:
        return 0.0
    record = _record(head.lines[0])
    is_told = len({known[0] for key in record if (known := fields.canonical(key))}) > 1
    return 0.9 if nested.time_ms(record) is not None and is_told else 0.0


def open_ltsv(_head: Head, source: Source) -> Reader:
    """Return a reader for such lines."""
    clock = Clock(())

    def unfold(unit: bytes) -> Iterator[Stored]:
        record = _record(unit)
        if record:
            yield Stored(nested.time_ms(record, clock), record)

    return open_rewritten(source, line_units(source, rf"^{_LABEL}"), unfold, clock)


def _record(line: bytes) -> dict[str, Any]:
    pairs = (part.partition(":") for part in line.decode("utf-8", "replace").strip().split("\t"))
    found: dict[str, Any] = {
        key.strip('"'): value.strip('"') for key, colon, value in pairs if colon
    }
    told = {key: value for key, value in found.items() if value not in _NOTHING}
    if "req" in told:  # ltsv.org's label for the request line
        told |= request_line(told["req"]) | {"client": told.pop("host", "")}
    return told


FORMAT = Format("ltsv", "Labelled tab-separated values", sniff, open_ltsv)
