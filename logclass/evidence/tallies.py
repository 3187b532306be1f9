"""The log events of every service, sorted once: with many, no mask runs over all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from logclass.evidence.series import Array, Exposure, Grid, measured, timed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from logclass.model import Counted

MORE = 2.0  # lines per rejection of a log that tells when it was silent
LONG = 10.0  # minutes of silence, where every minute has lines


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Log events of one service: bins of the grid, how many, access records or not, instance."""

    bins: NDArray[np.int64]
    events: Array
    is_access: NDArray[np.bool_]
    instances: NDArray[np.int64]  # numbers into Tallies.instances
    minutes: int

    def per_minute(self, mask: NDArray[np.bool_]) -> Array:
        """Return the events in each minute of those that the mask chooses."""
        return _counted(self.bins[mask], self.events[mask], self.minutes)


def _silent(seen: Array) -> NDArray[np.bool_]:
    """Return the minutes of silences that are too long to be chance."""
    live = np.flatnonzero(seen > 0)
    out = np.zeros(len(seen), dtype=bool)
    if not len(live):
        return out
    often = len(live) / (live[-1] - live[0] + 1)
    edges = np.concatenate(([-1], live, [len(seen)]))
    for at in np.flatnonzero((np.diff(edges) - 1) * often >= LONG):
        out[edges[at] + 1 : edges[at + 1]] = True
    return out


class Tallies:
    """The tally of an export, by service."""

    def __init__(self, counted: Counted, where: Grid) -> None:
        """Sort the tally by service."""
        tally = timed(counted.tally)
        bins = tally["minute"].to_numpy(np.int64) - where.first
        inside = (bins >= 0) & (bins < where.minutes)
        codes, names = _coded(tally["service"])
        instances, self.instances = _coded(tally["instance"])
        order = np.flatnonzero(inside)[np.argsort(codes[inside], kind="stable")]
        self.minutes = where.minutes
        self._bins, self._instances = bins[order], instances[order]
        self._events = tally["events"].to_numpy(np.float64)[order]
        self._is_access = (tally["status_class"].to_numpy(np.int64) > 0)[order]
        limits = np.searchsorted(codes[order], np.arange(len(names) + 1))
        self._at = {str(n): (int(limits[k]), int(limits[k + 1])) for k, n in enumerate(names)}

    def of(self, service: str) -> Tally:
        """Return the log events of a service; none where the tally does not know it."""
        return self._part(slice(*self._at.get(service, (0, 0))))

    def _part(self, part: slice) -> Tally:
        return Tally(
            self._bins[part],
            self._events[part],
            self._is_access[part],
            self._instances[part],
            self.minutes,
        )

    @cached_property
    def _all_access(self) -> Array | None:
        if not self._is_access.any():
            return None
        return self._part(slice(None)).per_minute(self._is_access)

    def exposure(self, service: str, rejected: Array) -> Exposure:
        """Return what the rejections of a service are counted against, see series.exposure."""
        mine = self.of(service)
        own = ((mine.is_access, "requests"), (~mine.is_access, "log lines"))
        found = measured(
            rejected, ((mine.per_minute(mask), kind) for mask, kind in own), self._all_access
        )
        unseen = self.unseen([service], rejected)
        return replace(found, per_minute=np.where(unseen, 0.0, found.per_minute))

    def unseen(self, services: Iterable[str], rejected: Array) -> NDArray[np.bool_]:
        """Return the minutes of which no log of services that reject is there.

        What a gateway logged meanwhile is no exposure, for no reason could have been seen. Where
        they write little but rejections, silence is good news.
        """
        parts = [self.of(name) for name in services]
        seen = np.sum([one.per_minute(~one.is_access) for one in parts], axis=0)
        if float(seen.sum()) < MORE * float(rejected.sum()):
            return np.zeros(self.minutes, dtype=bool)
        unseen: NDArray[np.bool_] = _silent(seen) & (rejected == 0)
        return unseen

    def alive(self, service: str, instances: Iterable[str]) -> dict[str, Array]:
        """Return the log events of these instances in each minute, of those that have any."""
        mine, wanted = self.of(service), set(instances)
        if not wanted:
            return {}
        order = np.argsort(mine.instances, kind="stable")
        known, first = np.unique(mine.instances[order], return_index=True)
        out = {}
        for code, rows in zip(known, np.split(order, first)[1:], strict=True):
            name = str(self.instances[code])
            if name in wanted:
                out[name] = _counted(mine.bins[rows], mine.events[rows], self.minutes)
        return out


def _counted(bins: NDArray[np.int64], events: Array, minutes: int) -> Array:
    return np.bincount(bins, events, minutes).astype(np.float64)


def _coded(column: pd.Series) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Return a column as numbers into its values in order; unknown is ""."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        values = column.array.categories.to_numpy(dtype=object)
        codes = column.array.codes.astype(np.int64)
        named = np.flatnonzero(values == "")
        values = values if len(named) else np.append(values, "")
        unknown = int(named[0]) if len(named) else len(values) - 1
        return np.where(codes < 0, unknown, codes), values
    plain = column.astype(object).where(column.notna(), "")
    codes, values = pd.factorize(plain.to_numpy(dtype=object), sort=True)
    return codes.astype(np.int64), np.asarray(values, dtype=object)
