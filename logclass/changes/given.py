"""Files that the user says are change records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logclass import changes
from logclass.errors import ChangeRecordError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from logclass.model import ChangeEvent


def read(paths: Sequence[Path]) -> tuple[ChangeEvent, ...]:
    """Return the change events in files given with `--changes`.

    Raises ChangeRecordError when a file cannot be read or holds none.
    """
    reads = []
    for path in paths:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ChangeRecordError(f"cannot read {path}: {error.strerror}") from error
        near_ms = int(path.stat().st_mtime * 1000)
        recorded = changes.read(data, name=str(path), near_ms=near_ms, trusted=True)
        if recorded is None:
            raise ChangeRecordError(f"{path}: no change records that are known here")
        if recorded.faults and not (recorded.events or recorded.not_done or recorded.key_sets):
            raise ChangeRecordError(f"{path}: {recorded.faults[0].detail}")
        reads.append(recorded)
    return changes.merge(reads)
