"""Changes that the logs tell of themselves: a release or new instances seen for the first time.

They come with the same clock as the rejections and need no record; what they lack is who did it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from logclass.evidence.phrases import clock, count
from logclass.evidence.series import text
from logclass.evidence.slice import seconds

if TYPE_CHECKING:
    from logclass.evidence.slice import Slice
    from logclass.evidence.split import Turnover

BEFORE_MS, AFTER_MS = 15 * 60_000, 3 * 60_000  # a first sight this close to the onset may be it
LEAST_EARLIER = 5  # lines that must have named another release before


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something new that the logs show near the onset; epoch milliseconds."""

    text: str
    time_ms: int


def rollout_seen(part: Slice, turnover: Turnover) -> Sighting | None:
    """Return the first sight of a new release, else of new instances, close to the onset."""
    if part.episode.onset_censored:
        return None
    return _release(part) or _instances(part, turnover)


def _release(part: Slice) -> Sighting | None:
    known = pd.concat([f[["minute", "time_ms", "version"]] for f in _told(part)])
    known = known[(known["version"] != "").to_numpy()]
    if not len(known):
        return None
    at = pd.Series(seconds(known) * 1000, index=text(known, "version").to_numpy(dtype=object))
    onset = part.episode.onset.point_ms
    first = at.groupby(level=0).min()
    if int((at < onset - BEFORE_MS).sum()) < LEAST_EARLIER:
        return None
    near = first[(first > onset - BEFORE_MS) & (first <= onset + AFTER_MS)]
    if not len(near):
        return None
    name, time = str(near.index[int(np.argmin(near.to_numpy()))]), int(near.min())
    return Sighting(f"release {name} was first seen at {clock(time)}", time)


def _told(part: Slice) -> tuple[pd.DataFrame, ...]:
    return part.before, part.rows, part.accepted


def _instances(part: Slice, turnover: Turnover) -> Sighting | None:
    first, onset = turnover.first_new_ms, part.episode.onset.point_ms
    if first is None or not turnover.is_measured:
        return None
    if not onset - BEFORE_MS <= first <= onset + AFTER_MS:
        return None
    many = count(len(turnover.new), "new instance")
    return Sighting(f"{many} came from {clock(first)} on", first)
