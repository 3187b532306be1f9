"""Leeways: a verifier that lost its own refuses fresh tokens as a clock a little slow does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logclass.causes.case import RELEASES, fact
from logclass.causes.doses import each_at_its_start
from logclass.causes.keytests import put_right
from logclass.evidence.confinement import BEHIND
from logclass.evidence.phrases import span
from logclass.evidence.skew import overshoot

if TYPE_CHECKING:
    from logclass.causes.case import Case
    from logclass.model import Evidence

LEEWAY_SECONDS = 5.0  # what any verifier with a leeway takes
MOST_LEEWAY_SECONDS = 60.0  # what those that have one usually grant; some grant five minutes
STRAY = 0.05  # share of the rejections on instances that were there before
LEAST = 10  # tokens of which it is known by how much they were too young


def leeway_lost(case: Case, *, within: float, beyond: float) -> Evidence | None:
    """Weigh by how much tokens were too young: a leeway covers seconds, a clock is off by any."""
    if case.share(*BEHIND) < 0.5:
        return None
    early = np.abs(overshoot(case.part.rows[case.part.rows["reason"].isin(BEHIND)]))
    early = early[np.isfinite(early)]
    if len(early) < LEAST:
        return None
    most = float(np.quantile(early, 0.95))
    text = f"These tokens were too young by {span(most)} at most"
    if most <= LEEWAY_SECONDS:
        return fact("skew", within, f"{text}: any verifier with a leeway takes them.")
    if most > MOST_LEEWAY_SECONDS:
        return fact("skew", beyond, f"{text}: no usual leeway covers that.")
    return None


def came_with_release(case: Case) -> Evidence | None:
    """Weigh against a clock that fresh tokens are refused from a release to its end."""
    if case.share(*BEHIND) < 0.5:
        return None
    if (began := each_at_its_start(case, 0.15)) is not None:
        return began
    named = case.found.named
    if named is not None and named.change.kind in RELEASES:
        text = f"{named.change.id} fits as the beginning, and it sets no clock."
        return fact("change", 0.2 if named.undo > 0 else 0.4, text)
    t = case.split.turnover
    if t.is_measured and t.new_rejections >= LEAST and t.old_rejections < STRAY * t.new_rejections:
        return fact("space", 0.25, "Only instances that came with a release refuse them.")
    return put_right(case, back=0.3, anew=0.7)
