"""Which recorded change began an episode, if any: odds against chance, vetoes, and verdicts.

Every change competes with the others and with "no recorded change" (prior 0.3). A change is
never named on its time alone: something in what it touched or what it was must speak for it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from logclass.evidence.finished import begun
from logclass.evidence.linking import Candidate, linked
from logclass.evidence.phrases import clock
from logclass.evidence.reach import Scene, reach, scene
from logclass.evidence.restarts import rolled_out_before
from logclass.evidence.stamps import Offset, in_log_time, offsets
from logclass.evidence.timing import LOOK_BACK, timing
from logclass.evidence.undoing import Rollbacks, undone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logclass.evidence.slice import Slice
    from logclass.model import ChangeEvent
    from logclass.vocabulary import ChangeKind

NO_CHANGE = 0.3  # prior that no recorded change did it
NAMED = 0.5  # posterior from which a change may be named
APART = 2.0  # times that of the next best, from which it is told from it
UNTIMELY = 0.4  # log odds of the time up to which it does not speak for a change
LATE = math.log(0.12)  # the most that the rest can then make of it
BY_TIME = math.log(1.5)  # the most that time can make of a change for which nothing else speaks
SUPPORTED = math.log(1.5)  # log odds of all but the time from which more than time speaks
CLOSE = math.log(7)  # log odds of a time that fits closely
ALONE = 0.1  # of the prior that a change keeps which nothing but its time speaks for


@dataclass(frozen=True, slots=True)
class Attribution:
    """All changes, best first, and the best one if it may be named."""

    candidates: tuple[Candidate, ...]
    named: Candidate | None
    no_change: float  # posterior that no recorded change did it
    after: tuple[ChangeEvent, ...]  # changes followed by the recovery, nearest first
    offsets: tuple[Offset, ...] = ()  # sources whose stamps seem off

    def mass(self, kinds: frozenset[ChangeKind]) -> float:
        """Return the posterior of the changes of some kinds."""
        led = _led(self.candidates)
        mine = [c for c in self.candidates if c.change.kind in kinds and _when(c, led) > UNTIMELY]
        return sum(c.probability for c in mine)

    def best(self, kinds: frozenset[ChangeKind]) -> Candidate | None:
        """Return the best change of some kinds that is not ruled out and fits at all."""
        led = _led(self.candidates)
        fits = (
            c
            for c in self.candidates
            if c.change.kind in kinds and not c.veto and not c.reach.is_disjoint
            if c.lead or _when(c, led) > UNTIMELY
        )
        return next((c for c in fits if c.probability >= 0.1 or c.lead), None)


def _led(candidates: Sequence[Candidate]) -> dict[str, float]:
    """Return by id of a change the best log odds of the times of those that carry it out."""
    best: dict[str, float] = {}
    for c in candidates:
        if c.lead:
            best[c.lead] = max(c.time.log_odds, best.get(c.lead, -math.inf))
    return best


def _when(one: Candidate, led: dict[str, float]) -> float:
    """Return the log odds of the time of a change, or of a better one that carries it out."""
    return max(one.time.log_odds, led.get(one.change.id, -math.inf))


def attribute(part: Slice, changes: tuple[ChangeEvent, ...]) -> Attribution:
    """Return the verdict on every change; their posteriors and `no_change` add up to one.

    Where two traces in the logs or more show that the stamps of a source are off, its changes are
    taken at the logs' time, and say so. Where only one fits, that is said and nothing moved.
    """
    at = scene(part, changes)
    found = _attribute(at, changes, {})
    named = found.named
    off = offsets(part, changes, [c.change for c in found.candidates if _is_able(c)])
    off = tuple(o for o in off if named is None or (o.is_certain and _is_doubtful(named, o)))
    used = {o.source: o for o in off if o.is_certain}
    moved = _attribute(at, changes, used) if used else found
    if used and (moved.named is None or moved.named.change.source not in used):
        moved, off = found, tuple(replace(o, is_certain=False) for o in off)
    if moved.named is None and (early := begun(part, changes)):
        again = _attribute(at, tuple(early.get(c.id, c) for c in changes), used)
        if again.named is not None and again.named.change.id in early:
            return replace(_said(again, changes, early), offsets=off)
    return replace(moved, offsets=off)


def _said(
    found: Attribution, changes: Sequence[ChangeEvent], early: Mapping[str, ChangeEvent]
) -> Attribution:
    """Return the verdicts, which say of releases that began before their records that they did."""
    recorded = {c.id: c.time_ms for c in changes if c.id in early}

    def told(one: Candidate) -> Candidate:
        if one.change.id not in early:
            return one
        at = clock(recorded[one.change.id])
        text = f"It was over when it was recorded at {at}: instances started from "
        text += f"{clock(one.change.time_ms)} on. {one.time.text}"
        return replace(one, time=replace(one.time, text=text))

    scored = tuple(told(one) for one in found.candidates)
    named = found.named and next(c for c in scored if c.change.id == found.named.change.id)
    return replace(found, candidates=scored, named=named)


def _is_doubtful(named: Candidate, offset: Offset) -> bool:
    """Whether what shows an offset weighs more than the time at which a change fits as it is."""
    return offset.is_told or named.time.log_odds < CLOSE


def _is_able(one: Candidate) -> bool:
    """Whether all but its time lets a change be the cause."""
    return not one.reach.veto and not one.reach.is_disjoint and one.beside_time > SUPPORTED


def _attribute(at: Scene, changes: tuple[ChangeEvent, ...], used: dict[str, Offset]) -> Attribution:
    part = at.part
    window = min(LOOK_BACK, max(360.0, float(part.grid.minutes)))
    moved = tuple(in_log_time(c, used[c.source]) if c.source in used else c for c in changes)
    ordered = _ordered(moved)
    back = Rollbacks(part.episode, ordered, part.grid.first * 60_000)
    judged = [_candidate(c, at, back, window) for c in ordered]
    if used:
        judged = [replace(c, offset=used.get(c.change.source)) for c in judged]
    judged = linked(judged)
    scored, none = _posterior(judged)
    scored.sort(key=lambda c: (-c.probability, bool(c.veto), c.change.time_ms, c.change.id))
    best = scored[0] if scored else None
    next_best = scored[1].probability if len(scored) > 1 else 0.0
    named = None
    if best is not None and not best.veto and best.probability >= max(NAMED, APART * next_best):
        named = best if _is_carried(best, scored) else None
    return Attribution(tuple(scored), named, none, undone(part.episode, moved))


def _is_carried(best: Candidate, scored: list[Candidate]) -> bool:
    """Whether more than the time speaks for it, and the time does not speak against it."""
    return best.beside_time > SUPPORTED and _when(best, _led(scored)) > UNTIMELY


def _ordered(changes: tuple[ChangeEvent, ...]) -> list[ChangeEvent]:
    return sorted(changes, key=lambda c: (c.time_ms, c.id))


def _candidate(change: ChangeEvent, at: Scene, back: Rollbacks, window: float) -> Candidate:
    episode = at.part.episode
    when = timing(change, episode, window)
    if at.group != "time":
        when = rolled_out_before(when, change, at.part, at.starts, at.rolled_ms)
    where = reach(change, at)
    undo, text = (0.0, "") if when.veto else back.undo(change)
    return Candidate(change, when, where, undo, text)


def _posterior(judged: list[Candidate]) -> tuple[list[Candidate], float]:
    """Return the candidates with their probabilities, and that of no recorded change.

    A change that leads others takes effect through them: its time is the best of theirs.
    """
    able = [i for i, c in enumerate(judged) if not c.veto and not c.lead]
    reaching = max(1, sum(not judged[i].reach.is_disjoint for i in able))
    prior = (1 - NO_CHANGE) / reaching
    weight: dict[int, float] = {}
    led = _led(judged)
    for i in able:
        c = judged[i]
        when = _when(c, led)
        is_supported = c.beside_time > SUPPORTED
        most = LATE if when <= UNTIMELY else 12.0 if is_supported else BY_TIME
        share = prior if is_supported else prior * ALONE
        weight[i] = share * math.exp(min(when + c.beside_time, most))
    total = NO_CHANGE + sum(weight.values())
    scored = [
        replace(c, probability=round(weight.get(i, 0.0) / total, 4)) for i, c in enumerate(judged)
    ]
    return scored, NO_CHANGE / total
