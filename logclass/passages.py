"""Passages that speak of other people's things, hidden from the patterns that know no library.

"Signature mismatch" is about a token, a package or a web hook: the words around it tell. The weak
tiers read a text with such passages blanked; a `guarded` pattern of an exact pack must not hit one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import regex

from logclass.errors import PatternError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logclass.expressions import Expressions

    Compiled = regex.Pattern[str]

# A passage ends at a quote, a bracket, the end of a sentence or of a line, and after this much.
_BORDER = regex.compile(r"""[\n"{}\[\]|]|[.!?]\s""")
_REACH = 200  # characters to either side


@dataclass(frozen=True, slots=True)
class Foreign:
    """One kind of talk that is not about tokens of ours."""

    what: str
    words: str  # a regular expression: what gives the talk away
    unless: str  # a regular expression: what makes the passage ours after all, or ""
    line: bool  # it is the whole line that says nothing, not only the passage
    examples: tuple[str, ...]


class Passages:
    """Blanks the passages in which words of the given kinds stand."""

    def __init__(self, foreign: Sequence[Foreign], expressions: Expressions) -> None:
        """foreign: the kinds. expressions: compiles, when the first text is to be read."""
        self._foreign, self._expressions = foreign, expressions

    @cached_property
    def _kinds(self) -> list[tuple[Compiled, Compiled | None, bool]]:
        groups: dict[tuple[str, bool], list[str]] = {}
        for kind in self._foreign:
            groups.setdefault((kind.unless, kind.line), []).append(_compact(kind.words))
        return [
            (
                self._compiled(rf"(?<![a-z0-9/.=])(?:{'|'.join(words)})(?![a-z0-9])"),
                self._compiled(rf"(?<![a-z])(?:{_compact(unless)})") if unless else None,
                line,
            )
            for (unless, line), words in groups.items()
        ]

    def _compiled(self, expression: str) -> Compiled:
        try:
            return self._expressions.compiled(f"(?im){expression}")
        except regex.error as error:
            raise PatternError(f"foreign words {expression!r}: {error}") from error

    def blanked(self, text: str) -> str:
        """Return the text with such passages as spaces, of the same length; itself for none.

        Raises PatternError where the expression of a kind is not valid.
        """
        for words, unless, line in self._kinds:
            spans = [
                span
                for hit in words.finditer(text)
                for span in [_line(text, hit) if line else _passage(text, hit)]
                if unless is None or unless.search(text, *span) is None
            ]
            text = "".join(_pieces(text, spans)) if spans else text
        return text


def _compact(words: str) -> str:
    """Return an expression that was wrapped over several lines as one line."""
    return "".join(line.strip() for line in words.splitlines())


def _line(text: str, hit: regex.Match[str]) -> tuple[int, int]:
    end = text.find("\n", hit.end())
    return text.rfind("\n", 0, hit.start()) + 1, len(text) if end < 0 else end


def _passage(text: str, hit: regex.Match[str]) -> tuple[int, int]:
    start, end = max(0, hit.start() - _REACH), min(len(text), hit.end() + _REACH)
    for border in _BORDER.finditer(text, start, hit.start()):
        start = border.end()
    stop = _BORDER.search(text, hit.end(), end)
    return start, stop.start() if stop else end


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    at = 0
    for start, end in sorted(spans):
        if end > at:
            yield text[at:start]
            yield " " * (end - max(at, start))
            at = end
    yield text[at:]
