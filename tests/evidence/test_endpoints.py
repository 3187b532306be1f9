"""Where samples end."""

from __future__ import annotations

import numpy as np
import pytest

from logclass.evidence.endpoints import lower_end, upper_end

SIDES = {
    "level": lambda rng, n: rng.uniform(0, 1, n),
    "ramp": lambda rng, n: np.sqrt(rng.uniform(0, 1, n)),
}


@pytest.mark.parametrize("shape", ["level", "ramp"])
@pytest.mark.parametrize("number", [6, 40, 400])
def test_the_interval_holds_the_true_end(shape, number):
    rng = np.random.default_rng(5)
    found = [upper_end(SIDES[shape](rng, number)) for _ in range(400)]
    held = np.mean([one.low <= 1.0 <= one.high for one in found])
    assert held >= 0.93
    off = np.median([abs(one.likely - 1.0) for one in found])
    assert off <= 2.0 / number


def test_values_that_crowd_at_their_end_tell_it_closely():
    """Fresh tokens are used at once: most of those that a slow clock refuses are that young."""
    ages = np.concatenate([np.linspace(0.0, 0.5, 20), np.linspace(1.0, 3000.0, 60)])
    low, likely, high = upper_end(500.0 - ages)
    assert low == 500.0
    assert 500.0 <= likely <= high <= 500.2


def test_the_lower_end_mirrors_the_upper_one():
    sample = np.array([3.0, 4.0, 7.0, 9.0])
    up, down = upper_end(sample), lower_end(-sample)
    assert (down.low, down.likely, down.high) == (-up.high, -up.likely, -up.low)
