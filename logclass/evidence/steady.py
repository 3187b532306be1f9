"""Exports that hold nothing but the incident: no departure to see, yet all is not well."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

import numpy as np

from logclass.evidence.alarms import Alarm, Series
from logclass.evidence.contrast import weights
from logclass.evidence.scan import Baseline, Window
from logclass.vocabulary import Owner, Reason, owner

if TYPE_CHECKING:
    import pandas as pd

SHORT = 240  # minutes; a longer constant level is a habit, not an incident
LEAST = 5
LEAST_PER_MINUTE = 1.0
LEAST_SHARE = 0.2  # of the requests, where they are known
THROUGHOUT = 0.5  # of the export, from the first to the last
MAJORITY = 0.6  # of all rejections
ONE = 0.9  # share of one client, and of all requests up to which others pass


def steady_series(series: tuple[Series, ...], rows: pd.DataFrame) -> list[Alarm]:
    """Return the reasons that fail all through a short export, as alarms without a baseline.

    Only reasons an operator can act on count, and only if they are most of all rejections: a
    background of expired tokens or scanners is no incident. Nor is one client that is refused as
    ever while others pass: that is how it was set up. `rows` are all rejections.
    """
    plain = [s for s in series if s.service != "*" and not s.instance]
    total = sum(float(s.x.sum()) for s in plain)
    bad = [s for s in plain if _is_operators(s)]
    if not bad or not _is_steady(bad) or sum(float(s.x.sum()) for s in bad) < MAJORITY * total:
        return []
    if _is_one_client(bad, rows):
        return []
    base = Baseline(0.0, 1.0, 0.0)
    return [
        Alarm(s, Window(0, len(s.x), 0.0), base, float(s.x.sum()), float("inf"), 1.0) for s in bad
    ]


def _is_one_client(bad: list[Series], rows: pd.DataFrame) -> bool:
    """Whether all come from one address of the open internet, and most requests pass.

    An address inside a network may be a proxy that stands for all clients.
    """
    failed = sum(float(s.x.sum()) for s in bad)
    exposed = {s.service: float(s.e.sum()) for s in bad if s.is_measured}
    if not exposed or failed >= ONE * sum(exposed.values()):
        return False
    clients = weights(rows[rows["reason"].isin([s.reason for s in bad])], "client")
    if not len(clients) or float(clients.iloc[0]) < ONE * failed:
        return False
    try:
        return ip_address(str(clients.index[0])).is_global
    except ValueError:
        return False


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
