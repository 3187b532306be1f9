"""By how much tokens were too old when refused, and whether that stays the same or grows.

A clock ahead by d refuses tokens up to d past their end, early and late alike, and no others; a
client that renews late sends them until it does. Where nobody can renew any, they get older by a
second each second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from logclass.evidence.course import lifetime_seconds
from logclass.evidence.slice import seconds

if TYPE_CHECKING:
    import pandas as pd

    from logclass.evidence.scan import Array
    from logclass.evidence.slice import Slice

LEAST = 24  # tokens
ALIKE = 1.6  # ceiling of one half over that of the other
TAILED = 3.0  # nine tenths over the median: some clients send really old tokens
LONG = 2.0  # times the ceiling that an incident must last for older tokens to have come


@dataclass(frozen=True, slots=True)
class Overshoots:
    """How old refused tokens were."""

    top_seconds: float  # nineteen of twenty lie below
    spread_seconds: float  # over which nine tenths of them lie
    is_level: bool  # one ceiling early and late, in an incident that lasted for much longer
    life_seconds: float | None  # of a token, where the log tells


def too_old(part: Slice, rows: pd.DataFrame, over: Array) -> Overshoots | None:
    """Return what the overshoots (seconds past the end, one per row) show; None if of few."""
    known = np.isfinite(over) & (over >= 0)
    if int(known.sum()) < LEAST:
        return None
    sample, at = over[known], seconds(rows)[known]
    low, middle, most, top = (float(v) for v in np.quantile(sample, [0.05, 0.5, 0.9, 0.95]))
    halves = [float(np.quantile(half, 0.9)) for half in np.array_split(sample[np.argsort(at)], 2)]
    is_level = max(halves) <= ALIKE * max(min(halves), 1.0) and most <= TAILED * max(middle, 1.0)
    lasted = float(np.ptp(at))
    return Overshoots(top, top - low, is_level and lasted >= LONG * top, lifetime_seconds(part))
