"""The document as the page shows it, outside the incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logclass.render import chart, incident, terms, words
from logclass.residue import stub

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ROWS = 16


def view(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the templates need."""
    window, intake = document["window"], document["intake"]
    incidents = [incident.view(one, i, document) for i, one in enumerate(document["incidents"], 1)]
    day = words.date(window["start"])
    changes = _changes(document, day)
    return {
        "title": _title(document),
        "tool": document["tool"],
        "schema_version": document["schema_version"],
        "command": document["command"],
        "timezone_assumed": document["timezone_assumed"],
        "day": day,
        "window": words.span(window["start"], window["end"]),
        "window_length": _length(window),
        "incidents": incidents,
        "quiet": None if incidents else _quiet(document, changes),
        "counts": _counts(document),
        "echoes": [
            {
                "service": row["service"],
                "kind": terms.ECHO.get(row["kind"], row["kind"]),
                "count": words.number(row["count"]),
            }
            for row in document["echoes"][:_ROWS]
        ],
        "intake": _intake(intake, day),
        "sampled": words.sampled(intake),
        "accepted_sampled": words.accepted_sampled(intake),
        "faults": _first([row for row in document.get("faults", []) if row["count"]]),
        "assumptions": _first(
            [(row["name"], one) for row in intake["sources"] for one in row.get("assumptions", ())]
        ),
        "signs": _first(_signs(document, day)),
        "unclassified": _unclassified(document["unclassified"]),
        "contract": _contract(document.get("contract")),
        "changes_count": len(document["changes"]),
        "all_changes": _first(changes),
    }


def _title(document: Mapping[str, Any]) -> str:
    incidents = document["incidents"]
    return incidents[0]["headline"] if incidents else "No incident"


def _length(window: Mapping[str, Any]) -> str:
    start, end = words.seconds_of(window["start"]), words.seconds_of(window["end"])
    return "" if start is None or end is None else words.duration(end - start)


def _quiet(document: Mapping[str, Any], changes: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "smallest_visible": (document.get("quiet") or {}).get("smallest_visible", ""),
        "can_tell": (document.get("quiet") or {}).get("can_tell", True),
        "timeline": chart.view({"timeline": document.get("timeline")}, changes, 0),
    }


def _counts(document: Mapping[str, Any]) -> dict[str, Any]:
    rows = document["counts"]
    own = {
        (service, reason["reason"])
        for one in document["incidents"]
        for service in one["services"]
        for reason in one["reasons"]
    }
    largest = max((row["count"] for row in rows), default=0)
    left = rows[_ROWS:] if len(rows) > _ROWS + 1 else []
    shown = rows[: len(rows) - len(left)]
    return {
        "rows": [
            {
                "service": row["service"] or "(not named)",
                "reason": row["reason"],
                "meaning": terms.meaning(row["reason"]),
                "count": words.number(row["count"]),
                "style": "c1" if (row["service"], row["reason"]) in own else "g1",
                "is_own": (row["service"], row["reason"]) in own,
                "bar": round(100 * row["count"] / largest, 2) if largest else 0,
            }
            for row in shown
        ],
        "more": len(left),
        "more_count": words.number(sum(row["count"] for row in left)),
        "total": words.number(sum(row["count"] for row in rows)),
        "inside": [words.number(one.get("rejections")) for one in document["incidents"]],
    }


def _intake(intake: Mapping[str, Any], day: str) -> dict[str, Any]:
    sources = intake["sources"]
    shown = sources if len(sources) <= _ROWS + 1 else sources[:_ROWS]
    return {
        "rows": [
            {
                "name": row["name"],
                "format": row["format"],
                "size": words.size(row["bytes"]),
                "events": words.number(row["events"]),
                "candidates": words.number(row.get("candidates")),
                "rejections": words.number(row["rejections"]),
                "faults": row["faults"],
                "seen": _seen(row, day),
                "sha256": row["sha256"],
            }
            for row in shown
        ],
        "more": len(sources) - len(shown),
        "sources": len(sources),
        "bytes": words.size(sum(row["bytes"] for row in sources)),
        "events": words.plural(intake["events"], "event"),
        "rejections": words.number(intake["rejections"]),
        "unclassified": intake["unclassified"],
        "faults": intake["faults"],
    }


def _signs(document: Mapping[str, Any], day: str) -> list[tuple[str, str]]:
    """Return what says that something is missing, with the source that says it."""
    sources = document["intake"]["sources"]
    told = {row["name"] for row in sources}
    return [
        (row["name"], sign)
        for row in sources
        for sign in (*row.get("truncation", ()), *_gaps(row, day))
    ] + [
        (row["source"], row["detail"])
        for row in document.get("faults", [])
        if not row["count"] and row["source"] not in told
    ]


def _gaps(row: Mapping[str, Any], day: str) -> list[str]:
    return [
        f"no lines from {words.moment(gap['start'], day=day)} to {words.clock(gap['end'])}, "
        f"{words.plural(gap['minutes'], 'minute')} in which other sources have some"
        for gap in row.get("gaps", ())
    ]


def _seen(row: Mapping[str, Any], day: str) -> str:
    if words.date(row["first"]) in ("", day):
        return words.span(row["first"], row["last"])
    return f"{words.date(row['first'])} {words.span(row['first'], row['last'])}"


def _first(rows: Sequence[object]) -> dict[str, Any]:
    shown = rows if len(rows) <= _ROWS + 1 else rows[:_ROWS]
    return {"rows": shown, "more": len(rows) - len(shown)}


def _unclassified(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    first = _first(rows)
    shown = [{**row, "stub": stub(row["exemplar"])} for row in first["rows"]]
    return {"rows": shown, "more": first["more"]}


def _contract(contract: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not contract:
        return None
    url = contract.get("runbook_url") or ""
    return {
        "source": contract.get("source") or "",
        "rows": [
            (name, ", ".join(contract[key]))
            for name, key in (("iss", "iss"), ("aud", "aud"), ("alg", "algorithms"), ("kid", "kid"))
            if contract.get(key)
        ],
        "leeway": contract.get("leeway_seconds"),
        "services": contract.get("services") or [],
        "url": url,
        # anything else (javascript:, data:) is shown as text
        "is_link": url.startswith(("https://", "http://")),
    }


def _changes(document: Mapping[str, Any], day: str) -> list[dict[str, Any]]:
    return [
        {
            "letter": chart.letter(index),
            "id": row["id"],
            "time": row["time"],
            "end": row.get("end"),
            "clock": words.moment(row["time"], day=day),
            "kind": terms.KIND.get(row["kind"], row["kind"]),
            "target": row["target"],
            "verdict": "unrelated",
            "verdict_class": "unrelated",
        }
        for index, row in enumerate(document["changes"])
    ]
