"""When clients renew their tokens: one that is renewed early never comes near its end.

A verifier whose clock is ahead by d refuses tokens up to d past their end, if clients send them
until then. Where they renew them m seconds before, it refuses none that is older than d - m.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logclass.evidence.course import lifetime_seconds
from logclass.evidence.endpoints import End
from logclass.evidence.series import number
from logclass.evidence.slice import seconds

if TYPE_CHECKING:
    from logclass.evidence.slice import Slice

LEAST = 20  # accepted tokens whose end is known
USUAL_SHARE = 0.2  # of a token's life that clients leave unused, where nothing tells


def margin(part: Slice, skewed: tuple[str, ...]) -> End:
    """Return how many seconds before their end tokens are renewed, by accepted ones.

    Those count that hosts with a right clock took; before the onset, every host's was. Of n tokens
    the one nearest to its end is about an n-th of a life away from the margin. Where nothing tells,
    none is added to what is likely.
    """
    accepted = part.accepted
    is_right = ~accepted["instance"].isin(skewed).to_numpy() if skewed else False
    is_right = is_right | (seconds(accepted) < part.episode.onset.low_ms / 1000)
    left = (number(accepted, "exp_seconds") - seconds(accepted))[is_right]
    left = left[np.isfinite(left) & (left >= 0)]
    life = lifetime_seconds(part)
    if len(left) < LEAST:
        return End(0.0, 0.0, USUAL_SHARE * (life or 0.0))
    least = float(left.min())
    step = max(float(np.median(left)) - least, 0.0) * 2 / len(left)
    return End(max(least - 3 * step, 0.0), max(least - step, 0.0), least)
