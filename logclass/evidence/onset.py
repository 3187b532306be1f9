"""When a departure began and ended, to the minute and, where stamps allow, below it.

The start is a posterior over the minutes under `mu + A * min(1, (t - start) / w)`, summed over
ramp lengths w and heights A: without ramps a rolling deploy would look late. The end is the same
question asked of the reversed series.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from logclass.evidence.scan import Array, Window

RAMPS = (0, 1, 2, 3, 5, 8, 12, 16, 22, 30, 45)  # minutes
HEIGHTS = np.geomspace(0.5, 2.2, 13)  # of the plateau's excess
MARGIN = 45  # minutes looked at before the window
PLATEAU = 60  # minutes of the window that are fitted
BY_LUCK = 0.05  # background failures expected between two that belong together
FIRST = 6  # failures that tell the rate at the start of a ramp
SOFT_MS = 30_000.0  # a ramp's onset is not told more closely than this


@dataclass(frozen=True, slots=True)
class Start:
    """Bins of the start: 95 % interval (both inclusive), median, and the ramp's mean length."""

    low: int
    middle: int
    high: int
    ramp: float  # minutes
    step: float  # probability that there is no ramp


def start_of(x: Array, mu: Array, e: Array, window: Window) -> Start:
    """Return where the departure of a window begins; the interval is widened by a bin."""
    first = max(0, window.start - MARGIN)
    last = min(window.stop, window.start + PLATEAU)
    x, mu, e = x[first:last], np.maximum(mu[first:last], 1e-6), e[first:last]
    reach = min(MARGIN, max(5, (window.stop - window.start) // 2))
    onsets = np.arange(0, min(len(x), window.start - first + reach + 1))
    height = _height(x, mu, e, window.start - first)
    log_like = _log_likelihood(x, mu, height * e, onsets)
    spread = _spread(x, mu, height * e, window.start - first)
    weight = np.exp((log_like - log_like.max()) / spread)
    by_onset = weight.sum(axis=(1, 2))
    by_ramp = weight.sum(axis=(0, 2))
    by_onset, by_ramp = by_onset / by_onset.sum(), by_ramp / by_ramp.sum()
    low, high = _densest(by_onset)
    middle = int(np.searchsorted(np.cumsum(by_onset), 0.5))
    ramp = float(np.dot(by_ramp, RAMPS))
    return Start(max(first + low - 1, 0), first + middle, first + high + 1, ramp, float(by_ramp[0]))


def end_of(x: Array, mu: Array, e: Array, window: Window) -> Start:
    """Return where it ends: the bins are the last failing ones; low <= middle <= high."""
    n = len(x)
    turned = Window(n - window.stop, n - window.start, window.score)
    back = start_of(x[::-1], mu[::-1], e[::-1], turned)
    return Start(n - 1 - back.high, n - 1 - back.middle, n - 1 - back.low, back.ramp, back.step)


def _height(x: Array, mu: Array, e: Array, at: int) -> float:
    """Return the plateau's excess per exposure: the upper half of ten-minute blocks."""
    xs, ms, es = x[at:], mu[at:], e[at:]
    blocks = np.arange(0, len(xs), 10)
    rates = np.add.reduceat(xs - ms, blocks) / np.maximum(np.add.reduceat(es, blocks), 1e-9)
    usable = rates[: max(1, len(rates) - 1)] if len(xs) % 10 < 5 else rates
    return max(float(np.median(usable[usable >= np.median(usable)])), 1e-9)


def _log_likelihood(x: Array, mu: Array, excess: Array, onsets: np.ndarray) -> np.ndarray:
    """Return the Poisson log likelihood for each (onset, ramp, height)."""
    since = np.arange(len(x))[None, :] - onsets[:, None]
    out = np.empty((len(onsets), len(RAMPS), len(HEIGHTS)))
    for r, ramp in enumerate(RAMPS):
        shape = np.clip((since + 0.5) / ramp, 0, 1) if ramp else (since >= 0).astype(float)
        for h, factor in enumerate(HEIGHTS):
            rate = mu + factor * excess * shape
            out[:, r, h] = (x * np.log(rate) - rate).sum(axis=1)
    return out


def _spread(x: Array, mu: Array, excess: Array, at: int) -> float:
    """Return the plateau's overdispersion: neighbours are compared, so trends do not count."""
    level = mu[at:] + excess[at:]
    if len(level) < 6 or level.mean() <= 0:
        return 1.0
    scaled = x[at:] / np.sqrt(np.maximum(level, 1e-9))
    share = x[at:].sum() / max(level.sum(), 1e-9)
    return float(np.clip(np.mean(np.diff(scaled) ** 2) / 2 / max(share, 0.2), 1.0, 20.0))


def _densest(posterior: Array) -> tuple[int, int]:
    """Return first and last bin of the smallest set that holds 95 %."""
    order = np.argsort(-posterior, kind="stable")
    enough = int(np.searchsorted(np.cumsum(posterior[order]), 0.95)) + 1
    chosen = order[:enough]
    return int(chosen.min()), int(chosen.max())


def _walked_back(seen: int, stamps: Array, base_per_ms: float) -> int:
    """Return the first of the failures that lie too close together for the background."""
    earlier = stamps[stamps < seen]
    for stamp in earlier[::-1]:
        if base_per_ms * (seen - stamp) > BY_LUCK or seen - stamp > 10 * 60_000:
            break
        seen = int(stamp)
    return seen


def _first_gap(stamps: Array) -> float:
    """Return the mean distance of the first failures in ms."""
    first = stamps[: FIRST + 1]
    if len(first) < 3:
        return math.inf
    return float(first[-1] - first[0]) / (len(first) - 1)


def sharpened(
    start: Start, first_ms: int, stamps: Array, base_per_minute: float
) -> tuple[int, int, int]:
    """Return low, point and high of the onset in epoch milliseconds.

    `stamps` are the failures' own times, ascending. Below the minute they count where the time
    before the first failure was quiet: then the onset lies within ln(20)/rate before it. On a
    ramp, where a first step may be small, the rate is that of the first failures, and half of it.
    """
    low, high = first_ms + start.low * 60_000, first_ms + (start.high + 1) * 60_000
    middle = first_ms + start.middle * 60_000
    after = stamps[stamps >= middle - 1]
    if not len(after):
        return low, middle + 30_000, max(high, middle + 30_000)
    seen = _walked_back(int(after[0]), stamps, base_per_minute / 60_000)
    low, after = min(low, seen), stamps[stamps >= seen]
    early = after[after < seen + 300_000]
    per_ms = max(len(early), 1) / 300_000
    gap_ms = max(math.log(20) / per_ms, 10_000.0)
    noise = base_per_minute * (high - low) / 60_000
    before = stamps[(stamps >= low) & (stamps < seen)]
    if noise < 0.2 and not len(before):
        if start.step <= 0.8:
            gap_ms = max(2 * math.log(20) * _first_gap(after), SOFT_MS)
        third = int(after[min(2, len(after) - 1)])  # the first may be of the background
        late = max(seen + 1_000, min(third, seen + 60_000))
        return max(min(low, seen - 10_000), int(seen - gap_ms)), seen, late
    if seen > high:  # nothing was rejected yet where the model has it begin
        high = seen + 1_000
    return low, max(seen, low), high
