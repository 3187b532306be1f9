"""Everything measured of one episode: what the cause functions read, and their answer."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from logclass.evidence.phrases import clock, names, of_what, percent
from logclass.model import ClaimDelta, Episode, Evidence
from logclass.vocabulary import Cause, ChangeKind, Reason

if TYPE_CHECKING:
    from logclass.evidence.attribution import Attribution
    from logclass.evidence.course import Course
    from logclass.evidence.ledger import KeyAge
    from logclass.evidence.linking import Candidate
    from logclass.evidence.sightings import Sighting
    from logclass.evidence.skew import Skew
    from logclass.evidence.slice import Slice
    from logclass.evidence.split import Split

ROTATIONS = frozenset({ChangeKind.ROTATION})
_TIMES = (Reason.TOKEN_EXPIRED, Reason.TOKEN_TOO_OLD)  # a new release makes no token old
RELEASES = frozenset({ChangeKind.DEPLOY, ChangeKind.CONFIG, ChangeKind.ROLLBACK})
NEVER = 0.001  # share of a reason that a cause does not bring about
LEAST_TOLD = 0.2  # of the rejections that say a reason, for the others to be left out
ELSEWHERE = 0.08  # share of a reason among rejections that none of the causes explains


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One episode, measured."""

    part: Slice
    told: Episode  # by a clock that is right, where its own hosts' are off by a known time
    shares: dict[str, float]  # reason -> share of the episode's rejections
    found: Attribution
    split: Split
    skew: Skew | None
    age: KeyAge
    decay: dict[str, Any]
    delta: tuple[ClaimDelta, ...]
    failing_share: float | None  # of all log events of the failing services; None if unknown
    seen: Sighting | None = None  # a rollout that the logs tell of
    key_seen: Sighting | None = None  # a key that was loaded anew
    clock_seen: Sighting | None = None  # a clock that was set
    endpoint_seen: Sighting | None = None  # a token endpoint that failed
    course: Course | None = None  # how rejections went from first to last

    def share(self, *reasons: Reason) -> float:
        """Return the share of the rejections with one of these reasons."""
        known = self.shares if Reason.UNSPECIFIED in reasons else self.told_shares
        return sum(known.get(r, 0.0) for r in reasons)

    @property
    def told_shares(self) -> dict[str, float]:
        """Shares of the reasons, of those that say one where enough do: a bare 401 says none."""
        vague = self.shares.get(Reason.UNSPECIFIED, 0.0)
        if vague == 0 or vague > 1 - LEAST_TOLD:
            return self.shares
        return {r: n / (1 - vague) for r, n in self.shares.items() if r != Reason.UNSPECIFIED}

    @property
    def service(self) -> str:
        """Name the failing services for a sentence."""
        return names([s for s in self.part.episode.services if s])

    @property
    def is_split(self) -> bool:
        """Whether instances disagree."""
        s = self.split
        return bool(s.classes or s.checkerboard or s.elsewhere >= 3 or s.turnover.is_rolling)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One cause weighed against one episode."""

    cause: Cause
    prior: float
    evidence: tuple[Evidence, ...]
    overturned_by: tuple[str, ...] = ()
    change: Candidate | None = None
    asks_for: tuple[str, ...] = field(default=())  # fields whose absence weakens it, see missing

    @property
    def weight(self) -> float:
        """Log of prior times likelihood."""
        return math.log(self.prior) + sum(e.log_odds for e in self.evidence)


def times(factor: float) -> float:
    """Return the log odds of a factor, capped at fifty either way."""
    return max(-math.log(50), min(math.log(50), math.log(factor)))


def reasons_fit(case: Case, expected: dict[Reason, float]) -> Evidence:
    """Weigh the mix of reasons: how common they are under a cause against otherwise."""
    total = 0.0
    for reason, share in case.told_shares.items():
        total += share * math.log(max(expected.get(Reason(reason), 0.0), NEVER) / ELSEWHERE)
    total = max(-math.log(150), min(math.log(50), total))
    top = sorted(case.shares.items(), key=lambda kv: (-kv[1], kv[0]))[:2]
    told = " and ".join(f"{percent(v)} {k}" for k, v in top)
    return Evidence("kind", f"The rejections are {told}.", total)


def change_fit(
    case: Case, kinds: frozenset[ChangeKind], absent: float = 0.25
) -> tuple[Candidate | None, Evidence]:
    """Weigh the recorded changes: one of these kinds, one of another, or none (`absent`)."""
    named = case.found.named
    best = case.found.best(kinds)
    mass = case.found.mass(kinds)
    if best is not None and (best.probability >= 0.1 or _follows(best, named)):
        weight = max(mass, 0.5 if _follows(best, named) else 0.0)
        change = best.change
        what = f"{_article(change.kind)}{of_what(change.target, change.description)}"
        text = f"{what} at {clock(change.time_ms)}"
        lag = best.time.text[0].lower() + best.time.text[1:]
        evidence = Evidence("change", f"{text} is on record; {lag}", times(1 + 25 * weight))
        return best, evidence
    if named is not None:
        kind = named.change.kind
        what = "of another kind" if kind is ChangeKind.OTHER else _article(kind).lower()
        text = f"The change that fits is {what}: {named.change.id}."
        return None, Evidence("change", text, times(0.12))
    if not case.found.candidates:  # no record at all: its silence says less
        absent = math.sqrt(absent)
    nothing = f"No fitting {_either(kinds)} is on record"
    if (seen := _seen(case, kinds)) is not None:
        return None, fact("change", 3, f"{nothing}, but {seen}: seen in the logs, not recorded.")
    if case.found.candidates:
        nothing += f" ({percent(case.found.no_change)} that no recorded change did it)"
    return None, Evidence("change", f"{nothing}.", times(absent))


def _seen(case: Case, kinds: frozenset[ChangeKind]) -> str | None:
    """Say which change of these kinds the logs themselves tell of."""
    if ChangeKind.DEPLOY in kinds and not kinds & {ChangeKind.GATEWAY, ChangeKind.OTHER}:
        return None if case.seen is None or case.share(*_TIMES) >= 0.5 else case.seen.text
    if kinds != ROTATIONS:
        return None
    if case.age.by == "kid" and case.age.new_names:
        return f"tokens of {names(case.age.new_names)} were first seen then"
    return None if case.key_seen is None else case.key_seen.text


def _follows(one: Candidate, named: Candidate | None) -> bool:
    return named is not None and one.lead == named.change.id


def _article(kind: ChangeKind) -> str:
    labels = {
        ChangeKind.CONFIG: "A configuration change",
        ChangeKind.GATEWAY: "A gateway change",
        ChangeKind.CLOCK: "A clock change",
        ChangeKind.OTHER: "A change",
    }
    return labels.get(kind, f"A {kind}")


def _either(kinds: frozenset[ChangeKind]) -> str:
    return " or ".join(sorted(k.value for k in kinds if k is not ChangeKind.ROLLBACK))


def told(*evidence: Evidence | None) -> tuple[Evidence, ...]:
    """Return the pieces of evidence that say something."""
    return tuple(e for e in evidence if e is not None)


def fact(kind: str, factor: float, text: str) -> Evidence:
    """Return one piece of evidence with its likelihood ratio."""
    return Evidence(kind, text, times(factor))
