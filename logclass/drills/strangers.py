"""Requests of those who hold no token of ours: probes, scanners, broken scripts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logclass.drills.parts import NO_HEADER, Client, Event, Refusal, Stranger, Token

if TYPE_CHECKING:
    from logclass.drills.verifying import Verifiers
    from logclass.drills.world import World

_KINDS = ("undefined", "truncated", "doubled", "quoted", "header", "header")


def answer_strangers(world: World, verifiers: Verifiers) -> list[Event]:
    """Return the requests that a world plans for strangers, and the usual ones, as answered."""
    rng = world.random
    count = int(world.junk_per_minute * (world.end - world.start) / 60)
    addresses = [f"198.51.100.{rng.randint(1, 250)}" for _ in range(max(4, count // 3))]
    for _ in range(count):
        kind = rng.choice(_KINDS)
        shape = None if kind == "header" else replace(world.shape, kind=kind)
        time, number = rng.uniform(world.start, world.end), rng.randrange(len(world.services))
        world.extra.append(Stranger(time, number, rng.choice(addresses), shape))
    known: dict[str, Client] = {}
    events = []
    for one in sorted(world.extra, key=lambda one: (one.time, one.ip)):
        client = known.get(one.ip)
        if client is None:
            client = Client(one.ip, "curl/8.5.0", "stranger", 1.0, "keep", "x")
            known[one.ip] = client
        events.append(_answered(world, verifiers, one, client))
    return events


def _answered(world: World, verifiers: Verifiers, one: Stranger, client: Client) -> Event:
    rng = world.random
    service = world.services[one.service]
    place = rng.randrange(len(service.slots))
    refusal: Refusal | None = NO_HEADER
    token = None
    if one.shape is not None:
        slot = service.slots[place]  # a stranger's token brings no fetch of the key set
        refusal = verifiers.verdict(one.shape, slot.checks.at(one.time), slot.keys, "", "held")
        if one.shape.kind == "token":
            token = Token(one.shape, one.time - 60, one.time + 3600)
    route = rng.choice(service.routes).replace("{n}", "1")
    is_fault = one.is_fault and refusal is not None
    if is_fault:
        world.affected.add(service.slots[place].names.at(one.time))
    status = 401 if refusal is not None else 200
    request_id = f"{rng.getrandbits(64):016x}"
    return Event(
        one.time, one.service, place, client, route, status, refusal, token, request_id, is_fault
    )
