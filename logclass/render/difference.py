"""Where two values differ: the part of a claim that an engineer should look at."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORDS = re.compile(r"[^\W_]+|[\W_]", re.UNICODE)
LONGEST = 400  # compared and shown; the whole value is in the document
_LEAD = 60  # letters kept before the first difference of a longer value
_ALIKE = 0.3


class Segment(NamedTuple):
    """A run of text of one value."""

    text: str
    differs: bool


def compare(value: str, others: list[str]) -> list[Segment]:
    """Return `value` in segments, marked where it differs from the most similar of `others`.

    Words are compared, not letters: `staging` against `prod` differs as a whole. Nothing is
    marked where the value is among the others, or nothing is known to compare it with.
    """
    if value in others or not others or not value:
        return [Segment(value[:LONGEST], differs=False)]
    start = max(0, max(shared_start([value, other]) for other in others) - _LEAD)
    start = start if len(value) > LONGEST else 0
    shown, others = _window(value, start), [_window(other, start) for other in others[:8]]
    words = _WORDS.findall(shown)
    matchers = [
        SequenceMatcher(None, words, _WORDS.findall(other), autojunk=False) for other in others
    ]
    best = max(matchers, key=lambda matcher: matcher.ratio())
    if best.ratio() < _ALIKE:
        return _middle(shown, others[matchers.index(best)])
    return [
        Segment("".join(words[start:end]), tag != "equal")
        for tag, start, end, _, _ in best.get_opcodes()
        if start < end
    ]


def shared_start(texts: Sequence[str]) -> int:
    """Return how many letters all texts begin with alike."""
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*texts, strict=False))
    return sum(1 for _ in alike)


def _window(value: str, start: int) -> str:
    return ("…" if start else "") + value[start : start + LONGEST]


def _middle(value: str, other: str) -> list[Segment]:
    """Return `value` marked between the first and the last letter the two share."""
    head = shared_start([value, other])
    tail = shared_start([value[head:][::-1], other[head:][::-1]])
    end = len(value) - tail
    parts = [(value[:head], False), (value[head:end], True), (value[end:], False)]
    return [Segment(text, differs) for text, differs in parts if text]
