"""What would have prevented the failures, computed from the data of the incident."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from logclass.evidence.phrases import percent, span
from logclass.evidence.series import number
from logclass.evidence.slice import seconds
from logclass.vocabulary import Cause, Reason

if TYPE_CHECKING:
    from logclass.causes.case import Case

LEAST = 5  # failures that must tell
LEEWAYS = (5, 10, 30, 60)  # seconds; a larger one hides a clock that must be put right
_LATE = (Reason.TOKEN_EXPIRED, Reason.TOKEN_NOT_YET_VALID, Reason.ISSUED_IN_FUTURE)


def counterfactual(case: Case, cause: Cause, turned_ms: float) -> tuple[str, ...]:
    """Return at most one sentence; () where the log does not hold what it takes.

    `turned_ms` is when the keys changed, as far as is known.
    """
    if cause is Cause.ROTATION_WITHOUT_OVERLAP:
        return _overlap(case, turned_ms)
    if cause is Cause.STALE_KEY_CACHE:
        return _published_earlier(case, turned_ms)
    if cause is Cause.CLOCK_SKEW:
        return _leeway(case)
    if cause is Cause.PARTIAL_ROLLOUT and case.part.episode.recovery is not None:
        length = case.part.episode.recovery.point_ms - case.part.episode.onset.point_ms
        text = f"Verifiers that took both keys for the {span(length / 1000)} of the rollout"
        return (f"{text} would have prevented it.",)
    return ()


def _overlap(case: Case, turned_ms: float) -> tuple[str, ...]:
    rows = case.part.rows
    lifetime = number(rows, "exp_seconds") - number(rows, "iat_seconds")
    lifetime = lifetime[np.isfinite(lifetime) & (lifetime > 0)]
    if len(lifetime) < LEAST:
        return ()
    needed = math.ceil(float(np.quantile(lifetime, 0.95)) / 60)
    issued = number(rows, "iat_seconds")
    old = ~(issued >= turned_ms / 1000)
    saved = old & (seconds(rows) <= turned_ms / 1000 + 60 * needed)
    count = rows["count"].to_numpy(np.float64)
    share = float(count[saved].sum()) / max(float(count.sum()), 1.0)
    text = f"An overlap of at least the {needed}-minute token lifetime would have prevented"
    return (f"{text} {percent(share)} of the failures.",)


def _published_earlier(case: Case, turned_ms: float) -> tuple[str, ...]:
    at = seconds(case.part.rows) - turned_ms / 1000
    if len(at) < LEAST or case.part.episode.recovery is None:
        return ()
    needed = float(np.quantile(at, 0.98))
    if needed <= 0:
        return ()
    text = f"Publishing the new key {span(needed)} before the first token was signed with it"
    return (
        f"{text} would have prevented {percent(float(np.mean(at <= needed)))} of the failures.",
    )


def _leeway(case: Case) -> tuple[str, ...]:
    rows = case.part.rows[case.part.rows["reason"].isin(_LATE)]
    over = np.abs(number(rows, "overshoot_seconds"))
    over = over[np.isfinite(over)]
    if len(over) < LEAST:
        return ()
    for leeway in LEEWAYS:
        share = float(np.mean(over <= leeway))
        if share >= 0.95 or leeway == LEEWAYS[-1]:
            text = f"A leeway of {leeway} s would have prevented {percent(share)} of the failures"
            return (f"{text}{'.' if share >= 0.95 else ': put the clock right.'}",)
    return ()
