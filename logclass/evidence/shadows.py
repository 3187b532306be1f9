"""Alarms that repeat one another, or stand out only because of a stronger one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logclass.evidence import alarms as alarm_scan
from logclass.evidence.alarms import is_operators
from logclass.evidence.allseries import ALL

if TYPE_CHECKING:
    from logclass.evidence.alarms import Alarm, Series
    from logclass.evidence.scan import Window


CARRIES = 0.1  # of the strongest alarm's excess
LEADS = 15  # minutes by which a weak alarm may lead the strong ones


def without_echoes(found: list[Alarm]) -> list[Alarm]:
    """Drop alarms of an instance or a total that a service's own alarm tells already."""
    plain = [a for a in found if is_plain(a.series)]

    def is_told(alarm: Alarm) -> bool:
        return any(
            p.series.reason == alarm.series.reason
            and alarm.series.service in {ALL, p.series.service}
            and _overlap(p.window, alarm.window)
            for p in plain
        )

    others = [a for a in found if not is_plain(a.series)]
    return plain + [a for a in others if not is_told(a)]


def is_plain(series: Series) -> bool:
    """Return whether a series is all of one reason in one service."""
    return series.service != ALL and not series.instance


def without_shadows(found: list[Alarm], h: float) -> list[Alarm]:
    """Drop alarms that stand out only against the quiet which a stronger one makes.

    While every request fails for one reason, the others cannot show: that lull must not make the
    time before and after it look bad. So what lies apart from the strongest alarm is scanned again
    without its window.
    """
    strongest = max((a for a in found if is_plain(a.series)), key=lambda a: a.excess, default=None)
    if strongest is None:
        return found
    kept = [a for a in found if _overlap(a.window, strongest.window)]
    apart = {id(a.series): a.series for a in found if not _overlap(a.window, strongest.window)}
    for series in apart.values():
        again = alarm_scan.find(_masked(series, strongest.window), h)
        kept.extend(replace(a, series=series) for a in again)
    kept = [a for a in kept if a.series is strongest.series or not _is_inside_gap(a, strongest)]
    return [a for a in kept if not _was_there(a, strongest, h)]


def _was_there(alarm: Alarm, strongest: Alarm, h: float) -> bool:
    """Whether what clients do wrong went on as ever until the strongest alarm put an end to it.

    A stale client or scanner fails in another way while every token is refused, and where that
    lasts the time before it looks bad. Held against that time alone nothing departed.
    """
    start = strongest.window.start
    if is_operators(alarm) or alarm.series.reason == strongest.series.reason:
        return False
    if alarm.window.start >= start - LEADS or not _overlap(alarm.window, strongest.window):
        return False
    if alarm.window.stop > (start + strongest.window.stop) // 2:  # it went on beside it
        return False
    before = replace(alarm.series, x=alarm.series.x[:start], e=alarm.series.e[:start])
    return not alarm_scan.find(before, h)


def going_on_before(alarms: list[Alarm]) -> list[Alarm]:
    """Return alarms of what clients do wrong that an outage came upon, and did not begin.

    Stale clients that were a little more for an hour are no beginning of what an operator broke
    when ten times as many are refused from one minute to the next.
    """
    strongest = max(filter(is_operators, alarms), key=lambda a: a.excess, default=None)
    if strongest is None:
        return []
    start, most = strongest.window.start, _rate(strongest)
    return [
        a
        for a in alarms
        if not is_operators(a) and a.window.start < start - LEADS and _rate(a) < CARRIES * most
    ]


def _rate(alarm: Alarm) -> float:
    return alarm.excess / max(alarm.window.stop - alarm.window.start, 1)


def _masked(series: Series, window: Window) -> Series:
    x, e = series.x.copy(), series.e.copy()
    x[window.start : window.stop] = 0.0
    e[window.start : window.stop] = 0.0
    return replace(series, x=x, e=e)


def _is_inside_gap(alarm: Alarm, strongest: Alarm) -> bool:
    """Whether an alarm's window spans the masked one from both sides."""
    return (
        alarm.window.start < strongest.window.start
        and alarm.window.stop > strongest.window.stop
        and float(alarm.series.x[strongest.window.start : strongest.window.stop].sum()) == 0
    )


def _overlap(a: Window, b: Window) -> bool:
    return a.start <= b.stop + 1 and b.start <= a.stop + 1


def carrying(alarms: list[Alarm]) -> tuple[Alarm, ...]:
    """Return the alarms that an episode is dated by: those that carry its excess.

    A little more of some other reason that happens to touch a large departure would move its
    onset by hours. A weak alarm counts only where it lies inside, or is an operator's and leads
    the strong ones closely: a failed key-set fetch comes before the rejections it causes.
    """
    least = CARRIES * max(a.excess for a in alarms)
    strong = [a for a in alarms if a.excess >= least]
    start, stop = min(a.window.start for a in strong), max(a.window.stop for a in strong)
    kept = [
        a
        for a in alarms
        if a.excess >= least
        or (a.window.start >= start - LEADS * is_operators(a) and a.window.stop <= stop + 1)
    ]
    return tuple(kept)
