"""Change records too large to be held whole: read piece by piece, each with some of the records.

An audit log of months or a dump of CloudTrail has one record like the other, in JSON lines, in one
array, or in one under a key. A piece is such a document with fewer records; what pieces tell is put
together as what several files tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from logclass import changes
from logclass.formats import document
from logclass.formats.blocks import newline_count
from logclass.formats.head import HEAD_BYTES, Head
from logclass.formats.minutes import Clock
from logclass.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.blocks import Frame
    from logclass.model import Source

_PIECE_BYTES = 4 * 1024 * 1024
_SAMPLE = 40  # records by which a file is told
# Of these one record does not tell the format: a log's lines could be taken for them.
_UNSURE = {"change list", "git lines", "jwks", "aws cli"}
# Texts that are newest first: their beginning is what counts.
_TEXTS = {"git log", "kubectl tables", "icalendar"}


class _Shape(NamedTuple):
    """How the records of a document are framed."""

    elements: document.Elements
    opening: bytes
    closing: bytes


def read(head: bytes, chunks: Iterable[bytes], source: Source) -> changes.ChangeRead | None:
    """Return what a large file of change records tells, None where it is none.

    head: its beginning; chunks: all of it, taken only where it is one.
    """
    shape = _shape(head, source)
    if shape is None:
        return _beginning(head, source)
    sample = next(_pieces([head[: HEAD_BYTES * 4]], shape, [], source, most=_SAMPLE), b"")
    found = _read(sample, source)
    if found is None or found.format in _UNSURE:
        return None
    faults: list[Fault] = []
    pieces = _pieces(chunks, shape, faults, source)
    reads = [one for piece in pieces if (one := _read(piece, source)) is not None]
    return _together(reads, faults, found.format)


def _read(data: bytes, source: Source) -> changes.ChangeRead | None:
    near_ms = None if source.modified_seconds is None else source.modified_seconds * 1000
    return changes.read(data, name=source.uri, near_ms=near_ms, zone=source.zone)


def _beginning(head: bytes, source: Source) -> changes.ChangeRead | None:
    """Return what the beginning of a text tells, with a fault that says so."""
    is_told = all(word in head[:HEAD_BYTES] for word in (b"commit ", b"\nAuthor:"))
    found = _read(head[: head.rfind(b"\n") + 1], source) if is_told else None
    if found is None or found.format not in _TEXTS:
        return None
    detail = f"only its first {len(head) >> 20} MiB were read"
    return found._replace(faults=(*found.faults, Fault(source.uri, "truncated", detail)))


def _shape(head: bytes, source: Source) -> _Shape | None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"[":
        return _Shape(document.Elements(1), b"[", b"]")
    if start != b"{":
        return None
    outline = Head(head[:HEAD_BYTES], source.uri, is_whole=False).outline
    arrays = [key for key, keys in outline.elements.items() if key and keys]
    if len(arrays) == 1:
        opening = b'{"%s":[' % arrays[0].encode()
        return _Shape(document.Elements(2, arrays[0]), opening, b"]}")
    return _Shape(document.Elements(0), b"", b"")


def _pieces(
    chunks: Iterable[bytes], shape: _Shape, faults: list[Fault], source: Source, most: int = 0
) -> Iterator[bytes]:
    """Yield documents of some records each; their lines stand where they do in the whole one."""
    held: list[bytes] = []
    size = line = 0
    for frame in document.frames(chunks, shape.elements, Clock(()), faults, source.uri):
        if len(frame.starts) == 0:
            continue
        count = min(most, len(frame.starts)) if most else len(frame.starts)
        start, end = int(frame.starts[0]), int(frame.ends[count - 1])
        first = _line(frame, start)
        held.append(b"\n" * (first - (line or 1)))
        held.append(_separated(frame.data[start:end], shape, is_first=size == 0))
        line = _line(frame, end)
        size += end - start
        if size >= _PIECE_BYTES or most:
            yield b"".join([shape.opening, *held, shape.closing])
            held, size, line = [], 0, 0
    if size:
        yield b"".join([shape.opening, *held, shape.closing])


def _separated(data: bytes, shape: _Shape, *, is_first: bool) -> bytes:
    return data if is_first or not shape.opening else b"," + data


def _line(frame: Frame, offset: int) -> int:
    return frame.first_line + newline_count(frame.data, offset)


def _together(
    reads: list[changes.ChangeRead], faults: list[Fault], format_: str
) -> changes.ChangeRead:
    """Return the sum of what the pieces of one file told."""
    return changes.ChangeRead(
        events=tuple(event for one in reads for event in one.events),
        faults=(*(fault for one in reads for fault in one.faults), *faults),
        format=format_,
        not_done=tuple(ident for one in reads for ident in one.not_done),
        key_sets=tuple(keys for one in reads for keys in one.key_sets),
    )
