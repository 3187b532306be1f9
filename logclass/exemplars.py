"""Which lines stand as evidence in a report, and where they are in their file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logclass.plain import iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logclass.model import Exemplar, Incident, SourceIntake

LISTED = 12


def choose(exemplars: Iterable[Exemplar], incident: Incident, end_ms: int | None) -> list[Exemplar]:
    """Return at most LISTED exemplars of an incident, in order of time.

    First one of every reason in every class of instances, then further instances.
    """
    episode = incident.episode
    rank = {reason: place for place, reason in enumerate(episode.reasons)}
    latest = episode.recovery.high_ms if episode.recovery else end_ms
    inside = sorted(
        (e for e in exemplars if _belongs(e, incident, latest)),
        key=lambda e: (rank.get(e.reason, len(rank)), _order(e)),
    )
    chosen: dict[tuple[str, str], list[Exemplar]] = {}
    for exemplar in inside:
        key = (exemplar.reason, _instance_class(exemplar.instance, incident))
        chosen.setdefault(key, []).append(exemplar)
    return sorted(_round_robin(list(chosen.values())), key=_order)


def _belongs(exemplar: Exemplar, incident: Incident, latest_ms: int | None) -> bool:
    episode = incident.episode
    if exemplar.time_ms is None or exemplar.time_ms < episode.onset.low_ms:
        return False
    if latest_ms is not None and exemplar.time_ms > latest_ms:
        return False
    if episode.services and exemplar.service not in episode.services:
        return False
    return exemplar.reason in episode.reasons


def _order(exemplar: Exemplar) -> tuple[int, str, int, int]:
    return (exemplar.time_ms or 0, exemplar.source, exemplar.part, exemplar.line)


def _instance_class(instance: str, incident: Incident) -> str:
    """Return the class of a split fleet the instance is in, else whether it was failing."""
    for place, group in enumerate((incident.split or {}).get("classes", ())):
        if instance in group["instances"]:
            return f"class {place}"
    return "failing" if instance in incident.episode.instances else "other"


def _round_robin(groups: Sequence[list[Exemplar]]) -> list[Exemplar]:
    """Return up to LISTED exemplars, one of each group in turn, unseen instances first."""
    queues = [_unseen_first(group) for group in groups]
    taken: list[Exemplar] = []
    for turn in range(max((len(queue) for queue in queues), default=0)):
        taken += [queue[turn] for queue in queues if turn < len(queue)]
    return taken[:LISTED]


def _unseen_first(group: list[Exemplar]) -> list[Exemplar]:
    seen: set[str] = set()
    first: list[Exemplar] = []
    again: list[Exemplar] = []
    for exemplar in group:
        (again if exemplar.instance in seen else first).append(exemplar)
        seen.add(exemplar.instance)
    return first + again


def absolute_lines(
    exemplars: Iterable[Exemplar], sources: Iterable[SourceIntake]
) -> list[dict[str, Any]]:
    """Return the exemplars as the document has them, lines counted from the start of the file."""
    parts: dict[str, set[tuple[int, int]]] = {}
    for intake in sources:
        parts.setdefault(intake.source, set()).update(intake.parts)
    return [
        {
            "source": exemplar.source,
            "line": exemplar.line + _lines_before(parts.get(exemplar.source, set()), exemplar.part),
            "time": iso(exemplar.time_ms),
            "service": exemplar.service,
            "instance": exemplar.instance,
            "reason": exemplar.reason,
            "excerpt": exemplar.excerpt,
        }
        for exemplar in exemplars
    ]


def _lines_before(parts: set[tuple[int, int]], offset: int) -> int:
    return sum(lines for start, lines in parts if start < offset)
