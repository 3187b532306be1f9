"""Text to reason: the patterns whose words stand in a text.

Which of them wins is precedence.py. `match` gives what trying every pattern on the text would give:
its literals and expressions first, then its regex.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import regex

from logclass.alike import Alike
from logclass.errors import PatternError
from logclass.expressions import Expressions
from logclass.frames import is_signing
from logclass.normalise import normalise
from logclass.passages import SHORT_TEXT, Passages
from logclass.patternset import shipped_directory
from logclass.precedence import Found, Match, decide, is_named, reads_all
from logclass.prefilter import Finder, Prefilter, numbers_of
from logclass.vocabulary import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logclass.patternfile import Pattern
    from logclass.patternset import PatternSet
    from logclass.scanner import Engine

__all__ = ["Matcher", "Prefilter", "normalise"]

BUDGET_SECONDS = 0.25  # for all patterns on one text ...
_LEAST_SECONDS = 0.02  # ... but no pattern gets less: a slow one must not hide the others
LONG_TEXT = 65_536  # characters; longer texts are matched only around literals ...
_BEFORE, _AFTER = 2_048, 4_096  # ... by this many characters
_UNBOUNDED = re.compile(r"[*+]|\{[0-9]*,\}")
_MEMO_TEXTS, _MEMO_CHARACTERS = 32_768, 4_096

_ANEW = Expressions()  # keeps nothing


def compile_regex(pattern: Pattern, expressions: Expressions = _ANEW) -> regex.Pattern[str]:
    """Return the compiled regex of a pattern; raises PatternError when it is not valid."""
    try:
        return expressions.compiled(pattern.regex)
    except regex.error as error:
        raise PatternError(f"{pattern.file}: {pattern.id}: regex: {error}") from error


class Matcher:
    """Matches texts against a pattern set; one per process, not shared between threads."""

    def __init__(
        self,
        patternset: PatternSet,
        engine: Engine | None = None,
        prefilter: Prefilter | None = None,
        expressions: Expressions | None = None,
    ) -> None:
        """Take the pattern set; a prefilter of the same set lends its compiled database."""
        self._expressions = expressions or _ANEW
        self.patternset = patternset
        self.timeouts: Counter[str] = Counter()  # what was given up on a text -> how often
        self._patterns = patternset.patterns
        self._passages = Passages(patternset.foreign, self._expressions)
        self._finder = Finder(patternset, engine, prefilter.scanner if prefilter else None)
        self._passing = Finder(patternset, engine, passing=True)
        self._compiled: list[regex.Pattern[str] | None] = [None] * len(self._patterns)
        self._is_calm = [False] * len(self._patterns)
        self._memo: dict[str, Match | None] = {}
        self._alike = Alike(self._matches, numbers_of(patternset))

    def match(self, text: str) -> Match | None:
        """Return what the patterns make of a text as it was logged; None where none matches.

        Raises PatternError when the regex of a candidate pattern is not valid.
        """
        return decide(self.found(text))

    def match_all(self, texts: Sequence[str]) -> list[Match | None]:
        """Return `match` of each text, in order; one scan over all of them finds the candidates.

        Of what was beaten only what was tried is named: weak tiers often need not be.
        """
        found = self._matches(texts)
        return [found[text] for text in texts]

    def match_alike(self, texts: Sequence[str], alike: Sequence[str] = ()) -> list[Match | None]:
        """Return the same, but for the span, which may be that of a text that says the same.

        alike: for each text what it has in common with those that differ in values only, or "".
        """
        return self._alike.match_all(texts, alike or [""] * len(texts))

    def _matches(self, texts: Sequence[str]) -> dict[str, Match | None]:
        """Return the match of each text; those that are not too long are remembered."""
        memo = self._memo
        if len(memo) + len(texts) > _MEMO_TEXTS:
            memo.clear()
        fresh = [text for text in dict.fromkeys(texts) if text not in memo]
        plain = [normalise(text) for text in fresh]
        found: dict[str, Match | None] = dict.fromkeys(fresh)
        for place, candidates in self._candidates(plain).items():
            found[fresh[place]] = decide(self._decisive(plain[place], candidates))
        memo.update((text, match) for text, match in found.items() if len(text) <= _MEMO_CHARACTERS)
        return {text: found[text] if text in found else memo[text] for text in texts}

    def _candidates(self, plain: Sequence[str]) -> dict[int, list[int]]:
        """Return, by place in `plain`, the patterns that may match: also those of what passed."""
        found = self._finder.candidates(plain)
        for place, more in self._passing.candidates(plain).items():
            found[place] = [*found.get(place, ()), *more]
        return found

    def found(self, text: str) -> list[Found]:
        """Return every pattern that matches, before precedence, and where in normalise(text)."""
        plain = normalise(text)
        strong, weak = self._by_tier(self._candidates([plain]).get(0, ()))
        found = self._found_by_strong(plain, strong) + self._found_by_weak(plain, weak)
        return sorted(found, key=lambda one: one.pattern.id)

    def read_by(self, pattern: Pattern, plain: str) -> str:
        """Return what a pattern gets to see of normalise(text): the weak tiers not all of it."""
        return plain if reads_all(pattern) else self._blanked(plain)

    def _decisive(self, text: str, candidates: Iterable[int]) -> list[Found]:
        """Return what decides: weak tiers are not tried where a strong one names a reason.

        They could only be beaten then: patterncheck refuses `over` towards a stronger tier.
        """
        strong, weak = self._by_tier(candidates)
        found = self._found_by_strong(text, strong)
        if any(is_named(one.pattern) for one in found):
            return found
        return found + self._found_by_weak(text, weak)

    def _by_tier(self, candidates: Iterable[int]) -> tuple[list[int], list[int]]:
        strong: list[int] = []
        weak: list[int] = []
        for index in candidates:
            (strong if reads_all(self._patterns[index]) else weak).append(index)
        return strong, weak

    def _found_by_strong(self, text: str, candidates: Sequence[int]) -> list[Found]:
        """Find strong patterns where their words were said, and guarded ones in talk of ours.

        They are searched in all of the text: what stands before decides some of them.
        """
        found = self._found(text, candidates) if candidates else []
        kept = (self._kept(text, one) for one in found)
        return [one for one in kept if one is not None]

    def _kept(self, text: str, one: Found) -> Found | None:
        """Return what was found, or the same further on: not where talk hides it."""
        guarded = one.pattern.guarded
        if one.pattern.outcome is not Outcome.REJECTED and not guarded:
            return one
        compiled = one.hit.re
        try:
            if not self._passages.hides(text, *one.hit.span(), guarded=guarded):
                return one
            for hit in compiled.finditer(text, one.hit.end(), timeout=BUDGET_SECONDS):
                if not self._passages.hides(text, *hit.span(), guarded=guarded):
                    return Found(one.pattern, hit)
        except TimeoutError:
            self.timeouts[f"pattern {one.pattern.id}"] += 1
        return None

    def _found_by_weak(self, text: str, candidates: Sequence[int]) -> list[Found]:
        return self._found(self._blanked(text), candidates) if candidates else []

    def _blanked(self, text: str) -> str:
        try:
            return self._passages.blanked(text)
        except TimeoutError:
            self.timeouts["foreign talk"] += 1
            return " " * len(text)  # a reason that may be another's is worse than none

    def _found(self, text: str, candidates: Iterable[int]) -> list[Found]:
        found: list[Found] = []
        if is_signing(text):
            return found
        deadline = 0.0
        for index in sorted(candidates):
            compiled = self._compiled[index] or self._compile(index)
            if self._is_calm[index] and len(text) <= SHORT_TEXT:
                hit = compiled.search(text)
            else:
                deadline = deadline or time.monotonic() + BUDGET_SECONDS
                hit = self._search(index, text, deadline)
            if hit is not None:
                found.append(Found(self._patterns[index], hit))
        return found

    def _compile(self, index: int) -> regex.Pattern[str]:
        pattern = self._patterns[index]
        compiled = self._compiled[index] = compile_regex(pattern, self._expressions)
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
            self.timeouts[f"pattern {pattern.id}"] += 1
        return None


def _is_calm(pattern: Pattern) -> bool:
    """Return whether no text of SHORT_TEXT characters can keep this regex busy for long.

    Shipped patterns are linted for that; with one quantifier without an upper bound nothing worse
    than a square can happen. Time is not kept then: it costs more than the search itself.
    """
    return _is_shipped(pattern.file) or len(_UNBOUNDED.findall(pattern.regex)) <= 1


@cache
def _is_shipped(file: str) -> bool:
    return Path(file).parent == shipped_directory()


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
