"""What a pattern set covers, as tables and text; and the stub of a new pattern."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from logclass.vocabulary import MEANING, Reason, owner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.patternset import Library, Pattern, PatternSet

_SHOWN_TEXTS = 3  # of one library and reason
_SHOWN_CHARACTERS = 120
_VARIABLE = re.compile(
    r"""[0-9a-fA-F-]{8,}|\d+|<[^<>\n]*>|"[^"\n]*"|'[^'\n]*'|https?://\S+|[^\x20-\x7e]+"""
)
_STUB = """\
[[pattern]]
id = "LIBRARY.kebab-name"
reason = "unspecified"  # see docs/reason-codes.md
regex = '''{regex}'''
literals = [{literals}]
upstream = "file: symbol"

[[pattern.example]]
text = '''{text}'''
origin = "public issue"

[[pattern.counterexample]]
text = "a near miss that must not match"
"""


class Covered(NamedTuple):
    """What the patterns of one library cover."""

    library: Library
    patterns: int
    reasons: dict[Reason, int]  # patterns by reason
    examples: int
    recorded: int  # of the examples: printed by the running library


def coverage(patternset: PatternSet) -> list[Covered]:
    """Return one row per library, in order of name."""
    rows = []
    for library in patternset.libraries:
        own = [one for one in patternset.patterns if one.library == library.name]
        examples = [example for one in own for example in one.examples]
        recorded = sum(1 for example in examples if example.origin == "recorded")
        reasons = Counter(one.reason for one in own if one.reason)
        rows.append(Covered(library, len(own), dict(reasons), len(examples), recorded))
    return rows


def stub(text: str) -> str:
    """Return a pattern for one line as TOML, to be finished by hand.

    What looks like a value becomes a gap; the longest words between two gaps are the literal.
    """
    line = text.strip().partition("\n")[0]
    pieces = [piece.strip() for piece in _VARIABLE.split(line)]
    words = [piece for piece in pieces if piece]
    regex = r"[^\n]{0,80}?".join(_escaped(piece) for piece in words)
    plain = [re.sub(r"[^A-Za-z0-9 _:.,-]+", "\n", piece).split("\n") for piece in words]
    longest = max((part.strip() for parts in plain for part in parts), key=len, default="")
    literals = f'"{longest}"' if longest else ""
    return _STUB.format(regex=regex, literals=literals, text=line.replace("'''", "' ' '"))


def _escaped(text: str) -> str:
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)


def reason_codes(patternset: PatternSet) -> str:
    """Return docs/reason-codes.md: each code, what it means, and the texts that map to it."""
    lines = [
        "# Reason codes",
        "Made by `make reports` from the pattern files. A reason is what one rejection says; a",
        "cause is what an incident was. `owner` says who can act.",
    ]
    for reason in Reason:
        lines += ["", f"## {reason.value}", f"{MEANING[reason]} Owner: {owner(reason)}.", ""]
        lines += _texts_of(patternset, reason)
    return "\n".join(lines) + "\n"


def _texts_of(patternset: PatternSet, reason: Reason) -> Iterator[str]:
    titles = {one.name: one.title for one in patternset.libraries}
    by_library: dict[str, list[Pattern]] = {}
    for pattern in patternset.patterns:
        if pattern.reason is reason:
            by_library.setdefault(pattern.library, []).append(pattern)
    for library, patterns in by_library.items():
        texts = [_shown(one.examples[0].text) for one in patterns if one.examples]
        more = len(texts) - _SHOWN_TEXTS
        rest = f" and {more} more" if more > 0 else ""
        yield f"- {titles[library]}: {', '.join(texts[:_SHOWN_TEXTS])}{rest}"


def _shown(text: str) -> str:
    line = " ".join(text.split()).replace("`", "'")
    return f"`{line[:_SHOWN_CHARACTERS]}{'…' if len(line) > _SHOWN_CHARACTERS else ''}`"
