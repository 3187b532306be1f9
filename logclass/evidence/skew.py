"""Clock skew per instance, read from by how much the time checks failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from logclass.evidence import hostclocks, hostoffset
from logclass.evidence.confinement import AHEAD, BEHIND, confinement
from logclass.evidence.contrast import weights
from logclass.evidence.course import lifetime_seconds
from logclass.evidence.endpoints import End
from logclass.evidence.leeway import leeway
from logclass.evidence.overshoots import Overshoots, too_old
from logclass.evidence.renewals import margin
from logclass.evidence.series import number
from logclass.evidence.slice import Slice, seconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from logclass.evidence.scan import Array

LEAST = 5
REFUTED = 0.5  # share of refuted checks from which the log's own stamps are taken for right
SOME_REFUTED, FEW_HELD = 0.1, 0.02  # the same where most tokens are too fresh to tell
ONE_END_SECONDS = 4.0
LEAST_ENDS = 6  # tokens that must have ended before their growing age says that none is renewed
TAKES_PART = 0.1
MOSTLY = 0.5  # of the rejections, on hosts whose clock another one shows to be off
MANY = 3  # instances of which most refuse alike: what they share is the issuer's clock
MOST_REJECT = 0.7


@dataclass(frozen=True, slots=True)
class Skew:
    """Time failures of an episode, by instance."""

    rows: tuple[dict[str, Any], ...]  # as hostoffset has them
    confined: tuple[str, ...]  # instances that carry the failures while others carry none
    instances: int  # instances seen
    rejecting: int  # those of them that clearly take part
    share: float  # of the excess that the confined ones carry
    overshoot_growth: float  # seconds per second by which the largest overshoot grows
    is_capped: bool  # overshoots on the confined instances have a ceiling
    refuted: float  # share of the rejections whose check would have passed by the log's own time
    is_refuted: bool  # enough of them for the log's own stamps to be taken for right
    is_stamped_right: bool  # the lines are stamped by a clock that is right, not by the host's own
    witness: str = ""  # the other clock that shows the offset: "message" or "gateway"
    overshoots: Overshoots | None = None  # of tokens that were too old


def measure(part: Slice) -> Skew | None:
    """Return the skew of an episode of time failures; None if it is about something else."""
    rows = part.rows[part.rows["reason"].isin((*AHEAD, *BEHIND))]
    if float(rows["count"].sum()) < max(LEAST, 0.5 * part.total):
        return None
    confined, share, seen = confinement(part, rows)
    rejecting = _rejecting(rows)
    by_stamp = hostclocks.stamped_overshoot(rows, hostclocks.misread(part, rows))
    refuted, is_refuted = _refuted(rows, by_stamp, confined)
    witness, shown = _shown(part, rows, is_gateway_asked=not is_refuted)
    hosts = _Hosts(part, rows, overshoot(rows), by_stamp, leeway(part, confined), is_refuted)
    if confined:
        by_name = {row["instance"]: row for row in shown}
        table = tuple(by_name.get(name) or hosts.row(name, confined) for name in confined if name)
    else:
        table = shown or hosts.whole(rejecting, seen)
        share = 1.0 if any(row["of"] == "instance" for row in table) else share
    over = hosts.over
    if is_refuted:
        over = np.where(by_stamp < 0, hosts.leeway.likely - by_stamp, np.nan)
    return Skew(
        tuple(r for r in table if r["samples"] >= LEAST),
        confined,
        seen,
        len(rejecting),
        share,
        _growth(rows, over),
        _capped(rows, over, confined),
        refuted,
        is_refuted,
        is_refuted or witness == "message",
        witness,
        too_old(part, rows, np.where(rows["reason"].isin(AHEAD), over, np.nan)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Hosts:
    """What the offset of each host is read from: refused checks with by how much they failed."""

    part: Slice
    rows: pd.DataFrame
    over: Array  # by the verifier's clock where it is told, else by the line's stamp
    by_stamp: Array
    leeway: End
    is_stamped_right: bool

    def row(self, name: str, confined: tuple[str, ...]) -> dict[str, Any]:
        """Return the offset of an instance that refuses what others take."""
        mine = (self.rows["instance"] == name).to_numpy()
        taken = self.part.accepted[(self.part.accepted["instance"] == name).to_numpy()]
        return self._measured(name, "instance", mine, taken, confined)

    def whole(self, rejecting: tuple[str, ...], seen: int) -> tuple[dict[str, Any], ...]:
        """Return the offsets where those that refuse are no few: of hosts, or of the issuer.

        Only tokens from the future tell, and what the log's own time refutes: any client may send
        tokens that are too old.
        """
        early = self.rows["reason"].isin(BEHIND).to_numpy()
        mine = np.ones_like(early) if self.is_stamped_right else early
        if float(self.rows.loc[mine, "count"].sum()) < MOSTLY * float(self.rows["count"].sum()):
            return ()
        services = tuple(str(name) for name in self.rows["service"].unique() if name)
        is_issuer = not self.is_stamped_right and _is_spread(services, rejecting, seen)
        if rejecting and not is_issuer:
            return tuple(self.row(name, ()) for name in rejecting)
        if len(services) != 1 and not is_issuer:
            return ()
        of = "service" if self.is_stamped_right else "either"
        row = self._measured(services[0] if services else "", of, mine, self.part.accepted[:0], ())
        if row["interval"] is None or abs(row["interval"][1] or np.inf) < hostclocks.CLEAR_SECONDS:
            return ()
        return (_of_issuer(row, self.rows) if is_issuer else row,)

    def _measured(
        self,
        name: str,
        of: str,
        mine: NDArray[np.bool_],
        taken: pd.DataFrame,
        confined: tuple[str, ...],
    ) -> dict[str, Any]:
        one = hostoffset.tokens(
            (name, of),
            self.rows[mine],
            (self.over[mine], -self.by_stamp[mine]),
            taken,
            lifetime_seconds(self.part),
        )
        if self.is_stamped_right:
            return hostoffset.by_right_stamps(one, self.leeway)
        early = margin(self.part, confined) if one.is_ahead else End(0.0, 0.0, 0.0)
        return hostoffset.by_own_stamps(one, early, self.leeway)


def _is_spread(services: tuple[str, ...], rejecting: tuple[str, ...], seen: int) -> bool:
    """Whether all that verify refuse alike: of few instances each, or those of two services."""
    if seen >= MANY:
        return len(rejecting) >= MOST_REJECT * seen
    return len(rejecting) >= max(seen, 2) or len(services) > 1


def _of_issuer(row: dict[str, Any], rows: pd.DataFrame) -> dict[str, Any]:
    """Return the same offset as the issuer's, which is ahead where all verifiers are behind."""
    issuers = weights(rows, "iss")
    off = row["seconds"]
    return row | {
        "instance": str(issuers.index[0]) if len(issuers) == 1 else "the issuer",
        "of": "issuer",
        "seconds": None if off is None else -off,
        "interval": [None if one is None else -one for one in reversed(row["interval"])],
    }


def _rejecting(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return the instances that reject a good part of what the one that rejects most does."""
    totals = rows[rows["instance"] != ""].groupby("instance")["count"].sum()
    return tuple(map(str, totals.index[totals > TAKES_PART * float(totals.max())]))


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


def _refuted(rows: pd.DataFrame, over: Array, confined: tuple[str, ...]) -> tuple[float, bool]:
    """Return the share of the checks that the log's own time says should have passed, and if so.

    Where a collector stamps the lines, a host whose clock is ahead refuses tokens as expired that
    by the line's stamp are still valid. No clock that is right does so. Fresh tokens that a slow
    clock refuses are neither here nor there.
    """
    mine = np.isfinite(over)
    if confined:
        mine &= rows["instance"].isin(confined).to_numpy()
    if int(mine.sum()) < LEAST:
        return 0.0, False
    share = float((over[mine] < -hostclocks.AGREED_SECONDS).mean())
    held = float((over[mine] > hostclocks.AGREED_SECONDS).mean())
    return share, share >= REFUTED or (share >= SOME_REFUTED and held <= FEW_HELD)


def overshoot(rows: pd.DataFrame) -> Array:
    """Return by how much each check failed; from the token's own times where not logged.

    Negative where by the stamp of the line it had not failed.
    """
    told = number(rows, "overshoot_seconds")
    computed = hostclocks.stamped_overshoot(rows)
    return np.where(np.isfinite(told), told, computed)


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
