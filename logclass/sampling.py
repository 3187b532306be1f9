"""Which lines of requests that passed are read: they may be every line of a log.

A record is drawn by a hash of where it stands in its stream, so that neither blocks nor workers
show: one in 2**n has rank n or more. The level is the rank from which on records count. It follows
from what the whole bundle holds, and only rises as more is read (adaptive sampling, Flajolet
1990): what was read before at a lower level is left out when summaries are merged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

EXAMINED_BYTES = 6 * 1024 * 1024  # of a bundle: up to so many, every record is looked at
READ_RECORDS = 2_048  # of a source: up to so many that may tell of such a request, all are decoded
LEVELS = 48
# The first rounds of SplitMix64: Steele, Lea and Flood 2014. What is drawn by are its high bits.
_FACTORS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(30)


def hashes(places: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return an even hash of each place."""
    mixed: NDArray[np.uint64] = (places + 1).view(np.uint64) * _GAMMA
    for factor in _FACTORS:
        mixed ^= mixed >> _SHIFT
        mixed *= factor
    return mixed


def drawn(found: NDArray[np.uint64], level: int) -> NDArray[np.bool_]:
    """Return which of the hashes are drawn at a level."""
    mask: NDArray[np.bool_] = found <= np.uint64(2 ** (64 - level) - 1)
    return mask


def ranks(found: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return up to which level each of the hashes is drawn, at most LEVELS - 1."""
    noughts = 64 - np.frexp(found.astype(np.float64))[1].astype(np.int64)
    capped: NDArray[np.int64] = np.clip(noughts, 0, LEVELS - 1)
    return capped


def level_of_bytes(read_bytes: int) -> int:
    """Return the level at which EXAMINED_BYTES of so many are looked at, or fewer."""
    return (max(read_bytes - 1, 0) // EXAMINED_BYTES).bit_length()


def level_of_reads(by_rank: Sequence[int]) -> int:
    """Return the level at which at most READ_RECORDS of those are read; by_rank: how many of each.

    Counts of ranks below the level reached so far need not be complete.
    """
    total, level = 0, LEVELS if by_rank else 0
    for rank in reversed(range(len(by_rank))):
        total += by_rank[rank]
        if total > READ_RECORDS:
            break
        level = rank
    return level


def above(by_rank: Sequence[int], level: int) -> tuple[int, ...]:
    """Return the counts by rank from a level on, noughts below it and none behind the last."""
    kept = [0 if rank < level else count for rank, count in enumerate(by_rank)]
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)
