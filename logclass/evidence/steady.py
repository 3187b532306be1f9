"""Exports that hold nothing but the incident: no departure to see, yet all is not well."""

from __future__ import annotations

import numpy as np

from logclass.evidence.alarms import Alarm, Series
from logclass.evidence.scan import Baseline, Window
from logclass.vocabulary import Owner, Reason, owner

SHORT = 240  # minutes; a longer constant level is a habit, not an incident
LEAST = 5
LEAST_PER_MINUTE = 1.0
LEAST_SHARE = 0.2  # of the requests, where they are known
THROUGHOUT = 0.5  # of the export, from the first to the last
MAJORITY = 0.6  # of all rejections


def steady_series(series: tuple[Series, ...]) -> list[Alarm]:
    """Return the reasons that fail all through a short export, as alarms without a baseline.

    Only reasons an operator can act on count, and only if they are most of all rejections: a
    background of expired tokens or scanners is no incident.
    """
    plain = [s for s in series if s.service != "*" and not s.instance]
    total = sum(float(s.x.sum()) for s in plain)
    bad = [s for s in plain if _is_operators(s)]
    if not bad or not _is_steady(bad) or sum(float(s.x.sum()) for s in bad) < MAJORITY * total:
        return []
    base = Baseline(0.0, 1.0, 0.0)
    return [
        Alarm(s, Window(0, len(s.x), 0.0), base, float(s.x.sum()), float("inf"), 1.0) for s in bad
    ]


def _is_operators(series: Series) -> bool:
    reason = Reason(series.reason)
    return owner(reason) is Owner.OPERATOR and reason is not Reason.UNSPECIFIED


def _is_steady(bad: list[Series]) -> bool:
    x = np.sum([s.x for s in bad], axis=0)
    count, busy = float(x.sum()), np.flatnonzero(x > 0)
    if count < LEAST or len(x) > SHORT:
        return False
    if busy[-1] - busy[0] + 1 < THROUGHOUT * len(x):
        return False
    exposed = {s.service: s.e for s in bad if s.is_measured}
    if exposed:
        return count >= LEAST_SHARE * float(sum(e.sum() for e in exposed.values()))
    return count / float(busy[-1] - busy[0] + 1) >= LEAST_PER_MINUTE
