"""Passages that speak of other people's things, hidden from the patterns that know no library.

"Signature mismatch" is about a token, a package or a web hook: the words around it tell. The weak
tiers read a text with such passages blanked; a `guarded` pattern of an exact pack must not hit one.
Some talk nobody said to a client, whoever's words it quotes: the lines of a test run, a compiler's
complaint, a change record. No pattern of a rejection must hit that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import regex

from logclass.errors import PatternError
from logclass.needles import alternatives, needles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logclass.expressions import Expressions

    Compiled = regex.Pattern[str]

# A passage ends at a quote, a bracket, the end of a sentence or of a line, and after this much.
_BORDER = regex.compile(r"""[\n"{}\[\]|]|[.!?]\s""")
_REACH = 200  # characters to either side
SHORT_TEXT = 1_024  # characters: to keep time costs more than the search of a text so short
_BUDGET_SECONDS = 1.0  # for one expression in a longer text
# Who logs stands at the head of a line, behind time, level and brackets: `payments.auth: ...`
_HEAD = regex.compile(
    r"^(?:\[[^\]\n]{0,120}\]|[A-Z]{3,8}\b|[\d:.,TZ/+-]++|[\s|])*+(?P<name>[\w.@/-]{2,120})"
    r"(?:\[\d{1,8}\]|\(\d{1,8}\))?(?=:\s|\s[|–-]\s)",
    regex.MULTILINE,
)
# Whatever a service is called, its text is about tokens of ours where it says so in these words,
# or where the name goes on to say so: `checkout.auth`.
_OURS = regex.compile(
    r"(?i)(?<![a-z])(?:jw[tsek]s?|json web|bearer|openid|oidc|issuer|audience|aud|iss|kid|nbf|alg"
    r"|(?:access|id|identity|refresh)[ _-]?token)(?![a-z])"
    r"|(?-i:Token\w{0,40}(?:Error|Exception)|(?:Expired|Invalid)SignatureError)"
)
_AUTH = regex.compile(
    r"(?i)[a-z0-9][._/-](?:\w{1,40}[._/-])*(?:o?auth\w*|jwt\w*|oidc|sso|security)$"
)
_END = "(?:(?<![a-z0-9])|(?![a-z0-9]))"  # of a word, where it is one that ends


@dataclass(frozen=True, slots=True)
class Foreign:
    """One kind of talk that is not about tokens of ours."""

    what: str
    words: str  # a regular expression: what gives the talk away
    unless: str  # a regular expression: what makes the passage ours after all, or ""
    line: bool  # it is the whole line that says nothing, not only the passage
    unsaid: bool  # nobody was told this: exact packs must not read it either
    examples: tuple[str, ...]


class Passages:
    """Blanks the passages in which words of the given kinds stand."""

    def __init__(self, foreign: Sequence[Foreign], expressions: Expressions) -> None:
        """foreign: the kinds. expressions: compiles, when the first text is to be read."""
        self._foreign, self._expressions = foreign, expressions

    @cached_property
    def _all(self) -> Talk:
        return Talk(self._foreign, self._expressions)

    @cached_property
    def _unsaid(self) -> Talk:
        return Talk([kind for kind in self._foreign if kind.unsaid], self._expressions)

    def blanked(self, text: str) -> str:
        """Return the text with such passages as spaces, of the same length; itself for none.

        Raises PatternError where the expression of a kind is not valid, TimeoutError where one
        takes too long on a long text.
        """
        return self._all.blanked(text)

    def hides(self, text: str, start: int, end: int, *, guarded: bool) -> bool:
        """Return whether talk hides this part of a text: nobody said it, or it is not ours.

        guarded: all kinds of talk hide it, not only what nobody said. Raises as `blanked` does.
        """
        first = text.rfind("\n", 0, start) + 1
        line = text.find("\n", end)
        last = text.find("\n", line + 1) if line >= 0 else -1
        lines = text[first:] if last < 0 else text[first:last]  # and the next: it may tell
        left = (self._all if guarded else self._unsaid).blanked(lines)
        return left[start - first : end - first] != text[start:end]


class Talk:
    """The words of several kinds of talk, each tried only where one of its needles stands."""

    def __init__(self, foreign: Sequence[Foreign], expressions: Expressions) -> None:
        """foreign: the kinds. expressions: compiles each alternative when it is first needed."""
        self._expressions = expressions
        self._compiled: dict[str, Compiled] = {}
        self._always: list[tuple[int, str]] = []  # place of the group, expression
        self._by_needle: dict[str, list[tuple[int, str]]] = {}
        groups: dict[tuple[str, bool, bool], int] = {}
        for kind in foreign:
            group = groups.setdefault((kind.unless, kind.line, kind.unsaid), len(groups))
            for words in alternatives(_compact(kind.words)):
                found = needles(words)
                for needle in found or ():
                    self._by_needle.setdefault(needle, []).append((group, words))
                if not found:
                    self._always.append((group, words))
        self._groups = list(groups)

    def blanked(self, text: str) -> str:
        """Return the text with all passages of such talk as spaces; itself for none."""
        lower = text.lower()
        standing = [needle for needle in self._by_needle if needle in lower]
        if not standing and not self._always:
            return text
        patience = None if len(text) <= SHORT_TEXT else _BUDGET_SECONDS
        tried = {*self._always, *(one for needle in standing for one in self._by_needle[needle])}
        by_group: dict[int, list[str]] = {}
        for group, words in tried:
            by_group.setdefault(group, []).append(words)
        for group in sorted(by_group):
            unless, line, unsaid = self._groups[group]
            spans = [
                span
                for words in by_group[group]
                for hit in self._expression(words_of_their_own(words)).finditer(
                    text, timeout=patience
                )
                for span in [_line(text, hit) if line else _passage(text, hit)]
                if not unless or not self._unless(unless).search(text, *span)
                if unsaid or not _only_names(text, hit)
            ]
            text = "".join(_pieces(text, spans)) if spans else text
        return text

    def _unless(self, words: str) -> Compiled:
        return self._expression(rf"(?im)(?<![a-z])(?:{_compact(words)})")

    def _expression(self, words: str) -> Compiled:
        known = self._compiled.get(words)
        if known is None:
            try:
                known = self._compiled[words] = self._expressions.compiled(words)
            except regex.error as error:
                raise PatternError(f"foreign words {words!r}: {error}") from error
        return known


def _only_names(text: str, hit: regex.Match[str]) -> bool:
    """Return whether the words are but part of the name of who speaks of a token of ours."""
    start, end = _line(text, hit)
    head = _HEAD.search(text, start, end)
    if head is None or hit.end() > head.end("name"):
        return False
    return _AUTH.search(head["name"]) is not None or _OURS.search(text, head.end(), end) is not None


def words_of_their_own(words: str) -> str:
    """Return the expression that finds these where they are no parts of other words."""
    return rf"(?im)(?<![a-z0-9/.=])(?:{_compact(words)}){_END}"


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
