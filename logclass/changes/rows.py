"""What a change-record export is cut into: documents, rows, and the result of reading them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from logclass.model import ChangeEvent, Fault
from logclass.timestamps import Stamp, parse_value

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

_DECODER = json.JSONDecoder()
_GAP = re.compile(r"[\s,\x1e]*")  # white space, and what stands between glued documents
_LIST_START = re.compile(r'"(\w+)"\s*:\s*\[')
_BAD_JSON = (ValueError, RecursionError)
_BAD_PARTS = 1000  # a file with more torn parts than this is no JSON export

Json = dict[str, Any]


class ChangeRead(NamedTuple):
    """What one file of change records told."""

    events: tuple[ChangeEvent, ...]
    faults: tuple[Fault, ...]
    format: str
    not_done: tuple[str, ...] = ()  # ids of changes that the record says did not happen


@dataclass(frozen=True, slots=True)
class Row:
    """One record of an export, and where it stands."""

    value: Json
    source: str
    id: str  # FILE:LINE, or FILE:#n where several records share a line
    line: int | None  # 1-based
    near_ms: int | None = None  # years are guessed against this

    def text(self, *path: str | int) -> str:
        """Return the text or number at a path of keys as text; "" where there is none."""
        return text_at(self.value, *path)

    def stamp(self, *path: str | int) -> Stamp | None:
        """Return the time at a path of keys, or None."""
        return parse_value(value_at(self.value, *path), near_ms=self.near_ms)

    def fault(self, kind: str, detail: str) -> Fault:
        """Return a fault at this row. It carries no excerpt: exports can hold secrets."""
        return Fault(source=self.source, kind=kind, detail=detail, line=self.line)

    def part(self, value: Json) -> Row:
        """Return a row for an object inside this one."""
        return Row(value, self.source, self.id, self.line, self.near_ms)


class Value(NamedTuple):
    """A JSON value and the offset at which it starts."""

    value: Any
    offset: int


@dataclass(frozen=True)
class Document:
    """A file of change records in UTF-8; decoded and parsed on first use."""

    name: str
    data: bytes
    near_ms: int | None = None
    trusted: bool = False  # the user says that this is a change record

    @cached_property
    def text(self) -> str:
        """The text of the file, without a byte order mark."""
        return self.data.decode("utf-8-sig", "replace")

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The JSON values of the file: one, several glued together, or one per line."""
        return tuple(_values(self.text, self._torn))

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

    def line(self, offset: int) -> int:
        """Return the 1-based line of an offset in the text."""
        return self.text.count("\n", 0, offset) + 1

    def row(self, value: Json, line: int | None, number: int) -> Row:
        """Return a row of this document."""
        place = f"{line}" if line is not None else f"#{number}"
        file = self.name.rpartition("/")[2]
        return Row(value, self.name, f"{file}:{place}", line, self.near_ms)


def value_at(value: object, *path: str | int) -> Any:  # noqa: ANN401 - JSON is anything
    """Return what stands at a path of keys and indexes; None where the path breaks off."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def text_at(value: object, *path: str | int) -> str:
    """Return the text or number at a path as text; "" where there is none."""
    found = value_at(value, *path)
    if isinstance(found, str):
        return found.strip()
    return str(found) if isinstance(found, int | float) and not isinstance(found, bool) else ""


def objects_at(value: object, *path: str | int) -> list[Json]:
    """Return the objects of the list at a path; empty where there is none."""
    found = value_at(value, *path)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def rows(document: Document, *lists: str, whole: frozenset[str] | None = None) -> list[Row]:
    """Return the records of a JSON export, with their lines.

    Top-level arrays are opened, and so are the lists that stand under one of the keys `lists` in
    a top-level object; any other top-level object is a record itself, and so is one that has all
    the keys of `whole`.
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


def _values(text: str, torn: list[int]) -> Iterator[Value]:
    """Yield the top-level values, arrays opened. Offsets of what is not JSON go to `torn`."""
    position = _skip(text, 0)
    while position < len(text) and len(torn) < _BAD_PARTS:
        try:
            if text[position] == "[":
                position = yield from _elements(text, position, torn)
            else:
                value, end = _DECODER.raw_decode(text, position)
                yield Value(value, position)
                position = end
        except _BAD_JSON:
            torn.append(position)
            position = yield from _salvage(text, position)
        position = _skip(text, position)


def _elements(text: str, start: int, torn: list[int]) -> Generator[Value, None, int]:
    """Yield the elements of the array that starts at `start`; return where it ends."""
    position = _skip(text, start + 1)
    while position < len(text) and text[position] != "]":
        try:
            value, end = _DECODER.raw_decode(text, position)
        except _BAD_JSON:
            torn.append(position)
            return len(text)
        # `gh api --paginate --slurp` writes an array of pages
        if isinstance(value, list):
            yield from (Value(item, position) for item in value)
        else:
            yield Value(value, position)
        position = _skip(text, end)
    return position + 1


def _salvage(text: str, position: int) -> Generator[Value, None, int]:
    """After a torn value: read the list of a cut-off wrapper object, else go to the next line."""
    start = _LIST_START.search(text, position, position + 200)
    if text[position] == "{" and start and "\n{" not in text[position:]:
        items = [item.value for item in _elements(text, start.end() - 1, [])]
        if items:
            yield Value({start.group(1): items}, position)
            return len(text)
    newline = text.find("\n", position)
    return newline + 1 if newline >= 0 else len(text)


def _skip(text: str, position: int) -> int:
    match = _GAP.match(text, position)
    return match.end() if match else position


def _records(
    document: Document, lists: tuple[str, ...], whole: frozenset[str] | None
) -> Iterator[tuple[Json, int | None]]:
    for value, offset in document.values:
        if not isinstance(value, dict):
            continue
        is_record = whole is not None and value.keys() >= whole
        keys = [key for key in lists if isinstance(value.get(key), list) and not is_record]
        if not keys:
            yield value, offset
        for key in keys:
            yield from _listed(document.text, key, value[key], offset)


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
    located = list(_elements(text, opening.end() - 1, [])) if opening else []
    sure = [item.value for item in located] == items
    for index, item in enumerate(items):
        if isinstance(item, dict):
            yield item, located[index].offset if sure else None
