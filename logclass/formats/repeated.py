"""Texts in which every line of a stack trace has the head of a record of its own.

oslo.log, and formatters that put their prefix before each line of a message, write `2031-05-06
07:08:09.123 7 ERROR auth Traceback (most recent call last):` and so on, down to the error's type.
Such lines are records of one event each; a trace is looked at once, as part of its first line.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import regex

from logclass.formats import leading, pieces
from logclass.formats.blocks import record_array
from logclass.formats.placed import BETWEEN, FIELD, fields_of
from logclass.formats.stamps import full

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logclass.formats.blocks import Frame, Ints
    from logclass.formats.minutes import Clock

_MOST_FIELDS = 9
# A line of a trace behind the head of a record.
_TRACED = regex.compile(
    rb"(?P<head>[^\r\n]{8,160}?) ?"
    rb"(?:Traceback \(most recent call last\):|[ ]{2,}(?:File \"|at \S)|\tat \S)"
)


def heads(sample: Sequence[bytes], stamp_search: str) -> str:
    """Return the RE2 expression for the head that lines of traces repeat, "" where none do.

    Its group `head` is what stands between the stamp and what is said.
    """
    if not stamp_search:
        return ""
    counts: Counter[int] = Counter()
    for before, line in pairwise(sample):
        match = _TRACED.match(line)
        behind = _behind_stamp(line[: match.end("head")]) if match else None
        # What begins a trace has the same head; a trace on one line has a head of its own.
        if behind and (_behind_stamp(before) or b"").startswith(behind):
            counts[len(fields_of(behind, _MOST_FIELDS))] += not _TRACED.match(before)
    fields, count = max(counts.items(), key=itemgetter(1), default=(0, 0))
    if not count:
        return ""
    return rf"{stamp_search}[\])>]?(?P<head>(?:{BETWEEN}{FIELD}){{{fields}}}:?) ?"


def _behind_stamp(line: bytes) -> bytes | None:
    hit = leading.find_leading(line)
    stamp = full(line, hit[0]) if hit else None
    return line[stamp.end() :] if stamp else None


def folded(frames: Iterable[Frame], head: str, clock: Clock) -> Iterator[Frame]:
    """Yield the frames with each trace in its first record; the other lines stay as events."""

    def said(frame: Frame) -> tuple[pa.Array, Ints]:
        records = record_array(frame.data, frame.starts, frame.ends)
        told = pc.struct_field(pc.extract_regex(records, head), "head")
        texts = pc.replace_substring_regex(records, head, "", max_replacements=1)
        return texts, pieces.writers_of(pc.fill_null(told, pa.scalar(b"", told.type)))

    def time_of(record: bytes) -> int | None:
        span = clock.span(record, leading.WITHIN_BYTES)
        return None if span is None else span[2]

    return pieces.folded(frames, said, time_of)
