"""The lists beside the counts of a summary: exemplars, residue, sources and faults, merged.

Of too many, those with the smallest hashes are kept, so that merging stays associative.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from dataclasses import replace
from heapq import heappush, heapreplace
from itertools import zip_longest
from typing import TYPE_CHECKING

from logclass import sampling, tokens
from logclass.columns import EXEMPLARS_PER_GROUP
from logclass.model import Exemplar, Fault, Residue, SourceIntake

if TYPE_CHECKING:
    from collections.abc import Iterable

EXEMPLAR_GROUPS = 2_000
RESIDUE_TEMPLATES = 200
FAULTS = 1_000
_FURTHER = "further ones of this kind, which are not listed"
_MS_PER_HOUR = 3_600_000


def hour_of(time_ms: int | None) -> int:
    """Return the hour since the epoch in which exemplars are grouped, -1 where none is known."""
    return -1 if time_ms is None else time_ms // _MS_PER_HOUR


def group_name(reason: str, service: str, instance: str, hour: int) -> str:
    """Return the name of a group of exemplars, by whose hash it is kept or dropped."""
    return f"{reason}\0{service}\0{instance}\0{hour}"


def exemplars(found: Iterable[Exemplar]) -> tuple[Exemplar, ...]:
    """Return the earliest of each group; of too many groups, those with the smallest hashes."""
    groups: dict[str, list[Exemplar]] = defaultdict(list)
    for one in found:
        groups[group_name(one.reason, one.service, one.instance, hour_of(one.time_ms))].append(one)
    kept = sorted(groups, key=tokens.hash64)[:EXEMPLAR_GROUPS]
    chosen = [
        one for name in kept for one in sorted(set(groups[name]), key=_place)[:EXEMPLARS_PER_GROUP]
    ]
    return tuple(sorted(chosen, key=_place))


class Earliest:
    """Tells which rows a summary may keep as exemplars: the first of each kind in each hour.

    Of too many kinds, those that the summary keeps: of the smallest hashes.
    """

    def __init__(self) -> None:
        self._times_ms: dict[tuple[str, str, str, int], list[int]] = {}
        self._held: list[tuple[int, tuple[str, str, str, int]]] = []  # heap, largest hash first

    def holds(self, group: tuple[str, str, str], time_ms: int | None) -> bool:
        """Return whether such a row is among the earliest of its kind, or level with them.

        group: its reason, service and instance.
        """
        kind = (*group, hour_of(time_ms))
        time_ms = time_ms or 0
        times = self._times_ms.get(kind)
        if times is None:
            times = self._begun(kind)
            if times is None:
                return False
        if len(times) >= EXEMPLARS_PER_GROUP:
            if time_ms > times[-1]:
                return False
            if time_ms < times[-1]:
                times.pop()
                insort(times, time_ms)
            return True
        insort(times, time_ms)
        return True

    def _begun(self, kind: tuple[str, str, str, int]) -> list[int] | None:
        """Return the empty list of a new kind, None where its hash is too large to be kept."""
        entry = -tokens.hash64(group_name(*kind)), kind
        if len(self._held) < EXEMPLAR_GROUPS:
            heappush(self._held, entry)
        elif entry < self._held[0]:
            return None
        else:
            del self._times_ms[heapreplace(self._held, entry)[1]]
        return self._times_ms.setdefault(kind, [])


def _place(one: Exemplar) -> tuple[int, str, int, int, str]:
    return (one.time_ms or 0, one.source, one.part, one.line, one.pattern)


def residue(found: Iterable[Residue]) -> tuple[Residue, ...]:
    """Return one of each template, the most frequent first; of too many, by smallest hashes."""
    counts: dict[str, int] = defaultdict(int)
    shown: dict[str, tuple[int, str]] = {}
    for one in found:
        counts[one.template] += one.count
        mine = one.order, one.exemplar
        shown[one.template] = min(shown.get(one.template, mine), mine)
    kept = sorted(counts, key=tokens.hash64)[:RESIDUE_TEMPLATES]
    ranked = sorted(kept, key=lambda template: (-counts[template], template))
    return tuple(
        Residue(template, counts[template], shown[template][1], shown[template][0])
        for template in ranked
    )


def sources(read: Iterable[SourceIntake]) -> tuple[SourceIntake, ...]:
    """Return one intake per source, in order of name; they grow with what the user named."""
    groups: dict[str, list[SourceIntake]] = defaultdict(list)
    for intake in read:
        groups[intake.source].append(intake)
    merged = [_merged_source(groups[name]) for name in sorted(groups)]
    least = sampling.level_of_bytes(sum(one.read_bytes for one in merged))
    return tuple(_levelled(one, least) for one in merged)


def _levelled(intake: SourceIntake, least: int) -> SourceIntake:
    """Return the intake with the level that what was drawn of it, and of all sources, gives."""
    level = max(intake.level, least, sampling.level_of_reads(intake.drawn))
    return replace(intake, level=level, drawn=sampling.above(intake.drawn, level))


def _merged_source(same: list[SourceIntake]) -> SourceIntake:
    parts: dict[int, int] = defaultdict(int)
    for intake in same:
        for offset, count in intake.parts:
            parts[offset] += count
    return SourceIntake(
        source=same[0].source,
        format=max(intake.format for intake in same),
        read_bytes=sum(intake.read_bytes for intake in same),
        events=sum(intake.events for intake in same),
        rejections=sum(intake.rejections for intake in same),
        unclassified=sum(intake.unclassified for intake in same),
        faults=sum(intake.faults for intake in same),
        first_ms=min((i.first_ms for i in same if i.first_ms is not None), default=None),
        last_ms=max((i.last_ms for i in same if i.last_ms is not None), default=None),
        zone_assumed=any(intake.zone_assumed for intake in same),
        year_assumed=any(intake.year_assumed for intake in same),
        order_assumed=max(intake.order_assumed for intake in same),
        zone_told=max(intake.zone_told for intake in same),
        date_told=max(intake.date_told for intake in same),
        days_late=max(intake.days_late for intake in same),
        parts=tuple(sorted(parts.items())),
        sha256=max(intake.sha256 for intake in same),
        candidates=sum(intake.candidates for intake in same),
        drawn=tuple(map(sum, zip_longest(*(intake.drawn for intake in same), fillvalue=0))),
        level=max(intake.level for intake in same),
    )


def faults(found: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return one fault per source, kind and detail, with the first place and the count.

    Of more than FAULTS, those with the smallest hashes; the others of each kind are one, that
    names no source and holds their number.
    """
    groups: dict[tuple[str, str, str], list[Fault]] = defaultdict(list)
    for fault in found:
        groups[fault.source, fault.kind, fault.detail].append(fault)
    merged = []
    for (source, kind, detail), same in groups.items():
        first = min(same, key=lambda fault: (fault.line or 0, fault.excerpt))
        count = sum(fault.count for fault in same)
        merged.append(Fault(source, kind, detail, first.line, first.excerpt, count))
    merged.sort(key=lambda fault: (fault.source, fault.kind, fault.detail))
    if len(merged) <= FAULTS:
        return tuple(merged)
    named = [fault for fault in merged if fault.source]
    named.sort(key=lambda f: tokens.hash64(f"{f.source}\0{f.kind}\0{f.detail}"))
    more: Counter[str] = Counter()
    for fault in (*(fault for fault in merged if not fault.source), *named[FAULTS:]):
        more[fault.kind] += fault.count
    further = [Fault("", kind, _FURTHER, count=count) for kind, count in more.items()]
    kept = [*further, *named[:FAULTS]]
    return tuple(sorted(kept, key=lambda fault: (fault.source, fault.kind, fault.detail)))
