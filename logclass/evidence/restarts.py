"""Instances started as an episode began: what was rolled out before that had not done it.

A release takes effect where instances start. If those of an earlier release started, served, and
others started again as the rejections began, something else was rolled out then.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from logclass.evidence.names import is_nameless, is_release, is_same
from logclass.evidence.phrases import clock
from logclass.evidence.series import text as plain
from logclass.evidence.sightings import STARTED, first_releases, releases, signals
from logclass.evidence.slice import seconds
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from logclass.evidence.scan import Array
    from logclass.evidence.slice import Slice
    from logclass.evidence.timing import Timing
    from logclass.model import ChangeEvent

APART_MS = 90_000  # between the starts of one rollout, or twice what is usual for it
SLOW_MS = 30 * 60_000  # around the onset in which its starts may lie
LEAD_MS, LATE_MS = 600_000, 60_000  # before and after the onset in which its starts may begin
BEFORE_MS, AFTER_MS = 120_000, 300_000  # of a record: the starts that are its own
LONG_MS = 600_000  # from a record to starts that are not its own
OVER = -2.0  # log odds of the time of what was rolled out before
MANY = 0.5  # share of the instances that reject: then they were started for a reason
ROLLED = frozenset({ChangeKind.DEPLOY, ChangeKind.CONFIG, ChangeKind.ROLLBACK})
ELSEWHERE = frozenset({ChangeKind.DEPLOY, ChangeKind.ROLLBACK, ChangeKind.GATEWAY})


def starts(part: Slice) -> Array:
    """Return when instances of the failing services started, in order, epoch milliseconds."""
    return np.sort(seconds(signals(part, STARTED)) * 1000)


def rolled_out_at(part: Slice, started: Array) -> float | None:
    """Return when what rejects began to be rolled out as the episode began, epoch milliseconds.

    None where no release was first seen then, and not many of its instances were started.
    """
    onset = part.episode.onset.point_ms
    if part.episode.onset_censored:
        return None
    known = first_releases(part)
    near = known[(known >= onset - LEAD_MS) & (known <= onset + LATE_MS)]
    every = releases(part).groupby(level="version").min()
    old = [str(name) for name in every.index[every < onset - LEAD_MS]]
    first = [t for name, t in near.items() if not any(is_release(str(name), o) for o in old)]
    now = _at_onset(started, onset)
    if first:
        return float(min(first))
    if not len(now):
        return None
    told = signals(part, STARTED)
    at = seconds(told) * 1000
    anew = set(plain(told[(at >= now[0]) & (at <= now[-1])], "instance")) - {""}
    mine = set(part.rows["instance"]) - {""}
    return float(now[0]) if mine and len(anew & mine) >= MANY * len(mine) else None


def rolled_out_before(
    when: Timing, change: ChangeEvent, part: Slice, started: Array, rolled_ms: float | None
) -> Timing:
    """Return the timing of a release, less where instances started anew after its own had.

    `rolled_ms` is when what rejects was rolled out: a release of something else did not do that.
    """
    own = not change.target or is_nameless(change.target)
    own |= any(is_same(change.target, s) for s in part.episode.services)
    now = _at_onset(started, part.episode.onset.point_ms)
    if change.kind in ELSEWHERE and not own and rolled_ms is not None:
        text = f"what rejects was itself rolled out at {clock(rolled_ms)}, as it began"
        lead = when.text.rstrip(".")
        return replace(when, log_odds=min(when.log_odds, OVER), text=f"{lead}; {text}.")
    if change.kind not in ROLLED or not own or not len(now) or part.episode.onset_censored:
        return when
    begin = float(now[0])
    if change.end_ms is not None and change.time_ms <= begin <= change.end_ms + BEFORE_MS:
        return when
    apart = _apart_ms(started, part.episode.onset.point_ms)
    mine = started[(started >= change.time_ms - BEFORE_MS) & (started < begin - apart)]
    mine = mine[mine <= max(change.time_ms, change.end_ms or 0) + AFTER_MS]
    is_over = len(mine) >= max(1.0, len(now) / 2)
    if not is_over and begin - change.time_ms <= LONG_MS:
        return when
    text = f"instances started again at {clock(begin)}, as it began"
    if is_over:
        text = f"its own starts were over at {clock(float(mine[-1]))}, and {text}"
    lead = when.text.rstrip(".")
    return replace(when, log_odds=min(when.log_odds, OVER), text=f"{lead}; {text}.")


def _at_onset(started: Array, onset_ms: float) -> Array:
    """Return the starts of the rollout at the onset: no long pause parts them."""
    near = started[(started >= onset_ms - LEAD_MS) & (started <= onset_ms + LONG_MS)]
    before = np.flatnonzero(near <= onset_ms + LATE_MS)
    if not len(before):
        return near[:0]
    pauses = np.diff(near) > _apart_ms(started, onset_ms)
    first = last = int(before[-1])
    while first > 0 and not pauses[first - 1]:
        first -= 1
    while last < len(pauses) and not pauses[last]:
        last += 1
    found = near[first : last + 1]
    return found if float(found[-1]) >= onset_ms - BEFORE_MS else near[:0]


def _apart_ms(started: Array, onset_ms: float) -> float:
    """Return the pause that parts two rollouts: a slow one starts its instances minutes apart."""
    near = started[np.abs(started - onset_ms) <= SLOW_MS]
    pauses = np.diff(near)
    pauses = pauses[pauses <= LONG_MS]
    return max(float(APART_MS), 2 * float(np.median(pauses))) if len(pauses) else float(APART_MS)
