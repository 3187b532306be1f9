"""Changes that undo others: whether the rejections ended with them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from logclass.evidence.names import is_same, marks
from logclass.evidence.phrases import clock, span
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logclass.model import ChangeEvent, Episode

UNDO_MS = 20 * 60_000


def undone(episode: Episode, changes: Iterable[ChangeEvent]) -> tuple[ChangeEvent, ...]:
    """Return the changes after the onset that the recovery follows closely, nearest first."""
    if episode.recovery is None:
        return ()
    end = episode.recovery
    near = [
        c
        for c in changes
        if c.time_ms > episode.onset.high_ms
        and end.low_ms - UNDO_MS <= (c.end_ms or c.time_ms)
        and c.time_ms <= end.high_ms + 60_000
    ]
    return tuple(sorted(near, key=lambda c: abs(end.point_ms - (c.end_ms or c.time_ms))))


class Rollbacks:
    """The rollbacks after an onset, by what they can be rollbacks of."""

    def __init__(self, episode: Episode, changes: Iterable[ChangeEvent]) -> None:
        """Take all changes."""
        self._episode = episode
        self._by_mark: dict[str, list[tuple[int, ChangeEvent]]] = {}
        self._said: dict[tuple[str, int], tuple[float, str]] = {}
        after = episode.onset.high_ms
        for place, one in enumerate(changes):
            if one.kind is ChangeKind.ROLLBACK and one.time_ms > after:
                for mark in marks(one.target) or {""}:
                    self._by_mark.setdefault(mark, []).append((place, one))

    def undo(self, change: ChangeEvent) -> tuple[float, str]:
        """Return the term of a later change to the same thing that ended, or did not end, it."""
        if not self._by_mark:
            return 0.0, ""
        since = max(change.time_ms, self._episode.onset.high_ms)
        key = change.target, since
        if key not in self._said:
            self._said[key] = self._undo(self._later(change.target, since))
        return self._said[key]

    def _later(self, target: str, since_ms: int) -> list[ChangeEvent]:
        """Return the rollbacks of a target after a moment, in the order of the records."""
        near = {
            place: one
            for mark in marks(target) or {""}
            for place, one in self._by_mark.get(mark, ())
        }
        return [
            one
            for _, one in sorted(near.items(), key=lambda item: item[0])
            if one.time_ms > since_ms and (is_same(one.target, target) or one.target == target)
        ]

    def _undo(self, later: Sequence[ChangeEvent]) -> tuple[float, str]:
        if not later:
            return 0.0, ""
        for back in undone(self._episode, later):
            assert self._episode.recovery is not None
            lag = (self._episode.recovery.point_ms - back.time_ms) / 1000
            at = clock(back.time_ms)
            return math.log(6), f"Rejections ended {span(lag)} from its rollback at {at}."
        at = clock(later[0].time_ms)
        return -math.log(3), f"It was rolled back at {at} and the rejections went on."
