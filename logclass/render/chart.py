"""The timeline section: drawings, legend, marks and the numbers behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logclass.render import panels, words
from logclass.render.marks import Event
from logclass.render.rows import LISTED
from logclass.render.timeline import figures, ordered, step_factor, widen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TABLE_STEPS = 60
LISTED_CHANGES = 12  # rows of the table that the marks lead to
_CLASSES = {"release": ["old", "new"], "instance": ["failing", "others"]}
_RANK = {"caused": 1, "consistent": 2, "vetoed": 3, "unrelated": 4}


def letter(index: int) -> str:
    """Return the mark that joins a row of a table to its line in the chart."""
    return _LETTERS[index] if index < len(_LETTERS) else ""


def view(
    incident: Mapping[str, Any], changes: list[dict[str, Any]], number: int
) -> dict[str, Any] | None:
    """Return the figure, its legend, its words and its numbers; None where there is no series."""
    given = incident.get("timeline")
    if not given:
        return None
    own = [reason["reason"] for reason in incident.get("reasons", [])]
    events = _events(incident, changes, number)
    groups = [(one["title"], frozenset(one["instances"])) for one in classes(incident)]
    drawings = figures(given, own, events, incident.get("baseline_per_minute"), groups)
    if not drawings:
        return None
    # the incident's reasons first, the most frequent first, then the background
    series = sorted(ordered(given, own), key=lambda one: one.style)
    first = words.seconds_of(given["start"]) or 0.0
    end = first + given["step_seconds"] * len(series[0].counts)
    return {
        "key": f"t{number}",
        "drawings": drawings,
        "legend": [
            {"style": s.style, "reason": s.reason, "count": words.number(sum(s.counts))}
            for s in series
        ],
        "peak": max(sum(c) for c in zip(*(s.counts for s in series), strict=True)),
        "span": _span(first, end),
        "usual": words.usual(incident.get("baseline_per_minute")),
        "services": words.enumerated(incident.get("services", []), 4),
        "undrawn": _undrawn(changes, first, end),
        "step_text": words.duration(given["step_seconds"]),
        "bands": any(mark["band"] for mark in drawings[0]["marks"] if not mark["href"]),
        "marks": any(mark["href"] for mark in drawings[0]["marks"]),
        "has_instances": bool(given.get("instances")),
        "instances_more": max(0, given.get("instances_total", 0) - LISTED),
        "table": _numbers_table(series, first, given["step_seconds"]),
    }


def _undrawn(changes: list[dict[str, Any]], first: float, end: float) -> str:
    """Return the letters of listed changes that came before or after what is drawn."""
    letters = [
        change["letter"]
        for change in changes[:LISTED_CHANGES]
        if change["letter"] and not first <= (words.seconds_of(change["time"]) or first) <= end
    ]
    if not letters:
        return ""
    is_run = ord(letters[-1]) - ord(letters[0]) == len(letters) - 1 > 1
    named = f"{letters[0]} to {letters[-1]}" if is_run else ", ".join(letters)
    return f"{named} {'is' if len(letters) == 1 else 'are'}"


def _span(first: float, end: float) -> str:
    """Return the stretch that is drawn, with dates where it is not of one day."""
    start, stop = panels.utc_minute(first), panels.utc_minute(end)
    if start[:10] == stop[:10]:
        start, stop = start[11:], stop[11:]
    return f"{start} to {stop} UTC"


def classes(incident: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the classes of a split fleet with a title each; none where the fleet agrees."""
    split = incident.get("split") or {}
    given = split.get("classes") or []
    titles = _CLASSES.get(str(split.get("by")), [])
    if len(given) != len(titles) or not all(one.get("instances") for one in given):
        return []
    return [
        {"title": title, "instances": list(one["instances"])}
        for title, one in zip(titles, given, strict=True)
    ]


def _numbers_table(series: Sequence[Any], first: float, step_seconds: int) -> dict[str, Any]:
    factor = step_factor(len(series[0].counts), step_seconds, _TABLE_STEPS)
    columns = [widen(one.counts, factor) for one in series]
    rows = []
    for index, counts in enumerate(zip(*columns, strict=True)):
        time = panels.utc_minute(first + index * factor * step_seconds)
        rows.append((time, [words.number(count) for count in counts]))
    return {
        "columns": [one.reason for one in series],
        "rows": rows,
        "step_text": words.duration(factor * step_seconds),
    }


def _events(incident: Mapping[str, Any], changes: list[dict[str, Any]], number: int) -> list[Event]:
    events = []
    for name in ("onset", "recovery"):
        point = words.seconds_of(incident.get(name))
        if point is not None:
            interval = incident.get(f"{name}_interval") or (None, None)
            low, high = (words.seconds_of(edge) or point for edge in interval)
            at = words.point(incident[name], interval, day=words.date(incident[name]))
            events.append(Event(point, low, high, at, name, name, 0))
    for index, change in enumerate(changes, 1):
        start = words.seconds_of(change["time"])
        if start is not None:
            end = words.seconds_of(change["end"]) or start
            style = f"change {change['verdict_class']}"
            rank = _RANK.get(change["verdict"], 5)
            text = " ".join(
                part for part in (change["kind"].removesuffix(" change"), change["target"]) if part
            )
            href = f"#change-{number}-{index}" if index <= LISTED_CHANGES else ""
            events.append(Event(start, start, end, text, change["letter"], style, rank, href))
    return events
