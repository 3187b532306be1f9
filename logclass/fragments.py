"""Named pieces of regular expressions that the patterns of one file share.

Written `%{name}` as in grok, so that a pattern reads as the sentence it looks for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logclass.errors import PatternError

if TYPE_CHECKING:
    from collections.abc import Mapping

_REFERENCE = re.compile(r"%\{([a-z0-9-]+)\}")


def resolved(fragments: Mapping[str, str], where: str) -> dict[str, str]:
    """Return the fragments with the references among them replaced.

    A fragment may name those written before it. Raises PatternError for a name not known then.
    """
    known: dict[str, str] = {}
    for name, text in fragments.items():
        known[name] = expanded(text, known, f"{where}: fragment {name!r}")
    return known


def expanded(text: str, fragments: Mapping[str, str], where: str) -> str:
    """Return the expression with each `%{name}` replaced by that fragment in a `(?:...)` group.

    Raises PatternError for a name that no fragment has.
    """

    def piece(reference: re.Match[str]) -> str:
        try:
            return f"(?:{fragments[reference[1]]})"
        except KeyError:
            raise PatternError(f"{where}: no fragment %{{{reference[1]}}} before this") from None

    return _REFERENCE.sub(piece, text)
