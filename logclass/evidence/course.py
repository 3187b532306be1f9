"""The course of an incident from its first minutes to its last: fewer, as many, or more at first.

Where a key is dropped at once only tokens that exist already fail, and each does so no longer than
it lives: they can only become fewer. A verifier with a wrong key goes on failing all; tokens of a
key that it does not know yet become more first, as clients renew theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from logclass.evidence.series import number, per_minute
from logclass.evidence.slice import seconds

if TYPE_CHECKING:
    from logclass.evidence.scan import Array
    from logclass.evidence.slice import Slice

LEAST = 40.0  # rejections
LEAST_MINUTES = 8.0
SPREAD = 3.0  # variance over mean: one client's retries come in runs
FALLEN, HELD = 0.7, 0.6  # rate of the second half over that of the first
LEAST_TOKENS = 5
USUAL_LIFETIME_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Course:
    """How rejections (per request, where requests are logged) went while it lasted."""

    minutes: float
    ratio: float  # rate of the second half over that of the first
    low: float  # its 95 % limits
    high: float
    is_rising: bool  # clearly more in the second quarter than in the first

    @property
    def is_falling(self) -> bool:
        """Whether they clearly became fewer all along."""
        return self.high < FALLEN

    @property
    def is_level(self) -> bool:
        """Whether as many came late as early."""
        return self.low > HELD and not self.is_falling


def measure(part: Slice) -> Course | None:
    """Return the course of an episode whose beginning is seen; None if it is short or of few."""
    episode = part.episode
    start = episode.onset.point_ms / 1000
    end = part.stop * 60.0 if episode.recovery is None else episode.recovery.point_ms / 1000
    minutes = (end - start) / 60
    if episode.onset_censored or minutes < LEAST_MINUTES:
        return None
    edges: Array = start + (end - start) * np.array([0.0, 0.25, 0.5, 1.0])
    at, weight = seconds(part.rows), part.rows["count"].to_numpy(np.float64)
    counts = np.histogram(at, edges, weights=weight)[0]
    if float(counts.sum()) < LEAST or not counts.all():
        return None
    exposed = _exposed(part, edges)
    early, late = counts[0] + counts[1], counts[2]
    ratio = float((late / exposed[2]) / (early / (exposed[0] + exposed[1])))
    error = 1.96 * float(np.sqrt(SPREAD * (1 / early + 1 / late)))
    rise = counts[1] / exposed[1] / (counts[0] / exposed[0])
    noise = float(np.sqrt(SPREAD * (1 / counts[0] + 1 / counts[1])))
    return Course(
        minutes,
        ratio,
        ratio * float(np.exp(-error)),
        ratio * float(np.exp(error)),
        bool(np.log(rise) > 2 * noise),
    )


def _exposed(part: Slice, edges: Array) -> Array:
    """Return the requests between the edges where they are logged, else the seconds."""
    if not part.is_complete:
        return np.diff(edges)
    failed = per_minute(part.rows, part.grid)
    requests = np.maximum(part.traffic, failed)
    at = (part.grid.first + np.arange(part.grid.minutes)) * 60.0 + 30.0
    held = np.histogram(at, edges, weights=requests)[0].astype(np.float64)
    return np.maximum(held, 1.0)


def lifetime_seconds(part: Slice) -> float | None:
    """Return how long tokens live, by `exp` less `iat`; None if too few tell it."""
    told = pd.concat([f[["exp_seconds", "iat_seconds"]] for f in (part.rows, part.accepted)])
    life = number(told, "exp_seconds") - number(told, "iat_seconds")
    life = life[np.isfinite(life) & (life > 0)]
    return float(np.median(life)) if len(life) >= LEAST_TOKENS else None
