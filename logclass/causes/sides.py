"""Which side changed: verifiers that refuse tokens they took before, or the issuer of new ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from logclass.causes.case import Case, fact
from logclass.evidence.names import is_same
from logclass.evidence.phrases import percent
from logclass.evidence.series import number, per_minute
from logclass.evidence.slice import seconds

if TYPE_CHECKING:
    from logclass.evidence.linking import Candidate
    from logclass.model import Evidence

VERIFIER, ISSUER, UNKNOWN = "verifier", "issuer", ""
EARLY_SECONDS = 600.0  # after these many tokens have been renewed anyway
EARLY_MINUTES = 5
LEAST = 5
CLOCKS_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Side:
    """The side that changed, "" if the log does not tell, and what shows it."""

    name: str
    text: str = ""


def changed_side(case: Case) -> Side:
    """Return the side whose change fits which tokens fail in the first minutes."""
    if case.part.episode.onset_censored:
        return Side(UNKNOWN)
    by_issue = _by_issue(case)
    return by_issue if by_issue.name else _by_share(case)


def which_side(case: Case, change: Candidate | None) -> Evidence | None:
    """Weigh that the side that changed is the one that the change touched."""
    side = changed_side(case)
    if not side.name or change is None or change is not case.found.named:
        return None
    is_verifier = any(is_same(change.change.target, s) for s in case.part.episode.services)
    if is_verifier == (side.name == VERIFIER):
        return fact("ledger", 4, side.text)
    return fact("ledger", 0.4, side.text)


def _by_issue(case: Case) -> Side:
    onset = case.part.episode.onset.point_ms / 1000
    rows = case.part.rows
    early = seconds(rows) < onset + EARLY_SECONDS
    issued = number(rows, "iat_seconds")[early]
    issued = issued[np.isfinite(issued)]
    if len(issued) < LEAST:
        return Side(UNKNOWN)
    old = float(np.mean(issued < onset - CLOCKS_SECONDS))
    if old >= 0.3:
        text = f"{percent(old)} of the first tokens refused were issued before it began"
        return Side(VERIFIER, f"{text}: the verifier changed, not the tokens.")
    accepted = case.part.accepted
    late = accepted[seconds(accepted) >= onset]
    older = number(late, "iat_seconds") < onset - CLOCKS_SECONDS
    if old <= 0.05 and int(older.sum()) >= LEAST:
        text = "Only tokens issued after it began are refused, older ones pass"
        return Side(ISSUER, f"{text}: the tokens changed.")
    return Side(UNKNOWN)


def _by_share(case: Case) -> Side:
    part = case.part
    if not part.is_complete:
        return Side(UNKNOWN)
    first = part.grid.at(part.episode.onset.point_ms // 60_000) + 1
    stop = first + EARLY_MINUTES
    failed = per_minute(part.rows, part.grid)[first:stop]
    seen = np.maximum(part.traffic[first:stop], failed)
    if float(failed.sum()) < LEAST * 4 or float(failed.sum()) < 0.85 * float(seen.sum()):
        return Side(UNKNOWN)
    text = f"{percent(float(failed.sum() / seen.sum()))} of the requests failed from the first"
    return Side(VERIFIER, f"{text} minutes on: the verifier changed, not the tokens.")
