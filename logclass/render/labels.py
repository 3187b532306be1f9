"""Labels of vertical marks, placed so that no label meets another label or a mark's line."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

LANES = 5
_GAP = 6.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line at `x`, the widths its label may have, best first; `rank` 0 goes first.

    Without a width it has no label, and its line does not reach the lanes.
    """

    x: float
    widths: tuple[float, ...]
    rank: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a label stands: which of its widths, its lane from the top, and on which side."""

    choice: int
    lane: int
    left: bool
    start: float
    end: float


def place(marks: list[Mark], right_edge: float, left_edge: float = 0.0) -> list[Place | None]:
    """Return a place for each mark, in order; None where there is no room in LANES lanes."""
    places: list[Place | None] = [None] * len(marks)
    wanted = [i for i, mark in enumerate(marks) if mark.widths]
    for index in sorted(wanted, key=lambda i: (marks[i].rank, marks[i].x, i)):
        taken = [(marks[i].x, spot) for i, spot in enumerate(places) if spot]
        places[index] = _first_free(marks[index], taken, (left_edge, right_edge))
    return places


def _first_free(
    mark: Mark, taken: list[tuple[float, Place]], edges: tuple[float, float]
) -> Place | None:
    for choice, lane, left in product(range(len(mark.widths)), range(LANES), (False, True)):
        width = mark.widths[choice]
        start = mark.x - _GAP - width if left else mark.x + _GAP
        spot = Place(choice, lane, left, start, start + width)
        inside = edges[0] <= spot.start and spot.end <= edges[1]
        if inside and not any(_meet(mark.x, spot, x, other) for x, other in taken):
            return spot
    return None


def _meet(x: float, spot: Place, other_x: float, other: Place) -> bool:
    if spot.lane == other.lane and spot.start < other.end + _GAP and other.start < spot.end + _GAP:
        return True
    # a line runs from its label down through every lane below
    own_line_hits = spot.lane <= other.lane and other.start - 2 <= x <= other.end + 2
    other_line_hits = other.lane <= spot.lane and spot.start - 2 <= other_x <= spot.end + 2
    return own_line_hits or other_line_hits
