"""Several files of change records -> one list of changes, each of them once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logclass.changes import jwks
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logclass.changes.rows import ChangeRead
    from logclass.model import ChangeEvent

# Formats that only add to a change which another file of the same program describes.
_DETAILS = {"ecs tasks", "kubernetes rollout details", "github deployment statuses"}


def merge(reads: Sequence[ChangeRead]) -> tuple[ChangeEvent, ...]:
    """Return the changes of all files, by time, then id; each change once, each id once.

    A record's own id is unique inside the program that wrote it, so equal ids there are one change
    told twice. In lists that people keep, it is unique inside the file.
    """
    not_done = {(_family(read, ""), ident) for read in reads for ident in read.not_done}
    told: dict[tuple[str, str], ChangeEvent] = {}
    for read in sorted(reads, key=_rank):
        for event in read.events:
            key = (_family(read, event.source), event.id)
            if (_family(read, ""), event.id) in not_done:
                continue
            told[key] = overlay(told[key], event) if key in told else event
    rotated = jwks.compare(one for read in reads for one in read.key_sets)
    return _distinct(sorted((*_of_snapshots(told), *rotated), key=_order))


def _of_snapshots(told: dict[tuple[str, str], ChangeEvent]) -> list[ChangeEvent]:
    """Return the changes, with rollouts of ECS that ended in the same steady state laid together.

    What one snapshot of a service lists as a deployment, a later one tells by its events only.
    """
    found: list[ChangeEvent] = []
    rollouts: dict[tuple[str, int], int] = {}
    for (family, _), event in sorted(told.items(), key=lambda item: _order(item[1])):
        place = len(found)
        if family == "ecs" and event.kind is ChangeKind.DEPLOY and event.end_ms is not None:
            place = rollouts.setdefault((event.target, event.end_ms // 1000), place)
        if place < len(found) and not (_is_listed(found[place]) and _is_listed(event)):
            found[place] = overlay(found[place], event)
        else:
            found.append(event)
    return found


def _is_listed(rollout: ChangeEvent) -> bool:
    return rollout.id.startswith("ecs-svc/")


def overlay(first: ChangeEvent, second: ChangeEvent) -> ChangeEvent:
    """Return the first record of a change, completed by a second one.

    The first one's time stands: see `_rank` for which comes first. The rollout is over with the
    last of what was part of it.
    """
    ends = [end for end in (first.end_ms, second.end_ms) if end is not None]
    later = first.end_ms is None and second.end_ms is not None  # told when it was over
    told = (second, first) if later else (first, second)
    return replace(
        first,
        end_ms=max(ends, default=None),
        target=first.target or second.target,
        description=told[0].description or told[1].description,
        version=first.version or second.version,
        environment=first.environment or second.environment,
        instances=tuple(sorted({*first.instances, *second.instances})),
    )


def _rank(read: ChangeRead) -> tuple[bool, bool, str]:
    """Statuses of GitHub first, for their time; then whole records; then further details."""
    statuses = read.format == "github deployment statuses"
    return not statuses, read.format in _DETAILS, read.events[0].source if read.events else ""


def _family(read: ChangeRead, source: str) -> str:
    """Return the space in which ids are unique."""
    if read.format == "change list":
        return source
    return read.format.partition(" ")[0]


def _order(event: ChangeEvent) -> tuple[int, str, str]:
    return event.time_ms, event.id, event.source


def _distinct(events: list[ChangeEvent]) -> tuple[ChangeEvent, ...]:
    """Give different changes with one id different ids: the source is put in front."""
    seen: set[str] = set()
    result = []
    for event in events:
        twin = event.id in seen
        seen.add(event.id)
        result.append(replace(event, id=f"{event.source}#{event.id}") if twin else event)
    return tuple(result)
