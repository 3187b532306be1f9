"""How far the clock of one host is off, from the tokens that it refused and those that it took.

Lines are stamped by the host's own clock, or by a collector whose clock is right. By its own clock
a host that is behind by d sees tokens from up to d in the future, and one that is ahead by d sees
none that is younger than d, and refuses some up to d past their end. By the right clock it refuses
what is younger, or would have lived less, than its offset less its leeway, and takes the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from logclass.evidence.confinement import AHEAD
from logclass.evidence.endpoints import End, lower_end, upper_end
from logclass.evidence.series import number
from logclass.evidence.slice import seconds

if TYPE_CHECKING:
    import pandas as pd

    from logclass.evidence.scan import Array

LEAST = 5
STAMP_SECONDS = 1.0  # times of tokens are whole seconds
ALSO_TAKEN = 0.1  # of the tokens taken, that others like them were refused: no sharp limit
ENDS = 0.75  # of a token's life: beyond, tokens become few because they are renewed
DRIFTING = 1.7  # the last offset of a drifting clock over nine tenths of its overshoots
SURE_SHARE, SURE_SECONDS = 0.15, 5.0  # an interval that is wider gives no number


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The tokens whose checks one host decided during an episode, in seconds.

    `over` is by how much the refused ones failed, by the host's own clock or the line's stamp;
    `good` by how much they had not failed by the stamp.
    """

    name: str
    of: str  # what the name is of: "instance", "service", or "either": a service, or its issuer
    is_ahead: bool
    over: Array
    good: Array
    refused_age: Array
    taken_age: Array
    life_seconds: float | None


def tokens(
    who: tuple[str, str],
    refused: pd.DataFrame,
    measured: tuple[Array, Array],
    taken: pd.DataFrame,
    life_seconds: float | None,
) -> Tokens:
    """Return what a host did: of the refused ones those that most of its refusals are like.

    `who` has `name` and `of`, `measured` has `over` and `good` of each refused one.
    """
    over, good = measured
    is_late = refused["reason"].isin(AHEAD).to_numpy()
    known = np.isfinite(over) | np.isfinite(good)
    is_ahead = bool(is_late[known].mean() >= 0.5) if known.any() else True
    same = known & (is_late == is_ahead)
    at, passed = seconds(refused)[same], seconds(taken)
    first, last = (at.min(), at.max()) if len(at) else (0.0, 0.0)
    return Tokens(
        *who,
        is_ahead,
        over[same],
        good[same],
        _age(refused, life_seconds)[same],
        _age(taken, life_seconds)[(passed >= first) & (passed <= last)],
        life_seconds,
    )


def _age(rows: pd.DataFrame, life_seconds: float | None) -> Array:
    """Return by the lines' stamps how old tokens were, in seconds."""
    begin = number(rows, "iat_seconds")
    if life_seconds is not None:
        begin = np.where(np.isfinite(begin), begin, number(rows, "exp_seconds") - life_seconds)
    return np.asarray(seconds(rows) - begin, dtype=np.float64)


def by_right_stamps(one: Tokens, leeway: End) -> dict[str, Any]:
    """Return the row of a host whose lines a right clock stamps.

    The limit between what it refuses and what it takes is its offset less its leeway.
    """
    refused = one.good[np.isfinite(one.good) & (one.good >= 0)]
    if len(refused) < LEAST:
        return _row(one, None, len(refused))
    taken = one.taken_age
    if one.is_ahead:
        taken = np.full(0, 0.0) if one.life_seconds is None else one.life_seconds - one.taken_age
    limit = _limit(refused, taken[np.isfinite(taken)])
    if _is_all_refused(one, limit, taken):
        limit = End(limit.low, limit.low, np.inf)
    return _row(one, limit.plus(leeway), len(refused))


def _limit(refused: Array, taken: Array) -> End:
    """Return what lies above all that is refused, and below what is taken if that is so."""
    low, likely, high = upper_end(refused)
    above = np.sort(taken[taken > low])
    if not len(above) or len(taken) - len(above) > ALSO_TAKEN * len(taken):
        return End(low, likely, high)
    return End(low, min(likely, (low + float(above[0])) / 2), min(high, float(above[0])))


def _is_all_refused(one: Tokens, limit: End, taken: Array) -> bool:
    """Return whether it refuses tokens of every age there are, so that nothing bounds its offset.

    Fresh tokens have all their life before them; few are used until their end.
    """
    if one.life_seconds is None or bool((taken > limit.low).any()):
        return False
    share = 1.0 if one.is_ahead else ENDS
    return limit.low >= share * one.life_seconds - 2 * STAMP_SECONDS


def by_own_stamps(one: Tokens, early: End, leeway: End) -> dict[str, Any]:
    """Return the row of a host that stamps its lines itself.

    `early` is how long before their end clients renew their tokens.
    """
    over = np.sort(one.over[np.isfinite(one.over) & (one.over >= 0)])
    if one.is_ahead:  # ordinary clients send tokens that are too old, and none that are too young
        over = over[: _ceiling(over)] if len(over) else over
    if len(over) < LEAST:
        return _row(one, None, len(over))
    offset = upper_end(over)
    if not one.is_ahead:
        return _row(one, offset, len(over))
    young = _youngest(one, leeway, float(over[0]))
    return _row(one, _narrower(offset.plus(early), young), len(over))


def _youngest(one: Tokens, leeway: End, least: float) -> End | None:
    """Return how old fresh tokens are by a clock that is ahead; None if none was seen.

    It refuses the old ones only, unless it is ahead by more than they live.
    """
    seen = one.taken_age[np.isfinite(one.taken_age)]
    if len(seen) or least > leeway.high:
        seen = np.concatenate([seen, one.refused_age[np.isfinite(one.refused_age)]])
    return lower_end(seen) if len(seen) >= LEAST else None


def _narrower(end: End, other: End | None) -> End:
    if other is None or other.high - other.low >= end.high - end.low:
        return end
    return other


def _ceiling(sample: Array) -> int:
    """Return how many of the sorted overshoots lie under the ceiling; really old tokens do not.

    Nine tenths of those of a clock that is ahead by d lie below 0.9 d, below 0.6 d where it drifts.
    """
    middle, most = (float(v) for v in np.quantile(sample, [0.5, 0.9]))
    limit = max(min(4 * middle, DRIFTING * most), 30.0)
    return max(int(np.searchsorted(sample, limit, side="right")), 1)


def _row(one: Tokens, end: End | None, samples: int) -> dict[str, Any]:
    """Return {instance, of, seconds, interval, samples}; ahead is positive.

    A wide interval gives no number, a side that nothing bounds no limit.
    """
    if end is None:
        return _told(one, None, None, samples)
    sign = 1 if one.is_ahead else -1
    low, high = max(end.low - STAMP_SECONDS, 0.0), end.high + STAMP_SECONDS
    limits = [round(sign * low, 1), round(sign * high, 1) if np.isfinite(high) else None]
    is_sure = high - low <= max(SURE_SHARE * end.likely, SURE_SECONDS)
    return _told(one, round(sign * end.likely, 1) if is_sure else None, limits[::sign], samples)


def _told(
    one: Tokens, offset: float | None, interval: list[float | None] | None, samples: int
) -> dict[str, Any]:
    return {
        "instance": one.name,
        "of": one.of,
        "seconds": offset,
        "interval": interval,
        "samples": samples,
    }
