"""One machine: a pool of processes over sources and parts of large files."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Task = TypeVar("Task")
Result = TypeVar("Result")


def usable_cores() -> int:
    """Return how many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    *,
    workers: int,
    start: Callable[[], None] | None = None,
) -> Iterator[Result]:
    """Yield the results in the order of the tasks.

    start: runs once in each worker process before its first task (and once here when there is
    only one worker); None where nothing is to be set up.
    """
    workers = min(workers, len(tasks))
    if workers <= 1:
        if start is not None:
            start()
        yield from map(work, tasks)
        return
    # fork shares what is imported already; elsewhere a worker starts afresh.
    method = "fork" if sys.platform == "linux" else "spawn"
    gc.freeze()  # a collection in a worker would write to all that it shares, and so copy it
    try:
        with ProcessPoolExecutor(
            workers, mp_context=multiprocessing.get_context(method), initializer=start
        ) as pool:
            yield from pool.map(work, tasks)
    finally:
        gc.unfreeze()
