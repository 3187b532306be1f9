"""Text whose units begin at lines of a known form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

from logclass.formats import lines
from logclass.formats.blocks import record_array
from logclass.formats.minutes import Clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np

    from logclass.formats.blocks import Frame, Ints
    from logclass.formats.rewritten import Units
    from logclass.model import Fault, Source


def line_units(source: Source, start: str) -> Units:
    """Return how to cut a text into units that begin at lines matching `start` (RE2)."""

    def starts_at(data: bytes, starts: Ints, ends: Ints, _minutes: Ints) -> np.ndarray:
        found = pc.match_substring_regex(record_array(data, starts, ends), start)
        is_start: np.ndarray = found.to_numpy(zero_copy_only=False).copy()
        return is_start

    def units(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        return lines.frames(chunks, Clock(()), starts_at, faults, source.uri)

    return units
