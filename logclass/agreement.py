"""What a source's own times leave open, told by the other sources of the bundle.

A log in local time that names no zone is hours away from the others; a date without a year is read
against the time of a file that may have been copied since. The same requests in a source whose
times are whole tell the offset; the span of all others tells the year.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from logclass.evidence.categories import frame_of
from logclass.evidence.names import is_same
from logclass.model import Settled
from logclass.vocabulary import Outcome, Reason, RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from logclass.model import SourceIntake, Summary

_QUARTER_MS = 15 * 60_000
_DAY_MS = 86_400_000
_MINUTE_MS = 60_000
# Offsets that are or were in use since 1990, in quarters of an hour (IANA time zone database).
_OFFSETS = np.array(
    sorted(
        {4 * hours for hours in range(-12, 15)}
        | {-38, -14, -10, 14, 18, 22, 23, 26, 34, 35, 38, 42, 46, 51, 55}
    )
)
_SAME_REQUEST_MS = 60_000  # a slow request, or a collector's delay
_LEAST_REQUESTS = 3
_SAME_MOMENT_MS = 2_000
_LEAST_MOMENTS = 8
_ASIDE_MS = (0, -31_000, 29_000)  # as many agree a little aside where there is always one near
_MOST_MOMENTS = 5_000  # looked at, spread over all
_SHARE_OF_VOTES, _SHARE_OF_MOMENTS = 0.8, 0.6
_MOST_ROWS_OF_AN_ID = 24  # an id on more lines is a task's or a session's
_LEAST_RATE_MINUTES, _LEAST_RATE = 10, 30
_CORRELATED, _AHEAD_OF_OTHERS = 0.9, 0.2
_IDS = {"link": "request id", "token": "token", "event": "event id"}


class _Offset(NamedTuple):
    """By how much a source's times are ahead of UTC, and what says so."""

    quarters: int
    because: str


def find(summary: Summary) -> tuple[Settled, ...]:
    """Return what is told of sources whose times name no zone or no year, by name.

    An offset of nought is told too: then UTC is more than an assumption.
    """
    offsets = _offsets(summary)
    found = []
    for one in summary.sources:
        offset = offsets.get(one.source)
        written = _written_seconds(one, summary.sources) if one.year_assumed else None
        if one.date_told:
            written = _begun_seconds(one, summary.sources)
            if written is not None and offset is not None:
                written -= offset.quarters * _QUARTER_MS // 1000
        if offset is None and written is None:
            continue
        zone = _zone_name(offset.quarters) if offset else ""
        found.append(Settled(one.source, zone, written, offset.because if offset else ""))
    return tuple(found)


def _zone_name(quarters: int) -> str:
    if quarters == 0:
        return "UTC"
    hours, rest = divmod(abs(quarters), 4)
    return f"UTC{'-' if quarters < 0 else '+'}{hours:02}:{rest * 15:02}"


# --- the zone ---


def _offsets(summary: Summary) -> dict[str, _Offset]:
    """Return source -> its offset, of those that name no zone."""
    timed = [one for one in summary.sources if one.first_ms is not None]
    open_ones = {one.source for one in timed if one.zone_assumed}
    if not open_ones or len(open_ones) == len(timed):
        return {}
    frame = frame_of(summary.counts)
    frame = frame[frame["time_ms"].notna() & (frame["fingerprint"] > 0)]
    known = frame[~frame["source"].isin(open_ones)]
    found = {}
    for source in sorted(open_ones):
        mine = frame[frame["source"] == source]
        told = _by_ids(mine, known) or _by_moments(mine, known) or _by_rate(mine, known)
        if told is not None:
            found[source] = told
    return found | _of_the_same_service(summary, open_ones - found.keys(), found)


def _by_ids(mine: pd.DataFrame, known: pd.DataFrame) -> _Offset | None:
    """Return the offset by which the times of requests agree that both sides name."""
    for column, name in _IDS.items():
        votes: Counter[int] = Counter()
        here, there = _first_times(mine, column), _first_times(known, column)
        off_ms = (here - there).dropna().to_numpy()
        quarters = np.rint(off_ms / _QUARTER_MS).astype(np.int64)
        near = np.abs(off_ms - quarters * _QUARTER_MS) <= _SAME_REQUEST_MS
        votes.update(quarters[near & np.isin(quarters, _OFFSETS)].tolist())
        best, count = max(votes.items(), key=lambda vote: vote[1], default=(0, 0))
        if count >= max(_LEAST_REQUESTS, _SHARE_OF_VOTES * len(off_ms)):
            return _Offset(best, f"{count} requests have the same {name} in {_names(known)}")
    return None


def _first_times(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return the first time of each id that is not on too many rows."""
    named = rows[rows[column] > 0]
    size = named.groupby(column)["time_ms"].transform("size")
    firsts: pd.Series = named[size <= _MOST_ROWS_OF_AN_ID].groupby(column)["time_ms"].min()
    return firsts


def _by_moments(mine: pd.DataFrame, known: pd.DataFrame) -> _Offset | None:
    """Return the offset at which the same rejections stand at the same moments, and at no other."""
    mine, known = _rejected(mine), _rejected(known)
    if len(mine) < _LEAST_MOMENTS or len(known) < _LEAST_MOMENTS:
        return None
    matched = np.zeros((len(_ASIDE_MS), len(_OFFSETS)), dtype=np.int64)
    looked_at = 0
    for reason, rows in mine.groupby("reason", observed=True):
        is_vague = reason == Reason.UNSPECIFIED
        like = known["reason"].isin([reason, Reason.UNSPECIFIED]).to_numpy() | is_vague
        times = np.sort(rows["time_ms"].to_numpy(np.int64))
        times = times[:: 1 + len(times) // _MOST_MOMENTS]
        looked_at += len(times)
        there = np.sort(known.loc[like, "time_ms"].to_numpy(np.int64))
        matched += np.array([_matches(times + aside, there) for aside in _ASIDE_MS])
    best = int(matched[0].argmax())
    count = int(matched[0, best])
    runner_up = max(int(np.delete(matched[0], best).max()), int(matched[1:, best].max()))
    if count < max(_LEAST_MOMENTS, _SHARE_OF_MOMENTS * looked_at) or 2 * runner_up > count:
        return None
    because = f"{count} of {looked_at} rejections stand at the same moments in {_names(known)}"
    return _Offset(int(_OFFSETS[best]), because)


def _matches(times: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each offset how many of `times` have one of `known` near them."""
    if len(known) == 0:
        return np.zeros(len(_OFFSETS), dtype=np.int64)
    moved = times[None, :] - _OFFSETS[:, None] * _QUARTER_MS
    at = np.searchsorted(known, moved - _SAME_MOMENT_MS)
    near = known[np.minimum(at, len(known) - 1)]
    hits = (at < len(known)) & (near <= moved + _SAME_MOMENT_MS)
    counts: NDArray[np.int64] = hits.sum(axis=1)
    return counts


def _by_rate(mine: pd.DataFrame, known: pd.DataFrame) -> _Offset | None:
    """Return the offset at which rejections rise and fall with those of a gateway or a namesake."""
    mine, known = _rejected(mine), _rejected(known)
    services = {str(name) for name in mine["service"].unique()}
    alike = [
        name for name in known["service"].unique() if any(is_same(str(name), s) for s in services)
    ]
    known = known[(known["kind"] == RecordKind.ACCESS) | known["service"].isin(alike)]
    if min(len(mine), len(known)) < _LEAST_RATE or mine["minute"].nunique() < _LEAST_RATE_MINUTES:
        return None
    here, there = (_per_minute(rows) for rows in (mine, known))
    marks = np.array([_correlation(here, there, int(offset) * 15) for offset in _OFFSETS])
    best = int(marks.argmax())
    if marks[best] < max(_CORRELATED, np.delete(marks, best).max() + _AHEAD_OF_OTHERS):
        return None
    because = f"its rejections rise and fall with those in {_names(known)}"
    return _Offset(int(_OFFSETS[best]), because)


def _per_minute(rows: pd.DataFrame) -> dict[int, int]:
    sums = rows.groupby("minute")["count"].sum()
    return dict(zip(sums.index.tolist(), sums.tolist(), strict=True))


def _correlation(mine: dict[int, int], known: dict[int, int], ahead: int) -> float:
    """Return Pearson's correlation over the minutes of `mine`; 0 where one does not change."""
    start, end = min(mine), max(mine) + 1
    one = np.array([mine.get(minute, 0) for minute in range(start, end)], dtype=np.float64)
    other = np.array([known.get(minute - ahead, 0) for minute in range(start, end)], np.float64)
    if one.std() == 0 or other.std() == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _rejected(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["outcome"] == Outcome.REJECTED]


def _names(rows: pd.DataFrame) -> str:
    """Return the sources of the rows in words."""
    names = sorted({str(name) for name in rows["source"].unique()})
    return names[0] if len(names) == 1 else f"{len(names)} other sources"


def _of_the_same_service(
    summary: Summary, left: set[str], told: dict[str, _Offset]
) -> dict[str, _Offset]:
    """Return the offset that all other files of a service have, for those that tell none."""
    services: dict[str, set[str]] = {}
    tally = frame_of(summary.tally)
    for source, rows in tally.groupby("source", observed=True):
        services[str(source)] = {str(name) for name in rows["service"].unique()}
    found = {}
    for source in sorted(left):
        alike = [
            name
            for name in told
            if services.get(name) == services.get(source) and any(services[name])
        ]
        if len({told[name].quarters for name in alike}) == 1:
            found[source] = _Offset(told[alike[0]].quarters, f"as {alike[0]}, of the same service")
    return found


# --- the year ---


def _written_seconds(one: SourceIntake, sources: Iterable[SourceIntake]) -> int | None:
    """Return a time to read dates without a year against, None where they are well as they are."""
    spans = [
        (other.first_ms, other.last_ms)
        for other in sources
        if not other.year_assumed and other.first_ms is not None and other.last_ms is not None
    ]
    if not spans or one.first_ms is None or one.last_ms is None:
        return None
    start = min(first for first, _ in spans) - _DAY_MS
    end = max(last for _, last in spans) + _DAY_MS
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


# --- the day ---


def _begun_seconds(one: SourceIntake, sources: Iterable[SourceIntake]) -> int | None:
    """Return when a source begins whose lines show no dates, None where that is read well.

    It ends before its file was written, and where the file's name tells no day it is of the time
    that the others are of, or the nearest to it.
    """
    if one.first_ms is None or one.last_ms is None:
        return None
    first_ms, last_ms = (ms - one.days_late * _DAY_MS for ms in (one.first_ms, one.last_ms))
    spans = [
        (other.first_ms, other.last_ms)
        for other in sources
        if not other.date_told and other.first_ms is not None and other.last_ms is not None
    ]
    if spans and (one.date_told == "written" or one.days_late):
        start, end = min(first for first, _ in spans), max(last for _, last in spans)
        days = (start - first_ms) // _DAY_MS, (end - first_ms) // _DAY_MS
        ways = {
            day: max(start - last_ms - day * _DAY_MS, first_ms + day * _DAY_MS - end, 0)
            for day in (0, *days, days[0] + 1, days[1] + 1)
        }
        first_ms += min(ways, key=lambda day: (ways[day], abs(day))) * _DAY_MS
    if first_ms // _MINUTE_MS == one.first_ms // _MINUTE_MS:
        return None
    return first_ms // 1000 + 60  # of the first line only the minute may be known
