"""Whether a change can touch the verifiers that fail, and whether it is of a kind that could."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logclass.evidence.contrast import weights
from logclass.evidence.names import (
    CLIENTS,
    GATEWAYS,
    ISSUERS,
    NETWORK,
    OTHER_SECRETS,
    environment,
    is_nameless,
    is_release,
    is_same,
    mentions,
    set_of,
    speaks_of,
    words,
)
from logclass.evidence.phrases import count, names, percent
from logclass.evidence.restarts import rolled_out_at, starts
from logclass.evidence.sightings import endpoint_failed
from logclass.evidence.waves import released, speaking, untouched
from logclass.vocabulary import ChangeKind, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from logclass.evidence.scan import Array
    from logclass.evidence.slice import Slice
    from logclass.model import ChangeEvent

_GROUPS = {
    "key": {Reason.SIGNATURE_INVALID, Reason.KEY_NOT_FOUND, Reason.DECRYPTION_FAILED},
    "material": {Reason.KEY_MISSING, Reason.KEY_INVALID},
    "alg": {Reason.ALGORITHM_MISMATCH, Reason.HEADER_UNSUPPORTED, Reason.ALGORITHM_NONE},
    "time": {Reason.TOKEN_EXPIRED, Reason.TOKEN_TOO_OLD},
    "early": {Reason.TOKEN_NOT_YET_VALID, Reason.ISSUED_IN_FUTURE},  # a lost leeway does too
    "header": {Reason.HEADER_MISSING, Reason.HEADER_MALFORMED, Reason.TOKEN_MALFORMED},
}

LEAST_TOLD = 0.2  # of the rejections that say a reason
MINOR = 0.35  # share of the requests up to which those that fail are a minority

# likelihood of a group of reasons after a kind of change, against after none; by mechanism
_ODDS: dict[str, dict[str, float]] = {
    ChangeKind.ROTATION: {"key": 6, "material": 1.5, "alg": 1, "claims": 0.15, "time": 0.1}
    | {"early": 0.1, "header": 0.1, "jwks": 0.3, "unspecified": 2},
    ChangeKind.DEPLOY: {"key": 2, "material": 3, "alg": 3, "claims": 2.5, "time": 0.8}
    | {"early": 1.3, "header": 1.2, "jwks": 1.2, "unspecified": 1.6},
    ChangeKind.CONFIG: {"key": 2, "material": 2.5, "alg": 2.5, "claims": 3, "time": 0.4}
    | {"early": 1, "header": 1.2, "jwks": 1.6, "unspecified": 1.6},
    ChangeKind.GATEWAY: {"key": 0.2, "material": 0.1, "alg": 0.1, "claims": 0.2, "time": 0.1}
    | {"early": 0.1, "header": 8, "jwks": 2, "unspecified": 2},
    ChangeKind.CLOCK: {"time": 15, "early": 15},
    ChangeKind.ROLLBACK: {"key": 2, "material": 2, "alg": 2, "claims": 2, "time": 0.4}
    | {"early": 0.6, "header": 1, "jwks": 1, "unspecified": 1.2},
    ChangeKind.OTHER: {
        "key": 0.7,
        "time": 0.7,
        "early": 0.7,
        "header": 0.7,
        "jwks": 1,
        "unspecified": 0.7,
    },
}
_LABELS: dict[str, str] = {
    ChangeKind.CONFIG: "A configuration change",
    ChangeKind.GATEWAY: "A gateway change",
    ChangeKind.CLOCK: "A clock change",
}
_CLOCK = set_of("ntp chrony clock time timesyncd resume suspend")
WORDS = {
    "key": set_of("secret jwt key keys kid signing jwks hmac pem private public"),
    "material": set_of("secret jwt key keys signing pem env mount volume base64"),
    "claims": set_of("issuer audience iss aud tenant realm authority hostname claims"),
    "alg": set_of("rs256 hs256 es256 ps256 eddsa algorithm alg algorithms rsa hmac"),
    "header": set_of("header headers authorization ingress proxy cors route routes"),
    "time": _CLOCK | set_of("refresh token"),
    "early": _CLOCK | set_of("leeway tolerance skew"),
    "jwks": set_of("jwks dns egress firewall networkpolicy network certificate proxy"),
}


@dataclass(frozen=True, slots=True)
class Reach:
    """What speaks for and against a change beside its time."""

    space: float
    kind: float
    space_text: str
    kind_text: str
    veto: str = ""
    is_disjoint: bool = False


def group_of(reason: str) -> str:
    """Return the family of a reason, as the tables above name it."""
    for name, members in _GROUPS.items():
        if reason in members:
            return name
    if reason == Reason.JWKS_UNAVAILABLE:
        return "jwks"
    return "unspecified" if reason == Reason.UNSPECIFIED else "claims"


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What every change is held against, read once."""

    part: Slice
    reason: str  # the most frequent one
    group: str
    environment: str
    kids: frozenset[str]
    versions: pd.Series
    instances: pd.Series  # rejections
    events: pd.Series  # log events per instance
    is_minor: bool  # most requests of the failing services pass
    services: pd.Series  # rejections
    released: tuple[str, ...]  # targets of the releases around the onset
    starts: Array  # of instances of the failing services, epoch milliseconds
    rolled_ms: float | None  # when these were rolled out as it began
    is_issuing_down: bool  # the token endpoint failed, by the logs
    speaking: frozenset[str]  # sources of changes that name services in their descriptions


def scene(part: Slice, changes: Sequence[ChangeEvent]) -> Scene:
    """Return what is known of where and how an episode fails."""
    reasons = weights(part.rows, "reason")
    reason = _telling(reasons)
    places = weights(part.rows, "environment")
    started = starts(part)
    now = part.traffic[part.grid.at(part.first) : part.grid.at(part.stop - 1) + 1]
    return Scene(
        part,
        reason,
        group_of(reason),
        environment(str(places.index[0])) if len(places) else "",
        frozenset(str(k) for k in weights(part.rows, "kid").index),
        weights(part.rows, "version"),
        weights(part.rows, "instance"),
        part.events.groupby("instance")["events"].sum(),
        part.is_complete and part.total < MINOR * float(now.sum()),
        weights(part.rows, "service"),
        released(changes, part.episode.onset),
        started,
        rolled_out_at(part, started),
        endpoint_failed(part) is not None,
        speaking(changes, part.episode.services),
    )


def _telling(reasons: pd.Series) -> str:
    """Return the most frequent reason, one that says more than a bare 401 where enough do."""
    told = reasons.drop(Reason.UNSPECIFIED.value, errors="ignore")
    if len(told) and float(told.sum()) >= LEAST_TOLD * float(reasons.sum()):
        return str(told.index[0])
    return str(reasons.index[0]) if len(reasons) else Reason.UNSPECIFIED.value


def reach(change: ChangeEvent, at: Scene) -> Reach:
    """Return the space and kind terms of a change against an episode."""
    kind, kind_text = _kind(change, at.group, at.reason)
    space, text, veto = _space(change, at)
    version, version_text = _version(change, at.versions)
    touched, touched_text = _instances(change, at)
    total = max(-math.log(50), min(math.log(50), space + version + touched))
    words_ = " ".join(t for t in (text, version_text, touched_text) if t)
    return Reach(total, kind, words_, kind_text, veto, is_disjoint=space < -1.0)


def _kind(change: ChangeEvent, group: str, reason: str) -> tuple[float, str]:
    odds = math.log(_ODDS[change.kind].get(group, 0.05))
    spoken = set(words(f"{change.target} {change.description} {change.version}"))
    hits = spoken & WORDS.get(group, frozenset())
    if hits and change.kind is not ChangeKind.ROTATION:
        odds += math.log(2.5)
    verb = "often" if odds > math.log(2) else "may" if odds > -0.1 else "rarely"
    joined = f"{verb} lead" if verb == "may" else f"{verb} leads"
    if change.kind is ChangeKind.OTHER:
        return odds, ""
    return odds, f"{_LABELS.get(change.kind, f'A {change.kind}')} {joined} to {reason}."


def _space(change: ChangeEvent, at: Scene) -> tuple[float, str, str]:
    part, target, failing = at.part, change.target, at.part.episode.services
    here, there = environment(change.environment or target), at.environment
    if here and there and here != there:
        return -math.log(50), "", f"It was made in {here}; the rejections are in {there}."
    if change.kind is ChangeKind.ROTATION:
        return _of_key(target, failing, at)
    named = [s for s in failing if s and not is_nameless(s)]
    if any(is_same(target, s) for s in named):
        return (*_itself(target, named, at), "")
    if any(is_same(target, i) for i in part.episode.instances):
        return math.log(8), f"{target} is one of the failing instances.", ""
    if at.group == "claims" and speaks_of(target, CLIENTS):
        text = f"{target} looks like a client, and clients choose who issues their tokens."
        if at.is_minor:
            text = f"{target} looks like a client, and only some requests carry other claims."
        return math.log(3 if at.is_minor else 1.3), text, ""
    return _around(change, at, named)


def _itself(target: str, named: list[str], at: Scene) -> tuple[float, str]:
    """Return the term of a change to what rejects the tokens."""
    text = f"{target} is what rejects the tokens"
    missed = untouched(target, named, at.services, at.released)
    if missed and not speaks_of(target, ISSUERS):  # what an issuer brings, others refuse
        return math.log(0.25), f"{text}, but {names(missed)} does as well and was not changed."
    # a release makes no token old and cuts no wire
    return math.log(1.2 if at.group in {"time", "jwks"} else 8), f"{text}."


def _around(change: ChangeEvent, at: Scene, named: list[str]) -> tuple[float, str, str]:
    """Return the terms of a change to something before or beside the failing services."""
    target, group = change.target, at.group
    if change.kind is ChangeKind.GATEWAY or speaks_of(target, GATEWAYS):
        near = group in {"header", "unspecified", "jwks"}
        return (math.log(4) if near else -math.log(4)), f"{target} stands before the services.", ""
    if speaks_of(target, ISSUERS):
        text = f"{target} looks like the issuer of the tokens"
        is_down = group == "time" and at.is_issuing_down
        return math.log(8 if is_down else 3), f"{text}{', which failed' if is_down else ''}.", ""
    if group == "jwks" and speaks_of(f"{target} {change.description}", NETWORK):
        return math.log(4), f"{target} lies on the way to the key set.", ""
    if group == "time" and speaks_of(target, CLIENTS):
        return 0.0, f"{target} looks like a client, which renews tokens.", ""
    if change.kind in {ChangeKind.CLOCK, ChangeKind.OTHER} or not named:
        return 0.0, "", ""
    return _elsewhere(change, at, named)


def _elsewhere(change: ChangeEvent, at: Scene, named: list[str]) -> tuple[float, str, str]:
    """Return the terms of a change to something that does not fail."""
    failing = names(named)
    told = next((s for s in named if mentions(change.description, s)), "")
    if told:
        return math.log(4), f"Its description speaks of {told}, which rejects the tokens.", ""
    if is_nameless(change.target):  # unknown is not disjoint
        is_other = change.source in at.speaking and bool(change.description)
        return (-math.log(2.5), f"It does not speak of {failing}.", "") if is_other else (0, "", "")
    if any(is_same(change.target, s) for s in at.part.services if s not in named):
        why = f"It touched {change.target}, which is in the logs and does not fail; {failing} does."
        return -math.log(50), "", why
    return -math.log(8), f"Nothing ties {change.target} to {failing}.", ""


def _of_key(target: str, failing: tuple[str, ...], at: Scene) -> tuple[float, str, str]:
    if any(is_same(target, s) for s in failing if s):
        return math.log(8), f"{target} is a key of {names([s for s in failing if s])}.", ""
    if target in at.kids or speaks_of(target, ISSUERS | {"jwt", "jwks", "signing", "kid", "hmac"}):
        return math.log(6), f"{target} signs tokens, by its name.", ""
    if speaks_of(target, OTHER_SECRETS):
        return -math.log(50), "", f"{target} is no token key, by its name."
    named = [s for s in failing if s]
    known = [s for s in at.part.services if s and s not in named and is_same(target, s)]
    if known:
        return -math.log(8), f"{target} belongs to {known[0]}, which does not fail.", ""
    return (math.log(2) if not target or not named else 0.0), "", ""


def _version(change: ChangeEvent, known: pd.Series) -> tuple[float, str]:
    """Return the term of the failing rows' release against the one the change brought."""
    total = float(known.sum())
    if not change.version or total < 5 or change.kind is ChangeKind.ROTATION:
        return 0.0, ""
    mine = float(sum(v for k, v in known.items() if is_release(change.version, str(k))))
    share = mine / total
    if share >= 0.9:
        text = f"{percent(share)} of the rejections come from release {change.version}."
        return math.log(8), text
    return 0.0, ""


def _instances(change: ChangeEvent, at: Scene) -> tuple[float, str]:
    """Return the term of failures on the instances that the change touched."""
    if not change.instances:
        return 0.0, ""
    touched = set(change.instances)
    totals, events = at.instances, at.events
    total = float(totals.sum())
    mine = float(totals[[i for i in totals.index if i in touched]].sum())
    q = float(events[[i for i in events.index if i in touched]].sum()) / max(float(events.sum()), 1)
    if total < 5 or not 0 < q < 1 or not len(set(events.index) & touched):
        return 0.0, ""
    s = min(max(mine / total, 1e-3), 1 - 1e-3)
    divergence = s * math.log(s / q) + (1 - s) * math.log((1 - s) / (1 - q))
    sign = 1 if s > q else -1
    text = f"{percent(mine / total)} of the rejections are on the instances it touched, which "
    text += f"carry {percent(q)} of the log ({count(mine, 'rejection')})."
    return sign * min(len(touched) * divergence, math.log(20)), text
