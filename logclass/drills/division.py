"""Whether a fault divided the fleet: some instances refused what others of the service took."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logclass.drills.parts import Event
    from logclass.drills.world import World

LEAST_EXPECTED = 5.0  # refusals of an instance that does as the others do
SPARED, HIT = 0.1, 0.5  # failing share of an instance over that of the one that fails most


def is_divided(world: World, events: Iterable[Event]) -> bool | None:
    """Return whether it did, from the first request it failed to the last.

    None where no one can say: instances were reached one after the other, so that some refused a
    part of what they got, or too few requests tell.
    """
    if world.split is not None:
        return True
    found = [_of_service(counts) for counts in _counts(world, events).values()]
    if True in found:
        return True
    return None if None in found else False


def _counts(world: World, events: Iterable[Event]) -> dict[int, dict[str, tuple[int, int]]]:
    """Return by service and instance the requests while the fault lasted, and how many it failed.

    Services that it failed nothing of are left out.
    """
    listed = list(events)
    failed = [event.time for event in listed if event.is_fault]
    if not failed:
        return {}
    requests: dict[int, Counter[str]] = defaultdict(Counter)
    faults: dict[int, Counter[str]] = defaultdict(Counter)
    for event in listed:
        if failed[0] <= event.time <= failed[-1]:
            name = world.services[event.service].slots[event.slot].names.at(event.time)
            requests[event.service][name] += 1
            faults[event.service][name] += event.is_fault
    return {
        service: {name: (n, faults[service][name]) for name, n in counts.items()}
        for service, counts in requests.items()
        if faults[service].total()
    }


def _of_service(counts: dict[str, tuple[int, int]]) -> bool | None:
    if len(counts) == 1:
        return False
    usual = sum(k for _, k in counts.values()) / sum(n for n, _ in counts.values())
    shares = [k / n for n, k in counts.values() if n * usual >= LEAST_EXPECTED]
    if len(shares) < 2:
        return None
    if min(shares) <= SPARED * max(shares):
        return True
    return False if min(shares) >= HIT * max(shares) else None
