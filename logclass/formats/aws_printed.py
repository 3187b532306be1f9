"""CloudWatch events as the command line prints them for people: boxes, and messages without rows.

`--output table` draws a box around columns; `--query 'events[].message' --output text` puts all
messages on one line with tabs between. Messages keep their newlines in both.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import regex

from logclass import origin, timestamps
from logclass.formats import json_lines, text
from logclass.formats.format import Format, Reader
from logclass.formats.head import Head
from logclass.formats.rewritten import open_rewritten
from logclass.formats.stamps import FULL_TEXT, WRITTEN
from logclass.formats.stored import Stored
from logclass.formats.textunits import line_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.blocks import Frame
    from logclass.model import Fault, Source

# --- --output table ---

_TABLE_HEAD = regex.compile(
    rb"-{20,}\s*\n\|\s*(?:FilterLogEvents|GetLogEvents)\s*\|\s*\n|\|\|\s+events\s+\|\|\s*\n"
)
_TABLE_ROW = r"^\|\|  ?[0-9]+ *\||^[|+-][|+-]"
_FILTERED = regex.compile(
    r"\|\| +(?P<id>[0-9]+) *\| +[0-9]{12,14} *\| +(?P<stream>[^|\n]*?) *\|  ?(?P<message>.*?) *"
    r"\| +(?P<ms>[0-9]{12,14}) *\|\|\s*",
    regex.DOTALL,
)
_GOT = regex.compile(
    r"\|\| +[0-9]{12,14} *\|  ?(?P<message>.*?) *\| +(?P<ms>[0-9]{12,14}) *\|\|\s*", regex.DOTALL
)


def sniff_table(head: Head) -> float:
    """Return a high confidence for the box around events."""
    return 0.97 if _TABLE_HEAD.match(head.data) else 0.0


def open_table(_head: Head, source: Source) -> Reader:
    """Return a reader for filter-log-events and get-log-events with --output table."""
    return open_rewritten(source, line_units(source, _TABLE_ROW), _of_row)


def _of_row(unit: bytes) -> Iterator[Stored]:
    row = unit.decode("utf-8", "replace")
    match = _FILTERED.fullmatch(row) or _GOT.fullmatch(row)
    if match is None:
        if row[2:].lstrip()[:1].isdigit() and row.startswith("||"):
            raise ValueError("a row of a table whose columns are not known")
        return
    found = match.groupdict()
    stamp = timestamps.parse(found["ms"])
    stream = found.get("stream") or ""
    told = origin.of_stream(stream) if stream else origin.Origin("", "")
    time_ms = None if stamp is None else stamp.ms
    yield Stored(time_ms, found["message"], *told, event_id=found.get("id") or "")


TABLE = Format("cloudwatch-table", "aws logs … --output table", sniff_table, open_table)


# --- --query 'events[].message' --output text ---

_OBJECT = rb'\{"[\w@.]+":'
_FIRST_OBJECT = regex.compile(_OBJECT)
_LEAST = 3  # messages on one line
_HELD_BYTES = 64  # of a block, in which a stamp behind a tab may be torn


def sniff_messages(head: Head) -> float:
    """Return a high confidence where records begin behind tabs, and only one at a line."""
    if b"\t" not in head.data or not head.lines or not _begins(head.lines[0]):
        return 0.0
    # a tab at the start of a line is a stack's
    tabbed = (line for line in head.lines if b"\t" in line.strip(b"\t"))
    inside = sum(len(_next().findall(line)) for line in tabbed)
    at_lines = sum(1 for line in head.lines[1:] if _begins(line))
    return 0.9 if inside >= _LEAST and at_lines * 10 <= inside else 0.0


def _begins(line: bytes) -> bool:
    stamp = FULL_TEXT.match(line, 1 if line[:1] in {b"[", b"("} else 0)
    return (stamp or _FIRST_OBJECT.match(line)) is not None


@cache
def _next() -> regex.Pattern[bytes]:
    """Return the expression of a tab before a message; few bundles need it, and it is large."""
    return regex.compile(rb"\t(?=[\[(]?(?:" + WRITTEN + rb")|" + _OBJECT + rb")")


def open_messages(head: Head, source: Source) -> Reader:
    """Return a reader for messages with tabs between them."""
    cut = Head(_next().sub(b"\n", head.data), head.name, head.is_whole)
    is_json = json_lines.sniff(cut) > text.sniff(cut)
    reader = (json_lines.open_json_lines if is_json else text.open_text)(cut, source)

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        return reader.frames(_on_lines(chunks), faults)

    return Reader(frames, reader.decode, reader.clock)


def _on_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes with each message on a line of its own."""
    held = b""
    for chunk in chunks:
        cut = _next().sub(b"\n", held + chunk)
        held = cut[-_HELD_BYTES:]
        yield cut[: len(cut) - len(held)]
    yield held


MESSAGES = Format(
    "cloudwatch-messages",
    "aws logs … --query 'events[].message' --output text",
    sniff_messages,
    open_messages,
)
