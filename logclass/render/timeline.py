"""The timeline figure: geometry of an inline SVG, drawn once for each of three page widths.

A scaled-down drawing has letters too small to read on a phone, so each width has its own
geometry and the style sheet shows one of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from logclass.render import marks, ticks, words
from logclass.render.rows import Groups, heat_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WIDEST_BAR = 48.0
_COLOURS, _GREYS = 6, 3  # the style sheet has as many


class Layout(NamedTuple):
    """One page width: all in SVG units, which are pixels at that width."""

    name: str
    width: int
    plot_height: int
    gutter: int
    bar: float
    letter: float  # width of a letter of a label
    label_letters: int
    heat_gutter: int


LAYOUTS = (
    Layout("wide", 1040, 210, 44, 3.0, 6.9, 34, 150),
    Layout("middle", 680, 190, 40, 3.0, 6.9, 16, 130),
    Layout("narrow", 360, 170, 34, 3.0, 6.9, 1, 96),
)


@dataclass(frozen=True, slots=True)
class Axis:
    """Time to x, count to y."""

    start: float
    end: float
    left: float
    right: float
    top: float
    bottom: float
    peak: float

    def x(self, time: float) -> float:
        """Return the place of a time, kept inside the plot."""
        share = (time - self.start) / (self.end - self.start)
        return round(self.left + min(1.0, max(0.0, share)) * (self.right - self.left), 2)

    def y(self, count: float) -> float:
        """Return the height of a count."""
        return round(self.bottom - (self.bottom - self.top) * count / self.peak, 2)


class Series(NamedTuple):
    """One reason: its style and its counts."""

    reason: str
    style: str
    counts: list[int]


def ordered(timeline: Mapping[str, Any], own: Sequence[str]) -> list[Series]:
    """Return the series from the bottom up: the usual background in grey, then the incident's."""
    given = [(str(s["reason"]), list(s["counts"])) for s in timeline["series"]]
    mine = sorted((s for s in given if s[0] in own), key=lambda s: own.index(s[0]))
    background = [s for s in given if s[0] not in own]
    grey = _styled(background, "g", _GREYS, "other background")
    colour = _styled(mine, "c", _COLOURS, "other reasons of the incident")
    return grey + colour


def _styled(
    series: list[tuple[str, list[int]]], letter: str, limit: int, rest: str
) -> list[Series]:
    shown, left = (
        (series, []) if len(series) <= limit else (series[: limit - 1], series[limit - 1 :])
    )
    out = [Series(reason, f"{letter}{i}", counts) for i, (reason, counts) in enumerate(shown, 1)]
    if left:
        counts = [sum(step) for step in zip(*(counts for _, counts in left), strict=True)]
        out.append(Series(f"{rest} ({len(left)})", f"{letter}{limit}", counts))
    return out


def widen(counts: Sequence[int], factor: int) -> list[int]:
    """Return counts of steps `factor` times as long."""
    return [sum(counts[i : i + factor]) for i in range(0, len(counts), factor)]


def step_factor(points: int, step_seconds: int, most: int) -> int:
    """Return by how much to lengthen the step so that at most `most` steps are left."""
    least = math.ceil(points / max(1, most))
    for step in ticks.STEPS:
        if step % step_seconds == 0 and step // step_seconds >= least:
            return step // step_seconds
    return least


class _Picture(NamedTuple):
    """What every layout draws."""

    start: float  # seconds since the epoch
    step_seconds: int
    series: list[Series]
    events: Sequence[marks.Event]
    instances: Sequence[Mapping[str, Any]]  # rows of the timeline
    groups: Groups
    baseline_per_minute: float | None


def figures(
    timeline: Mapping[str, Any],
    own: Sequence[str],
    events: Sequence[marks.Event],
    baseline_per_minute: float | None,
    groups: Groups,
) -> list[dict[str, Any]]:
    """Return one drawing per layout, as the template wants it; none where there is no series.

    own: the incident's reasons. groups: which instances belong together.
    """
    start = words.seconds_of(timeline.get("start"))
    series = ordered(timeline, own)
    if start is None or not series or not series[0].counts:
        return []
    picture = _Picture(
        start,
        timeline["step_seconds"],
        series,
        events,
        timeline.get("instances") or [],
        groups,
        baseline_per_minute,
    )
    return [_figure(layout, picture) for layout in LAYOUTS]


def _figure(layout: Layout, picture: _Picture) -> dict[str, Any]:
    left, right = _sides(layout, picture)
    bars = int((right - left) / layout.bar)
    factor = step_factor(len(picture.series[0].counts), picture.step_seconds, bars)
    step = picture.step_seconds * factor
    series = [one._replace(counts=widen(one.counts, factor)) for one in picture.series]
    end = picture.start + step * len(series[0].counts)
    # where the plot begins depends on how many lanes the labels above it take
    flat = Axis(picture.start, end, left, right, 0, 0, 1)
    events = [one for one in picture.events if picture.start <= one.time <= end]
    placed = marks.placed(layout, flat, events)
    top = 8 + marks.LANE_HEIGHT * (1 + max([0, *(mark["lane"] for mark in placed)]))
    peak = max(1, *(sum(column) for column in zip(*(s.counts for s in series), strict=True)))
    tick = ticks.nice(peak / 3)
    axis = replace(
        flat, top=top, bottom=top + layout.plot_height, peak=tick * math.ceil(peak / tick)
    )
    room = int((left - 10) / layout.letter)
    heat = heat_rows(picture.instances, factor, axis, (axis.bottom + 34, room), picture.groups)
    has_room = left > marks.UNIT_WIDTH  # for the unit of the axis beside it
    return {
        "name": layout.name,
        "width": layout.width,
        "height": (heat["bottom"] + 6) if heat["rows"] else axis.bottom + 26,
        "axis": axis,
        "unit_x": left - 8 if has_room else 0,
        "unit_anchor": "end" if has_room else "start",
        "step_text": words.duration(step).removeprefix("1 "),
        "bars": _bars(axis, series, step),
        "hover": _hover(axis, series, step) if layout.name == "wide" else [],
        "x_ticks": ticks.on_time(axis, 78 if layout.name != "narrow" else 62),
        "y_ticks": _y_ticks(axis, tick),
        "baseline": _baseline(axis, picture.baseline_per_minute, step),
        "marks": marks.drawn(placed, axis),
        "heat": heat,
    }


def _sides(layout: Layout, picture: _Picture) -> tuple[float, float]:
    """Return the left and the right end of the plot: names of instances stand on the left."""
    longest = max((len(str(row["instance"])) for row in picture.instances), default=0)
    left = min(max(layout.gutter, int(longest * layout.letter) + 14), layout.heat_gutter)
    return left, layout.width - 18


def _y_ticks(axis: Axis, tick: int) -> list[dict[str, Any]]:
    counts = [number * tick for number in range(round(axis.peak / tick) + 1)]
    return [{"y": axis.y(count), "text": words.short(count)} for count in counts]


def _baseline(axis: Axis, per_minute: float | None, step: float) -> float | None:
    """Return the height of the usual rate; None where it is zero, unknown or above the plot."""
    count = 0.0 if per_minute is None else per_minute * step / 60
    return axis.y(count) if 0 < count < axis.peak else None


def _bars(axis: Axis, series: list[Series], step: float) -> list[dict[str, Any]]:
    floor = [0] * len(series[0].counts)
    out = []
    for one in series:
        path = []
        for index, count in enumerate(one.counts):
            if count:
                low, floor[index] = floor[index], floor[index] + count
                path.append(_bar(axis, axis.start + index * step, step, (low, floor[index])))
        out.append({"style": one.style, "path": "".join(path)})
    return out


def _bar(axis: Axis, time: float, step: float, counts: tuple[int, int]) -> str:
    x, end = axis.x(time), axis.x(time + step)
    end = min(end, x + _WIDEST_BAR)
    gap = 0.5 if end - x > 2 else 0.0
    low, high = axis.y(counts[0]), axis.y(counts[1])
    return f"M{x:g} {low:g}V{high:g}H{round(end - gap, 2):g}V{low:g}z"


def _hover(axis: Axis, series: list[Series], step: float) -> list[dict[str, Any]]:
    out = []
    for index in range(len(series[0].counts)):
        parts = [f"{s.reason} {s.counts[index]:,}" for s in series[::-1] if s.counts[index]]
        if parts:
            time = axis.start + index * step
            clock = datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M")
            width = round(axis.x(time + step) - axis.x(time), 2)
            text = f"{clock} UTC: {', '.join(parts)}"
            out.append({"x": axis.x(time), "width": width, "text": text})
    return out
