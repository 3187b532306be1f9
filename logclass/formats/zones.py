"""The zone behind every time stamp of a block, without decoding the stamps.

Two stamps of one minute on the wall are different minutes when their zones differ: a log that runs
over the end of summer time, or lines of two programs in one file.
"""

from __future__ import annotations

import re

import numpy as np

from logclass.formats import digits
from logclass.formats.blocks import Ints, words

_COLON, _DOT, _COMMA, _SPACE, _PLUS, _MINUS = b":., +-"
_Z = ord("Z")
_UTC = re.compile(rb"(?::\d\d)?(?:[.,]\d{1,9})?Z")
_REACH_BYTES = 48  # seconds, nine digits of a fraction, a space, the zone, and a word behind
_LONG_ZONE, _SHORT_ZONE = np.uint64(2**48 - 1), np.uint64(2**40 - 1)  # +02:00, +0200


def zones(data: bytes, minute_ends: Ints) -> np.ndarray:
    """Return a number for each stamp that tells its numeric offset; 0 where it has none.

    minute_ends: the offsets just behind the minute. Zones by name are read as none.
    """
    if int(minute_ends.max()) + _REACH_BYTES > len(data):
        data += bytes(_REACH_BYTES)
    found = np.zeros(len(minute_ends), dtype=np.uint64)
    rows = _not_utc(np.frombuffer(data, dtype=np.uint8), minute_ends)
    if len(rows):
        found[rows] = _written(data, minute_ends[rows])
    return found


def _written(data: bytes, minute_ends: Ints) -> np.ndarray:
    array, view = np.frombuffer(data, dtype=np.uint8), words(data)
    at = np.where(array[minute_ends] == _COLON, minute_ends + 3, minute_ends)
    at = _behind_fraction(array, view, at)
    at = np.where(array[at] == _SPACE, at + 1, at)
    is_signed = (array[at] == _PLUS) | (array[at] == _MINUS)
    if not is_signed.any():
        return np.zeros(len(at), dtype=np.uint64)
    mask = np.where(array[at + 3] == _COLON, _LONG_ZONE, _SHORT_ZONE)
    return np.where(is_signed, view[at] & mask, np.uint64(0))


def _not_utc(array: np.ndarray, minute_ends: Ints) -> Ints:
    """Return the stamps that have no Z where the first one has: usually none, told cheaply."""
    first = array[minute_ends[0] : minute_ends[0] + _REACH_BYTES].tobytes()
    place = _UTC.match(first)
    if place is None:
        return np.arange(len(minute_ends))
    return np.flatnonzero(array[minute_ends + (place.end() - 1)] != _Z)


def _behind_fraction(array: np.ndarray, view: np.ndarray, at: Ints) -> Ints:
    rows = np.flatnonzero((array[at] == _DOT) | (array[at] == _COMMA))
    if len(rows) == 0:
        return at
    first = at[rows] + 1
    count = digits.leading(view[first])
    ninth = array[first + 8] - np.uint8(ord("0")) < 10
    at[rows] = first + count + ((count == 8) & ninth)
    return at
