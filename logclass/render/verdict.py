"""The first box of an incident: when, how many, why, what to do, where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logclass.render import chart, rows, terms, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_OF_NOTE = 2
_WORTH_NAMING = 0.05  # probability


def numbers(
    incident: Mapping[str, Any], total: int, day: str, data_end: object
) -> list[dict[str, str]]:
    """Return onset, recovery and count: a value, what it is a value of, and how sure it is."""
    return [_onset(incident, day), _recovery(incident, day, data_end), _rejected(incident, total)]


def _onset(incident: Mapping[str, Any], day: str) -> dict[str, str]:
    onset, interval = incident["onset"], incident["onset_interval"]
    is_censored = incident.get("onset_censored", False)
    within = "the data begins inside the incident" if is_censored else words.between(interval)
    return {
        "label": "Onset",
        "value": ("before " if is_censored else "") + words.point(onset, interval, day=day),
        "note": f"{day} UTC",
        "time": onset,
        "detail": within,
    }


def _recovery(incident: Mapping[str, Any], day: str, data_end: object) -> dict[str, str]:
    recovery, interval = incident["recovery"], incident.get("recovery_interval")
    if not recovery:
        return {
            "label": "Recovery",
            "value": "not yet",
            "note": "still failing when the data ends",
            "time": "",
            "detail": f"at {words.moment(data_end, day=day)}" if data_end else "",
        }
    return {
        "label": "Recovery",
        "value": words.point(recovery, interval, day=day),
        "note": f"after {words.lasted(incident['onset'], recovery, interval)}",
        "time": recovery,
        "detail": words.between(interval),
    }


def _rejected(incident: Mapping[str, Any], total: int) -> dict[str, str]:
    baseline = incident.get("baseline_per_minute")
    return {
        "label": "Rejected requests",
        "value": words.number(total),
        "note": f"peak {words.number(incident['peak_per_minute'])} a minute",
        "time": "",
        "detail": "" if baseline is None else f"usually {words.usual(baseline)}",
    }


def facts(
    incident: Mapping[str, Any],
    changes: list[dict[str, Any]],
    number: int,
) -> dict[str, Any]:
    """Return what the first box says below the numbers. changes: those the page lists."""
    causes = incident["causes"]
    linked = [
        {**change, "href": f"#change-{number}-{row}"} for row, change in enumerate(changes, 1)
    ]
    causing = next((one for one in linked if one["verdict"] == "caused"), None)
    return {
        "nearest": nearest(incident),
        "because": because(incident),
        "fitting": next((one for one in linked if one["verdict"] == "consistent"), None),
        "suspected": _suspected(causes, linked),
        "needs_change": bool(causes) and causes[0]["cause"] != "hostile_probe",
        "services": words.listed(incident["services"], 6),
        "instances_tally": _tally(incident),
        "instances": _instances(incident),
        "reasons": words.listed([r["reason"] for r in incident["reasons"]], 4),
        "reason_counts": [words.number(r["count"]) for r in incident["reasons"]],
        "meaning": terms.meaning(incident["reasons"][0]["reason"])
        if len(incident["reasons"]) == 1
        else "",
        "caused_by": causing,
        "first_step": first_step(incident),
    }


def _suspected(
    causes: Sequence[Mapping[str, Any]], changes: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    """Return the change that the first cause would be due to, where it could have been."""
    named = causes[0].get("change_id") if causes else None
    return next(
        (one for one in changes if named and one["id"] == named and one["verdict"] != "vetoed"),
        None,
    )


def because(incident: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the strongest evidence; the change and the reasons have lines of their own."""
    if not incident["causes"]:
        return {"for": [], "against": []}
    cause = incident["causes"][0]
    kinds = {item["text"]: item["kind"] for item in cause.get("evidence", [])}
    has_change = any(change["verdict"] == "caused" for change in incident["changes"])
    has_change = has_change or _suspected(incident["causes"], incident["changes"]) is not None
    elsewhere = {"kind", "change"} if has_change else {"kind"}
    told = [text for text in cause["for"] if kinds.get(text) not in elsewhere]
    return {"for": (told or cause["for"][:1])[:_OF_NOTE], "against": cause["against"][:1]}


def nearest(incident: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the next causes with a share worth naming, where the first is not near certain."""
    first, *others = incident["causes"] or [{"grade": "confirmed"}]
    if first["grade"] in {"confirmed", "likely"}:
        return []
    return [
        {
            "title": terms.cause_title(one["cause"]).lower(),
            "percent": words.percent(one["probability"]),
        }
        for one in others
        if one["probability"] >= _WORTH_NAMING
    ][:_OF_NOTE]


def first_step(incident: Mapping[str, Any]) -> dict[str, str]:
    """Return what to do first: stop it, or see that it is over where the rate is back."""
    step, label = ("verify", "Check that") if incident["recovery"] else ("stop", "Do first")
    return {"label": label, "text": next(iter(incident["runbook"].get(step) or []), "")}


def _tally(incident: Mapping[str, Any]) -> str:
    failing = len(incident["instances"])
    every = (incident.get("timeline") or {}).get("instances_total", 0)
    if failing < 2 and failing >= every:
        return ""
    if failing == every:
        return f"all {failing}"
    return f"{failing} of {every} affected" if failing < every else f"{failing} affected"


def _instances(incident: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the instances to name: those that stand out, or old and new ones apart."""
    groups = chart.classes(incident)
    if (incident.get("split") or {}).get("by") != "release" or not groups:
        return [_chips("", incident["instances"], set(), 6)] if incident["instances"] else []
    out = set(incident["instances"])
    return [
        _chips(
            f"{one['title']}: {words.plural(len(one['instances']), 'instance')} seen",
            sorted(one["instances"], key=lambda name: name not in out),
            out,
            4,
        )
        for one in groups
    ]


def _chips(title: str, names: Sequence[str], framed: set[str], limit: int) -> dict[str, Any]:
    shown, more = words.listed(names, limit)
    chips = [(rows.brief(name), name, name in framed) for name in shown]
    return {"title": title, "names": chips, "more": more}
