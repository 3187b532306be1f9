"""Faults of keys that no rotation explains: deploys that bring the wrong one, and outages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logclass.drills.parts import Key
from logclass.drills.rollouts import caused_by, deploy, undone_by
from logclass.drills.verifying import NETWORK

if TYPE_CHECKING:
    from logclass.drills.parts import Checks
    from logclass.drills.rollouts import Fields
    from logclass.drills.world import World

_KINDS = ("deploy", "deploy", "deploy", "config")
_CUTS = (
    ("config", "egress-policy", "tighten egress rules"),
    ("config", "dns", "move internal zone"),
    ("deploy", "identity-provider", "release"),
    ("gateway", "edge-proxy", "new rate limits"),
    ("config", "network-policy", "default deny egress"),
)


def _checks(world: World) -> Checks:
    return world.services[0].slots[0].checks.at(world.at)


def secret_changed_by_deploy(world: World) -> None:
    """Deploy with the secret of another environment."""
    checks = _checks(world)
    wrong = Key(checks.key.kid if checks.key else "", world.alg, 700)
    words = ("release", "configuration to helm values", "new task definition", "weekly release")
    _deploy(world, replace(checks, key=wrong), words)


def key_format_changed(world: World) -> None:
    """Deploy with the right key, read in another form."""
    rng = world.random
    if world.alg == "HS256":
        world.variant = rng.choice(("base64", "mangled"))
        words = ("mount JWT secret as file", "read secret from file")
        if world.variant == "base64":
            words = ("decode JWT_SECRET from base64", "treat jwt secret as base64")
    else:
        world.variant = rng.choice(("mangled", "mangled", "base64"))
        words = ("move key to env var", "release")

    def banner(checks: Checks) -> Fields:
        """Return what tells the forms of a secret apart; of a PEM the error does."""
        if world.alg != "HS256":
            return ()
        size = {"base64": 35, "mangled": 49}.get(checks.form, 48)
        form = "base64" if checks.form == "base64" else "raw"
        return (("jwt_secret_encoding", form), ("jwt_secret_bytes", size))

    kind = rng.choice(_KINDS)
    deploy(world, replace(_checks(world), form=world.variant), kind, rng.choice(words), banner)


def key_missing(world: World) -> None:
    """Deploy without the key."""
    words = ("release", "rename environment variables", "new helm chart", "drop unused secrets")
    _deploy(world, replace(_checks(world), form="empty"), words)


def _deploy(world: World, broken: Checks, words: tuple[str, ...]) -> None:
    deploy(world, broken, world.random.choice(_KINDS), world.random.choice(words))


def jwks_outage(world: World) -> None:
    """Cut the verifiers off from the key set."""
    rng, at = world.random, world.at
    world.variant = rng.choice(tuple(NETWORK))
    ttl = rng.choice((300.0, 300.0, 600.0, 900.0))
    for service in world.services:
        for slot in service.slots:
            slot.cache_seconds = ttl
            slot.fetched = world.start - rng.uniform(0, ttl)
            slot.checks.put(world.start - 1, replace(slot.checks.at(at), source="jwks"))
    world.network.put(at, world.variant)
    end = at + rng.uniform(900, 3600)
    is_over = end < world.end - 300
    if is_over:
        world.network.put(end, "")
        world.fault_end = end
    if rng.random() < 0.6:
        kind, target, words = rng.choice(_CUTS)
        caused_by(world, kind, target, words, lead=(5.0, 90.0))
        if is_over and rng.random() < 0.7:
            undone_by(world, "rollback", end - 10, target, f"revert: {words}")
