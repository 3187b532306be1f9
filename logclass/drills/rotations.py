"""Faults of rotations: no overlap, half a rollout, caches that do not know the new key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logclass.drills.parts import Note
from logclass.drills.rollouts import (
    NEVER,
    add_change,
    caused_by,
    fixed_at,
    next_release,
    rollout,
    undone_by,
)

if TYPE_CHECKING:
    from logclass.drills.parts import Checks, Slot
    from logclass.drills.rollouts import Fields, Put
    from logclass.drills.world import World

SECRETS = (
    "prod/jwt-secret",
    "auth/jwt-signing-key",
    "JWT_SECRET",
    "prod/token-signing",
    "jwt/hmac",
)
_KEYS = ("jwt-signing-key", "id/signing-key", "token-signing")


def _slots(world: World) -> list[tuple[int, int, Slot]]:
    return [
        (number, place, slot)
        for number, service in enumerate(world.services)
        for place, slot in enumerate(service.slots)
    ]


def rotation_without_overlap(world: World) -> None:
    """Rotate the signing key; every verifier drops the old one at once."""
    rng, at = world.random, world.at
    world.issuer.shape.put(at, replace(world.shape, key=world.new))
    if world.mode == "jwks":
        world.variant = "key set"
        target = rng.choice(_KEYS)
        world.jwks.put(at, (world.new,))
        for _, _, slot in _slots(world):  # an unknown kid makes them fetch: that drops the old key
            slot.checks.put(world.start - 1, replace(slot.checks.at(at), source="jwks"))
    else:
        world.variant = "secret reloaded"
        target = rng.choice(SECRETS)
        _reload_secrets(world)
    word = rng.choice(("rotate signing key", "scheduled key rotation", "rotated JWT key"))
    words = f"{word} {world.old.kid} -> {world.new.kid}"
    caused_by(world, "rotation", target, words, version=world.new.kid)
    end = fixed_at(world, 0.25)
    if end and (world.mode == "jwks" or world.shape.shows_kid):
        world.fault_end = end
        world.jwks.put(end, (world.new, world.old))
        for _, _, slot in _slots(world):
            both = replace(slot.checks.at(end), accepts=(world.new, world.old))
            slot.checks.put(end + rng.uniform(0, 20), both)
        undone_by(world, "config", end - 5, target, "re-add previous key")


def _reload_secrets(world: World) -> None:
    rng = world.random
    for number, place, slot in _slots(world):
        time = world.at + rng.uniform(0, 6)
        slot.checks.put(time, replace(slot.checks.at(time), key=world.new))
        if rng.random() < 0.7:
            fields = (("key_version", world.new.kid),)
            note = Note(time, number, place, "info", "signing secret reloaded", fields)
            world.notes.append(note)


def partial_rollout(world: World) -> None:
    """Give a new secret to instances one by one, while tokens are signed with either."""
    rng, at = world.random, world.at
    service = world.services[0]
    is_self_issuing = rng.random() < 0.55
    is_stuck = rng.random() < 0.45
    shape = replace(world.shape, key=world.new)
    new = replace(service.slots[0].checks.at(at), key=world.new)
    _let_issue(world, is_self_issuing=is_self_issuing)

    def put(slot: Slot, time: float) -> None:
        slot.checks.put(time, new)
        if is_self_issuing:
            slot.shape.put(time, shape)

    length = rng.uniform(700, 2400)
    release = next_release(world, 0)
    stop = max(1, round(len(service.slots) * rng.uniform(0.4, 0.8))) if is_stuck else None
    is_told = rng.random() < 0.5

    def banner(checks: Checks) -> Fields:
        return (("key_version", checks.key.kid),) if is_told and checks.key else ()

    span = (at, length)
    times = rollout(world, 0, span, put, release=release, banner=banner, stop_after=stop)
    if not is_self_issuing:
        world.issuer.shape.put(at + rng.uniform(0, 60), shape)
    world.variant = "self-issued" if is_self_issuing else "issuer first"
    secret = rng.choice(SECRETS)
    rotated = at - rng.uniform(130, 400)
    add_change(world, "rotation", rotated, secret, "cause", "new JWT secret version", world.new.kid)
    words = rng.choice(("release", "roll out new secret", "weekly release"))
    record = caused_by(world, "deploy", service.name, words, lead=(15.0, 90.0), version=release)
    record.end = None if is_stuck else max(times)
    named = list(zip(service.slots, times, strict=True))
    world.split = {
        "old": [slot.names.at(world.start) for slot, time in named if time == NEVER],
        "new": [slot.names.at(time) for slot, time in named if time < NEVER],
    }
    world.fault_end = None if is_stuck else max(times)
    if is_stuck:
        world.variant += ", stuck"
        _finish(world, [slot for slot, time in named if time == NEVER], put, at + length)


def _let_issue(world: World, *, is_self_issuing: bool) -> None:
    """Have the instances sign tokens themselves, or the others accept both keys."""
    if is_self_issuing or not world.shape.shows_kid:
        world.services[1:] = []
    if is_self_issuing:
        world.issues_in = 0
        for slot in world.services[0].slots:
            slot.shape.put(world.start - 1e6, world.shape)
    for service in world.services[1:]:
        for slot in service.slots:
            both = replace(slot.checks.at(world.at), accepts=(world.new, world.old))
            slot.checks.put(world.at - 60, both)


def _finish(world: World, left: list[Slot], put: Put, after: float) -> None:
    """Have someone finish a rollout that is stuck, or leave it as it is."""
    rng = world.random
    again = after + rng.uniform(300, 1200)
    if rng.random() > 0.6 or again > world.end - 900:
        return
    for slot in left:
        put(slot, again + rng.uniform(0, 120))
    undone_by(world, "deploy", again - 20, world.services[0].name, "force new deployment")
    world.fault_end = again + 120


def stale_key_cache(world: World) -> None:
    """Sign with a new key before the verifiers' key sets know it."""
    rng, at = world.random, world.at
    world.issuer.shape.put(at, replace(world.shape, key=world.new))
    ttl = rng.choice((600.0, 900.0, 1800.0, 3600.0))
    is_behind = rng.random() < 0.25  # a cache between the verifiers and the issuer
    world.variant = "cache between" if is_behind else "own cache"
    for _, _, slot in _slots(world):
        slot.cache_seconds = ttl
        slot.fetched = world.start - rng.uniform(0, ttl)
        slot.refetches = is_behind
        source = "jwks" if is_behind else "own cache"
        slot.checks.put(world.start - 1, replace(slot.checks.at(at), source=source))
    late = rng.uniform(400, ttl) if is_behind else 0.0
    world.jwks.put(at + late, (world.old, world.new))
    word = rng.choice(("rotate signing key", "promote next key", "key rotation"))
    words = f"{word}: sign with {world.new.kid}"
    caused_by(world, "rotation", rng.choice(_KEYS), words, version=world.new.kid)
    world.fault_end = at + (late + 30 if is_behind else ttl)
