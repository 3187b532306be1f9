"""All count series of an export that are worth a scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logclass.evidence.alarms import Series
from logclass.evidence.series import Exposure, Grid, counted_once, exposure, per_minute
from logclass.evidence.tallies import Tallies

if TYPE_CHECKING:
    import pandas as pd

    from logclass.evidence.scan import Array
    from logclass.model import Counted

MOST = 500
ALL = "*"  # the service of a series over all services
LEAST = 5  # rejections of a series worth a scan


def all_series(
    counted: Counted, rows: pd.DataFrame, where: Grid, least: int = LEAST
) -> tuple[Series, ...]:
    """Return the series to scan: the reasons of each service, of all, and of each instance."""
    out: list[Series] = []
    # a sender may choose the names of services: of most there is too little to scan
    totals = rows.groupby("service", sort=True, observed=True)["count"].sum()
    busiest = totals[totals >= least].sort_values(ascending=False, kind="stable").index[:MOST]
    tallies = Tallies(counted, where)
    chosen = rows[rows["service"].isin(busiest)]
    for name, whole in chosen.groupby("service", sort=True, observed=True):
        service = str(name)
        e = tallies.exposure(service, per_minute(whole, where))
        for reason, part in whole.groupby("reason", sort=True, observed=True):
            if float(part["count"].sum()) < least:
                continue
            x = per_minute(part, where)
            out.append(Series(str(reason), service, "", x, e.per_minute, e.is_measured))
            out.extend(_instance_series(part, where, tallies, e))
        if len(out) > 2 * MOST:
            out = _largest(out)
    if rows["service"].nunique() > 1:
        out.extend(_totals(counted, rows, where, tallies))
    return tuple(_largest(out))


def _largest(found: list[Series]) -> list[Series]:
    return sorted(found, key=lambda s: -float(s.x.sum()))[:MOST]


def _instance_series(
    part: pd.DataFrame, where: Grid, tallies: Tallies, whole: Exposure
) -> list[Series]:
    totals = part.groupby("instance", sort=True, observed=True)["count"].sum()
    totals.index = totals.index.astype(object)
    totals = totals.drop("", errors="ignore")
    if len(totals) < 2:
        return []
    # a sender may choose these names too
    busy = totals[totals >= LEAST].sort_values(ascending=False, kind="stable").index[:MOST]
    reason, service = str(part["reason"].iloc[0]), str(part["service"].iloc[0])
    out = []
    alive = tallies.alive(service, busy)  # one that is not up yet does not fail either
    groups = part[part["instance"].isin(busy)].groupby("instance", sort=True, observed=True)
    for name, rows in groups:
        events = alive.get(str(name))
        if events is None:
            continue
        x = per_minute(rows, where)
        e = counted_once(events, x, whole.lines) if whole.is_measured else _span(events)
        out.append(Series(reason, service, str(name), x, e, whole.is_measured))
    return out


def _span(events: Array) -> Array:
    busy = np.flatnonzero(events)
    out = np.zeros(len(events))
    out[busy[0] : busy[-1] + 1] = 1.0
    return out


def _totals(counted: Counted, rows: pd.DataFrame, where: Grid, tallies: Tallies) -> list[Series]:
    e = exposure(counted, where, None, per_minute(rows, where))
    out = []
    for reason, part in rows.groupby("reason", sort=True):
        services = [str(name) for name in part["service"].unique()]
        if len(services) < 2 or float(part["count"].sum()) < LEAST:
            continue
        x = per_minute(part, where)
        exposed = np.where(tallies.unseen(services, x), 0.0, e.per_minute)
        out.append(Series(str(reason), ALL, "", x, exposed, e.is_measured))
    return out
