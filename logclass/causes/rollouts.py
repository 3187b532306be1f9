"""Rollouts: what the replacement of instances, its end and its undoing say of the cause.

While any deploy rolls out old and new instances serve side by side. With two live keys both sides
refuse the other's tokens and it is over with the rollout; a deploy that brought a wrong key fails
on the new instances alone, and goes on when all are new.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from logclass.causes.case import ROTATIONS, Case, fact
from logclass.causes.keytests import nearly_all, refuses_all
from logclass.evidence.phrases import clock, count, span
from logclass.evidence.series import number
from logclass.evidence.slice import seconds
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from logclass.evidence.linking import Candidate
    from logclass.evidence.slice import Slice
    from logclass.model import Evidence

SETTLED_MS = 120_000  # records of a rollout's end and the last request on an old instance
LEAST_AFTER_MS = 300_000  # that must lie after a rollout before its silence or noise tells
LEAST_REJECTIONS = 10.0
LEAST_ONE_SIDED = 20.0
MOST_FAIL = 0.5  # of the requests: more than clients with old tokens send for long


def went_on(case: Case, change: Candidate | None, factor: float) -> Evidence | None:
    """Weigh rejections that went on undiminished when every instance was a new one."""
    stop = _completed(case, change)
    if stop is None:
        return None
    part = case.part
    start, until = part.episode.onset.point_ms, _until(case, stop)
    low, high = max(stop, start) + SETTLED_MS, until - 60_000
    if part.episode.onset_censored or high - low < LEAST_AFTER_MS - SETTLED_MS:
        return None
    at, weight = seconds(part.rows) * 1000, part.rows["count"].to_numpy(float)
    since = max(start, low - 600_000)
    during = float(weight[(at >= since) & (at < low)].sum()) / (low - since)
    late = float(weight[(at >= low) & (at < high)].sum())
    if late < LEAST_REJECTIONS or late / (high - low) < 0.6 * during:
        return None
    if not _fails_anew(part, low, high):
        return None
    text = f"They went on undiminished after the rollout was complete at {clock(stop)}"
    return fact("undo", factor, f"{text}: {count(late, 'rejection')} more.")


def _fails_anew(part: Slice, low: int, high: int) -> bool:
    """Whether between two times new tokens fail too: old ones go on failing after any rollout."""
    at = seconds(part.rows) * 1000
    late = part.rows[(at >= low) & (at < high)]
    issued = number(late, "iat_seconds")
    issued = issued[np.isfinite(issued)]
    if len(issued) >= LEAST_REJECTIONS:
        return float((issued * 1000 >= low).mean()) >= 0.1
    grid = part.grid
    seen = float(part.traffic[grid.at(low // 60_000) : grid.at(high // 60_000) + 1].sum())
    return part.is_complete and float(late["count"].sum()) >= MOST_FAIL * seen


def _completed(case: Case, change: Candidate | None) -> int | None:
    """Return when the last instance was replaced, from the record or the instances' own lines."""
    ends = [
        c.change.end_ms
        for c in case.found.candidates
        if change is not None and (c is change or c.lead == change.change.id)
        if c.change.end_ms is not None and c.change.end_ms > c.change.time_ms
    ]
    if ends:
        return max(ends)
    turnover = case.split.turnover
    last = turnover.last_old_ms
    if last is None or not turnover.is_measured or not turnover.new:
        return None
    events = case.part.events
    later = events["minute"] * 60_000 > last
    left = set(turnover.old) - set(turnover.new)
    return None if bool((later & events["instance"].isin(left)).any()) else last


def _until(case: Case, stop: int) -> int:
    """Return until when nothing else ended it: its recovery, a rollback, the end of the data."""
    part = case.part
    recovery = part.episode.recovery
    ends = [part.stop * 60_000 if recovery is None else recovery.low_ms]
    ends += [
        c.change.time_ms
        for c in case.found.candidates
        if c.change.kind is ChangeKind.ROLLBACK and c.change.time_ms > stop
    ]
    return min(ends)


def turnover(case: Case) -> Evidence | None:
    """Weigh old and new instances serving side by side."""
    t = case.split.turnover
    if not t.is_rolling:
        return None
    total = max(t.old_rejections + t.new_rejections, 1.0)
    both = min(t.old_rejections, t.new_rejections) / total
    text = f"Midway {t.old_alive} of {t.alive} instances were old ones"
    if both >= 0.05:
        text += f"; old ones wrote {count(t.old_rejections, 'rejection')}, new ones "
        return fact("space", 20, f"{text}{t.new_rejections:,.0f}: each side refuses the other's.")
    if t.old_rejections > t.new_rejections:
        return fact("space", 3, f"{text}; only the old ones rejected.")
    factor = 0.3 if t.new_rejections >= LEAST_ONE_SIDED else 1.0
    return fact("space", factor, f"{text}; only the new ones rejected, whoever signed.")


def one_sided(case: Case, factor: float) -> Evidence | None:
    """Weigh that old and new instances served side by side and only the new ones rejected."""
    t = case.split.turnover
    total = t.old_rejections + t.new_rejections
    if not t.is_rolling or t.new_rejections < LEAST_ONE_SIDED or t.old_rejections >= 0.05 * total:
        return None
    return fact("space", factor, "Only new instances rejected, old ones took the same tokens.")


def fails_alone(case: Case, change: Candidate | None) -> bool:
    """Return whether instances differ only because new ones refuse everything."""
    signs = (went_on(case, change, 2), one_sided(case, 2), refuses_all(case, 2))
    return any((*signs, nearly_all(case, 2)))


def rollout_covers(case: Case) -> Evidence | None:
    """Weigh how the episode ends against how the replacement of instances ends."""
    end, last = case.part.episode.recovery, case.split.turnover.last_old_ms
    onset = case.part.episode.onset.point_ms
    for c in case.found.candidates:
        stop = c.change.end_ms
        if end is None or stop is None or c.reach.is_disjoint or stop < onset + 180_000:
            continue
        if c.veto or c.change.kind is ChangeKind.ROLLBACK:  # what comes after may end anything
            continue
        if end.low_ms - 600_000 <= stop <= end.high_ms + 180_000:
            text = f"Rejections ended at {clock(end.point_ms)}, as a rollout was complete"
            return fact("undo", 5, f"{text} ({c.change.id}, {clock(stop)}).")
    if end is None or last is None or not case.split.turnover.is_rolling:
        return None
    if abs(end.point_ms - last) < 600_000:
        return fact("undo", 5, f"Rejections ended as the last old instance went, at {clock(last)}.")
    if end.point_ms - last > 1_800_000:
        return fact("undo", 0.3, f"They went on after the last old instance went at {clock(last)}.")
    return None


def ends_with_rollout(case: Case, change: Candidate | None) -> Evidence | None:
    """Weigh against a change that its rejections ended as its own rollout was complete."""
    end = case.part.episode.recovery
    if change is None or end is None or change.undo > 0:
        return None
    stops = [
        c.change.end_ms
        for c in case.found.candidates
        if (c is change or c.lead == change.change.id) and c.change.end_ms is not None
    ]
    onset = case.part.episode.onset.point_ms
    for stop in stops:
        if stop > onset + 180_000 and end.low_ms - 120_000 <= stop <= end.high_ms + 120_000:
            text = f"Rejections ended as the rollout was complete, at {clock(stop)}"
            return fact("undo", 0.2, f"{text}: what it brought did not fail.")
    return None


def carried_out(case: Case, factor: float) -> Evidence | None:
    """Weigh a rotation that takes effect with a rolling deploy: both secrets are live."""
    named = case.found.named
    if named is None or named.change.kind not in ROTATIONS:
        return None
    for c in case.found.candidates:
        end = c.change.end_ms
        if c.lead != named.change.id:
            continue
        text = f"The rotation was carried out by a rollout ({c.change.id})"
        if end is None and case.part.episode.ramp_minutes >= 3:
            return fact("space", math.sqrt(factor), f"{text}: both secrets were live for a while.")
        if end is not None and end - c.change.time_ms > 240_000:
            minutes = span((end - c.change.time_ms) / 1000)
            text = f"{text} that took {minutes}: old and new secret were live side by side."
            return fact("space", factor, text)
    return None


def stagger(case: Case) -> Evidence | None:
    """Weigh instances that began to reject one after the other."""
    if case.split.starts_staggered:
        return fact("space", 4, "Instances began to reject one after the other, not at once.")
    return None
