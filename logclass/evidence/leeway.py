"""How many seconds past their end a service's verifiers take tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from logclass.evidence.endpoints import End, lower_end
from logclass.evidence.series import number
from logclass.evidence.slice import seconds
from logclass.vocabulary import Reason

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from logclass.evidence.scan import Array
    from logclass.evidence.slice import Slice

LEAST = 5  # ordinary expired tokens
MOST_SECONDS = 300.0  # what Microsoft's library allows unless told otherwise
OFTEN_AT_MOST_SECONDS = 60.0
USUAL_SECONDS = (0.0, 5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0)
UNKNOWN = End(0.0, 0.0, OFTEN_AT_MOST_SECONDS)


def leeway(part: Slice, skewed: tuple[str, ...]) -> End:
    """Return the leeway of an episode's services, in seconds; UNKNOWN where nothing tells.

    Ordinary expired tokens, outside the episode, are refused from the leeway on; those that hosts
    with a right clock take after their end are within it. People configure round numbers.
    """
    others = part.others[part.others["service"].isin(set(part.rows["service"])).to_numpy()]
    over = _once(others[(others["reason"] == Reason.TOKEN_EXPIRED).to_numpy()])
    taken = _past_end(part.accepted[_by_right_clocks(part, skewed)])
    taken = taken[np.isfinite(taken) & (taken > 0)]
    least = float(taken.max()) if len(taken) else 0.0
    if len(over) < LEAST or float(over.min()) > MOST_SECONDS or least > float(over.min()):
        return UNKNOWN
    low, likely, high = lower_end(over)
    low, likely = max(low, least), max(likely, least)
    usual = [one for one in USUAL_SECONDS if low <= one <= high]
    return End(low, min(usual, key=lambda one: abs(one - likely), default=likely), high)


def _once(rows: pd.DataFrame) -> Array:
    """Return by how much each token was past its end when it was first refused.

    One that is sent on and on tells no more than once.
    """
    over, end = _past_end(rows), number(rows, "exp_seconds")
    known = np.isfinite(over) & (over >= 0)
    over, end = over[known], end[known]
    first = pd.Series(over).groupby(end).min().to_numpy(np.float64)
    return np.concatenate([first, over[~np.isfinite(end)]])


def _past_end(rows: pd.DataFrame) -> Array:
    """Return by how many seconds tokens were past their end, as told or by the line's stamp."""
    told = number(rows, "overshoot_seconds")
    return np.where(np.isfinite(told), told, seconds(rows) - number(rows, "exp_seconds"))


def _by_right_clocks(part: Slice, skewed: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return which accepted requests are of hosts whose clocks were right; before, all were."""
    before: NDArray[np.bool_] = seconds(part.accepted) < part.episode.onset.low_ms / 1000
    if not skewed:
        return before
    return before | ~part.accepted["instance"].isin(skewed).to_numpy()
