"""Clock skew per instance, read from by how much the time checks failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from logclass.evidence.series import number, text
from logclass.evidence.slice import Slice, seconds
from logclass.vocabulary import Reason, RecordKind

AHEAD = (Reason.TOKEN_EXPIRED, Reason.TOKEN_TOO_OLD)
BEHIND = (Reason.TOKEN_NOT_YET_VALID, Reason.ISSUED_IN_FUTURE)
LEAST = 5
MOST_CONFINED = 0.6  # of the instances
EXTRA_VARIANCE = 2.0
REFUTED = 0.5  # share of refuted checks from which the log's own stamps are taken for right
MOST_LEEWAY = 300.0
LEAST_EXPIRED = 20
LEAST_ENDS = 6  # tokens that must have ended before their growing age says that none is renewed
ONE_END_SECONDS = 4.0
AGREED_SECONDS = 2.0  # stamps of whole seconds and slow requests differ by as much


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


def measure(part: Slice) -> Skew | None:
    """Return the skew of an episode of time failures; None if it is about something else."""
    rows = part.rows[part.rows["reason"].isin((*AHEAD, *BEHIND))]
    if float(rows["count"].sum()) < max(LEAST, 0.5 * part.total):
        return None
    confined, share, seen = confinement(part, rows)
    over = _overshoot(rows)
    stamped = against_gateway(part, rows)
    refuted = _refuted(rows, over, confined)
    if refuted >= REFUTED:
        stamped, over = {}, np.where(over < 0, leeway(part) - over, np.nan)
    table = tuple(stamped.get(name) or _row(rows, over, name) for name in confined if name)
    return Skew(
        tuple(r for r in table if r["samples"] >= LEAST),
        confined,
        seen,
        share,
        _growth(rows, over),
        _capped(rows, over, confined),
        refuted,
        refuted >= REFUTED,
    )


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
    return float((over[mine] < -AGREED_SECONDS).mean())


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


def against_gateway(part: Slice, rows: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the offset of each instance's clock from that of a gateway that logged its requests.

    The same request id stands in both logs, so the two stamps of one moment are compared.
    """
    told = part.echoes[(part.echoes["kind"] == RecordKind.ACCESS) & (part.echoes["link"] > 0)]
    if not len(told):
        return {}
    once = told[["link", "time_ms"]].drop_duplicates("link")
    both = rows.loc[rows["link"] > 0, ["link", "time_ms", "instance"]].merge(once, on="link")
    off = (both["time_ms_x"] - both["time_ms_y"]).to_numpy(np.float64) / 1000
    who = text(both, "instance").to_numpy()
    found = {}
    for name in sorted(set(who) - {""}):
        sample = np.sort(off[(who == name) & np.isfinite(off)])
        if len(sample) < LEAST:
            continue
        middle, error = float(np.median(sample)), 1.25 * float(sample.std()) / len(sample) ** 0.5
        if abs(middle) < AGREED_SECONDS:
            continue
        error = max(error, 1.0)
        found[name] = {
            "instance": name,
            "seconds": round(middle, 1),
            "interval": [round(middle - error, 1), round(middle + error, 1)],
            "samples": len(sample),
        }
    return found


def confinement(part: Slice, rows: pd.DataFrame) -> tuple[tuple[str, ...], float, int]:
    """Return the fewest instances that carry the excess, the share they carry, and how many live.

    Confined means: at most a third of the instances carry nine tenths of the excess, or six of
    ten where the requests of each are known. Excess then is what goes beyond the failing share of
    the others.
    """
    live = (part.events["minute"] >= part.first) & (part.events["minute"] < part.stop)
    seen = set(part.events.loc[live, "instance"]) | {i for i in rows["instance"] if i}
    if not part.is_complete:  # an instance that rejects nothing leaves no line
        seen |= {i for i in part.before["instance"] if i}
    named = rows[rows["instance"] != ""]
    if len(seen) < 2 or not len(named):
        return (), 0.0, len(seen)
    totals = named.groupby("instance")["count"].sum()
    totals.index = totals.index.astype(object)
    totals = totals[totals > 0].sort_values(ascending=False, kind="stable")
    few = max(1, int(len(seen) * MOST_CONFINED) if part.is_complete else len(seen) // 3)
    background = float(totals.iloc[few:].sum()) / max(len(seen) - few, 1)
    excess = (totals - background).clip(lower=0)
    if part.is_complete:
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


def _overshoot(rows: pd.DataFrame) -> np.ndarray:
    """Return by how much each check failed; from the token's own times where not logged.

    Negative where by the stamp of the line it had not failed.
    """
    told = number(rows, "overshoot_seconds")
    now = seconds(rows)
    late = rows["reason"].isin(AHEAD).to_numpy()
    begin = number(rows, "nbf_seconds")
    begin = np.where(np.isfinite(begin), begin, number(rows, "iat_seconds"))
    computed = np.where(late, now - number(rows, "exp_seconds"), begin - now)
    return np.where(np.isfinite(told), told, computed)


def _row(rows: pd.DataFrame, over: np.ndarray, name: str) -> dict[str, Any]:
    """Return one instance's offset: the largest overshoot, and its 95 % interval.

    A clock ahead by d rejects tokens up to d past their end, so the maximum of k overshoots,
    uniform below d, gives d in [max, max * 0.05 ** (-1 / k)].
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
    limits = [top, top * 0.05 ** (-1 / k)]
    sign = 1 if is_ahead else -1
    return {
        "instance": name,
        "seconds": round(sign * top * (1 + 1 / k), 1),
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
