"""Text to reason: the patterns whose words stand in a text, and which of them wins.

The rules of precedence are docs/patterns.md, "How a text gets its reason". `match` gives what
trying every pattern on the text would give: its literals and expressions first, then its regex.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import regex

from logclass.captures import captured
from logclass.errors import PatternError
from logclass.frames import is_signing
from logclass.normalise import normalise
from logclass.patternset import shipped_directory
from logclass.prefilter import Finder, Prefilter
from logclass.vocabulary import Outcome, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logclass.captures import Values
    from logclass.patternfile import Pattern
    from logclass.patternset import PatternSet
    from logclass.prefilter import Engine

__all__ = ["Match", "Matcher", "Prefilter", "normalise"]

BUDGET_SECONDS = 0.25  # for all patterns on one text ...
_LEAST_SECONDS = 0.02  # ... but no pattern gets less: a slow one must not hide the others
LONG_TEXT = 65_536  # characters; longer texts are matched only around literals ...
_BEFORE, _AFTER = 2_048, 4_096  # ... by this many characters
_NOTHING_WITHHELD = False
_SHORT_TEXT = 1_024  # characters
_UNBOUNDED = re.compile(r"[*+]|\{[0-9]*,\}")
_MEMO_TEXTS, _MEMO_CHARACTERS = 32_768, 4_096

_OUTCOME_RANK = {Outcome.REJECTED: 0, Outcome.SIGNAL: 1, Outcome.ACCEPTED: 2}
_TIER_RANK = {"library": 0, "gateway": 0, "family": 1, "generic": 2}
_VAGUE = (None, Reason.UNSPECIFIED)
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


class _Varies:
    """The texts of this shape do not all say the same."""


_VARIES = _Varies()


class Found(NamedTuple):
    """One pattern that matches, and where."""

    pattern: Pattern
    hit: regex.Match[str]


def compile_regex(pattern: Pattern) -> regex.Pattern[str]:
    """Return the compiled regex of a pattern; raises PatternError when it is not valid."""
    try:
        return regex.compile(pattern.regex)
    except regex.error as error:
        raise PatternError(f"{pattern.file}: {pattern.id}: regex: {error}") from error


def tier_rank(pattern: Pattern) -> int:
    """Return 0 for the tiers that beat all others; equal numbers do not beat each other."""
    return _TIER_RANK[pattern.tier]


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
    if any(_is_named(one.pattern) for one in kept):
        beaten += [
            (one.pattern.id, "another pattern names a reason")
            for one in kept
            if not _is_named(one.pattern)
        ]
        kept = [one for one in kept if _is_named(one.pattern)]
    best = min(tier_rank(one.pattern) for one in kept)
    beaten += [
        (one.pattern.id, f"tier {one.pattern.tier} is weaker")
        for one in kept
        if tier_rank(one.pattern) != best
    ]
    kept = [one for one in kept if tier_rank(one.pattern) == best]
    kept.sort(key=lambda one: (one.hit.start(), -one.hit.end(), one.pattern.id))
    return _match(kept, beaten)


def _is_named(pattern: Pattern) -> bool:
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


def _is_same(one: Match | None, other: Match | None) -> bool:
    """Return whether two texts say the same, wherever they say it."""
    if one is None or other is None:
        return one is other
    return one._replace(span=other.span, beaten=other.beaten) == other


class Matcher:
    """Matches texts against a pattern set; one per process, not shared between threads."""

    def __init__(
        self,
        patternset: PatternSet,
        engine: Engine | None = None,
        prefilter: Prefilter | None = None,
    ) -> None:
        """Take the pattern set; a prefilter of the same set lends its compiled database."""
        self.patternset = patternset
        self.timeouts: Counter[str] = Counter()  # pattern id -> texts it was given up on
        self._patterns = patternset.patterns
        self._finder = Finder(patternset, engine, prefilter.scanner if prefilter else None)
        self._compiled: list[regex.Pattern[str] | None] = [None] * len(self._patterns)
        self._is_calm = [False] * len(self._patterns)
        self._memo: dict[str, Match | None] = {}
        self._alike: dict[str, Match | _Varies | None] = {}  # by shape

    def match(self, text: str) -> Match | None:
        """Return what the patterns make of a text as it was logged; None where none matches.

        Raises PatternError when the regex of a candidate pattern is not valid.
        """
        return decide(self.found(text))

    def match_all(self, texts: Sequence[str], shapes: Sequence[str] = ()) -> list[Match | None]:
        """Return `match` of each text, in order; one scan over all of them finds the candidates.

        shapes: each text with stand-ins for its numbers and ids, or "". Where text and shape give
        the same, so does every text of that shape. Of what was beaten only what was tried is
        named: weak tiers often need not be.
        """
        shapes = shapes or [""] * len(texts)
        if len(self._memo) + len(self._alike) + len(texts) > _MEMO_TEXTS:
            self._memo.clear()
            self._alike.clear()
        wanted: dict[str, None] = {}
        for text, shape in zip(texts, shapes, strict=True):
            if shape not in self._alike:
                wanted[text] = None
                if shape:
                    wanted[shape] = None
            elif self._alike[shape] is _VARIES:
                wanted[text] = None
        found = self._fresh([text for text in wanted if text not in self._memo])
        return [self._said(text, shape, found) for text, shape in zip(texts, shapes, strict=True)]

    def _fresh(self, texts: Sequence[str]) -> dict[str, Match | None]:
        """Match texts, and remember those that are not too long."""
        plain = [normalise(text) for text in texts]
        found: dict[str, Match | None] = dict.fromkeys(texts)
        for place, candidates in self._finder.candidates(plain).items():
            found[texts[place]] = decide(self._decisive(plain[place], candidates))
        self._memo.update(
            (text, match) for text, match in found.items() if len(text) <= _MEMO_CHARACTERS
        )
        return found

    def _said(self, text: str, shape: str, found: dict[str, Match | None]) -> Match | None:
        known = self._alike.get(shape, _VARIES) if shape else _VARIES
        if not isinstance(known, _Varies):
            return known
        match = found[text] if text in found else self._memo[text]
        if shape and shape not in self._alike:
            other = found[shape] if shape in found else self._memo[shape]
            self._alike[shape] = match if _is_same(match, other) else _VARIES
        return match

    def found(self, text: str) -> list[Found]:
        """Return every pattern that matches, before precedence, and where in normalise(text)."""
        plain = normalise(text)
        return self._found(plain, self._finder.candidates([plain]).get(0, ()))

    def _decisive(self, text: str, candidates: Iterable[int]) -> list[Found]:
        """Return what decides: weak tiers are not tried where a strong one names a reason.

        They could only be beaten then: patterncheck refuses `over` towards a stronger tier.
        """
        strong: list[int] = []
        weak: list[int] = []
        for index in candidates:
            (strong if tier_rank(self._patterns[index]) == 0 else weak).append(index)
        found = self._found(text, strong) if strong else []
        if any(one.pattern.reason not in _VAGUE for one in found):
            return found
        return found + self._found(text, weak) if weak else found

    def _found(self, text: str, candidates: Iterable[int]) -> list[Found]:
        found: list[Found] = []
        if is_signing(text):
            return found
        deadline = 0.0
        for index in sorted(candidates):
            compiled = self._compiled[index] or self._compile(index)
            if self._is_calm[index] and len(text) <= _SHORT_TEXT:
                hit = compiled.search(text)
            else:
                deadline = deadline or time.monotonic() + BUDGET_SECONDS
                hit = self._search(index, text, deadline)
            if hit is not None:
                found.append(Found(self._patterns[index], hit))
        return found

    def _compile(self, index: int) -> regex.Pattern[str]:
        pattern = self._patterns[index]
        compiled = self._compiled[index] = compile_regex(pattern)
        self._is_calm[index] = _is_calm(pattern)
        return compiled

    def _search(self, index: int, text: str, deadline: float) -> regex.Match[str] | None:
        pattern = self._patterns[index]
        compiled = self._compiled[index] or self._compile(index)
        try:
            for start, end in _areas(pattern, text):
                budget = max(_LEAST_SECONDS, deadline - time.monotonic())
                hit = compiled.search(text, start, end, timeout=budget)
                if hit is not None:
                    return hit
        except TimeoutError:
            self.timeouts[pattern.id] += 1
        return None


def _is_calm(pattern: Pattern) -> bool:
    """Return whether no text of _SHORT_TEXT characters can keep this regex busy for long.

    Shipped patterns are linted for that; with one quantifier without an upper bound nothing worse
    than a square can happen. Time is not kept then: it costs more than the search itself.
    """
    shipped = Path(pattern.file).parent == shipped_directory()
    return shipped or len(_UNBOUNDED.findall(pattern.regex)) <= 1


def _areas(pattern: Pattern, text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges to search: of a long text only those around the pattern's literals."""
    if len(text) <= LONG_TEXT:
        yield 0, len(text)
        return
    terms = [re.escape(literal) for literal in pattern.literals]
    terms += [f"(?:{expression})" for expression in pattern.expressions]
    search = regex.compile("|".join(terms), regex.IGNORECASE | regex.MULTILINE)
    start, end = 0, -1
    for hit in search.finditer(text, timeout=BUDGET_SECONDS):
        low, high = max(0, hit.start() - _BEFORE), min(len(text), hit.end() + _AFTER)
        if end >= 0 and low > end:
            yield start, end
        if low > end:
            start = low
        end = high
    if end >= 0:
        yield start, end
