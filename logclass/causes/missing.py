"""What the export does not hold, and the cheapest way to get it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logclass.evidence.series import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from logclass.causes.case import Case, Hypothesis

MOST = 3


def missing(case: Case, one: Hypothesis) -> tuple[str, ...]:
    """Return at most three gaps that matter for this cause, the most useful first."""
    wanted = (*one.asks_for, "instance", "changes", "totals", "kid")
    gaps = []
    for name in dict.fromkeys(wanted):
        is_there, text = _FIELDS[name]
        if not is_there(case):
            gaps.append(text)
    return tuple(gaps[:MOST])


def _has(column: str) -> Callable[[Case], bool]:
    def known(case: Case) -> bool:
        rows = case.part.rows
        return bool(len(rows)) and float((rows[column] != "").mean()) >= 0.2

    return known


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
        _has("version"),
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
