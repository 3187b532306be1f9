"""Rows of instances under the timeline: which of them rejected, and when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from logclass.render.difference import shared_start

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LISTED = 16
_LEVELS = 4
_HEIGHT, _PITCH = 11, 15
_HEX_NAME = re.compile(r"[0-9a-f]{24,}")
Groups = list[tuple[str, frozenset[str]]]  # title and instances, from the top down


class TimeAxis(Protocol):
    """The part of the figure's axis that rows need."""

    @property
    def left(self) -> float:
        """Where the plot begins."""

    @property
    def right(self) -> float:
        """Where it ends."""


def heat_rows(
    instances: Sequence[Mapping[str, Any]],
    factor: int,
    axis: TimeAxis,
    place: tuple[float, int],
    groups: Groups,
) -> dict[str, Any]:
    """Return the rows with one path per level of intensity, and where the last row ends.

    `place` is the y of the first row and the number of letters a name has room for. Rows of a
    group stand together under its title.
    """
    y, letters = place
    peak = max((_largest(row["counts"], factor) for row in instances), default=0)
    drawn = _most(instances)
    names = shorten([str(row["instance"]) for row in drawn], letters)
    rows: list[dict[str, Any]] = []
    titles: list[dict[str, Any]] = []
    for title, members in _grouped(drawn, groups):
        if title:
            titles.append({"text": title, "y": y + 10})
            y += _PITCH
        for index in members:
            counts = drawn[index]["counts"]
            steps = [sum(counts[i : i + factor]) for i in range(0, len(counts), factor)]
            rows.append({"name": names[index], "full": str(drawn[index]["instance"])})
            rows[-1] |= {"y": y, "text_y": y + 9, "count": sum(counts)}
            rows[-1]["levels"] = _levels(steps, peak, axis, y)
            y += _PITCH
    return {"rows": rows, "titles": titles, "bottom": y, "height": _HEIGHT}


def _grouped(drawn: Sequence[Mapping[str, Any]], groups: Groups) -> list[tuple[str, list[int]]]:
    """Return titles with places in `drawn`; one group without a title where there are not two."""
    out = [
        (title, [i for i, row in enumerate(drawn) if row["instance"] in members])
        for title, members in groups
    ]
    out = [(title, members) for title, members in out if members]
    if len(out) < 2:
        return [("", list(range(len(drawn))))]
    known = {index for _, members in out for index in members}
    rest = [index for index in range(len(drawn)) if index not in known]
    return out + ([("others", rest)] if rest else [])


def _most(instances: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows with most rejections, in the order given."""
    ranked = sorted(range(len(instances)), key=lambda i: -sum(instances[i]["counts"]))
    return [instances[i] for i in sorted(ranked[:LISTED])]


def brief(name: str) -> str:
    """Return a container's id as it is usually shown, any other name as it is."""
    return f"{name[:12]}…" if _HEX_NAME.fullmatch(name) else name


def shorten(names: Sequence[str], letters: int) -> list[str]:
    """Return names of at most `letters` letters: what they share at either end is cut first."""
    names = [brief(name) for name in names]
    head = shared_start(names) if len(names) > 1 else 0
    tail = shared_start([name[head:][::-1] for name in names]) if len(names) > 1 else 0
    return [_shorten(name, letters, head, tail) for name in names]


def _shorten(name: str, letters: int, head: int, tail: int) -> str:
    if len(name) <= letters:
        return name
    if name.endswith("…"):
        return name[: letters - 1] + "…"
    shared = name[:head]
    start = max((shared.rfind(mark) + 1 for mark in "-./_:"), default=0)
    own = name[start : len(name) - tail] or name
    if len(own) < letters:
        return f"…{own}"
    return f"…{own[: letters // 3]}…{own[-(letters - 2 - letters // 3) :]}"


def _largest(counts: Sequence[int], factor: int) -> int:
    return max((sum(counts[i : i + factor]) for i in range(0, len(counts), factor)), default=0)


def _levels(steps: list[int], peak: int, axis: TimeAxis, y: float) -> list[dict[str, Any]]:
    width = (axis.right - axis.left) / max(1, len(steps))
    paths: dict[int, list[str]] = {level: [] for level in range(1, _LEVELS + 1)}
    start = 0
    grades = [_level(count, peak) for count in steps]
    for index in range(1, len(grades) + 1):
        if index == len(grades) or grades[index] != grades[start]:
            if grades[start]:
                x, end = axis.left + start * width, axis.left + index * width
                paths[grades[start]].append(f"M{x:.1f} {y:g}H{end:.1f}v{_HEIGHT}H{x:.1f}z")
            start = index
    return [{"level": level, "path": "".join(path)} for level, path in paths.items()]


def _level(count: int, peak: int) -> int:
    return 0 if not count else min(_LEVELS, 1 + int((_LEVELS * (count - 1)) / max(1, peak)))
