"""Records of rollouts that tell only when these were over: the logs show when they began."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from logclass.evidence.names import is_nameless, is_same
from logclass.evidence.restarts import AFTER_MS, BEFORE_MS, LATE_MS, LEAD_MS, LONG_MS
from logclass.evidence.series import text
from logclass.evidence.sightings import STARTED, signals
from logclass.evidence.slice import seconds
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logclass.evidence.slice import Slice
    from logclass.model import ChangeEvent

LEAST_STARTS = 2


def begun(part: Slice, changes: Sequence[ChangeEvent]) -> dict[str, ChangeEvent]:
    """Return by id the releases of what rejects that are recorded after the onset and began at it.

    Its instances started one after the other from the onset on, each once, and the record is of
    when the last one did: they begin with the first start now, and end where they are recorded.
    """
    if part.episode.onset_censored:
        return {}
    found = {}
    for change in changes:
        first = _first_start(part, change) if _is_late(change, part) else None
        if first is not None:
            end = max(change.end_ms or 0, change.time_ms)
            found[change.id] = replace(change, time_ms=int(first), end_ms=end)
    return found


def _is_late(change: ChangeEvent, part: Slice) -> bool:
    if change.kind is not ChangeKind.DEPLOY or is_nameless(change.target):
        return False
    after = change.time_ms > part.episode.onset.point_ms
    return after and any(is_same(change.target, s) for s in part.episode.services if s)


def _first_start(part: Slice, change: ChangeEvent) -> float | None:
    """Return when the rollout that was over as it was recorded began, if it did at the onset."""
    told = signals(part, STARTED)
    mine = [is_same(change.target, s) for s in text(told, "service")]
    told = told[np.asarray(mine, dtype=bool)]
    at = seconds(told) * 1000
    onset, over = part.episode.onset.point_ms, change.time_ms
    if np.any((at > over + LATE_MS) & (at <= over + AFTER_MS)):
        return None  # it goes on: the record is of its begin
    inside = (at >= onset - LEAD_MS) & (at <= over + LATE_MS)
    starts, who = np.sort(at[inside]), [name for name in text(told[inside], "instance") if name]
    if len(starts) < LEAST_STARTS or starts[0] > onset + LATE_MS or starts[-1] < over - BEFORE_MS:
        return None
    if len(who) == len(starts):
        return float(starts[0]) if len(set(who)) == len(who) else None
    return float(starts[0]) if float(np.diff(starts).max()) <= LONG_MS else None
