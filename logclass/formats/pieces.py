"""Stores that keep every line as an event → the first event of a stack trace has all of its text.

The events are counted as the store keeps them: the further ones stay, without bytes of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from logclass.columns import NO_MINUTE
from logclass.formats.blocks import Frame, Ints, newline_count
from logclass.formats.interleaved import in_order, owners, settled
from logclass.formats.traces import roles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    # What the records say, and who wrote each: neighbours of one writer are joined.
    Said = Callable[[Frame], tuple[pa.Array, Ints]]
    # When the store took a record, epoch ms.
    TimeOf = Callable[[bytes], int | None]

_MOST_BETWEEN_BYTES = 8 * 1024 * 1024  # of framing that a record may go on behind
TOLD_BYTES = 160  # the beginning of a line tells its role in a trace


def folded(frames: Iterable[Frame], said: Said, time_of: TimeOf) -> Iterator[Frame]:
    """Yield the frames with each trace's bytes in its first record; the same wherever they are cut.

    Records are held back while pieces may follow: each writer's last one, and what stands between.
    """
    held: Frame | None = None
    between: list[Frame] = []  # framing behind the held records
    for frame in frames:
        if len(frame.starts) == 0:
            between.append(frame)
            if held is None or sum(len(one.data) for one in between) > _MOST_BETWEEN_BYTES:
                yield from _ended(held, between, said, time_of)
                held, between = None, []
            continue
        whole = frame if held is None else reduce(_glued, [held, *between, frame])
        between = []
        owner, writers = _owners(whole, said, time_of)
        cut = settled(owner, writers)
        if cut == 0:
            held = whole
            continue
        yield _part(whole, cut, owner[:cut])
        held = _rest(whole, cut)
    yield from _ended(held, between, said, time_of)


def _ended(
    held: Frame | None, between: list[Frame], said: Said, time_of: TimeOf
) -> Iterator[Frame]:
    """Yield what was held back, when nothing goes on with it."""
    if held is not None:
        owner, _ = _owners(held, said, time_of)
        yield _part(held, len(held.starts), owner)
    yield from between


def _owners(frame: Frame, said: Said, time_of: TimeOf) -> tuple[Ints, Ints]:
    """Return the row that each row's record begins with, and who wrote each."""
    texts, writers = said(frame)
    role = roles(texts)
    if not (role > 1).any():
        return np.arange(len(frame.starts)), writers
    return owners(role.tolist(), writers.tolist(), partial(_gap_ms, frame, time_of)), writers


def _gap_ms(frame: Frame, time_of: TimeOf, one: int, other: int) -> float:
    """Return how far apart the times of two rows are; 0 where one has none."""
    before, after = frame.minutes[one], frame.minutes[other]
    if NO_MINUTE in {int(before), int(after)}:
        return 0.0
    if abs(int(after) - int(before)) > 1:
        return float("inf")
    times = [time_of(frame.data[frame.starts[at] : frame.ends[at]]) for at in (one, other)]
    if times[0] is None or times[1] is None:
        return 0.0
    return abs(times[1] - times[0])


@dataclass(frozen=True, slots=True)
class _Rows:
    first: int
    last: int

    def of(self, column: Any) -> Any:  # noqa: ANN401 - an array or None
        return None if column is None else column[self.first : self.last]


def _part(frame: Frame, last: int, owner: Ints) -> Frame:
    """Return the rows before `last`, each head with the bytes of the rows that go on with it."""
    rows = _Rows(0, last)
    end = int(frame.starts[last]) if last < len(frame.starts) else len(frame.data)
    bad = frame.bad_times
    part = replace(
        frame,
        data=frame.data[:end],
        starts=frame.starts[:last],
        ends=frame.ends[:last],
        minutes=rows.of(frame.minutes),
        status_class=rows.of(frame.status_class),
        streams=rows.of(frame.streams),
        bad_times=None if bad is None else bad[bad < last],
        line_count=-1,
        at_line=None,
    )
    is_head = owner == np.arange(last)
    if is_head.all():
        return part
    part = in_order(part, owner)
    is_head = is_head[np.argsort(owner, kind="stable")]
    heads = np.flatnonzero(is_head)
    group_ends = part.ends[np.append(heads[1:], last) - 1]
    own = group_ends[np.cumsum(is_head) - 1]
    return replace(part, starts=np.where(is_head, part.starts, own), ends=own)


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
        at_line=None,
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
