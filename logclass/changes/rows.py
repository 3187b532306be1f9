"""What a change-record export is cut into: documents, rows, and the result of reading them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from logclass.changes.values import (
    Json,
    Value,
    elements,
    has,
    listed,
    objects_at,
    opened,
    parse,
    text_at,
    value_at,
)
from logclass.model import ChangeEvent, Fault
from logclass.timestamps import Stamp, date_order, parse_value
from logclass.timestamps import parse as parse_time

_SLASHED_DAY = re.compile(r"(?<![\w/.-])\d{1,2}/\d{1,2}/\d{4}(?![\w/])")
_ORDER_CHARACTERS = 1_000_000
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}),? +")  # with dots the day is first

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import tzinfo


class KeySet(NamedTuple):
    """The keys that a JWKS held at one time."""

    name: str  # of the set: issuer, address, or the file's name without its time
    time_ms: int
    source: str
    keys: tuple[tuple[str, str, str], ...]  # (kid, thumbprint or "", alg), sorted
    zone_assumed: bool = False


class ChangeRead(NamedTuple):
    """What one file of change records told."""

    events: tuple[ChangeEvent, ...]
    faults: tuple[Fault, ...]
    format: str
    not_done: tuple[str, ...] = ()  # ids of changes that the record says did not happen
    key_sets: tuple[KeySet, ...] = ()  # `merge` compares them
    is_log_too: bool = False  # its records also tell of refused requests


@dataclass(frozen=True, slots=True)
class Row:
    """One record of an export, and where it stands."""

    value: Json
    source: str
    id: str  # FILE:LINE, or FILE:#n where several records share a line
    line: int | None  # 1-based
    near_ms: int | None = None  # years are guessed against this
    zone: tzinfo | None = None  # of times without one, where the user told it
    order: str = ""  # of dates that are numbers only, as the file shows it

    def text(self, *path: str | int) -> str:
        """Return the text or number at a path of keys as text; "" where there is none."""
        return text_at(self.value, *path)

    def first(self, *keys: str) -> str:
        """Return the first text or number under one of the keys; "" where there is none."""
        return next((found for key in keys if (found := text_at(self.value, key))), "")

    def has(self, *keys: str) -> bool:
        """Return whether the record has all these keys, in any spelling."""
        return has(self.value, keys)

    def stamp(self, *path: str | int) -> Stamp | None:
        """Return the time at a path of keys, or None."""
        return self.time(value_at(self.value, *path))

    def first_stamp(self, *keys: str) -> Stamp | None:
        """Return the first readable time under one of the keys, or None."""
        return next((stamp for key in keys if (stamp := self.stamp(key))), None)

    def time(self, value: object) -> Stamp | None:
        """Return the time that a value stands for, or None."""
        if isinstance(value, str) and (day := _DAY_FIRST.match(value)):
            value = f"{day[3]}-{int(day[2]):02d}-{int(day[1]):02d} {value[day.end() :]}"
        if isinstance(value, str):
            stamp = parse_time(value, zone=self.zone, near_ms=self.near_ms, order=self.order)
        else:
            stamp = parse_value(value, zone=self.zone, near_ms=self.near_ms)
        return Stamp(stamp.ms, zone_known=True) if stamp and self.zone else stamp

    def fault(self, kind: str, detail: str) -> Fault:
        """Return a fault at this row. It carries no excerpt: exports can hold secrets."""
        return Fault(source=self.source, kind=kind, detail=detail, line=self.line)

    def part(self, value: Json) -> Row:
        """Return a row for an object inside this one."""
        return replace(self, value=value)

    def parts(self, *path: str | int) -> list[Row]:
        """Return a row for each object of the list at a path."""
        return [self.part(value) for value in objects_at(self.value, *path)]


@dataclass(frozen=True)
class Document:
    """A file of change records in UTF-8; decoded and parsed on first use."""

    name: str
    data: bytes
    near_ms: int | None = None
    trusted: bool = False  # the user says that this is a change record
    zone: tzinfo | None = None

    @cached_property
    def text(self) -> str:
        """The text of the file, without a byte order mark."""
        return self.data.decode("utf-8-sig", "replace")

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The JSON values of the file: one, several glued together, or one per line."""
        return tuple(parse(self.text, self._torn))

    @cached_property
    def _torn(self) -> list[int]:
        return []

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return one fault for each part of the file that is not JSON. Parses the file."""
        _ = self.values
        return tuple(
            Fault(self.name, "undecodable", "not valid JSON, or cut off", self.line(offset))
            for offset in self._torn
        )

    @cached_property
    def order(self) -> str:
        """How the file gives dates of numbers only (see timestamps.date_order), "" without any."""
        days = dict.fromkeys(_SLASHED_DAY.findall(self.text[:_ORDER_CHARACTERS]))
        return date_order([f"{day} 00:00" for day in days], self.near_ms).order

    @property
    def file(self) -> str:
        """The name of the file without its folders."""
        return self.name.rpartition("/")[2]

    def line(self, offset: int) -> int:
        """Return the 1-based line of an offset in the text."""
        return self.text.count("\n", 0, offset) + 1

    def row(self, value: Json, line: int | None, number: int) -> Row:
        """Return a row of this document."""
        place = f"{line}" if line is not None else f"#{number}"
        ident = f"{self.file}:{place}"
        return Row(value, self.name, ident, line, self.near_ms, self.zone, self.order)


def rows(document: Document, *lists: str, whole: frozenset[str] | None = None) -> list[Row]:
    """Return the records of a JSON export, with their lines.

    Top-level arrays are opened, and so are the lists that stand under one of the keys `lists` in
    a top-level object or in an envelope; any other top-level object is a record itself, and so is
    one that has all the keys of `whole`.
    """
    found = list(_records(document, lists, whole))
    lines = _lines(document.text, [offset for _, offset in found])
    return [
        document.row(value, line, number)
        for number, ((value, _), line) in enumerate(zip(found, lines, strict=True), 1)
    ]


def collect(
    found: Iterable[Row], read: Callable[[Row], ChangeEvent | Fault | None]
) -> tuple[tuple[ChangeEvent, ...], tuple[Fault, ...]]:
    """Return the events and the faults that `read` makes of the rows."""
    results = [read(row) for row in found]
    events = tuple(item for item in results if isinstance(item, ChangeEvent))
    faults = tuple(item for item in results if isinstance(item, Fault))
    return events, faults


def mostly(items: Iterable[bool], share: float = 0.8) -> bool:
    """Return whether at least this share of the items, and one of them, is true."""
    flags = list(items)
    return bool(flags) and sum(flags) >= share * len(flags) and any(flags)


def is_dense(times_ms: Iterable[int], least_gap_ms: int = 60_000) -> bool:
    """Return whether times follow each other as in a log: people change things less often."""
    times = sorted(times_ms)
    gaps = sorted(late - early for early, late in pairwise(times))
    return len(gaps) > 1 and gaps[len(gaps) // 2] < least_gap_ms


def _records(
    document: Document, lists: tuple[str, ...], whole: frozenset[str] | None
) -> Iterator[tuple[Json, int | None]]:
    for value, offset in document.values:
        if not isinstance(value, dict):
            continue
        is_record = whole is not None and has(value, whole)
        found = [] if is_record else opened(value, lists)
        if not found:
            yield value, offset
        for key, items in found:
            for item, at in _listed(document.text, key, items, offset):
                pages = [] if whole is not None and has(item, whole) else listed(item, lists)
                if not pages:
                    yield item, at
                for _, page in pages:
                    yield from ((one, None) for one in page if isinstance(one, dict))


def _lines(text: str, offsets: list[int | None]) -> list[int | None]:
    """Return the line of each rising offset; no lines at all where they tell rows not apart."""
    lines: list[int | None] = []
    line, seen = 1, 0
    for offset in offsets:
        if offset is None or offset < seen:
            return [None] * len(offsets)
        line += text.count("\n", seen, offset)
        seen = offset
        lines.append(line)
    return lines if len(set(lines)) == len(lines) else [None] * len(lines)


def _listed(text: str, key: str, items: list[Any], start: int) -> Iterator[tuple[Json, int | None]]:
    """Yield the objects of a list inside a top-level object, with offsets where they are sure."""
    opening = re.compile(rf'"{re.escape(key)}"\s*:\s*\[').search(text, start)
    located = list(elements(text, opening.end() - 1, [])) if opening else []
    sure = [item.value for item in located] == items
    for index, item in enumerate(items):
        inner = item.get("node") if isinstance(item, dict) and len(item) <= 2 else None
        if isinstance(inner, dict):  # GraphQL's `edges`
            yield inner, located[index].offset if sure else None
        elif isinstance(item, dict):
            yield item, located[index].offset if sure else None
        elif isinstance(item, list):  # pages
            yield from ((one, None) for one in item if isinstance(one, dict))
