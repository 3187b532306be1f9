"""One incident of the document as the page shows it: everything bounded, ordered and worded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logclass.render import chart, panels, words
from logclass.render.difference import LONGEST, compare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ROWS = 12
_VALUES = 6


def view(incident: Mapping[str, Any], number: int, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the templates need of one incident."""
    day = words.date(incident["onset"])
    details = {change["id"]: change for change in document["changes"]}
    changes = _changes(incident, details, day)
    causes = [_cause(cause) for cause in incident["causes"]]
    reasons = incident["reasons"]
    total = incident.get("rejections", sum(reason["count"] for reason in reasons))
    return {
        "number": number,
        "headline": incident["headline"],
        "cause": causes[0] if causes else None,
        "alternatives": causes[1:6],
        "figures_of_note": _numbers(incident, total, day),
        "facts": _facts(incident, changes),
        "timeline": chart.view(incident, changes, number),
        "delta": _delta(incident["claim_delta"]),
        "changes": changes[:_ROWS],
        "changes_more": max(0, len(changes) - _ROWS),
        "skew": _skew(incident["clock_skew"]),
        "panels": _panels(incident),
        "exemplars": [_exemplar(e, day) for e in incident["exemplars"][:_ROWS]],
        "runbook": [
            (words.STEP[step], incident["runbook"].get(step) or [])
            for step in words.STEP
            if incident["runbook"].get(step)
        ],
        "day": day,
    }


def _numbers(incident: Mapping[str, Any], total: int, day: str) -> list[dict[str, str]]:
    onset, recovery = incident["onset"], incident["recovery"]
    low, high = incident["onset_interval"]
    censored = incident.get("onset_censored", False)
    numbers = [
        {
            "label": "Onset",
            "value": ("before " if censored else "") + words.point(onset, (low, high), day=day),
            "note": f"{day} UTC",
            "detail": "the data begins inside the incident" if censored else _between(low, high),
        }
    ]
    if recovery:
        lasted = (words.seconds_of(recovery) or 0) - (words.seconds_of(onset) or 0)
        numbers.append(
            {
                "label": "Recovery",
                "value": words.point(recovery, incident["recovery_interval"], day=day),
                "note": f"after {words.duration(lasted)}",
                "detail": _between(*(incident["recovery_interval"] or (None, None))),
            }
        )
    else:
        numbers.append(
            {
                "label": "Recovery",
                "value": "not yet",
                "note": "still failing when the data ends",
                "detail": "",
            }
        )
    baseline = incident.get("baseline_per_minute")
    numbers.append(
        {
            "label": "Rejected requests",
            "value": words.number(total),
            "note": f"peak {words.number(incident['peak_per_minute'])} a minute",
            "detail": "" if baseline is None else f"baseline {words.rate(baseline)} a minute",
        }
    )
    return numbers


def _between(low: object, high: object) -> str:
    if not low or not high or low == high:
        return ""
    return f"95 % between {words.span(low, high, joint=' and ')}"


def _facts(incident: Mapping[str, Any], changes: list[dict[str, Any]]) -> dict[str, Any]:
    causing = next((change for change in changes if change["verdict"] == "caused"), None)
    return {
        "services": words.listed(incident["services"], 6),
        "instances": words.listed(incident["instances"], 6),
        "instances_tally": _tally(incident),
        "reasons": words.listed([r["reason"] for r in incident["reasons"]], 4),
        "caused_by": causing,
        "first_step": next(iter(incident["runbook"].get("stop") or []), ""),
    }


def _tally(incident: Mapping[str, Any]) -> str:
    failing = len(incident["instances"])
    every = (incident.get("timeline") or {}).get("instances_total", 0)
    if failing < 2 and failing == every:
        return ""
    if failing == every:
        return f"all {failing}"
    return f"{failing} of {every}" if failing < every else str(failing)


def _cause(cause: Mapping[str, Any]) -> dict[str, Any]:
    weights = {item["text"]: item for item in cause.get("evidence", [])}

    def worded(texts: Sequence[str]) -> list[dict[str, str]]:
        return [
            {
                "text": text,
                "kind": weights.get(text, {}).get("kind", ""),
                "odds": words.odds(weights.get(text, {}).get("log_odds")),
            }
            for text in texts
        ]

    return {
        "title": words.cause_title(cause["cause"]),
        "code": cause["cause"],
        "meaning": words.cause_meaning(cause["cause"]),
        "percent": words.percent(cause["probability"]),
        "grade": cause["grade"],
        "grade_class": words.css_class("grade", cause["grade"]),
        "for": worded(cause["for"]),
        "against": worded(cause["against"]),
        "overturned_by": cause["overturned_by"],
        "missing": cause["missing"],
    }


def _changes(
    incident: Mapping[str, Any], details: Mapping[str, Mapping[str, Any]], day: str
) -> list[dict[str, Any]]:
    out = []
    for index, change in enumerate(incident["changes"]):
        detail = details.get(change["id"], {})
        out.append(
            {
                "letter": chart.letter(index),
                "id": change["id"],
                "time": change["time"],
                "clock": words.moment(change["time"], day=day),
                "end": detail.get("end"),
                "lag": words.lag(change["time"], incident["onset"]),
                "kind": words.KIND.get(change["kind"], change["kind"]),
                "target": change["target"],
                "version": detail.get("version", ""),
                "source": change["source"],
                "percent": words.percent(change["probability"]),
                "verdict": change["verdict"],
                "verdict_class": words.css_class("verdict", change["verdict"]),
                "because": _because(change, detail),
            }
        )
    return out


def _because(change: Mapping[str, Any], detail: Mapping[str, Any]) -> list[str]:
    texts = [change["vetoed_because"]] if change["vetoed_because"] else []
    texts += [item["text"] for item in change.get("evidence", [])[:3] if item["text"]]
    if detail.get("zone_assumed"):
        texts.append("The record names no time zone: read as UTC.")
    return texts


def _delta(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    shown = [
        {
            "claim": row["claim"],
            "expected": _side(row["expected"], row["actual"]),
            "actual": _side(row["actual"], row["expected"]),
            "state": words.STATE.get(row["state"], row["state"]),
            "state_class": words.css_class("state", row["state"]),
            "count": words.number(row["count"]),
            "services": words.listed(row["services"], 3),
            "instances": len(row["instances"]),
            "instance_names": words.listed(row["instances"], 3),
            "seen": words.span(row["first"], row["last"]),
            "hint": row["hint"] or "",
        }
        for row in rows[:_ROWS]
    ]
    return {"rows": shown, "more": max(0, len(rows) - _ROWS)}


def _side(values: Sequence[str], others: Sequence[str]) -> dict[str, Any]:
    kept, more = words.listed(values, _VALUES)
    return {
        "values": [
            {
                "segments": compare(value, list(others)),
                "length": len(value) if len(value) > LONGEST else 0,
            }
            for value in kept
        ],
        "more": more,
    }


def _skew(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    out = []
    for row in rows[:_ROWS]:
        interval = row.get("interval")
        low, high = interval or (0.0, 0.0)
        out.append(
            {
                "instance": row["instance"],
                "offset": _offset(row.get("seconds")),
                "interval": f"{words.number(low)} to {words.number(high)} s" if interval else "",
                "samples": words.number(row["samples"]),
                "is_off": low > 1 or high < -1,
            }
        )
    return {"rows": out, "more": max(0, len(rows) - _ROWS)}


def _offset(seconds: object) -> str:
    if not isinstance(seconds, int | float):
        return "not known"
    if not seconds:
        return "exact"
    return f"{words.number(abs(seconds))} s {'ahead' if seconds > 0 else 'behind'}"


def _panels(incident: Mapping[str, Any]) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    if incident["split"]:
        out.append({"title": "Split fleet", "panel": panels.panel(incident["split"])})
    if incident["key_ledger"]:
        ledger = panels.table("", incident["key_ledger"])
        out.append({"title": "Key ledger", "panel": panels.Panel("", [], [ledger])})
    if incident["decay"]:
        out.append({"title": "How it ended", "panel": panels.panel(incident["decay"])})
    return out


def _exemplar(exemplar: Mapping[str, Any], day: str) -> dict[str, Any]:
    line = exemplar["line"]
    return {
        "place": exemplar["source"] + (f":{line}" if line else ""),
        "clock": words.moment(exemplar["time"], day=day),
        "who": exemplar["instance"] or exemplar["service"],
        "reason": exemplar["reason"],
        "excerpt": exemplar["excerpt"],
    }
