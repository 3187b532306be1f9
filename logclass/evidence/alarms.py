"""From a count series to the departures in it that deserve a person's attention.

A departure must beat the scan's threshold, be large enough to matter, and last: blips of a
minute or two and bursts that return on a schedule are ordinary life. Two minutes in which most
requests were refused are not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from logclass.evidence.scan import Array, Baseline, Window, exponent, scan
from logclass.vocabulary import Owner, Reason, owner

LEAST_EXCESS = 5.0
PEELS = 8  # blips removed from a series before it counts as quiet
OUTRIGHT_EXCESS, OUTRIGHT_SHARE = 30.0, 0.6  # refused requests, and of all requests meanwhile
TRIFLE, RARE_SHARE = 20.0, 0.05  # refused requests, and of all requests meanwhile
BLOCK = 5  # minutes by which a window is widened at a time
_ANYBODYS = {Reason.HEADER_MISSING, Reason.UNSPECIFIED}  # an operator's too, if they are many


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Rejections of one reason in one service ("*" = all), in one instance ("" = all)."""

    reason: str
    service: str
    instance: str
    x: Array
    e: Array
    is_measured: bool  # the exposure counts requests, not minutes


@dataclass(frozen=True, slots=True, eq=False)
class Alarm:
    """A departure of one series."""

    series: Series
    window: Window
    base: Baseline
    excess: float
    ratio: float  # rate inside over rate outside
    ratio_low: float  # its lower 95 % limit


def find(series: Series, threshold: float, most: int = 3) -> list[Alarm]:
    """Return the departures of a series, strongest first."""
    found: list[Alarm] = []
    x, e = series.x.copy(), series.e.copy()
    for _ in range(PEELS):
        window, base = scan(x, e)
        if window.score <= threshold:
            break
        window = _widened(x, e, window, base)
        # what was peeled off before must not count again
        alarm = _alarm(replace(series, x=x.copy(), e=e.copy()), window, base)
        if (
            _matters(alarm)
            and _lasts(alarm)
            and _is_spread(alarm)
            and _rises_itself(alarm, threshold)
            and not _recurs(replace(alarm, series=series))
        ):
            found.append(replace(alarm, series=series))
        if len(found) >= most:
            break
        x[window.start : window.stop] = 0.0
        e[window.start : window.stop] = 0.0
    return found


def _alarm(series: Series, window: Window, base: Baseline) -> Alarm:
    inside = slice(window.start, window.stop)
    count = float(series.x[inside].sum())
    mean = base.rate * float(series.e[inside].sum())
    ratio = count / max(mean, 1e-9)
    error = math.sqrt(base.dispersion * (1 / max(count, 0.5) + 1 / (base.events + 0.5)))
    return Alarm(series, window, base, count - mean, ratio, ratio * math.exp(-1.96 * error))


def _matters(alarm: Alarm) -> bool:
    # clients do wrong all the time, and more so when traffic that nobody counted surges
    least = 2.0 if _is_clients(alarm) else 1.5
    if not alarm.series.is_measured:
        least = 3.0 if _is_clients(alarm) else 2.0
    lower = alarm.ratio_low
    if alarm.base.events < 8:  # the interval of a ratio to nearly nothing says little
        lower = max(lower, alarm.ratio / 6)
    return alarm.excess >= LEAST_EXCESS and lower > least and not _is_trifling(alarm)


def _is_trifling(alarm: Alarm) -> bool:
    """Whether a few of very many requests failed in a way that strangers' requests always may."""
    inside = slice(alarm.window.start, alarm.window.stop)
    requests = float(alarm.series.e[inside].sum())
    is_rare = alarm.series.is_measured and alarm.excess < RARE_SHARE * requests
    return is_rare and alarm.excess < least_of_many(alarm.series.reason)


def least_of_many(reason: str) -> float:
    """Return the least rejections for a reason that are told of where most requests pass."""
    is_usual = owner(Reason(reason)) is not Owner.OPERATOR or reason in _ANYBODYS
    return TRIFLE if is_usual else LEAST_EXCESS


def is_operators(alarm: Alarm) -> bool:
    """Return whether an operator can act on the alarm's reason."""
    return owner(Reason(alarm.series.reason)) is Owner.OPERATOR


def _is_clients(alarm: Alarm) -> bool:
    return not is_operators(alarm)


def _lasts(alarm: Alarm) -> bool:
    window, x = alarm.window, alarm.series.x
    inside = x[window.start : window.stop]
    length = len(inside)
    ranked = np.sort(inside)[::-1]
    holding = int(np.searchsorted(np.cumsum(ranked), 0.85 * ranked.sum())) + 1
    if length < 3 or holding < (4 if _is_clients(alarm) else 3):
        is_known = _touches_edge(alarm) or _is_outright(alarm)
        return is_known and holding >= 2 and not _is_clients(alarm)
    live = alarm.series.e[window.start : window.stop] > 0
    rate = float(inside.sum()) / max(int(live.sum()), 1)
    expected = 1 - math.exp(-rate)
    return float(np.mean(inside[live] > 0)) >= 0.4 * expected


def _is_outright(alarm: Alarm) -> bool:
    """Whether most requests were refused: a change that was undone at once is an outage too."""
    return alarm.excess >= OUTRIGHT_EXCESS and _is_mostly_refused(alarm)


def _is_mostly_refused(alarm: Alarm) -> bool:
    inside = slice(alarm.window.start, alarm.window.stop)
    refused, requests = alarm.series.x[inside].sum(), alarm.series.e[inside].sum()
    return alarm.series.is_measured and bool(refused >= OUTRIGHT_SHARE * requests)


def _is_spread(alarm: Alarm) -> bool:
    """Whether the departure stands without its heaviest minute."""
    inside = alarm.series.x[alarm.window.start : alarm.window.stop]
    exposure = alarm.series.e[alarm.window.start : alarm.window.stop]
    if len(inside) < 4:
        return True
    rest = np.arange(len(inside)) != int(np.argmax(inside))
    mean = np.array([alarm.base.rate * float(exposure[rest].sum())])
    score = exponent(np.array([float(inside[rest].sum())]), mean, alarm.base.dispersion)[0]
    return bool(score > 0.5 * max(alarm.window.score, 0.0) or score > 15.0)


def _rises_itself(alarm: Alarm, threshold: float) -> bool:
    """Whether the rejections rise in number too, and not only against falling traffic.

    Scanners, stale clients and jobs come at their own pace: a surge of other traffic makes the time
    around it look bad, and a quiet night makes a few of them look like many. Where most requests
    are refused, few of them are enough.
    """
    if not alarm.series.is_measured or (is_operators(alarm) and _is_mostly_refused(alarm)):
        return True
    x, live = alarm.series.x, alarm.series.e > 0
    inside = np.zeros(len(x), dtype=bool)
    inside[alarm.window.start : alarm.window.stop] = True
    count, rest = float(x[inside].sum()), float(x[~inside].sum())
    minutes, others = float((live & inside).sum()), float((live & ~inside).sum())
    mean = (count + rest) * minutes / max(minutes + others, 1.0)
    score = count * math.log(count / mean)
    if rest > 0:
        score += rest * math.log(rest / max(count + rest - mean, 1e-9))
    return count > mean and score > 0.8 * threshold


def _touches_edge(alarm: Alarm) -> bool:
    return alarm.window.stop >= len(alarm.series.x) - 1


def _recurs(alarm: Alarm) -> bool:
    """Whether windows as heavy stand at regular distances: a scheduled job."""
    window, x = alarm.window, alarm.series.x
    length = window.stop - window.start
    if length > len(x) // 6:
        return False
    sums = np.convolve(x, np.ones(length), mode="valid")
    heavy = np.flatnonzero(sums >= 0.5 * sums[window.start])
    peaks = _separate(heavy, sums, length)
    if len(peaks) < 3:
        return False
    gaps = np.diff(peaks)
    return bool(np.std(gaps) < 0.25 * np.mean(gaps))


def _separate(heavy: np.ndarray, sums: Array, length: int) -> np.ndarray:
    peaks: list[int] = []
    for at in heavy[np.argsort(-sums[heavy], kind="stable")]:
        if all(abs(int(at) - p) > length for p in peaks):
            peaks.append(int(at))
    return np.sort(np.asarray(peaks, dtype=int))


def _widened(x: Array, e: Array, window: Window, base: Baseline) -> Window:
    """Return the window with neighbouring blocks that are still above the baseline."""
    start, stop = window.start, window.stop
    while stop < len(x) and _is_high(x, e, base, (stop, min(len(x), stop + BLOCK))):
        stop = min(len(x), stop + BLOCK)
    while start > 0 and _is_high(x, e, base, (max(0, start - BLOCK), start)):
        start = max(0, start - BLOCK)
    busy = np.flatnonzero(x[start:stop] > 0)
    return replace(window, start=start + int(busy[0]), stop=start + int(busy[-1]) + 1)


def _is_high(x: Array, e: Array, base: Baseline, block: tuple[int, int]) -> bool:
    count = x[block[0] : block[1]].sum()
    mean = base.rate * e[block[0] : block[1]].sum()
    return bool(exponent(np.array([count]), np.array([mean]), base.dispersion)[0] > 4.0)
