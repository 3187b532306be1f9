"""The tests that separate the causes about keys: each weighs one observation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logclass.causes.case import Case, fact
from logclass.causes.sides import ISSUER, changed_side
from logclass.evidence.classes import refused_while
from logclass.evidence.contrast import has_random_kids
from logclass.evidence.names import is_same, words
from logclass.evidence.phrases import clock, count, names, percent
from logclass.evidence.reach import WORDS
from logclass.vocabulary import ChangeKind, Reason

if TYPE_CHECKING:
    from logclass.evidence.linking import Candidate
    from logclass.model import Evidence

LEAST_KNOWN = 5  # failing requests whose key's age is known
ONE_AGE = 0.02  # share of the failing tokens up to which all are of one key
REFUSES_ALL = 0.93  # of the requests: the others come without a token, or are health checks


def old_tokens_fail(case: Case) -> Evidence | None:
    """Weigh that only tokens of the old key fail."""
    age = case.age
    if age.known < LEAST_KNOWN:
        return None
    if age.new_share <= 0.1:
        by = f" ({names(age.old_names)})" if age.old_names else ""
        text = f"{count(age.old, 'failing token')} of {age.known:,.0f} carry an old key{by}"
        text += f" by their {age.by}"
        if age.accepted_old > 0.25 * age.old:
            return fact("ledger", 0.4, f"{text}, yet {age.accepted_old:,.0f} of that age passed.")
        if age.by == "kid" and not age.accepted_new:
            return fact("ledger", 3, f"{text}; no token of a newer key was logged.")
        return fact("ledger", 20, f"{text}; newer ones pass.")
    text = f"{percent(age.new_share)} of the failing tokens are newer than the change of keys"
    return fact("ledger", 0.02 if age.new_share > 0.5 else 0.15, f"{text}, by their {age.by}.")


def new_tokens_fail(case: Case) -> Evidence | None:
    """Weigh that only tokens of the new key fail."""
    age = case.age
    if age.known < LEAST_KNOWN:
        return None
    if has_random_kids(case.part.rows):
        return fact("ledger", 0.05, "The keys they name hardly repeat: no issuer signs so.")
    if age.new_share >= 0.9:
        by = f" {names(age.new_names)}" if age.new_names else ""
        text = f"{count(age.new, 'failing token')} of {age.known:,.0f} carry a new key{by}"
        return fact("ledger", 20, f"{text}, by their {age.by}; old ones pass.")
    text = (
        f"{percent(1 - age.new_share)} of the failing tokens carry an old key, by their {age.by}."
    )
    return fact("ledger", 0.02 if age.new_share < 0.5 else 0.15, text)


def fresh_tokens_fail(case: Case) -> Evidence | None:
    """Weigh whether tokens signed after the change fail as well."""
    age = case.age
    if age.known < LEAST_KNOWN or age.by != "iat":
        return None
    if age.new_share < 0.05 and age.accepted_new > 0:
        return fact("ledger", 0.1, "Tokens signed after the change pass.")
    if changed_side(case).name == ISSUER:  # whoever made them is new, the verifier is not
        return None
    if age.new_share >= 0.1 and age.accepted_new < 0.1 * age.new:
        text = f"Tokens signed after the change fail too ({age.new:,.0f} of {age.known:,.0f})."
        return fact("ledger", 6, text)
    return None


def agreement(case: Case, *, together: float, apart: float) -> Evidence | None:
    """Weigh that all instances reject alike, or that they do not."""
    split = case.split
    if case.is_split:
        return None if apart == 1.0 else fact("split", apart, disagreement(case))
    if split.is_homogeneous:
        if not case.part.is_complete:  # rejections alone: equal sums can hide two sides
            together = max(together, 0.3) if together < 1 else min(together, 1.5)
        return fact("split", together, "The instances that serve reject alike.")
    return None


def disagreement(case: Case) -> str:
    """Say how the instances differ."""
    c = case.split.classes
    if c is not None:
        return (
            f"{names(c.high)} rejected {percent(c.high_share)} of requests, "
            f"{names(c.low)} {percent(c.low_share)}."
        )
    if case.split.turnover.is_rolling:
        return "Old and new instances served side by side while it lasted."
    return "The same token fails on one instance and passes on another."


def tail(case: Case, factors: dict[str, float]) -> Evidence | None:
    """Weigh the shape of the fall by the factor given for it."""
    shape = str(case.decay["shape"])
    if shape not in factors:
        return None
    return fact("undo", factors[shape], str(case.decay["text"]))


def rise(case: Case, *, step: float, ramp: float) -> Evidence | None:
    """Weigh whether rejections rose at once or over minutes."""
    if case.part.episode.onset_censored:
        return None
    minutes = case.part.episode.ramp_minutes
    if minutes <= 1.0:
        return fact("time", step, "Rejections rose at once.")
    if minutes >= 3.0:
        return fact("time", ramp, f"Rejections rose over about {minutes:.0f} minutes.")
    return None


def all_fail(case: Case) -> Evidence | None:
    """Weigh the share of requests that failed."""
    share = case.failing_share
    if share is None:
        return None
    if share >= 0.85:
        return fact("space", 3, f"{percent(share)} of the requests of {case.service} failed.")
    if share < 0.4:
        return fact(
            "space", 0.5, f"Only {percent(share)} of the requests of {case.service} failed."
        )
    return None


def nearly_all(case: Case, factor: float) -> Evidence | None:
    """Weigh that nearly every request failed: with two live keys some tokens meet their own."""
    share = case.failing_share
    if share is None or share < 0.85:
        return None
    return fact("space", factor, f"{percent(share)} of the requests failed, tokens of any key.")


def classes(case: Case) -> Evidence | None:
    """Weigh two classes of instances, or two keys that fail on different ones."""
    split = case.split
    if split.checkerboard:
        text = "One key fails on some instances and the other key on the rest: both sides changed."
        return fact("ledger", 30, text)
    if split.classes is None:
        return None
    # with a key set that is fetched, caches alone make instances differ; a wrong key that no
    # token is signed with does so too while it is on some, and that side alone refuses, and all
    is_alone = refuses_all(case, 2) is not None or _is_new_alone(case)
    factor = 5 if is_alone or case.share(Reason.KEY_NOT_FOUND) > 0.5 else 30
    return fact("split", factor, disagreement(case))


def _is_new_alone(case: Case) -> bool:
    t = case.split.turnover
    return t.is_rolling and t.new_rejections > 0 and t.old_rejections < 0.05 * t.new_rejections


def about_keys(case: Case, *signs: Evidence | None) -> list[Evidence | None]:
    """Return signs of a divided fleet as far as the rejections can come from two keys at once.

    While any deploy rolls out, instances differ: what they fail with says whether keys do.
    """
    share = case.share(
        *(Reason.SIGNATURE_INVALID, Reason.KEY_NOT_FOUND, Reason.DECRYPTION_FAILED),
        *(Reason.UNSPECIFIED, Reason.KEY_INVALID),
    )
    return [
        None if sign is None else replace(sign, log_odds=sign.log_odds * share) for sign in signs
    ]


def refuses_all(case: Case, factor: float) -> Evidence | None:
    """Weigh instances that refuse every token, old and new: they verify with neither key."""
    c, t = case.split.classes, case.split.turnover
    if c is None or not case.part.is_complete or case.split.checkerboard:
        return None
    if t.is_rolling and set(c.high) & (set(t.old) - set(t.new)):  # those that hold the old key
        return None
    if case.age.known >= LEAST_KNOWN and not ONE_AGE < case.age.new_share < 1 - ONE_AGE:
        return None
    share = max(c.high_share, refused_while(case.part, c.high) or 0.0)
    if share < REFUSES_ALL:
        return None
    text = f"{names(c.high)} refused {percent(share)} of all requests"
    return fact("split", factor, f"{text}, tokens of either key.")


def tokens_elsewhere(case: Case) -> Evidence | None:
    """Weigh tokens that fail on one instance and pass on another."""
    pairs = case.split.elsewhere
    if pairs < 3:
        return None
    return fact("split", 20, f"{pairs} tokens failed on one instance and passed on another.")


def undone(change: Candidate | None) -> Evidence | None:
    """Weigh rejections that ended with the rollback of the change."""
    if change is None or change.undo <= 0:
        return None
    return fact("undo", 4, change.undo_text)


def put_right(case: Case, *, back: float, anew: float) -> Evidence | None:
    """Weigh that it ended as the failing service was rolled back, or deployed anew.

    It tells that a release did it even where the record of that release is missing.
    """
    for change in case.found.after:
        services = [s for s in case.part.episode.services if s]
        if not any(is_same(change.target, s) for s in services):
            continue
        at = clock(change.time_ms)
        if change.kind is ChangeKind.ROLLBACK:
            return fact(
                "undo", back, f"Rejections ended with the rollback of {change.target} at {at}."
            )
        if change.kind is ChangeKind.DEPLOY:
            return fact("undo", anew, f"Rejections ended with a deploy of {change.target} at {at}.")
    return None


def spoken_of(case: Case, group: str) -> Evidence | None:
    """Weigh, where no line says a reason, what the change that fits speaks of."""
    named = case.found.named
    if named is None or case.share(Reason.UNSPECIFIED) < 0.5:
        return None
    spoken = set(words(f"{named.change.target} {named.change.description}")) & WORDS[group]
    if not spoken:
        return None
    return fact("claims", 10, f"{named.change.id} speaks of {names(sorted(spoken))}.")


def out_of_step(case: Case) -> Evidence | None:
    """Weigh instances that disagree: caches of one fleet run out at different times."""
    is_split = case.split.classes is not None and not case.split.turnover.is_rolling
    if not is_split or case.split.checkerboard or case.share(Reason.KEY_NOT_FOUND) < 0.5:
        return None
    return fact("split", 8, f"{disagreement(case)} Caches run out at different times.")
