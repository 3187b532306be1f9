"""One incident as plain text to paste into a ticket or a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logclass.render import words

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLAIMS = 4
_LONGEST = 500  # characters of one line


def text(incident: Mapping[str, Any], shown: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """Return verdict, times, evidence, change, first step, place and claims, one a line.

    incident: of the document. shown: the same as the page shows it.
    """
    about = "about " if words.sampled(document["intake"]) else ""
    step = shown["facts"]["first_step"]
    lines = [
        _verdict(shown),
        _times(shown),
        _rejected(shown),
        *_because(shown),
        *_change(shown),
        *([f"{step['label']}: {step['text']}"] if step["text"] else []),
        *_where(shown),
        *(_claim(row, about) for row in incident["claim_delta"][:_CLAIMS]),
        f"From: {document['command']}",
    ]
    return "\n".join(_flat(line) for line in lines)


def _verdict(shown: Mapping[str, Any]) -> str:
    cause = shown["cause"]
    grade = (
        f"{cause['grade'].capitalize()}, probability {cause['percent']}"
        if cause
        else "Cause unknown"
    )
    return f"{shown['headline']} ({grade})"


def _times(shown: Mapping[str, Any]) -> str:
    onset, recovery, _ = shown["figures_of_note"]
    ends = f"recovery {recovery['value']}" if recovery["time"] else "still failing"
    parts = [onset["note"].removesuffix(" UTC"), f"onset {onset['value']}, {ends}"]
    note = f" ({recovery['note']})" if recovery["time"] else ""
    return " ".join(parts) + f" UTC{note}"


def _rejected(shown: Mapping[str, Any]) -> str:
    count = shown["figures_of_note"][2]
    notes = ", ".join(note for note in (count["note"], count["detail"]) if note)
    return f"Rejected: {count['value']} requests, {notes}: {_names(shown['facts']['reasons'])}"


def _change(shown: Mapping[str, Any]) -> list[str]:
    facts = shown["facts"]
    change = facts["caused_by"] or facts["fitting"] or facts["suspected"]
    if not change or not facts["needs_change"]:
        return []
    version = f" to {change['version_brief']}" if change["version"] else ""
    what = f"{change['kind']} of {change['target']}{version} at {change['clock']} UTC"
    sure = "" if facts["caused_by"] else "not proven; nearest on record: "
    return [f"Caused by: {sure}{what}, {change['lag']} (record {change['id']})"]


def _where(shown: Mapping[str, Any]) -> list[str]:
    facts = shown["facts"]
    tally = f"; instances: {facts['instances_tally']}" if facts["instances_tally"] else ""
    return [f"Where: {_names(facts['services'])}{tally}"] + [
        f"  {group['title']}{': ' if group['title'] else ''}{_chips(group)}"
        for group in facts["instances"]
    ]


def _because(shown: Mapping[str, Any]) -> list[str]:
    because = shown["facts"]["because"]
    nearest = [f"{one['title']} {one['percent']}" for one in shown["facts"]["nearest"]]
    return [
        *(f"Because: {line}" for line in because["for"]),
        *(f"Against it: {line}" for line in because["against"]),
        *([f"Or else: {', '.join(nearest)}"] if nearest else []),
    ]


def _names(names: tuple[list[str], int]) -> str:
    shown, more = names
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _chips(group: Mapping[str, Any]) -> str:
    return _names(([name for name, _, _ in group["names"]], group["more"]))


def _claim(row: Mapping[str, Any], about: str) -> str:
    sides = [" or ".join(row[side][:2]) or "not logged" for side in ("expected", "actual")]
    count = about + words.number(row["count"])
    if not (row["expected"] or row["actual"] or row["state"] == "missing"):
        return f"Claim {row['claim']}: not in the log ({count})"
    return f"Claim {row['claim']}: expected {sides[0]}, actual {sides[1]} ({count})"


def _flat(line: str) -> str:
    indent = "  " if line.startswith("  ") else ""
    flat = indent + " ".join(line.split())
    return flat if len(flat) <= _LONGEST else flat[:_LONGEST] + "…"
