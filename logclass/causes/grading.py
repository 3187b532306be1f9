"""From weights to probabilities and grades."""

from __future__ import annotations

import math

from logclass.causes.case import Case, Hypothesis
from logclass.causes.headlines import headline
from logclass.causes.missing import missing
from logclass.evidence.phrases import count
from logclass.model import Evidence, Finding
from logclass.vocabulary import Cause, Grade, Reason

CONFIRMED, LIKELY, POSSIBLE = 0.95, 0.7, 0.3
# Without one of these, a neighbour explains the same: a verifier that lost its leeway refuses
# tokens as a slow clock does, and one bad instance stands out as an old one does.
_NEEDED = {
    Cause.CLOCK_SKEW: {"skew", "ledger"},
    Cause.PARTIAL_ROLLOUT: {"change", "ledger", "dose", "undo"},
}
# Nothing but words about the key's form tells these apart: while the neighbour is open, so is it.
_INSEPARABLE = {Cause.SECRET_CHANGED_BY_DEPLOY: Cause.KEY_FORMAT_CHANGED}
OPEN = 0.02
# Causes that no reason proves by itself: other ones bring the same rejections.
_PROVED_BY_MORE = {
    *(Cause.ROTATION_WITHOUT_OVERLAP, Cause.PARTIAL_ROLLOUT, Cause.STALE_KEY_CACHE),
    *(Cause.SECRET_CHANGED_BY_DEPLOY, Cause.CLOCK_SKEW, Cause.REFRESH_FAILURE),
}
DECISIVE = math.log(5)  # log odds from which one piece of evidence tells it from the others
FITS = math.log(1 + 25 * 0.5)  # log odds of a change that is as likely as not
MOST_THIN = 0.69
TELLING = math.log(2.5)  # log odds from which a piece of evidence counts as a witness
SHOWN = 0.02
# weights are capped and partly shared by neighbours: verdicts were right more often than they
# said. Fitted on drills with even seeds, as the smallest that put that right.
SHARPENED = 1.2
FEW, CLEARLY = 20, 3.0  # rejections, times the usual rate
MOST = 5
NO_CAUSE = 0.15  # prior that none of the known causes did it
# how common reasons are in incidents that no known cause explains
NO_CAUSE_MIX = {
    Reason.UNSPECIFIED: 0.5,
    Reason.TOKEN_EXPIRED: 0.4,
    Reason.TOKEN_REVOKED: 0.3,
    Reason.INSUFFICIENT_SCOPE: 0.5,
    Reason.SIGNATURE_INVALID: 0.1,
    Reason.KEY_NOT_FOUND: 0.08,
    Reason.DECRYPTION_FAILED: 0.1,
    Reason.TOKEN_MALFORMED: 0.08,
    Reason.HEADER_MALFORMED: 0.1,
}


def findings(case: Case, weighed: tuple[Hypothesis, ...]) -> tuple[Finding, ...]:
    """Return the causes worth naming, best first; the first is `unexplained` if none carries."""
    none = Hypothesis(Cause.UNEXPLAINED, NO_CAUSE, (_no_cause(case),))
    everything = (*weighed, none)
    top = max(h.weight for h in everything)
    raw = [math.exp(SHARPENED * (h.weight - top)) for h in everything]
    total = sum(raw)
    ranked = sorted(
        zip(everything, (w / total for w in raw), strict=True), key=lambda hp: (-hp[1], hp[0].cause)
    )
    best = ranked[0][1]
    kept = [(h, p) for h, p in ranked if p >= SHOWN or p == best]
    if kept[0][0].cause is not Cause.UNEXPLAINED and kept[0][1] < POSSIBLE:
        kept.insert(0, (none, next(p for h, p in ranked if h is none)))
    seen: list[Finding] = []
    rivals = [(h.cause, p) for h, p in ranked if h is not none]
    for h, p in kept:
        if all(f.cause is not h.cause for f in seen):
            seen.append(_finding(case, h, p, rivals))
    return tuple(seen[:MOST])


def _no_cause(case: Case) -> Evidence:
    total = sum(
        share * math.log(NO_CAUSE_MIX.get(Reason(r), 0.03) / 0.08)
        for r, share in case.told_shares.items()
    )
    return Evidence("kind", f"No known cause carries all of the evidence{_doubts(case)}.", total)


def _doubts(case: Case) -> str:
    """Say what makes the evidence thin: no baseline, few, not clearly more, not new, no reason."""
    part, episode = case.part, case.part.episode
    minutes = max(part.stop - part.first, 1)
    usual = episode.baseline_per_minute * minutes
    earlier = float(part.before.loc[part.before["reason"].isin(episode.reasons), "count"].sum())
    why = []
    if episode.onset_censored:
        why.append("there is no baseline, for the export begins inside it")
    if part.total < FEW and episode.recovery is not None:
        why.append(f"it was few and transient ({count(part.total, 'rejection')})")
    if usual and part.total < CLEARLY * usual:
        why.append(f"the rate is not clearly higher ({part.total / usual:.1f} times the usual)")
    if earlier >= 0.5 * part.total:
        why.append(f"it is not new ({count(earlier, 'rejection')} of the kind before)")
    if case.share(Reason.UNSPECIFIED) >= 0.5:
        why.append("most rejections say no reason")
    return f": {'; '.join(why)}" if why else ""


def _finding(
    case: Case, one: Hypothesis, probability: float, rivals: list[tuple[Cause, float]]
) -> Finding:
    probability = min(probability, 0.99)
    for_ = sorted((e for e in one.evidence if e.log_odds > 0.05), key=lambda e: -e.log_odds)
    against = sorted((e for e in one.evidence if e.log_odds < -0.05), key=lambda e: e.log_odds)
    neighbour = _INSEPARABLE.get(one.cause)
    is_open = any(cause is neighbour and p >= OPEN for cause, p in rivals)
    grade = _grade(case, one, probability)
    grade = Grade.LIKELY if is_open and grade is Grade.CONFIRMED else grade
    if grade is not Grade.CONFIRMED:
        probability = min(probability, MOST_THIN if _is_thin(case, one) else 0.94)
    return Finding(
        cause=one.cause,
        probability=round(probability, 3),
        grade=grade,
        headline=headline(case, one),
        evidence_for=tuple(for_),
        evidence_against=tuple(against),
        overturned_by=one.overturned_by,
        missing=missing(case, one, rivals),
        change_id=one.change.change.id if one.change is not None else "",
    )


def _is_thin(case: Case, one: Hypothesis) -> bool:
    """Whether no change fits, on record or in the logs, and nothing else tells it from the rest.

    A rise that the export does not show to begin may be how things are.
    """
    record = next((e.log_odds for e in one.evidence if e.kind == "change"), 0.0)
    if record >= FITS or (record > 0 and one.change is None):  # on record, or seen in the logs
        return False
    strongest = max((e.log_odds for e in one.evidence if e.kind not in {"time", "kind"}), default=0)
    if case.share(Reason.UNSPECIFIED) >= 0.5:
        return True
    is_proved_by_more = one.cause in _PROVED_BY_MORE or case.part.episode.onset_censored
    return is_proved_by_more and strongest < DECISIVE


def _grade(case: Case, one: Hypothesis, probability: float) -> Grade:
    """Return the grade: a confirmed cause has two independent witnesses, not timing alone."""
    if one.cause is Cause.UNEXPLAINED:
        return Grade.UNKNOWN
    witnesses = {e.kind for e in one.evidence if e.log_odds >= TELLING}
    is_seen = len(witnesses) >= 2 and bool(witnesses - {"time", "kind", "change"})
    is_seen &= bool(witnesses & _NEEDED.get(one.cause, witnesses))
    is_told = case.share(Reason.UNSPECIFIED) < 0.5
    if probability >= CONFIRMED and is_seen and is_told:
        return Grade.CONFIRMED
    if probability >= LIKELY and not _is_thin(case, one):
        return Grade.LIKELY
    return Grade.POSSIBLE if probability >= POSSIBLE else Grade.UNKNOWN
