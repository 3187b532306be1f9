"""Small streams that are no logs: what was changed, or what the verifier expects."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from logclass import changes, contract

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.model import Contract, Source

MOST_BYTES = 8 * 1024 * 1024


def whole(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return a small stream's bytes, b"" for a larger one, and its chunks from the beginning."""
    held: list[bytes] = []
    left = MOST_BYTES
    for chunk in chunks:
        held.append(chunk)
        left -= len(chunk)
        if left < 0:
            return b"", chain(held, chunks)
    return b"".join(held), iter(held)


def read(data: bytes, source: Source) -> tuple[Contract, ...] | changes.ChangeRead | None:
    """Return what a record says, None where the bytes are none. Never raises."""
    expected = contract.read(data, name=source.uri)
    if expected:
        return expected
    near_ms = None if source.modified_seconds is None else source.modified_seconds * 1000
    changed = changes.read(data, name=source.uri, near_ms=near_ms, zone=source.zone)
    return changed or contract.read_settings(data, name=source.uri) or None
