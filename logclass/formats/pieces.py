"""Stores that keep every line as an event → the first event of a stack trace has all of its text.

The events are counted as the store keeps them: the further ones stay, without bytes of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from logclass.formats.blocks import Frame, Ints, newline_count
from logclass.formats.traces import Trace, roles
from logclass.model import NO_MINUTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    # What the records say, and who wrote each: neighbours of one writer are joined.
    Said = Callable[[Frame], tuple[pa.Array, Ints]]
    # When the store took a record, epoch ms.
    TimeOf = Callable[[bytes], int | None]

MAX_PIECES = 400  # events of one trace


def folded(frames: Iterable[Frame], said: Said, time_of: TimeOf) -> Iterator[Frame]:
    """Yield the frames with each trace's bytes in its first record; the same wherever they are cut.

    A record is held back until the next one starts, because pieces may follow.
    """
    held: Frame | None = None
    for frame in frames:
        whole = frame if held is None else _glued(held, frame)
        heads = _heads(whole, said, time_of)
        if len(heads) < 2:
            held = whole
            continue
        cut = int(heads[-1])
        yield _part(whole, 0, cut, heads[:-1])
        held = _rest(whole, cut)
    if held is not None:
        yield _part(held, 0, len(held.starts), _heads(held, said, time_of))


def _heads(frame: Frame, said: Said, time_of: TimeOf) -> Ints:
    """Return the rows that begin records."""
    count = len(frame.starts)
    if count == 0:
        return np.empty(0, dtype=np.int64)
    texts, writers = said(frame)
    role = roles(texts)
    if not (role > 1).any():
        return np.arange(count)
    return np.array(_walk(frame, role.tolist(), writers.tolist(), time_of), dtype=np.int64)


def _walk(frame: Frame, role: list[int], writers: list[int], time_of: TimeOf) -> list[int]:
    heads = [0]
    trace = Trace()
    trace.goes_on(role[0], 0)
    for row in range(1, len(role)):
        if writers[row] != writers[row - 1]:
            trace = Trace()
        gap_ms = _gap_ms(frame, row, time_of) if role[row] > 1 else 0.0
        if not trace.goes_on(role[row], gap_ms) or row - heads[-1] >= MAX_PIECES:
            heads.append(row)
    return heads


def _gap_ms(frame: Frame, row: int, time_of: TimeOf) -> float:
    """Return how far a row's time is from that of the row before; 0 where one has none."""
    before, after = frame.minutes[row - 1], frame.minutes[row]
    if NO_MINUTE in {int(before), int(after)}:
        return 0.0
    if abs(int(after) - int(before)) > 1:
        return float("inf")
    times = [time_of(frame.data[frame.starts[at] : frame.ends[at]]) for at in (row - 1, row)]
    if times[0] is None or times[1] is None:
        return 0.0
    return abs(times[1] - times[0])


@dataclass(frozen=True, slots=True)
class _Rows:
    first: int
    last: int

    def of(self, column: Any) -> Any:  # noqa: ANN401 - an array or None
        return None if column is None else column[self.first : self.last]


def _part(frame: Frame, first: int, last: int, heads: Ints) -> Frame:
    """Return the rows before `last`, each head with the bytes of the rows that go on with it."""
    rows = _Rows(first, last)
    end = int(frame.starts[last]) if last < len(frame.starts) else len(frame.data)
    starts, ends = frame.starts[first:last].copy(), frame.ends[first:last].copy()
    if len(heads) < len(starts):
        is_head = np.zeros(len(starts), dtype=bool)
        is_head[heads] = True
        group_ends = ends[np.append(heads[1:], len(starts)) - 1]
        own = group_ends[np.cumsum(is_head) - 1]
        ends = own
        starts = np.where(is_head, starts, own)
    bad = frame.bad_times
    return replace(
        frame,
        data=frame.data[:end],
        starts=starts,
        ends=ends,
        minutes=rows.of(frame.minutes),
        status_class=rows.of(frame.status_class),
        streams=rows.of(frame.streams),
        bad_times=None if bad is None else bad[bad < last],
        line_count=-1,
    )


def _rest(frame: Frame, row: int) -> Frame:
    """Return the rows from `row` on as a frame of their own."""
    cut = int(frame.starts[row])
    rows = _Rows(row, len(frame.starts))
    bad = frame.bad_times
    return replace(
        frame,
        data=frame.data[cut:],
        starts=frame.starts[row:] - cut,
        ends=frame.ends[row:] - cut,
        minutes=rows.of(frame.minutes),
        status_class=rows.of(frame.status_class),
        streams=rows.of(frame.streams),
        bad_times=None if bad is None else bad[bad >= row] - row,
        first_line=frame.first_line + newline_count(frame.data, cut),
        line_count=-1,
    )


def _glued(held: Frame, frame: Frame) -> Frame:
    """Return two neighbouring frames as one."""
    shift, count = len(held.data), len(held.starts)
    bad = [held.bad_times, None if frame.bad_times is None else frame.bad_times + count]
    known = [one for one in bad if one is not None]
    return Frame(
        data=held.data + frame.data,
        starts=np.concatenate([held.starts, frame.starts + shift]),
        ends=np.concatenate([held.ends, frame.ends + shift]),
        minutes=np.concatenate([held.minutes, frame.minutes]),
        first_line=held.first_line,
        status_class=_both(held.status_class, frame.status_class),
        streams=_streams(held, frame),
        bad_times=np.concatenate(known) if known else None,
    )


def _both(held: Ints | None, new: Ints | None) -> Ints | None:
    return None if held is None or new is None else np.concatenate([held, new])


def _streams(held: Frame, frame: Frame) -> pa.Array | None:
    if held.streams is None and frame.streams is None:
        return None
    return pa.concat_arrays([_names(held), _names(frame)])


def _names(frame: Frame) -> pa.Array:
    if frame.streams is None:
        return pa.array([b""] * len(frame.starts), pa.large_binary())
    return _whole(frame.streams)


def _whole(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def one_writer(records: pa.Array) -> Ints:
    """Return the same writer for all records."""
    return np.zeros(len(records), dtype=np.int64)


def writers_of(names: pa.Array) -> Ints:
    """Return a number for each name."""
    codes = pc.fill_null(names, pa.scalar(b"", names.type)).dictionary_encode().indices
    numbers: Ints = codes.to_numpy(zero_copy_only=False).astype(np.int64)
    return numbers
