"""Blocks of bytes and the records in them. Nothing here looks at a single line in Python."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Ints = NDArray[np.int64]  # offsets, counts or minutes
Mask = NDArray[np.bool_]

MAX_RECORD_BYTES = 64 * 1024 * 1024  # a record beyond this is cut, and a fault says so
NEWLINE = 10
ORIGIN_SEPARATOR = b"\x1f"  # between service and instance in a stream name that tells both


@dataclass(frozen=True, slots=True)
class Frame:
    """Some whole records of a stream. Record i is data[starts[i]:ends[i]]."""

    data: bytes
    starts: Ints
    ends: Ints
    minutes: Ints  # NO_MINUTE where a record has no time
    first_line: int  # line number of the first byte, from 1
    status_class: Ints | None = None  # 2..5 per record, 0 unknown
    refused: Mask | None = None  # records whose status alone says that they are to be looked at
    streams: pa.Array | None = None  # each record's own stream name, where records name one
    bad_times: Ints | None = None  # the records whose stamp names no time
    line_count: int = -1  # newlines in data, where the framing has counted them
    at_line: Ints | None = None  # newlines before each record, where the framing has counted them
    read_bytes: int = -1  # of the stream, where data is not the stream's own bytes

    @property
    def spans(self) -> tuple[bytes, Ints, Ints]:
        """Return the bytes, and where the records in them start and end."""
        return self.data, self.starts, self.ends


def line_starts(data: bytes, end: int) -> Ints:
    """Return the offsets at which the lines of data[:end] start."""
    newlines = np.flatnonzero(np.frombuffer(data, dtype=np.uint8)[:end] == NEWLINE)
    starts = np.empty(len(newlines) + 1, dtype=np.int64)
    starts[0] = 0
    np.add(newlines, 1, out=starts[1:])
    return starts[:-1] if starts[-1] == end else starts


def newline_count(data: bytes, end: int | None = None) -> int:
    """Return how many newlines stand in `data` before `end`; much faster than bytes.count."""
    array = np.frombuffer(data, dtype=np.uint8)[:end]
    return int(np.count_nonzero(array == NEWLINE))


def line_numbers(frame: Frame, rows: Ints) -> Ints:
    """Return the line numbers at which the frame's records `rows` start, from 1."""
    if frame.at_line is not None:
        return frame.at_line[rows] + frame.first_line
    newlines = np.flatnonzero(np.frombuffer(frame.data, dtype=np.uint8) == NEWLINE)
    numbers: Ints = np.searchsorted(newlines, frame.starts[rows]) + frame.first_line
    return numbers


def words(data: bytes) -> np.ndarray:
    """Return a view of the little-endian 8-byte words that start at every offset of `data`."""
    count = max(len(data) - 7, 0)
    return np.ndarray(shape=(count,), dtype="<u8", buffer=data, strides=(1,))


def record_array(data: bytes, starts: Ints, ends: Ints) -> pa.Array:
    """Return the records as an Arrow array over the block's own bytes, without copying them.

    Records that do not touch are bridged: the offsets of Arrow must be contiguous, so the array
    alternates record and gap and the records are taken out of it.
    """
    buffer = pa.py_buffer(data)
    if len(starts) == 0:
        return pa.array([], type=pa.large_binary())
    if np.array_equal(ends[:-1], starts[1:]):
        offsets = np.append(starts, ends[-1])
        return _binary_array(offsets, buffer)
    offsets = np.empty(2 * len(starts), dtype=np.int64)
    offsets[0::2], offsets[1::2] = starts, ends
    every_other = np.arange(0, 2 * len(starts) - 1, 2)
    return _binary_array(offsets, buffer).take(pa.array(every_other))


def _binary_array(offsets: Ints, buffer: pa.Buffer) -> pa.Array:
    return pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(offsets) - 1, [None, pa.py_buffer(offsets.tobytes()), buffer]
    )
