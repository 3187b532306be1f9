"""Lines that are objects as a program prints them: Ruby's `p hash`, Python's `print(dict)`.

An object over several lines, as Node's console prints it, is one record too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import regex

from logclass import timestamps
from logclass.formats import lines, nested
from logclass.formats.format import Format, Reader
from logclass.formats.literals import printed_object
from logclass.formats.minutes import Clock
from logclass.formats.objects import object_in
from logclass.formats.rewritten import open_rewritten
from logclass.formats.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.blocks import Frame
    from logclass.formats.head import Head
    from logclass.model import Fault, Source

_MOST = 0.5  # of the records
_SAMPLE = 200  # lines
# Where an object cannot be read whole: an error with its stack stands in it.
_TIME = regex.compile(
    r"\b(?:timestamp|time|ts|date)\W{1,8}(?P<stamp>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.Z+:-]*)"
)
_COLOUR = regex.compile(r"\x1b\[[0-9;]*m")
_BEGINS = regex.compile(r"^(?=\{)", regex.MULTILINE)
_OTHER = regex.compile(r"^[^\s{})\]]", regex.MULTILINE)  # a line that goes on with none
_CONFIDENCE = 0.86  # above lines that are objects of JSON


def sniff(head: Head) -> float:
    """Return a high confidence when most records are printed objects with a time or a text."""
    if not any(line[:1] == b"{" for line in head.lines[:_SAMPLE]):
        return 0.0
    sample = b"\n".join(head.lines[:_SAMPLE]).decode("utf-8", "replace")
    units = _BEGINS.split(sample)
    others = sum(len(_OTHER.findall(unit)) for unit in units)
    found = sum(1 for unit in units if _is_record(unit.strip()))
    return _CONFIDENCE if found > _MOST * (len(units) - 1 + others) else 0.0


def _is_record(text: str) -> bool:
    """Return whether a record is a printed object, and no JSON, with a time or a text."""
    record = _first_object(text)[0]
    if not record or object_in(text) is not None:
        return False
    return nested.time_ms(record) is not None or nested.is_said(record)


def open_printed_objects(_head: Head, source: Source) -> Reader:
    """Return a reader for such lines."""
    clock = Clock(())

    def units(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        return lines.frames(chunks, Clock(()), lines.json_lines, faults, source.uri)

    def unfold(unit: bytes) -> Iterator[Stored]:
        yield _of_unit(unit.decode("utf-8", "replace").strip(), clock)

    return open_rewritten(source, units, unfold, clock)


def _of_unit(text: str, clock: Clock) -> Stored:
    """Return the event of an object, with the stack that may stand below it."""
    record, rest = _first_object(text)
    if not record:
        told = _TIME.search(text) if text[:1] == "{" else None
        stamp = timestamps.parse(told["stamp"], zone=clock.zone) if told else None
        return Stored(None if stamp is None else stamp.ms, text)
    said: dict[str, Any] = {**record, "stack": rest} if rest.strip() else record
    return Stored(nested.time_ms(record, clock), said)


def _first_object(text: str) -> tuple[dict[str, Any] | None, str]:
    """Return the object that a text is or begins with, and what stands below it."""
    if text[:1] != "{":
        return None, text
    text = _COLOUR.sub("", text) if "\x1b" in text else text
    first, _, rest = text.partition("\n")
    if record := _object(first):
        return record, rest
    inner, end, below = text.partition("\n}")
    return _object(inner + end), below


def _object(text: str) -> dict[str, Any] | None:
    return object_in(text) or printed_object(text)


FORMAT = Format("printed-objects", "Hashes of Ruby, dicts of Python", sniff, open_printed_objects)
