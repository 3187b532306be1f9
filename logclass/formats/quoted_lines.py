r"""Lines that stand in strings: a list of texts, a text in quotes, a string on each line.

`jq .message`, `print(text.splitlines())`, a cell or a JSON value copied with its quotes and `\n`.
Strings are those of JSON; relaxed.py writes those of other languages so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_STRING = rb'"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+"'
_TEXT = regex.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', regex.DOTALL)
_ROOM = rb"[\s\xef\xbb\xbf]*+"
_LIST = regex.compile(
    rb"%b\[\s*+%b(?:\s*+,\s*+%b)*+\s*+(?P<behind>.?)" % (_ROOM, _STRING, _STRING), regex.DOTALL
)
_WHOLE = regex.compile(rb"%b%b\s*+" % (_ROOM, _STRING))
_BEGUN = regex.compile(rb'%b"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+\\?' % _ROOM)
_LINE = regex.compile(rb"\s*+%b,?\s*+" % _STRING)
_FEWEST = 3  # lines
_MOST_BYTES = 4 * 1024 * 1024  # of a text
_MOST = 0.9


def are_lines(data: bytes, *, is_whole: bool) -> bool:
    """Return whether nothing but lines in strings stands at the beginning of a stream."""
    listed = _LIST.match(data)
    if listed:
        behind = listed["behind"]
        is_list = (
            behind == b"]"
            or (not is_whole and data.find(b'"', listed.end() - 1) < 0)
            or (not is_whole and behind in b',"' and data.count(b'"', listed.end() - 1) <= 1)
        )
        return bool(is_list) and _are_texts(data[: listed.end()])
    text = (_WHOLE if is_whole else _BEGUN).fullmatch(data)
    if text:
        return data.count(b"\\n") >= _FEWEST - 1
    lines = [line for line in data.split(b"\n") if line.strip()]
    lines = lines if is_whole else lines[:-1]
    fits = [line for line in lines if _LINE.fullmatch(line)]
    return len(fits) >= max(_FEWEST, _MOST * len(lines)) and _are_texts(b"\n".join(fits))


def _are_texts(data: bytes) -> bool:
    """Return whether most strings hold several words: others are names or keys."""
    texts = _TEXT.findall(data)
    return sum(1 for text in texts if b" " in text) >= max(_FEWEST, len(texts) / 2)


def lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the texts, each with its end of line."""
    held = b""
    for chunk in chunks:
        held += chunk
        written = []
        end = held.find(b'"')
        while end >= 0 and (text := _TEXT.match(held, end)):
            written.append(_said(text[0]))
            end = held.find(b'"', text.end())
        held = held[end:] if end >= 0 else b""
        if len(held) > _MOST_BYTES:  # the text has no end: what is there of it, as it stands
            written.append(_cut(held))
            held = b'"'
        yield b"".join(written)
    if b'"' in held:  # a text that is cut off
        yield _cut(held)


def _cut(held: bytes) -> bytes:
    """Return the text that a quote without an end begins."""
    return _said(held[held.find(b'"') :].rstrip(b'"\\') + b'"')


def _said(quoted: bytes) -> bytes:
    try:
        text = str(orjson.loads(quoted)).encode("utf-8", "replace")
    except orjson.JSONDecodeError:
        text = quoted[1:-1].replace(b"\\n", b"\n")
    return text if text.endswith(b"\n") else text + b"\n"
