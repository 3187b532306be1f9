"""Time: a clock that is off, against tokens that are really too old."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logclass.causes.case import RELEASES, Case, Hypothesis, change_fit, fact, reasons_fit, told
from logclass.causes.keytests import undone
from logclass.causes.leeways import LEEWAY_SECONDS, came_with_release
from logclass.evidence.confinement import AHEAD, BEHIND
from logclass.evidence.contrast import weights
from logclass.evidence.names import ISSUERS, speaks_of
from logclass.evidence.phrases import clock, names, percent, span
from logclass.evidence.series import number
from logclass.evidence.slice import seconds
from logclass.vocabulary import Cause, ChangeKind, Reason

if TYPE_CHECKING:
    from logclass.evidence.skew import Skew
    from logclass.model import Evidence

CLOCKS = frozenset({ChangeKind.CLOCK, ChangeKind.OTHER})
GROWING = 0.3  # seconds per second by which overshoots grow when nobody can refresh
LEAST_TIMED = 10  # tokens whose time of issue is known
MOST_REJECT = 0.7  # of the instances: then no few of them are at fault
LATE_SECONDS = 60.0  # clients that renew late mostly do so within a minute
BATCH_SECONDS = 900.0  # no clock is off by more unless it was never set


def clock_skew(case: Case) -> Hypothesis:
    """Weigh that the clocks of one or more hosts are off."""
    change, record = change_fit(case, CLOCKS, absent=1.0)
    expected = {Reason.TOKEN_NOT_YET_VALID: 0.4, Reason.ISSUED_IN_FUTURE: 0.35}
    expected |= {Reason.TOKEN_EXPIRED: 0.3, Reason.TOKEN_TOO_OLD: 0.05}
    named = case.found.named
    is_other = named is not None and named.change.kind not in CLOCKS
    return Hypothesis(
        Cause.CLOCK_SKEW,
        0.1,
        told(
            reasons_fit(case, expected),
            record if change is not None or not is_other else None,
            _confined(case, inside=20 if _is_timed(case) else 12, outside=0.1),
            _early(case),
            _constant(case),
            _capped(case),
            _growing(case, 0.15),
            _beyond_life(case, 0.03),
            _level(case, 2.5, 1.2),
            _other_clock(case, 40) or _refuted(case, 20),
            _clock_set(case),
            came_with_release(case) if _other_clock(case, 40) is None else None,
        ),
        (
            "The same tokens failing on hosts whose clock is right.",
            "An offset under a second on every host (`chronyc tracking`).",
        ),
        change,
        ("instance", "iat", "times"),
    )


def refresh_failure(case: Case) -> Hypothesis:
    """Weigh that tokens really expire in a burst: clients refresh too late or cannot."""
    change, record = change_fit(case, RELEASES, absent=0.8)
    expected = {Reason.TOKEN_EXPIRED: 0.9, Reason.TOKEN_TOO_OLD: 0.06, Reason.TOKEN_REVOKED: 0.06}
    return Hypothesis(
        Cause.REFRESH_FAILURE,
        0.1,
        told(
            reasons_fit(case, expected),
            _outside(case) or record,
            _confined(case, inside=0.05 if _is_timed(case) else 0.1, outside=2),
            undone(change),
            _endpoint(case),
            _growing(case, 12),
            _level(case, 0.4, 0.8),
            _other_clock(case, 0.03) or _refuted(case, 0.05),
        ),
        (
            "New tokens being issued at the usual rate.",
            "Rejections on one host only: then its clock is off.",
        ),
        change,
        ("instance", "times", "client"),
    )


def _outside(case: Case) -> Evidence | None:
    """Weigh an event at the issuer that is no release, as its status page tells of one."""
    named = case.found.named
    if named is None or named.change.kind is not ChangeKind.OTHER:
        return None
    one = named.change
    if not speaks_of(f"{one.target} {one.description}", ISSUERS):
        return None
    return fact("change", 4, f"Something is on record of {one.target} at {clock(one.time_ms)}.")


def _refuted(case: Case, factor: float) -> Evidence | None:
    """Weigh checks that failed although by the line's own stamp they should have passed."""
    skew = case.skew
    if skew is None or not skew.is_refuted:
        return None
    text = f"By the log's own time {percent(skew.refuted)} of these tokens were still valid"
    if case.share(*BEHIND) > 0.5:
        text = f"By the log's own time {percent(skew.refuted)} of these tokens were valid already"
    return fact("skew", factor, f"{text}: the verifier's clock said otherwise.")


def _other_clock(case: Case, factor: float) -> Evidence | None:
    """Weigh another clock that saw the same moments: the line's stamp, or a gateway's log."""
    skew = case.skew
    row = next(iter(skew.rows), None) if skew is not None and skew.witness else None
    if skew is None or row is None or row["seconds"] is None:
        return None
    side = "ahead of" if row["seconds"] > 0 else "behind"
    far = f"{span(abs(row['seconds']))} {side}"
    if skew.witness == "message":
        text = f"The time that the messages of {row['instance']} tell is {far} their own lines'"
        return fact("skew", factor, f"{text} stamp.")
    text = f"The same refusals stand in another log: {row['instance']} is {far} it"
    return fact("skew", factor, f"{text}.")


def _endpoint(case: Case) -> Evidence | None:
    """Weigh failures of the endpoint that issues new tokens."""
    if case.endpoint_seen is None or case.share(*AHEAD) < 0.5:
        return None
    return fact("ledger", 15, f"In the logs {case.endpoint_seen.text}: nobody got new tokens.")


def _clock_set(case: Case) -> Evidence | None:
    """Weigh a clock that was set as it began, by the host's own lines."""
    if case.clock_seen is None:
        return None
    return fact("ledger", 6, f"In the logs {case.clock_seen.text}.")


def _is_timed(case: Case) -> bool:
    """Return whether an offset was measured on some host, and not only where the failures are."""
    return case.skew is not None and any(r["seconds"] is not None for r in case.skew.rows)


def _confined(case: Case, *, inside: float, outside: float) -> Evidence | None:
    skew = case.skew
    if skew is None:
        return None
    if skew.confined:
        text = f"{percent(skew.share)} of the excess is on {names(skew.confined)}, out of "
        return fact("skew", inside, f"{text}{skew.instances} instances.")
    if skew.witness or skew.is_refuted:  # one clock source may serve a whole fleet
        return None
    if _is_spread(skew):
        early = case.share(*BEHIND) > 0.5
        text = f"The rejections are spread over {skew.instances} instances."
        return fact("skew", 1.0 if early else outside, text)
    return None


def _is_spread(skew: Skew) -> bool:
    return skew.instances >= 3 and skew.rejecting >= MOST_REJECT * skew.instances


def _early(case: Case) -> Evidence | None:
    """Weigh tokens refused as too young: it takes a slow verifier or a fast issuer."""
    share = case.share(*BEHIND)
    if share < 0.5:
        return None
    issuers = weights(case.part.rows, "iss")
    who = f" of {issuers.index[0]}" if len(issuers) == 1 else ""
    text = f"{percent(share)} are refused as issued in the future: a verifier is behind"
    return fact("kind", 6, f"{text}, or the issuer{who} is ahead.")


def _constant(case: Case) -> Evidence | None:
    """Weigh tokens from the future on all hosts by times that stay the same: the issuer is ahead.

    The youngest tokens are the measure: they are sent at once, so their time is the issuer's.
    """
    skew = case.skew
    if skew is None or skew.confined or case.share(*BEHIND) < 0.5:
        return None
    rows = case.part.rows
    ahead = number(rows, "iat_seconds") - seconds(rows)
    ahead = ahead[np.isfinite(ahead)]
    if len(ahead) < LEAST_TIMED or float(np.quantile(ahead, 0.1)) <= 0:
        return None
    halves = np.array_split(ahead, 2)
    tops = [float(np.quantile(half, 0.95)) for half in halves]
    if abs(tops[0] - tops[1]) > 0.2 * max(tops) + 2:
        return None
    text = f"By the logs' own stamps these tokens are issued up to {span(max(tops))} in the future"
    factor = 5 if max(tops) >= LEEWAY_SECONDS else 1.5
    return fact(
        "skew", factor, f"{text}, early and late alike: the issuer's clock is ahead by that."
    )


def _capped(case: Case) -> Evidence | None:
    skew = case.skew
    if skew is None or not skew.confined:
        return None
    for row in skew.rows:
        if row["seconds"] is not None and abs(row["seconds"]) < BATCH_SECONDS and skew.is_capped:
            side = "ahead" if row["seconds"] > 0 else "behind"
            text = f"{row['instance']} is about {span(row['seconds'])} {side}: its time checks"
            return fact("skew", 3, f"{text} fail by up to that and no more.")
    return None


def _beyond_life(case: Case, factor: float) -> Evidence | None:
    """Weigh tokens too old by more different times than one lives: no one offset does that.

    A clock ahead by d refuses tokens from d less their life to d past their end.
    """
    found = None if case.skew is None or case.skew.is_refuted else case.skew.overshoots
    if found is None or found.life_seconds is None:
        return None
    if found.spread_seconds <= 1.2 * found.life_seconds + BATCH_SECONDS / 3:
        return None
    text = f"These tokens were too old by anything up to {span(found.top_seconds)}, and live "
    return fact("skew", factor, f"{text}{span(found.life_seconds)}: no one offset refuses those.")


def _level(case: Case, long: float, short: float) -> Evidence | None:
    """Weigh tokens that are never refused long after their end, in an incident that goes on.

    While nobody can renew them they get older and older. So either they are renewed late, by a
    release of a client, or a clock is ahead; a long delay is rather the clock's.
    """
    skew = case.skew
    found = None if skew is None else skew.overshoots
    if skew is None or found is None or not found.is_level or skew.confined or skew.witness:
        return None
    named = case.found.named
    if _is_spread(skew) or (named is not None and named.change.kind in RELEASES):
        return None
    text = f"Early and late alike they were too old by up to {span(found.top_seconds)}"
    factor = long if found.top_seconds >= LATE_SECONDS else short
    return fact("skew", factor, f"{text} and no more: they were renewed all the time.")


def _growing(case: Case, factor: float) -> Evidence | None:
    skew = case.skew
    if skew is None or skew.overshoot_growth < GROWING or skew.confined:
        return None
    text = f"Tokens are older and older when refused (by {skew.overshoot_growth:.1f} s each second)"
    return fact("skew", factor, f"{text}: they are not being renewed.")
