"""Clients that try again with the token they have: many rejections, few of them independent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from logclass.evidence.contrast import top_share, weights
from logclass.evidence.scan import scan
from logclass.evidence.series import Grid, number, per_minute, text
from logclass.vocabulary import Reason

if TYPE_CHECKING:
    import pandas as pd

    from logclass.evidence.alarms import Alarm

_RETRIED = {Reason.TOKEN_EXPIRED, Reason.TOKEN_TOO_OLD, Reason.TOKEN_REVOKED}
AGAIN_MINUTES = 10  # the same client within these is the same event
LEAST_KNOWN = 0.8  # share of the rejections whose client is known
MOST_OF_ONE = 0.3  # above this share one address may be a proxy that stands for many clients
LEAST_OTHERS = 10  # other rejections whose client is known
TOKENS_OF_ONE = 3  # that a client may hold, one after the other
NEARLY_ALL = 0.9
CROWD, MORE = 20.0, 3.0  # clients at a time, and times the usual number of them
LEAST_BLOCKS = 2
SEVERAL, MUCH = 10, 0.4  # clients, and share of the requests meanwhile that they have refused


def is_retried(
    alarm: Alarm, rows: pd.DataFrame, rest: pd.DataFrame, where: Grid, threshold: float
) -> bool:
    """Return whether an alarm of stale tokens rests on a few clients that kept trying.

    `rows` are the rejections of the alarm's series over the whole time, `rest` those for other
    reasons.
    """
    if alarm.series.reason not in _RETRIED or not len(rows):
        return False
    clients = weights(rows, "client")
    known = float(clients.sum()) / max(float(rows["count"].sum()), 1.0)
    if known < LEAST_KNOWN:
        return False
    if top_share(clients, 1) > MOST_OF_ONE and _stands_for_many(rows, clients, rest):
        return False
    block = rows["minute"].to_numpy(np.int64) // AGAIN_MINUTES
    if _is_crowd(alarm, rows, where) or _is_most_of_all(alarm, rows, where):
        return False
    ends = number(rows, "exp_seconds")  # where it is known, one token is one event all day
    once = rows.assign(event=np.where(np.isfinite(ends), -ends, block))
    once = once.drop_duplicates(["client", "event"])
    x = per_minute(once, where)
    series = replace(alarm.series, x=x, e=np.maximum(alarm.series.e, x))
    window, _ = scan(series.x, series.e)
    overlaps = window.start < alarm.window.stop and alarm.window.start < window.stop
    return not (overlaps and window.score > threshold)


def _is_crowd(alarm: Alarm, rows: pd.DataFrame, where: Grid) -> bool:
    """Return whether many more clients are refused at a time than before and after.

    Where nobody can renew a token, each client keeps trying with the one it has.
    """
    minute = rows["minute"].to_numpy(np.int64) - where.first
    blocks = rows.assign(block=minute // AGAIN_MINUTES).groupby("block")["client"].nunique()
    every = blocks.reindex(range(-(-where.minutes // AGAIN_MINUTES)), fill_value=0)
    inside = (every.index >= -(-alarm.window.start // AGAIN_MINUTES)) & (
        every.index < alarm.window.stop // AGAIN_MINUTES
    )
    now, usual = every[inside], every[~inside]
    if len(now) < LEAST_BLOCKS or len(usual) < LEAST_BLOCKS:
        return False
    return float(now.median()) >= max(CROWD, MORE * float(usual.median()))


def _is_most_of_all(alarm: Alarm, rows: pd.DataFrame, where: Grid) -> bool:
    """Return whether what several clients keep sending is much of what is sent at all.

    Of a small service few clients are everybody.
    """
    inside = slice(alarm.window.start, alarm.window.stop)
    refused, requests = alarm.series.x[inside].sum(), alarm.series.e[inside].sum()
    if not alarm.series.is_measured or refused < MUCH * requests:
        return False
    minute = rows["minute"].to_numpy(np.int64) - where.first
    clients = weights(rows[(minute >= inside.start) & (minute < inside.stop)], "client")
    return len(clients) >= SEVERAL and top_share(clients, 1) <= MOST_OF_ONE


def _stands_for_many(rows: pd.DataFrame, clients: pd.Series, rest: pd.DataFrame) -> bool:
    """Return whether an address is a proxy: its tokens end at many times, a client's at one.

    Where the tokens do not say, one address among several that sends nearly all is a client; so is
    one that sends hardly any of what else is refused.
    """
    mine = rows[text(rows, "client") == clients.index[0]]
    ends = number(mine, "exp_seconds")
    ends = ends[np.isfinite(ends)]
    if len(ends) >= 0.5 * len(mine):
        return len(np.unique(ends)) > TOKENS_OF_ONE
    others = weights(rest, "client")
    whole = float(others.sum())
    if whole >= LEAST_OTHERS and others.get(clients.index[0], 0.0) < MOST_OF_ONE * whole:
        return False
    return top_share(clients, 1) <= NEARLY_ALL or len(clients) <= TOKENS_OF_ONE
