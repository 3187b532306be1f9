"""Forged tokens from few clients: noise that looks like an outage."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

import numpy as np

from logclass.causes.case import Case, Hypothesis, fact, reasons_fit, told
from logclass.columns import COPY
from logclass.evidence.contrast import (
    FORGEABLE,
    TRIED,
    are_particular,
    effective_number,
    has_random_kids,
    top_share,
    weights,
)
from logclass.evidence.phrases import names, percent
from logclass.evidence.series import per_minute
from logclass.vocabulary import Cause, Reason

if TYPE_CHECKING:
    import pandas as pd

    from logclass.evidence.series import Array
    from logclass.model import Evidence

EXPECTED = {
    Reason.TOKEN_MALFORMED: 0.35,
    Reason.ALGORITHM_NONE: 0.6,
    Reason.SIGNATURE_INVALID: 0.2,
    Reason.ALGORITHM_MISMATCH: 0.1,
    Reason.HEADER_MALFORMED: 0.1,
    Reason.HEADER_UNSUPPORTED: 0.05,
    Reason.KEY_NOT_FOUND: 0.08,
    Reason.CLAIM_INVALID: 0.04,
    Reason.CLAIM_MISSING: 0.03,
    Reason.UNSPECIFIED: 0.05,
    Reason.HEADER_MISSING: 0.08,
}


SEEN = 4.0  # times the noise of those that pass, for as many fewer of them to show
MISSED = 0.25  # of the refused ones that may be missing among those that pass
STILL = 0.7  # of the usual must pass in any case: clients that try again and again are many too
MANY = 1.3  # times the usual: then lines are counted that are no requests
FEW = 8.0  # clients in effect
OFTEN = 10.0  # refusals of one client
FEWEST, MOST_PASS = 3, 0.5  # clients of all that is refused; failing share at its height
UNUSUAL = (Reason.ALGORITHM_MISMATCH, Reason.ALGORITHM_NONE, Reason.TOKEN_MALFORMED)
LIKE_NUMBERS = 0.25  # share of each of two ways to fail
LEAST_STRANGERS = 3  # other clients that are known


def hostile_probe(case: Case) -> Hypothesis:
    """Weigh forged, unsecured or malformed tokens from few clients."""
    return Hypothesis(
        Cause.HOSTILE_PROBE,
        0.06,
        told(
            reasons_fit(case, EXPECTED),
            _few_clients(case),
            on_top(case),
            _unsecured(case),
            _variety(case),
            _random_kids(case),
        ),
        (
            "Rejections of many ordinary clients.",
            "A drop of accepted requests at the same time.",
        ),
        None,
        ("client", "totals"),
    )


def _few_clients(case: Case) -> Evidence | None:
    clients, others = senders(case)
    share = top_share(clients)
    if case.part.episode.is_probe:
        who = f" ({names([str(c) for c in clients.index[:3]])})" if len(clients) else ""
        return fact("space", 40, f"{percent(share)} come from few clients{who}.")
    if float(clients.sum()) < 0.5 * case.part.total:
        if on_top(case) is not None:
            return None
        return fact("space", 0.6, "The log does not say which clients were refused.")
    if effective_number(clients) > max(8.0, 0.5 * effective_number(others)):
        text = f"Many clients are refused: about {effective_number(clients):.0f} in effect."
        return fact("space", 0.02, text)
    if _are_few(case):
        who = names([str(c) for c in clients.index[:3]])
        return fact("space", 8, f"Few clients send them ({who}), others do not.")
    return fact("space", 0.25, "Nothing ties them to few clients.") if not on_top(case) else None


def only_few(case: Case, factor: float = 0.15) -> Evidence | None:
    """Weigh against an outage that few clients are refused while those of others pass."""
    if not case.part.episode.is_probe and not _are_few(case):
        return None
    clients, _ = senders(case)
    who = f" ({names([str(c) for c in clients.index[:3]])})" if len(clients) else ""
    return fact("space", factor, f"Few clients{who} are refused; an outage strikes all.")


def senders(case: Case) -> tuple[pd.Series, pd.Series]:
    """Return the rejected requests per client, and those of other times and reasons.

    Where the service does not log them, as its gateway did.
    """
    part = case.part
    clients = weights(part.rows, "client")
    if float(clients.sum()) >= 0.5 * part.total:
        return clients, weights(part.others, "client")
    minute = part.echoes["minute"]
    inside = ((minute >= part.first) & (minute < part.stop)).to_numpy()
    return weights(part.echoes[inside], "client"), weights(part.echoes[~inside], "client")


def _are_few(case: Case) -> bool:
    clients, others = senders(case)
    if case.share(*TRIED) < 0.8 or top_share(clients, 5) < 0.7:
        return False
    if are_particular(clients, others):
        return True
    few = effective_number(clients)
    if not len(others):
        return _are_outsiders(clients) and _do_most_pass(case)
    return few <= FEW and (effective_number(others) >= 4 * few or _are_strangers(clients, others))


def _do_most_pass(case: Case) -> bool:
    """Whether all instances took most requests even at its height, as an outage seldom lets them.

    Old tokens of a rotation may be few too, and a gateway may drop the header of some: what no
    ordinary client sends must have been refused.
    """
    share = case.failing_share
    is_small = share is not None and share < MOST_PASS and case.split.classes is None
    return is_small and case.share(*UNUSUAL) >= 0.8


def _are_outsiders(clients: pd.Series) -> bool:
    """Whether two or three public addresses send all: not one proxy's, nor of the own network."""
    return 2 <= len(clients) <= FEWEST and all(_is_public(str(name)) for name in clients.index)


def _is_public(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False


def _are_strangers(clients: pd.Series, others: pd.Series) -> bool:
    """Whether the few that are refused over and over send none of what little else is known.

    Behind a proxy all requests bear its few addresses, and the others would bear them too.
    """
    often = clients[clients >= OFTEN]
    if float(often.sum()) < 0.9 * float(clients.sum()) or len(others) < LEAST_STRANGERS:
        return False
    return not set(often.index) & set(others.index)


def on_top(case: Case, factor: float = 15) -> Evidence | None:
    """Weigh requests that come on top of the usual ones: in an outage those that pass are fewer."""
    part = case.part
    is_told = part.is_complete or part.let_through is not None
    if not is_told or case.share(*TRIED) < 0.8:
        return None
    failed, passed = per_minute(part.rows, part.grid), _passed(case)
    first, stop = part.grid.at(part.first), part.grid.at(part.stop - 1) + 1
    inside = np.zeros(len(passed), dtype=bool)
    inside[first:stop] = True
    near = slice(max(0, first - 60), min(len(passed), stop + 60))
    rest = ~inside
    rest[: near.start] = rest[near.stop :] = False
    if int(rest.sum()) < 10 or float(passed[rest].mean()) < 3:
        return None
    minutes, more = int(inside.sum()), float(failed[inside].sum())
    usual, now = float(passed[rest].mean()), float(passed[inside].mean())
    noise = max(float(passed[rest].std()), usual**0.5) * minutes**0.5
    least = max(usual - MISSED * more / minutes, STILL * usual)
    if more < SEEN * noise or not least <= now <= MANY * usual:
        return None
    text = f"As many requests passed as usual ({now:.0f} a minute, {usual:.0f} around it)"
    return fact("ledger", factor, f"{text}: those refused came on top.")


def _passed(case: Case) -> Array:
    """Return the requests that passed in each minute, or the lines that no rejection left."""
    part = case.part
    if part.let_through is not None:
        return part.let_through
    others = part.others[part.others["service"].isin(set(part.rows["service"])).to_numpy()]
    is_own = part.echoes["service"].isin(part.events["service"].unique())
    again = part.echoes[(is_own & (part.echoes["kind"] != COPY)).to_numpy()]
    refused = sum(per_minute(frame, part.grid) for frame in (part.rows, others, again))
    return np.maximum(part.traffic - refused, 0.0)


def _unsecured(case: Case) -> Evidence | None:
    share = case.share(Reason.ALGORITHM_NONE)
    if share < 0.05:
        return None
    return fact("ledger", 10, f"{percent(share)} of the tokens are unsigned: no issuer makes them.")


def _variety(case: Case) -> Evidence | None:
    """Weigh how many ways they fail in: trial and error shows many, a fault repeats one."""
    kinds = [r for r, share in case.told_shares.items() if share >= 0.1]
    if not set(kinds) <= set(FORGEABLE):
        return None
    if _are_unlike(case):
        text = (
            "Malformed ones and those of another algorithm are about as many: no fault does both."
        )
        return fact("kind", 6, text)
    if len(kinds) < 3:
        return None
    if not case.part.episode.is_probe and on_top(case) is None and not _are_few(case):
        return None
    return fact("kind", 5, f"They fail in {len(kinds)} ways at once: {names(sorted(kinds))}.")


def _are_unlike(case: Case) -> bool:
    algorithm = case.share(Reason.ALGORITHM_MISMATCH, Reason.ALGORITHM_NONE)
    return min(algorithm, case.share(Reason.TOKEN_MALFORMED)) >= LIKE_NUMBERS


def _random_kids(case: Case) -> Evidence | None:
    """Weigh key ids that hardly ever repeat: an issuer signs with few keys."""
    if not has_random_kids(case.part.rows):
        return None
    found = weights(case.part.rows, "kid")
    return fact("ledger", 20, f"They name {len(found)} different keys, made up on the way.")
