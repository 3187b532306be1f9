"""Documents as Python, Node, Ruby or people write them → the JSON that they stand for.

`print(response)` and `pprint(records)` of Python, `console.log(list)` of Node, JSON with comments,
trailing commas or unquoted keys, `const logs = […];`. Each token is rewritten on its own, and every
newline stays, so that the formats of JSON read the rest.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import orjson
import regex

from logclass.formats.literals import printed_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ONE = (
    rb"(?:\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\"|[bBuU]?'[^'\\]*+(?:\\.[^'\\]*+)*+'|[bBuU]\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\""
    rb"|`[^`\\]*+(?:\\.[^`\\]*+)*+`)"
)
_COMMENT = rb"(?://[^\n]*+|/\*(?:[^*]|\*(?!/)){0,4000}+\*/|\#[^<\n][^\n]*+)"
_CALL = (  # datetime.datetime(2031, 5, 6, tzinfo=tzutc())
    rb"[A-Za-z_][\w.]{0,80}+\((?:[^()'\"]|'[^'\\]*+(?:\\.[^'\\]*+)*+'|\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\""
    rb"|\((?:[^()'\"]|'[^']*+'|\([^()]{0,400}+\)){0,400}+\)){0,4000}+\)"
)
_TOKEN = regex.compile(
    rb"(?P<string>%b(?:\s*+\+?\s*+%b)*+)"
    rb"|(?P<comma>,(?P<gap>(?:\s|%b)*+)(?=(?P<close>[}\])]|\.\.\. \d)?))"
    rb"|(?P<comment>%b)|(?P<call>%b)|(?P<more>\.\.\. \d{1,9} more items?)"
    rb"|(?P<shown>#?<(?:[^<>]|<[^<>]{0,400}+>){0,4000}+>|\[(?:Object|Array|Function[^\]\n]*+|Circular[^\]\n]*+)\])"
    rb"|(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)"
    rb"|(?P<word>:?[A-Za-z_$@][\w$@.-]*+(?:\?|!)?)|(?P<arrow>=>)|(?P<bar>[();])|(?P<quote>['\"`])"
    % (_ONE, _ONE, _COMMENT, _COMMENT, _CALL)
)
_STRING = regex.compile(_ONE)
_ESCAPE = regex.compile(
    rb"\\(?:x(?P<byte>[0-9a-fA-F]{2})|U(?P<long>[0-9a-fA-F]{8})|u\{(?P<point>[0-9a-fA-F]{1,6})\}"
    rb"|u(?P<unit>[0-9a-fA-F]{4})|(?P<other>.))|(?P<bare>[\"\x00-\x1f])",
    regex.DOTALL,
)
_STANDARD = b'"\\/bfnrt'
_WRITTEN = {ord("e"): b"\\u001b", ord("0"): b"\\u0000", ord("a"): b"\\u0007", ord("v"): b"\\u000b"}
_CONSTANTS = {
    b"None": b"null", b"nil": b"null", b"null": b"null", b"undefined": b"null", b"NaN": b"null",
    b"nan": b"null", b"NaT": b"null", b"True": b"true", b"true": b"true", b"False": b"false",
    b"false": b"false",
}  # fmt: skip
_BARS = {b"(": b"[", b")": b"]", b";": b""}
# `const logs = [`, `callback({`, `Response body: {`
_ROOM = rb"(?:\s|%b)*+" % _COMMENT
_PREFIX = regex.compile(
    rb"(?:\xef\xbb\xbf)?%b(?:[A-Za-z_$][\w .$]{0,80}(?P<sign> ?[=(:]) ?)?"
    rb"(?=\[%b[\[{(\"'`]|\{%b(?:[\"'`:\[]|[A-Za-z_$][\w$.-]{0,80}\s*(?:=>|:)))"
    % (_ROOM, _ROOM, _ROOM)
)
_SUFFIX = regex.compile(rb"\)\s*;?\s*\Z")
_MOST_BYTES = 4 * 1024 * 1024  # of a string
_HELD_BYTES = 64  # a token this near the end of what was read may go on


def strict(chunks: Iterable[bytes], left_out: list[bytes] | None = None) -> Iterator[bytes]:
    """Yield the JSON that a document stands for.

    left_out: is given what a printer wrote in place of items that it left out.
    """
    writing = _Writing(left_out)
    for chunk in chunks:
        yield writing.add(chunk)
    yield writing.end()


def begins(data: bytes) -> bool:
    """Return whether a document of values may begin here."""
    return _PREFIX.match(data) is not None


class _Writing:
    """Rewrites a document piece by piece."""

    def __init__(self, left_out: list[bytes] | None) -> None:
        self._held = b""
        self._left_out = left_out
        self._has_begun = False
        self._is_call = False  # the document is the argument of one
        self._is_lost = False  # no end of a string is to be found: the rest is left as it is

    def add(self, chunk: bytes) -> bytes:
        """Return the next part of the document."""
        if self._is_lost:
            return chunk
        return self._rewritten(self._held + chunk, is_last=False)

    def end(self) -> bytes:
        """Return the rest of the document."""
        held = _SUFFIX.sub(b"", self._held) if self._is_call else self._held
        return self._rewritten(held, is_last=True)

    def _rewritten(self, data: bytes, *, is_last: bool) -> bytes:
        written: list[bytes] = []
        at = 0
        if not self._has_begun:
            prefix = _PREFIX.match(data)
            at = prefix.end() if prefix else 0
            written.append(b"\n" * data.count(b"\n", 0, at))
            self._is_call = bool(prefix and (prefix["sign"] or b"").strip() == b"(")
            self._has_begun = True
        limit = len(data) if is_last else len(data) - _HELD_BYTES
        for token in _TOKEN.finditer(data, at):
            if token.lastgroup == "quote":  # its string goes on
                self._is_lost = is_last or len(data) - token.start() > _MOST_BYTES
                limit = len(data) if self._is_lost else min(limit, token.start())
                break
            if token.end() > limit and not is_last:
                limit = min(limit, token.start())
                break
            written += [data[at : token.start()], _value(token)]
            if token["more"] and self._left_out is not None:
                self._left_out.append(token["more"])
            at = token.end()
        until = max(at, limit)
        written.append(data[at:until])
        self._held = data[until:]
        return b"".join(written)


def _value(token: regex.Match[bytes]) -> bytes:
    """Return a token as JSON writes it."""
    text: bytes = token[0]
    if token["string"]:
        return _strings(text)
    if token["time"]:
        return b'"' + text + b'"'
    if token["word"]:
        name = text.removeprefix(b":")
        return _CONSTANTS.get(name) or _quoted(name.decode("utf-8", "replace"))
    if token["arrow"] or token["bar"] or token["quote"]:
        return b":" if token["arrow"] else _BARS.get(text, text)
    written = b""  # of a comment, and of items that were left out
    if token["comma"]:
        written = b"" if token["close"] else b","
    elif token["call"]:
        written = _made(text)
    elif token["shown"]:
        written = _quoted(text.strip(b"#<>[]").decode("utf-8", "replace"))
    return written + b"\n" * text.count(b"\n")


def _strings(text: bytes) -> bytes:
    """Return one string for one, or for several that are to be joined."""
    parts = list(_STRING.finditer(text))
    if len(parts) == 1 and text[:1] == b'"' and b"\\x" not in text and b"\\'" not in text:
        return text
    said = b"".join(_ESCAPE.sub(_escaped, _inside(part[0])) for part in parts)
    between = sum(text.count(b"\n", one.end(), two.start()) for one, two in pairwise(parts))
    return b'"' + said + b'"' + b"\n" * between


def _inside(quoted: bytes) -> bytes:
    return (quoted[1:] if quoted[:1] in b"bBuU" else quoted)[1:-1]


def _escaped(match: regex.Match[bytes]) -> bytes:
    """Return an escape, or a byte that JSON escapes, as JSON writes it."""
    code = match["long"] or match["point"]
    if code:
        number = int(code, 16)
        is_valid = number < 0xD800 or 0xDFFF < number < 0x110000
        return _quoted(chr(number) if is_valid else "\ufffd")[1:-1]
    if match["byte"]:
        return b"\\u00" + match["byte"]
    if match["unit"]:
        return b"\\u" + match["unit"]
    if match["bare"]:
        return b'\\"' if match["bare"] == b'"' else b"\\u%04x" % match["bare"][0]
    other = match["other"]
    if other in _STANDARD:
        return b"\\" + other
    return _WRITTEN.get(other[0], b"" if other == b"\n" else other)


def _made(call: bytes) -> bytes:
    """Return what `Type('…')` and `datetime.datetime(2031, …)` hold."""
    text = call.decode("utf-8", "replace")
    try:
        return orjson.dumps(printed_value(text))
    except (ValueError, TypeError):
        return _quoted(text)


def _quoted(text: str) -> bytes:
    return orjson.dumps(text)
