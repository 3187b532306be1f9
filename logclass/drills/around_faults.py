"""Faults around the tokens: clocks, gateways, clients that refresh late; and hostile probes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logclass.drills.parts import Client, Key, Stranger
from logclass.drills.rollouts import caused_by, fixed_at, undone_by

if TYPE_CHECKING:
    from logclass.drills.world import World

_CLOCKS = ("VM live migration", "chrony configuration", "host resumed from snapshot")
_GATEWAYS = (
    ("gateway", "edge-gateway", "new route rules"),
    ("gateway", "nginx-ingress", "upgrade ingress controller"),
    ("config", "api-gateway", "proxy headers cleanup"),
    ("deploy", "envoy", "release"),
)
_CLIENTS = ("client release", "new session handling", "refresh token in background")
_PROBES = (
    ("none", "truncated"),
    ("none", "forged", "garbage"),
    ("forged", "random kid"),
    ("garbage", "undefined", "truncated"),
    ("none",),
)


def clock_skew(world: World) -> None:
    """Set the clocks of some hosts, or of the issuer, wrong."""
    rng, at = world.random, world.at
    low, high = rng.choice(((60, 180), (180, 900), (900, 3700)))
    sign = rng.choice((1.0, -1.0))
    leeway = world.services[0].slots[0].checks.at(at).leeway_seconds
    size = max(rng.uniform(low, high), leeway + 40)
    if sign > 0:  # a clock ahead refuses what expires within the skew
        size = max(size, leeway + world.ttl_seconds * 0.35)
    end = fixed_at(world, 0.5)
    if rng.random() < 0.2:
        world.variant = "issuer"
        slots, sign = [world.issuer], 1.0
    else:
        every = world.services[0].slots
        count = max(1, round(len(every) * rng.choice((0.15, 0.3, 0.5))))
        slots = rng.sample(every, count)
        world.variant = f"{count} of {len(every)} hosts"
    world.skew_seconds = sign * size
    world.is_stamped_centrally = rng.random() < 0.6
    for slot in slots:
        slot.skew.put(at, (at, sign * size, 0.0))
        if end:
            slot.skew.put(end, (end, 0.0, 0.0))
    world.fault_end = end
    if rng.random() < 0.4:
        target = rng.choice(("ntp", "chrony", "hypervisor"))
        caused_by(world, "clock", target, rng.choice(_CLOCKS), lead=(1.0, 30.0))
    if end and rng.random() < 0.5:
        undone_by(world, "clock", end - 5, "chrony", "resync clocks")


def header_stripped(world: World) -> None:
    """Have the gateway drop the Authorization header."""
    rng, at = world.random, world.at
    end = fixed_at(world)
    part = rng.choice(("all", "all", "route", "agents"))
    number = rng.randrange(len(world.services))
    route = world.services[number].routes[0].split("/{")[0]
    world.variant = part
    world.fault_end = end
    until = end or world.end

    def strip(time: float, service: int, path: str, client: Client) -> bool:
        if not at <= time < until:
            return False
        if part == "route":
            return service == number and path.startswith(route)
        return part == "all" or client.app in {"mobile", "partner"}

    world.strip = strip
    kind, target, words = rng.choice(_GATEWAYS)
    caused_by(world, kind, target, words, version="1.12.0")
    if end:
        undone_by(world, "rollback", end - 5, target, f"revert: {words}")


def refresh_failure(world: World) -> None:
    """Keep clients from getting new tokens in time."""
    rng, at = world.random, world.at
    end = fixed_at(world)
    world.fault_end = end
    if rng.random() < 0.6:
        world.variant = "endpoint"
        world.refreshing.put(at, rng.choice(("503", "500", "504", "429")))
        if end:
            world.refreshing.put(end, "")
        if rng.random() < 0.4:
            return  # nobody changed anything: it broke
        target, kind = rng.choice(("identity-provider", "token-service", "idp-database")), "config"
        kind = rng.choice(("deploy", kind))
        caused_by(world, kind, target, "release", lead=(5.0, 90.0), version="5.0.1")
    else:
        world.variant = "client release"
        apps = rng.choice((("web",), ("mobile",), ("web", "mobile")))
        for client in world.clients:
            client.release = "late refresh" if client.app in apps else ""
        target = {"web": "web", "mobile": "mobile-app"}[apps[0]]
        caused_by(world, "deploy", target, rng.choice(_CLIENTS), lead=(5.0, 90.0), version="6.0.0")
    if end:
        undone_by(world, "rollback", end - 10, target, "roll back")


def hostile_probe(world: World) -> None:
    """Send forged tokens from a few addresses."""
    rng, at = world.random, world.at
    count = rng.randint(1, 4)
    addresses = [f"45.{rng.randint(10, 90)}.{rng.randint(1, 250)}.7" for _ in range(count)]
    length = rng.uniform(600, 3000)
    kinds = rng.choice(_PROBES)
    world.variant = ", ".join(kinds)
    for _ in range(rng.randint(120, 900)):
        kind = rng.choice(kinds)
        key = Key(world.old.kid, world.alg, 800)
        if kind == "random kid":
            key = replace(key, kid=f"{rng.getrandbits(40):010x}")
        is_token = kind in {"forged", "random kid"}
        shape = replace(world.shape, key=key, kind="token" if is_token else kind)
        time, number = at + rng.uniform(0, length), rng.randrange(len(world.services))
        world.extra.append(Stranger(time, number, rng.choice(addresses), shape, is_fault=True))
    world.fault_end = at + length
