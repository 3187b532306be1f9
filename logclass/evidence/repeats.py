"""Clients that try again with the token they have: many rejections, few of them independent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from logclass.evidence.contrast import top_share, weights
from logclass.evidence.scan import scan
from logclass.evidence.series import Grid, per_minute
from logclass.vocabulary import Reason

if TYPE_CHECKING:
    import pandas as pd

    from logclass.evidence.alarms import Alarm

_RETRIED = {Reason.TOKEN_EXPIRED, Reason.TOKEN_TOO_OLD, Reason.TOKEN_REVOKED}
AGAIN_MINUTES = 10  # the same client within these is the same event
LEAST_KNOWN = 0.8  # share of the rejections whose client is known
MOST_OF_ONE = 0.3  # above this share one address is a proxy that stands for many clients


def is_retried(alarm: Alarm, rows: pd.DataFrame, where: Grid, threshold: float) -> bool:
    """Return whether an alarm of stale tokens rests on a few clients that kept trying.

    `rows` are the rejections of the alarm's series over the whole time.
    """
    if alarm.series.reason not in _RETRIED or not len(rows):
        return False
    clients = weights(rows, "client")
    known = float(clients.sum()) / max(float(rows["count"].sum()), 1.0)
    if known < LEAST_KNOWN or top_share(clients, 1) > MOST_OF_ONE:
        return False
    block = rows["minute"].to_numpy(np.int64) // AGAIN_MINUTES
    once = rows.assign(block=block).drop_duplicates(["client", "block"])
    x = per_minute(once, where)
    series = replace(alarm.series, x=x, e=np.maximum(alarm.series.e, x))
    window, _ = scan(series.x, series.e)
    overlaps = window.start < alarm.window.stop and alarm.window.start < window.stop
    return not (overlaps and window.score > threshold)
