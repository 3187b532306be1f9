"""One sentence per cause: the verdict as it stands on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logclass.evidence.phrases import minute, names, offset, span
from logclass.vocabulary import Cause, ChangeKind, DeltaState, Reason

if TYPE_CHECKING:
    from logclass.causes.case import Case, Hypothesis

_FIXED = {
    Cause.ROTATION_WITHOUT_OVERLAP: "Key rotated without overlap{change}: {service} refused every "
    "token of the old key {when}.",
    Cause.STALE_KEY_CACHE: "Stale key cache after a rotation{change}: {service} did not find the "
    "new key {when}.",
    Cause.SECRET_CHANGED_BY_DEPLOY: "Secret changed by a deploy{change}: {service} failed the "
    "signatures of tokens {when}.",
    Cause.KEY_FORMAT_CHANGED: "Key in another form{change}: {service} could not use {its} key "
    "{when}.",
    Cause.KEY_MISSING: "Key missing{change}: {service} ran without {its} key {when}.",
    Cause.ALGORITHM_CHANGED: "Algorithm changed{change}: {service} refused the tokens' algorithm "
    "{when}.",
    Cause.HEADER_STRIPPED: "Authorization header lost on the way{change}: requests reached "
    "{service} without a usable token {when}.",
    Cause.REFRESH_FAILURE: "Tokens not renewed{change}: clients of {service} kept sending expired "
    "ones {when}.",
    Cause.JWKS_OUTAGE: "Key set unreachable{change}: {service} could not fetch {its} keys {when}.",
    Cause.LIBRARY_UPGRADE: "Token library changed{change}: {service} became stricter {when}.",
    Cause.HOSTILE_PROBE: "Hostile probe, no outage: few clients sent forged tokens to {service} "
    "{when}.",
}


def headline(case: Case, one: Hypothesis) -> str:
    """Return the verdict in one sentence, with services, instances and times."""
    if one.cause is Cause.PARTIAL_ROLLOUT:
        return _partial(case, one)
    if one.cause is Cause.CLAIM_CONTRACT_DRIFT:
        return _drift(case)
    if one.cause is Cause.CLOCK_SKEW:
        return _skew(case)
    if one.cause is Cause.UNEXPLAINED:
        return f"Unexplained rise of {_rejections(case)} in {case.service} {when(case)}."
    its = "their" if _are_several(case) else "its"
    return _FIXED[one.cause].format(
        change=_change(case, one), service=case.service, its=its, when=when(case)
    )


def _rejections(case: Case) -> str:
    """Return what rose: codes of reasons, but for the one that says nothing."""
    told = [one for one in case.part.episode.reasons if one != Reason.UNSPECIFIED]
    return names(told[:2]) if told else "rejections without a reason"


def _are_several(case: Case) -> bool:
    return len([service for service in case.part.episode.services if service]) > 1


def when(case: Case) -> str:
    """Return the time of the episode: "from 11:05 to 11:40 UTC", "since 11:05 UTC"."""
    episode = case.told
    end = None if episode.recovery is None else minute(episode.recovery.point_ms)
    if episode.onset_censored:
        start = minute(episode.onset.high_ms)
        return f"from before {start} to {end} UTC" if end else f"since before {start} UTC"
    start = minute(episode.onset.point_ms)
    return f"from {start} to {end} UTC" if end else f"since {start} UTC"


def _is_named(case: Case, one: Hypothesis) -> bool:
    """Whether the change of a cause is the one that the table of changes names too."""
    named = case.found.named
    return one.change is not None and named is not None and one.change.change is named.change


def _change(case: Case, one: Hypothesis) -> str:
    if one.change is None or not _is_named(case, one):
        return ""
    change = one.change.change
    kind = {ChangeKind.CONFIG: "configuration change", ChangeKind.OTHER: "change"}.get(
        change.kind, f"{change.kind}"
    )
    kind = f"{kind} change" if change.kind in {ChangeKind.GATEWAY, ChangeKind.CLOCK} else kind
    if one.change.offset is not None:  # the verdict rests on a time that no record gives
        shift = one.change.offset.shift_ms / 1000
        side = "ahead of" if shift > 0 else "behind"
        kind = f"{kind}, its record {span(abs(shift))} {side} the logs,"
    return f" ({kind} of {change.target})" if change.target else f" ({kind})"


def _partial(case: Case, one: Hypothesis) -> str:
    turnover, classes = case.split.turnover, case.split.classes
    is_rotation = (
        one.change is not None
        and _is_named(case, one)
        and one.change.change.kind is ChangeKind.ROTATION
    )
    title = "Partial rollout after a key rotation" if is_rotation else "Partial rollout"
    if turnover.is_rolling:
        part = f"midway {turnover.old_alive} of {turnover.alive} running {case.service} instances"
        over = len({*turnover.old, *turnover.new})
        many = f" ({over} over the whole time)" if over > turnover.alive else ""
        return f"{title}: {part}{many} still verified with the old secret {when(case)}."
    if classes is not None:
        total = len(classes.high) + len(classes.low)
        part = f"{len(classes.high)} of {total} {case.service} instances"
        return f"{title}: {part} rejected tokens that the others accepted {when(case)}."
    return f"{title}: {case.service} verified with the old and the new secret at once {when(case)}."


def _drift(case: Case) -> str:
    for d in case.delta:
        if d.state == DeltaState.MISMATCH:
            expects = "expect" if _are_several(case) else "expects"
            return (
                f"Claim contract drift: {case.service} {expects} {d.claim} {names(d.expected, 2)}, "
                f"the tokens say {names(d.actual, 2)}, {when(case)}."
            )
    claims = names(sorted({d.claim for d in case.delta})) if case.delta else "claims"
    return f"Claim contract drift: {case.service} refused {claims} of the tokens {when(case)}."


def _skew(case: Case) -> str:
    rows = case.skew.rows if case.skew is not None else ()
    told = [(row, offset(row)) for row in rows]
    row, far = next(((row, far) for row, far in told if far), (None, ""))
    if row is None:
        confined = case.skew.confined if case.skew is not None else ()
        who = names(confined) if confined else case.service
        return f"Clock skew: {who} and the issuer disagreed on the time {when(case)}."
    if row["of"] == "instance":
        alike = [str(other["instance"]) for other, off in told if off == far]
        were = "were" if len(alike) > 1 else "was"
        return f"Clock skew: {names(alike, 3)} of {case.service} {were} {far} {when(case)}."
    if row["of"] == "issuer":
        return f"Clock skew: {row['instance']} was {far} of {case.service} {when(case)}."
    if row["of"] == "either":
        return f"Clock skew: {row['instance']} was {far}, or the issuer ahead, {when(case)}."
    return f"Clock skew: {row['instance']} was {far} {when(case)}."
