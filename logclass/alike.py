"""Texts that differ only in values that do not matter are matched once.

A value that can be replaced in one text without changing what it says does not matter in any text
of that skeleton.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from logclass.values import NO_IDS, Finder, replaced, stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from logclass.precedence import Match
    from logclass.values import Value

    Matches = Callable[[Sequence[str]], Mapping[str, Match | None]]

_MAX_SKELETONS = 32_768
_MAX_CHARACTERS = 4_096  # of a text
_STATUSES = {"401", "403"}
_FINDER = Finder()


class _Read(NamedTuple):
    """A text as it is taken apart."""

    text: str
    key: str
    values: list[Value]


class _Known(NamedTuple):
    """What is known of texts of one skeleton."""

    others: tuple[str, ...]  # stand-ins for their values
    mattering: tuple[int, ...] | None  # which values matter; None: the whole text does


class Alike:
    """Matches texts in the place of which fewer may stand."""

    def __init__(self, matches: Matches, numbers: frozenset[bytes]) -> None:
        """Take what gives the match of each text, and the numbers that patterns name."""
        self._matches = matches
        self._fixed = NO_IDS | _STATUSES | {number.decode("ascii") for number in numbers}
        self._known: dict[str, _Known] = {}

    def match_all(self, texts: Sequence[str]) -> list[Match | None]:
        """Return the match of each text or of one that says the same, so the span may be its."""
        if len(self._known) + len(texts) > _MAX_SKELETONS:
            self._known.clear()
        parts = [self._read(text) for text in texts]
        self._learn({one.key: one for one in reversed(parts) if one.key not in self._known})
        reduced = [self._reduced(one) for one in parts]
        found = self._matches(reduced)
        return [found[text] for text in reduced]

    def _read(self, text: str) -> _Read:
        if len(text) > _MAX_CHARACTERS:
            return _Read(text, "", [])
        key, values = _FINDER.skeleton(text)
        named = [value.text for value in values if value.text in self._fixed]
        return _Read(text, "\0".join([key, *named]) if named else key, values)

    def _reduced(self, one: _Read) -> str:
        """Return the text with stand-ins for all values that do not matter."""
        known = self._known.get(one.key)
        if known is None or known.mattering is None:
            return one.text
        others = list(known.others)
        for place in known.mattering:
            others[place] = one.values[place].text
        return replaced(one.text, one.values, others)

    def _learn(self, firsts: Mapping[str, _Read]) -> None:
        """Find out which values matter in texts of new skeletons; firsts: a text of each."""
        doubles = {}
        for key, one in firsts.items():
            others = stand_ins(one.values) if one.values else None
            if others is not None:
                kept = tuple(
                    value.text if value.text in self._fixed else other
                    for value, other in zip(one.values, others, strict=True)
                )
                doubles[key] = kept, replaced(one.text, one.values, kept)
        texts = [
            text for key, (_, double) in doubles.items() for text in (firsts[key].text, double)
        ]
        found = self._matches(texts)
        for key, (kept, double) in doubles.items():
            one = firsts[key]
            is_same = _is_same(found[one.text], found[double])
            mattering = () if is_same else self._mattering(one, kept, found[one.text])
            self._known[key] = _Known(kept, mattering)

    def _mattering(
        self, one: _Read, others: Sequence[str], said: Match | None
    ) -> tuple[int, ...] | None:
        """Return which values matter: those whose stand-in changes what is said.

        None where these alone do not give the same.
        """
        trials = [
            replaced(one.text, [value], [other])
            for value, other in zip(one.values, others, strict=True)
        ]
        found = self._matches(trials)
        mattering = [
            place for place, trial in enumerate(trials) if not _is_same(found[trial], said)
        ]
        kept = list(others)
        for place in mattering:
            kept[place] = one.values[place].text
        alone = replaced(one.text, one.values, kept)
        return tuple(mattering) if _is_same(self._matches([alone])[alone], said) else None


def _is_same(one: Match | None, other: Match | None) -> bool:
    """Return whether two texts say the same, wherever they say it."""
    if one is None or other is None:
        return one is other
    return one._replace(span=other.span, beaten=other.beaten) == other
