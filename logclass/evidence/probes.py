"""The several ways in which one sender of forged tokens fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logclass.evidence.allseries import ALL
from logclass.evidence.contrast import FORGEABLE, TRIED, weights

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import pandas as pd

    from logclass.evidence.alarms import Alarm

NEAR = 10  # minutes by which the ways of one probe may differ
PAUSE = 1  # minutes of quiet before a tail
MOST = 0.8  # share of an alarm's rejections that come from the senders
UNKNOWN, COINCIDES = 0.2, 2  # share whose sender is known at most; minutes at either end


def without_tails(
    alarms: Sequence[Alarm],
    forged: Sequence[bool],
    rows: pd.DataFrame,
    inside: Callable[[Alarm], np.ndarray],
) -> list[bool]:
    """Return which alarms look forged and are no tail of an outage.

    When most clients have a new token, few go on with the old one: for the same reason, with
    hardly a pause, and they were among the many that were refused before.
    """

    def is_tail(late: Alarm) -> bool:
        mine = weights(rows[inside(late)], "client")
        return any(
            _goes_on(early, late)
            and float(mine[mine.index.isin(_clients(rows[inside(early)]))].sum())
            >= MOST * max(float(mine.sum()), 1.0)
            for early, is_forged in zip(alarms, forged, strict=True)
            if not is_forged
        )

    return [f and not is_tail(a) for a, f in zip(alarms, forged, strict=True)]


def _coincide(one: Alarm, two: Alarm) -> bool:
    """Whether two alarms of a service begin and end in the same minutes."""
    ends = (one.window.start - two.window.start, one.window.stop - two.window.stop)
    is_same = one.series.service == two.series.service
    return is_same and max(map(abs, ends)) <= COINCIDES


def _goes_on(early: Alarm, late: Alarm) -> bool:
    one, two = early.series, late.series
    is_same = one.reason == two.reason and {one.service, two.service} <= {one.service, ALL}
    return is_same and 0 <= late.window.start - early.window.stop <= PAUSE


def _clients(rows: pd.DataFrame) -> set[str]:
    return set(rows["client"]) - {""}


def of_one_probe(
    alarms: Sequence[Alarm],
    forged: Sequence[bool],
    rows: pd.DataFrame,
    inside: Callable[[Alarm], np.ndarray],
) -> list[bool]:
    """Return which alarms are forged, counting what the same senders tried at the same time.

    `forged` tells which ones look forged by themselves; `inside` masks the `rows` of an alarm.
    """
    sure = [a for a, is_forged in zip(alarms, forged, strict=True) if is_forged]
    if not sure:
        return list(forged)
    senders = set().union(*(rows.loc[inside(a), "client"] for a in sure)) - {""}
    start, stop = min(a.window.start for a in sure), max(a.window.stop for a in sure)

    def is_theirs(alarm: Alarm) -> bool:
        if alarm.window.start < start - NEAR or alarm.window.stop > stop + NEAR:
            return False
        mine = rows[inside(alarm)]
        total = float(mine["count"].sum())
        if float(mine.loc[mine["client"] != "", "count"].sum()) < UNKNOWN * total:
            return alarm.series.reason in FORGEABLE and any(_coincide(alarm, a) for a in sure)
        known = float(mine.loc[mine["client"].isin(senders), "count"].sum())
        return alarm.series.reason in TRIED and known >= MOST * total

    return [f or is_theirs(a) for a, f in zip(alarms, forged, strict=True)]
