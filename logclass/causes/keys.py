"""Keys that changed: rotation, half-done rollout, stale cache, a secret swapped by a deploy.

What separates them is which tokens fail (old or new key), where (all instances or some), and how
it ends (as tokens age out, instance by instance, with the caches, or not at all).
"""

from __future__ import annotations

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
from logclass.causes.courses import ended_alone, goes_on, only_fewer, rises_first, shared_secret
from logclass.causes.doses import each_at_its_start
from logclass.causes.hostile import on_top, only_few
from logclass.causes.keytests import (
    about_keys,
    agreement,
    all_fail,
    classes,
    fresh_tokens_fail,
    nearly_all,
    new_tokens_fail,
    old_tokens_fail,
    out_of_step,
    refuses_all,
    rise,
    tail,
    tokens_elsewhere,
    undone,
)
from logclass.causes.material import speaks_of_form
from logclass.causes.rollouts import (
    carried_out,
    ends_with_rollout,
    fails_alone,
    one_sided,
    rollout_covers,
    stagger,
    turnover,
    went_on,
)
from logclass.evidence.keyforms import key_forms
from logclass.evidence.phrases import percent
from logclass.vocabulary import Cause, Reason

if TYPE_CHECKING:
    from logclass.model import Evidence

_AGED = {"linear": 2.5, "exponential": 2.5, "abrupt": 0.5}  # tokens go out one by one


def _is_level(case: Case) -> bool:
    """Whether as many failed late as early: then the last minutes do not tell how tokens age."""
    return case.course is not None and case.course.is_level


def rotation_without_overlap(case: Case) -> Hypothesis:
    """Weigh that old tokens are refused by every verifier at once, and age out."""
    change, record = change_fit(case, ROTATIONS)
    expected = {Reason.SIGNATURE_INVALID: 0.5, Reason.KEY_NOT_FOUND: 0.33}
    expected |= {Reason.DECRYPTION_FAILED: 0.08, Reason.UNSPECIFIED: 0.1}
    return Hypothesis(
        Cause.ROTATION_WITHOUT_OVERLAP,
        0.25,
        told(
            reasons_fit(case, expected),
            record,
            only_few(case),
            old_tokens_fail(case),
            agreement(case, together=1.5 if carried_out(case, 0.5) else 4, apart=0.05),
            undone(change) or tail(case, {"abrupt": 0.5} if _is_level(case) else _AGED),
            only_fewer(case),
            rise(case, step=2.0, ramp=0.5),
            carried_out(case, 0.5),
        ),
        (
            "A rejected token that was issued after the rotation.",
            "An instance that went on accepting tokens of the old key.",
        ),
        change,
        ("kid", "iat", "changes"),
    )


def _another_key(case: Case) -> Evidence | None:
    """Weigh whether the keys that starting instances tell of can be one and the same."""
    forms = key_forms(case.part)
    if forms is None:
        return None
    return fact("ledger", 0.1 if forms.is_same_key else 3, forms.text)


def partial_rollout(case: Case) -> Hypothesis:
    """Weigh that some instances verify with the old key and some with the new."""
    change, record = change_fit(case, ROTATIONS | RELEASES, absent=0.5)
    expected = {Reason.SIGNATURE_INVALID: 0.5, Reason.KEY_NOT_FOUND: 0.13}
    expected |= {Reason.ALGORITHM_MISMATCH: 0.02, Reason.DECRYPTION_FAILED: 0.08}
    expected |= {Reason.UNSPECIFIED: 0.12, Reason.KEY_INVALID: 0.005, Reason.KEY_MISSING: 0.003}
    return Hypothesis(
        Cause.PARTIAL_ROLLOUT,
        0.2,
        told(
            reasons_fit(case, expected),
            record,
            only_few(case),
            *about_keys(
                case,
                classes(case),
                carried_out(case, 5),
                turnover(case),
                tokens_elsewhere(case),
                stagger(case),
                goes_on(case, level=1.3, falling=0.5),
            ),
            agreement(case, together=0.4 if carried_out(case, 0.5) else 0.05, apart=1.0)
            if not case.is_split
            else None,
            went_on(case, change, 0.06) or rollout_covers(case),
            refuses_all(case, 0.08) or nearly_all(case, 0.15),
        ),
        (
            "Every instance rejecting the same share of the same tokens.",
            "Rejections going on after the last old instance was gone.",
        ),
        change,
        ("instance", "release", "changes"),
    )


def stale_key_cache(case: Case) -> Hypothesis:
    """Weigh that new tokens fail until each verifier's key set is fetched again."""
    change, record = change_fit(case, ROTATIONS)
    expected = {Reason.KEY_NOT_FOUND: 0.75, Reason.SIGNATURE_INVALID: 0.1, Reason.UNSPECIFIED: 0.08}
    fetch = case.share(Reason.JWKS_UNAVAILABLE)
    return Hypothesis(
        Cause.STALE_KEY_CACHE,
        0.15,
        told(
            reasons_fit(case, expected),
            record,
            only_few(case),
            new_tokens_fail(case),
            fact("split", 4, "Instances recovered one after the other, as their caches ran out.")
            if case.split.ends_staggered or case.decay["shape"] == "staircase"
            else None,
            fact("kind", 0.1, f"{percent(fetch)} of the rejections are failed key-set fetches.")
            if fetch > 0.02
            else None,
            rise(case, step=0.7, ramp=2.5),
            out_of_step(case),
            rises_first(case, 2.5),
            ended_alone(case, 2),
            shared_secret(case, 0.15),
            fact("split", 0.3, "Instances were replaced while it lasted.")
            if case.split.turnover.is_rolling
            else None,
        ),
        (
            "A rejected token of the old key.",
            "Failed key-set fetches while it lasted: then the endpoint was down.",
        ),
        change,
        ("kid", "iat", "changes"),
    )


def secret_changed_by_deploy(case: Case) -> Hypothesis:
    """Weigh that a deploy brought another secret: old and new tokens fail alike."""
    change, record = change_fit(case, RELEASES, absent=0.35)
    expected = {Reason.SIGNATURE_INVALID: 0.8, Reason.DECRYPTION_FAILED: 0.1}
    expected |= {Reason.UNSPECIFIED: 0.1, Reason.KEY_NOT_FOUND: 0.01}
    named = case.found.named
    rotated = named is not None and named.change.kind in ROTATIONS
    return Hypothesis(
        Cause.SECRET_CHANGED_BY_DEPLOY,
        0.2,
        told(
            reasons_fit(case, expected),
            record,
            fact("change", 0.2, f"A deliberate rotation is on record: {named.change.id}.")
            if rotated and named is not None
            else None,
            only_few(case) or on_top(case, 0.3),
            undone(change),
            each_at_its_start(case, 4),
            ends_with_rollout(case, change),
            *about_keys(
                case,
                went_on(case, change, 6),
                one_sided(case, 4),
                fresh_tokens_fail(case),
                all_fail(case),
                goes_on(case, level=1.3, falling=0.4),
                refuses_all(case, 4),
            ),
            fact("claims", 0.1, "The change speaks of the form in which a key is written.")
            if speaks_of_form(case)
            else None,
            _another_key(case),
            agreement(case, together=2.5, apart=1.0 if fails_alone(case, change) else 0.05),
            # a rollback goes through the fleet in steps as well
            tail(case, {"linear": 0.3, "exponential": 0.3, "staircase": 0.3, "none_yet": 1.5})
            if undone(change) is None
            else None,
        ),
        (
            "A rotation record, or a new `kid` in the tokens.",
            "Freshly signed tokens that pass.",
        ),
        change,
        ("iat", "changes", "release"),
    )
