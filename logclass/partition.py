"""Sources → tasks: parts of large plain files, read by several processes; small files together."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from logclass import formats, sources
from logclass.model import Fault, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

PART_BYTES = 64 * 1024 * 1024  # plain files above this are read in parts
SMALL_BYTES = 64 * 1024  # files up to this are read several in one task: handing over costs too
TASK_SOURCES = 32


def tasks(found: Iterable[Source]) -> list[tuple[Source, ...]]:
    """Return what to read, as tasks of one source or part of one, or of several small files."""
    out: list[tuple[Source, ...]] = []
    small: list[Source] = []
    for source in found:
        size = source.size_bytes
        if source.path and size is not None and size <= min(SMALL_BYTES, PART_BYTES):
            small.append(source)
        else:
            out.extend((part,) for part in parts(source))
    out.extend(
        tuple(small[start : start + TASK_SOURCES]) for start in range(0, len(small), TASK_SOURCES)
    )
    return out


def parts(source: Source) -> list[Source]:
    """Return the source, or parts of it that begin at records, where it is large and plain."""
    size = source.size_bytes or 0
    if size <= PART_BYTES or not source.path:
        return [source]
    if not os.access(source.path, os.R_OK):
        return [source]  # whoever reads it says what is wrong
    with open(source.path, "rb") as file:  # noqa: PTH123 - a Path has nothing to add
        head = file.read(sources.HEAD_BYTES)
        if sources.compression(head):
            return [source]
        opened = formats.open_reader(source, formats.head_of(head, source, is_whole=False))
        if isinstance(opened, Fault) or not opened[1].is_splittable:
            return [source]
        cuts = [0]
        for target in range(PART_BYTES, size, PART_BYTES):
            file.seek(target)
            start = formats.first_record(opened[1], file.read(sources.HEAD_BYTES * 4))
            if start is not None and target + start < size:
                cuts.append(target + start)
    return [
        replace(source, byte_range=(start, end))
        for start, end in zip(cuts, [*cuts[1:], size], strict=True)
    ]
