"""What the export does not hold, and the cheapest way to get it."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from logclass.evidence.series import number
from logclass.vocabulary import Cause

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logclass.causes.case import Case, Hypothesis

MOST, RIVALS = 3, 3
WORTH = 0.005  # chance of a pair from which it is worth a sentence
_KEYS = {Cause.ROTATION_WITHOUT_OVERLAP, Cause.PARTIAL_ROLLOUT, Cause.STALE_KEY_CACHE}
_SECRETS = {Cause.SECRET_CHANGED_BY_DEPLOY, Cause.KEY_FORMAT_CHANGED, Cause.KEY_MISSING}
_TIMES = {Cause.CLOCK_SKEW, Cause.REFRESH_FAILURE}
_VERIFIER = {Cause.LIBRARY_UPGRADE, Cause.ALGORITHM_CHANGED, Cause.CLAIM_CONTRACT_DRIFT}
_OUTSIDE = {Cause.HOSTILE_PROBE, Cause.HEADER_STRIPPED}
_ANY = frozenset(Cause)
# which causes a field tells from one another
_TELLS: dict[str, frozenset[Cause]] = {
    "instance": frozenset(_KEYS | _SECRETS | _TIMES),
    "kid": frozenset(_KEYS | {Cause.SECRET_CHANGED_BY_DEPLOY, Cause.HOSTILE_PROBE}),
    "iat": frozenset(_KEYS | _SECRETS | _TIMES | _VERIFIER),
    "times": frozenset(_TIMES),
    "alg": frozenset({Cause.ALGORITHM_CHANGED, Cause.LIBRARY_UPGRADE, *_SECRETS}),
    "release": frozenset(_SECRETS | _VERIFIER | {Cause.PARTIAL_ROLLOUT}),
    "totals": frozenset(_OUTSIDE | _SECRETS | _KEYS),
    "client": frozenset(_OUTSIDE | {Cause.CLAIM_CONTRACT_DRIFT, Cause.REFRESH_FAILURE}),
    "route": frozenset(_OUTSIDE),
    "values": frozenset({Cause.CLAIM_CONTRACT_DRIFT, Cause.LIBRARY_UPGRADE}),
}


def missing(
    case: Case, one: Hypothesis, rivals: Sequence[tuple[Cause, float]] = ()
) -> tuple[str, ...]:
    """Return at most three gaps, first the one that would decide most among the likeliest causes.

    `rivals` are causes with their probabilities, best first. What a field decides is the chance of
    the pairs of causes that it tells apart.
    """
    near = list(rivals)[:RIVALS]
    pairs = [(a, b, p * q) for (a, p), (b, q) in combinations(near, 2)]
    wanted = dict.fromkeys((*one.asks_for, "instance", "changes", "totals", "kid"))
    gaps = []
    for place, name in enumerate(wanted):
        is_there, text = _FIELDS[name]
        if is_there(case):
            continue
        told = [(a, b, w) for a, b, w in pairs if {a, b} <= _TELLS.get(name, _ANY)]
        if told and told[0][2] >= WORTH:
            first, second = (str(c).replace("_", " ") for c in told[0][:2])
            text = f"{text} It would help to tell {first} from {second}."
        gaps.append((-sum(w for _, _, w in told), place, text))
    return tuple(text for _, _, text in sorted(gaps)[:MOST])


def _has(column: str) -> Callable[[Case], bool]:
    def known(case: Case) -> bool:
        rows = case.part.rows
        return bool(len(rows)) and float((rows[column] != "").mean()) >= 0.2

    return known


def _has_release(case: Case) -> bool:
    told = (case.part.signals["version"] != "").any()  # start-up banners
    return bool(told) or _has("version")(case)


def _has_number(*columns: str) -> Callable[[Case], bool]:
    def known(case: Case) -> bool:
        rows = case.part.rows
        return any(bool((number(rows, c) == number(rows, c)).any()) for c in columns)

    return known


def _has_changes(case: Case) -> bool:
    return bool(case.found.candidates)


def _has_values(case: Case) -> bool:
    return any(d.expected and d.actual for d in case.delta) or _has("expected")(case)


def _has_totals(case: Case) -> bool:
    return case.failing_share is not None


_FIELDS: dict[str, tuple[Callable[[Case], bool], str]] = {
    "instance": (
        _has("instance"),
        "Instance or host of each line: export with the pod, container or log stream name.",
    ),
    "kid": (
        _has("kid"),
        "Key id of the rejected tokens: log the unverified header's `kid`, never the token.",
    ),
    "iat": (
        _has_number("iat_seconds"),
        "Time of issue of the rejected tokens: log the unverified `iat` and `exp`.",
    ),
    "times": (
        _has_number("overshoot_seconds", "exp_seconds", "nbf_seconds"),
        "By how much the time checks failed: log `exp`, `nbf` and the verifier's own time.",
    ),
    "alg": (_has("alg"), "Algorithm of the rejected tokens: log the unverified header's `alg`."),
    "release": (
        _has_release,
        "Release of each instance: its start-up banner, or the image tag in every line.",
    ),
    "changes": (
        _has_changes,
        "A record of changes: CI history, `kubectl rollout history`, the secret store's audit log.",
    ),
    "totals": (
        _has_totals,
        "Requests per minute: access-log or load-balancer counts for the same time.",
    ),
    "client": (_has("client"), "Clients, hashed: the gateway's access log for the same time."),
    "route": (_has("route"), "Route of the rejected requests: the gateway's access log."),
    "values": (
        _has_values,
        "Expected and received claim values, side by side, in the rejection message.",
    ),
}
