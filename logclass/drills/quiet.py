"""What is no fault: harmless changes, busy days, records that are lost or wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logclass.drills.parts import Client, Job, Stranger
from logclass.drills.rollouts import add_change, duration, next_release, rollout, unchanged
from logclass.drills.world import OTHERS

if TYPE_CHECKING:
    from logclass.drills.world import World

DAYS = ("plain", "surge", "scanner", "storm", "cron", "restarts", "login peak", "retrying client")


def quiet_day(world: World) -> None:
    """Do what makes a day look busy without a fault."""
    rng = world.random
    world.variant = rng.choice(DAYS)
    at = world.at
    if world.variant in {"surge", "login peak"}:
        factor = rng.uniform(2, 4.5)
        length = rng.uniform(900, 4500)
        for step in range(5):
            world.surge.put(at + step * 60, 1 + (factor - 1) * (step + 1) / 5)
            world.surge.put(at + length + step * 60, factor - (factor - 1) * (step + 1) / 5)
    elif world.variant == "scanner":
        _scanner(world)
    elif world.variant == "storm":
        for _ in range(rng.randint(10, 40)):
            target = rng.choice((*OTHERS, world.services[0].name))
            add_change(
                world, "deploy", rng.uniform(world.start, world.end), target, "decoy", "release"
            )
    elif world.variant == "cron":
        _cron(world)
    elif world.variant == "restarts":
        rollout(world, 0, (at, duration(world)), unchanged, release=next_release(world, 0))
        add_change(
            world,
            "deploy",
            at - 40,
            world.services[0].name,
            "decoy",
            "release",
            next_release(world, 0),
        )
    elif world.variant == "retrying client":
        _stuck_client(world)


def _scanner(world: World) -> None:
    rng = world.random
    time, pause = world.start, rng.choice((15.0, 40.0, 120.0))
    ip = f"193.32.{rng.randint(1, 250)}.{rng.randint(1, 250)}"
    kinds = rng.choice((("header",), ("truncated", "undefined"), ("header", "garbage")))
    while (time := time + rng.expovariate(1 / pause)) < world.end:
        kind = rng.choice(kinds)
        shape = None if kind == "header" else replace(world.shape, kind=kind)
        world.extra.append(Stranger(time, rng.randrange(len(world.services)), ip, shape))


def _cron(world: World) -> None:
    """Add a job that starts every so often with a token that has expired."""
    rng = world.random
    every = rng.choice((900, 1800, 3600))
    first = world.start + rng.uniform(0, every)
    count = int((world.end - first) // every) + 1
    starts = tuple(first + every * number for number in range(count))
    world.jobs.append(Job(_batch_client(world), starts, rng.randint(4, 20), 1.5))


def _stuck_client(world: World) -> None:
    """Add a client that asks on for a while with a token that has expired."""
    rng = world.random
    starts = tuple(rng.uniform(world.start, world.end - 900) for _ in range(rng.randint(1, 4)))
    world.jobs.append(Job(_batch_client(world), starts, rng.randint(8, 30), rng.uniform(4, 20)))


def _batch_client(world: World) -> Client:
    ip = f"10.20.{world.random.randint(0, 9)}.{world.random.randint(1, 250)}"
    agent = "python-requests/2.32.3"
    return Client(ip, agent, "batch", 1.0, "keep", "service-account", is_lazy=True)


def add_decoys(world: World) -> None:
    """Add changes that did nothing: of others, long before, long after, and close by."""
    rng = world.random
    hours = (world.end - world.start) / 3600
    per_day = rng.choice((0, 5, 5, 20, 50))
    names = {service.name for service in world.services}
    for _ in range(_poisson(world, per_day * (hours + 2) / 24)):
        _decoy(world, rng.uniform(world.start - 7200, world.end))
    if rng.random() < 0.35 and world.cause != "quiet":
        _decoy(world, world.at - rng.uniform(20, 600))
    if rng.random() < 0.35:  # the failing service itself was deployed, long before
        time = world.start + (world.at - world.start) * rng.uniform(0.05, 0.55)
        number = rng.randrange(len(world.services))
        if world.issues_in is None:
            seconds = min(duration(world), (world.at - time) / 3)
            rollout(world, number, (time, seconds), unchanged)
        add_change(world, "deploy", time - 30, world.services[number].name, "decoy", "release")
    if rng.random() < 0.2 and world.at + 1200 < world.end:
        add_change(
            world,
            "deploy",
            world.at + rng.uniform(300, 1100),
            rng.choice(sorted(names)),
            "decoy",
            "more logging",
        )


def _decoy(world: World, time: float) -> None:
    rng = world.random
    kind = rng.choice(("deploy", "deploy", "deploy", "config", "rotation"))
    target = rng.choice(OTHERS)
    words: tuple[str, ...] = ("release", "weekly release", "copy changes", "new banner")
    if kind == "rotation":
        target = rng.choice(
            ("prod/db-password", "stripe-api-key", "smtp-credentials", "tls-wildcard")
        )
        words = ("rotate credential", "scheduled rotation")
    elif kind == "config":
        words = ("feature flags", "raise pool size", "log level")
    add_change(
        world,
        kind,
        time,
        target,
        "decoy",
        rng.choice(words),
        f"{rng.randint(1, 9)}.{rng.randint(0, 40)}.0",
    )


def _poisson(world: World, mean: float) -> int:
    count, time = 0, world.random.expovariate(1.0)
    while time < mean:
        count += 1
        time += world.random.expovariate(1.0)
    return count


def spoil_records(world: World) -> tuple[str, float]:
    """Lose or mis-stamp the records; return which ("intact", "unrecorded", ...) and the seconds."""
    rng = world.random
    wanted = world.wanted.records
    chance = rng.random()
    has_cause = any(one.role == "cause" for one in world.changes)
    state = wanted
    if wanted == "any":
        state = "unrecorded" if chance < 0.12 else "misstamped" if chance < 0.2 else "intact"
    if not has_cause:
        return ("unrecorded" if world.cause not in {"quiet", "hostile_probe"} else "intact"), 0.0
    if state == "unrecorded":
        world.changes[:] = [one for one in world.changes if one.role == "decoy"]
        return state, 0.0
    if state == "misstamped":
        off = rng.choice((-7200.0, -3600.0, 3600.0, 7200.0, 180.0, -180.0))
        for one in world.changes:
            one.time += off
            one.end = None if one.end is None else one.end + off
        return state, off
    return "intact", 0.0
