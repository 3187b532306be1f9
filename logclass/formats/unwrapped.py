"""Streams that are no log as they stand, but hold one: looked into where only text was found.

A wrapping is taken off whole (relaxed.py, quoted_lines.py, lost_newlines.py), one inside another
too, and kept off only where the rest is a log that is told better.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import regex

from logclass.formats import lost_newlines, quoted_lines, relaxed
from logclass.formats.head import HEAD_BYTES
from logclass.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from logclass.formats.blocks import Frame
    from logclass.formats.format import Reader
    from logclass.formats.head import Head
    from logclass.model import Source

    Chunks = Iterable[bytes]

# What `curl -i` saves above a body.
_ANSWER = regex.compile(rb"\s*HTTP/[\d.]{1,3} \d{3}[^\n]*\n(?:[\w-]{1,80}:[^\n]*\n){1,100}\r?\n")
_LEFT_OUT = "its printer left out what it names {!r}: not all records are here"
_SPLIT = "its lines are not ended by newlines: read from one time to the next"


class Wrapping(NamedTuple):
    """How a stream is unwrapped. off: chunks, faults and the source's name → the chunks inside."""

    off: Callable[[Chunks, list[Fault], str], Iterator[bytes]]
    holds_lines: bool = True  # of text; otherwise values of JSON

    def head(self, head: Head) -> Head:
        """Return the head of what is inside."""
        chunks = [head.data] if head.is_whole else [head.data[:HEAD_BYTES]]
        return replace(head, data=b"".join(self.off(chunks, [], head.name)))


def wrappings(head: Head, *, is_told: bool) -> Iterator[Wrapping]:
    """Yield how this stream may be wrapped, likeliest first.

    is_told: its first line is one of a format that is known.
    """
    if not is_told:
        yield from _documents(head)
    if (not is_told or lost_newlines.has_few(head)) and (ends := lost_newlines.of(head)):
        yield Wrapping(lambda chunks, faults, name: _split(chunks, faults, name, ends))


def _documents(head: Head) -> Iterator[Wrapping]:
    if _ANSWER.match(head.data):
        yield Wrapping(_body, holds_lines=False)
    if relaxed.begins(head.data):
        data = b"".join(relaxed.strict([head.data]))
        if quoted_lines.are_lines(data, is_whole=head.is_whole):
            yield Wrapping(_listed_lines)
        yield Wrapping(_strict, holds_lines=False)
    if head.data.lstrip()[:1] in {b'"', b"'"}:
        if quoted_lines.are_lines(head.data, is_whole=head.is_whole):
            yield Wrapping(_quoted_lines)
        elif quoted_lines.are_lines(b"".join(relaxed.strict([head.data])), is_whole=head.is_whole):
            yield Wrapping(_listed_lines)


def without(reader: Reader, wrapping: Wrapping, source: Source) -> Reader:
    """Return the reader for a stream that is wrapped."""

    def frames(chunks: Chunks, faults: list[Fault]) -> Iterator[Frame]:
        read = told = 0

        def counted() -> Iterator[bytes]:
            nonlocal read
            for chunk in chunks:
                read += len(chunk)
                yield chunk

        inside = (chunk for chunk in wrapping.off(counted(), faults, source.uri) if chunk)
        for frame in reader.frames(inside, faults):
            yield replace(frame, read_bytes=read - told)
            told = read

    return replace(reader, frames=frames, is_splittable=False)


def _body(chunks: Chunks, _faults: list[Fault], _name: str) -> Iterator[bytes]:
    stream = iter(chunks)
    first = next(stream, b"")
    while len(first) < HEAD_BYTES and (more := next(stream, b"")):
        first += more
    answer = _ANSWER.match(first)
    yield first[answer.end() :] if answer else first
    yield from stream


def _strict(chunks: Chunks, faults: list[Fault], name: str) -> Iterator[bytes]:
    left_out: list[bytes] = []
    yield from relaxed.strict(chunks, left_out)
    if left_out:
        detail = _LEFT_OUT.format(left_out[0].decode("utf-8", "replace")[:60])
        faults.append(Fault(name, "truncated", detail, count=len(left_out)))


def _quoted_lines(chunks: Chunks, _faults: list[Fault], _name: str) -> Iterator[bytes]:
    yield from quoted_lines.lines(chunks)


def _listed_lines(chunks: Chunks, faults: list[Fault], name: str) -> Iterator[bytes]:
    yield from quoted_lines.lines(_strict(chunks, faults, name))


def _split(
    chunks: Chunks, faults: list[Fault], name: str, ends: lost_newlines.Ends
) -> Iterator[bytes]:
    yield from lost_newlines.lines(chunks, ends)
    faults.append(Fault(name, "no_newlines", _SPLIT, count=0))
