"""The minute of every record of a block, without decoding the records.

A stream's time stamps nearly always stand at a few fixed places: so many bytes from the start of
the line, from its end, or after the first bracket. learned.py finds those places in the head of
the stream; `Clock.minutes` reads eight bytes at a time there for all records at once, compares
neighbours, and parses only where the minute changes. Records with their stamp elsewhere are
searched by Arrow's RE2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow.compute as pc

from logclass.columns import NO_MINUTE
from logclass.formats import digits, stamps
from logclass.formats.blocks import Ints, Mask, record_array, words
from logclass.formats.stamps import (
    ANY_STAMP,
    BY_NAME,
    EPOCH_START,
    FULL_TEXT,
)
from logclass.formats.zones import zones

if TYPE_CHECKING:
    from datetime import tzinfo

    from logclass.timestamps import Stamp

IMPOSSIBLE = NO_MINUTE + 1  # a stamp such as 2031-13-45 25:61:00

_MS_PER_MINUTE = 60_000
_CENTURIES = (b"20", b"19")  # most stamps stand first and begin so: told without a search
_MAX_STAMP_BYTES = 40
_MEMO_LIMIT = 200_000
LEAD_BYTES = 8  # as many of them are looked at before a stamp
_TIME_OF_DAY = r"\d:\d\d"
_BRACKET = ord("[")
_IS_SPACE = np.zeros(256, dtype=np.bool_)
_IS_SPACE[list(b" \t\r\n\v\f")] = True


class Place(NamedTuple):
    """Where a stamp stands in a record."""

    anchor: str  # "start", "end" or "bracket"
    column: int
    form: str
    lead: bytes = b""  # what stands right before it: the key of a JSON member


@dataclass(slots=True)
class Clock:
    """Reads the minutes of a stream's records.

    places: tried in order. search: an RE2 expression with one group named `stamp`, for the rest.
    near_ms: dates without a year are read as the nearest such date to this.
    """

    places: tuple[Place, ...]
    search: str = ""
    near_ms: int | None = None
    zone: tzinfo | None = None  # of stamps that name none, where the user said it
    zone_told: str = ""  # by a second clock on the lines
    order: str = ""  # of dates that are numbers only: "dmy", "mdy" or "ymd"
    order_assumed: str = ""  # the same, where another would do as well
    zone_assumed: bool = False  # becomes True when a stamp without a zone is read as UTC ...
    zone_used: bool = False  # ... and this one when it is read in `zone`
    year_assumed: bool = False  # becomes True when a date without a year is read
    date_told: str = ""  # what told the date of times of day: "name" or "written"; and ...
    days_late: int = 0  # ... by how many days the last of them is younger than its file then
    _memo: dict[object, int] = field(default_factory=dict, repr=False)

    def minutes(self, data: bytes, starts: Ints, ends: Ints) -> Ints:
        """Return the minute since the epoch of each record.

        NO_MINUTE where it shows no stamp, IMPOSSIBLE where its stamp names no time.
        """
        minutes = np.full(len(starts), NO_MINUTE, dtype=np.int64)
        open_records = np.arange(len(starts))
        for place in self.places:
            if len(open_records) == 0:
                break
            found = self._at(place, data, starts[open_records], ends[open_records])
            minutes[open_records] = found
            open_records = open_records[found == NO_MINUTE]
        if self.search.startswith("^"):
            open_records = _may_be_stamped(data, starts, ends, open_records)
        if self.search and len(open_records):
            minutes[open_records] = self._searched(data, starts[open_records], ends[open_records])
        return minutes

    def ms(self, stamp: bytes) -> int | None:
        """Return the time of a written stamp in epoch ms, None where it names none."""
        parsed = self._parse(stamp)
        return None if parsed is None else parsed.ms

    def span(self, record: bytes, within_bytes: int) -> tuple[int, int, int] | None:
        """Return start, end and epoch ms of the first stamp near the record's start."""
        match = (
            (FULL_TEXT.match(record) if record[:2] in _CENTURIES else None)
            or EPOCH_START.match(record)
            or FULL_TEXT.search(record, 0, within_bytes)
        )
        if match is None:
            return None
        parsed = self._parse(match[0])
        return None if parsed is None else (match.start(), match.end(), parsed.ms)

    def _at(self, place: Place, data: bytes, starts: Ints, ends: Ints) -> Ints:
        form = BY_NAME[place.form]
        view = words(data)
        at = _positions(place, data, starts, ends)
        inside = (at >= starts) & (at + form.offsets[-1] + 8 <= ends)
        minutes = np.full(len(starts), NO_MINUTE, dtype=np.int64)
        where = np.flatnonzero(inside)
        if place.lead:
            where = where[_are_led(view, at[where], place.lead)]
        if len(where) == 0:
            return minutes
        keys = [view[at[where] + offset] for offset in form.offsets]
        if form.zone_from:
            keys.append(zones(data, at[where] + form.zone_from))
        if form.is_epoch:
            inside_number = digits.are_at(data, at[where] - 1)
            minutes[where] = np.where(inside_number, NO_MINUTE, digits.epoch_minutes(*keys))
        else:
            minutes[where] = self._by_runs(data, at[where], keys, place.form)
        return minutes

    def _by_runs(self, data: bytes, at: Ints, keys: list[np.ndarray], form: str) -> Ints:
        changed = np.zeros(len(at), dtype=bool)
        changed[0] = True
        for key in keys:
            changed[1:] |= key[1:] != key[:-1]
        heads = np.flatnonzero(changed)
        lengths = np.diff(np.append(heads, len(at)))
        key_rows = zip(*(key[heads].tolist() for key in keys), strict=True)
        values = [
            self._minute_of(key, data, position, form)
            for key, position in zip(key_rows, at[heads].tolist(), strict=True)
        ]
        return np.repeat(np.array(values, dtype=np.int64), lengths)

    def _minute_of(self, key: object, data: bytes, position: int, form: str) -> int:
        minute = self._memo.get(key)
        if minute is None:  # records of another kind have something else there, such as an id
            seen = ANY_STAMP.match(data, position, position + _MAX_STAMP_BYTES)
            match = stamps.full(data, position, position + _MAX_STAMP_BYTES)
            is_form = seen is not None and seen.lastgroup == form
            minute = self._minute(match[0]) if match and is_form else NO_MINUTE
            if len(self._memo) >= _MEMO_LIMIT:
                self._memo.clear()
            self._memo[key] = minute
        return minute

    def _searched(self, data: bytes, starts: Ints, ends: Ints) -> Ints:
        found = pc.extract_regex(record_array(data, starts, ends), self.search)
        written = pc.struct_field(found, "stamp").dictionary_encode()
        codes = written.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        values = [self._minute(stamp) for stamp in written.dictionary.to_pylist()]
        table = np.array([*values, NO_MINUTE], dtype=np.int64)
        found_minutes: Ints = table[codes]  # -1 picks the last
        return found_minutes

    def _minute(self, stamp: bytes) -> int:
        parsed = self._parse(stamp)
        if parsed is not None:
            return parsed.ms // _MS_PER_MINUTE
        return IMPOSSIBLE if stamps.full(stamp) else NO_MINUTE

    def _parse(self, stamp: bytes) -> Stamp | None:
        parsed = stamps.parse(stamp, self.near_ms, self.zone, self.order)
        if parsed is not None:
            self.zone_assumed |= not parsed.zone_known and self.zone is None
            self.zone_used |= not parsed.zone_known and self.zone is not None
            self.year_assumed |= not parsed.year_known
        return parsed


def _are_led(view: np.ndarray, at: Ints, lead: bytes) -> Mask:
    """Return which of these offsets have these bytes, eight at most, right before them."""
    found: Mask = at >= LEAD_BYTES
    mask = int.from_bytes((b"\xff" * len(lead)).rjust(LEAD_BYTES, b"\0"), "little")
    word = int.from_bytes(lead.rjust(LEAD_BYTES, b"\0"), "little")
    before = view[np.maximum(at - LEAD_BYTES, 0)]
    found &= (before & np.uint64(mask)) == np.uint64(word)
    return found


def _positions(place: Place, data: bytes, starts: Ints, ends: Ints) -> Ints:
    if place.anchor == "start":
        return starts + place.column
    if place.anchor == "end":
        return ends - place.column
    brackets = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == _BRACKET)
    if len(brackets) == 0:
        return np.full(len(starts), -1, dtype=np.int64)
    first = np.searchsorted(brackets, starts)
    found = brackets[np.minimum(first, len(brackets) - 1)]
    return np.where(first < len(brackets), found + place.column, -1)


def _may_be_stamped(data: bytes, starts: Ints, ends: Ints, rows: Ints) -> Ints:
    """Return the rows in which a written stamp may stand, told much cheaper than by the search.

    None stands behind white space at the line's start, and each has hours and minutes.
    """
    array = np.frombuffer(data, dtype=np.uint8)
    rows = rows[~_IS_SPACE[array[starts[rows]]]]
    if len(rows) == 0:
        return rows
    has_time = pc.match_substring_regex(record_array(data, starts[rows], ends[rows]), _TIME_OF_DAY)
    kept: Ints = rows[has_time.to_numpy(zero_copy_only=False)]
    return kept
