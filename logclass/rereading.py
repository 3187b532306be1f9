"""Which sources are read a second time, because a first reading told more of their times."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logclass import sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logclass.model import Settled, Source


def plan(
    tasks: Sequence[Source], read: Sequence[Sequence[str]], told: Sequence[Settled]
) -> tuple[dict[int, Source], tuple[Settled, ...]]:
    """Return the tasks to do again, by their place, and what holds of the sources' times then.

    read: the names of the sources in each task. Standard input cannot be read again: what would
    change its times does not hold.
    """
    wrong = {one.source: one for one in told if one.changes_times}
    again: dict[int, Source] = {}
    mended: set[str] = set()
    for place, (task, names) in enumerate(zip(tasks, read, strict=True)):
        mine = [wrong[name] for name in names if name in wrong]
        if mine and (task.path or task.remote):
            choices = task.choices._replace(settled=tuple(mine))
            again[place] = sources.chosen(replace(task, choices=choices))
            mended.update(one.source for one in mine)
    holds = tuple(one for one in told if one.source not in wrong or one.source in mended)
    return again, holds
