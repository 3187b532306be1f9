"""When an episode began and ended where the hosts that stamp its lines have wrong clocks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from logclass.evidence import skew
from logclass.model import Episode, Interval

if TYPE_CHECKING:
    from logclass.evidence.slice import Slice

SURE_SECONDS = 180.0  # width of an offset's interval up to which times are put right by it
STAMPED = 0.8  # share of the excess on hosts whose clock is off


def allowing_for_hosts(part: Slice) -> Slice:
    """Return the slice with an onset interval that allows for the clocks of its own hosts.

    Hosts whose clock is off stamp their log lines with it, so the onset is off by as much.
    """
    off = skew.measure(part)
    rows = off.rows if _has_own_stamps(off) else ()
    shifts = [round(-1000 * far) for row in rows for far in _limits(row)]
    if not shifts:
        return part
    low, point, high = part.episode.onset
    onset = Interval(low + min(0, *shifts), point, high + max(0, *shifts))
    return replace(part, episode=replace(part.episode, onset=onset))


def _limits(row: dict[str, Any]) -> list[float]:
    """Return the offset of a host that is known, or else the limits of what it may be; seconds."""
    if row["of"] != "instance":  # what stamps these lines may be right
        return []
    if row["seconds"] is not None:
        return [row["seconds"]]
    return [one for one in row["interval"] or () if one is not None]


def _has_own_stamps(off: skew.Skew | None) -> TypeGuard[skew.Skew]:
    """Whether hosts whose clock is off wrote most of it, with stamps of their own."""
    return off is not None and off.share >= STAMPED and not off.is_stamped_right


def put_right(part: Slice) -> Slice:
    """Return the slice with its onset put right, where the clocks that are off were measured.

    The hosts stamp their lines with their own clocks, the change records come from elsewhere.
    """
    off = skew.measure(part)
    rows = off.rows if _has_own_stamps(off) else ()
    known = [r for r in rows if r["seconds"] is not None and r["of"] == "instance"]
    known = [r for r in known if abs(r["interval"][1] - r["interval"][0]) <= SURE_SECONDS]
    if not known:
        return part
    shift = round(1000 * float(np.median([r["seconds"] for r in known])))
    slack = max(round(1000 * abs(r["interval"][1] - r["interval"][0])) for r in known)
    if part.episode.onset_censored:
        return part
    low, point, high = part.episode.onset
    # the interval may allow for the clocks already
    low, high = max(low, point - 120_000), min(high, point + 120_000)
    onset = Interval(low - shift - slack, point - shift, high - shift + slack)
    return replace(part, episode=replace(part.episode, onset=onset, recovery=_ended(part, shift)))


def _ended(part: Slice, shift_ms: int) -> Interval | None:
    """Return the recovery by a clock that is right; a slow host's last lines end before the data.

    `shift_ms` is by how much its stamps are ahead.
    """
    end = part.episode.recovery
    if end is None:
        return None
    low, point, high = (at - shift_ms for at in end)
    is_cut = shift_ms < 0 and high >= (part.grid.first + part.grid.minutes) * 60_000
    return None if is_cut else Interval(low, point, high)


def told(own: Episode, true: Episode) -> Episode:
    """Return the episode as it is to be told: by a clock that is right, as wide as both have it."""
    (low, point, _), wide = true.onset, own.onset
    high = max(true.onset.high_ms, wide.high_ms)
    return replace(true, onset=Interval(min(low, wide.low_ms), point, high))
