"""Which instances accept tokens of the new key, since when, and which never did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from logclass.evidence.ledger import GRACE_SECONDS, KEY_REASONS
from logclass.evidence.phrases import clock, names
from logclass.evidence.slice import seconds
from logclass.evidence.split import STOPPED_MS

if TYPE_CHECKING:
    from logclass.evidence.slice import Slice

LEAST_INSTANCES = 3
LEAST_SEEN = 5.0  # requests with the new key on an instance that rejected all of them


class Convergence(NamedTuple):
    """The instances that verify with the new key, by when they did first; epoch milliseconds."""

    key: str
    since: tuple[tuple[str, int], ...]  # instance and its first accepted request, in order of time
    left: tuple[str, ...]  # those that only rejected the key
    left_rejections: float
    end_ms: int  # end of the data

    @property
    def instances(self) -> int:
        """Return of how many instances it is known."""
        return len(self.since) + len(self.left)


def convergence(part: Slice) -> Convergence | None:
    """Return how the fleet came to accept the key that is new; None where lines do not tell."""
    start = part.episode.onset.point_ms / 1000 - GRACE_SECONDS
    if part.episode.onset_censored:
        return None
    rejected = part.rows[part.rows["reason"].isin(KEY_REASONS)]
    told = [_known(part.accepted, is_accepted=True), _known(rejected, is_accepted=False)]
    lines = pd.concat([*told, _known(part.before, is_accepted=False)])
    old = set(lines.loc[lines["at"] < start, "kid"])
    now = lines[(lines["at"] >= start) & ~lines["kid"].isin(old)]
    if not old or not now["accepted"].any():
        return None
    totals = now.groupby("kid")["count"].sum().sort_values(ascending=False, kind="stable")
    mine = now[now["kid"] == totals.index[0]]
    since = mine[mine["accepted"]].groupby("instance")["at"].min().sort_values(kind="stable")
    refused = mine[~mine["instance"].isin(since.index)].groupby("instance")["count"].sum()
    refused = refused[refused >= LEAST_SEEN]
    found = Convergence(
        key=str(totals.index[0]),
        since=tuple((str(name), int(at * 1000)) for name, at in since.items()),
        left=tuple(sorted(map(str, refused.index))),
        left_rejections=float(refused.sum()),
        end_ms=(part.grid.first + part.grid.minutes) * 60_000,
    )
    return found if found.instances >= LEAST_INSTANCES else None


def _known(rows: pd.DataFrame, *, is_accepted: bool) -> pd.DataFrame:
    """Return time, instance, key and number of the requests whose key and instance are known."""
    known = rows[((rows["kid"] != "") & (rows["instance"] != "")).to_numpy(bool)]
    return pd.DataFrame(
        {
            "at": seconds(known),
            "instance": known["instance"].astype(str).to_numpy(),
            "kid": known["kid"].astype(str).to_numpy(),
            "count": known["count"].to_numpy(np.float64),
            "accepted": is_accepted,
        }
    )


def as_document(found: Convergence) -> dict[str, Any]:
    """Return {"text", "convergence"} for the report: how many instances accept the key by when."""
    curve = [
        {"time": at, "instance": name, "instances": number, "of": found.instances}
        for number, (name, at) in enumerate(found.since, 1)
    ]
    return {"text": sentence(found), "convergence": curve}


def sentence(found: Convergence) -> str:
    """Say how far it came."""
    last = found.since[-1][1]
    many, total = len(found.since), found.instances
    if not found.left:
        since = clock(last)
        return f"All {total} instances accept tokens of key {found.key}, the last since {since}."
    text = f"{many} of {total} instances accept tokens of key {found.key}; "
    text += f"{names(found.left)} rejected all {found.left_rejections:,.0f} of them."
    if found.end_ms - last < STOPPED_MS:
        return text
    return f"{text} It stopped converging at {many} of {total}, at {clock(last)}."
