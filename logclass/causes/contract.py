"""Claims: the verifier expects another issuer, audience or claim than the tokens carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logclass.causes.case import RELEASES, Case, Hypothesis, change_fit, fact, reasons_fit, told
from logclass.causes.doses import each_at_its_start
from logclass.causes.keytests import undone
from logclass.causes.sides import ISSUER, changed_side, which_side
from logclass.evidence.claims import CLAIM_REASONS
from logclass.evidence.contrast import top_share, weights
from logclass.evidence.phrases import count, names
from logclass.vocabulary import Cause, DeltaState, Reason

if TYPE_CHECKING:
    from logclass.model import ClaimDelta, Evidence

EXPECTED = {
    Reason.AUDIENCE_MISMATCH: 0.4,
    Reason.ISSUER_MISMATCH: 0.4,
    Reason.CLAIM_MISMATCH: 0.12,
    Reason.CLAIM_MISSING: 0.05,
    Reason.SUBJECT_MISMATCH: 0.05,
    Reason.CLAIM_INVALID: 0.04,
    Reason.INSUFFICIENT_SCOPE: 0.03,
    Reason.KEY_NOT_FOUND: 0.02,
    Reason.SIGNATURE_INVALID: 0.01,
}


def claim_contract_drift(case: Case) -> Hypothesis:
    """Weigh that expected and issued claims have drifted apart."""
    change, record = change_fit(case, RELEASES, absent=0.6)
    by_verifier = which_side(case, change) if case.share(*CLAIM_REASONS) >= 0.5 else None
    return Hypothesis(
        Cause.CLAIM_CONTRACT_DRIFT,
        0.12,
        told(
            reasons_fit(case, EXPECTED),
            record,
            *_sides(case),
            _one_client(case),
            undone(change),
            each_at_its_start(case, 4),
            _issued(case) or by_verifier,
        ),
        (
            "Equal values on both sides in a rejected token.",
            "The same values in tokens accepted by the same release.",
        ),
        change,
        ("values", "changes", "client"),
    )


def _sides(case: Case) -> list[Evidence]:
    """Weigh the claim delta: both sides known and different is proof of what is refused."""
    deltas = [d for d in case.delta if d.claim not in {"alg", "kid", "exp", "nbf", "iat"}]
    both = [
        d for d in deltas if d.state == DeltaState.MISMATCH and not set(d.expected) & set(d.actual)
    ]
    total = sum(d.count for d in deltas)
    out = []
    if both and sum(d.count for d in both) >= 0.5 * total:
        out.append(fact("claims", 12, _sentence(both[0])))
        if both[0].hint:
            out.append(fact("claims", 2, both[0].hint))
    elif any(d.state == DeltaState.MISSING for d in deltas):
        lost = next(d for d in deltas if d.state == DeltaState.MISSING)
        out.append(
            fact("claims", 1.2, f"{count(lost.count, 'token')} lack the claim {lost.claim}.")
        )
    elif deltas and (deltas[0].expected or deltas[0].actual):
        out.append(fact("claims", 3, _sentence(deltas[0])))
    return out


def _issued(case: Case) -> Evidence | None:
    """Weigh that only new tokens are refused: then the issuer changed what it puts in them."""
    if case.share(*CLAIM_REASONS) < 0.5:
        return None
    side = changed_side(case)
    return fact("ledger", 3, side.text) if side.name == ISSUER else None


def _sentence(d: ClaimDelta) -> str:
    rejections = count(d.count, "rejection")
    if not d.actual:
        told = f"{d.claim} expected {names(d.expected)}"
        return f"{rejections}: {told}; what the tokens say is not logged."
    if not d.expected:
        told = f"the tokens say {d.claim} {names(d.actual)}"
        return f"{rejections}: {told}; what was expected is not logged."
    told = f"{d.claim} expected {names(d.expected)}, the token says {names(d.actual)}"
    return f"{rejections}: {told}."


def _one_client(case: Case) -> Evidence | None:
    clients = weights(case.part.rows, "client")
    others = weights(case.part.others, "client").drop(clients.index[:1], errors="ignore")
    if case.share(*CLAIM_REASONS) < 0.5 or float(clients.sum()) < 5 or len(others) < 3:
        return None
    if top_share(clients, 1) < 0.9:
        return None
    return fact("space", 1.5, f"One client sends them: {clients.index[0]}.")
