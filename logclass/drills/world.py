"""The fleet before anything goes wrong with it."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from logclass.drills.parts import (
    Change,
    Checks,
    Client,
    Job,
    Key,
    Note,
    Service,
    Shape,
    Slot,
    Stranger,
    Timeline,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SERVICES = ("orders-api", "auth", "session-service", "checkout", "profile-api", "api", "ledger")
OTHERS = ("web", "search", "mailer", "cart", "billing-worker", "catalog", "recommendations")
ROUTES = {
    "orders-api": ("/v1/orders", "/v1/orders/{n}", "/v1/orders/{n}/items"),
    "auth": ("/session", "/me", "/api/v1/session/refresh-check"),
    "session-service": ("/sessions/current", "/sessions/{n}"),
    "checkout": ("/checkout", "/checkout/{n}/confirm", "/basket"),
    "profile-api": ("/profile", "/profile/{n}", "/profile/avatar"),
    "api": ("/api/items", "/api/items/{n}", "/api/me"),
    "ledger": ("/ledger/entries", "/ledger/accounts/{n}"),
}
_AGENTS = {
    "web": ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",),
    "mobile": ("okhttp/4.12.0", "ExampleApp/5.3 CFNetwork/1494.0.7 Darwin/23.4.0"),
    "batch": ("python-requests/2.32.3",),
    "partner": ("Apache-HttpClient/4.5.14 (Java/17.0.9)",),
}
_ON_401 = ("refresh", "login", "keep")
_FLEETS = (1, 2, 3, 4, 6, 6, 8, 10, 14)
_POD = "bcdfghjklmnpqrstvwxz2456789"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person who asked for a drill chose; None leaves it to the seed."""

    requests: int = 20_000
    instances: int | None = None
    log_format: str = "any"
    change_format: str = "any"
    records: str = "any"  # intact, unrecorded, misstamped


@dataclass(slots=True)
class World:
    """The fleet, its clients, and what is done to it."""

    random: random.Random
    cause: str
    wanted: Wanted
    start: float
    end: float
    at: float  # when the fault begins
    per_minute: float
    ttl_seconds: float
    platform: str  # kubernetes, ecs, hosts
    mode: str  # jwks, static
    alg: str
    old: Key
    new: Key
    shape: Shape
    services: list[Service]
    clients: list[Client]
    issuer: Slot
    jwks: Timeline[tuple[Key, ...]]
    network: Timeline[str]  # how fetches of the key set end
    refreshing: Timeline[str]  # the token endpoint: "" well
    surge: Timeline[float]
    phi: float  # dispersion of the counts
    issues_in: int | None = None  # the service whose instances sign tokens themselves
    strip: Callable[[float, int, str, Client], bool] | None = None  # the gateway drops the header
    junk_per_minute: float = 0.0
    changes: list[Change] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    extra: list[Stranger] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    fault_end: float | None = None
    affected: set[str] = field(default_factory=set)
    skew_seconds: float | None = None
    is_stamped_centrally: bool = False  # log lines bear the collector's time, not the host's
    split: dict[str, list[str]] | None = None
    variant: str = ""
    quirks: set[str] = field(default_factory=set)


def build(cause: str, seed: int, wanted: Wanted, mode: str) -> World:
    """Return a healthy fleet. `mode` is "jwks", "static", "secret" or "any"."""
    rng = random.Random(f"logclass-drill/{cause}/{seed}")  # noqa: S311 - for repeatable drills
    hours = rng.choice((3.0, 3.0, 4.0, 5.0, 6.0))
    day = datetime(2031, rng.randint(1, 12), rng.randint(1, 28), tzinfo=UTC).timestamp()
    start = day + rng.uniform(0, 20) * 3600
    end = start + hours * 3600
    volume = rng.choice((0.15, 0.4, 0.7, 1.0, 1.0))
    per_minute = max(wanted.requests * volume / (hours * 60), 0.2)
    mode, alg = _held(rng, mode)
    old, new = _keys(rng, alg)
    ttl = rng.choice((300.0, 600.0, 900.0, 1800.0, 3600.0, 3600.0))
    shape = _shape(rng, mode, old)
    platform = rng.choice(("kubernetes", "kubernetes", "ecs", "hosts"))
    world = World(
        random=rng,
        cause=cause,
        wanted=wanted,
        start=start,
        end=end,
        at=start + (end - start) * rng.uniform(0.35, 0.62),
        per_minute=per_minute,
        ttl_seconds=ttl,
        platform=platform,
        mode=mode,
        alg=alg,
        old=old,
        new=new,
        shape=shape,
        services=[],
        clients=[],
        issuer=Slot(
            1.0,
            Timeline("idp-0"),
            Timeline("1.0.0"),
            Timeline(_checks(rng, mode, shape)),
            Timeline[Shape | None](shape),
            Timeline((start, 0.0, 0.0)),
        ),
        jwks=Timeline((old,)),
        network=Timeline(""),
        refreshing=Timeline(""),
        surge=Timeline(1.0),
        phi=rng.choice((1.0, 1.0, 3.0, 8.0)),
        junk_per_minute=per_minute * rng.choice((0.0, 0.001, 0.004, 0.01)),
    )
    _add_services(world)
    _add_clients(world)
    return world


def _held(rng: random.Random, mode: str) -> tuple[str, str]:
    """Return how verifiers hold keys, "jwks" or "static", and the algorithm."""
    is_secret = mode == "secret"
    mode = {"any": rng.choice(("jwks", "jwks", "static")), "secret": "static"}.get(mode, mode)
    alg = rng.choice(("RS256", "RS256", "ES256")) if mode == "jwks" else "HS256"
    if mode == "static" and not is_secret and rng.random() < 0.25:
        alg = rng.choice(("RS256", "ES256"))
    return mode, alg


def _shape(rng: random.Random, mode: str, key: Key) -> Shape:
    """Return what the tokens of a healthy fleet have in common."""
    return Shape(
        key=key,
        iss=rng.choice(("https://id.example.com", "https://auth.example.com/", "example-id")),
        aud=rng.choice(("web-prod", "api", "https://api.example.com")),
        subject="u",
        shows_kid=mode == "jwks" or rng.random() < 0.5,
        has_nbf=rng.random() < 0.3,
    )


def _keys(rng: random.Random, alg: str) -> tuple[Key, Key]:
    style = rng.choice(("dated", "hex", "version", "short"))
    a, b = rng.randint(10, 49), rng.randint(50, 98)
    names = {
        "dated": (
            f"sig-2030-{a % 12 + 1:02}-{a % 28 + 1:02}",
            f"sig-2031-{b % 12 + 1:02}-{b % 28 + 1:02}",
        ),
        "hex": (f"{rng.getrandbits(64):016x}", f"{rng.getrandbits(64):016x}"),
        "version": (f"v{a}", f"v{a + 1}"),
        "short": (f"key-{a}", f"key-{b}"),
    }[style]
    return Key(names[0], alg, a), Key(names[1], alg, b)


def _checks(rng: random.Random, mode: str, shape: Shape) -> Checks:
    aud = shape.aud if isinstance(shape.aud, str) else shape.aud[0]
    source = rng.choice(("jwks", "jwks", "own cache")) if mode == "jwks" else "static"
    leeway = rng.choice((0.0, 0.0, 10.0, 30.0, 60.0))
    return Checks(source, (shape.key.alg,), aud, shape.iss, leeway, shape.key)


def _add_services(world: World) -> None:
    rng = world.random
    least = {"partial_rollout": 3, "clock_skew": 2}.get(world.cause, 1)
    names = rng.sample(SERVICES, rng.choice((1, 1, 2, 3)))
    for place, name in enumerate(names):
        checks = _checks(rng, world.mode, world.shape)
        cache = rng.choice((300.0, 300.0, 600.0, 900.0, 1800.0, 3600.0))
        count = world.wanted.instances or max(rng.choice(_FLEETS), least) if place == 0 else 0
        slots = []
        release = f"{rng.randint(1, 5)}.{rng.randint(0, 20)}.{rng.randint(0, 9)}"
        set_id = f"{rng.getrandbits(36):09x}"
        for number in range(count or rng.choice(_FLEETS)):
            slot = Slot(
                weight=math.exp(rng.gauss(0, 0.25)),
                names=Timeline(instance_name(world, name, set_id, number)),
                release=Timeline(release),
                checks=Timeline(checks),
                shape=Timeline[Shape | None](None),
                skew=Timeline((world.start, rng.gauss(0, 0.05), 0.0)),
                keys=(world.old,),
                cache_seconds=cache,
            )
            slot.fetched = world.start - rng.uniform(0, cache)
            slots.append(slot)
        world.services.append(Service(name, slots, ROUTES[name], 1.0 if place == 0 else 0.5))
    for service in world.services:
        weigh(service)


def weigh(service: Service) -> None:
    """Set the running weights by which requests are spread over the slots."""
    total = 0.0
    service.totals = []
    for slot in service.slots:
        total += slot.weight
        service.totals.append(total)


def instance_name(world: World, service: str, set_id: str, number: int) -> str:
    """Return the name of a new instance, as its platform would make it."""
    rng = world.random
    if world.platform == "kubernetes":
        return f"{service}-{set_id}-" + "".join(rng.choice(_POD) for _ in range(5))
    if world.platform == "ecs":
        return f"{rng.getrandbits(128):032x}"
    return f"{service}-{number + 1:02}"


def _add_clients(world: World) -> None:
    rng = world.random
    asks = world.per_minute * world.ttl_seconds / 60
    count = max(12, min(int(asks / rng.uniform(4, 20)), 4000))
    lazy = rng.choice((0.0, 0.02, 0.05, 0.15))
    for number in range(count):
        app = rng.choices(("web", "mobile", "batch", "partner"), (60, 30, 6, 4))[0]
        is_lazy = rng.random() < lazy
        client = Client(
            ip=f"{rng.choice((81, 92, 145))}.{rng.randint(1, 250)}.{number // 250}.{number % 250}",
            agent=rng.choice(_AGENTS[app]),
            app=app,
            margin=rng.uniform(0.7, 0.97),
            is_lazy=is_lazy,
            on_401="refresh" if is_lazy else rng.choices(_ON_401, (25, 35, 40))[0],
            subject=f"user-{number}",
        )
        world.clients.append(client)


def shape_for(shape: Shape, client: Client) -> Shape:
    """Return the sort of token a client gets: subjects are numbers for some of them."""
    return replace(shape, subject=7) if isinstance(client.subject, int) else shape
