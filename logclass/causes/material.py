"""Keys that cannot be used, algorithms that changed, libraries that did."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logclass.causes.case import (
    RELEASES,
    ROTATIONS,
    Case,
    Hypothesis,
    change_fit,
    fact,
    reasons_fit,
    told,
)
from logclass.causes.courses import public_key_alg
from logclass.causes.doses import each_at_its_start
from logclass.causes.hostile import on_top, only_few
from logclass.causes.keytests import (
    about_keys,
    agreement,
    fresh_tokens_fail,
    put_right,
    refuses_all,
    undone,
)
from logclass.causes.leeways import leeway_lost
from logclass.causes.rollouts import one_sided, went_on
from logclass.causes.sides import VERIFIER, changed_side, which_side
from logclass.causes.upgrades import speaks_of_library
from logclass.evidence.contrast import weights
from logclass.evidence.keyforms import key_forms
from logclass.evidence.phrases import names, percent
from logclass.vocabulary import Cause, Reason

if TYPE_CHECKING:
    from logclass.evidence.linking import Candidate
    from logclass.model import Evidence

DOSE = 4
REGISTERED = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "typ", "crit"})
STRICTNESS = (
    *(Reason.CLAIM_MISSING, Reason.CLAIM_INVALID, Reason.HEADER_UNSUPPORTED),
    *(Reason.TOKEN_MALFORMED, Reason.SUBJECT_MISMATCH),
)
_FORM = re.compile(
    r"\b(?:base64(?:url)?|b64|pem|der|jwk|pkcs(?:#?\d+)?|hex|encod\w+|decod\w+|newlines?"
    r"|raw (?:key|secret)|line breaks?|trailing|escap\w+)\b",
    re.IGNORECASE,
)
_WEAK = re.compile(r"[.-](?:weak|short|too-small|key-(?:size|length|bits))|-weak\b")
_MOVED = re.compile(  # what is read from elsewhere gains a line break or loses one
    r"\b(?:key|secret|pem|credential)s?\b.*\b(?:as|from|to|into|via) (?:an? |the )?"
    r"(?:\w+ )?(?:file|env(?:ironment)?|variable|volume|mount)\b|\bmount\w* .*\bsecret",
    re.IGNORECASE,
)


def key_format_changed(case: Case) -> Hypothesis:
    """Weigh that the same key is stored or read in another form."""
    change, record = change_fit(case, RELEASES | ROTATIONS, absent=0.35)
    expected = {Reason.KEY_INVALID: 0.7, Reason.SIGNATURE_INVALID: 0.4}
    expected |= {Reason.DECRYPTION_FAILED: 0.05}
    return Hypothesis(
        Cause.KEY_FORMAT_CHANGED,
        0.12,
        told(
            reasons_fit(case, expected),
            record,
            only_few(case) or on_top(case, 0.3),
            _unparsed(case),
            _told_form(case),
            _speaks_of_form(case),
            _no_sign_of_form(case),
            undone(change),
            each_at_its_start(case, DOSE),
            *(_refuses_every_token(case, change) if _weak(case) < 0.5 else ()),
        ),
        ("Equal key bytes on issuer and verifiers.", "Other keys that parse on the same path."),
        change,
        ("release", "changes"),
    )


def _refuses_every_token(case: Case, change: Candidate | None) -> list[Evidence | None]:
    """Weigh verifiers that hold a key no token is signed with.

    One whose library no longer takes the key refuses as many: there these tell nothing.
    """
    return about_keys(
        case,
        fresh_tokens_fail(case),
        went_on(case, change, 6),
        one_sided(case, 4),
        refuses_all(case, 3),
        agreement(case, together=2.5, apart=1.0),
        _everywhere(case),
    )


def key_missing(case: Case) -> Hypothesis:
    """Weigh that a deploy left the verifier without its key."""
    change, record = change_fit(case, RELEASES | ROTATIONS, absent=0.5)
    share, keyless = case.failing_share, case.share(Reason.KEY_MISSING)
    return Hypothesis(
        Cause.KEY_MISSING,
        0.08,
        told(
            reasons_fit(case, {Reason.KEY_MISSING: 0.9, Reason.KEY_INVALID: 0.04}),
            record,
            each_at_its_start(case, DOSE),
            fact("ledger", 4, f"{percent(keyless)} say outright that no key is configured.")
            if keyless >= 0.5
            else None,
            fact("space", 3, f"{percent(share)} of the requests of {case.service} failed.")
            if share is not None and share > 0.85
            else None,
        ),
        ("A token accepted by an instance that reports no key.",),
        change,
        ("changes", "instance"),
    )


def algorithm_changed(case: Case) -> Hypothesis:
    """Weigh that signer or verifier changed `alg`."""
    change, record = change_fit(case, RELEASES | ROTATIONS, absent=0.5)
    expected = {Reason.ALGORITHM_MISMATCH: 0.8, Reason.KEY_INVALID: 0.03}
    expected |= {Reason.HEADER_UNSUPPORTED: 0.03, Reason.SIGNATURE_INVALID: 0.02}
    expected |= {Reason.ALGORITHM_NONE: 0.01}
    return Hypothesis(
        Cause.ALGORITHM_CHANGED,
        0.1,
        told(
            reasons_fit(case, expected),
            record,
            only_few(case),
            _algorithms(case),
            which_side(case, change),
            undone(change),
            each_at_its_start(case, DOSE),
            fact("change", 0.3, "The deploy speaks of a library upgrade.")
            if speaks_of_library(case)
            else None,
        ),
        ("The same `alg` in tokens before and after, with a new library.",),
        change,
        ("alg", "changes", "release"),
    )


def library_upgrade(case: Case) -> Hypothesis:
    """Weigh that a deploy changed the token library and with it its behaviour."""
    change, record = change_fit(case, RELEASES, absent=0.4)
    expected = {
        Reason.ALGORITHM_MISMATCH: 0.15,
        Reason.CLAIM_MISSING: 0.15,
        Reason.CLAIM_INVALID: 0.15,
        Reason.KEY_INVALID: 0.13,
        Reason.HEADER_UNSUPPORTED: 0.14,
        Reason.AUDIENCE_MISMATCH: 0.06,
        Reason.ISSUER_MISMATCH: 0.04,
        Reason.TOKEN_MALFORMED: 0.06,
        Reason.SUBJECT_MISMATCH: 0.05,
        Reason.SIGNATURE_INVALID: 0.03,
        Reason.TOKEN_NOT_YET_VALID: 0.05,
        Reason.ISSUED_IN_FUTURE: 0.08,
    }
    speaks = speaks_of_library(case)
    return Hypothesis(
        Cause.LIBRARY_UPGRADE,
        0.08,
        told(
            reasons_fit(case, expected),
            record,
            fact("claims", 20, f"{speaks} speaks of an upgrade of a library.") if speaks else None,
            fact("change", 0.4, "No upgrade is on record.")
            if change is not None and not (speaks or _wording(case))
            else None,
            _wording(case),
            _too_weak(case),
            undone(change) or put_right(case, back=3, anew=1.5),
            each_at_its_start(case, DOSE),
            _stricter(case),
            _registered(case),
            leeway_lost(case, within=5, beyond=0.05),
        ),
        ("Rejections on instances of the earlier release.", "No changed dependency."),
        change,
        ("release", "changes"),
    )


def speaks_of_form(case: Case) -> str:
    """Return the id of a fitting change that speaks of how a key is written, or ""."""
    return _fitting(case, _FORM)


def _fitting(case: Case, words: re.Pattern[str]) -> str:
    for c in case.found.candidates:
        fits = (c.probability >= 0.1 or c.lead) and not c.veto and not c.reach.is_disjoint
        if fits and words.search(c.change.description):
            return c.change.id
    return ""


def _speaks_of_form(case: Case) -> Evidence | None:
    if case.share(Reason.KEY_INVALID, Reason.SIGNATURE_INVALID) < 0.5:
        return None
    if named := speaks_of_form(case):
        return fact("claims", 30, f"{named} speaks of the form in which a key is written.")
    if named := _fitting(case, _MOVED):
        return fact("claims", 8, f"{named} speaks of another place from which a key is read.")
    return None


def _unparsed(case: Case) -> Evidence | None:
    share = case.share(Reason.KEY_INVALID)
    if share < 0.02:
        return None
    if _weak(case) >= 0.5:
        text = "They say that the key is too short, not that it cannot be read"
        return fact("ledger", 0.4, f"{text}: a stricter library does, and a shorter key.")
    return fact("ledger", 4, f"{percent(share)} of the rejections say that the key itself is bad.")


def _weak(case: Case) -> float:
    """Return the share of the rejections that call the key too weak for its algorithm."""
    found = weights(case.part.rows, "pattern")
    weak = sum(float(n) for name, n in found.items() if _WEAK.search(str(name)))
    return weak / max(case.part.total, 1.0)


def _too_weak(case: Case) -> Evidence | None:
    """Weigh keys refused as too short: libraries began to, one after the other."""
    if _weak(case) < 0.5:
        return None
    return fact("claims", 6, "The key is called too short, which newer libraries no longer take.")


def _told_form(case: Case) -> Evidence | None:
    """Weigh the forms of their key that starting instances tell."""
    forms = key_forms(case.part)
    if forms is None:
        return None
    return fact("ledger", 15 if forms.is_same_key else 0.3, forms.text)


def _no_sign_of_form(case: Case) -> Evidence | None:
    """Weigh a failing signature with nothing that says the key is read in another form."""
    if case.share(Reason.SIGNATURE_INVALID) < 0.5 or _speaks_of_form(case) or _unparsed(case):
        return None
    if _told_form(case) is not None:
        return None
    if (alg := public_key_alg(case)) is not None:
        text = f"The tokens are signed with {alg}: a public key in another form cannot be read"
        return fact("claims", 0.1, f"{text} at all, and the log would say so.")
    return fact("claims", 0.7, "Nothing says that the form of the key changed.")


def _everywhere(case: Case) -> Evidence | None:
    share = case.failing_share
    if share is None or share < 0.85:
        return None
    return fact("space", 3, f"{percent(share)} of the requests of {case.service} failed.")


def _algorithms(case: Case) -> Evidence | None:
    told_alg = [d for d in case.delta if d.claim == "alg" and d.actual]
    got = sorted({a for d in told_alg for a in d.actual} | {a for a in case.part.rows["alg"] if a})
    earlier = {a for a in case.part.before["alg"] if a} | {
        a for a in case.part.accepted["alg"] if a
    }
    want = sorted({e for d in told_alg for e in d.expected})
    if want and got and not set(want) & set(got):
        return fact("claims", 8, f"Verifiers expect {names(want)}; tokens say {names(got)}.")
    if earlier and got and not set(got) & earlier:
        return fact(
            "claims", 5, f"Failing tokens say {names(got)}; others {names(sorted(earlier))}."
        )
    return None


def _stricter(case: Case) -> Evidence | None:
    """Weigh which side changed: a stricter library refuses tokens that passed before."""
    if case.share(*STRICTNESS) < 0.5:
        return None
    side = changed_side(case)
    if not side.name:
        return None
    return fact("ledger", 3 if side.name == VERIFIER else 0.15, side.text)


def _registered(case: Case) -> Evidence | None:
    """Weigh claims that libraries check by themselves, without being told to."""
    told = [d for d in case.delta if d.claim]
    if case.share(Reason.CLAIM_MISSING, Reason.CLAIM_INVALID) < 0.5 or not told:
        return None
    if told[0].claim not in REGISTERED:
        return fact("claims", 0.4, f"{told[0].claim} is no claim that libraries know of.")
    return fact("claims", 2, f"{told[0].claim} is a claim that libraries check by themselves.")


def _wording(case: Case) -> Evidence | None:
    """Compare library and version range of the wording before and inside the episode."""
    # another reason is worded for other versions by the same library too
    same = case.part.before["reason"].isin(set(case.part.rows["reason"]))
    earlier = {"library": case.part.before, "versions": case.part.before[same]}
    for column, label in (("library", "library"), ("versions", "library version")):
        now, before = weights(case.part.rows, column), weights(earlier[column], column)
        if len(now) and float(before.sum()) >= 5 and now.index[0] not in before.index:
            text = f"The messages are worded by another {label} than before: {now.index[0]}."
            return fact("ledger", 6, text)
    return None
