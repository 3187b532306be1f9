"""Deploys that go through a fleet instance by instance, and the lines and records they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logclass.drills.parts import Change, Note
from logclass.drills.world import instance_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from logclass.drills.parts import Checks, Slot
    from logclass.drills.world import World

    Fields = tuple[tuple[str, str | int], ...]
    Banner = Callable[[Checks], Fields]
    Put = Callable[[Slot, float], None]

NEVER = float("inf")
DEPLOYED = (15.0, 120.0)  # seconds from a deploy's record to its first new instance
SWITCHED = (2.0, 60.0)  # seconds from a switch's record to its effect


def add_change(  # noqa: PLR0917 - the columns of a record
    world: World, kind: str, time: float, target: str, role: str, words: str, version: str = ""
) -> Change:
    """Add a change record and return it. Its id looks like those of a ticket system."""
    number = world.random.randint(10_000, 99_999)
    made = Change(f"CHG-{number}-{len(world.changes)}", kind, time, target, role, words, version)
    world.changes.append(made)
    return made


def caused_by(
    world: World,
    kind: str,
    target: str,
    words: str,
    *,
    lead: tuple[float, float] = SWITCHED,
    version: str = "",
) -> Change:
    """Add the record of the change that brings the fault about, some seconds before it does."""
    time = world.at - world.random.uniform(*lead)
    return add_change(world, kind, time, target, "cause", words, version)


def undone_by(world: World, kind: str, time: float, target: str, words: str) -> Change:
    """Add the record of the change that ends the fault."""
    return add_change(world, kind, time, target, "undo", words)


def next_release(world: World, number: int) -> str:
    """Return the release that follows what the service runs at the start."""
    major, minor, _ = world.services[number].slots[0].release.at(world.start).split(".")
    return f"{major}.{int(minor) + 1}.0"


def rollout(
    world: World,
    number: int,
    span: tuple[float, float],
    put: Put,
    *,
    release: str = "",
    banner: Banner | None = None,
    stop_after: int | None = None,
) -> list[float]:
    """Replace the instances of a service one after another; return when, in slot order.

    `span` is the start and the seconds it takes. Instances get new names where the platform names
    them anew. A rollout that stops leaves the rest as they were (NEVER in the list).
    """
    rng = world.random
    service = world.services[number]
    order = list(range(len(service.slots)))
    rng.shuffle(order)
    set_id = f"{rng.getrandbits(36):09x}"
    start, seconds = span
    step = seconds / max(len(order) - 1, 1)
    times = [NEVER] * len(order)
    for rank, place in enumerate(order[:stop_after]):
        slot = service.slots[place]
        time = start + rank * step + (rng.uniform(-0.3, 0.3) * step if rank else 0.0)
        times[place] = time
        if world.platform != "hosts":
            slot.names.put(time, instance_name(world, service.name, set_id, place))
        if release:
            slot.release.put(time, release)
        put(slot, time)
        fields = banner(slot.checks.at(time)) if banner else ()
        text = f"starting {service.name} {slot.release.at(time)}"
        world.notes.append(Note(time - rng.uniform(2, 8), number, place, "info", "shutting down"))
        world.notes.append(Note(time - rng.uniform(0.3, 1.5), number, place, "info", text, fields))
    return times


def set_checks(new: Checks) -> Put:
    """Return what gives a slot these checks."""

    def put(slot: Slot, time: float) -> None:
        slot.checks.put(time, new)

    return put


def unchanged(slot: Slot, time: float) -> None:
    """Change nothing: a harmless deploy."""
    del slot, time


def fixed_at(world: World, share: float = 0.6) -> float | None:
    """Return when someone ends the fault, None when it outlasts the window."""
    if world.random.random() > share:
        return None
    time = world.at + world.random.uniform(900, 3600)
    return time if time < world.end - 600 else None


def duration(world: World) -> float:
    """Return how long a rolling deploy takes, in seconds."""
    rng = world.random
    return rng.choice((rng.uniform(20, 90), rng.uniform(90, 400), rng.uniform(400, 1500)))


def deploy(
    world: World, broken: Checks, kind: str, words: str, banner: Banner | None = None
) -> None:
    """Roll out checks that are wrong to the first service, and roll them back or not."""
    rng = world.random
    service = world.services[0]
    before = service.slots[0].checks.at(world.at)
    old = service.slots[0].release.at(world.at)
    release = next_release(world, 0)
    seconds = duration(world)
    span = (world.at, seconds)
    times = rollout(world, 0, span, set_checks(broken), release=release, banner=banner)
    record = caused_by(world, kind, service.name, words, lead=DEPLOYED, version=release)
    record.end = max(times)
    end = fixed_at(world)
    if end is None:
        return
    end = max(end, max(times) + 240)
    if end < world.end - 300:
        rollout(world, 0, (end, seconds / 2), set_checks(before), release=old, banner=banner)
        time = end - rng.uniform(15, 60)
        add_change(world, "rollback", time, service.name, "undo", f"roll back {release}", old)
        world.fault_end = end + seconds / 2
