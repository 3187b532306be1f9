"""Which keys tokens were signed with, and whether the failing ones are old or new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from logclass.evidence.series import number
from logclass.evidence.slice import Slice, seconds
from logclass.vocabulary import Reason

KEY_REASONS = (Reason.SIGNATURE_INVALID, Reason.KEY_NOT_FOUND, Reason.DECRYPTION_FAILED)
MOST = 12
GRACE_SECONDS = 120.0  # a key seen this little before the onset is still new
_RELOAD_SECONDS = 300.0  # in which an issuer reads a key that was changed
_LEAST_LATER = 5  # failing requests after that


@dataclass(frozen=True, slots=True)
class KeyAge:
    """How many failing requests carry old and new keys, by `kid` or by time of issue."""

    by: str  # "kid" or "iat"; "" when neither is logged
    old: float
    new: float
    old_names: tuple[str, ...] = ()
    new_names: tuple[str, ...] = ()
    accepted_old: float = 0.0  # requests with an old key accepted during the episode
    accepted_new: float = 0.0

    @property
    def known(self) -> float:
        """Failing requests whose key's age is known."""
        return self.old + self.new

    @property
    def new_share(self) -> float:
        """Share of the failing requests with a new key."""
        return self.new / self.known if self.known else 0.0


def key_ledger(part: Slice) -> tuple[dict[str, Any], ...]:
    """Return per `kid`: first and last sight (epoch ms), accepted, rejected, loaded, instances.

    What was accepted is an estimate where its lines were read from a sample.
    """
    loaded = part.signals[part.signals["kid"] != ""]
    rejected = part.rows[part.rows["reason"].isin(KEY_REASONS) & (part.rows["kid"] != "")]
    accepted = part.accepted[part.accepted["kid"] != ""]
    both = pd.concat([rejected, accepted, loaded])
    if not len(both):
        return ()
    used = both["count"].where(both["outcome"].isin(["accepted", "rejected"]), 0)
    totals = used.groupby(both["kid"].astype(object), sort=True).sum()
    most = totals.sort_values(ascending=False, kind="stable").index[:MOST]
    both = both[both["kid"].isin(most)]  # a sender may choose these names
    rows: list[dict[str, Any]] = []
    for kid, group in both.groupby("kid", sort=True, observed=True):
        stamps = seconds(group) * 1000
        by = group.groupby("outcome")["count"].sum()
        rows.append(
            {
                "key": str(kid),
                "first": int(stamps.min()),
                "last": int(stamps.max()),
                "accepted": int(by.get("accepted", 0)),
                "rejected": int(by.get("rejected", 0)),
                "loaded": int(by.get("signal", 0)),
                "instances": _instances(group),
                "accepted_by": _instances(group[(group["outcome"] == "accepted").to_numpy()]),
                "rejected_by": _instances(group[(group["outcome"] == "rejected").to_numpy()]),
            }
        )
    rows.sort(key=lambda r: (-int(r["rejected"]) - int(r["accepted"]), str(r["key"])))
    return tuple(rows)


def _instances(rows: pd.DataFrame) -> list[str]:
    return sorted({str(name) for name in rows["instance"] if name})


def key_age(part: Slice, turned_ms: float, new_kid: str = "") -> KeyAge:
    """Return whether the failing tokens are older or newer than the change of keys.

    `turned_ms` is when the keys changed (the change's own time, or the onset); `new_kid` is the
    key the change brought, where the record names it.
    """
    rows = part.rows[part.rows["reason"].isin((*KEY_REASONS, Reason.UNSPECIFIED))]
    by_kid = _by_kid(part, rows, new_kid)
    if by_kid.known >= 3 and (by_kid.new or by_kid.accepted_new):
        return by_kid
    by_issue = _by_issue(part, rows, turned_ms)  # one key alone does not tell new from old
    return by_issue if by_issue.known >= 3 else by_kid


def _by_kid(part: Slice, rows: pd.DataFrame, new_kid: str) -> KeyAge:
    known = rows[rows["kid"] != ""]
    if not len(known):
        return KeyAge("", 0.0, 0.0)
    earlier = pd.concat([part.before, part.accepted])
    start = part.episode.onset.point_ms / 1000 - GRACE_SECONDS
    earlier = earlier[(seconds(earlier) < start) & (earlier["kid"] != "").to_numpy()]
    seen = set(earlier["kid"])
    old = known["kid"].isin(seen) & (known["kid"] != new_kid)
    new = (known["kid"] == new_kid) | (~known["kid"].isin(seen) & bool(seen))
    now = part.accepted[seconds(part.accepted) >= start]
    is_old = now["kid"].isin(seen) & (now["kid"] != new_kid)
    return KeyAge(
        "kid",
        float(known.loc[old, "count"].sum()),
        float(known.loc[new, "count"].sum()),
        tuple(sorted(set(known.loc[old, "kid"]))),
        tuple(sorted(set(known.loc[new, "kid"]))),
        float(now.loc[is_old, "count"].sum()),
        float(now.loc[~is_old & (now["kid"] != ""), "count"].sum()),
    )


def _by_issue(part: Slice, rows: pd.DataFrame, turned_ms: float) -> KeyAge:
    issued = number(rows, "iat_seconds")
    known = np.isfinite(issued)
    if not known.any() or part.episode.onset_censored:
        return KeyAge("", 0.0, 0.0)
    counts = rows["count"].to_numpy(np.float64)
    begun = part.episode.onset.high_ms / 1000
    cut = _issuer_turned(issued, seconds(rows), turned_ms / 1000 - 2, begun)
    is_new = issued >= cut
    now = part.accepted[seconds(part.accepted) >= part.episode.onset.point_ms / 1000]
    accepted = number(now, "iat_seconds")
    weight = now["count"].to_numpy(np.float64)
    return KeyAge(
        "iat",
        float(counts[known & ~is_new].sum()),
        float(counts[known & is_new].sum()),
        accepted_old=float(weight[accepted < cut].sum()),
        accepted_new=float(weight[accepted >= cut].sum()),
    )


def _issuer_turned(issued: np.ndarray, at: np.ndarray, changed: float, begun: float) -> float:
    """Return from when on tokens carry the new key, in epoch seconds.

    An issuer reads its keys some minutes after they were changed, and a record from long before
    the rejections begun may be of something else. Where failures go on for longer than that and
    no token signed later is among them, all that fail carry the old one: the last tells when.
    """
    late = max(changed, begun) + _RELOAD_SECONDS
    goes_on = np.count_nonzero(at > late) >= _LEAST_LATER
    return float(np.nanmax(issued)) + 1 if goes_on and not (issued >= late).any() else changed
