"""Find the episodes: when rejections departed from normal, and when they returned.

Every reason in every service is scanned against its exposure, then every reason in all, then
every instance; what departs at the same time is one episode. At most three are returned.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from logclass.evidence import alarms as alarm_scan
from logclass.evidence.allseries import ALL, LEAST, all_series
from logclass.evidence.contrast import is_probe
from logclass.evidence.failing import by_excess, carriers, failing
from logclass.evidence.onset import Start, end_of, sharpened, start_of
from logclass.evidence.probes import of_one_probe, without_tails
from logclass.evidence.repeats import is_retried
from logclass.evidence.scan import Array, Window, baseline, exponent, threshold
from logclass.evidence.series import (
    Grid,
    grid,
    number,
    per_minute,
    text,
    timed,
)
from logclass.evidence.shadows import (
    carrying,
    going_on_before,
    is_plain,
    without_echoes,
    without_shadows,
)
from logclass.evidence.steady import steady_series
from logclass.model import Counted, Episode, Interval
from logclass.vocabulary import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from logclass.evidence.alarms import Alarm, Series

MOST = 3
TAIL_EVENTS = 3.0  # failures expected after the end before an end is believed


@dataclass(frozen=True, slots=True)
class _Data:
    rows: pd.DataFrame  # timed rejections with plain reason, service, instance
    grid: Grid
    series: tuple[Series, ...]
    counted: Counted
    instances: int  # seen at all


@dataclass(frozen=True, slots=True)
class _Group:
    """Alarms that are one episode."""

    alarms: tuple[Alarm, ...]
    is_probe: bool
    is_steady: bool = False
    others: frozenset[tuple[str, str]] = frozenset()  # reason, service of what is not part of it


def find(counted: Counted) -> tuple[Episode, ...]:
    """Return the departures from the baseline, the main one first; empty on quiet data."""
    where = grid(counted)
    if where is None or not len(counted.rejections):
        return ()
    rows = _plain(timed(counted.rejections))
    seen = len(set(counted.tally["instance"].unique()) - {""})
    data = _Data(rows, where, all_series(counted, rows, where), counted, seen)
    h = threshold(where.minutes, len(data.series))
    found = [a for s in data.series for a in alarm_scan.find(s, h)]
    found = [a for a in found if not _is_retried(a, rows, where, h)]
    groups = _merged(data, without_shadows(without_echoes(found), h))
    if not groups:
        groups = [
            _Group((a,), is_probe=False, is_steady=True)
            for a in steady_series(_every_series(data), rows)
        ]
        groups = [_together(groups)] if groups else []
    episodes = [_episode(data, g) for g in groups]
    episodes.sort(key=lambda e: (e.is_probe, -e.rejections, e.onset.point_ms))
    return tuple(episodes[:MOST])


def _is_retried(alarm: Alarm, rows: pd.DataFrame, where: Grid, threshold: float) -> bool:
    others = rows[(rows["reason"] != alarm.series.reason).to_numpy()]
    return is_retried(alarm, rows[_of_series(rows, alarm.series)], others, where, threshold)


def _every_series(data: _Data) -> tuple[Series, ...]:
    """Return the series down to single rejections: a short export may hold only a few."""
    return all_series(data.counted, data.rows, data.grid, least=1)


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    names = ["reason", "service", "instance", "client", "kid"]
    rows = rows[[*names, "minute", "time_ms", "exp_seconds", "count"]]
    mixed = [n for n in names if not isinstance(rows[n].dtype, pd.CategoricalDtype)]
    rows = rows.assign(**{name: text(rows, name) for name in mixed})
    return rows[rows["reason"].isin([r.value for r in Reason])]


def _merged(data: _Data, found: list[Alarm]) -> list[_Group]:
    """Return alarms that overlap in time as one group; forged tokens stay apart."""
    groups: list[_Group] = []
    looks = [_looks_forged(data, a) for a in found]
    looks = without_tails(found, looks, data.rows, _inside_of(data))
    marked = list(zip(found, of_one_probe(found, looks, data.rows, _inside_of(data)), strict=True))
    for forged in (False, True):
        chosen = sorted(
            (a for a, is_forged in marked if is_forged is forged), key=lambda a: a.window.start
        )
        before = [] if forged else going_on_before(chosen)
        rest = [a for a in chosen if a not in before]
        groups.extend(_chained(rest, is_probe=forged))
        theirs = _names(rest)
        groups.extend(replace(g, others=theirs) for g in _chained(before, is_probe=forged))
    probed = _names([a for a, is_forged in marked if is_forged])
    return [g if g.is_probe else replace(g, others=g.others | probed) for g in groups]


def _names(alarms: list[Alarm]) -> frozenset[tuple[str, str]]:
    return frozenset((a.series.reason, a.series.service) for a in alarms)


def _chained(chosen: list[Alarm], *, is_probe: bool) -> list[_Group]:
    groups: list[list[Alarm]] = []
    for alarm in chosen:
        last = max((a.window.stop for a in groups[-1]), default=-1) if groups else -1
        if groups and alarm.window.start <= last + 1:
            groups[-1].append(alarm)
        else:
            groups.append([alarm])
    return [_Group(carrying(g), is_probe) for g in groups]


def _together(groups: list[_Group]) -> _Group:
    return _Group(tuple(a for g in groups for a in g.alarms), is_probe=False, is_steady=True)


def _inside(data: _Data, alarm: Alarm) -> np.ndarray:
    minute = data.rows["minute"].to_numpy(np.int64) - data.grid.first
    is_now = (minute >= alarm.window.start) & (minute < alarm.window.stop)
    return _of_series(data.rows, alarm.series) & is_now


def _inside_of(data: _Data) -> Callable[[Alarm], np.ndarray]:
    return lambda alarm: _inside(data, alarm)


def _of_series(rows: pd.DataFrame, s: Series) -> np.ndarray:
    keep = np.asarray((rows["reason"] == s.reason).to_numpy(), dtype=bool)
    if s.service != ALL:
        keep = keep & (rows["service"] == s.service).to_numpy()
    if s.instance:
        keep = keep & (rows["instance"] == s.instance).to_numpy()
    return keep


def _looks_forged(data: _Data, alarm: Alarm) -> bool:
    inside = _inside(data, alarm)
    sent = ["client", "count"]
    return is_probe(
        data.rows[inside], pd.concat([data.rows.loc[~inside, sent], data.counted.passed[sent]])
    )


def _joint(data: _Data, group: _Group) -> tuple[list[Series], Window]:
    """Return the series of a group, with weaker ones that rise with it, and its window."""
    keys = {(a.series.reason, a.series.service, a.series.instance): a.series for a in group.alarms}
    window = Window(
        min(a.window.start for a in group.alarms),
        max(a.window.stop for a in group.alarms),
        max(a.window.score for a in group.alarms),
    )
    if not group.is_probe and not group.is_steady:
        for s in data.series:
            if (s.reason, s.service) in group.others:
                continue
            if is_plain(s) and _rises_with(s, window):
                keys.setdefault((s.reason, s.service, ""), s)
    whole = {(r, s) for r, s, i in keys if not i}
    return [s for (r, sv, i), s in keys.items() if not i or (r, sv) not in whole], window


def _rises_with(series: Series, window: Window) -> bool:
    inside = np.zeros(len(series.x), dtype=bool)
    inside[window.start : window.stop] = True
    rest = max(float(series.e[~inside].sum()), 1e-9)
    mean = (float(series.x[~inside].sum()) + 0.5) / rest * float(series.e[inside].sum())
    count = float(series.x[inside].sum())
    score = float(exponent(np.array([count]), np.array([mean]), 2.0)[0])
    return score > 6.0 and count - mean >= LEAST and count > 3 * mean


def _episode(data: _Data, group: _Group) -> Episode:
    series, window = _joint(data, group)
    x = np.sum([s.x for s in series], axis=0)
    e = np.max([s.e for s in series], axis=0)
    mu = np.maximum(_expected(group, series, window), 1e-9 * e)
    rows = _episode_rows(data, series)
    is_censored = group.is_steady or _starts_inside(x, e, mu, window)
    few = carriers(
        rows, rows["minute"].to_numpy(np.int64) - data.grid.first, window, data.instances
    )
    if few is None or is_censored:
        begin = start_of(x, mu, e, window)
        base = 0.0 if group.is_steady else float(np.median(mu[e > 0]))
        onset = _onset(data, rows, begin, base, is_censored=is_censored)
    else:  # what the other instances reject only blurs the beginning
        own = per_minute(rows[few], data.grid)
        level = baseline(own, np.ones(len(own)), _outside(window, len(own)))
        flat = np.full(len(own), level.rate)
        begin = start_of(own, flat, np.ones(len(own)), window)
        onset = _onset(data, rows[few], begin, level.rate, is_censored=False)
    stop, recovery = _recovery(data, (x, mu, e, window), is_steady=group.is_steady)
    first = 0 if is_censored else min(begin.middle, window.start)
    ramp = 0.0 if is_censored else round(begin.ramp, 1)
    span = Window(first, stop, window.score)
    return _described(data, group, (series, rows, span, mu), (onset, recovery, ramp, is_censored))


def _expected(group: _Group, series: list[Series], window: Window) -> Array:
    """Return the rejections that each minute would have had in normal times.

    A weaker series that rises with the others has its own background, against its own requests.
    """
    bases = {(a.series.reason, a.series.service): a.base.rate for a in group.alarms}
    rates = [
        bases[s.reason, s.service]
        if (s.reason, s.service) in bases
        else baseline(s.x, s.e, _outside(window, len(s.x))).rate
        for s in series
    ]
    return np.asarray(sum(r * s.e for r, s in zip(rates, series, strict=True)), dtype=np.float64)


def _described(
    data: _Data,
    group: _Group,
    found: tuple[list[Series], pd.DataFrame, Window, Array],
    times: tuple[Interval, Interval | None, float, bool],
) -> Episode:
    series, rows, span, mu = found
    onset, recovery, ramp, is_censored = times
    x = np.sum([s.x for s in series], axis=0)
    minute = rows["minute"].to_numpy(np.int64) - data.grid.first
    inside = rows[(minute >= span.start) & (minute < span.stop)]
    peak = span.start + int(np.argmax(x[span.start : span.stop]))
    return Episode(
        onset=onset,
        recovery=recovery,
        peak_per_minute=round(float(x[peak])),
        rejections=int(inside["count"].sum()),
        baseline_per_minute=0.0 if group.is_steady else round(float(np.median(mu)), 4),
        score=round(span.score, 2),
        reasons=by_excess(series, span),
        services=tuple(inside.loc[inside["service"] != "", "service"].drop_duplicates()),
        instances=failing(rows, minute, span),
        onset_censored=is_censored,
        is_probe=group.is_probe,
        ramp_minutes=ramp,
    )


def _outside(window: Window, length: int) -> np.ndarray:
    outside = np.ones(length, dtype=bool)
    outside[window.start : window.stop] = False
    return outside


def _episode_rows(data: _Data, series: list[Series]) -> pd.DataFrame:
    """Return the rows of the series, whole time, in order of time."""
    rows = data.rows
    keep = np.zeros(len(rows), dtype=bool)
    for s in series:
        one = (rows["reason"] == s.reason).to_numpy()
        if s.service != ALL:
            one = one & (rows["service"] == s.service).to_numpy()
        keep = keep | one
    return rows[keep].sort_values(["minute", "time_ms"], kind="stable")


def _starts_inside(x: Array, e: Array, mu: Array, window: Window) -> bool:
    """Whether too little is seen before the window to say that all was well."""
    level = float((x - mu)[window.start : window.stop].sum())
    rate = level / max(float(e[window.start : window.stop].sum()), 1e-9)
    return rate * float(e[: window.start].sum()) < TAIL_EVENTS


def _onset(
    data: _Data, rows: pd.DataFrame, begin: Start, base: float, *, is_censored: bool
) -> Interval:
    stamps = number(rows, "time_ms")
    stamps = np.sort(stamps[np.isfinite(stamps)])
    if is_censored:
        first = data.grid.first * 60_000 if not len(stamps) else int(stamps[0])
        known = [v for v in (data.counted.start_ms, first) if v is not None]
        return Interval(min(known), min(known), first)
    low, point, high = sharpened(begin, data.grid.first * 60_000, stamps, base)
    return Interval(low, point, high)


def _recovery(
    data: _Data,
    found: tuple[Array, Array, Array, Window],
    *,
    is_steady: bool,
) -> tuple[int, Interval | None]:
    """Return the bin after the last failing one, and when the baseline was back, if it was."""
    x, mu, e, window = found
    late = slice(max(window.start, window.stop - 15), window.stop)
    rate = float((x - mu)[late].sum()) / max(float(e[late].sum()), 1e-9)
    if is_steady or rate * float(e[window.stop :].sum()) < TAIL_EVENTS:
        return len(x), None
    last = end_of(x, mu, e, window)
    stop = max(window.stop, last.middle + 1)
    base_ms = data.grid.first * 60_000
    low, high = base_ms + last.low * 60_000, base_ms + (last.high + 1) * 60_000
    back = base_ms + (last.middle + 1) * 60_000  # the first minute at the baseline again
    return stop, Interval(low, min(max(back, low), high), high)
