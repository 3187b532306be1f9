r"""Lines whose ends were lost: joined by blanks, carriage returns, a written `\n`, or nothing.

A syslog daemon whose template has no newline, `tr`, a form or a chat that joins lines. A record is
told by what the stream begins with: its stamp in the same form, and what kind of word follows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.head import Head

_PRIORITY = rb"<\d{1,3}>(?:1 )?"
_STAMP = (
    rb"(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d)?"
    rb"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d)"
)
_BEGINNING = regex.compile(
    rb"(?P<priority>%b)?(?P<stamp>\[?%b\]?)(?P<behind>\s+[\[(|]?[A-Z]{4,8}\b[\])]?|\s+\[|)"
    % (_PRIORITY, _STAMP)
)
_LEVEL = rb"\s+[\[(|]?[A-Z]{4,8}\b"
_FEWEST, _MANY = 3, 10  # records in a line
_LONG_BYTES = 300  # the lines of most logs are shorter
_WITHIN_BYTES = 16 * 1024  # of the stream in which its lines show themselves
_MOST_BYTES = 4 * 1024 * 1024  # of a record
_HELD_BYTES = 128  # a record's beginning this near the end may go on
_WRITTEN = regex.compile(rb"\\r?\\n|\\n")


class Ends(NamedTuple):
    """Where lines end. border: what the next one begins with."""

    border: regex.Pattern[bytes]
    is_written: bool  # as `\n`


def has_few(head: Head) -> bool:
    """Return whether a stream has hardly any lines for what it holds."""
    return len(head.data) > _LONG_BYTES and head.data.count(b"\n", 0, _LONG_BYTES) == 0


def of(head: Head) -> Ends | None:
    """Return how to find the lines of a stream that has hardly any, None where it has."""
    data = head.data.lstrip(b"\xef\xbb\xbf \t\r\n")[:_WITHIN_BYTES]
    newlines = data.rstrip().count(b"\n") + 1
    begins = _BEGINNING.match(data)
    if begins is None:
        return None
    border = regex.compile(_border(begins))
    found = sum(1 for _ in border.finditer(data))
    is_told = bool(begins["priority"] or begins["behind"])
    if found < (_FEWEST if is_told else _MANY) * newlines:
        return None
    written = sum(1 for match in border.finditer(data) if data[: match.start()].endswith(b"\\n"))
    return Ends(border, is_written=2 * written > found)


def _border(begins: regex.Match[bytes]) -> bytes:
    """Return what each record begins with, where the first begins so."""
    form = regex.sub(rb"\d{1,9}", _digits, regex.escape(begins["stamp"]))
    form = regex.sub(rb"[A-Z][a-z]{2}(?= |\\ )", rb"[A-Z][a-z]{2}", form)
    form = form.replace(rb"\ \ ", rb"\ [ \d]")
    if begins["priority"]:
        return _PRIORITY + _STAMP
    behind = rb"\s+\[" if begins["behind"].strip() == b"[" else _LEVEL
    behind = behind if begins["behind"] else rb"[\s:|]"
    return rb"(?:^|(?<=[\s,;|])|(?<=\\n))" + form + rb"(?=%b)" % behind


def _digits(match: regex.Match[bytes]) -> bytes:
    return rb"\d{%d}" % len(match[0])


def lines(chunks: Iterable[bytes], ends: Ends) -> Iterator[bytes]:
    """Yield the stream with a newline before each record."""
    held = b""
    for chunk in chunks:
        held += chunk
        starts = [match.start() for match in ends.border.finditer(held)]
        starts = [start for start in starts if 0 < start < len(held) - _HELD_BYTES]
        yield _apart(held, starts, ends)
        held = held[starts[-1] :] if starts else held
        if len(held) > _MOST_BYTES:  # whatever it is, it is no line
            yield held.strip() + b"\n"
            held = b""
    starts = [match.start() for match in ends.border.finditer(held) if match.start()]
    yield _apart(held, [*starts, len(held)], ends)


def _apart(data: bytes, starts: list[int], ends: Ends) -> bytes:
    """Return the records up to the last of these offsets, each with its end of line."""
    records = [data[start:end] for start, end in zip([0, *starts], starts, strict=False)]
    if ends.is_written:
        records = [_WRITTEN.sub(b"\n", record) for record in records]
    records = [record.replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip() for record in records]
    return b"".join(record + b"\n" for record in records if record)
