"""Runs a world: requests, refreshes and retries in order of time."""

from __future__ import annotations

import heapq
import math
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from logclass.drills.parts import NO_HEADER, Client, Event, Note, Refusal, Token
from logclass.drills.strangers import answer_strangers
from logclass.drills.world import shape_for

if TYPE_CHECKING:
    import random

    from logclass.drills.parts import Key, Slot
    from logclass.drills.verifying import Verifiers
    from logclass.drills.world import World

_COOLDOWN = 30.0  # between fetches of a key set that are forced or failed
_STATUS, _OFTEN = (200, 201, 304, 404, 500), (900, 40, 30, 25, 5)
_TRIES = {"refresh": 1, "login": 2, "keep": 4}  # how often a client asks again, at most
_GIVEN_UP = 4
_EDGE = 1.5  # seconds by which ordinary clocks may disagree
_LATE = 1.25  # of the lifetime: when the release that refreshes too late does so


@dataclass(slots=True)
class Ran:
    """What happened."""

    events: list[Event] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    refreshes: list[tuple[float, Client, str]] = field(default_factory=list)  # "" when it went well


def run(world: World, verifiers: Verifiers) -> Ran:
    """Return every request of the window, as it was answered."""
    ran = Ran(notes=list(world.notes))
    rng = world.random
    _hand_out_tokens(world)
    weights = list(accumulate(1 / (rank + 3) ** 0.7 for rank in range(len(world.clients))))
    waiting: list[tuple[float, int, Client, int]] = []
    serial = _plan_jobs(world, waiting)
    for time in _arrivals(world):
        while waiting and waiting[0][0] <= time:
            due, _, client, tries = heapq.heappop(waiting)
            serial = _ask(world, ran, verifiers, (due, client, tries), (waiting, serial))
        client = world.clients[bisect_right(weights, rng.random() * weights[-1])]
        if not client.is_waiting:
            serial = _ask(world, ran, verifiers, (time, client, 0), (waiting, serial))
    ran.events += answer_strangers(world, verifiers)
    ran.events.sort(key=lambda event: event.time)
    return ran


def _plan_jobs(world: World, waiting: list[tuple[float, int, Client, int]]) -> int:
    """Put the requests of jobs into the queue; return how many there are."""
    rng = world.random
    for job in world.jobs:
        job.client.token = Token(
            shape_for(world.shape, job.client), world.start - 9e4, world.start - 8e4
        )
        for begin in job.starts:
            time = begin
            for _ in range(job.requests):
                time += rng.expovariate(1 / job.pause_seconds)
                waiting.append((time, len(waiting), job.client, _GIVEN_UP))
    heapq.heapify(waiting)
    return len(waiting)


def _arrivals(world: World) -> list[float]:
    rng = world.random
    peak = rng.uniform(0.0, 0.35)
    phase = rng.uniform(0, 2 * math.pi)
    times: list[float] = []
    minute = world.start
    while minute < world.end:
        mean = world.per_minute * world.surge.at(minute)
        mean *= 1 + peak * math.sin(2 * math.pi * minute / 86_400 + phase)
        if world.phi > 1:  # a gamma mixture: NB1 counts
            shape = max(mean / (world.phi - 1), 1e-6)
            mean = rng.gammavariate(shape, world.phi - 1)
        time = minute
        while mean > 0:
            time += rng.expovariate(mean / 60)
            if time >= minute + 60 or time >= world.end:
                break
            times.append(time)
        minute += 60
    return times


def _hand_out_tokens(world: World) -> None:
    rng = world.random
    for client in world.clients:
        life = world.ttl_seconds * (1.0 if client.is_lazy else client.margin)
        _issue(world, client, world.start - rng.uniform(0, life))


def _issue(world: World, client: Client, time: float) -> None:
    slot = world.issuer
    if world.issues_in is not None:
        service = world.services[world.issues_in]
        slot = _pick(world.random, service.slots, service.totals)
    shape = slot.shape.at(time)
    assert shape is not None
    at = math.floor(time + slot.offset(time))
    client.token = Token(shape_for(shape, client), at, at + world.ttl_seconds)


def _pick(rng: random.Random, slots: list[Slot], totals: list[float]) -> Slot:
    return slots[min(bisect_right(totals, rng.random() * totals[-1]), len(slots) - 1)]


def _ask(
    world: World,
    ran: Ran,
    verifiers: Verifiers,
    asked: tuple[float, Client, int],
    queue: tuple[list[tuple[float, int, Client, int]], int],
) -> int:
    """Send one request of a client, and plan what the client does about the answer."""
    time, client, tries = asked
    waiting, serial = queue
    if time >= world.end:
        return serial
    client.is_waiting = False
    is_behind = _is_behind(world, client, time)
    is_late = _refresh_if_due(world, ran, client, time, is_behind=is_behind)
    token = client.token
    assert token is not None
    event = _answer(world, ran, verifiers, time, client)
    is_expiry = time > token.exp - _EDGE
    is_usual = (is_expiry and not is_late and not is_behind) or _is_jitter(world, event)
    if event.refusal is not None and time >= world.at and not is_usual:
        event.is_fault = True
        world.affected.add(world.services[event.service].slots[event.slot].names.at(time))
    ran.events.append(event)
    if event.refusal is None or tries >= _TRIES[client.on_401]:
        return serial
    if is_behind and is_expiry:
        again = time + world.random.uniform(1, 6) if world.random.random() < 0.5 else None
    else:
        again = _after_401(world, ran, client, time, is_true_expiry=is_expiry)
    if again is not None:
        serial += 1
        heapq.heappush(waiting, (again, serial, client, tries + 1))
    return serial


def _is_jitter(world: World, event: Event) -> bool:
    """Say whether a fresh token came a moment too early, as ordinary clocks let happen."""
    refusal = event.refusal
    if refusal is None or not refusal.error.endswith("ImmatureSignatureError"):
        return False
    slot = world.services[event.service].slots[event.slot]
    return max(abs(one.offset(event.time)) for one in (slot, world.issuer)) < _EDGE


def _refresh_if_due(
    world: World, ran: Ran, client: Client, time: float, *, is_behind: bool
) -> bool:
    """Give the client a new token where it asks for one; say whether it should have got one."""
    token = client.token
    assert token is not None
    margin = _LATE if is_behind else client.margin
    is_due = time > token.iat + margin * world.ttl_seconds
    if is_due and (is_behind or not client.is_lazy):
        return not _refresh(world, ran, client, time)
    return bool(world.refreshing.at(time))


def _answer(world: World, ran: Ran, verifiers: Verifiers, time: float, client: Client) -> Event:
    """Return what came of a request: where it went, and what was said to it."""
    rng = world.random
    number = _service(world)
    service = world.services[number]
    spot = rng.random() * service.totals[-1]
    place = min(bisect_right(service.totals, spot), len(service.slots) - 1)
    route = rng.choice(service.routes)
    if "{" in route:
        route = route.replace("{n}", str(rng.randint(1000, 99999)))
    token = client.token
    assert token is not None
    if world.strip and world.strip(time, number, route, client):
        refusal: Refusal | None = NO_HEADER
    else:
        refusal = _check(world, ran, verifiers, (time, number, place), token)
    status = 401 if refusal is not None else rng.choices(_STATUS, _OFTEN)[0]
    request_id = f"{rng.getrandbits(64):016x}"
    return Event(time, number, place, client, route, status, refusal, token, request_id)


def _service(world: World) -> int:
    if len(world.services) == 1:
        return 0
    spot = world.random.random() * sum(service.share for service in world.services)
    for number, service in enumerate(world.services):
        spot -= service.share
        if spot < 0:
            return number
    return len(world.services) - 1


def _is_behind(world: World, client: Client, time: float) -> bool:
    """Say whether a client runs the release that refreshes too late."""
    return bool(client.release) and world.at <= time < (world.fault_end or world.end)


def _refresh(world: World, ran: Ran, client: Client, time: float) -> bool:
    failed = world.refreshing.at(time)
    if failed and world.random.random() < 0.97:
        ran.refreshes.append((time, client, failed))
        return False
    ran.refreshes.append((time, client, ""))
    _issue(world, client, time)
    return True


def _after_401(
    world: World, ran: Ran, client: Client, time: float, *, is_true_expiry: bool
) -> float | None:
    """Return when the client asks again, None when it lets the request go."""
    rng = world.random
    is_stubborn = client.is_lazy and client.on_401 == "keep"
    if (is_true_expiry and not is_stubborn) or client.on_401 == "refresh":
        _refresh(world, ran, client, time + 0.05)
        return time + rng.uniform(0.15, 1.2)
    if client.on_401 == "keep":
        return time + rng.uniform(0.5, 4.0) if rng.random() < 0.25 else None
    if world.refreshing.at(time):
        return None
    delay = math.exp(rng.gauss(math.log(45), 1.0))  # someone logs in again
    client.is_waiting = True
    _issue(world, client, time + delay)
    return time + delay + 0.3


def _check(
    world: World, ran: Ran, verifiers: Verifiers, where: tuple[float, int, int], token: Token
) -> Refusal | None:
    """Return what the instance's verifier says of a token."""
    time, number, place = where
    slot = world.services[number].slots[place]
    checks = slot.checks.at(time)
    keys: tuple[Key, ...] = ()
    network = ""
    if checks.source != "static":
        keys, network = _key_set(world, ran, where, token.shape.key.kid)
    age = "held"
    now = time + slot.offset(time)
    if token.exp <= now - checks.leeway_seconds:
        age = "expired"
    elif token.iat > now + checks.leeway_seconds:
        age = "early"
    return verifiers.verdict(token.shape, checks, keys, network, age)


def _key_set(
    world: World, ran: Ran, where: tuple[float, int, int], kid: str
) -> tuple[tuple[Key, ...], str]:
    """Return the verifier's key set, fetched where it is due, and how a fetch just failed."""
    time, number, place = where
    slot = world.services[number].slots[place]
    is_due = time - slot.fetched > slot.cache_seconds
    is_unknown = slot.refetches and all(key.kid != kid for key in slot.keys)
    if not is_due and not (is_unknown and time - slot.tried > _COOLDOWN):
        return slot.keys, ""
    failed = world.network.at(time)
    slot.tried = time
    if failed:
        return slot.keys, failed if is_due else ""
    slot.fetched = time
    slot.keys = world.jwks.at(time)
    kids = ",".join(key.kid for key in slot.keys)
    fields: tuple[tuple[str, str | int], ...] = (("keys", len(slot.keys)), ("kids", kids))
    ran.notes.append(Note(time, number, place, "info", "fetched key set", fields))
    return slot.keys, ""
