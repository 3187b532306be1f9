"""What the course of an incident says of keys: which tokens fail decides how it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logclass.causes.case import fact
from logclass.evidence.contrast import weights
from logclass.evidence.course import USUAL_LIFETIME_SECONDS, lifetime_seconds
from logclass.evidence.phrases import percent, span
from logclass.vocabulary import Reason

if TYPE_CHECKING:
    from logclass.causes.case import Case
    from logclass.model import Evidence

SHARED = 0.9  # share of the tokens whose algorithm is known that are signed in one way


def only_fewer(case: Case) -> Evidence | None:
    """Weigh whether rejections became fewer all along, as those of tokens that exist already do."""
    course = case.course
    if course is None:
        return None
    if course.is_rising:
        text = "At first more and more were rejected: tokens that exist can only become fewer."
        return fact("undo", 0.3, text)
    if course.is_falling:
        text = f"The second half of it had {percent(course.ratio)} of the first half's rate"
        # caches that run out one by one let fewer fail as well
        factor = 1.5 if case.share(Reason.KEY_NOT_FOUND) > 0.5 else 3
        return fact("undo", factor, f"{text}: fewer and fewer tokens failed.")
    life = lifetime_seconds(case.part)
    over = course.minutes * 60 / (life or USUAL_LIFETIME_SECONDS)
    if not course.is_level or over < 0.5:
        return None
    told = f"the {span(life)} that tokens live" if life else "most tokens live"
    text = f"As many failed late as early for {span(course.minutes * 60)}"
    if over < 1:
        return fact("undo", 0.4 if life else 0.7, f"{text}, long against {told}.")
    return fact("undo", 0.1 if life else 0.3, f"{text}, longer than {told}.")


def goes_on(case: Case, *, level: float, falling: float) -> Evidence | None:
    """Weigh rejections that go on as they began, as those of a wrong key do, or that do not."""
    course = case.course
    if course is not None and course.is_level:
        return fact("undo", level, "As many were rejected late as early.")
    if course is not None and course.is_falling:
        text = f"Its second half had {percent(course.ratio)} of the first half's rate."
        return fact("undo", falling, text)
    return None


def rises_first(case: Case, factor: float) -> Evidence | None:
    """Weigh rejections that became more at first, as clients renewed their tokens."""
    if case.course is None or not case.course.is_rising:
        return None
    return fact("undo", factor, "At first more and more were rejected, as tokens were renewed.")


def ended_alone(case: Case, factor: float) -> Evidence | None:
    """Weigh keys found again at once where changes are recorded and none was made then."""
    if case.part.episode.recovery is None or case.share(Reason.KEY_NOT_FOUND) < 0.5:
        return None
    if case.found.after or not case.found.candidates or case.decay["shape"] != "abrupt":
        return None
    return fact("undo", factor, "It ended at once, and no change is on record then.")


def shared_secret(case: Case, factor: float) -> Evidence | None:
    """Weigh against a key set that the tokens are signed with a secret both sides hold."""
    alg = _signed_with(case, ("HS",))
    if alg is None:
        return None
    return fact(
        "claims",
        factor,
        f"The tokens are signed with {alg}: a shared secret is in no key set that is fetched.",
    )


def public_key_alg(case: Case) -> str | None:
    """Return the algorithm of the failing tokens where it takes a public key to verify them."""
    return _signed_with(case, ("RS", "ES", "PS", "ED"))


def _signed_with(case: Case, families: tuple[str, ...]) -> str | None:
    """Return the algorithm of the failing tokens if nearly all are of these families."""
    found = weights(case.part.rows, "alg")
    total = float(found.sum())
    mine = float(sum(n for alg, n in found.items() if str(alg).upper().startswith(families)))
    if total < 0.5 * case.part.total or mine < SHARED * total:
        return None
    return str(found.index[0])
