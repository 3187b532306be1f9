"""Clock skew per instance, read from by how much the time checks failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from logclass.evidence import hostclocks
from logclass.evidence.renewals import NO_MARGIN, Margin, margin
from logclass.evidence.series import number
from logclass.evidence.slice import MORE, Slice, seconds
from logclass.vocabulary import Reason

AHEAD = (Reason.TOKEN_EXPIRED, Reason.TOKEN_TOO_OLD)
BEHIND = (Reason.TOKEN_NOT_YET_VALID, Reason.ISSUED_IN_FUTURE)
LEAST = 5
MOST_CONFINED = 0.6  # of the instances
EXTRA_VARIANCE = 2.0
SPARED = 0.1  # of the others' rejections, up to which an instance is spared
LEAST_SPARED = 12.0
REFUTED = 0.5  # share of refuted checks from which the log's own stamps are taken for right
MOST_LEEWAY = 300.0
LEAST_EXPIRED = 20
LEAST_ENDS = 6  # tokens that must have ended before their growing age says that none is renewed
ONE_END_SECONDS = 4.0
MOSTLY = 0.5  # of the rejections, on hosts whose clock another one shows to be off


@dataclass(frozen=True, slots=True)
class Skew:
    """Time failures of an episode, by instance."""

    rows: tuple[dict[str, Any], ...]  # instance, seconds, interval, samples; ahead is positive
    confined: tuple[str, ...]  # instances that carry the failures while others carry none
    instances: int  # instances seen
    share: float  # of the excess that the confined ones carry
    overshoot_growth: float  # seconds per second by which the largest overshoot grows
    is_capped: bool  # overshoots on the confined instances have a ceiling
    refuted: float  # share of the rejections whose check would have passed by the log's own time
    is_stamped_right: bool  # the lines are stamped by a clock that is right, not by the host's own
    witness: str = ""  # the other clock that shows the offset: "message" or "gateway"


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
        table = tuple(by_name.get(name) or _row(rows, over, name, early) for name in named)
    else:
        table, share = shown, 1.0 if shown else share
    return Skew(
        tuple(r for r in table if r["samples"] >= LEAST),
        confined,
        seen,
        share,
        _growth(rows, over),
        _capped(rows, over, confined),
        refuted,
        refuted >= REFUTED or witness == "message",
        witness,
    )


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


def confinement(part: Slice, rows: pd.DataFrame) -> tuple[tuple[str, ...], float, int]:
    """Return the instances that carry the excess, the share they carry, and how many live.

    Either the fewest that stand out, or all but those that clearly reject nothing of the kind.
    """
    few, share, seen = _concentrated(part, rows)
    # instances refuse fresh tokens by their release too; no release makes a token old
    if few or float(rows["reason"].isin(AHEAD).mean()) < MOSTLY:
        return few, share, seen
    return (*_spared(part, rows), seen)


def _spared(part: Slice, rows: pd.DataFrame) -> tuple[tuple[str, ...], float]:
    """Return the instances that reject while others that serve do not, and their share.

    Those spared verify tokens too, by lines of another kind or time; they live on into the second
    half, for what was replaced rejects nothing either; and LEAST_SPARED would be their part.
    """
    totals = rows[rows["instance"] != ""].groupby("instance")["count"].sum().astype(float)
    totals.index = totals.index.astype(object)
    events = part.events.groupby("instance")["minute"].max()
    middle = (part.first + part.stop) / 2
    told = (part.before, part.others, part.accepted)
    verifies = {str(i) for frame in told for i in frame["instance"].unique()}
    known = verifies & {str(i) for i in events[events >= middle].index} - {""}
    known |= {str(i) for i in totals.index}
    mine = totals.reindex(sorted(known)).fillna(0.0)
    failing = mine[mine > SPARED * float(mine.max())]
    calm = mine.drop(failing.index)
    expected = float(mine.sum()) * len(calm) / max(len(mine), 1)
    if expected < LEAST_SPARED or float(calm.sum()) > SPARED * expected:
        return (), 0.0
    return tuple(map(str, failing.index)), float(failing.sum() / mine.sum())


def _concentrated(part: Slice, rows: pd.DataFrame) -> tuple[tuple[str, ...], float, int]:
    """Return the fewest instances that carry the excess, the share they carry, and how many live.

    Confined means: at most a third of the instances carry nine tenths of the excess, or six of
    ten where the requests of each are known. Excess then is what goes beyond the failing share of
    the others.
    """
    live = (part.events["minute"] >= part.first) & (part.events["minute"] < part.stop)
    is_complete = part.is_complete and _is_served_told(part, rows)
    seen = set(part.events.loc[live, "instance"]) | {i for i in rows["instance"] if i}
    if not is_complete:  # an instance that rejects nothing leaves no line
        seen |= {i for i in part.before["instance"] if i}
    named = rows[rows["instance"] != ""]
    if len(seen) < 2 or not len(named):
        return (), 0.0, len(seen)
    totals = named.groupby("instance")["count"].sum()
    totals.index = totals.index.astype(object)
    totals = totals[totals > 0].sort_values(ascending=False, kind="stable")
    few = max(1, int(len(seen) * MOST_CONFINED) if is_complete else len(seen) // 3)
    background = float(totals.iloc[few:].sum()) / max(len(seen) - few, 1)
    excess = (totals - background).clip(lower=0)
    if is_complete:
        served = part.events[live].groupby("instance")["events"].sum()
        requests: pd.Series[float] = served.reindex(totals.index).fillna(0.0)
        requests = requests.where(requests > totals, totals)
        share_of: pd.Series[float] = totals / requests
        share_of = share_of.sort_values(ascending=False, kind="stable")
        calm = share_of.index[few:]
        quiet = float(served.drop(totals.index, errors="ignore").sum())
        usual = float(totals[calm].sum()) / max(float(requests[calm].sum()) + quiet, 1.0)
        excess = (
            (totals - usual * requests).clip(lower=0).sort_values(ascending=False, kind="stable")
        )
        totals = totals[excess.index]
        if not _differ(totals, served, requests[totals.index]):
            return (), 0.0, len(seen)
    share = excess.cumsum() / max(float(excess.sum()), 1e-9)
    need = int(np.searchsorted(share.to_numpy(), 0.9)) + 1
    if need > few or float(totals.iloc[0]) < 4 * max(background, 1):
        return (), 0.0, len(seen)
    chosen = tuple(str(i) for i in totals.index[:need])
    return chosen, float(share.iloc[need - 1]), len(seen)


def _is_served_told(part: Slice, rows: pd.DataFrame) -> bool:
    """Whether instances log requests that pass: a gateway's lines do not say which one served."""
    told = (rows, part.others[part.others["service"].isin(set(rows["service"])).to_numpy()])
    rejected = sum(float(f.loc[f["instance"] != "", "count"].sum()) for f in told)
    return float(part.events["events"].sum()) > MORE * rejected


def _differ(totals: pd.Series, served: pd.Series, requests: pd.Series) -> bool:
    """Return whether failing shares differ by more than chance and runs of one client's retries."""
    others = served.drop(totals.index, errors="ignore")
    p = float(totals.sum()) / max(float(requests.sum() + others.sum()), 1.0)
    k, mean = totals.to_numpy(np.float64), p * requests.to_numpy(np.float64)
    # those that reject nothing add their expected number
    g = 2 * float(np.sum(k * np.log(k / np.maximum(mean, 1e-9)) - (k - mean)))
    g += 2 * p * float(others.sum())
    freedom = max(len(totals) + len(others) - 1, 1)
    return bool(g / EXTRA_VARIANCE > freedom + 4 * (2 * freedom) ** 0.5 + 6)


def overshoot(rows: pd.DataFrame) -> np.ndarray:
    """Return by how much each check failed; from the token's own times where not logged.

    Negative where by the stamp of the line it had not failed.
    """
    told = number(rows, "overshoot_seconds")
    computed = hostclocks.stamped_overshoot(rows)
    return np.where(np.isfinite(told), told, computed)


def _row(rows: pd.DataFrame, over: np.ndarray, name: str, early: Margin) -> dict[str, Any]:
    """Return one instance's offset: the largest overshoot, and its 95 % interval.

    A clock ahead by d rejects tokens up to d past their end, so the maximum of k overshoots,
    uniform below d, gives d in [max, max * 0.05 ** (-1 / k)]; tokens that are renewed before
    their end come less far.
    """
    mine = (rows["instance"] == name).to_numpy() & np.isfinite(over) & (over >= 0)
    late = rows["reason"].isin(AHEAD).to_numpy()
    is_ahead = late[mine].mean() >= 0.5 if mine.any() else True
    sample = np.sort(over[mine & (late == is_ahead)])
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
    """Return how many of the sorted overshoots lie under the ceiling; really old tokens do not."""
    middle = float(np.median(sample))
    return max(int(np.searchsorted(sample, max(4 * middle, 30.0), side="right")), 1)


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
