"""Put texts together that a window, a mail or a printed table broke into lines.

Some cut at a column, through words; others go on with the next word on the next line. Lines that
were written as such are left alone: what tells is how well they fill one width.
"""

from __future__ import annotations

import re

_NARROWEST, _WIDEST = 40, 250  # columns
_LONGEST = 4_096  # characters of a sentence with what stands around it
_WINDOWS = frozenset([80, 100, 120, 132, 140, 160, 180, 200])  # cut at their last column
_PAGES = _WINDOWS | {60, 64, 70, 72, 76, 78, 79}  # filled with whole words
_CUT = re.compile(r"[^\W_]\n[a-z0-9]| \n\S|\S\n [^\W_]")  # in a word or beside one blank
# Between two words of one sentence: nothing ends before, and no line of a stack begins behind.
_GOES_ON = re.compile(
    r"(?<=[\w,'\")\]=])\n {0,8}(?=[a-z0-9'\"(\[]|JWT\b)(?!at |in |from |caused |and \d)"
)
_WORD = re.compile(r"\S+")
_CLASS = re.compile(r"[\w.$]+:\Z")  # `ValueError:` begins a line of its own


def joined(text: str) -> str:
    """Return a text of wrapped lines as one line; the same object where it is none."""
    return _cut_at_column(text) or _filled(text) or text


def _cut_at_column(text: str) -> str:
    """Return the one line of a text that was cut at a column, "" for another text.

    All its lines but the last are as long. With one cut only, the column must be a usual one, and
    the cut go through a word or a blank.
    """
    width = text.find("\n")
    if not _NARROWEST <= width <= _WIDEST:
        return ""
    if -1 < text.find("\n", width + 1, 2 * width + 1) < len(text) - 1:
        return ""
    lines = text.removesuffix("\n").split("\n")
    if any(len(line) != width for line in lines[:-1]) or not 0 < len(lines[-1]) <= width:
        return ""
    if len(lines) == 2 and not (width in _WINDOWS and _CUT.match(text, width - 1)):
        return ""
    return "".join(lines)


def _filled(text: str) -> str:
    """Return the one line of a text that was wrapped between words, "" for another text.

    No line had room for the word that begins the next one.
    """
    width = text.find("\n")
    if not _NARROWEST // 2 <= width <= _WIDEST or len(text) > _LONGEST:
        return ""
    if not _GOES_ON.match(text, width):  # as before the frames of a stack
        return ""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 2 or len(_GOES_ON.findall(text)) < len(lines) - 1:
        return ""
    words = [match[0] if (match := _WORD.search(line)) else "" for line in lines[1:]]
    if any(_CLASS.match(word) for word in words):
        return ""
    widest = max(map(len, lines))
    room = min(len(line) + len(word) for line, word in zip(lines, words, strict=False))
    if not any(widest <= width <= room for width in _PAGES):
        return ""
    return " ".join([lines[0], *(line.lstrip(" ") for line in lines[1:])])
