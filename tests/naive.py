"""What the rules of docs/patterns.md give, worked out by trying every pattern on every text."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from logclass.expressions import Expressions
from logclass.frames import is_signing
from logclass.matcher import compile_regex
from logclass.normalise import normalise
from logclass.passages import Passages
from logclass.patternset import Pattern, PatternSet
from logclass.precedence import Found, Match, decide, reads_all


class NaiveMatcher:
    """Tries every pattern on every text."""

    def __init__(self, patternset: PatternSet) -> None:
        self.compiled = [(one, compile_regex(one), _terms(one)) for one in patternset.patterns]
        self.passages = Passages(patternset.foreign, Expressions())
        self.timeouts: Counter[str] = Counter()  # it has all the time in the world

    @cache  # noqa: B019 - lives as long as the tests
    def match(self, text: str) -> Match | None:
        plain = normalise(text)
        if is_signing(plain):
            return None
        lower = plain.lower()
        weak = self.passages.blanked(plain)
        hits = (
            (pattern, regex.search(plain if reads_all(pattern) else weak))
            for pattern, regex, (literals, expressions) in self.compiled
            if any(word in lower for word in literals)
            or any(expression.search(plain) for expression in expressions)
        )
        found = [Found(pattern, hit) for pattern, hit in hits if hit]
        return decide(
            [
                one
                for one in found
                if not one.pattern.guarded or weak[slice(*one.hit.span())] == one.hit.group()
            ]
        )

    def match_alike(self, texts, _alike=()):
        return [self.match(text) for text in texts]


def _terms(pattern: Pattern) -> tuple[list[str], list[re.Pattern[str]]]:
    flags = re.IGNORECASE | re.MULTILINE
    return (
        [literal.lower() for literal in pattern.literals],
        [re.compile(expression, flags) for expression in pattern.expressions],
    )
