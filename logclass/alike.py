"""Texts that differ only in values that do not matter are matched once.

A value that can be replaced in one text without changing what it says does not matter in any text
of that skeleton.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from logclass.values import TELLING, Finder, Skeleton, stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from logclass.precedence import Match

    Matches = Callable[[Sequence[str]], Mapping[str, Match | None]]

_MAX_SKELETONS = 32_768
_MAX_CHARACTERS = 4_096  # of a text
_FINDER = Finder()


class _Read(NamedTuple):
    """A text as it is taken apart."""

    text: str
    key: str
    skeleton: Skeleton


class _Known(NamedTuple):
    """What is known of texts of one skeleton."""

    others: tuple[str, ...]  # stand-ins for their values
    mattering: tuple[int, ...] | None  # which values matter; None: the whole text does


_NO_VALUES = Skeleton("", [""], [], [])
_MET = _Known((), None)  # once, so far


class Alike:
    """Matches texts in the place of which fewer may stand."""

    def __init__(self, matches: Matches, numbers: frozenset[bytes]) -> None:
        """Take what gives the match of each text, and the numbers that patterns name."""
        self._matches = matches
        self._fixed = TELLING | {number.decode("ascii") for number in numbers}
        self._known: dict[str, _Known] = {}
        self._instead: dict[str, str] = {}  # a text that stands for all that are alike

    def match_all(self, texts: Sequence[str], alike: Sequence[str]) -> list[Match | None]:
        """Return the match of each text or of one that says the same, so the span may be its.

        alike: what a text has in common with those that differ in values only, or "".
        """
        if len(self._known) + len(texts) > _MAX_SKELETONS:
            self._known.clear()
            self._instead.clear()
        reduced = dict.fromkeys(texts, "")
        marks = {}
        for text, mark in zip(texts, alike, strict=True):
            reduced[text] = self._instead.get(mark, "") if mark else ""
            marks[text] = mark
        parts = [self._read(text) for text, instead in reduced.items() if not instead]
        self._learn(self._again(parts))
        for one in parts:
            reduced[one.text] = instead = self._reduced(one)
            if marks[one.text] and not self._matters(one):
                self._instead[marks[one.text]] = instead
        found = self._matches(list(reduced.values()))
        return [found[reduced[text]] for text in texts]

    def _matters(self, one: _Read) -> bool:
        """Return whether any of the text's values may matter."""
        known = self._known[one.key]
        return known is _MET or known.mattering != ()

    def _read(self, text: str) -> _Read:
        if len(text) > _MAX_CHARACTERS:
            return _Read(text, "", _NO_VALUES)
        skeleton = _FINDER.skeleton(text)
        named = [value for value in skeleton.values if value in self._fixed]
        key = "\0".join([skeleton.key, *named]) if named else skeleton.key
        return _Read(text, key, skeleton)

    def _again(self, parts: Sequence[_Read]) -> dict[str, _Read]:
        """Return a text of each skeleton that is met again, and is not known yet.

        One that is met once costs no more than its text does.
        """
        firsts: dict[str, _Read] = {}
        for one in parts:
            if one.key not in self._known:
                self._known[one.key] = _MET
            elif self._known[one.key] is _MET and one.skeleton.values:
                firsts.setdefault(one.key, one)
        return firsts

    def _reduced(self, one: _Read) -> str:
        """Return the text with stand-ins for all values that do not matter."""
        known = self._known.get(one.key)
        if known is None or known.mattering is None:
            return one.text
        others = list(known.others)
        for place in known.mattering:
            others[place] = one.skeleton.values[place]
        return one.skeleton.written(others)

    def _learn(self, firsts: Mapping[str, _Read]) -> None:
        """Find out which values matter in texts of new skeletons; firsts: a text of each."""
        others = {}
        for key, one in firsts.items():
            found = stand_ins(one.skeleton)
            others[key] = None if found is None else self._but_fixed(one, found)
            self._known[key] = _Known((), None)
        doubles = {
            key: firsts[key].skeleton.written(instead)
            for key, instead in others.items()
            if instead is not None
        }
        said = self._matches([firsts[key].text for key in doubles] + list(doubles.values()))
        for key, double in doubles.items():
            one, instead = firsts[key], others[key] or ()
            mine = said[one.text]
            is_same = _is_same(mine, said[double])
            mattering = () if is_same else self._mattering(one, instead, mine)
            self._known[key] = _Known(instead, mattering)

    def _but_fixed(self, one: _Read, others: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            value if value in self._fixed else other
            for value, other in zip(one.skeleton.values, others, strict=True)
        )

    def _mattering(
        self, one: _Read, others: Sequence[str], said: Match | None
    ) -> tuple[int, ...] | None:
        """Return which values matter: those that are captured, or whose stand-in changes more.

        None where these alone do not give the same.
        """
        captured = (
            "\0".join(text for group in said.captures.values() for text in group) if said else ""
        )
        values = one.skeleton.values
        places = range(len(others))
        named = tuple(place for place in places if values[place] in captured)
        if self._is_enough(one, others, named, said):
            return named
        trials = [
            one.skeleton.written([*values[:place], others[place], *values[place + 1 :]])
            for place in places
        ]
        found = self._matches(trials)
        tried = tuple(place for place in places if not _is_same(found[trials[place]], said))
        return tried if self._is_enough(one, others, tried, said) else None

    def _is_enough(
        self, one: _Read, others: Sequence[str], mattering: Sequence[int], said: Match | None
    ) -> bool:
        """Return whether a text with stand-ins for all values but these says the same."""
        kept = list(others)
        for place in mattering:
            kept[place] = one.skeleton.values[place]
        double = one.skeleton.written(kept)
        return _is_same(self._matches([double])[double], said)


def _is_same(one: Match | None, other: Match | None) -> bool:
    """Return whether two texts say the same, wherever they say it."""
    if one is None or other is None:
        return one is other
    return one._replace(span=other.span, beaten=other.beaten) == other
