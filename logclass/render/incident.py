"""One incident of the document as the page shows it: everything bounded, ordered and worded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from logclass.render import chart, panels, rows, terms, ticket, verdict, words
from logclass.render.difference import LONGEST, compare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ROWS = chart.LISTED_CHANGES
_VALUES = 6
_SAID_LETTERS = 120  # of a change's description
_STATES = {"mismatch": 0, "missing": 0, "withheld": 2}
_KINDS_OF_LINES, _LEAST_LINES = 5, 2
_VARIABLE = re.compile(r"[\w./:=-]*\d[\w./:=-]*|[^\w\n]+")  # ids, numbers, times, paths with them


def view(incident: Mapping[str, Any], number: int, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the templates need of one incident."""
    day = words.date(incident["onset"])
    details = {change["id"]: change for change in document["changes"]}
    changes = _changes(incident, details, day)
    causes = [_cause(cause) for cause in incident["causes"]]
    reasons = incident["reasons"]
    total = incident.get("rejections", sum(reason["count"] for reason in reasons))
    shown = {
        "number": number,
        "headline": incident["headline"],
        "cause": causes[0] if causes else None,
        "alternatives": causes[1:6],
        "figures_of_note": verdict.numbers(incident, total, day, document["window"]["end"]),
        "facts": verdict.facts(incident, changes[:_ROWS], number),
        "timeline": chart.view(incident, changes, number),
        "delta": _delta(incident["claim_delta"], set(incident["instances"])),
        "changes": changes[:_ROWS],
        "changes_more": max(0, len(changes) - _ROWS),
        "separating": [one["test"] for one in incident.get("separating", ())],
        "no_change": words.percent(incident.get("no_change_probability")),
        "change_clocks": [one["text"] for one in incident.get("change_clocks", ())],
        "skew": panels.clocks(incident["clock_skew"]),
        "panels": panels.measured(incident, [one["title"] for one in chart.classes(incident)]),
        "lines": _lines(incident["exemplars"][:_ROWS], day),
        "runbook": [
            (title, "if it returns" if step == "stop" and incident["recovery"] else "", steps)
            for step, title in terms.STEP.items()
            if (steps := incident["runbook"].get(step))
        ],
        "day": day,
    }
    return {**shown, "ticket": ticket.text(incident, shown, document)}


def _cause(cause: Mapping[str, Any]) -> dict[str, Any]:
    weights = {item["text"]: item for item in cause.get("evidence", [])}

    def worded(texts: Sequence[str]) -> list[dict[str, str]]:
        return [
            {
                "text": text,
                "kind": weights.get(text, {}).get("kind", ""),
                "about": terms.EVIDENCE.get(weights.get(text, {}).get("kind", ""), ""),
                "odds": words.odds(weights.get(text, {}).get("log_odds")),
            }
            for text in texts
        ]

    return {
        "title": terms.cause_title(cause["cause"]),
        "code": cause["cause"],
        "meaning": terms.cause_meaning(cause["cause"]),
        "percent": words.percent(cause["probability"]),
        "grade": cause["grade"],
        "grade_class": terms.css_class("grade", cause["grade"]),
        "for": worded(cause["for"]),
        "against": worded(cause["against"]),
        "weighs": any(words.odds(item.get("log_odds")) for item in weights.values()),
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
                "lag": words.lag(change, incident),
                "kind": terms.KIND.get(change["kind"], change["kind"]),
                "target": change["target"],
                "version": detail.get("version", ""),
                "version_brief": rows.brief(detail.get("version", "")),
                "source": change["source"],
                "said": _said(detail.get("description", ""), change["target"]),
                # a share of what nothing ties to the incident would only mislead
                "percent": words.percent(change["probability"])
                if change["verdict"] in {"caused", "consistent"}
                else "",
                "verdict": change["verdict"],
                "verdict_class": terms.css_class("verdict", change["verdict"]),
                "because": _because(change, detail),
            }
        )
    return out


def _said(description: str, target: str) -> str:
    """Return the beginning of what a record says of a change, unless it names its target only."""
    said = " ".join(description.split())
    if said == " ".join(target.split()):
        return ""
    return said if len(said) <= _SAID_LETTERS else f"{said[: _SAID_LETTERS - 1].rstrip()}…"


def _because(change: Mapping[str, Any], detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    evidence = [item for item in change.get("evidence", []) if item["text"]]
    if change["verdict"] == "unrelated":  # what speaks for it did not suffice
        evidence = [item for item in evidence if item.get("log_odds", 0) < 0] or evidence
    texts = [(change["vetoed_because"], "")] if change["vetoed_because"] else []
    texts += [
        (words.unweighed(item["text"]), words.odds(item.get("log_odds"))) for item in evidence[:3]
    ]
    if detail.get("zone_assumed"):
        texts.append(("The record names no time zone: read as UTC.", ""))
    return texts


def _delta(given: Sequence[Mapping[str, Any]], affected: set[str]) -> dict[str, Any]:
    """Return the rows with most to see first: both sides, one side, none."""
    rows = sorted(given, key=lambda row: _STATES.get(row["state"], 1))
    shown = [
        {
            "claim": row["claim"],
            "expected": _side(row["expected"], row["actual"]),
            "actual": _side(row["actual"], row["expected"]),
            "state": terms.STATE.get(row["state"], row["state"]),
            "state_class": terms.css_class("state", row["state"]),
            "count": words.number(row["count"]),
            "services": words.listed(row["services"], 3),
            "instances": len(row["instances"]),
            "spared": len(set(row["instances"]) - affected) if affected else 0,
            "seen": words.span(row["first"], row["last"]),
            "hint": row["hint"] or "",
        }
        for row in rows[:_ROWS]
    ]
    is_hidden = any(row["state"] == "withheld" for row in rows[:_ROWS])
    return {"rows": shown, "more": max(0, len(rows) - _ROWS), "is_hidden": is_hidden}


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


def _lines(exemplars: Sequence[Mapping[str, Any]], day: str) -> dict[str, list[dict[str, Any]]]:
    """Return the first line of each kind, and apart those that say the same again."""
    shown: list[dict[str, Any]] = []
    more: list[dict[str, Any]] = []
    seen = set()
    for exemplar in exemplars:
        kind = (exemplar["reason"], _VARIABLE.sub("", exemplar["excerpt"]))
        is_new = kind not in seen and len(shown) < _KINDS_OF_LINES
        (shown if is_new else more).append(_exemplar(exemplar, day))
        seen.add(kind)
    few = [*shown, *more[: max(0, _LEAST_LINES - len(shown))]]
    return {"shown": few, "more": more[len(few) - len(shown) :]}


def _exemplar(exemplar: Mapping[str, Any], day: str) -> dict[str, Any]:
    line = exemplar["line"]
    return {
        "place": exemplar["source"] + (f":{line}" if line else ""),
        "clock": words.moment(exemplar["time"], day=day),
        "time": exemplar["time"],
        "who": exemplar["instance"] or exemplar["service"],
        "reason": exemplar["reason"],
        "excerpt": exemplar["excerpt"],
    }
