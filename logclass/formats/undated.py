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
# What stands before the time, and the time with what follows. Common ground of `re` and RE2 but
# for the look ahead.
_BEFORE = (
    rf"((?:[A-Za-z0-9][\w.-]{{0,80}} +\| +|\[pod/\S{{1,200}}\] )?{_COLOUR}"
    rf"(?:[\[(]?{_LEVEL}[\])]?[ :|,-]{{1,8}}{_COLOUR})?[\[(]?)"
)
_OF_HALF_A_DAY = (
    r"((?:0?[1-9]|1[0-2]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?) ?([AaPp])[Mm](?=[\])\s|,;\x1b])"
)
_OF_A_DAY = r"((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,:]\d|[\])\s|,;\x1b]|Z|[+-]\d\d))"
_STAMP = re.compile(f"{_BEFORE}(?:{_OF_HALF_A_DAY}|{_OF_A_DAY})".encode(), re.ASCII)
_NOON = 12
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
    is_half: bool  # its times are of half a day

    def head(self, head: Head) -> Head:
        """Return the head with dates before its times."""
        return replace(head, data=_Dating(self).dated(head.data))


def dates_of(head: Head, source: Source) -> Dates | None:
    """Return the first day of a stream whose lines show the time of day alone, else None."""
    if head.is_binary or not (stamp := _first_stamp(head)):
        return None
    first, is_half = _time(stamp), not stamp[4]
    written = _written(source)
    named = _IN_NAME.search(source.uri.rsplit("/", 1)[-1])
    if named:
        day = _day(named)
        if day and (written is None or datetime.combine(day, first) <= written + _SLACK):
            return Dates(day, BY_NAME, written, is_half)
    if written is None:
        return None
    last = datetime.combine(written.date(), first)
    day = (last if last <= written + _SLACK else last - _DAY).date()
    found = Dates(day, BY_WRITING, written, is_half)
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


def _first_stamp(head: Head) -> re.Match[bytes] | None:
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
    return found[0]


def _time(match: re.Match[bytes]) -> time:
    """Return the time of day that stands in a line, of both halves of the day."""
    if match[4]:
        return time.fromisoformat(match[4][:8].decode())
    hour, minute, *seconds = match[2].split(b":")
    second = int(seconds[0][:2]) if seconds else 0
    return time(int(hour) % _NOON + _NOON * (match[3] in b"Pp"), int(minute), second)


def _with_date(line: bytes, match: re.Match[bytes], day: bytes) -> bytes:
    """Return a line with its date; a time of half a day is written as one of a whole day."""
    if match[4]:
        return line[: match.start(4)] + day + line[match.start(4) :]
    fraction = match[2].replace(b",", b".").rpartition(b".")[2] if match[2][-3:-2] != b":" else b""
    written = f"{_time(match)}{'.' if fraction else ''}".encode() + fraction
    return line[: match.start(2)] + day + written + line[match.end() :]


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
        self._written = b""  # the day as it is put before times
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
        at_once = None if self._dates.is_half else self._dated_at_once(lines)
        return self._dated_one_by_one(lines) if at_once is None else at_once

    def _dated_at_once(self, lines: bytes) -> bytes | None:
        """Return the same without a loop over lines; None where a day begins amid them."""
        data = pa.array([lines], pa.large_binary())
        stamped, day = f"(?m)^{_BEFORE}{_OF_A_DAY}", f"{self._day} "
        whole = pc.replace_substring_regex(data, stamped, rf"\1{day}\2")[0].as_py()
        times = re.findall(rf"{day}(\d\d:\d\d:\d\d)".encode(), whole)
        hours = [int(one[:2]) for one in times]
        before = hours[:1] if self._hour is None else [self._hour]
        if any(_days_between(*pair) for pair in pairwise(before + hours)):
            return None
        if times:
            self._hour = hours[-1]
            self._late(time.fromisoformat(times[-1].decode()))
        return bytes(whole)

    def _dated_one_by_one(self, lines: bytes) -> bytes:
        parts = lines.split(b"\n")
        last = None
        for at, line in enumerate(parts):
            match = _STAMP.match(line)
            if match is not None:
                last = match
                parts[at] = _with_date(line, match, self._date(_time(match).hour))
        if last is not None:
            self._late(_time(last))
        return b"\n".join(parts)

    def _late(self, last: time) -> None:
        if self._dates.written:
            late = datetime.combine(self._day, last) - self._dates.written - _SLACK
            self.days_late = max(0, -(-late // _DAY))

    def _date(self, hour: int) -> bytes:
        """Return the date of the next line, whose own hour is this, and a blank."""
        passed = 0 if self._hour is None else _days_between(self._hour, hour)
        if passed or not self._written:
            self._day += passed * _DAY
            self._written = f"{self._day} ".encode()
        self._hour = hour
        return self._written


def _days_between(hour: int, after: int) -> int:
    """Return 1 where midnight has passed between two lines, -1 where it is to come again, or 0."""
    step = after - hour
    return int(step <= _PAST_MIDNIGHT) - int(step >= _BEFORE_MIDNIGHT)
