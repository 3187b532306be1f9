"""Round numbers and times for the axes of the timeline."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from logclass.render.timeline import Axis

STEPS = (60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 604800)  # seconds


def nice(value: float) -> int:
    """Return the least of 1, 2, 5, 10, 20, ... that is not below `value`."""
    power = 10 ** math.floor(math.log10(max(value, 1)))
    return next(int(m * power) for m in (1, 2, 5, 10) if m * power >= value)


def on_time(axis: Axis, apart: int) -> list[dict[str, Any]]:
    """Return places and words of round times, at least `apart` units from each other."""
    room = max(2.0, (axis.right - axis.left) / apart)
    least = (axis.end - axis.start) / room
    step = next((s for s in STEPS if s >= least), math.ceil(least / 604800) * 604800)
    first = math.ceil(axis.start / step) * step
    out = []
    for index in range(int((axis.end - first) // step) + 1):
        moment = datetime.fromtimestamp(first + index * step, UTC)
        midnight = moment.hour == moment.minute == 0
        text = moment.strftime("%m-%d" if step >= 86400 or midnight else "%H:%M")
        out.append({"x": axis.x(first + index * step), "text": text})
    return out
