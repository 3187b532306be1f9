"""A small fleet in virtual time: clients, tokens, keys, instances, clocks, and what goes wrong.

It emits `Counted` frames directly and shares only the vocabulary and the types with the analyser.
Every drill is a pure function of its seed.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from logclass.columns import COUNT_KEYS, DETAIL_COLUMNS
from logclass.model import ChangeEvent, Counted
from logclass.vocabulary import ChangeKind

START = 1_772_000_000 // 60 * 60  # seconds; a Wednesday morning
TEXT = {"also", "claim", "expected", "actual", "kid", "alg", "iss", "aud", "client", "route"}


@dataclass(frozen=True)
class Token:
    issued: float
    expires: float
    key: str
    iss: str = "https://id.example.com"
    aud: str = "api"
    alg: str = "HS256"


@dataclass(frozen=True)
class Outcome:
    reason: str = ""
    claim: str = ""
    expected: str = ""
    actual: str = ""
    overshoot: float = float("nan")


OK = Outcome()


@dataclass
class World:
    """A fleet and what happens to it. Times are seconds since the start of the export."""

    seed: int
    minutes: int = 120
    rate: float = 90.0  # requests per minute
    instances: int = 8
    clients: int = 300
    ttl: float = 3600.0
    service: str = "auth"
    relogin: float = 0.25  # how often a rejected client signs in again
    logs: str = "requests"  # or "rejections": successes leave no line
    fields: frozenset[str] = frozenset({"instance", "client"})
    expired_noise: float = 0.6  # per minute
    scanner_noise: float = 0.1
    surge: Callable[[float], float] = lambda t: 1.0
    sign: Callable[[float, np.random.Generator], dict] = lambda t, rng: {"key": "k1"}
    check: Callable[[int, float, Token], Outcome] = lambda i, t, token: OK
    name: Callable[[int, float], str] = lambda i, t: f"i-{i:02d}"
    version: Callable[[int, float], str] = lambda i, t: "1.0"
    clock: Callable[[int, float], float] = lambda i, t: 0.0  # host's offset in seconds
    refresh: Callable[[float, np.random.Generator], float] = lambda t, rng: 0.8
    extra: list[tuple[float, Outcome, str, int]] = field(default_factory=list)
    changes: list[ChangeEvent] = field(default_factory=list)
    cause: str = ""
    onset: float | None = None
    guilty: str = ""  # id of the change that did it


@dataclass(frozen=True)
class Drill:
    counted: Counted
    changes: tuple[ChangeEvent, ...]
    cause: str
    onset_ms: int | None
    guilty: str


def change(kind, at, target, ident, **more):
    """A change record; `at` is in seconds since the start of the export."""
    stamp = {"end_ms": int((START + more.pop("end")) * 1000)} if "end" in more else {}
    at_ms = int((START + at) * 1000)
    return ChangeEvent(ident, at_ms, ChangeKind(kind), target, "changes.json", **stamp, **more)


def _verify(world, i, t, token):
    """Signature and claims as the fault has it, then the times on the host's own clock."""
    outcome = world.check(i, t, token)
    now = t + world.clock(i, t)
    if outcome.reason:
        return outcome
    if now > token.expires:
        return Outcome("token_expired", overshoot=now - token.expires)
    if now < token.issued - 1.0:
        return Outcome("token_not_yet_valid", overshoot=token.issued - now)
    return OK


def _times(world, rng):
    peak = max(world.surge(m * 60.0) for m in range(world.minutes))
    count = rng.poisson(world.rate * peak * world.minutes)
    times = np.sort(rng.uniform(0, world.minutes * 60, count))
    keep = rng.uniform(0, peak, count) < np.array([world.surge(t) for t in times])
    return times[keep]


def _traffic(world, rng):
    """Yield (time, instance index, client, token, outcome) of every request."""
    tokens = {}

    def issue(t):
        made = {"key": "k1", "exp": world.ttl, **world.sign(t, rng)}
        life = made.pop("exp")
        made["issued"] = made.get("issued", t)
        return Token(expires=made["issued"] + life, **made)

    for t in _times(world, rng):
        client = int(rng.integers(world.clients))
        token = tokens.get(client)
        if token is None:  # a client seen first signed in some time ago
            age = rng.uniform(0, 0.8 * world.ttl)
            token = tokens[client] = issue(t - age)
        if t > token.issued + world.refresh(t, rng) * (token.expires - token.issued):
            token = tokens[client] = issue(t - rng.uniform(0, 1))
        i = int(rng.integers(world.instances))
        outcome = _verify(world, i, t, token)
        if outcome.reason and rng.uniform() < world.relogin:
            tokens[client] = issue(t)
        yield t, i, f"c{client}", token, outcome


def _noise(world, rng):
    for reason, rate, client in (
        ("token_expired", world.expired_noise, None),
        ("token_malformed", world.scanner_noise, "scanner"),
    ):
        for t in np.sort(rng.uniform(0, world.minutes * 60, rng.poisson(rate * world.minutes))):
            over = float(rng.lognormal(8, 2)) if reason == "token_expired" else float("nan")
            who = client or f"c{int(rng.integers(world.clients))}"
            yield t, int(rng.integers(world.instances)), who, None, Outcome(reason, overshoot=over)
    for t, outcome, who, i in world.extra:
        index = int(rng.integers(world.instances)) if i < 0 else i
        yield t, index, who, None, outcome


def _row(world, t, i, client, token, outcome):
    shown = world.fields
    row = dict.fromkeys(COUNT_KEYS, "") | {
        c: "" if c in TEXT else float("nan") for c in DETAIL_COLUMNS
    }
    stamp = START + t
    row |= {"minute": int(stamp // 60), "time_ms": int(stamp * 1000), "source": "auth.log"}
    row |= {"kind": "verifier", "service": world.service, "library": "jsonwebtoken"}
    row |= {"instance": world.name(i, t) if "instance" in shown else ""}
    row |= {"version": world.version(i, t) if "version" in shown else ""}
    row |= {"outcome": "rejected" if outcome.reason else "accepted", "reason": outcome.reason}
    row |= {"claim": outcome.claim, "overshoot_seconds": outcome.overshoot, "withheld": False}
    row |= {"expected": json.dumps([outcome.expected]) if outcome.expected else ""}
    row |= {"actual": json.dumps([outcome.actual]) if outcome.actual else ""}
    row |= {"client": client if "client" in shown else "", "count": 1, "status": 401}
    if token is not None:
        row["kid"] = token.key if "kid" in shown else ""
        row["alg"] = token.alg if "alg" in shown else ""
        row["iat_seconds"] = START + token.issued if "iat" in shown else float("nan")
        row["exp_seconds"] = START + token.expires if "iat" in shown else float("nan")
    return row


def run(world):
    """Play the world and return the drill: what the export holds, and the truth."""
    rng = np.random.default_rng(world.seed)
    events = list(_traffic(world, rng)) + list(_noise(world, rng))
    events.sort(key=lambda e: e[0])
    rows = [_row(world, *e) for e in events]
    frame = pd.DataFrame(rows, columns=[*COUNT_KEYS, *DETAIL_COLUMNS, "count"])
    rejected = frame[frame["outcome"] == "rejected"].reset_index(drop=True)
    passed = frame[frame["outcome"] == "accepted"].reset_index(drop=True)
    lines = frame if world.logs == "requests" else rejected
    tally = (
        lines.groupby(["source", "service", "instance", "minute"], as_index=False)["count"]
        .sum()
        .rename(columns={"count": "events"})
    )
    tally.insert(4, "status_class", 0)
    if not world.fields & {"kid", "iat"} or world.logs != "requests":
        passed = passed.iloc[:0]
    counted = Counted(
        rejected,
        frame.iloc[:0],
        passed,
        tally,
        START * 1000,
        (START + world.minutes * 60) * 1000 if world.logs == "requests" else None,
    )
    onset_ms = None if world.onset is None else int((START + world.onset) * 1000)
    return Drill(counted, tuple(world.changes), world.cause, onset_ms, world.guilty)


def _dice(seed, **fixed):
    """A world of everyday size, and where its fault will strike."""
    rng = np.random.default_rng(seed + 10_000)
    base = {
        "minutes": int(rng.integers(90, 150)),
        "rate": float(rng.choice([30, 60, 120])),
        "instances": int(rng.integers(4, 11)),
        "expired_noise": float(rng.uniform(0.2, 1.5)),
    }
    world = World(seed, **(base | fixed))
    at = world.minutes * 60 * float(rng.uniform(0.35, 0.5))
    return world, rng, at


def _decoys(world, rng, count=4):
    """Changes that did nothing: other services, other times."""
    names = ["cart-web", "search", "mailer", "billing", "catalog-indexer"]
    for n in range(count):
        at = float(rng.uniform(0, world.minutes * 60))
        kind = str(rng.choice(["deploy", "deploy", "config"]))
        world.changes.append(change(kind, at, names[n % len(names)], f"decoy-{n}"))


def _blame(world, kind, at, target, cause, **more):
    world.changes.append(change(kind, at, target, "guilty", **more))
    world.guilty, world.cause = "guilty", cause


def rotation_without_overlap(seed, **fixed):
    world, rng, at = _dice(seed, relogin=0.05, **fixed)
    world.ttl = float(rng.choice([1200, 1800, 2700]))
    world.sign = lambda t, _: {"key": "k2" if t >= at else "k1"}
    world.check = lambda i, t, token: (
        Outcome("signature_invalid" if rng_reason else "key_not_found")
        if t >= at and token.key == "k1"
        else OK
    )
    rng_reason = bool(rng.uniform() < 0.6)
    world.onset = at
    _blame(
        world,
        "rotation",
        at - rng.uniform(0, 20),
        "auth/jwt-signing-key",
        "rotation_without_overlap",
        version="k2",
    )
    _decoys(world, rng)
    return world


def partial_rollout(seed, renames=True, **fixed):
    """A secret is rotated, then the fleet is replaced slowly: each side rejects the other's."""
    world, rng, at = _dice(seed, relogin=0.6, **fixed)
    n, length = world.instances, float(rng.uniform(1500, 2400))
    start = at
    swapped = start + np.sort(rng.uniform(60, length, n))
    swapped[0] = start + 20
    if renames:
        world.name = lambda i, t: f"i-{'new' if t >= swapped[i] else 'old'}-{i:02d}"
    world.sign = lambda t, r: {"key": "k2" if t >= swapped[int(r.integers(n))] else "k1"}
    world.check = lambda i, t, token: (
        OK if (t >= swapped[i]) == (token.key == "k2") else Outcome("signature_invalid")
    )
    world.onset = float(swapped[0])
    _blame(world, "rotation", at - rng.uniform(60, 180), "prod/auth/jwt-secret", "partial_rollout")
    world.changes.append(
        change("deploy", at, "auth-service", "rollout", end=float(swapped[-1]), version="rev-12")
    )
    _decoys(world, rng)
    return world


def stale_key_cache(seed, **fixed):
    world, rng, at = _dice(seed, relogin=0.05, **fixed)
    world.fields = world.fields | {"kid"}
    ttl = float(rng.choice([300, 600, 900]))
    fresh = at + rng.uniform(0, ttl, world.instances)
    world.sign = lambda t, _: {"key": "k2" if t >= at else "k1"}
    world.check = lambda i, t, token: (
        Outcome("key_not_found") if token.key == "k2" and t < fresh[i] else OK
    )
    world.ttl, world.onset = 900.0, at
    _blame(world, "rotation", at - rng.uniform(0, 20), "auth-signing-key", "stale_key_cache")
    _decoys(world, rng)
    return world


def secret_changed_by_deploy(seed, **fixed):
    world, rng, at = _dice(seed, **fixed)
    end = at + float(rng.uniform(1200, 2400))
    world.check = lambda i, t, token: Outcome("signature_invalid") if at <= t < end else OK
    world.onset = at
    _blame(world, "deploy", at - rng.uniform(0, 40), "auth", "secret_changed_by_deploy")
    world.changes.append(change("rollback", end - 10, "auth", "undo"))
    _decoys(world, rng)
    return world


def key_missing(seed, **fixed):
    world, rng, at = _dice(seed, **fixed)
    world.check = lambda i, t, token: Outcome("key_missing") if t >= at else OK
    world.onset = at
    _blame(world, "deploy", at - rng.uniform(0, 30), "auth", "key_missing")
    _decoys(world, rng)
    return world


def key_format_changed(seed, **fixed):
    world, rng, at = _dice(seed, **fixed)
    world.check = lambda i, t, token: Outcome("key_invalid") if t >= at else OK
    world.onset = at
    _blame(world, "config", at - rng.uniform(0, 30), "auth", "key_format_changed")
    _decoys(world, rng)
    return world


def algorithm_changed(seed, **fixed):
    world, rng, at = _dice(seed, relogin=0.0, **fixed)
    world.fields = world.fields | {"alg"}
    world.ttl = 1200.0
    world.sign = lambda t, _: {"alg": "RS256" if t >= at else "HS256"}
    world.check = lambda i, t, token: (
        Outcome("algorithm_mismatch", "alg", "HS256", token.alg) if token.alg != "HS256" else OK
    )
    world.onset = at
    _blame(world, "deploy", at - rng.uniform(0, 20), "identity-provider", "algorithm_changed")
    _decoys(world, rng)
    return world


def clock_skew(seed, **fixed):
    """One host's clock jumps: ahead it expires live tokens, behind it finds them too young."""
    world, rng, at = _dice(seed, **fixed)
    offset = float(rng.choice([-1, 1])) * float(rng.uniform(200, 500))
    world.ttl = 900.0
    world.clock = lambda i, t: offset if i == 1 and t >= at else 0.0
    world.refresh = lambda t, r: 0.9
    world.onset, world.cause = at, "clock_skew"
    _decoys(world, rng)
    return world


def claim_contract_drift(seed, **fixed):
    world, rng, at = _dice(seed, **fixed)
    which = bool(rng.uniform() < 0.5)
    want = (
        ("iss", "https://id.example.com/", "https://id.example.com")
        if which
        else ("aud", "web-prod", "web-staging")
    )
    reason = "issuer_mismatch" if which else "audience_mismatch"
    world.check = lambda i, t, token: Outcome(reason, *want) if t >= at else OK
    world.onset = at
    _blame(world, "config", at - rng.uniform(0, 30), "auth", "claim_contract_drift")
    _decoys(world, rng)
    return world


def header_stripped(seed, **fixed):
    world, rng, at = _dice(seed, **fixed)
    world.check = lambda i, t, token: Outcome("header_missing") if t >= at else OK
    world.onset = at
    _blame(world, "gateway", at - rng.uniform(0, 30), "edge-gateway", "header_stripped")
    _decoys(world, rng)
    return world


def refresh_failure(seed, **fixed):
    """The refresh endpoint goes down: every client keeps its token past the end of its life."""
    world, rng, at = _dice(seed, relogin=0.0, **fixed)
    world.ttl = 1200.0
    world.refresh = lambda t, r: 0.8 if t < at else 99.0
    world.onset = at  # idle clients come back with tokens nearly spent
    _blame(world, "deploy", at, "token-endpoint", "refresh_failure")
    _decoys(world, rng)
    return world


def jwks_outage(seed, **fixed):
    world, rng, at = _dice(seed, **fixed)
    end = at + float(rng.uniform(900, 1800))
    empty = at + rng.uniform(0, 300, world.instances)
    world.check = lambda i, t, token: (
        Outcome("jwks_unavailable" if (int(t) % 5) else "key_not_found")
        if empty[i] <= t < end
        else OK
    )
    world.onset, world.cause = float(empty.min()), "jwks_outage"
    _decoys(world, rng)
    return world


def library_upgrade(seed, **fixed):
    world, rng, at = _dice(seed, **fixed)
    world.fields = world.fields | {"version"}
    world.version = lambda i, t: "2.0" if t >= at else "1.0"
    world.check = lambda i, t, token: (
        Outcome("claim_missing", "sub") if t >= at and hash(round(token.issued)) % 2 else OK
    )
    world.onset = at
    _blame(
        world,
        "deploy",
        at - 15,
        "auth",
        "library_upgrade",
        version="2.0",
        description="Bump jsonwebtoken from 8.5.1 to 9.0.2",
    )
    _decoys(world, rng)
    return world


def hostile_probe(seed, **fixed):
    world, rng, at = _dice(seed, **fixed)
    for t in np.sort(rng.uniform(at, at + 1200, 400)):
        reason = str(rng.choice(["token_malformed", "algorithm_none", "signature_invalid"]))
        world.extra.append((float(t), Outcome(reason), f"bad{int(rng.integers(2))}", -1))
    world.onset, world.cause = at, "hostile_probe"
    _decoys(world, rng)
    return world


def quiet(seed, **fixed):
    """Ordinary noise only: expired tokens, a scanner, a surge, a restart blip, cron bursts."""
    world, rng, at = _dice(seed, **fixed)
    world.expired_noise, world.scanner_noise = float(rng.uniform(0.5, 4)), float(rng.uniform(0, 1))
    top = float(rng.uniform(1, 4))
    world.surge = lambda t: top if at < t < at + 1200 else 1.0
    blip = float(rng.uniform(0, world.minutes * 60 - 60))
    for t in rng.uniform(blip, blip + 45, int(rng.integers(0, 25))):
        world.extra.append((float(t), Outcome("key_missing"), "c1", 0))
    for start in range(300, world.minutes * 60 - 60, 1800):
        for t in rng.uniform(start, start + 50, int(rng.integers(0, 15))):
            world.extra.append((float(t), Outcome("token_expired", overshoot=60.0), "cron", -1))
    world.changes.append(change("deploy", blip, "auth", "restart"))
    _decoys(world, rng)
    return world


CAUSES = (
    rotation_without_overlap, partial_rollout, stale_key_cache, secret_changed_by_deploy,
    key_missing, key_format_changed, algorithm_changed, clock_skew, claim_contract_drift,
    header_stripped, refresh_failure, jwks_outage, library_upgrade, hostile_probe,
)  # fmt: skip


def shifted(drill, seconds):
    """The same drill at another time of day."""
    ms = seconds * 1000

    def move(frame):
        frame = frame.copy()
        frame["minute"] += seconds // 60
        for name, by in (("time_ms", ms), ("exp_seconds", seconds), ("iat_seconds", seconds)):
            if name in frame:
                frame[name] += by
        return frame

    c = drill.counted
    counted = replace(
        c, rejections=move(c.rejections), echoes=move(c.echoes), passed=move(c.passed),
        tally=move(c.tally), start_ms=c.start_ms + ms if c.start_ms else None,
        end_ms=c.end_ms + ms if c.end_ms else None,
    )  # fmt: skip
    changes = tuple(
        replace(e, time_ms=e.time_ms + ms, end_ms=e.end_ms + ms if e.end_ms else None)
        for e in drill.changes
    )
    onset = None if drill.onset_ms is None else drill.onset_ms + ms
    return replace(drill, counted=counted, changes=changes, onset_ms=onset)
