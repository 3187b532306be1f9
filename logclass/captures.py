"""Values out of a match: cut into lists, trimmed of their quotes, placeholders told from values."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

# What libraries and log pipelines write in place of a value they hide.
_WITHHELD = re.compile(
    r"""\[PII\b.* | PII\ of\ type.* | System\.[A-Z].* | Microsoft\.IdentityModel\..*
      | [\[<({]+(?:redacted|filtered|hidden|masked|scrubbed|removed|secret)\b[^\]>)}]*[\]>)}]+
      | redacted | filtered | x{3,} | \*{3,} | \.{3} | …""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
# What languages print where there is no value.
_ABSENT = re.compile(
    r"[<(\[]?(?:none|null|nil|undefined|missing|not set|empty)?[>)\]]?", re.IGNORECASE
)
_QUOTES = " \t\r\n\"'`\\,;"


class Values(NamedTuple):
    """The values one group captured."""

    values: tuple[str, ...]
    withheld: bool  # a placeholder stood in for a value
    absent: bool  # the text says there is no value


@lru_cache(maxsize=16384)
def _clean(group: str, raw: tuple[str, ...], split: str) -> Values:
    """Return the values in the texts that one group captured.

    Each is cut at `split` (a bracketed list also at its commas), then trimmed of white space,
    quotes and brackets. Placeholders are left out of the values and flagged. Only for `alg` is
    "none" a value.
    """
    values: list[str] = []
    withheld = False
    pieces = [piece for text in raw for piece in _pieces(text, split)]
    for piece in pieces:
        if _WITHHELD.fullmatch(piece):
            withheld = True
        elif _is_absent(group, piece):
            continue
        elif piece not in values:
            values.append(piece)
    return Values(tuple(values), withheld, absent=not values and not withheld)


def captured(groups: Mapping[str, list[str]], split: str) -> dict[str, Values]:
    """Return the values of each group that took part; only expected and actual are lists."""
    return {
        name: _clean(name, tuple(texts), split if name in ("expected", "actual") else "")
        for name, texts in groups.items()
        if texts
    }


def _is_absent(group: str, piece: str) -> bool:
    if group == "alg" and piece.lower() == "none":
        return False
    return _ABSENT.fullmatch(piece) is not None


def _pieces(text: str, split: str) -> list[str]:
    text = text.strip(_QUOTES)
    if _WITHHELD.fullmatch(text):
        return [text]
    inner = text[1:-1]
    if text[:1] == "[" and text[-1:] == "]" and "]" not in inner and "[" not in inner:
        text, split = inner, split if split and split in inner else ","
    parts = text.split(split) if split else [text]
    return [_trim(part) for part in parts]


def _trim(text: str) -> str:
    text = text.strip(_QUOTES)
    if text[:1] == "[" and text[-1:] == "]" and not _WITHHELD.fullmatch(text):
        return text[1:-1].strip(_QUOTES)
    return text
