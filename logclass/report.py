"""Summary and findings -> the report document, which is also the JSON output.

The shape is fixed by docs/report-schema.md. Nothing here reads a clock: the same input gives the
same bytes.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

import logclass
from logclass import accounting, redact, series
from logclass.evidence import claims
from logclass.exemplars import absolute_lines, choose
from logclass.foldednames import OTHER
from logclass.model import Report
from logclass.plain import Json, iso, plain, written
from logclass.vocabulary import Verdict

if TYPE_CHECKING:
    import pandas as pd

    from logclass.model import (
        ChangeEvent,
        ChangeVerdict,
        ClaimDelta,
        Contract,
        Counted,
        Fault,
        Finding,
        Incident,
        Settled,
        Summary,
    )

SCHEMA_VERSION = "1.0"
LISTED_FAULTS = 200

_NAMES_OF_FILES = {"source", "name", "command"}
_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS


def build(
    counted: Counted,
    summary: Summary,
    incidents: tuple[Incident, ...],
    changes: tuple[ChangeEvent, ...],
    *,
    command: str,
    contracts: tuple[Contract, ...] = (),
    settled: tuple[Settled, ...] = (),
) -> Report:
    """Return the report document: plain dicts, lists, text and numbers, in a fixed order."""
    contract = _contract(contracts, incidents)
    document: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "logclass", "version": logclass.__version__},
        "command": command,
        "timezone_assumed": accounting.zones_assumed(summary, settled),
        "window": {"start": iso(counted.start_ms), "end": iso(counted.end_ms)},
        "intake": accounting.intake(summary, settled),
        "counts": _totals(counted.rejections, "reason"),
        "echoes": _totals(counted.echoes, "kind"),
        "incidents": [
            {"id": f"incident-{number}", **_incident(incident, counted, summary)}
            for number, incident in enumerate(incidents, 1)
        ],
        "changes": [_change(c) for c in sorted(changes, key=lambda c: (c.time_ms, c.source, c.id))],
        "unclassified": [
            {"template": r.template, "count": r.count, "exemplar": r.exemplar}
            for r in sorted(summary.residue, key=lambda r: (-r.count, r.template))
        ],
        "faults": _faults(summary.faults),
        "contract": None if contract is None else asdict(contract),
        "contracts": [asdict(one) for one in contracts],
    }
    if not incidents:
        document |= _quiet(counted)
    return Report(cast("dict[str, Any]", _with_safe_names(plain(document))))


def _with_safe_names(value: Json) -> Json:
    """Return the document with names of files redacted: their words are a sender's too.

    They are only names until here, by which what was read of a file is found again.
    """
    if isinstance(value, list):
        return [_with_safe_names(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: redact.text(item)
        if isinstance(item, str) and key in _NAMES_OF_FILES
        else _with_safe_names(item)
        for key, item in value.items()
    }


def _contract(contracts: tuple[Contract, ...], incidents: tuple[Incident, ...]) -> Contract | None:
    """Return the contract of the service that fails, else the first."""
    services = [name for incident in incidents[:1] for name in incident.episode.services]
    return claims.of_services(contracts, services) or next(iter(contracts), None)


def to_json(report: Report) -> bytes:
    """Return the document as UTF-8 JSON, indented, in document order, with a final newline."""
    return written(report.document)


def _totals(frame: pd.DataFrame, second: str) -> list[dict[str, Any]]:
    """Return the most frequent first, but what was put together, which is no one's, last."""
    if frame.empty:
        return []
    sums = frame.groupby(["service", second], observed=True)["count"].sum().reset_index()
    rows = [
        {"service": str(service), second: str(value), "count": int(count)}
        for service, value, count in sums.itertuples(index=False)
        if count
    ]
    return sorted(
        rows, key=lambda row: (row["service"] == OTHER, -row["count"], row["service"], row[second])
    )


def _faults(faults: tuple[Fault, ...]) -> list[dict[str, Any]]:
    ordered = sorted(faults, key=lambda f: (f.source, f.line or 0, f.kind, f.detail, f.excerpt))
    return [asdict(fault) for fault in ordered[:LISTED_FAULTS]]


def _change(change: ChangeEvent) -> dict[str, Any]:
    return {
        "id": change.id,
        "time": iso(change.time_ms),
        "end": iso(change.end_ms),
        "kind": change.kind,
        "target": change.target,
        "source": change.source,
        "description": change.description,
        "version": change.version,
        "environment": change.environment,
        "instances": change.instances,
        "zone_assumed": change.zone_assumed,
    }


def _incident(incident: Incident, counted: Counted, summary: Summary) -> dict[str, Any]:
    episode = incident.episode
    onset, recovery = episode.onset, episode.recovery
    exemplars = choose(summary.exemplars, incident, counted.end_ms)
    return {
        "headline": incident.headline,
        "onset": iso(onset.point_ms),
        "onset_interval": [iso(onset.low_ms), iso(onset.high_ms)],
        "recovery": iso(recovery.point_ms) if recovery else None,
        "recovery_interval": [iso(recovery.low_ms), iso(recovery.high_ms)] if recovery else None,
        "peak_per_minute": episode.peak_per_minute,
        "services": episode.services,
        "instances": episode.instances,
        "reasons": [{"reason": reason, "count": count} for reason, count in incident.reasons],
        "causes": [_cause(finding) for finding in incident.findings],
        "changes": [_verdict(verdict) for verdict in incident.changes],
        "claim_delta": [_claim_delta(delta) for delta in incident.claim_delta],
        "clock_skew": incident.clock_skew,
        "split": incident.split,
        "key_ledger": incident.key_ledger,
        "decay": incident.decay,
        "no_change_probability": round(incident.no_change, 4),
        "change_clocks": incident.change_clocks,
        "separating": incident.separating,
        "exemplars": absolute_lines(exemplars, summary.sources),
        "runbook": {
            step: incident.runbook.get(step, ())
            for step in ("stop", "prove", "fix", "verify", "prevent")
        },
        "rejections": sum(count for _, count in incident.reasons),
        "baseline_per_minute": episode.baseline_per_minute,
        "onset_censored": episode.onset_censored,
        "timeline": _incident_timeline(incident, counted),
    }


def _cause(finding: Finding) -> dict[str, Any]:
    evidence = (*finding.evidence_for, *finding.evidence_against)
    return {
        "cause": finding.cause,
        "probability": finding.probability,
        "grade": finding.grade,
        "for": [item.text for item in finding.evidence_for],
        "against": [item.text for item in finding.evidence_against],
        "overturned_by": finding.overturned_by,
        "missing": finding.missing,
        "change_id": finding.change_id or None,
        "evidence": [asdict(item) for item in evidence],
    }


def _verdict(verdict: ChangeVerdict) -> dict[str, Any]:
    change = verdict.change
    return {
        "id": change.id,
        "time": iso(change.time_ms),
        "kind": change.kind,
        "target": change.target,
        "source": change.source,
        "probability": verdict.probability,
        "verdict": verdict.verdict,
        "vetoed_because": verdict.vetoed_because or None,
        "evidence": [asdict(item) for item in verdict.evidence],
    }


def _claim_delta(delta: ClaimDelta) -> dict[str, Any]:
    return {
        "claim": delta.claim,
        "expected": delta.expected,
        "actual": delta.actual,
        "state": delta.state,
        "count": delta.count,
        "services": delta.services,
        "instances": delta.instances,
        "first": iso(delta.first_ms),
        "last": iso(delta.last_ms),
        "hint": delta.hint or None,
    }


def _incident_timeline(incident: Incident, counted: Counted) -> dict[str, Any]:
    episode = incident.episode
    start_ms, end_ms = _span(incident, counted)
    axis = series.grid(start_ms, end_ms)
    frame = counted.rejections
    if episode.services:
        frame = frame[frame["service"].isin(list(episode.services))]
    failing = frame[frame["reason"].isin(list(episode.reasons))]
    tally = counted.tally
    known = tally[tally["service"].isin(list(episode.services))]["instance"].unique()
    others = sorted({str(name) for name in known} - set(episode.instances) - {""})
    instances = (*episode.instances, *others)
    return {
        "start": iso(axis.start_minute * _MINUTE_MS),
        "step_seconds": axis.step_minutes * 60,
        "series": series.by_reason(frame, axis),
        "instances": series.by_instance(failing, instances, axis) if len(instances) > 1 else [],
        "instances_total": len(instances),
    }


def _span(incident: Incident, counted: Counted) -> tuple[int, int]:
    """Return the stretch worth drawing: the episode, its margins, and the changes behind it."""
    onset, recovery = incident.episode.onset, incident.episode.recovery
    data_end = counted.end_ms if counted.end_ms is not None else onset.high_ms
    end = recovery.high_ms if recovery else data_end
    length = max(0, end - onset.low_ms)
    pad = min(max(length // 2, 15 * _MINUTE_MS), 6 * _HOUR_MS)
    reach = onset.low_ms - max(2 * length, 2 * _HOUR_MS)
    behind = [
        verdict.change.time_ms - 5 * _MINUTE_MS
        for verdict in incident.changes
        if verdict.verdict in (Verdict.CAUSED, Verdict.CONSISTENT)
        and reach <= verdict.change.time_ms <= end
    ]
    start = min([onset.low_ms - pad, *behind])
    if counted.start_ms is not None:
        start = min(max(start, counted.start_ms), onset.low_ms)
    return start, max(end, min(end + pad, data_end))


def _quiet(counted: Counted) -> dict[str, Any]:
    start_ms, end_ms = counted.start_ms, counted.end_ms
    frame = counted.rejections
    smallest = series.smallest_visible(frame, start_ms, end_ms)
    can_tell = smallest not in {series.NO_TIMES, series.TOO_SHORT}
    quiet = {"smallest_visible": smallest, "can_tell": can_tell}
    if start_ms is None or end_ms is None:
        return {"quiet": quiet, "timeline": None}
    axis = series.grid(start_ms, end_ms)
    timeline = {
        "start": iso(axis.start_minute * _MINUTE_MS),
        "step_seconds": axis.step_minutes * 60,
        "series": series.by_reason(frame, axis),
    }
    return {"quiet": quiet, "timeline": timeline}
