"""Which recorded change began an episode, if any: odds against chance, vetoes, and verdicts.

Every change competes with the others and with "no recorded change" (prior 0.3). A change is
never named on its time alone: something in what it touched or what it was must speak for it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from logclass.evidence.names import is_same
from logclass.evidence.phrases import clock, span
from logclass.evidence.reach import Reach, Scene, reach, scene
from logclass.evidence.restarts import rolled_out_before
from logclass.evidence.stamps import Offset, in_log_time, offsets
from logclass.evidence.timing import LOOK_BACK, Timing, timing
from logclass.model import ChangeEvent, Episode
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from logclass.evidence.slice import Slice

NO_CHANGE = 0.3  # prior that no recorded change did it
NAMED = 0.5  # posterior from which a change may be named
UNTIMELY = 0.4  # log odds of the time up to which it does not speak for a change
LATE = math.log(0.12)  # the most that the rest can then make of it
BY_TIME = math.log(1.5)  # the most that time can make of a change for which nothing else speaks
SUPPORTED = math.log(1.5)  # log odds of all but the time from which more than time speaks
CLOSE = math.log(7)  # log odds of a time that fits closely
ALONE = 0.1  # of the prior that a change keeps which nothing but its time speaks for
TWIN_MS = 10 * 60_000  # records of one act, where they name one release
SAME = math.log(7)  # log odds of the place of a change to what fails itself
SOON_MS = 3 * 60_000  # ... and where they do not
ROLLED_MS = 60 * 60_000  # a rotation takes effect with the deploy that follows it
UNDO_MS = 20 * 60_000
MECHANISMS = frozenset({ChangeKind.DEPLOY, ChangeKind.CONFIG, ChangeKind.OTHER})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One recorded change against one episode."""

    change: ChangeEvent
    time: Timing
    reach: Reach
    undo: float
    undo_text: str
    lead: str = ""  # id of the change that this one carries out or repeats
    probability: float = 0.0
    offset: Offset | None = None  # by which `change` was brought to the logs' time

    @property
    def veto(self) -> str:
        """Why it cannot be the cause; "" if it can."""
        return self.time.veto or self.reach.veto

    @property
    def beside_time(self) -> float:
        """Log odds of all that is not timing."""
        return self.reach.space + self.reach.kind + self.undo


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
        mine = [c for c in self.candidates if c.change.kind in kinds and self.is_timely(c)]
        return sum(c.probability for c in mine)

    def is_timely(self, one: Candidate) -> bool:
        """Return whether the time does not speak against a change, or one that carries it out."""
        lot = [c for c in self.candidates if c is one or c.lead == one.change.id]
        return max(c.time.log_odds for c in lot) > UNTIMELY

    def best(self, kinds: frozenset[ChangeKind]) -> Candidate | None:
        """Return the best change of some kinds that is not ruled out and fits at all."""
        fits = [
            c
            for c in self.candidates
            if c.change.kind in kinds and not c.veto and not c.reach.is_disjoint
            if c.lead or self.is_timely(c)
        ]
        return next((c for c in fits if c.probability >= 0.1 or c.lead), None)


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
    return replace(moved, offsets=off)


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
    judged = [_candidate(c, at, moved, window) for c in _ordered(moved)]
    judged = _linked([replace(c, offset=used.get(c.change.source)) for c in judged])
    scored, none = _posterior(judged)
    scored.sort(key=lambda c: (-c.probability, bool(c.veto), c.change.time_ms, c.change.id))
    best = scored[0] if scored else None
    may = best is not None and not best.veto and best.probability >= NAMED
    named = best if may and best is not None and _is_carried(best, scored) else None
    return Attribution(tuple(scored), named, none, _undone(part.episode, moved))


def _is_carried(best: Candidate, scored: list[Candidate]) -> bool:
    """Whether more than the time speaks for it, and the time does not speak against it."""
    times = [c.time.log_odds for c in scored if c is best or c.lead == best.change.id]
    return best.beside_time > SUPPORTED and max(times) > UNTIMELY


def _ordered(changes: tuple[ChangeEvent, ...]) -> list[ChangeEvent]:
    return sorted(changes, key=lambda c: (c.time_ms, c.id))


def _candidate(
    change: ChangeEvent, at: Scene, changes: tuple[ChangeEvent, ...], window: float
) -> Candidate:
    episode = at.part.episode
    when = timing(change, episode, window)
    if at.group != "time":
        when = rolled_out_before(when, change, at.part, at.starts)
    where = reach(change, at)
    undo, text = (0.0, "") if when.veto else _undo(change, episode, changes)
    return Candidate(change, when, where, undo, text)


def _undone(episode: Episode, changes: tuple[ChangeEvent, ...]) -> tuple[ChangeEvent, ...]:
    """Return the changes after the onset that the recovery follows closely."""
    if episode.recovery is None:
        return ()
    end = episode.recovery
    near = [
        c
        for c in changes
        if c.time_ms > episode.onset.high_ms
        and end.low_ms - UNDO_MS <= (c.end_ms or c.time_ms)
        and c.time_ms <= end.high_ms + 60_000
    ]
    return tuple(sorted(near, key=lambda c: abs(end.point_ms - (c.end_ms or c.time_ms))))


def _undo(
    change: ChangeEvent, episode: Episode, changes: tuple[ChangeEvent, ...]
) -> tuple[float, str]:
    """Return the term of a later change to the same thing that ended, or did not end, it."""
    later = [
        c
        for c in changes
        if c.kind is ChangeKind.ROLLBACK
        and c.time_ms > max(change.time_ms, episode.onset.high_ms)
        and (is_same(c.target, change.target) or c.target == change.target)
    ]
    if not later:
        return 0.0, ""
    for back in _undone(episode, tuple(later)):
        assert episode.recovery is not None
        lag = (episode.recovery.point_ms - back.time_ms) / 1000
        return math.log(6), f"Rejections ended {span(lag)} from its rollback at {_at(back)}."
    return -math.log(3), f"It was rolled back at {_at(later[0])} and the rejections went on."


def _at(change: ChangeEvent) -> str:
    return clock(change.time_ms)


def _linked(judged: list[Candidate]) -> list[Candidate]:
    """Mark records that repeat an earlier one, and deploys that carry out a rotation."""
    out: list[Candidate] = []
    for one in judged:
        lead = next((o for o in out if _leads(o, one)), None)
        out.append(one if lead is None else replace(one, lead=lead.change.id))
    return out


def _leads(first: Candidate, then: Candidate) -> bool:
    a, b = first.change, then.change
    if first.lead or first.veto or then.veto or first.reach.is_disjoint:
        return False
    if first.reach.kind < -0.1:
        return False
    gap = b.time_ms - a.time_ms
    if a.kind is ChangeKind.ROTATION and b.kind in MECHANISMS:
        return gap <= ROLLED_MS and first.reach.kind > 0 and not then.reach.is_disjoint
    if a.kind != b.kind:
        return False
    # a wave: what rejects was released in several services, one after the other
    is_wave = min(first.reach.space, then.reach.space) >= SAME and a.kind in MECHANISMS
    is_one = bool(a.version) and a.version == b.version and is_same(a.target, b.target)
    is_twin = is_wave or is_same(a.target, b.target)
    return is_twin and gap <= (TWIN_MS if is_one else SOON_MS)


def _posterior(judged: list[Candidate]) -> tuple[list[Candidate], float]:
    """Return the candidates with their probabilities, and that of no recorded change.

    A change that leads others takes effect through them: its time is the best of theirs.
    """
    able = [i for i, c in enumerate(judged) if not c.veto and not c.lead]
    reaching = max(1, sum(not judged[i].reach.is_disjoint for i in able))
    prior = (1 - NO_CHANGE) / reaching
    weight: dict[int, float] = {}
    for i in able:
        c = judged[i]
        when = max([c.time.log_odds, *(o.time.log_odds for o in judged if o.lead == c.change.id)])
        is_supported = c.beside_time > SUPPORTED
        most = LATE if when <= UNTIMELY else 12.0 if is_supported else BY_TIME
        share = prior if is_supported else prior * ALONE
        weight[i] = share * math.exp(min(when + c.beside_time, most))
    total = NO_CHANGE + sum(weight.values())
    scored = [
        replace(c, probability=round(weight.get(i, 0.0) / total, 4)) for i, c in enumerate(judged)
    ]
    return scored, NO_CHANGE / total
