"""The hour that a zone repeats when its summer time ends: the order of the file tells the passes.

Local times of such an hour stand for two moments (PEP 495). Of the two the one is taken that is
nearer to the record before; a step back in time counts as a longer way than one forward.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from logclass.formats.minutes import IMPOSSIBLE

if TYPE_CHECKING:
    from datetime import tzinfo

    from logclass.formats.blocks import Frame
    from logclass.formats.minutes import Clock

_MINUTES_PER_QUARTER = 15  # clocks are moved at whole quarters of an hour
_MS_PER_MINUTE = 60_000
_BACKWARD = 3  # lines of several threads are out of order by seconds, not by half an hour


class Folds:
    """The passes of the repeated hours of one stream, read frame by frame."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._before: int | None = None  # the minute of the last record with a time

    def settled(self, frame: Frame) -> Frame:
        """Return the frame with the minutes of second passes; the clock reads the first ones."""
        timed = np.flatnonzero(frame.minutes > IMPOSSIBLE)
        zone = self._clock.zone
        if zone is None or not self._clock.zone_used or len(timed) == 0:
            return frame
        minutes = frame.minutes[timed]
        quarters, places = np.unique(minutes // _MINUTES_PER_QUARTER, return_inverse=True)
        repeats = np.array([_repeat_minutes(zone, one) for one in quarters.tolist()])[places]
        if repeats.any():
            minutes = self._in_order(minutes, repeats)
            settled = frame.minutes.copy()
            settled[timed] = minutes
            frame = replace(frame, minutes=settled)
        self._before = int(minutes[-1])
        return frame

    def ms(self, time_ms: int | None, minute: int) -> int | None:
        """Return a record's time in the pass that its settled minute is in."""
        zone = self._clock.zone
        if time_ms is None or zone is None:
            return time_ms
        repeat = minute - time_ms // _MS_PER_MINUTE
        if repeat <= 0 or repeat != repeat_minutes(zone, time_ms // _MS_PER_MINUTE):
            return time_ms
        return time_ms + repeat * _MS_PER_MINUTE

    def _in_order(self, minutes: np.ndarray, repeats: np.ndarray) -> np.ndarray:
        settled = minutes.copy()
        for row, (minute, repeat) in enumerate(
            zip(minutes.tolist(), repeats.tolist(), strict=True)
        ):
            before = self._before
            if (
                repeat
                and before is not None
                and _way(before, minute + repeat) < _way(before, minute)
            ):
                settled[row] = minute + repeat
            self._before = int(settled[row])
        return settled


def repeat_minutes(zone: tzinfo, minute: int) -> int:
    """Return how many minutes later a local time comes again that was first at this minute; or 0.

    minute: since the epoch, UTC.
    """
    return _repeat_minutes(zone, minute // _MINUTES_PER_QUARTER)


@lru_cache(maxsize=4096)
def _repeat_minutes(zone: tzinfo, quarter: int) -> int:
    first = datetime.fromtimestamp(quarter * _MINUTES_PER_QUARTER * 60, tz=zone)
    here, there = first.utcoffset(), first.replace(fold=1).utcoffset()
    if first.fold or here is None or there is None or here <= there:
        return 0
    return int((here - there).total_seconds()) // 60


def _way(before: int, minute: int) -> int:
    return minute - before if minute >= before else _BACKWARD * (before - minute)
