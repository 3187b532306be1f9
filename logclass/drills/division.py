"""Whether a fault divided the fleet: some instances refused what others of the service took."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logclass.drills.parts import Event
    from logclass.drills.world import World

LEAST_EXPECTED = 5.0  # refusals of an instance that does as the others do
SPARED, HIT = 0.1, 0.75  # failing share of an instance over that of the one that fails most
MOSTLY_FAILS = 0.5  # of its requests, the one that fails most
STAYS, GOES = 0.5, 0.1  # of the fault's time that a spared instance served


class _Served(NamedTuple):
    """What one instance did while the fault lasted."""

    requests: int
    failed: int
    stayed: float  # share of that time from its first request to its last


def is_divided(world: World, events: Sequence[Event]) -> bool | None:
    """Return whether it did, for half of the time from the first request it failed to the last.

    None where no one can say: instances were reached, or put right, one after the other and refused
    a part of what they got; the fault fails few requests anywhere; too few tell.
    """
    if world.split is not None:
        return True
    found = [_of_service(served) for served in _by_service(world, events)]
    if True in found:
        return True
    return None if None in found else False


def _by_service(world: World, events: Sequence[Event]) -> list[list[_Served]]:
    """Return the instances of each service that the fault failed requests of."""
    times = [event.time for event in events if event.is_fault]
    if not times:
        return []
    first, last = times[0], times[-1]
    services: dict[int, dict[str, list[Event]]] = defaultdict(lambda: defaultdict(list))
    for event in events:
        if first <= event.time <= last:
            name = world.services[event.service].slots[event.slot].names.at(event.time)
            services[event.service][name].append(event)
    whole = max(last - first, 1.0)
    return [
        [
            _Served(
                len(mine),
                sum(event.is_fault for event in mine),
                (mine[-1].time - mine[0].time) / whole,
            )
            for mine in instances.values()
        ]
        for instances in services.values()
        if any(event.is_fault for mine in instances.values() for event in mine)
    ]


def _of_service(served: list[_Served]) -> bool | None:
    usual = sum(one.failed for one in served) / sum(one.requests for one in served)
    stayed = [one for one in served if one.failed or one.stayed >= GOES]
    if len(stayed) == 1:
        return False
    told = [one for one in stayed if one.requests * usual >= LEAST_EXPECTED]
    shares = [one.failed / one.requests for one in told]
    if len(told) < 2 or max(shares) < MOSTLY_FAILS:
        return None
    most = max(shares)
    if any(SPARED * most < share < HIT * most for share in shares):
        return None
    spared = [one for one in told if one.failed / one.requests <= SPARED * most]
    if not spared:
        return False
    return True if any(one.stayed >= STAYS for one in spared) else None
