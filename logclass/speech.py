"""What the patterns of one file share, put into each of them: fragments and classes of words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from logclass import fragments, sentences
from logclass.errors import PatternError
from logclass.tomlvalues import text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_WRAPPED = re.compile(r"\n\s*")  # an expression of several lines is one
# what makes a regex of them, and the fragment that stands behind every one of a file
_MADE = (
    ("says", sentences.regex_of, "after-sentences"),
    ("names", sentences.names_of, "after-names"),
)


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
        """Return the regex of a pattern: the one written, its sentences and names."""
        said = [
            make(texts_of(data, key, where), self.lexicon, where) + self.fragments.get(tail, "")
            for key, make, tail in _MADE
            if key in data
        ]
        if not said:
            return fragments.expanded(text_of(data, "regex", where), self.fragments, where)
        written = text_of(data, "regex", where, default="").removeprefix("(?xi)")
        if written:
            said.insert(0, fragments.expanded(written, self.fragments, where))
        return f"(?xi)(?:{'|'.join(said)})"

    def literals(self, data: dict[str, Any], where: str) -> tuple[str, ...]:
        """Return the literals of a pattern: written, plain words in a row, words of classes."""
        classes = texts_of(data, "found_by", where)
        return (
            *texts_of(data, "literals", where),
            *sentences.literals_of(texts_of(data, "says", where)),
            *sentences.literals_of_names(texts_of(data, "names", where)),
            *sentences.forms_of(classes, self.lexicon, where),
        )

    def expressions(self, data: dict[str, Any], where: str) -> tuple[str, ...]:
        """Return the expressions of a pattern; wrapped ones as one line."""
        return tuple(
            _WRAPPED.sub("", fragments.expanded(text, self.fragments, where))
            for text in texts_of(data, "expressions", where)
        )
