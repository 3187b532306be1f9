"""Which sources are read a second time, because a first reading told more of their times."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logclass import sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logclass.model import Settled, Source


def plan(
    tasks: Sequence[Sequence[Source]], read: Sequence[Sequence[str]], told: Sequence[Settled]
) -> tuple[dict[int, tuple[Source, ...]], tuple[Settled, ...]]:
    """Return the tasks to do again, by their place, and what holds of the sources' times then.

    read: the names of the sources that each task read. Standard input cannot be read again: what
    would change its times does not hold.
    """
    wrong = {one.source: one for one in told if one.changes_times}
    again: dict[int, tuple[Source, ...]] = {}
    mended: set[str] = set()
    for place, (task, names) in enumerate(zip(tasks, read, strict=True)):
        mine = [wrong[name] for name in names if name in wrong]
        if mine and all(source.path or source.remote for source in task):
            again[place] = tuple(_told(source, tuple(mine)) for source in task)
            mended.update(one.source for one in mine)
    holds = tuple(one for one in told if one.source not in wrong or one.source in mended)
    return again, holds


def _told(source: Source, settled: tuple[Settled, ...]) -> Source:
    choices = source.choices._replace(settled=settled)
    return sources.chosen(replace(source, choices=choices))
