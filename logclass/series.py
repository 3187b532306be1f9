"""Rejections over time for the report: bounded series, and what would have been seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from logclass.evidence import alarms, scan
from logclass.evidence.series import bounded
from logclass.vocabulary import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

POINTS = 720
INSTANCES = 24
_STEPS_MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440, 10080, 43200, 525600)
_MINUTE_MS = 60_000

_WINDOW_MINUTES = 10  # of the burst that `quiet` speaks of, see docs/report-schema.md
_SLACK = 30  # minutes by which the alarm may be wider than the burst
_LEVEL_MINUTES = 241
_LEAST_BURST, _MOST_BURST = 5, 10_000_000


class Grid(NamedTuple):
    """Equal steps on the time axis; minutes since the epoch."""

    start_minute: int
    step_minutes: int
    points: int


def grid(start_ms: int, end_ms: int) -> Grid:
    """Return the finest grid of at most POINTS steps from start to end, both inclusive."""
    first, last = start_ms // _MINUTE_MS, max(start_ms, end_ms) // _MINUTE_MS
    for step in _STEPS_MINUTES:
        start = first - first % step
        points = (last - start) // step + 1
        if points <= POINTS:
            return Grid(start, step, points)
    return Grid(start, -(-(last - start + 1) // POINTS), POINTS)


def by_reason(frame: pd.DataFrame, axis: Grid) -> list[dict[str, Any]]:
    """Return `{reason, counts}` for every reason seen inside the grid, most frequent first."""
    rows = [
        {"reason": reason, "counts": _counts(frame[frame["reason"] == reason], axis)}
        for reason in sorted({str(value) for value in frame["reason"].unique()})
    ]
    seen = [row for row in rows if any(row["counts"])]
    return sorted(seen, key=lambda row: (-sum(row["counts"]), row["reason"]))


def by_instance(frame: pd.DataFrame, instances: Sequence[str], axis: Grid) -> list[dict[str, Any]]:
    """Return `{instance, counts}` of the INSTANCES that rejected most, first failing first.

    Instances that rejected nothing come last, in the order given.
    """
    shown = frame[_slots(frame, axis)[1]]
    totals = shown["count"].groupby(shown["instance"].astype(object)).sum()
    known = totals.reindex(list(instances)).fillna(0).to_numpy()
    most = [instances[place] for place in np.argsort(-known, kind="stable")[:INSTANCES].tolist()]
    rows: list[dict[str, Any]] = [
        {"instance": name, "counts": _counts(frame[frame["instance"] == name], axis)}
        for name in most
    ]
    return sorted(rows, key=lambda row: _first_busy(row["counts"]))


def _first_busy(counts: Sequence[int]) -> int:
    return next((step for step, count in enumerate(counts) if count), len(counts))


def _slots(frame: pd.DataFrame, axis: Grid) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the step of each row, and whether it lies inside the grid."""
    minutes = frame["minute"].to_numpy(dtype=np.int64)
    slots = (minutes - axis.start_minute) // axis.step_minutes
    return slots, (slots >= 0) & (slots < axis.points)


def _counts(frame: pd.DataFrame, axis: Grid) -> list[int]:
    slots, inside = _slots(frame, axis)
    counts = frame["count"].to_numpy(dtype=np.float64)[inside]
    sums = np.bincount(slots[inside], weights=counts, minlength=axis.points)
    return [int(value) for value in sums]


NO_TIMES = "The records carry no times, so an incident could not have been seen."
TOO_SHORT = "These records are too few or too short to tell an incident from the usual rate."


def smallest_visible(frame: pd.DataFrame, start_ms: int | None, end_ms: int | None) -> str:
    """Return one sentence: how large an incident had to be to be seen in these records.

    Bursts are put into the busiest series and given to the scan that episodes.py uses
    (evidence/alarms.py): the smallest that raises an alarm in all of three places is told.
    """
    if start_ms is None or end_ms is None:
        return NO_TIMES
    groups = frame.groupby(["service", "reason"], observed=True)["count"].sum()
    busiest, service, reason = frame, "", str(Reason.SIGNATURE_INVALID)
    if len(groups):
        service, reason = cast("tuple[str, str]", groups.idxmax())
        busiest = frame[(frame["service"] == service) & (frame["reason"] == reason)]
    where = bounded(start_ms // _MINUTE_MS, end_ms // _MINUTE_MS, busiest)
    per_minute = np.array(_counts(busiest, Grid(where.first, 1, where.minutes)), dtype=np.float64)
    burst = _smallest_burst(
        per_minute, reason, scan.threshold(len(per_minute), max(len(groups), 1))
    )
    if burst >= _MOST_BURST:
        return TOO_SHORT
    burst = max(burst, int(alarms.least_of_many(reason)))
    said = (
        f"About {burst:,} rejected requests of one service and reason within "
        f"{_WINDOW_MINUTES} minutes would have been reported."
    )
    if not len(groups):
        return said
    of = f" of {service}" if service else ""
    return (
        f"{said} The most frequent, {reason}{of}, has {int(groups.max()):,} in all that was read."
    )


def _smallest_burst(per_minute: np.ndarray, reason: str, threshold: float) -> int:
    """Return the size of the smallest burst of _WINDOW_MINUTES that raises an alarm."""
    low, high = _LEAST_BURST - 1, _LEAST_BURST
    while not _is_seen(per_minute, high, reason, threshold) and high < _MOST_BURST:
        low, high = high, 2 * high
    while high - low > max(1, high // 50):
        middle = (low + high) // 2
        seen = _is_seen(per_minute, middle, reason, threshold)
        low, high = (low, middle) if seen else (middle, high)
    return high


def _daily(per_minute: np.ndarray) -> np.ndarray:
    """Return the level around each minute: what the exposure takes out of a day's rise and fall."""
    width = min(_LEVEL_MINUTES, len(per_minute))
    ones = np.ones(width)
    level = np.convolve(per_minute, ones, "same") / np.convolve(
        np.ones_like(per_minute), ones, "same"
    )
    return np.maximum(level, max(float(per_minute.mean()) / 10, 1e-6))


def _is_seen(per_minute: np.ndarray, burst: int, reason: str, threshold: float) -> bool:
    """Return whether a burst of so many rejections is found, wherever it comes."""
    length = min(_WINDOW_MINUTES, len(per_minute))
    extra = np.diff(np.arange(length + 1) * burst // length)
    for quarter in (1, 2, 3):
        start = min(len(per_minute) * quarter // 4, len(per_minute) - length)
        counts = per_minute.copy()
        counts[start : start + length] += extra
        one = alarms.Series(reason, "", "", counts, _daily(per_minute), is_measured=True)
        windows = [a.window for a in alarms.find(one, threshold)]
        near = [w for w in windows if start - _SLACK <= w.start < start + length]
        if not any(start < w.stop <= start + length + _SLACK for w in near):
            return False
    return True
