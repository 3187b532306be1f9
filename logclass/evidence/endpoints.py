"""Where the values of a sample end, from the largest of them.

A clock that is ahead by d refuses tokens up to d past their end and none that are older: the end of
what was refused is the clock's offset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from logclass.evidence.scan import Array

NEAR = 5  # values that are near the end
MISSED = 0.05


class End(NamedTuple):
    """An end with its 95 % interval."""

    low: float
    likely: float
    high: float

    def plus(self, other: End) -> End:
        """Return the sum of two ends; each interval reaches as far as both may."""
        return End(self.low + other.low, self.likely + other.likely, self.high + other.high)


def upper_end(values: Array) -> End:
    """Return the end that the largest of two or more values come near to.

    Just below its end a density is about level, whatever it is elsewhere: then the largest value
    lies between its j-th neighbour and the end as the maximum of j uniform ones does (with j = 1
    Robson and Whitlock, Biometrika 1964).
    """
    sample = np.sort(values)
    near = min(NEAR, len(sample) - 1)
    top = float(sample[-1])
    step = top - float(sample[-1 - near])
    return End(top, top + step / near, top + step * (MISSED ** (-1 / near) - 1))


def lower_end(values: Array) -> End:
    """Return the end that the smallest of two or more values come near to."""
    near, likely, far = upper_end(-values)
    return End(-far, -likely, -near)
