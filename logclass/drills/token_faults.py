"""Faults of what tokens say and of how strictly it is read: algorithms, claims, libraries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logclass.drills.parts import Key, Stranger
from logclass.drills.rollouts import DEPLOYED, caused_by, deploy, fixed_at, undone_by
from logclass.drills.verifying import SHORT

if TYPE_CHECKING:
    from logclass.drills.parts import Checks, Shape
    from logclass.drills.rollouts import Fields
    from logclass.drills.world import World

_ISSUERS = ("identity-provider", "token-service", "idp")
_KINDS = ("deploy", "config")


def algorithm_changed(world: World) -> None:
    """Sign with, or accept, another algorithm."""
    rng, at = world.random, world.at
    other = {"RS256": "ES256", "ES256": "RS256", "HS256": "RS256"}[world.alg]
    if rng.random() < 0.5:
        world.variant = "verifier"
        checks = replace(world.services[0].slots[0].checks.at(at), algorithms=(other,))
        words = rng.choice(("pin JWT algorithms", "release", "security hardening"))
        deploy(world, checks, rng.choice(_KINDS), words)
        return
    world.variant = "signer"
    key = Key(world.new.kid, other, world.new.number)
    world.jwks.put(world.start - 7200, (world.old, key))  # known, but its algorithm is not allowed
    for service in world.services:
        for slot in service.slots:
            slot.keys = (world.old, key)
    words = rng.choice((f"sign tokens with {other}", "release", f"switch signing alg to {other}"))
    _issue(world, replace(world.shape, key=key), words)


def _issue(world: World, shape: Shape, words: str) -> None:
    """Have the issuer issue other tokens for a while."""
    rng = world.random
    target = rng.choice(_ISSUERS)
    world.issuer.shape.put(world.at, shape)
    caused_by(world, rng.choice(_KINDS), target, words, version=f"{rng.randint(2, 9)}.1.0")
    end = fixed_at(world)
    if end:
        world.issuer.shape.put(end, world.shape)
        world.fault_end = min(end + world.ttl_seconds, world.end)
        undone_by(world, "rollback", end - 10, target, f"revert: {words}")


def claim_contract_drift(world: World) -> None:
    """Let the expected and the issued claims drift apart."""
    rng, at = world.random, world.at
    claim = rng.choice(("aud", "iss"))
    side = rng.choice(("verifier", "verifier", "issuer", "environment"))
    world.variant = f"{side}, {claim}"
    other = _near(world, world.shape.iss if claim == "iss" else str(world.shape.aud))
    changed = replace(world.shape, aud=other)
    if claim == "iss":
        changed = replace(world.shape, iss=other)
    if side == "verifier":
        checks = world.services[0].slots[0].checks.at(at)
        new = replace(checks, aud=other) if claim == "aud" else replace(checks, iss=other)
        words = rng.choice((f"update expected {claim}", "release", "config cleanup"))
        deploy(world, new, rng.choice(_KINDS), words)
    elif side == "issuer":
        _issue(world, changed, rng.choice((f"new {claim} for tokens", "release", "realm settings")))
    else:
        _send_from_elsewhere(world, changed)
        target = rng.choice(("web", "mobile-app", "partner-gateway"))
        words = rng.choice(("new client configuration", "release"))
        caused_by(world, "deploy", target, words, lead=DEPLOYED, version="3.4.0")


def _near(world: World, now: str) -> str:
    """Return what a value drifts to: a slash, a scheme, an environment, a version."""
    slash = now.rstrip("/") if now.endswith("/") else f"{now}/"
    scheme = now.replace("https", "http") if "https" in now else now.upper()
    stage = now.replace("prod", "staging") if "prod" in now else f"{now}-v2"
    return world.random.choice((slash, scheme, stage))


def _send_from_elsewhere(world: World, shape: Shape) -> None:
    """Add requests with tokens of another environment."""
    rng = world.random
    end = fixed_at(world)
    rate = max(world.per_minute * rng.uniform(0.05, 0.3), 1.0) / 60
    addresses = [f"203.0.113.{rng.randint(1, 250)}" for _ in range(rng.randint(8, 60))]
    time = world.at
    while (time := time + rng.expovariate(rate)) < (end or world.end):
        world.extra.append(Stranger(time, 0, rng.choice(addresses), shape, is_fault=True))
    world.fault_end = end


def library_upgrade(world: World) -> None:
    """Deploy a JWT library that is stricter than the one before.

    Options of PyJWT that switch its newer checks off stand for the older version.
    """
    rng, at = world.random, world.at
    choices = ["subject", "strict audience"] + ["short secret"] * 2 * (world.alg == "HS256")
    world.variant = rng.choice(choices)
    option, old, new = {
        "subject": ("verify_sub", "2.9.0", "2.10.1"),
        "strict audience": ("strict_aud", "2.7.0", "2.8.0"),
        "short secret": ("enforce_minimum_key_length", "2.10.1", "3.0.0"),
    }[world.variant]
    _prepare_tokens(world)
    for service in world.services:
        for slot in service.slots:
            checks = slot.checks.at(at)
            key = world.shape.key if checks.source == "static" else checks.key
            lenient = replace(checks, options=((option, False),), key=key)
            slot.checks.put(world.start - 1, lenient)
    is_told = rng.random() < 0.8

    def banner(checks: Checks) -> Fields:
        return (("pyjwt", new if checks.options[0][1] else old),) if is_told else ()

    strict = replace(world.services[0].slots[0].checks.at(at), options=((option, True),))
    said = [f"Bump pyjwt from {old} to {new}", f"update PyJWT to {new}"]
    words = rng.choice([*said, "dependency updates"] if is_told else said)
    deploy(world, strict, "deploy", words, banner)


def _prepare_tokens(world: World) -> None:
    """Have tokens been issued all along in a form that only the new version refuses."""
    rng = world.random
    if world.variant == "subject":
        share = rng.choice((0.3, 0.6, 1.0))
        for client in world.clients:
            client.subject = 7 if rng.random() < share else client.subject
        return
    shape = replace(world.shape, aud=(str(world.shape.aud), "account"))
    if world.variant == "short secret":
        shape = replace(world.shape, key=replace(world.old, number=SHORT + world.old.number))
    world.shape = shape
    world.issuer.shape.put(world.start - 1e6, shape)
