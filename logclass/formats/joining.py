"""Events in the order of their export → records: the pieces of a stack trace in the first of them.

Each writer's lines are joined by themselves, however those of several writers are mixed. Exports
that begin with the newest event are turned around where events stand close together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from logclass.formats.stored import Stored
from logclass.formats.traces import CLOSE_MS, Trace

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_PIECES = 400  # events of one trace, and of a run that is turned around


class Row(NamedTuple):
    """One event of the export. event: None for one whose text went into an earlier row."""

    of: Stored
    event: Stored | None
    line: int


class _Waiting(NamedTuple):
    event: Stored
    role: int
    line: int


@dataclass(slots=True)
class _Held:
    """A writer's record that further lines may belong to."""

    row: int  # counted from the first event of the export
    last_ms: int | None
    texts: list[str]
    trace: Trace


class Joining:
    """Takes events one by one; gives rows as soon as nothing more can belong to them."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._first = 0  # number of the first of these rows
        self._held: dict[tuple[str, str], _Held] = {}  # oldest row first
        self._run: list[_Waiting] = []  # not in order yet
        self._is_descending: bool | None = None  # None: not known yet

    def add(self, event: Stored, role: int, line: int) -> None:
        """Take the next event. role: see traces.Role."""
        new = _Waiting(event, role, line)
        if self._is_descending is False:
            self._take(new)
            return
        if self._run and self._is_descending is None:
            self._is_descending = _order(self._run[-1].event, event)
        elif self._run and self._is_descending and not _is_close(self._run[-1].event, event):
            self._turn()
        self._run.append(new)
        if self._is_descending is False or len(self._run) >= _MAX_PIECES:
            self._turn()

    def settled(self) -> list[Row]:
        """Return the rows before the first that may still grow."""
        oldest = min((held.row for held in self._held.values()), default=self._end)
        count = oldest - self._first
        rows, self._rows = self._rows[:count], self._rows[count:]
        self._first += count
        return rows

    def rest(self) -> list[Row]:
        """Return all rows that are left: the export has ended."""
        self._turn()
        for writer in list(self._held):
            self._settle(writer)
        return self.settled()

    @property
    def _end(self) -> int:
        return self._first + len(self._rows)

    def _turn(self) -> None:
        for one in self._ordered():
            self._take(one)
        self._run = []

    def _ordered(self) -> Iterator[_Waiting]:
        return iter(reversed(self._run) if self._is_descending else self._run)

    def _take(self, new: _Waiting) -> None:
        event = new.event
        writer = (event.service, event.instance)
        held = self._held.get(writer)
        if held is not None:
            gap_ms = abs((event.time_ms or 0) - (held.last_ms or 0))
            goes_on = held.trace.goes_on(new.role, gap_ms)
            if goes_on and isinstance(event.message, str) and len(held.texts) < _MAX_PIECES:
                held.texts.append(event.message)
                held.last_ms = event.time_ms
                self._rows.append(Row(event, None, new.line))
                return
            self._settle(writer)
        oldest = next(iter(self._held), None)
        if oldest is not None and self._end - self._held[oldest].row > _MAX_PIECES:
            self._settle(oldest)
        trace = Trace()
        trace.goes_on(new.role, 0)
        said = event.message if isinstance(event.message, str) else ""
        self._held[writer] = _Held(self._end, event.time_ms, [said], trace)
        self._rows.append(Row(event, event, new.line))

    def _settle(self, writer: tuple[str, str]) -> None:
        held = self._held.pop(writer)
        if len(held.texts) > 1:
            row = self._rows[held.row - self._first]
            whole = row.of._replace(message="\n".join(held.texts))
            self._rows[held.row - self._first] = row._replace(event=whole)


def _order(before: Stored, after: Stored) -> bool | None:
    """Return whether the newer event stands first, None where their times do not tell."""
    if before.time_ms is None or after.time_ms is None or before.time_ms == after.time_ms:
        return None
    return after.time_ms < before.time_ms


def _is_close(one: Stored, other: Stored) -> bool:
    if one.time_ms is None or other.time_ms is None:
        return False
    return abs(one.time_ms - other.time_ms) <= CLOSE_MS
