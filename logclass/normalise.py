"""Take the coats off a text: wrapped lines, escapes, entities, colours, queries, source lines.

Patterns are written for what a library says. On its way into a log the same words are quoted into
JSON once or twice, coloured for a terminal, or escaped for a web page; and the source that a stack
trace shows holds such words without saying them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logclass import queries, wraps
from logclass.foreign import without_foreign
from logclass.frames import without_source
from logclass.sourcecode import without_code

if TYPE_CHECKING:
    from re import Match

_LEVELS = 3  # a JSON line that a collector wrapped into another, and one that a shipper did
_ESCAPE = re.compile(r"""\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(["'\\/bfnrt]))""")
_ENTITY = re.compile(r"&(?:#([0-9]{2,5})|#[xX]([0-9a-fA-F]{2,4})|(quot|apos|lt|gt|amp));")
# ECMA-48 control sequences, and the operating system commands terminals use for links
_COLOUR = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
# the same where the escape was printed: by rsyslog, by less, by a shell's or a program's source
_PRINTED_COLOUR = re.compile(r"(?:#033|\^\[|\\0?33|\\e)\[[0-9;]{0,12}[mK]")
_PRINTED = ("#033[", "^[[", "33[", "\\e[")
# What word processors, chats and web pages make of quotes and blanks.
_TYPESET = str.maketrans("\u2018\u2019\u201b\u201c\u201d\u201f\u00a0\u2007\u202f", "'''\"\"\"   ")
_LETTER = {"n": "\n", "t": "\t", "r": "\r", "b": " ", "f": " "}
_NAMED = {"quot": '"', "apos": "'", "lt": "<", "gt": ">", "amp": "&"}


def normalise(text: str) -> str:
    """Return the text as the library worded it; the same object where there is nothing to do."""
    if "\n" in text:
        text = wraps.joined(text)
    if "\\" in text:
        for _ in range(_LEVELS):
            text = _ESCAPE.sub(_unescaped, text)
    if "&" in text:
        text = _ENTITY.sub(_entity, text)
    if "\x1b" in text:
        text = _COLOUR.sub("", text)
    if "[" in text and any(printed in text for printed in _PRINTED):
        text = _PRINTED_COLOUR.sub("", text)
    if not text.isascii() and (plain := text.translate(_TYPESET)) != text:
        text = plain
    if told := queries.told(text):
        text = f"{text}\n{told}"
    return without_foreign(without_code(without_source(text)))


def _unescaped(match: Match[str]) -> str:
    letter = match[3]
    if letter is not None:
        return _LETTER.get(letter, letter)
    return chr(int(match[1] or match[2], 16))


def _entity(match: Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    return chr(int(match[1]) if match[1] else int(match[2], 16))
