"""Counts per minute on one grid, and the exposure they are measured against."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from logclass.columns import NO_MINUTE
from logclass.model import Counted

if TYPE_CHECKING:
    from collections.abc import Iterable

Array = NDArray[np.float64]

LEAST_STEPS = 20  # pairs of minutes by which the lines of a rejection are told
MAX_MINUTES = 100_000  # a stray stamp must not stretch the grid over decades


@dataclass(frozen=True, slots=True)
class Grid:
    """Whole minutes since the epoch: first, and how many."""

    first: int
    minutes: int

    def at(self, minute: int) -> int:
        """Return the bin of a minute, kept inside the grid."""
        return min(max(minute - self.first, 0), self.minutes - 1)


def text(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column as plain Python text, whatever its storage; unknown is ""."""
    column = frame[name]
    if isinstance(column.dtype, pd.CategoricalDtype):
        known = np.append(column.array.categories.to_numpy(dtype=object), "")  # -1 is unknown
        return pd.Series(known[column.array.codes], index=column.index, dtype=object)
    return column.astype(object).where(column.notna(), "")


def number(frame: pd.DataFrame, name: str) -> Array:
    """Return a column as floats; unknown is NaN."""
    return np.asarray(pd.to_numeric(frame[name], errors="coerce"), dtype=np.float64)


def timed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that have a time."""
    return frame[frame["minute"] != NO_MINUTE]


def grid(counted: Counted) -> Grid | None:
    """Return the minutes that the records cover; None if nothing has a time."""
    minutes = np.concatenate(
        [timed(f)["minute"].to_numpy(np.int64) for f in (counted.tally, counted.rejections)]
    )
    if not len(minutes):
        return None
    return bounded(int(minutes.min()), int(minutes.max()), counted.rejections)


def bounded(first: int, last: int, rejections: pd.DataFrame) -> Grid:
    """Return the minutes from first to last, or the MAX_MINUTES of them that hold most."""
    if last - first >= MAX_MINUTES:
        first = _densest(timed(rejections)["minute"].to_numpy(np.int64), first)
        last = min(last, first + MAX_MINUTES - 1)
    return Grid(first, last - first + 1)


def _densest(minutes: NDArray[np.int64], fallback: int) -> int:
    """Return the start of the stretch of MAX_MINUTES that holds most rejections."""
    if not len(minutes):
        return fallback
    ordered = np.sort(minutes)
    ends = np.searchsorted(ordered, ordered + MAX_MINUTES)
    return int(ordered[int(np.argmax(ends - np.arange(len(ordered))))])


def per_minute(frame: pd.DataFrame, where: Grid, weight: str = "count") -> Array:
    """Return the number of events in each minute of the grid."""
    minute = frame["minute"].to_numpy(np.int64) - where.first
    inside = (minute >= 0) & (minute < where.minutes)
    counts = frame[weight].to_numpy(np.float64)[inside]
    return np.asarray(
        np.bincount(minute[inside], weights=counts, minlength=where.minutes), dtype=np.float64
    )


@dataclass(frozen=True, slots=True)
class Exposure:
    """What rejections are counted against; constant where the export has no denominators."""

    per_minute: Array
    kind: str  # "requests", "log lines", "minutes"
    lines: float = 1.0  # that a rejection leaves, counted in it once

    @property
    def is_measured(self) -> bool:
        """Whether something was counted, and not only time."""
        return self.kind != "minutes"


def exposure(counted: Counted, where: Grid, service: str | None, rejected: Array) -> Exposure:
    """Return the exposure of a service (None: of all).

    Access records of the service come first, then its log lines if they are more than the
    rejections themselves, then everybody's access records, then time alone.
    """
    tally = timed(counted.tally)
    access = tally["status_class"].to_numpy(np.int64) > 0
    own = (tally["service"] == service).to_numpy() if service is not None else access | True
    kinds = ((own & access, "requests"), (own & ~access, "log lines"))
    found = ((per_minute(tally[mask], where, "events"), kind) for mask, kind in kinds)
    everyone = per_minute(tally[access], where, "events") if access.any() else None
    return measured(rejected, found, everyone)


def measured(
    rejected: Array, found: Iterable[tuple[Array, str]], everyone: Array | None
) -> Exposure:
    """Return the first of the tallies (events per minute, kind) that counts traffic.

    Then everybody's access records, then time alone.
    """
    for events, kind in found:
        if events.any() and _carries(events, rejected):
            lines = lines_of_one(events, rejected) if kind == "log lines" else 1.0
            return Exposure(counted_once(events, rejected, lines), kind, lines)
    if everyone is not None and _carries(everyone, rejected):
        return Exposure(np.maximum(everyone, rejected), "requests")
    return Exposure(np.ones(len(rejected)), "minutes")


def lines_of_one(events: Array, rejected: Array) -> float:
    """Return how many lines a rejection is sure to leave, at least 1: a trace may be many events.

    Told by neighbouring minutes, whose traffic is alike: by how many lines they differ where they
    differ by a rejection. The lower 95 % limit of the median of that.
    """
    step = np.diff(rejected)
    at = np.flatnonzero((step != 0) & (events[:-1] > 0) & (events[1:] > 0))
    if len(at) < LEAST_STEPS:
        return 1.0
    slopes = np.sort(np.diff(events)[at] / step[at])
    low = math.floor(len(slopes) / 2 - 0.98 * math.sqrt(len(slopes)))
    return max(1.0, float(slopes[max(low, 0)]))


def counted_once(events: Array, rejected: Array, lines: float) -> Array:
    """Return the events with one line for each rejection."""
    return np.maximum(events - (lines - 1) * rejected, rejected)


def _carries(events: Array, rejected: Array) -> bool:
    """Whether a tally counts traffic, and not only the rejections themselves."""
    other = np.maximum(events - rejected, 0.0)
    calm = rejected <= np.median(rejected)
    steady = float(np.median(other[calm])) if calm.any() else 0.0
    return steady >= 3.0 and float(np.mean(other[calm] > 0)) >= 0.7


def instance_events(counted: Counted, services: tuple[str, ...]) -> pd.DataFrame:
    """Return service, instance, minute, events of a tally; an unnamed instance is ""."""
    tally = timed(counted.tally)
    rows = tally[tally["service"].isin(services).to_numpy()]
    table = pd.DataFrame(
        {
            "service": text(rows, "service").to_numpy(),
            "instance": text(rows, "instance").to_numpy(),
            "minute": rows["minute"].to_numpy(np.int64),
            "events": rows["events"].to_numpy(np.int64),
        }
    )
    return table.groupby(["service", "instance", "minute"], as_index=False).sum()
