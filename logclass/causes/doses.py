"""Dose: whether instances begin to reject when they are started anew, each at its own time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from logclass.causes.case import Case, fact
from logclass.evidence.phrases import count
from logclass.evidence.series import text
from logclass.evidence.sightings import STARTED, signals
from logclass.evidence.slice import seconds

if TYPE_CHECKING:
    from logclass.model import Evidence

LEAD_SECONDS = 600.0  # before the onset in which a start may belong to the rollout
EARLY_SECONDS = 10.0  # a start may be logged this much after the first request
SOON_SECONDS = 90.0
LEAST_INSTANCES, LEAST_EACH = 2, 3
SPREAD_SECONDS = 60.0  # over which starts lie for the order of things to tell
STRAY = 0.05  # share of the rejections on instances not started anew, or not yet
FOLLOW = 0.9  # share of the instances that reject soon after their start


def each_at_its_start(case: Case, factor: float) -> Evidence | None:
    """Weigh that each instance began to reject at its own start, and none without one.

    A change of tokens or of the issuer strikes all instances at once, whenever they were started.
    """
    starts = _starts(case)
    rows = case.part.rows[case.part.rows["instance"] != ""]
    if len(starts) < LEAST_INSTANCES or float(rows["count"].sum()) < 0.8 * case.part.total:
        return None
    if case.part.episode.onset_censored:
        return None
    at, who = seconds(rows), text(rows, "instance").to_numpy(dtype=object)
    begun = starts.reindex(pd.Index(who)).to_numpy(np.float64)
    tells = ~np.isfinite(begun) | (at < float(starts.max()))  # later all that start have started
    stray = float((~(at >= begun - EARLY_SECONDS))[tells].mean()) if tells.any() else 0.0
    first = pd.Series(at, index=who).groupby(level=0).agg(["min", "size"])
    first = first[first["size"] >= LEAST_EACH]
    lag = (first["min"] - starts.reindex(first.index)).dropna()
    soon = lag <= np.maximum(SOON_SECONDS, 0.1 * float(np.ptp(starts)))
    if stray > STRAY or len(lag) < LEAST_INSTANCES or float(soon.mean()) < FOLLOW:
        return None
    told = starts.reindex(lag.index)
    is_ordered = float(np.ptp(told)) >= SPREAD_SECONDS
    if not is_ordered and case.split.instances <= len(starts):
        return None
    many = count(len(lag), "instance")
    return fact("dose", factor, f"{many} began to reject, each at its own start and none without.")


def _starts(case: Case) -> pd.Series:
    """Return the first start of each instance around the onset, in epoch seconds."""
    told = signals(case.part, STARTED)
    at, onset = seconds(told), case.part.episode.onset.point_ms / 1000
    near = (at >= onset - LEAD_SECONDS) & (at < case.part.stop * 60)
    names = text(told, "instance").to_numpy(dtype=object)
    mine = pd.Series(at[near], index=names[near], dtype=float)
    return mine[mine.index != ""].groupby(level=0).min()
