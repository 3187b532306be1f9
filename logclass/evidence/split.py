"""Split brain: whether one part of the fleet rejects what another part accepts.

Three independent signs: failing shares per instance fall into two classes (two binomials
against one, by BIC); instances replaced in the middle of the episode, old and new serving at
once; the same token, or tokens of the same age, fail on some instances and pass on others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import gammaincc

from logclass.evidence.phrases import count, names, percent
from logclass.evidence.series import number
from logclass.evidence.slice import Slice, seconds

if TYPE_CHECKING:
    from collections.abc import Callable

GAIN = 10.0  # BIC gain from which two classes are believed
CERTAIN = 30.0  # ... even where both classes reject a good part
LEAST_EVENTS = 5
LASTING = 0.4  # share of the rejections in quarters that show two classes
EXTRA_VARIANCE = 1.5  # requests of one client hit one instance in runs


@dataclass(frozen=True, slots=True)
class Classes:
    """Instances in two classes of failing share."""

    low: tuple[str, ...]
    high: tuple[str, ...]
    low_share: float
    high_share: float
    gain: float  # in BIC


@dataclass(frozen=True, slots=True)
class Turnover:
    """Instances replaced around the episode."""

    old: tuple[str, ...]  # seen before the onset
    new: tuple[str, ...]  # seen first at the onset or later
    old_alive: int  # old ones serving in the middle of the episode
    alive: int
    old_rejections: float
    new_rejections: float
    last_old_ms: int | None  # last event of an old instance that stopped
    is_measured: bool  # instances were seen before the onset, so "new" means something

    @property
    def is_rolling(self) -> bool:
        """Whether old and new instances served side by side, and old ones went away."""
        return self.is_measured and bool(self.new) and 0 < self.old_alive < self.alive


@dataclass(frozen=True, slots=True)
class Split:
    """What the instances say of an episode."""

    instances: int
    classes: Classes | None
    turnover: Turnover
    is_homogeneous: bool  # enough was seen on three instances or more, and they agree
    starts_staggered: bool
    ends_staggered: bool
    elsewhere: int  # tokens rejected on one instance and accepted on another
    checkerboard: bool  # one key fails here and the other there


def measure(part: Slice, turned_ms: float) -> Split:
    """Return how an episode is spread over the instances. `turned_ms`: when keys changed."""
    rows = part.rows[part.rows["instance"] != ""]
    known = sorted(set(part.events["instance"]) | set(rows["instance"]))
    tables = [_table(part, rows, lo, hi) for lo, hi in _stretches(part)]
    best = _lasting(tables, compare=_classes if part.is_complete else _count_classes)
    turnover = _turnover(part, rows)
    starts, ends = _staggered(part, rows)
    seen = "n" if part.is_complete else "k"
    enough = int((tables[0][seen] >= LEAST_EVENTS).sum()) >= 3
    return Split(
        instances=len(known),
        classes=best,
        turnover=turnover,
        is_homogeneous=enough and best is None and not turnover.is_rolling,
        starts_staggered=starts,
        ends_staggered=ends,
        elsewhere=_elsewhere(part, rows),
        checkerboard=_checkerboard(rows, turned_ms),
    )


def _lasting(
    tables: list[pd.DataFrame], *, compare: Callable[[pd.DataFrame], Classes | None]
) -> Classes | None:
    """Return the clearest two classes, if the instances disagree through much of the episode.

    While any deploy rolls out, replaced instances fail and the others do not. A fleet is split
    where it stays so: in the quarters that hold LASTING of the rejections.
    """
    whole, *quarters = tables
    first = compare(whole)
    found = [(compare(t), float(t["k"].sum())) for t in quarters]
    told = [(c, k) for c, k in found if c is not None]
    total = sum(k for _, k in found)
    if total and all(_is_telling(t) for t in quarters):
        if sum(k for _, k in told) < LASTING * total:
            return None
    elif first is None:
        return None
    return max([c for c in (first, *(c for c, _ in told)) if c], key=lambda c: c.gain, default=None)


def _is_telling(table: pd.DataFrame) -> bool:
    """Return whether a stretch holds enough requests per instance to show two classes."""
    return len(table) >= 2 and float(table["n"].median()) >= 2 * LEAST_EVENTS


def _stretches(part: Slice) -> list[tuple[int, int]]:
    """Return the whole episode and its quarters, in minutes since the epoch."""
    length = part.stop - part.first
    cuts = [part.first + length * i // 4 for i in range(5)]
    quarters = [(a, b) for a, b in pairwise(cuts) if b - a >= 3]
    return [(part.first, part.stop), *quarters]


def _table(part: Slice, rows: pd.DataFrame, low: int, high: int) -> pd.DataFrame:
    """Return failures k and requests n per instance in [low, high)."""
    now = rows[(rows["minute"] >= low) & (rows["minute"] < high)]
    k = now.groupby("instance")["count"].sum().astype(float)
    live = part.events[(part.events["minute"] >= low) & (part.events["minute"] < high)]
    n = live.groupby("instance")["events"].sum().astype(float)
    table = pd.DataFrame({"k": k, "n": n}).fillna(0.0)
    if not part.is_complete:  # only rejections are logged: compare counts, not shares
        table["n"] = max(float(table["k"].max()), 1.0) if len(table) else 1.0
    table["n"] = table[["n", "k"]].max(axis=1)
    return table.sort_index()


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


def _turnover(part: Slice, rows: pd.DataFrame) -> Turnover:
    seen = pd.concat(
        [
            part.events[["instance", "minute"]],
            rows[["instance", "minute"]],
            part.before.loc[part.before["instance"] != "", ["instance", "minute"]],
        ]
    )
    spans = seen.groupby("instance")["minute"].agg(["min", "max"])
    onset = part.episode.onset.low_ms // 60_000
    # on a busy instance a first line long after the export's start means that it was not there
    is_old = spans["min"] < onset
    old, new = spans[is_old], spans[~is_old]
    middle = _middle_minute(rows, part)
    old_alive = int(((old["max"] >= middle) & (old["min"] <= middle)).sum())
    new_alive = int(((new["max"] >= middle) & (new["min"] <= middle)).sum())
    totals = rows.groupby("instance")["count"].sum()
    gone = old[(old["max"] >= onset) & (old["max"] < part.grid.first + part.grid.minutes - 3)]
    return Turnover(
        tuple(map(str, old.index)),
        tuple(map(str, new.index)),
        old_alive,
        old_alive + new_alive,
        float(totals.reindex(old.index).sum()),
        float(totals.reindex(new.index).sum()),
        int(gone["max"].max()) * 60_000 + 60_000 if len(gone) else None,
        part.is_complete and len(old) > 0 and onset - part.grid.first >= 3,
    )


def _middle_minute(rows: pd.DataFrame, part: Slice) -> int:
    if not len(rows):
        return (part.first + part.stop) // 2
    cum = rows["count"].cumsum().to_numpy()
    at = int(np.searchsorted(cum, cum[-1] / 2))
    return int(rows["minute"].iloc[at])


def _staggered(part: Slice, rows: pd.DataFrame) -> tuple[bool, bool]:
    """Return whether instances began, and ended, at clearly different times.

    If all share one start, an instance's first failure lags it by an exponential time of its own
    rate; the sum of the scaled lags is then a gamma variable.
    """
    if not len(rows) or rows["instance"].nunique() < 3:
        return False, False
    at = seconds(rows)
    groups = pd.DataFrame({"i": rows["instance"].to_numpy(), "t": at}).groupby("i")["t"]
    spans = groups.agg(["min", "max", "count"])
    spans = spans[spans["count"] >= 8]
    if len(spans) < 3:
        return False, False
    rate: pd.Series[float] = (spans["count"] - 1) / np.maximum(spans["max"] - spans["min"], 1.0)
    starts = ((spans["min"] - spans["min"].min()) * rate).to_numpy()
    is_over = part.episode.recovery is not None
    ends = ((spans["max"].max() - spans["max"]) * rate).to_numpy()
    return _is_spread(starts), is_over and _is_spread(ends)


def _is_spread(scaled: np.ndarray) -> bool:
    # half the weight: failures come in runs, so lags are longer than the rate says
    lags = 0.5 * np.sort(scaled)
    return bool(gammaincc(len(lags), float(lags.sum())) < 1e-4 and np.median(lags) > 3.0)


def _elsewhere(part: Slice, rows: pd.DataFrame) -> int:
    """Return how many tokens were rejected on one instance and accepted on another."""
    rejected = pd.DataFrame({"token": number(rows, "token"), "instance": rows["instance"]})
    late = part.accepted[seconds(part.accepted) >= part.episode.onset.low_ms / 1000]
    accepted = pd.DataFrame({"token": number(late, "token"), "instance": late["instance"]})
    pairs = rejected[rejected["token"] > 0].merge(accepted[accepted["token"] > 0], on="token")
    return int(pairs.loc[pairs["instance_x"] != pairs["instance_y"], "token"].nunique())


def _checkerboard(rows: pd.DataFrame, turned_ms: float) -> bool:
    """Whether old keys fail on some instances and new keys on others, nowhere both."""
    key = rows["kid"].to_numpy()
    if len(set(key) - {""}) < 2:
        issued = number(rows, "iat_seconds")
        key = np.where(np.isfinite(issued), np.where(issued >= turned_ms / 1000, "n", "o"), "")
    table = pd.crosstab(rows["instance"].to_numpy(), key)
    table = table.drop(columns="", errors="ignore")
    if table.shape[1] < 2 or len(table) < 2:
        return False
    two = table[table.sum().sort_values(ascending=False, kind="stable").index[:2]].to_numpy()
    two = two[two.sum(axis=1) >= LEAST_EVENTS]
    if len(two) < 2:
        return False
    share = two[:, 0] / two.sum(axis=1)
    return bool((share > 0.8).any() and (share < 0.2).any())


def as_document(split: Split, service: str) -> dict[str, Any] | None:
    """Return {"classes", "by", "text"} for the report; None if the fleet agrees."""
    turnover, classes = split.turnover, split.classes
    if turnover.is_rolling and (turnover.old_rejections or turnover.new_rejections):
        parts = ((turnover.old, turnover.old_rejections), (turnover.new, turnover.new_rejections))
        total = max(turnover.old_rejections + turnover.new_rejections, 1.0)
        return {
            "classes": [
                {"instances": list(members), "failing_share": round(k / total, 3)}
                for members, k in parts
            ],
            "by": "release",
            "text": f"Old and new {service} instances served side by side: midway "
            f"{turnover.old_alive} of {turnover.alive} were old. Old ones wrote "
            f"{count(turnover.old_rejections, 'rejection')}, new ones "
            f"{count(turnover.new_rejections, 'rejection')}.",
        }
    if classes is None:
        return None
    return {
        "classes": [
            {"instances": list(classes.high), "failing_share": round(classes.high_share, 3)},
            {"instances": list(classes.low), "failing_share": round(classes.low_share, 3)},
        ],
        "by": "instance",
        "text": f"{names(classes.high)} rejected {percent(classes.high_share)} of requests while "
        f"{names(classes.low)} rejected {percent(classes.low_share)}.",
    }
