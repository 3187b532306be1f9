"""Name the cause of each episode, with the evidence for and against it.

One function per cause, each from the measured case to a weighed hypothesis; a new cause is one
function and one line in CAUSES.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from logclass import runbook
from logclass.causes import hosttime
from logclass.causes.case import RELEASES, ROTATIONS, Case, Hypothesis
from logclass.causes.clocks import clock_skew, refresh_failure
from logclass.causes.contract import claim_contract_drift
from logclass.causes.counterfactual import counterfactual
from logclass.causes.grading import findings
from logclass.causes.hostile import hostile_probe
from logclass.causes.keys import (
    partial_rollout,
    rotation_without_overlap,
    secret_changed_by_deploy,
    stale_key_cache,
)
from logclass.causes.material import (
    algorithm_changed,
    key_format_changed,
    key_missing,
    library_upgrade,
)
from logclass.causes.separating import separating
from logclass.causes.transport import header_stripped, jwks_outage
from logclass.evidence import (
    claims,
    convergence,
    course,
    decay,
    ledger,
    refusedkeys,
    sightings,
    skew,
    split,
)
from logclass.evidence.attribution import Attribution, attribute
from logclass.evidence.contrast import weights
from logclass.evidence.phrases import names
from logclass.evidence.series import per_minute
from logclass.evidence.slice import Slice, cut, tidy
from logclass.evidence.verdicts import verdicts
from logclass.model import ChangeEvent, Contract, Counted, Episode, Finding, Incident
from logclass.vocabulary import Cause, Grade

if TYPE_CHECKING:
    from collections.abc import Callable

CAUSES: tuple[Callable[[Case], Hypothesis], ...] = (
    rotation_without_overlap,
    partial_rollout,
    stale_key_cache,
    secret_changed_by_deploy,
    key_format_changed,
    key_missing,
    algorithm_changed,
    clock_skew,
    claim_contract_drift,
    header_stripped,
    refresh_failure,
    jwks_outage,
    library_upgrade,
    hostile_probe,
)


def diagnose(
    counted: Counted,
    episodes: tuple[Episode, ...],
    changes: tuple[ChangeEvent, ...],
    contracts: tuple[Contract, ...],
) -> tuple[Incident, ...]:
    """Return one incident per episode, the main one first; a probe comes after an outage."""
    rejections, passed = tidy(counted.rejections), tidy(counted.passed)
    incidents = [
        _incident(cut(counted, episode, rejections, passed), changes, contracts)
        for episode in episodes
    ]
    incidents.sort(key=lambda i: (_is_probe(i), -i.episode.rejections, i.episode.onset.point_ms))
    return tuple(incidents)


def _is_probe(incident: Incident) -> bool:
    return incident.findings[0].cause is Cause.HOSTILE_PROBE


def _incident(
    part: Slice, changes: tuple[ChangeEvent, ...], contracts: tuple[Contract, ...]
) -> Incident:
    part = hosttime.allowing_for_hosts(part)
    case = measure(part, changes, contracts)
    found = findings(case, tuple(weigh(case) for weigh in CAUSES))
    caused_by = _caused_by(case.found, found[0])
    window = max(360.0, float(part.grid.minutes))
    services = [s for s in part.episode.services if s]
    return Incident(
        episode=case.told,
        headline=found[0].headline,
        findings=found,
        changes=verdicts(case.found, part, caused_by, window),
        claim_delta=case.delta or refusedkeys.delta(part.rows, contracts),
        reasons=_reasons(part),
        clock_skew=case.skew.rows if case.skew is not None else (),
        split=_split(case, services[0] if len(services) == 1 else ""),
        key_ledger=ledger.key_ledger(part),
        decay=case.decay,
        no_change=case.found.no_change,
        separating=separating(found, case.service, _instances(part)),
        change_clocks=_clocks(case.found, found[0]),
        runbook=_runbook(case, found[0].cause),
    )


def _split(case: Case, service: str) -> dict[str, Any] | None:
    """Return how the fleet is divided, and how far it came to accept the new key."""
    document = split.as_document(case.split, service)
    found = convergence.convergence(case.part)
    if found is None or (document is None and not found.left):
        return document
    more = convergence.as_document(found)
    text = " ".join(one["text"] for one in (document, more) if one is not None)
    return {**(document or {}), **more, "text": text}


def _clocks(found: Attribution, best: Finding) -> tuple[dict[str, Any], ...]:
    if best.cause is Cause.HOSTILE_PROBE:  # nothing was changed: there is no change to look for
        return ()
    return tuple(o.as_document() for o in found.offsets)


def _instances(part: Slice) -> str:
    found = list(part.episode.instances)
    return names(found) if found else "the failing instances"


def _runbook(case: Case, cause: Cause) -> dict[str, tuple[str, ...]]:
    steps = runbook.steps(cause, runbook.names_of(case.part, case.found))
    turned_ms, _ = _turned(case.found, case.part.episode)
    steps["prevent"] = (*counterfactual(case, cause, turned_ms), *steps["prevent"])
    return steps


def measure(part: Slice, changes: tuple[ChangeEvent, ...], contracts: tuple[Contract, ...]) -> Case:
    """Return all measurements of an episode."""
    totals = weights(part.rows, "reason")
    whole = max(float(totals.sum()), 1.0)
    true = hosttime.put_right(part)
    found = attribute(true, changes)
    turned_ms, new_kid = _turned(found, part.episode)
    spread = split.measure(part, turned_ms)
    return Case(
        part=part,
        told=hosttime.told(part.episode, true.episode),
        shares={str(r): float(n) / whole for r, n in totals.items()},
        found=found,
        split=spread,
        skew=skew.measure(part),
        age=ledger.key_age(part, turned_ms, new_kid),
        decay=_decay(part, is_staggered=spread.ends_staggered),
        delta=claims.delta(part.rows, contracts),
        failing_share=_failing_share(part),
        seen=sightings.rollout_seen(part, spread.turnover),
        key_seen=sightings.key_loaded(part),
        clock_seen=sightings.clock_set(part),
        endpoint_seen=sightings.endpoint_failed(part),
        course=course.measure(part),
    )


def _turned(found: Attribution, episode: Episode) -> tuple[float, str]:
    """Return when the keys changed, as far as anyone knows, and the new key's id."""
    rotation = found.best(ROTATIONS)
    if rotation is not None:
        return float(rotation.change.time_ms), rotation.change.version
    release = found.best(RELEASES)
    if release is not None:
        return float(release.change.time_ms), ""
    return float(episode.onset.point_ms), ""


def _failing_share(part: Slice) -> float | None:
    """Return rejections per log event on the failing services at the height of the episode."""
    if not part.is_complete:
        return None
    failed = per_minute(part.rows, part.grid)
    high = (
        failed >= 0.5 * np.quantile(failed[failed > 0], 0.9) if (failed > 0).any() else failed > 0
    )
    total = float(np.maximum(part.traffic, failed)[high].sum())
    return float(failed[high].sum()) / total if total else None


def _decay(part: Slice, *, is_staggered: bool) -> dict[str, object]:
    if part.episode.recovery is None:
        return decay.none_yet()
    first = part.first - part.grid.first
    last = min(part.stop - part.grid.first + 15, part.grid.minutes)
    mine = pd.concat([part.rows, _background(part)])
    x = per_minute(mine, part.grid)[first:last]
    mu = np.full(len(x), part.episode.baseline_per_minute)
    return decay.tail(x, mu, steps=3 if is_staggered else 0)


def _background(part: Slice) -> pd.DataFrame:
    """Return the later rejections of the same reasons and services."""
    rest = part.others
    mine = rest["reason"].isin(part.episode.reasons) & (rest["minute"] >= part.stop)
    services = part.episode.services
    return rest[mine & (rest["service"].isin(services) | (not services))]


def _reasons(part: Slice) -> tuple[tuple[str, int], ...]:
    totals = weights(part.rows, "reason")
    return tuple((str(r), int(n)) for r, n in totals.items())


def _caused_by(found: Attribution, best: Finding) -> str:
    """Return the id of the change to be named: the one that fits, if the cause needs it too."""
    named = found.named
    if named is None or best.cause in {Cause.UNEXPLAINED, Cause.HOSTILE_PROBE}:
        return ""
    if best.grade is Grade.UNKNOWN:
        return ""
    return named.change.id if best.change_id == named.change.id else ""
