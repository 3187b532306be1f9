"""Old and new instances: what served before an episode, and what was started as it began.

An instance is new where its name is first seen then, or where its own line says that it starts:
hosts and virtual machines keep their names. A name is first seen late for other reasons too. Where
a service hardly logs what passes, an instance without a line may have served all along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from logclass.evidence.series import text
from logclass.evidence.sightings import STARTED, signals
from logclass.evidence.slice import seconds

if TYPE_CHECKING:
    from logclass.evidence.slice import Slice

WATCHED = 10.0  # lines of an instance that serves: then having none is no accident
EARLY_MS = 60_000  # before the onset in which its first start may be
WAVE_MS = 15 * 60_000  # before the onset in which a wave of starts may have begun ...
NEXT_MS = 5 * 60_000  # ... of which one follows the other within this
LATE_MS = 5 * 60_000  # after it: rejections that run for longer were not begun by a start
BOOT_MS = 2 * 60_000  # from an instance's first line, known to the minute, to that of its start
ENDING_MS = 3 * 60_000  # before the end of the data: an instance with lines then was not stopped
LEAST_MINUTES = 3  # that must lie before the onset
REACH = 0.7  # share of the rejections in services whose instances were replaced


@dataclass(frozen=True, slots=True)
class Turnover:
    """Instances replaced, or started anew, around the episode; one may be both old and new."""

    old: tuple[str, ...]  # seen before the onset
    new: tuple[str, ...]  # seen first, or started anew, at the onset or later
    old_alive: int  # old ones serving in the middle of the episode
    alive: int
    old_rejections: float
    new_rejections: float
    last_old_ms: int | None  # last event of an old instance that stopped, or was started anew
    first_new_ms: int | None  # first event of the new ones
    last_new_ms: int | None  # first event of the one that came last
    left_old: int  # old ones still serving when the data ends
    end_ms: int  # end of the data
    is_measured: bool  # instances were seen before the onset, so "new" means something
    is_timely: bool = True  # the first new one came as the episode began
    reach: float = 1.0  # share of the rejections in services that have new instances

    @property
    def is_rolling(self) -> bool:
        """Whether old and new instances served side by side, and old ones went away.

        A deploy of one of many services that fail alike is beside the matter.
        """
        is_both = self.is_measured and bool(self.new) and 0 < self.old_alive < self.alive
        return is_both and self.is_timely and self.reach >= REACH


def replaced(part: Slice, rows: pd.DataFrame) -> Turnover:
    """Return the turnover of an episode; `rows` are its rejections whose instance is known."""
    lives = _lives(part, rows)
    begun, onset = lives["begun"], part.episode.onset
    had_old = (lives["min"] + BOOT_MS < begun.fillna(np.inf)) & lives["is_old"]
    had_new = begun.notna()
    at = seconds(rows) * 1000
    names = rows["instance"].to_numpy(dtype=object)
    is_new = at >= begun.reindex(names).to_numpy(np.float64)
    is_old = had_old.reindex(names).to_numpy(bool) & ~is_new
    weight = rows["count"].to_numpy(np.float64)
    middle = _middle(rows, part)
    alive = (lives["min"] <= middle) & (lives["max"] >= middle)
    is_old_then = alive & had_old & ~(begun <= middle)
    end = (part.grid.first + part.grid.minutes) * 60_000
    left = had_old & ~had_new
    ends = lives["max"].where(left, begun)[had_old] + 60_000 * left[had_old]
    gone = ends[(lives["max"] >= onset.low_ms)[had_old] & (ends < end - ENDING_MS)]
    first = _whole(begun.min())
    minutes_before = onset.low_ms // 60_000 - part.grid.first
    return Turnover(
        old=tuple(map(str, lives.index[had_old])),
        new=tuple(map(str, lives.index[had_new])),
        old_alive=int(is_old_then.sum()),
        alive=int(alive.sum()),
        old_rejections=float(weight[is_old].sum()),
        new_rejections=float(weight[is_new].sum()),
        last_old_ms=_whole(gone.max()),
        first_new_ms=first,
        last_new_ms=_whole(begun.max()),
        left_old=int((lives["max"] >= end - ENDING_MS)[left].sum()),
        end_ms=end,
        is_measured=bool(had_old.any()) and minutes_before >= LEAST_MINUTES,
        is_timely=first is None or first <= onset.high_ms + LATE_MS,
        reach=_reach(rows, lives["service"][had_new]),
    )


def _reach(rows: pd.DataFrame, turned: pd.Series) -> float:
    """Return the share of the rejections in the services of these instances."""
    weight = rows["count"].to_numpy(np.float64)
    if not weight.sum():
        return 0.0
    return float(weight[rows["service"].isin(turned.unique()).to_numpy()].sum() / weight.sum())


def _whole(value: float) -> int | None:
    return int(value) if np.isfinite(value) else None


def _lives(part: Slice, rows: pd.DataFrame) -> pd.DataFrame:
    """Return per instance its first and last line, and when it began anew; epoch milliseconds."""
    names = ["service", "instance", "minute"]
    before = part.before[part.before["instance"] != ""]
    seen = pd.concat([part.events[names], rows[names], before[names]])
    spans = seen.groupby("instance")["minute"].agg(["min", "max"]) * 60_000
    started = _started(part)
    service = seen.groupby("instance")["service"].first()
    tells = service.isin(_watched(part))
    low = part.episode.onset.low_ms // 60_000 * 60_000
    is_first = tells & (
        spans["min"] >= _wave_ms(spans["min"][tells], low, part.grid.first * 60_000)
    )
    begun = started.reindex(spans.index).fillna(spans["min"].where(is_first).astype(float))
    is_known = tells | (spans["min"] < low) | bool(len(started))
    return spans.assign(begun=begun, is_old=is_known, service=service)


def _wave_ms(firsts: pd.Series, low: int, data_ms: int) -> int:
    """Return when the wave of starts began that was under way at the onset, else the onset.

    A rolling deploy replaces one instance after the other: the first new ones may serve before
    anything is rejected. Where the data begin (`data_ms`) everything is seen first: that is none.
    `firsts`: of each instance its first minute, epoch milliseconds.
    """
    begun = low
    if (firsts >= low).any():
        for first in sorted(firsts[(firsts >= low - WAVE_MS) & (firsts < low)], reverse=True):
            if begun - first <= NEXT_MS:
                begun = int(first)
    return begun if begun - NEXT_MS > data_ms else low


def _started(part: Slice) -> pd.Series:
    """Return the first start of each instance from the onset on, by its own lines."""
    told = signals(part, STARTED)
    at = seconds(told) * 1000
    near = (at >= part.episode.onset.low_ms - EARLY_MS) & (at < part.stop * 60_000)
    names = text(told, "instance").to_numpy(dtype=object)
    mine = pd.Series(at[near], index=names[near], dtype=float)
    return mine[mine.index != ""].groupby(level=0).min()


def _watched(part: Slice) -> set[str]:
    """Return the services whose instances left lines before the onset, if they served."""
    first = part.episode.onset.low_ms // 60_000
    lines = part.events[part.events["minute"] < first].groupby("service")
    each = lines["events"].sum() / lines["instance"].nunique()
    return {str(s) for s in each.index[each >= WATCHED]}


def _middle(rows: pd.DataFrame, part: Slice) -> int:
    """Return when half of the rejections were written, epoch milliseconds of that minute."""
    if not len(rows):
        return (part.first + part.stop) // 2 * 60_000
    cum = rows["count"].cumsum().to_numpy()
    at = int(np.searchsorted(cum, cum[-1] / 2))
    return int(rows["minute"].iloc[at]) * 60_000
