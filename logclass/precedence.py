"""Which of the patterns that match one text gives its reason.

The rules are docs/patterns.md, "How a text gets its reason".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from logclass.captures import captured
from logclass.vocabulary import Outcome, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    import regex

    from logclass.captures import Values
    from logclass.patternfile import Pattern

_NOTHING_WITHHELD = False
_OUTCOME_RANK = {Outcome.REJECTED: 0, Outcome.SIGNAL: 1, Outcome.ACCEPTED: 2}
_TIER_RANK = {"library": 0, "gateway": 0, "family": 1, "generic": 2}
_MISMATCHES = frozenset(
    {
        Reason.AUDIENCE_MISMATCH,
        Reason.ISSUER_MISMATCH,
        Reason.SUBJECT_MISMATCH,
        Reason.CLAIM_MISMATCH,
    }
)


class Match(NamedTuple):
    """What the patterns make of one text."""

    pattern: str  # id of the pattern that won
    outcome: Outcome
    reason: Reason | None  # None unless the outcome is rejected
    also: tuple[Reason, ...]
    library: str  # "" where the wording belongs to none
    versions: str
    claim: str  # the claim that expected and actual speak of, or ""
    captures: dict[str, tuple[str, ...]]  # values only, never placeholders
    withheld: bool  # the log hides a value
    span: tuple[int, int]  # in normalise(text)
    beaten: tuple[tuple[str, str], ...]  # (pattern id, why it fell away)


class Found(NamedTuple):
    """One pattern that matches, and where."""

    pattern: Pattern
    hit: regex.Match[str]


def tier_rank(pattern: Pattern) -> int:
    """Return 0 for the tiers that beat all others; equal numbers do not beat each other."""
    return _TIER_RANK[pattern.tier]


def reads_all(pattern: Pattern) -> bool:
    """Return whether a pattern reads foreign talk too: the weak tiers do not.

    What went well is foreign to a rejection, and what patterns of accepted requests look for.
    """
    return tier_rank(pattern) == 0 or pattern.outcome is Outcome.ACCEPTED


def decide(found: Sequence[Found]) -> Match | None:
    """Return what stands when all these patterns match one text; None for none.

    What a matching pattern names in `over` falls away, then all but the best outcome, then what
    is unspecified where a reason is named, then all but the best tier. The leftmost of the rest
    gives the reason (on a tie the longest, then the first id), the others stand in `also`.
    """
    if not found:
        return None
    if len(found) == 1:
        return _match(found, [])
    beaten: list[tuple[str, str]] = []
    named = {loser: one.pattern.id for one in found for loser in one.pattern.over}
    kept = [one for one in found if one.pattern.id not in named]
    kept = kept or list(found)  # a circle, which patterncheck refuses
    beaten += [
        (one.pattern.id, f"{named[one.pattern.id]} is declared over it")
        for one in found
        if one not in kept
    ]
    outcome = min((one.pattern.outcome for one in kept), key=_OUTCOME_RANK.__getitem__)
    beaten += [
        (one.pattern.id, f"{outcome} beats {one.pattern.outcome}")
        for one in kept
        if one.pattern.outcome is not outcome
    ]
    kept = [one for one in kept if one.pattern.outcome is outcome]
    if any(is_named(one.pattern) for one in kept):
        beaten += [
            (one.pattern.id, "another pattern names a reason")
            for one in kept
            if not is_named(one.pattern)
        ]
        kept = [one for one in kept if is_named(one.pattern)]
    best = min(tier_rank(one.pattern) for one in kept)
    beaten += [
        (one.pattern.id, f"tier {one.pattern.tier} is weaker")
        for one in kept
        if tier_rank(one.pattern) != best
    ]
    kept = [one for one in kept if tier_rank(one.pattern) == best]
    kept.sort(key=lambda one: (one.hit.start(), -one.hit.end(), one.pattern.id))
    return _match(kept, beaten)


def is_named(pattern: Pattern) -> bool:
    """Return whether a pattern names a reason, more than that there was a rejection."""
    return pattern.reason is not None and pattern.reason is not Reason.UNSPECIFIED


def _match(kept: Sequence[Found], beaten: list[tuple[str, str]]) -> Match:
    pattern, hit = kept[0]
    library = pattern.library if tier_rank(pattern) == 0 else ""
    values = captured(hit.capturesdict(), pattern.split) if hit.lastindex else {}
    if not values and len(kept) == 1:
        return Match(
            pattern.id,
            pattern.outcome,
            pattern.reason,
            pattern.also,
            library,
            pattern.versions,
            pattern.claim,
            {},
            _NOTHING_WITHHELD,
            hit.span(),
            tuple(beaten),
        )
    reason = _refined(pattern, values.get("actual"), values.get("alg"))
    also = [*pattern.also]
    for other in kept[1:]:
        also += [other.pattern.reason] if other.pattern.reason else []
        also += other.pattern.also
    return Match(
        pattern.id,
        pattern.outcome,
        reason,
        tuple(one for one in dict.fromkeys(also) if one not in (reason, pattern.reason)),
        library,
        pattern.versions,
        pattern.claim or next(iter(values["claim"].values if "claim" in values else ()), ""),
        {name: one.values for name, one in values.items() if one.values},
        any(one.withheld for one in values.values()),
        hit.span(),
        tuple(beaten),
    )


def _refined(pattern: Pattern, actual: Values | None, alg: Values | None) -> Reason | None:
    """Return the reason as the captured values show it: a mismatch with nothing is an absence."""
    if pattern.reason in _MISMATCHES and actual is not None and actual.absent:
        return Reason.CLAIM_MISSING
    unsecured = alg is not None and [value.lower() for value in alg.values] == ["none"]
    if pattern.reason is Reason.ALGORITHM_MISMATCH and unsecured:
        return Reason.ALGORITHM_NONE
    return pattern.reason
