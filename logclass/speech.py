"""What the patterns of one file share, put into each of them: fragments and classes of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from logclass import fragments, sentences
from logclass.errors import PatternError
from logclass.tomlvalues import text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_TAIL = "after-sentences"  # the fragment that stands behind every sentence of a file


@dataclass(frozen=True, slots=True)
class Speech:
    """The fragments and the lexicon of one file; the methods raise PatternError."""

    fragments: Mapping[str, str]
    lexicon: sentences.Lexicon

    @classmethod
    def of(cls, data: Mapping[str, Any], where: str) -> Speech:
        """Return what one file, read as TOML, declares."""
        pieces, words = data.get("fragments", {}), data.get("words", {})
        if not isinstance(pieces, dict) or not all(isinstance(one, str) for one in pieces.values()):
            raise PatternError(f"{where}: fragments must be a table of text")
        if not isinstance(words, dict):
            raise PatternError(f"{where}: words must be a table of lists")
        phrases = {name: texts_of(words, name, f"{where}: words") for name in words}
        return cls(fragments.resolved(pieces, where), sentences.lexicon(phrases, where))

    def regex(self, data: dict[str, Any], where: str) -> str:
        """Return the regex of a pattern: the one written, its sentences, or both."""
        if "says" not in data:
            return fragments.expanded(text_of(data, "regex", where), self.fragments, where)
        said = sentences.regex_of(texts_of(data, "says", where), self.lexicon, where)
        said += self.fragments.get(_TAIL, "")
        written = text_of(data, "regex", where, default="").removeprefix("(?xi)")
        if written:
            said = f"(?:{fragments.expanded(written, self.fragments, where)}|{said})"
        return "(?xi)" + said

    def literals(self, data: dict[str, Any], where: str) -> tuple[str, ...]:
        """Return the literals of a pattern: written, plain words of sentences, words of classes."""
        classes = texts_of(data, "found_by", where)
        return (
            *texts_of(data, "literals", where),
            *sentences.literals_of(texts_of(data, "says", where)),
            *sentences.forms_of(classes, self.lexicon, where),
        )

    def expressions(self, data: dict[str, Any], where: str) -> tuple[str, ...]:
        """Return the expressions of a pattern."""
        return tuple(
            fragments.expanded(text, self.fragments, where)
            for text in texts_of(data, "expressions", where)
        )
