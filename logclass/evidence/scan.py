"""Find the window in which a count series departs most from its baseline.

Two exact scans over all windows. With many events: the Chernoff exponent of the negative
binomial NB1 law, maximised over every start by hull pruning as in Poisson-FOCuS (Ward et al.,
arXiv 2208.01494). With few: Kulldorff's likelihood ratio given the total (1997), which needs no
baseline. Windows are half open, in bins from the start of the series.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FALSE_ALARMS = 0.01  # wanted per export
CALM_BINS, CALM_EXPECTED, CALM_TIMES = 20, 16.0, 8.0  # of a first part without what follows
SPARSE = 200  # distinct busy minutes up to which the scan given the total is used
DENSE = 600  # events from which it is not where most minutes are busy: they are no cluster


@dataclass(frozen=True, slots=True)
class Window:
    """A run of bins and the log likelihood ratio of its departure."""

    start: int
    stop: int  # exclusive
    score: float


NOWHERE = Window(0, 0, 0.0)


@dataclass(frozen=True, slots=True)
class Baseline:
    """Events per unit of exposure in normal times, and their overdispersion (Poisson: 1)."""

    rate: float
    dispersion: float
    events: float  # events it rests on


def threshold(minutes: int, series: int) -> float:
    """Return the score that quiet data exceed in one of a hundred exports."""
    return 6.6 + math.log(max(minutes, 1) / 1440) + math.log(max(series, 1) / FALSE_ALARMS)


def exponent(x: Array, m: Array, dispersion: float) -> Array:
    """Return the exponent S with P(count >= x) <= exp(-S) for NB1 windows of mean m."""
    x, m = np.maximum(x, 1e-300), np.maximum(m, 1e-12)
    if dispersion <= 1.0 + 1e-6:
        score = x * np.log(x / m) - (x - m)
    else:
        size = m / (dispersion - 1)
        score = x * np.log(x / m) - (x + size) * np.log((x + size) / (m + size))
    return np.where(x > m, score, 0.0)


def baseline(x: Array, e: Array, outside: NDArray[np.bool_] | None = None) -> Baseline:
    """Return rate and dispersion of the bins outside of a candidate.

    The rate is the median over blocks, so a bad stretch shorter than half the data does not
    move it; if blocks differ by more than a factor of three, the quietest quarter counts.
    """
    use = e > 0 if outside is None else outside & (e > 0)
    xs, es = x[use], e[use]
    if not len(xs):
        return Baseline(0.5 / max(float(e.sum()), 1e-9), 1.0, 0.0)
    rate = max(_calm_rate(xs, es, is_cleaned=outside is not None), 0.5 / float(es.sum()))
    return Baseline(rate, dispersion(xs, rate * es), float(xs.sum()))


def _calm_rate(x: Array, e: Array, *, is_cleaned: bool) -> float:
    size = 60 if len(x) >= 360 else max(5, len(x) // 12)
    starts = np.arange(0, len(x), size)
    be = np.add.reduceat(e, starts)
    rates = np.add.reduceat(x, starts) / be
    begun = None if is_cleaned else _calm_beginning(x, e)
    if begun is not None:
        return begun
    middle, quiet = float(np.median(rates)), float(np.quantile(rates, 0.25))
    expected = float(be.mean())
    if middle > 3 * quiet and middle * expected > 20:
        return quiet
    if is_cleaned and (len(starts) < 6 or middle * expected < 5):
        return float(x.sum() / e.sum())
    return middle


def _calm_beginning(x: Array, e: Array) -> float | None:
    """Return the rate of a first part in which hardly anything failed of what fails ever since.

    It may be shorter than a quarter of the data: what was not there for so long is new. None where
    no such part is.
    """
    cum_x, cum_e = np.cumsum(x)[:-1], np.cumsum(e)[:-1]
    expected = (x.sum() - cum_x) / np.maximum(e.sum() - cum_e, 1e-9) * cum_e
    is_calm = (expected >= CALM_EXPECTED) & (cum_x <= expected / CALM_TIMES)
    is_calm[:CALM_BINS] = False
    if not is_calm.any():
        return None
    at = int(np.argmax(np.where(is_calm, expected, 0.0)))
    return float(cum_x[at] / cum_e[at])


def dispersion(x: Array, mu: Array) -> float:
    """Return the variance per mean of counts, at least 1; blocks hold two expected events."""
    total = float(mu.sum())
    if total < 8 or len(x) < 8:
        return 1.0
    worst = 1.0
    least = max(1, math.ceil(2 * len(x) / total))
    for size in (least, least * 5):
        starts = np.arange(0, len(x) - size + 1, size)
        if len(starts) < 6:
            continue
        bx = np.add.reduceat(x, starts)[:-1]
        bm = np.maximum(np.add.reduceat(mu, starts)[:-1], 1e-9)
        worst = max(worst, float(np.mean((bx - bm) ** 2 / bm)))
    return min(worst, 50.0)


def clustering(x: Array) -> float:
    """Return the variance per mean of neighbouring blocks, at least 1: clients that try again.

    Where a client repeats its request, a few of them are a few independent events and not many.
    Neighbours are compared, so a rise or fall of the whole does not count.
    """
    total = float(x.sum())
    if total < 12:
        return 1.0
    worst = 1.0
    for events in (2.0, 6.0):
        size = max(1, math.ceil(events * len(x) / total))
        blocks = np.add.reduceat(x, np.arange(0, len(x) - size + 1, size))
        blocks = blocks[:-1] if len(x) % size else blocks
        if len(blocks) >= 8:
            level = max(float(blocks.mean()), 1e-9)
            worst = max(worst, float(np.mean(np.diff(blocks) ** 2)) / (2 * level))
    return min(worst, 20.0)


def best_window(x: Array, mu: Array, spread: float) -> Window:
    """Return the best NB1 window over all starts and ends.

    For a fixed end the score is convex in (events, mean), so its maximum over the starts lies
    on the lower hull of the cumulated points; only busy bins can start or end a window.
    """
    busy = np.flatnonzero(x > 0)
    if not len(busy):
        return NOWHERE
    cum_x = np.concatenate(([0.0], np.cumsum(x)))
    cum_m = np.concatenate(([0.0], np.cumsum(mu)))
    starts, ends = _hull_pairs(busy, cum_x, cum_m)
    score = exponent(cum_x[ends] - cum_x[starts], cum_m[ends] - cum_m[starts], spread)
    at = int(np.argmax(score))
    return Window(int(starts[at]), int(ends[at]), float(score[at]))


def _hull_pairs(
    busy: NDArray[np.int64], cum_x: Array, cum_m: Array
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the (start, end) pairs that can hold the maximum."""
    px, pm = cum_x[busy].tolist(), cum_m[busy].tolist()
    hull: list[int] = []  # positions in `busy`
    starts: list[int] = []
    sizes: list[int] = []
    for k in range(len(busy)):
        x, m = px[k], pm[k]
        while len(hull) >= 2:
            b, a = hull[-1], hull[-2]
            if (px[b] - px[a]) * (m - pm[b]) < (x - px[b]) * (pm[b] - pm[a]):
                break
            hull.pop()
        hull.append(k)
        starts.extend(hull)
        sizes.append(len(hull))
    ends = np.repeat(busy + 1, sizes)
    return busy[np.asarray(starts, dtype=np.int64)], ends


def given_total(x: Array, e: Array) -> Window:
    """Return Kulldorff's best window: more events than its share of the exposure."""
    busy = np.flatnonzero(x > 0)
    total, exposure = float(x.sum()), float(e.sum())
    if total < 2 or exposure <= 0:
        return NOWHERE
    cum_x = np.concatenate(([0.0], np.cumsum(x)))
    cum_e = np.concatenate(([0.0], np.cumsum(e)))
    i, j = np.triu_indices(len(busy))
    starts, ends = busy[i], busy[j] + 1
    k = cum_x[ends] - cum_x[starts]
    share = (cum_e[ends] - cum_e[starts]) / exposure
    expected = np.clip(total * share, 1e-9, total)
    rest, rest_expected = total - k, np.maximum(total - expected, 1e-9)
    score = k * np.log(k / expected)
    score += np.where(rest > 0, rest * np.log(np.maximum(rest, 1e-300) / rest_expected), 0.0)
    score = np.where((k > expected) & (k >= 2), score, 0.0)
    at = int(np.argmax(score))
    return Window(int(starts[at]), int(ends[at]), float(score[at]))


def scan(x: Array, e: Array) -> tuple[Window, Baseline]:
    """Return the strongest window of a series and the baseline outside of it.

    The score of the scan given the total is put one lower, since its quiet quantiles lie one
    higher; both scans are thus compared with the same threshold.
    """
    busy = np.count_nonzero(x)
    if busy <= SPARSE and (busy <= 0.5 * len(x) or float(x.sum()) <= DENSE):
        window = given_total(x, e)
        base = _outside(x, e, window)
        spread = max(base.dispersion, clustering(x[window.start : window.stop]))
        return Window(window.start, window.stop, window.score / spread - 1.0), base
    base = baseline(x, e)
    window = best_window(x, base.rate * e, base.dispersion)
    base = _outside(x, e, window)
    window = best_window(x, base.rate * e, base.dispersion)
    return window, _outside(x, e, window)


def _outside(x: Array, e: Array, window: Window) -> Baseline:
    outside = np.ones(len(x), dtype=bool)
    outside[window.start : window.stop] = False
    if float(e[outside].sum()) <= 0.02 * float(e.sum()):
        return baseline(x, e)
    return baseline(x, e, outside)
