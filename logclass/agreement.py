"""What a source's own times leave open, told by the other sources of the bundle.

A log in local time that names no zone is hours away from the others; a date without a year is read
against the time of a file that may have been copied since. The same requests in a source whose
times are whole tell the offset; the span of all others tells the year.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from logclass.evidence import dates
from logclass.evidence.categories import frame_of
from logclass.evidence.names import is_same
from logclass.model import Settled
from logclass.vocabulary import Outcome, Reason, RecordKind

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from logclass.model import Summary

_QUARTER_MS = 15 * 60_000
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
    with_years = dates.span_of(one for one in summary.sources if not one.year_assumed)
    with_days = dates.span_of(one for one in summary.sources if not one.date_told)
    found = []
    for one in summary.sources:
        offset = offsets.get(one.source)
        written = dates.written_seconds(one, with_years) if one.year_assumed else None
        if one.date_told:
            written = dates.begun_seconds(one, with_days)
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
    known = _Known(frame[~frame["source"].isin(open_ones)])
    places = frame.groupby("source", observed=True).indices
    found = {}
    for source in sorted(open_ones):
        mine = frame.iloc[places.get(source, [])]
        told = _by_ids(mine, known) or _by_moments(mine, known) or _by_rate(mine, known)
        if told is not None:
            found[source] = told
    return found | _of_the_same_service(summary, open_ones - found.keys(), found)


class _Known:
    """The rows of sources that name their zone; what is asked for each of the others is kept."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        self._firsts: dict[str, pd.Series] = {}
        self._times: dict[str, NDArray[np.int64]] = {}
        self._alike: dict[frozenset[str], pd.DataFrame] = {}

    @cached_property
    def rejected(self) -> pd.DataFrame:
        return _rejected(self.rows)

    def first_times(self, column: str) -> pd.Series:
        if column not in self._firsts:
            self._firsts[column] = _first_times(self.rows, column)
        return self._firsts[column]

    def times(self, reason: str) -> NDArray[np.int64]:
        """Return when requests were refused for a reason, or for none that is told, in order."""
        if reason not in self._times:
            vague = Reason.UNSPECIFIED
            like = self.rejected["reason"].isin([reason, vague]).to_numpy() | (reason == vague)
            self._times[reason] = np.sort(self.rejected.loc[like, "time_ms"].to_numpy(np.int64))
        return self._times[reason]

    def of_namesakes(self, services: frozenset[str]) -> pd.DataFrame:
        """Return what gateways refused, and services that may be the same as one of these."""
        if services not in self._alike:
            known = self.rejected
            alike = [
                name
                for name in known["service"].unique()
                if any(is_same(str(name), service) for service in services)
            ]
            is_meant = (known["kind"] == RecordKind.ACCESS) | known["service"].isin(alike)
            self._alike[services] = known[is_meant]
        return self._alike[services]


def _by_ids(mine: pd.DataFrame, known: _Known) -> _Offset | None:
    """Return the offset by which the times of requests agree that both sides name."""
    for column, name in _IDS.items():
        votes: Counter[int] = Counter()
        here = _first_times(mine, column)
        off_ms = (here - known.first_times(column).reindex(here.index)).dropna().to_numpy()
        quarters = np.rint(off_ms / _QUARTER_MS).astype(np.int64)
        near = np.abs(off_ms - quarters * _QUARTER_MS) <= _SAME_REQUEST_MS
        votes.update(quarters[near & np.isin(quarters, _OFFSETS)].tolist())
        best, count = max(votes.items(), key=lambda vote: vote[1], default=(0, 0))
        if count >= max(_LEAST_REQUESTS, _SHARE_OF_VOTES * len(off_ms)):
            return _Offset(best, f"{count} requests have the same {name} in {_names(known.rows)}")
    return None


def _first_times(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return the first time of each id that is not on too many rows."""
    named = rows[rows[column] > 0]
    size = named.groupby(column)["time_ms"].transform("size")
    firsts: pd.Series = named[size <= _MOST_ROWS_OF_AN_ID].groupby(column)["time_ms"].min()
    return firsts


def _by_moments(mine: pd.DataFrame, known: _Known) -> _Offset | None:
    """Return the offset at which the same rejections stand at the same moments, and at no other."""
    mine = _rejected(mine)
    if len(mine) < _LEAST_MOMENTS or len(known.rejected) < _LEAST_MOMENTS:
        return None
    matched = np.zeros((len(_ASIDE_MS), len(_OFFSETS)), dtype=np.int64)
    looked_at = 0
    for reason, rows in mine.groupby("reason", observed=True):
        times = np.sort(rows["time_ms"].to_numpy(np.int64))
        times = times[:: 1 + len(times) // _MOST_MOMENTS]
        looked_at += len(times)
        there = known.times(str(reason))
        matched += np.array([_matches(times + aside, there) for aside in _ASIDE_MS])
    best = int(matched[0].argmax())
    count = int(matched[0, best])
    runner_up = max(int(np.delete(matched[0], best).max()), int(matched[1:, best].max()))
    if count < max(_LEAST_MOMENTS, _SHARE_OF_MOMENTS * looked_at) or 2 * runner_up > count:
        return None
    because = f"{count} of {looked_at} rejections stand at the same moments in"
    because += f" {_names(known.rejected)}"
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


def _by_rate(mine: pd.DataFrame, among: _Known) -> _Offset | None:
    """Return the offset at which rejections rise and fall with those of a gateway or a namesake."""
    mine = _rejected(mine)
    if len(mine) < _LEAST_RATE or mine["minute"].nunique() < _LEAST_RATE_MINUTES:
        return None
    known = among.of_namesakes(frozenset(str(name) for name in mine["service"].unique()))
    if len(known) < _LEAST_RATE:
        return None
    minutes = mine["minute"].to_numpy(np.int64)
    here = _counted(minutes, mine["count"], minutes.min(), minutes.max())
    marks = np.array([_correlation(here, known, minutes, 15 * int(one)) for one in _OFFSETS])
    best = int(marks.argmax())
    if marks[best] < max(_CORRELATED, np.delete(marks, best).max() + _AHEAD_OF_OTHERS):
        return None
    because = f"its rejections rise and fall with those in {_names(known)}"
    return _Offset(int(_OFFSETS[best]), because)


def _counted(
    minutes: NDArray[np.int64], counts: pd.Series, first: int, last: int
) -> NDArray[np.float64]:
    """Return the sums of the counts in each minute from first to last."""
    inside = (minutes >= first) & (minutes <= last)
    found = np.bincount(minutes[inside] - first, counts.to_numpy()[inside], last - first + 1)
    return found.astype(np.float64)


def _correlation(
    one: NDArray[np.float64], known: pd.DataFrame, minutes: NDArray[np.int64], ahead: int
) -> float:
    """Return Pearson's correlation over the minutes; 0 where one side does not change."""
    moved = known["minute"].to_numpy(np.int64) + ahead
    other = _counted(moved, known["count"], int(minutes.min()), int(minutes.max()))
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
    alike_ones: dict[frozenset[str], list[str]] = {}
    for name in told:
        if any(services.get(name, ())):
            alike_ones.setdefault(frozenset(services[name]), []).append(name)
    found = {}
    for source in sorted(left):
        alike = alike_ones.get(frozenset(services.get(source, ())), [])
        if len({told[name].quarters for name in alike}) == 1:
            found[source] = _Offset(told[alike[0]].quarters, f"as {alike[0]}, of the same service")
    return found
