"""Small streams that are no logs: what was changed, or what the verifier expects."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from logclass import changes, contract, largerecords
from logclass.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.model import Contract, Source

MOST_BYTES = 8 * 1024 * 1024
OWN = "logclass output"
# How the page, the document, the text for a ticket and the rows of `classify`, `explain` begin;
# an outcome beside `also` is in no log of another program.
_OUTPUT = re.compile(
    rb'<!doctype html>[^\0]{0,800}<meta name="generator" content="logclass |'
    rb'\{\s*"schema_version":\s*"[\d.]+",\s*"tool":\s*\{\s*"name":\s*"logclass"|'
    rb"## [^\0]{1,60000}\n<sub>[^\n]{1,400} logclass [\d.]{1,20}[^\n]{0,20}</sub>\s*\Z|"
    rb"time,source,line,kind,service,instance,version,environment,outcome,reason,also,library,|"
    rb'\{"(?:time":(?:null|"[^"\n]{1,40}"),"source|text)":"[^\n]{0,60000}'
    rb'"outcome":"[a-z]{4,8}"(?:,"reason":[^\n,]{1,40})?,"also":\['
)


def taken(
    chunks: Iterator[bytes], source: Source
) -> tuple[tuple[Contract, ...] | changes.ChangeRead | None, Iterator[bytes]]:
    """Return what a stream says if it is a record, else None, and its chunks from the beginning.

    A large record of changes is read piece by piece; then nothing is left of the chunks. An
    earlier output of ours is a record that says nothing: its evidence has been counted before.
    """
    held: list[bytes] = []
    left = MOST_BYTES
    for chunk in chunks:
        if not held and _OUTPUT.match(chunk):
            return _own_output(source), iter(())
        held.append(chunk)
        left -= len(chunk)
        if left < 0:
            chunks = chain(held, chunks)
            return largerecords.read(b"".join(held), chunks, source), chunks
    data = b"".join(held)
    return read(data, source) if data else None, iter(held)


def _own_output(source: Source) -> changes.ChangeRead:
    fault = Fault(source.uri, "own_report", "written by logclass: not read as a log", count=0)
    return changes.ChangeRead(events=(), faults=(fault,), format=OWN)


def read(data: bytes, source: Source) -> tuple[Contract, ...] | changes.ChangeRead | None:
    """Return what a record says, None where the bytes are none. Never raises."""
    expected = contract.read(data, name=source.uri)
    if expected:
        return expected
    near_ms = None if source.modified_seconds is None else source.modified_seconds * 1000
    changed = changes.read(data, name=source.uri, near_ms=near_ms, zone=source.zone)
    return changed or contract.read_settings(data, name=source.uri) or None
