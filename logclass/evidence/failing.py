"""Which instances fail in an episode, and whether a few of them carry it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from logclass.evidence.contrast import coded

if TYPE_CHECKING:
    import pandas as pd

    from logclass.evidence.alarms import Series
    from logclass.evidence.scan import Array, Window

BY_LUCK = 0.02  # chance of as many rejections from the background alone
CARRIED = 0.9  # of the episode's rejections that the few carry
FEW = 0.5  # of the instances seen


def failing(rows: pd.DataFrame, minute: Array, span: Window) -> tuple[str, ...]:
    """Return the instances with more rejections than their own background explains, by name.

    `rows` are the rejections of the episode's reasons over the whole time, `minute` their bins.
    """
    codes, known = coded(rows, "instance")
    counts = rows["count"].to_numpy(np.float64)
    inside = (minute >= span.start) & (minute < span.stop)
    usable = codes >= 0
    now, rest = (
        np.bincount(codes[usable & side], weights=counts[usable & side], minlength=len(known))
        for side in (inside, ~inside)
    )
    length = max(span.stop - span.start, 1)
    others = max(int(np.ptp(minute)) + 1 - length, 1) if len(minute) else 1
    seen = max(int((now > 0).sum()), 1)
    usual = (rest + 0.5 * float(rest.sum()) / seen) / 1.5  # a share of what all have
    mean = usual * min(length / others, 1e6)
    return tuple(
        str(name)
        for name, k, m in zip(known, now, mean, strict=True)
        if name and k > m and _tail(round(k), m) < BY_LUCK
    )


def _tail(k: int, mean: float) -> float:
    """Return the Poisson chance of k or more events."""
    if mean <= 0:
        return 0.0
    if mean > 200:
        return 0.5 * math.erfc((k - 0.5 - mean) / math.sqrt(2 * mean))
    below = (math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(k))
    return max(0.0, 1.0 - sum(below))


def carriers(rows: pd.DataFrame, minute: Array, span: Window, alive: int) -> np.ndarray | None:
    """Return the rows of the few instances that carry a departure; None where many do.

    `alive` is the number of instances seen at all.
    """
    codes, known = coded(rows, "instance")
    named = (codes >= 0) & (known[codes] != "") if len(known) else codes >= 0
    inside = named & (minute >= span.start) & (minute < span.stop)
    if not inside.any():
        return None
    counts = rows["count"].to_numpy(np.float64)
    now = np.bincount(codes[inside], weights=counts[inside], minlength=len(known))
    order = np.argsort(-now, kind="stable")
    share = np.cumsum(now[order]) / now.sum()
    few = int(np.searchsorted(share, CARRIED)) + 1
    if few > FEW * max(alive, int((now > 0).sum())):
        return None
    return np.asarray(named & np.isin(codes, order[:few]))


def by_excess(series: list[Series], span: Window) -> tuple[str, ...]:
    """Return the reasons of the series, the one that exceeds its usual rate most first."""
    totals: dict[str, float] = {}
    for s in series:
        outside = np.delete(s.x, np.s_[span.start : span.stop])
        base = float(outside.mean()) if len(outside) else 0.0
        excess = float(s.x[span.start : span.stop].sum()) - base * (span.stop - span.start)
        totals[s.reason] = totals.get(s.reason, 0.0) + excess
    return tuple(sorted(totals, key=lambda r: (-totals[r], r)))
