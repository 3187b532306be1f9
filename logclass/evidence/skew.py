"""Clock skew per instance, read from by how much the time checks failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from logclass.evidence import hostclocks
from logclass.evidence.confinement import AHEAD, BEHIND, confinement
from logclass.evidence.overshoots import Overshoots, too_old
from logclass.evidence.renewals import NO_MARGIN, Margin, margin
from logclass.evidence.series import number
from logclass.evidence.slice import Slice, seconds
from logclass.vocabulary import Reason

LEAST = 5
REFUTED = 0.5  # share of refuted checks from which the log's own stamps are taken for right
MOST_LEEWAY = 300.0
LEAST_EXPIRED = 20
LEAST_ENDS = 6  # tokens that must have ended before their growing age says that none is renewed
ONE_END_SECONDS = 4.0
TAKES_PART = 0.1
DRIFTING = 1.7  # the last offset of a drifting clock over nine tenths of its overshoots
MOSTLY = 0.5  # of the rejections, on hosts whose clock another one shows to be off


@dataclass(frozen=True, slots=True)
class Skew:
    """Time failures of an episode, by instance."""

    rows: tuple[dict[str, Any], ...]  # instance, seconds, interval, samples; ahead is positive
    confined: tuple[str, ...]  # instances that carry the failures while others carry none
    instances: int  # instances seen
    rejecting: int  # those of them that clearly take part
    share: float  # of the excess that the confined ones carry
    overshoot_growth: float  # seconds per second by which the largest overshoot grows
    is_capped: bool  # overshoots on the confined instances have a ceiling
    refuted: float  # share of the rejections whose check would have passed by the log's own time
    is_stamped_right: bool  # the lines are stamped by a clock that is right, not by the host's own
    witness: str = ""  # the other clock that shows the offset: "message" or "gateway"
    overshoots: Overshoots | None = None  # of tokens that were too old


def measure(part: Slice) -> Skew | None:
    """Return the skew of an episode of time failures; None if it is about something else."""
    rows = part.rows[part.rows["reason"].isin((*AHEAD, *BEHIND))]
    if float(rows["count"].sum()) < max(LEAST, 0.5 * part.total):
        return None
    confined, share, seen = confinement(part, rows)
    over = overshoot(rows)
    by_stamp = hostclocks.stamped_overshoot(rows, hostclocks.misread(part, rows))
    refuted = _refuted(rows, by_stamp, confined)
    if refuted >= REFUTED:
        over = np.where(by_stamp < 0, leeway(part) - by_stamp, np.nan)
    witness, shown = _shown(part, rows, is_gateway_asked=refuted < REFUTED)
    by_name = {row["instance"]: row for row in shown}
    if confined:
        # by stamps that are right, what is left of a refused token's life is within the offset
        early = NO_MARGIN if refuted >= REFUTED else margin(part, confined)
        named = [name for name in confined if name]
        places = rows.groupby("instance", observed=True).indices
        is_late = rows["reason"].isin(AHEAD).to_numpy()
        table = tuple(
            by_name.get(name) or _row(name, over[at], is_late[at], early)
            for name in named
            for at in (np.asarray(places.get(name, ()), dtype=np.int64),)
        )
    else:
        table, share = shown, 1.0 if shown else share
    return Skew(
        tuple(r for r in table if r["samples"] >= LEAST),
        confined,
        seen,
        _rejecting(rows),
        share,
        _growth(rows, over),
        _capped(rows, over, confined),
        refuted,
        refuted >= REFUTED or witness == "message",
        witness,
        too_old(part, rows, np.where(rows["reason"].isin(AHEAD), over, np.nan)),
    )


def _rejecting(rows: pd.DataFrame) -> int:
    """Return how many instances reject a good part of what the one that rejects most does."""
    totals = rows[rows["instance"] != ""].groupby("instance")["count"].sum()
    return int((totals > TAKES_PART * float(totals.max())).sum()) if len(totals) else 0


def _shown(
    part: Slice, rows: pd.DataFrame, *, is_gateway_asked: bool
) -> tuple[str, tuple[dict[str, Any], ...]]:
    """Return which other clock shows that most of the rejections' hosts are off, and by how much.

    ("", ()) where none does, or only of a few.
    """
    clocks = [("message", hostclocks.by_message), ("gateway", hostclocks.by_gateway)]
    for witness, measured in clocks if is_gateway_asked else clocks[:1]:
        table = hostclocks.offset_rows(rows, measured(part, rows))
        names = {row["instance"] for row in table}
        mine = rows["instance"].isin(names) | rows["service"].isin(names)
        if float(rows.loc[mine, "count"].sum()) >= MOSTLY * float(rows["count"].sum()):
            return witness, table
    return "", ()


def _refuted(rows: pd.DataFrame, over: np.ndarray, confined: tuple[str, ...]) -> float:
    """Return the share of the checks that the log's own time says should have passed.

    Where a collector stamps the lines, a host whose clock is ahead refuses tokens as expired that
    by the line's stamp are still valid. No clock that is right does so.
    """
    mine = np.isfinite(over)
    if confined:
        mine &= rows["instance"].isin(confined).to_numpy()
    if int(mine.sum()) < LEAST:
        return 0.0
    return float((over[mine] < -hostclocks.AGREED_SECONDS).mean())


def leeway(part: Slice) -> float:
    """Return the seconds by which a token must be too old before verifiers refuse it; 0 if unknown.

    Read from the least overshoot of ordinary expired tokens, outside the episode.
    """
    usual = part.others[part.others["reason"] == Reason.TOKEN_EXPIRED]
    told = number(usual, "overshoot_seconds")
    told = told[np.isfinite(told) & (told >= 0)]
    if len(told) < LEAST_EXPIRED:
        return 0.0
    least = float(told.min())
    return least if least <= MOST_LEEWAY else 0.0


def overshoot(rows: pd.DataFrame) -> np.ndarray:
    """Return by how much each check failed; from the token's own times where not logged.

    Negative where by the stamp of the line it had not failed.
    """
    told = number(rows, "overshoot_seconds")
    computed = hostclocks.stamped_overshoot(rows)
    return np.where(np.isfinite(told), told, computed)


def _row(name: str, over: np.ndarray, is_late: np.ndarray, early: Margin) -> dict[str, Any]:
    """Return one instance's offset: the largest overshoot, and its 95 % interval.

    over, is_late: of its own rows, the overshoot and whether a token was too old.

    A clock ahead by d rejects tokens up to d past their end, so the maximum of k overshoots,
    uniform below d, gives d in [max, max * 0.05 ** (-1 / k)]; tokens that are renewed before
    their end come less far.
    """
    mine = np.isfinite(over) & (over >= 0)
    is_ahead = is_late[mine].mean() >= 0.5 if mine.any() else True
    sample = np.sort(over[mine & (is_late == is_ahead)])
    if len(sample) < LEAST:
        return {"instance": name, "seconds": None, "interval": None, "samples": len(sample)}
    if is_ahead:  # ordinary clients send tokens that are too old, and none that are too young
        sample = sample[: _ceiling(sample)]
    k, top = len(sample), float(sample[-1])
    if not is_ahead:
        early = NO_MARGIN
    limits = [top + early.low, top * 0.05 ** (-1 / k) + early.high]
    sign = 1 if is_ahead else -1
    return {
        "instance": name,
        "seconds": round(sign * (top * (1 + 1 / k) + early.likely), 1),
        "interval": sorted(round(sign * v, 1) for v in limits),
        "samples": k,
    }


def _ceiling(sample: np.ndarray) -> int:
    """Return how many of the sorted overshoots lie under the ceiling; really old tokens do not.

    Nine tenths of those of a clock that is ahead by d lie below 0.9 d, below 0.6 d where it drifts.
    """
    middle, most = (float(v) for v in np.quantile(sample, [0.5, 0.9]))
    limit = max(min(4 * middle, DRIFTING * most), 30.0)
    return max(int(np.searchsorted(sample, limit, side="right")), 1)


def _growth(rows: pd.DataFrame, over: np.ndarray) -> float:
    late = rows["reason"].isin(AHEAD).to_numpy() & np.isfinite(over)
    if int(late.sum()) < 12:
        return 0.0
    ends = np.round((seconds(rows) - over)[late] / ONE_END_SECONDS)
    if len(np.unique(ends)) < LEAST_ENDS:  # one token that is sent on and on
        return 0.0
    minutes = rows["minute"].to_numpy(np.float64)[late]
    block = (minutes - minutes.min()) // max(3.0, np.ptp(minutes) / 8)
    tops = pd.Series(over[late]).groupby(block).quantile(0.8)
    if len(tops) < 3:
        return 0.0
    at = tops.index.to_numpy(np.float64) * max(3.0, np.ptp(minutes) / 8) * 60
    slopes = [
        (b - a) / (v - u)
        for i, (u, a) in enumerate(zip(at, tops, strict=True))
        for v, b in list(zip(at, tops, strict=True))[i + 1 :]
    ]
    return float(np.median(slopes))


def _capped(rows: pd.DataFrame, over: np.ndarray, confined: tuple[str, ...]) -> bool:
    mine = rows["instance"].isin(confined).to_numpy() if confined else np.ones(len(rows), bool)
    sample = np.abs(over[mine & np.isfinite(over)])
    if len(sample) < LEAST:
        return False
    return float(np.quantile(sample, 0.9)) <= 3 * max(float(np.median(sample)), 1.0)
