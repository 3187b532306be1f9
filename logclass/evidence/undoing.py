"""Changes that undo others: whether the rejections ended with them."""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import TYPE_CHECKING

from logclass.evidence.names import is_same, marks
from logclass.evidence.phrases import clock, span
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logclass.model import ChangeEvent, Episode

UNDO_MS = 20 * 60_000
MENDED_MS = 3 * 60_000  # from the next change of the same thing to the end, if it is the mending
RELEASED = frozenset({ChangeKind.DEPLOY, ChangeKind.CONFIG, ChangeKind.GATEWAY})
LEAST_WELL_MS = 5 * 60_000  # of logs before a release: then it is known to have run well
LIFETIME_MS = 60 * 60_000  # of most tokens: those signed with a key live on when it is gone
RESTORED = -math.log(10)  # log odds of what ran well before


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
    """The rollbacks after an onset, and what those before it brought back."""

    def __init__(self, episode: Episode, changes: Sequence[ChangeEvent], start_ms: int) -> None:
        """Take all changes, in order of time, and the start of the logs."""
        self._episode = episode
        self._by_mark: dict[str, list[tuple[int, ChangeEvent]]] = {}
        self._said: dict[tuple[str, int], tuple[float, str]] = {}
        self._start_ms = start_ms
        self._released: dict[str, list[ChangeEvent]] = {}
        self._next: dict[str, ChangeEvent] = {}  # the first one after the onset, by target
        self._rotations = [one.time_ms for one in changes if one.kind is ChangeKind.ROTATION]
        after = episode.onset.high_ms
        for place, one in enumerate(changes):
            if one.target and one.time_ms > after:
                self._next.setdefault(one.target, one)
            for mark in marks(one.target) or {""}:
                if one.kind is ChangeKind.ROLLBACK and one.time_ms > after:
                    self._by_mark.setdefault(mark, []).append((place, one))
                elif one.kind in RELEASED and one.time_ms <= after:
                    self._released.setdefault(mark, []).append(one)

    def undo(self, change: ChangeEvent) -> tuple[float, str]:
        """Return the term of what a change undid, or of what undid it and ended it, or did not."""
        if change.kind is ChangeKind.ROLLBACK:
            return self._restored(change)
        if not self._by_mark:
            return self._mended(change)
        since = max(change.time_ms, self._episode.onset.high_ms)
        key = change.target, since
        if key not in self._said:
            self._said[key] = self._undo(self._later(change.target, since))
        if change.kind is ChangeKind.ROTATION and self._may_go_on(change.target, since):
            return 0.0, ""
        return self._said[key] if self._said[key][1] else self._mended(change)

    def _mended(self, change: ChangeEvent) -> tuple[float, str]:
        """Return the term of a change whose target was changed once more just as it ended.

        Who mends what a release broke need not call it a rollback: the next release does it too.
        """
        again, end = self._next.get(change.target), self._episode.recovery
        if again is None or end is None or change.time_ms >= again.time_ms:
            return 0.0, ""
        if again.kind is not change.kind or change.time_ms > self._episode.onset.high_ms:
            return 0.0, ""
        done = again.end_ms or again.time_ms
        if not (end.low_ms - MENDED_MS <= done and again.time_ms <= end.high_ms):
            return 0.0, ""
        side = "after" if end.point_ms >= done else "before"
        lag = f"{span((end.point_ms - done) / 1000)} {side}"
        what = f"the next change of {again.target}, at {clock(again.time_ms)}"
        return math.log(6), f"Rejections ended {lag} {what}."

    def _may_go_on(self, target: str, since_ms: int) -> bool:
        """Whether it went on after a rotation was undone, for no longer than tokens live."""
        term, _ = self._said[target, since_ms]
        end = self._episode.recovery
        back = self._later(target, since_ms)[:1] if term < 0 else []
        return any(end is None or end.point_ms <= one.time_ms + LIFETIME_MS for one in back)

    def _restored(self, back: ChangeEvent) -> tuple[float, str]:
        """Return the term of a rollback: what it brought back ran before without rejections.

        Where keys were rotated in the meantime, what ran well before need not do so again.
        """
        if back.time_ms > self._episode.onset.high_ms:
            return 0.0, ""
        begun = max((self._begun(mark, back) for mark in marks(back.target)), default=0)
        is_well = begun >= self._start_ms + LEAST_WELL_MS
        if not is_well or any(begun <= at < back.time_ms for at in self._rotations):
            return 0.0, ""
        return RESTORED, f"It brought back what ran until {clock(begun)} without such rejections."

    def _begun(self, mark: str, back: ChangeEvent) -> int:
        """Return when the last release before a rollback of the same thing was made; 0: none."""
        held = self._released.get(mark, ())
        start = bisect_left(held, back.time_ms, key=lambda one: one.time_ms)
        near = (held[place] for place in range(start - 1, -1, -1))
        return next((one.time_ms for one in near if is_same(one.target, back.target)), 0)

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
