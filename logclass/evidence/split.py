"""Split brain: whether one part of the fleet rejects what another part accepts.

Three independent signs: failing shares per instance fall into two classes (two binomials
against one, by BIC), within one service; instances replaced in the middle of the episode, old and
new serving at once; the same token, or tokens of the same age, fail on some and pass on others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from logclass.evidence.classes import LEAST_EVENTS, Classes, fleets_of, lasting
from logclass.evidence.phrases import clock, count, names, percent
from logclass.evidence.series import number, text
from logclass.evidence.slice import Slice, seconds
from logclass.evidence.turnover import REACH, Turnover, replaced

_REACHES_ALL_SECONDS = 120.0
_KEPT_SECONDS = 5.0
STOPPED_MS = 15 * 60_000  # without a further new instance: the rollout has stopped


@dataclass(frozen=True, slots=True)
class Split:
    """What the instances say of an episode."""

    instances: int
    classes: Classes | None
    turnover: Turnover
    is_homogeneous: bool  # enough was seen on three instances or more, and they agree
    starts_staggered: bool
    ends_staggered: bool
    elsewhere: int  # tokens rejected on one instance and accepted on another
    checkerboard: bool  # one key fails here and the other there


def measure(part: Slice, turned_ms: float) -> Split:
    """Return how an episode is spread over the instances. `turned_ms`: when keys changed."""
    rows = part.rows[part.rows["instance"] != ""]
    known = sorted(set(part.events["instance"].unique()) | set(rows["instance"].unique()))
    fleets = fleets_of(part, rows)
    found = [lasting(fleet, is_complete=part.is_complete) for fleet in fleets]
    best = max((c for c in found if c is not None), key=lambda c: c.gain, default=None)
    failed = [float(fleet.whole["k"].sum()) for fleet in fleets]
    divided = sum(k for k, c in zip(failed, found, strict=True) if c is not None)
    if divided < REACH * sum(failed):  # of several services that fail, one is divided
        best = None
    turned = replaced(part, rows)
    starts, ends = _staggered(part, rows)
    seen = "n" if part.is_complete else "k"
    many = [int((fleet.whole[seen] >= LEAST_EVENTS).sum()) for fleet in fleets]
    enough = sum(n for n in many if n > 1 or len(fleets) == 1) >= 3
    return Split(
        instances=len(known),
        classes=best,
        turnover=turned,
        is_homogeneous=enough and best is None and not turned.is_rolling,
        starts_staggered=starts,
        ends_staggered=ends,
        elsewhere=_elsewhere(part, rows),
        checkerboard=_checkerboard(rows, turned_ms),
    )


def _staggered(part: Slice, rows: pd.DataFrame) -> tuple[bool, bool]:
    """Return whether instances began, and ended, at clearly different times.

    If all share one start, an instance's first failure lags it by an exponential time of its own
    rate; the sum of the scaled lags is then a gamma variable.
    """
    if not len(rows) or rows["instance"].nunique() < 3:
        return False, False
    at = seconds(rows)
    groups = pd.DataFrame({"i": rows["instance"].to_numpy(), "t": at}).groupby("i")["t"]
    spans = groups.agg(["min", "max", "count"])
    spans = spans[spans["count"] >= 8]
    if len(spans) < 3:
        return False, False
    rate: pd.Series[float] = (spans["count"] - 1) / np.maximum(spans["max"] - spans["min"], 1.0)
    starts = ((spans["min"] - spans["min"].min()) * rate).to_numpy()
    is_over = part.episode.recovery is not None
    ends = ((spans["max"].max() - spans["max"]) * rate).to_numpy()
    return _is_spread(starts), is_over and _is_spread(ends)


def _is_spread(scaled: np.ndarray) -> bool:
    # half the weight: failures come in runs, so lags are longer than the rate says
    lags = 0.5 * np.sort(scaled)
    return bool(_gamma_tail(len(lags), float(lags.sum())) < 1e-4 and np.median(lags) > 3.0)


def _gamma_tail(events: int, total: float) -> float:
    """Return how often as many exponential times of mean one add up to more than `total`."""
    terms = (n * math.log(max(total, 1e-300)) - total - math.lgamma(n + 1) for n in range(events))
    return sum(math.exp(t) for t in terms)


def _elsewhere(part: Slice, rows: pd.DataFrame) -> int:
    """Return how many tokens were accepted on one instance and then rejected on another.

    One token's claims are its own; of one client, tokens of one key, issued in one second and good
    until the same one, are one. While a change, or its undoing, reaches the instances one after the
    other each token passes somewhere: what passes in between counts.
    """
    low = part.episode.onset.high_ms / 1000 + _REACHES_ALL_SECONDS
    end = part.episode.recovery
    high = np.inf if end is None else end.low_ms / 1000 - _REACHES_ALL_SECONDS
    at = seconds(part.accepted)
    amid = part.accepted[(at >= low) & (at < high)]
    claims = ["client", "kid", "iat_seconds", "exp_seconds"]
    return max(
        _pairs(rows[rows["token"] > 0], amid[amid["token"] > 0], ["token"]),
        _pairs(_of_clients(rows), _of_clients(amid), claims),
    )


def _of_clients(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose token the client kept: one that is refused may get another at once."""
    known = (rows["client"] != "") & rows["iat_seconds"].notna() & rows["exp_seconds"].notna()
    kept = seconds(rows) - number(rows, "iat_seconds") >= _KEPT_SECONDS
    return rows[known.to_numpy(bool) & kept]


def _pairs(rejected: pd.DataFrame, accepted: pd.DataFrame, same: list[str]) -> int:
    """Return how many tokens, told by these columns, one instance took and another refused then."""
    here, there = (
        pd.DataFrame(
            {name: text(rows, name) for name in [*same, "instance"]} | {"at": seconds(rows)}
        )
        for rows in (rejected, accepted)
    )
    pairs = here.merge(there, on=same)
    is_elsewhere = (pairs["instance_x"] != pairs["instance_y"]) & (pairs["at_x"] > pairs["at_y"])
    pairs = pairs[is_elsewhere.to_numpy(bool)]
    return len(pairs[same].drop_duplicates())


def _checkerboard(rows: pd.DataFrame, turned_ms: float) -> bool:
    """Whether old keys fail on some instances and new keys on others, nowhere both."""
    key = rows["kid"].to_numpy()
    if len(set(key) - {""}) < 2:
        issued = number(rows, "iat_seconds")
        key = np.where(np.isfinite(issued), np.where(issued >= turned_ms / 1000, "n", "o"), "")
    table = pd.crosstab(rows["instance"].to_numpy(), key)
    table = table.drop(columns="", errors="ignore")
    if table.shape[1] < 2 or len(table) < 2:
        return False
    two = table[table.sum().sort_values(ascending=False, kind="stable").index[:2]].to_numpy()
    two = two[two.sum(axis=1) >= LEAST_EVENTS]
    if len(two) < 2:
        return False
    share = two[:, 0] / two.sum(axis=1)
    return bool((share > 0.8).any() and (share < 0.2).any())


def stopped(split: Split) -> str:
    """Say at how many instances a rollout stopped, "" where it went through or ended just now."""
    t = split.turnover
    if not t.is_rolling or not t.left_old or t.last_new_ms is None:
        return ""
    if t.end_ms - t.last_new_ms < STOPPED_MS:
        return ""
    total = len(t.new) + t.left_old
    at = clock(t.last_new_ms)
    return f" It stopped converging at {len(t.new)} of {total} instances, at {at}."


def as_document(split: Split, service: str) -> dict[str, Any] | None:
    """Return {"classes", "by", "text"} for the report; None if the fleet agrees."""
    t, classes = split.turnover, split.classes
    if t.is_rolling and (t.old_rejections or t.new_rejections):
        parts = ((t.old, t.old_rejections), (t.new, t.new_rejections))
        total = max(t.old_rejections + t.new_rejections, 1.0)
        return {
            "classes": [
                {"instances": list(members), "failing_share": round(k / total, 3)}
                for members, k in parts
            ],
            "by": "release",
            "text": f"Old and new {service} instances served side by side: midway "
            f"{t.old_alive} of {t.alive} were old. Old ones wrote "
            f"{count(t.old_rejections, 'rejection')}, new ones "
            f"{count(t.new_rejections, 'rejection')}.{stopped(split)}",
        }
    if classes is None:
        return None
    return {
        "classes": [
            {"instances": list(classes.high), "failing_share": round(classes.high_share, 3)},
            {"instances": list(classes.low), "failing_share": round(classes.low_share, 3)},
        ],
        "by": "instance",
        "text": f"{names(classes.high)} rejected {percent(classes.high_share)} of requests while "
        f"{names(classes.low)} rejected {percent(classes.low_share)}.",
    }
