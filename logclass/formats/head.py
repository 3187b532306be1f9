"""The first bytes of a stream, as the formats look at them to tell whose they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
import regex

HEAD_BYTES = 256 * 1024
_OUTLINE_TOKENS = 20_000
_LINES = 400
_MOST = 0.8
_BEFORE_VALUE = b"\xef\xbb\xbf \t\r\n"

# A string that does not end in the head is one token too: looked at once, not from every quote.
_TOKEN = regex.compile(rb'"((?:[^"\\]|\\.)*+)(?:"(\s*:)?|\\?\Z)|[{}\[\]]', regex.DOTALL)
_BINARY = bytes(set(range(32)) - set(b"\t\n\r\f\b\x1b"))


@dataclass(slots=True)
class Outline:
    """The shape of the JSON value a stream begins with, down to the keys of its elements."""

    top: str = ""  # "{", "[" or ""
    keys: set[str] = field(default_factory=set)  # of the top object
    elements: dict[str, set[str]] = field(default_factory=dict)  # array key -> keys of its objects
    nested: set[str] = field(default_factory=set)  # array keys whose elements are arrays
    # (containers around its elements, key) of every array -> how many of them are containers
    arrays: dict[tuple[int, str], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Head:
    """The beginning of a stream. name: the source's uri, for what content cannot tell."""

    data: bytes
    name: str
    is_whole: bool  # nothing follows

    @cached_property
    def lines(self) -> list[bytes]:
        """Return the first non-empty lines, without a last one that may be torn."""
        lines = self.data.split(b"\n")
        if not self.is_whole and len(lines) > 1:
            lines.pop()
        return [line for line in lines[: 2 * _LINES] if line.strip()][:_LINES]

    @cached_property
    def objects(self) -> list[dict[str, Any]]:
        """Return the lines that are JSON objects."""
        found = []
        for line in self.lines:
            if line.lstrip()[:1] == b"{":
                try:
                    value = orjson.loads(line)
                except orjson.JSONDecodeError:
                    continue
                found.append(value)
        return found

    @cached_property
    def is_object_lines(self) -> bool:
        """Return whether most lines are objects; the first one may be torn."""
        return len(self.objects) > max(1.0, _MOST * (len(self.lines) - 1))

    @cached_property
    def outline(self) -> Outline:
        """Return the outline of the JSON value that the stream is, as far as the head shows."""
        first = self.data.find(b"\n") + 1
        is_torn = self.is_object_lines and self.data.lstrip(_BEFORE_VALUE)[:1] != b"{"
        return _outline(self.data[first:] if is_torn else self.data)

    @cached_property
    def is_binary(self) -> bool:
        """Return whether the bytes are no text in an encoding that ASCII is part of."""
        sample = self.data[:8192]
        return len(sample.translate(None, _BINARY)) < 0.98 * len(sample)

    def share(self, pattern: regex.Pattern[bytes]) -> float:
        """Return the share of the first lines that the pattern matches at their start."""
        if not self.lines:
            return 0.0
        return sum(1 for line in self.lines if pattern.match(line)) / len(self.lines)


def _outline(data: bytes) -> Outline:
    outline = Outline()
    text = data.lstrip(_BEFORE_VALUE)
    if text[:1] not in {b"{", b"["}:
        return outline
    outline.top = text[:1].decode()
    stack: list[bytes] = []
    names: list[str] = []  # of the containers in the stack
    array_key = key = ""
    for count, match in enumerate(_TOKEN.finditer(text)):
        if count > _OUTLINE_TOKENS:
            break
        token = match[0]
        if token in b"{[":
            if token == b"[" and len(stack) <= 1 and stack[:1] != [b"["]:
                array_key = key
            _note_array(outline, stack, array_key, token)
            _note_element(outline, stack, names)
            stack.append(token)
            names.append(key)
            key = ""
        elif token in b"}]":
            if stack:
                stack.pop()
                names.pop()
            if not stack:
                break
        elif match[2] is not None:
            key = match[1].decode("utf-8", "replace")
            _note_key(outline, stack, array_key, key)
    return outline


def _note_array(outline: Outline, stack: list[bytes], array_key: str, token: bytes) -> None:
    if stack in ([b"["], [b"{", b"["]):
        outline.elements.setdefault(array_key, set())
        if token == b"[":
            outline.nested.add(array_key)


def _note_element(outline: Outline, stack: list[bytes], names: list[str]) -> None:
    if stack[-1:] == [b"["]:
        place = (len(stack), names[-1])
        outline.arrays[place] = outline.arrays.get(place, 0) + 1


def _note_key(outline: Outline, stack: list[bytes], array_key: str, key: str) -> None:
    if stack == [b"{"]:
        outline.keys.add(key)
    elif stack in ([b"[", b"{"], [b"{", b"[", b"{"]):
        outline.elements.setdefault(array_key, set()).add(key)
