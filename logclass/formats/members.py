"""What a member of JSON records says, for all records of a block at once.

The scan looks for the key's bytes and the quotes behind it, which takes a tenth of the time that a
regular expression with a group takes for each record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from logclass.formats.blocks import record_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from logclass.formats.blocks import Frame, Ints, Mask

    Bytes = NDArray[np.uint8]

_QUOTE, _COLON, _SPACE, _BACKSLASH = b'": \\'


def strings(frame: Frame, key: str, most_bytes: int) -> pa.Array:
    """Return the string that each record has under a key as it is written, cut at `most_bytes`.

    Null where a record has no such member.
    """
    if len(frame.starts) == 0:  # brackets and names around the records
        return pa.array([], pa.large_binary())
    array = np.frombuffer(frame.data, dtype=np.uint8)
    quotes = np.flatnonzero(array == _QUOTE)
    places = _places(array, quotes, b'"%b"' % key.encode())
    if _is_spread_out(array, places):
        return _searched(frame, key, most_bytes)
    starts = _value_starts(array, places)
    rows = np.searchsorted(frame.starts, starts, side="right") - 1
    inside = (rows >= 0) & (starts < frame.ends[rows])
    rows, first = np.unique(rows[inside], return_index=True)
    starts = starts[inside][first]
    values = record_array(frame.data, starts, _value_ends(array, quotes, starts, most_bytes))
    if len(rows) == len(frame.starts):
        return values
    at = np.full(len(frame.starts), -1, dtype=np.int64)
    at[rows] = np.arange(len(rows))
    return values.take(pa.array(at, mask=at < 0))


def _places(array: Bytes, quotes: Ints, word: bytes) -> Ints:
    """Return the offsets just behind each place where a word stands, which begins with a quote."""
    at = quotes[quotes <= len(array) - len(word)]
    for offset in range(1, len(word)):
        at = at[array[at + offset] == word[offset]]
    return at + len(word)


def _byte(array: Bytes, at: Ints) -> Bytes:
    """Return the bytes at these offsets; a space behind the end."""
    if len(array) == 0:
        return np.full(len(at), _SPACE, dtype=np.uint8)
    found: Bytes = np.where(at < len(array), array[np.minimum(at, len(array) - 1)], _SPACE)
    return found


def _is_spread_out(array: Bytes, behind: Ints) -> bool:
    """Return whether white space other than one space stands next to a key or its colon."""
    colon = behind + (_byte(array, behind) == _SPACE)
    value = colon + 1
    value += _byte(array, value) == _SPACE
    is_colon = _byte(array, colon) == _COLON
    odd = _byte(array, np.concatenate([colon[~is_colon], value[is_colon]])) <= _SPACE
    return bool(odd.any())


def _value_starts(array: Bytes, behind: Ints) -> Ints:
    """Return where the values of those keys begin whose value is a string."""
    colon = behind + (_byte(array, behind) == _SPACE)
    quote = colon + 1
    quote += _byte(array, quote) == _SPACE
    is_string = (_byte(array, colon) == _COLON) & (_byte(array, quote) == _QUOTE)
    starts: Ints = quote[is_string] + 1
    return starts


def _value_ends(array: Bytes, quotes: Ints, starts: Ints, most_bytes: int) -> Ints:
    """Return where the closing quotes stand, or `most_bytes` end."""
    limits = np.minimum(starts + most_bytes, len(array))
    quotes = np.append(quotes, len(array))
    number = np.searchsorted(quotes, starts)
    while True:
        ends: Ints = np.minimum(quotes[number], limits)
        is_escaped = (ends < limits) & _is_escaped(array, starts, ends)
        if not is_escaped.any():
            return ends
        number += is_escaped


def _is_escaped(array: Bytes, starts: Ints, ends: Ints) -> Mask:
    """Return whether an odd number of backslashes stands before these ends."""
    is_odd = np.zeros(len(ends), dtype=np.bool_)
    at = ends - 1
    is_run = (at >= starts) & (array[at] == _BACKSLASH)
    while is_run.any():
        is_odd ^= is_run
        at = at - 1
        is_run &= (at >= starts) & (array[at] == _BACKSLASH)
    return is_odd


def _searched(frame: Frame, key: str, most_bytes: int) -> pa.Array:
    """Return the same by Arrow's RE2, which takes any white space."""
    search = rf'"{key}"\s*:\s*"(?P<said>(?:[^"\\]|\\.){{0,{most_bytes}}})'
    records = record_array(frame.data, frame.starts, frame.ends)
    return pc.struct_field(pc.extract_regex(records, search), "said")
