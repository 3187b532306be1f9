"""Change records that belong together: repeated ones, rotations and what carries them out."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from logclass.evidence.names import is_same, marks
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logclass.evidence.reach import Reach
    from logclass.evidence.stamps import Offset
    from logclass.evidence.timing import Timing
    from logclass.model import ChangeEvent

TWIN_MS = 10 * 60_000  # records of one act, where they name one release
SAME = math.log(7)  # log odds of the place of a change to what fails itself
SOON_MS = 3 * 60_000  # ... and where they do not
ROLLED_MS = 60 * 60_000  # a rotation takes effect with the deploy that follows it
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


def linked(judged: Sequence[Candidate]) -> list[Candidate]:
    """Mark records that repeat an earlier one, and deploys that carry out a rotation.

    They come in order of time.
    """
    leaders = _Leaders()
    out: list[Candidate] = []
    for one in judged:
        lead = leaders.of(one)
        if lead is None:
            leaders.add(len(out), one)
        out.append(one if lead is None else replace(one, lead=lead.change.id))
    return out


class _Leader(NamedTuple):
    place: int
    candidate: Candidate


class _Leaders:
    """Records that others may repeat or carry out, by what these must have in common with them."""

    def __init__(self) -> None:
        self._lists: dict[tuple[ChangeKind, str], list[_Leader]] = {}

    def add(self, place: int, one: Candidate) -> None:
        if one.veto or one.reach.is_disjoint or one.reach.kind < -0.1:
            return
        for mark in {"", *marks(one.change.target)}:
            self._lists.setdefault((one.change.kind, mark), []).append(_Leader(place, one))

    def of(self, one: Candidate) -> Candidate | None:
        """Return the first record that leads this one."""
        if one.veto:
            return None
        kind = one.change.kind
        keys = [(kind, mark) for mark in marks(one.change.target)]
        if kind in MECHANISMS:
            keys.append((ChangeKind.ROTATION, ""))
            keys += [(kind, "")] if one.reach.space >= SAME else []
        found = [lead for key in keys for lead in self._first(key, one)]
        return min(found, key=lambda lead: lead.place).candidate if found else None

    def _first(self, key: tuple[ChangeKind, str], one: Candidate) -> Iterable[_Leader]:
        held = self._lists.get(key, [])
        since = one.change.time_ms - ROLLED_MS
        start = bisect_left(held, since, key=lambda lead: lead.candidate.change.time_ms)
        for place in range(start, len(held)):
            if _leads(held[place].candidate, one):
                return (held[place],)
        return ()


def _leads(first: Candidate, then: Candidate) -> bool:
    a, b = first.change, then.change
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
