"""Large plain files → parts of them, so that several processes read one file."""

from __future__ import annotations

import os
from dataclasses import replace

from logclass import formats, sources
from logclass.model import Fault, Source

PART_BYTES = 64 * 1024 * 1024  # plain files above this are read in parts


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
