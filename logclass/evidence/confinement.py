"""Which instances carry the failures of an episode while others that serve carry none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from logclass.evidence.classes import fleet_of
from logclass.evidence.slice import MORE
from logclass.vocabulary import Reason

if TYPE_CHECKING:
    from logclass.evidence.slice import Slice

AHEAD = (Reason.TOKEN_EXPIRED, Reason.TOKEN_TOO_OLD)
BEHIND = (Reason.TOKEN_NOT_YET_VALID, Reason.ISSUED_IN_FUTURE)
MOST_CONFINED = 0.6  # of the instances
EXTRA_VARIANCE = 2.0
CLEARLY = 4.0  # times what the others reject
SPARED = 0.1  # of the others' rejections, up to which an instance is spared
LEAST_SPARED = 12.0
MOSTLY = 0.5
MOST_ELSEWHERE = 0.25  # of the excess, on instances that do not stand out


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
        if float(share_of.iloc[0]) < CLEARLY * usual:  # busy ones reject more, and no more often
            return (), 0.0, len(seen)
    share = excess.cumsum() / max(float(excess.sum()), 1e-9)
    need = int(np.searchsorted(share.to_numpy(), 0.9)) + 1
    if need > few or float(totals.iloc[0]) < CLEARLY * max(background, 1):
        return (), 0.0, len(seen)
    chosen = tuple(str(i) for i in totals.index[:need])
    if not _is_rest_usual(part, rows, chosen) or not _have_peers(part, chosen, seen):
        return (), 0.0, len(seen)
    return chosen, float(share.iloc[need - 1]), len(seen)


def _have_peers(part: Slice, chosen: tuple[str, ...], seen: set[str]) -> bool:
    """Whether each has others of its own service beside it: services differ in who calls them."""
    told = (part.events, part.rows, part.before)
    known = pd.concat([frame[["service", "instance"]] for frame in told]).drop_duplicates()
    known = known[known["instance"].isin(seen).to_numpy()]
    fleet = known["service"].map(fleet_of)
    is_chosen = known["instance"].isin(chosen).to_numpy()
    return set(fleet[is_chosen]) <= set(fleet[~is_chosen])


def _is_rest_usual(part: Slice, rows: pd.DataFrame, chosen: tuple[str, ...]) -> bool:
    """Whether the other instances reject about what they do at other times.

    Two services of which one has fewer instances differ in what each instance carries: where the
    other one rejects more than usual too, no host stands out.
    """
    rest = float(rows.loc[~rows["instance"].isin(chosen), "count"].sum())
    usual = part.episode.baseline_per_minute * max(part.stop - part.first, 1)
    more = max(float(rows["count"].sum()) - usual, 1.0)
    return rest - usual <= MOST_ELSEWHERE * more


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
