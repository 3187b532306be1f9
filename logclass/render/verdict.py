"""The first box of an incident: when, how many, why, what to do, where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logclass.render import chart, rows, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_OF_NOTE = 2
_WORTH_NAMING = 0.05  # probability


def numbers(
    incident: Mapping[str, Any], total: int, day: str, data_end: object
) -> list[dict[str, str]]:
    """Return onset, recovery and count: a value, what it is a value of, and how sure it is."""
    onset, recovery = incident["onset"], incident["recovery"]
    interval = incident["onset_interval"]
    censored = incident.get("onset_censored", False)
    numbers = [
        {
            "label": "Onset",
            "value": ("before " if censored else "") + words.point(onset, interval, day=day),
            "note": f"{day} UTC",
            "time": onset,
            "detail": "the data begins inside the incident"
            if censored
            else words.between(interval),
        }
    ]
    if recovery:
        end = incident["recovery_interval"]
        numbers.append(
            {
                "label": "Recovery",
                "value": words.point(recovery, end, day=day),
                "note": f"after {words.lasted(onset, recovery, end)}",
                "time": recovery,
                "detail": words.between(end),
            }
        )
    else:
        numbers.append(
            {
                "label": "Recovery",
                "value": "not yet",
                "note": "still failing when the data ends",
                "time": "",
                "detail": f"at {words.moment(data_end, day=day)}" if data_end else "",
            }
        )
    baseline = incident.get("baseline_per_minute")
    numbers.append(
        {
            "label": "Rejected requests",
            "value": words.number(total),
            "note": f"peak {words.number(incident['peak_per_minute'])} a minute",
            "time": "",
            "detail": "" if baseline is None else f"usually {words.usual(baseline)}",
        }
    )
    return numbers


def facts(
    incident: Mapping[str, Any],
    changes: list[dict[str, Any]],
    causes: list[dict[str, Any]],
    number: int,
) -> dict[str, Any]:
    """Return what the first box says below the numbers. changes: those the page lists."""
    linked = [
        {**change, "href": f"#change-{number}-{row}"} for row, change in enumerate(changes, 1)
    ]
    causing = next((one for one in linked if one["verdict"] == "caused"), None)
    return {
        "nearest": _nearest(causes),
        "because": _because_of(causes, has_change=causing is not None),
        "fitting": next((one for one in linked if one["verdict"] == "consistent"), None),
        "needs_change": bool(causes) and causes[0]["code"] != "hostile_probe",
        "services": words.listed(incident["services"], 6),
        "instances_tally": _tally(incident),
        "instances": _instances(incident),
        "reasons": words.listed([r["reason"] for r in incident["reasons"]], 4),
        "reason_counts": [words.number(r["count"]) for r in incident["reasons"]],
        "caused_by": causing,
        "first_step": _first_step(incident),
    }


def _because_of(causes: list[dict[str, Any]], *, has_change: bool) -> dict[str, list[str]]:
    """Return the strongest evidence; the change and the reasons have lines of their own."""
    if not causes:
        return {"for": [], "against": []}
    elsewhere = {"kind", "change"} if has_change else {"kind"}
    told = [one for one in causes[0]["for"] if one["kind"] not in elsewhere]
    told = told or causes[0]["for"][:1]
    return {
        "for": [one["text"] for one in told[:_OF_NOTE]],
        "against": [one["text"] for one in causes[0]["against"][:1]],
    }


def _nearest(causes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the next causes with a share worth naming, where the first is not near certain."""
    if not causes or causes[0]["grade"] in {"confirmed", "likely"}:
        return []
    return [one for one in causes[1:] if one["share"] >= _WORTH_NAMING][:_OF_NOTE]


def _first_step(incident: Mapping[str, Any]) -> dict[str, str]:
    """Return what to do first: stop it, or see that it is over where the rate is back."""
    step, label = ("verify", "Check now") if incident["recovery"] else ("stop", "Do first")
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
