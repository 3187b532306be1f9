"""Years and days that the lines of a source leave open, told by the span of the other sources."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logclass.model import SourceIntake

_DAY_MS = 86_400_000
_MINUTE_MS = 60_000


class Span(NamedTuple):
    """First and last time of some sources, milliseconds since the epoch."""

    first_ms: int
    last_ms: int


def span_of(sources: Iterable[SourceIntake]) -> Span | None:
    """Return the span of all times in the sources, None where they have none."""
    spans = [
        (one.first_ms, one.last_ms)
        for one in sources
        if one.first_ms is not None and one.last_ms is not None
    ]
    if not spans:
        return None
    return Span(min(first for first, _ in spans), max(last for _, last in spans))


def written_seconds(one: SourceIntake, dated: Span | None) -> int | None:
    """Return a time to read dates without a year against, None where they are well as they are.

    dated: the span of the sources whose dates have a year.
    """
    if dated is None or one.first_ms is None or one.last_ms is None:
        return None
    start, end = dated.first_ms - _DAY_MS, dated.last_ms + _DAY_MS
    if one.last_ms >= start and one.first_ms <= end:
        return None
    last = datetime.fromtimestamp(one.last_ms / 1000, tz=UTC)
    ends = datetime.fromtimestamp(end / 1000, tz=UTC)
    for year in (ends.year, ends.year - 1):
        try:
            moved_ms = last.replace(year=year).timestamp() * 1000
        except ValueError:  # 29 February
            continue
        if moved_ms <= end:
            length = one.last_ms - one.first_ms
            return int(end) // 1000 if moved_ms >= start and length < 366 * _DAY_MS else None
    return None


def begun_seconds(one: SourceIntake, dated: Span | None) -> int | None:
    """Return when a source begins whose lines show no dates, None where that is read well.

    It ends before its file was written, and where the file's name tells no day it is of the time
    that the others are of, or the nearest to it. dated: the span of the sources with dates.
    """
    if one.first_ms is None or one.last_ms is None:
        return None
    first_ms, last_ms = (ms - one.days_late * _DAY_MS for ms in (one.first_ms, one.last_ms))
    if dated is not None and (one.date_told == "written" or one.days_late):
        start, end = dated
        days = (start - first_ms) // _DAY_MS, (end - first_ms) // _DAY_MS
        ways = {
            day: max(start - last_ms - day * _DAY_MS, first_ms + day * _DAY_MS - end, 0)
            for day in (0, *days, days[0] + 1, days[1] + 1)
        }
        first_ms += min(ways, key=lambda day: (ways[day], abs(day))) * _DAY_MS
    if first_ms // _MINUTE_MS == one.first_ms // _MINUTE_MS:
        return None
    return first_ms // 1000 + 60  # of the first line only the minute may be known
