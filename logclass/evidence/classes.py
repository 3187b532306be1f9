"""Instances in two classes: some reject what the others accept, for as long as it lasts.

Two binomials against one, by BIC; two Poisson means where only rejections are logged. Instances
are held against those of their own service: services differ in what they log and in who calls them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from logclass.evidence.names import words
from logclass.vocabulary import RecordKind

if TYPE_CHECKING:
    from logclass.evidence.slice import Slice

GAIN = 10.0  # BIC gain from which two classes are believed
CERTAIN = 30.0  # ... even where both classes reject a good part
LEAST_EVENTS = 5
LASTING = 0.5  # share of the rejections in quarters that show two classes
EXTRA_VARIANCE = 1.5  # requests of one client hit one instance in runs


@dataclass(frozen=True, slots=True)
class Classes:
    """Instances in two classes of failing share."""

    low: tuple[str, ...]
    high: tuple[str, ...]
    low_share: float
    high_share: float
    gain: float  # in BIC


@dataclass(frozen=True, slots=True, eq=False)
class Fleet:
    """The instances of one service during an episode."""

    whole: pd.DataFrame  # by instance: k failures of n requests, its first and last minute
    quarters: list[pd.DataFrame]  # k and n of each quarter of the episode
    failed: pd.Series  # failures by minute


def fleets_of(part: Slice, rows: pd.DataFrame) -> list[Fleet]:
    """Return the instances of each service that verifies.

    A service that only logs access does not verify where another does: it passes on what it gets.
    """
    is_verifier = rows["kind"] != RecordKind.ACCESS
    names = rows["service"][is_verifier if is_verifier.any() else rows.index]
    kept = {_fleet(str(s)) for s in names.unique()}
    own, seen = rows["service"].map(fleet_of), part.events["service"].map(fleet_of)
    return [
        _fleet_table(part, rows[(own == fleet).to_numpy()], part.events[(seen == fleet).to_numpy()])
        for fleet in sorted(kept)
    ]


def fleet_of(service: object) -> str:
    """Return the service whose instances can be held against one another."""
    return _fleet(str(service))


@lru_cache(maxsize=1024)
def _fleet(service: str) -> str:
    """Return a service's name without a number: `auth-1` and `auth-2` are of one fleet."""
    return "-".join(words(service)) or service


def _fleet_table(part: Slice, rows: pd.DataFrame, events: pd.DataFrame) -> Fleet:
    both = pd.concat([rows["instance"], events["instance"]]).to_numpy(dtype=object)
    codes, known = pd.factorize(both, sort=True)
    minute = np.concatenate([rows["minute"], events["minute"]])
    number = np.concatenate([rows["count"], events["events"]]).astype(np.float64)
    is_row = np.arange(len(both)) < len(rows)
    tables = []
    for low, high in _stretches(part):
        now = (minute >= low) & (minute < high)
        k, n = (
            np.bincount(codes[mask], weights=number[mask], minlength=len(known))
            for mask in (now & is_row, now & ~is_row)
        )
        if not part.is_complete:  # only rejections are logged: compare counts, not shares
            n = np.full(len(k), max(float(k.max(initial=0.0)), 1.0))
        seen = np.bincount(codes[now], minlength=len(known)) > 0
        table = pd.DataFrame({"k": k, "n": np.maximum(n, k)}, index=pd.Index(known))
        tables.append(table[seen])
    spans = pd.Series(minute).groupby(known[codes]).agg(["min", "max"])
    failed = rows["count"].groupby(rows["minute"].to_numpy()).sum()
    return Fleet(tables[0].join(spans), tables[1:], failed)


def lasting(fleet: Fleet, *, is_complete: bool) -> Classes | None:
    """Return the clearest two classes, if the instances disagree through much of the episode.

    While any deploy rolls out, replaced instances fail and the others do not. A fleet is split
    where it stays so: in the quarters that hold LASTING of the rejections, and while instances
    live that reject nothing.
    """
    compare = _classes if is_complete else _count_classes
    first = compare(fleet.whole)
    found = [(compare(t), float(t["k"].sum())) for t in fleet.quarters]
    told = [(c, k) for c, k in found if c is not None]
    total = sum(k for _, k in found)
    if total and all(_is_telling(t) for t in fleet.quarters):
        if sum(k for _, k in told) < LASTING * total:
            return None
    elif first is None:
        return None
    every = [c for c in (first, *(c for c, _ in told)) if c is not None and _is_beside(c, fleet)]
    return max(every, key=lambda c: c.gain, default=None)


def _is_beside(classes: Classes, fleet: Fleet) -> bool:
    """Return whether much was rejected while those that reject little served as well."""
    spans = fleet.whole.reindex(list(classes.low))
    minute = fleet.failed.index.to_numpy()
    begun = np.searchsorted(np.sort(spans["min"].to_numpy()), minute, side="right")
    gone = np.searchsorted(np.sort(spans["max"].to_numpy()), minute, side="left")
    beside = begun > gone  # more have begun than are gone: one at least lives
    return float(fleet.failed[beside].sum()) >= LASTING * float(fleet.failed.sum())


def refused_while(part: Slice, instances: tuple[str, ...]) -> float | None:
    """Return the share of their requests that instances refused while they did; None if too few.

    Over the whole of an episode an instance that was deployed late, or put right early, refuses
    some of its requests only, whatever it did in between.
    """
    if not part.is_complete:
        return None
    rows = part.rows[part.rows["instance"].isin(instances)]
    names = rows["instance"].astype(object)
    spans = rows["minute"].groupby(names).agg(["min", "max"])
    failed = rows["count"][_within(rows, spans)].groupby(names).sum()
    here = part.events[part.events["instance"].isin(spans.index)]
    seen = here["events"][_within(here, spans)].groupby(here["instance"].astype(object)).sum()
    refused = failed.reindex(spans.index).fillna(0.0)
    requests = float(np.maximum(refused, seen.reindex(spans.index).fillna(0.0)).sum())
    return float(refused.sum()) / requests if requests >= 4 * LEAST_EVENTS else None


def _within(rows: pd.DataFrame, spans: pd.DataFrame) -> np.ndarray:
    """Return which rows stand in whole minutes between the first and last of their instance."""
    at = spans.reindex(rows["instance"].astype(object))
    minute = rows["minute"].to_numpy(np.float64)
    return np.asarray((minute > at["min"].to_numpy()) & (minute < at["max"].to_numpy()))


def _is_telling(table: pd.DataFrame) -> bool:
    """Return whether a stretch holds enough requests per instance to show two classes."""
    return len(table) >= 2 and float(table["n"].median()) >= 2 * LEAST_EVENTS


def _stretches(part: Slice) -> list[tuple[int, int]]:
    """Return the whole episode and its quarters, in minutes since the epoch."""
    length = part.stop - part.first
    cuts = [part.first + length * i // 4 for i in range(5)]
    quarters = [(a, b) for a, b in pairwise(cuts) if b - a >= 3]
    return [(part.first, part.stop), *quarters]


def _classes(table: pd.DataFrame) -> Classes | None:
    """Return the best cut into two classes if it beats one class clearly."""
    table = table[table["n"] >= LEAST_EVENTS]
    if len(table) < 2 or float(table["k"].sum()) < LEAST_EVENTS:
        return None
    share = table["k"] / table["n"]
    order = np.lexsort((np.arange(len(table)), share.to_numpy()))
    k, n = table["k"].to_numpy()[order], table["n"].to_numpy()[order]
    ck, cn = np.cumsum(k), np.cumsum(n)
    low_k, low_n = ck[:-1], cn[:-1]
    gains = _log_like(low_k, low_n) + _log_like(ck[-1] - low_k, cn[-1] - low_n)
    gains = 2 * (gains - _log_like(ck[-1:], cn[-1:])) / EXTRA_VARIANCE - 2 * math.log(len(k)) - 3
    at = int(np.argmax(gains))
    low, high = low_k[at] / low_n[at], (ck[-1] - low_k[at]) / (cn[-1] - low_n[at])
    is_gross = high - low > 0.5 or (high > 4 * low and high - low > 0.15)
    if gains[at] <= GAIN or not (is_gross or (gains[at] > CERTAIN and high - low > 0.2)):
        return None
    index = [str(i) for i in table.index[order]]
    return Classes(
        tuple(sorted(index[: at + 1])),
        tuple(sorted(index[at + 1 :])),
        float(low),
        float(high),
        float(gains[at]),
    )


def _count_classes(table: pd.DataFrame) -> Classes | None:
    """Return the best cut by rejections alone: two Poisson means against one.

    Without the requests behind them only a gross difference says anything: instances do not get
    equal shares of the traffic.
    """
    counts = table["k"].sort_values(kind="stable")
    k = counts.to_numpy()
    if len(k) < 2 or k.sum() < 4 * LEAST_EVENTS:
        return None
    n, low_k = np.arange(1, len(k)), np.cumsum(k)[:-1]
    high_k = k.sum() - low_k
    gains = _poisson(low_k, n) + _poisson(high_k, len(k) - n) - _poisson(k.sum(), len(k))
    gains = 2 * gains / EXTRA_VARIANCE - 2 * math.log(len(k)) - 3
    at = int(np.argmax(gains))
    low, high = low_k[at] / n[at], high_k[at] / (len(k) - n[at])
    if gains[at] <= GAIN or high < 8 * low:
        return None
    index = [str(i) for i in counts.index]
    top = max(float(k.max()), 1.0)
    halves = tuple(sorted(index[: at + 1])), tuple(sorted(index[at + 1 :]))
    return Classes(*halves, float(low) / top, float(high) / top, float(gains[at]))


def _poisson(k: np.ndarray, n: np.ndarray | int) -> np.ndarray:
    return np.asarray(k * np.log(np.maximum(k, 1e-9) / n) - k)


def _log_like(k: np.ndarray, n: np.ndarray) -> np.ndarray:
    p = np.clip(k / np.maximum(n, 1e-9), 1e-9, 1 - 1e-9)
    return np.asarray(k * np.log(p) + (n - k) * np.log(1 - p))
