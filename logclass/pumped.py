"""Regexes that hostile text keeps busy, found by repeating parts of a text that they match."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from logclass.normalise import normalise
from logclass.passages import SHORT_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import regex

# A regex may take this long on so much hostile text. Linear ones need a hundredth of it.
_CHARACTERS, _SECONDS, _TRIES = 16_384, 0.3, 3
# A match may go on in another way after each of some words: tried where the matcher keeps no time.
_WORD, _WORDS = re.compile(r"\w+|\W+"), 6


def slowness(compiled: regex.Pattern[str], texts: Iterable[str]) -> Iterator[str]:
    """Yield a message for each text with whose parts repeated the regex takes too long.

    Nothing stands after them that could end the match.
    """
    for text in map(normalise, texts):
        hit = compiled.search(text)
        cuts = [] if hit is None else _cuts(hit)
        slow = (
            at for at, size in cuts for one in _pumped(text, at, size) if _exceeds(compiled, one)
        )
        for at in islice(slow, 1):
            yield f"slow: {text[:at]!r} with a part of it repeated takes too long"


def _cuts(hit: regex.Match[str]) -> list[tuple[int, int]]:
    """Return where a part of the match ends, and how many characters may follow it."""
    words = [word.end() for word in _WORD.finditer(hit.string, *hit.span())]
    groups = {hit.end(name) for name, value in hit.groupdict().items() if value is not None}
    short = [(end, SHORT_TEXT) for end in words[:: len(words) // _WORDS + 1]]
    return [*((end, _CHARACTERS) for end in sorted({*groups, hit.end()})), *short]


def _pumped(text: str, at: int, size: int) -> Iterator[str]:
    """Yield texts that begin as this one does and go on with one piece of it."""
    for piece in {text[:at], text[max(0, at - 1) : at], "a", " ", "1 "}:
        yield text[:at] + piece * (size // max(1, len(piece))) + "\0"


def _exceeds(compiled: regex.Pattern[str], text: str) -> bool:
    # tried again: another process may have had the machine
    for attempt in range(_TRIES):
        try:
            compiled.search(text, timeout=_SECONDS * (attempt + 1))
        except TimeoutError:
            continue
        return False
    return True
