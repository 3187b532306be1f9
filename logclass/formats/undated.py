"""Lines that show a time of day and no date: the date that is put before it, and whence it is.

Serilog's console, logback's and WildFly's, Log4j's ABSOLUTE and pino-pretty write so by default. Of
a rolled file the name tells the day, of any other the time at which it was written: no line is
younger. Where the hours go back by half a day, midnight has passed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from logclass.formats import beginnings, leading
from logclass.formats.blocks import MAX_RECORD_BYTES
from logclass.offsets import zone_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.blocks import Frame
    from logclass.formats.format import Reader
    from logclass.formats.head import Head
    from logclass.model import Fault, Source

_COLOUR = r"(?:\x1b\[[0-9;]*m)*"
_LEVEL = r"(?i:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRIT(?:ICAL)?|FATAL|SEVERE|[TDIWEF])"
# Common ground of `re` and RE2: what stands before the time, the time with what follows.
_STAMPED = (
    rf"(?m)^((?:[A-Za-z0-9][\w.-]{{0,80}} +\| +|\[pod/\S{{1,200}}\] )?{_COLOUR}"
    rf"(?:[\[(]?{_LEVEL}[\])]?[ :|,-]{{1,8}}{_COLOUR})?[\[(]?)"
    r"((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,:]\d|[\])\s|,;\x1b]|Z|[+-]\d\d))"
)
_STAMP = re.compile(_STAMPED.encode(), re.ASCII)
# Its own date may stand behind a time, as some write it.
_HAS_DATE = re.compile(
    rb"[^\n]{0,16}\b(?:\d{4}[-/]\d\d|\d\d?[-/ ](?:\d\d?|[A-Z][a-z]{2})[-/ ]\d{2,4}\b)"
)
_IN_NAME = re.compile(r"(?<!\d)(20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_SHARE = 0.05  # of the lines that begin records; the others are dumps, or another program's
_PAST_MIDNIGHT, _BEFORE_MIDNIGHT = -12, 23  # hours; threads are out of order by seconds
_SLACK = timedelta(minutes=5)  # from a line's time to its file's, by two clocks
_DAY = timedelta(days=1)
_LONGEST_BYTES = MAX_RECORD_BYTES // 4  # of a line that is held until it ends
BY_NAME, BY_WRITING = "name", "written"


class Dates(NamedTuple):
    """Which day a stream's first line is of."""

    first: date
    told_by: str  # BY_NAME or BY_WRITING
    written: datetime | None  # in the zone of the lines; None where nothing tells

    def head(self, head: Head) -> Head:
        """Return the head with dates before its times."""
        return replace(head, data=_Dating(self).dated(head.data))


def dates_of(head: Head, source: Source) -> Dates | None:
    """Return the first day of a stream whose lines show the time of day alone, else None."""
    if head.is_binary or not (first := _first_time(head)):
        return None
    written = _written(source)
    named = _IN_NAME.search(source.uri.rsplit("/", 1)[-1])
    if named:
        day = _day(named)
        if day and (written is None or datetime.combine(day, first) <= written + _SLACK):
            return Dates(day, BY_NAME, written)
    if written is None:
        return None
    last = datetime.combine(written.date(), first)
    found = Dates((last if last <= written + _SLACK else last - _DAY).date(), BY_WRITING, written)
    if not head.is_whole:
        return found
    dating = _Dating(found)
    dating.dated(head.data)
    return found._replace(first=found.first - dating.days_late * _DAY)


def dated(reader: Reader, dates: Dates) -> Reader:
    """Return the reader for a stream whose lines are given their dates."""

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        dating = _Dating(dates)
        told = 0
        for frame in reader.frames(dating.lines(chunks), faults):
            reader.clock.date_told = dates.told_by
            reader.clock.days_late = dating.days_late
            yield replace(frame, read_bytes=dating.read - told)
            told = dating.read

    return replace(reader, frames=frames, is_splittable=False)


def _first_time(head: Head) -> time | None:
    """Return the time of day that the stream begins with, None where its lines have dates."""
    sample = beginnings.sample_of(head)
    found = [
        match
        for line in sample
        if (match := _STAMP.match(line)) and not _HAS_DATE.match(line, match.end())
    ]
    if not found or len(found) <= _SHARE * len(sample):
        return None
    if 2 * sum(1 for line in sample if leading.find_leading(line)) > len(found):
        return None
    return _time(found[0][2])


def _time(text: bytes) -> time:
    return time.fromisoformat(text[:8].decode())


def _written(source: Source) -> datetime | None:
    """Return when the file was written, in the zone of its lines, as a moment without a zone."""
    if source.modified_seconds is None:
        return None
    zone = (zone_named(source.zone) if source.zone else None) or UTC
    return datetime.fromtimestamp(source.modified_seconds, zone).replace(tzinfo=None)


def _day(named: re.Match[str]) -> date | None:
    try:
        return date(int(named[1]), int(named[3]), int(named[4]))
    except ValueError:  # 31 February
        return None


class _Dating:
    """Puts dates before the times of a stream's lines, and counts its bytes."""

    def __init__(self, dates: Dates) -> None:
        self._dates = dates
        self._day = dates.first
        self._hour: int | None = None  # of the last line with a time
        self.read = 0
        self.days_late = 0  # by which the last line is younger than its file

    def lines(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield whole lines with dates."""
        held = b""
        for chunk in chunks:
            self.read += len(chunk)
            held += chunk
            end = held.rfind(b"\n") + 1 or (len(held) if len(held) > _LONGEST_BYTES else 0)
            lines, held = held[:end], held[end:]
            if lines:
                yield self.dated(lines)
        if held:
            yield self.dated(held)

    def dated(self, lines: bytes) -> bytes:
        """Return lines with dates before their times of day."""
        day = f"{self._day} "
        whole = pc.replace_substring_regex(_one(lines), _STAMPED, rf"\1{day}\2")[0].as_py()
        times = re.findall(rf"{day}(\d\d:\d\d:\d\d)".encode(), whole)
        if not times:
            return lines
        hours = [int(one[:2]) for one in times]
        before = hours[:1] if self._hour is None else [self._hour]
        if any(_days_between(*pair) for pair in pairwise(before + hours)):
            whole = self._dated_one_by_one(lines)
        self._hour = hours[-1]
        if self._dates.written:
            late = datetime.combine(self._day, _time(times[-1])) - self._dates.written - _SLACK
            self.days_late = max(0, -(-late // _DAY))
        return bytes(whole)

    def _dated_one_by_one(self, lines: bytes) -> bytes:
        parts, done = [], 0
        for match in _STAMP.finditer(lines):
            hour = int(match[2][:2])
            self._day += _days_between(hour if self._hour is None else self._hour, hour) * _DAY
            self._hour = hour
            parts += [lines[done : match.start(2)], self._day.isoformat().encode(), b" "]
            done = match.start(2)
        return b"".join([*parts, lines[done:]])


def _one(data: bytes) -> pa.Array:
    return pa.array([data], pa.large_binary())


def _days_between(hour: int, after: int) -> int:
    """Return 1 where midnight has passed between two lines, -1 where it is to come again, or 0."""
    step = after - hour
    return int(step <= _PAST_MIDNIGHT) - int(step >= _BEFORE_MIDNIGHT)
