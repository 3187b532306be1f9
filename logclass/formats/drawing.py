"""Which records of a stream are decoded for the requests that passed: a sample of its records.

sampling.py says how they are drawn. What patterns of rejections or signals hit is read in full,
and not drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logclass import sampling
from logclass.formats.blocks import record_array

if TYPE_CHECKING:
    from logclass.formats.batches import Hits
    from logclass.formats.blocks import Frame, Ints

_FEW = 2  # level from which copying what is drawn is cheaper than scanning all


class Drawing:
    """What was drawn of one stream so far."""

    def __init__(self, start: int, passing: Hits | None) -> None:
        """start: byte of the file at which the stream begins, where it is a part of one."""
        self._bytes, self._records = start, 0
        self._read_bytes = start  # the parts before it are read as well
        self._passing = passing
        self._by_rank = np.zeros(sampling.LEVELS, dtype=np.int64)
        self._new = np.zeros(sampling.LEVELS, dtype=np.int64)
        self.level = 0

    def joined(self, frame: Frame, rows: Ints) -> tuple[Ints, dict[int, int]]:
        """Return the rows of a frame together with those drawn, and of these 1 + their ranks."""
        if self._passing is None or not len(frame.starts):
            return rows, {}
        more, ranks = self._drawn(frame, rows, self._passing)
        if not len(more):
            return rows, {}
        drawn = dict(zip(more.tolist(), (ranks + 1).tolist(), strict=True))
        return np.sort(np.concatenate([rows, more])), drawn

    def taken(self) -> tuple[int, ...]:
        """Return how many records of each rank were decoded since this was called last."""
        new, self._new = self._new, np.zeros_like(self._new)
        return sampling.above(new.tolist(), 0)

    def _drawn(self, frame: Frame, known: Ints, passing: Hits) -> tuple[Ints, Ints]:
        hashes = sampling.hashes(self._places(frame))
        self._read_bytes += frame.read_bytes if frame.read_bytes >= 0 else len(frame.data)
        self.level = max(self.level, sampling.level_of_bytes(self._read_bytes))
        chosen = sampling.drawn(hashes, self.level)
        chosen[known] = False
        rows = np.flatnonzero(chosen)
        rows = rows[_hit(frame, rows, passing, is_few=self.level >= _FEW)]
        ranks = sampling.ranks(hashes[rows])
        self._by_rank += np.bincount(ranks, minlength=sampling.LEVELS)
        self.level = max(self.level, sampling.level_of_reads(self._by_rank.tolist()))
        is_kept = ranks >= self.level
        self._new += np.bincount(ranks[is_kept], minlength=sampling.LEVELS)
        return rows[is_kept], ranks[is_kept]

    def _places(self, frame: Frame) -> Ints:
        """Return where the records stand: a byte of the stream, or a number of the record.

        Records of documents are not the stream's own bytes.
        """
        if frame.read_bytes < 0:
            places = frame.starts + self._bytes
        else:
            places = self._records + np.arange(len(frame.starts), dtype=np.int64)
        self._bytes += len(frame.data)
        self._records += len(frame.starts)
        return places


def _hit(frame: Frame, rows: Ints, passing: Hits, *, is_few: bool) -> np.ndarray:
    """Return which of these rows may tell of a request that passed."""
    if not len(rows):
        return np.zeros(0, dtype=bool)
    if not is_few:
        return passing(*frame.spans)[rows]
    copied = record_array(frame.data, frame.starts[rows], frame.ends[rows])
    _, offsets, data = copied.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int64)[copied.offset : copied.offset + len(rows) + 1]
    return passing(data, bounds[:-1], bounds[1:])
