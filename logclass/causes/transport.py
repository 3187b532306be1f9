"""What stands between: gateways that drop the header, key sets that cannot be fetched."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from logclass.causes.case import RELEASES, Case, Hypothesis, change_fit, fact, reasons_fit, told
from logclass.causes.hostile import on_top, senders
from logclass.causes.keytests import spoken_of, undone
from logclass.evidence.contrast import are_particular, effective_number, top_share, weights
from logclass.evidence.names import GATEWAYS as GATEWAY_NAMES
from logclass.evidence.names import speaks_of
from logclass.evidence.phrases import clock, count, percent
from logclass.evidence.slice import seconds
from logclass.vocabulary import Cause, ChangeKind, Reason

if TYPE_CHECKING:
    from logclass.model import Evidence

GATEWAYS = frozenset({ChangeKind.GATEWAY})
BEFORE = GATEWAYS | RELEASES
HARDLY = 0.05  # share of the requests that callers without a token send anyway


def header_stripped(case: Case) -> Hypothesis:
    """Weigh that a gateway or proxy dropped or rewrote the Authorization header."""
    change, record = change_fit(case, BEFORE, absent=0.5)
    expected = {Reason.HEADER_MISSING: 0.8, Reason.HEADER_MALFORMED: 0.4}
    expected |= {Reason.TOKEN_MALFORMED: 0.15, Reason.UNSPECIFIED: 0.12}
    is_gateway = change is not None and (
        change.change.kind in GATEWAYS or speaks_of(change.change.target, GATEWAY_NAMES)
    )
    return Hypothesis(
        Cause.HEADER_STRIPPED,
        0.1,
        told(
            reasons_fit(case, expected),
            record,
            fact("space", 4, f"{change.change.target} stands before {case.service}.")
            if change is not None and is_gateway
            else None,
            undone(change),
            _tokens_arrive(case),
            _one_route(case) or (_hardly_any(case) if not is_gateway else None),
            _one_client(case),
            spoken_of(case, "header"),
            on_top(case, 0.07),
        ),
        (
            "A request sent straight to the service that is refused alike.",
            "Tokens present in the rejected requests.",
        ),
        change,
        ("changes", "route", "client"),
    )


def jwks_outage(case: Case) -> Hypothesis:
    """Weigh that the key set could not be fetched."""
    change, record = change_fit(case, BEFORE | {ChangeKind.OTHER}, absent=1.0)
    expected = {Reason.JWKS_UNAVAILABLE: 0.8, Reason.KEY_NOT_FOUND: 0.1, Reason.UNSPECIFIED: 0.1}
    named = case.found.named
    return Hypothesis(
        Cause.JWKS_OUTAGE,
        0.1,
        told(
            reasons_fit(case, expected),
            record if change is not None or named is None else None,
            _fetches(case),
            spoken_of(case, "jwks"),
        ),
        ("A fetch of the key set that succeeds from inside a failing verifier.",),
        change if change is case.found.named else None,
        ("changes", "instance"),
    )


def _fetches(case: Case) -> Evidence | None:
    rows = case.part.rows
    failed = rows[rows["reason"] == Reason.JWKS_UNAVAILABLE]
    if not len(failed):
        return None
    first, start = float(seconds(failed).min()), float(seconds(rows).min())
    text = f"{count(float(failed['count'].sum()), 'key-set fetch')}".replace("fetchs", "fetches")
    share = case.share(Reason.JWKS_UNAVAILABLE)
    leads = first - start < max(60.0, 0.1 * (case.part.stop - case.part.first) * 60)
    factor = 12 if share >= 0.3 else math.sqrt(12) if leads else 1.5
    return fact("ledger", factor, f"{text} failed, the first at {clock(first * 1000)}.")


def _tokens_arrive(case: Case) -> Evidence | None:
    rows = case.part.rows
    with_token = rows[(rows["kid"] != "") | (rows["alg"] != "")]
    share = float(with_token["count"].sum()) / max(case.part.total, 1.0)
    if share < 0.2:
        return None
    return fact("kind", 0.1, f"{percent(share)} of the rejected requests did carry a token.")


def _one_route(case: Case) -> Evidence | None:
    routes, others = weights(case.part.rows, "route"), weights(case.part.others, "route")
    if float(routes.sum()) < 5 or len(others) < 3 or top_share(routes, 1) < 0.9:
        return None
    return fact("space", 2, f"They are all on one route: {routes.index[0]}.")


def _hardly_any(case: Case) -> Evidence | None:
    """Weigh requests without a token that are few among those that pass, and of no one route."""
    share = case.failing_share
    if share is None or share >= HARDLY or case.share(Reason.HEADER_MISSING) < 0.5:
        return None
    text = f"Only {percent(share)} of the requests lack it, even at the height"
    return fact("space", 0.2, f"{text}: what drops the header drops it on a whole route.")


def _one_client(case: Case) -> Evidence | None:
    clients, others = senders(case)
    if float(clients.sum()) < 5 or top_share(clients, 2) < 0.9:
        return None
    if effective_number(others) < 4 and not are_particular(clients, others):
        return None
    return fact("space", 0.12, "One or two clients send them; all others are served.")
