"""Lines of several writers mixed in one stream → whose record each line belongs to.

Two pods that fail at once write their stack traces line by line into the same file. Each writer's
lines are followed by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from logclass.formats.blocks import Frame, Ints, line_numbers
from logclass.formats.traces import Trace

if TYPE_CHECKING:
    from collections.abc import Callable

    # Milliseconds between two rows.
    Gap = Callable[[int, int], float]

MAX_PIECES = 400  # events of one trace
WITHIN_ROWS = 2_000  # of the stream in which the lines of one record stand
_MOST_HELD = 20 * WITHIN_ROWS


@dataclass(slots=True)
class _Tail:
    """A writer's latest record, that its next line may go on with."""

    trace: Trace
    head: int
    last: int
    count: int = 1


def owners(role: list[int], writers: list[int], gap_ms: Gap) -> Ints:
    """Return for each row the row that its record begins with. role: see traces.Role."""
    owner = np.arange(len(role), dtype=np.int64)
    tails: dict[int, _Tail] = {}
    for row, (played, writer) in enumerate(zip(role, writers, strict=True)):
        tail = tails.get(writer)
        if tail is None or row - tail.head >= WITHIN_ROWS:
            tails[writer] = _Tail(_begun(played), row, row)
            continue
        gap = gap_ms(tail.last, row) if played > 1 else 0.0
        if tail.trace.goes_on(played, gap) and tail.count < MAX_PIECES:
            owner[row] = tail.head
            tail.count += 1
        else:
            tail.head, tail.count = row, 1
        tail.last = row
    return owner


def _begun(role: int) -> Trace:
    trace = Trace()
    trace.goes_on(role, 0)
    return trace


def settled(owner: Ints, writers: Ints) -> int:
    """Return how many rows no further row can go on with."""
    count = len(owner)
    first = max(0, count - WITHIN_ROWS)
    _, at = np.unique(writers[first:][::-1], return_index=True)
    latest = owner[count - 1 - at]  # each writer's
    cut = int(latest[latest >= first].min(initial=count - 1))
    while cut and (before := int(owner[cut:].min())) < cut:
        cut = before
    return count // 2 if cut == 0 and count > _MOST_HELD else cut


def in_order(frame: Frame, owner: Ints) -> Frame:
    """Return the frame with the rows of each record side by side; the same where they are."""
    order = np.argsort(owner, kind="stable")
    if (order == np.arange(len(order))).all():
        return frame
    parts = [frame.data[frame.starts[row] : frame.ends[row]] for row in order.tolist()]
    ends = np.cumsum([len(part) for part in parts], dtype=np.int64)
    bad = frame.bad_times
    return replace(
        frame,
        data=b"".join(parts),
        starts=ends - np.array([len(part) for part in parts], dtype=np.int64),
        ends=ends,
        minutes=frame.minutes[order],
        status_class=None if frame.status_class is None else frame.status_class[order],
        streams=None if frame.streams is None else frame.streams.take(pa.array(order)),
        bad_times=None if bad is None else np.flatnonzero(np.isin(order, bad)),
        at_line=line_numbers(frame, order) - frame.first_line,
    )
