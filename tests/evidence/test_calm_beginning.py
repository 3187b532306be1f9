"""What was not there for a while and is there ever since, however long that is, is new."""

import numpy as np
import pytest

from logclass.evidence.scan import scan, threshold

HOURS = 12


def counts(per_minute, seed=3):
    return np.random.default_rng(seed).poisson(per_minute).astype(float)


@pytest.mark.parametrize("calm", [60, 130, 240])
def test_failures_for_most_of_the_data_that_began_after_its_start_stand_out(calm):
    minutes = 60 * HOURS
    rate = np.where(np.arange(minutes) < calm, 0.004, 0.8)
    window, base = scan(counts(rate), np.full(minutes, 20.0))
    assert window.score > threshold(minutes, 10)
    assert abs(window.start - calm) <= 10
    assert base.rate * 20 < 0.1


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("rate", [0.4, 0.8, 3.0])
def test_failures_all_along_do_not(rate, seed):
    minutes = 60 * HOURS
    window, _ = scan(counts(np.full(minutes, rate), seed), np.full(minutes, 20.0))
    assert window.score < threshold(minutes, 10)


def test_many_failures_in_the_busier_half_of_the_data_stand_out():
    """Twelve times as many fail as before, and four times as many lines are logged meanwhile."""
    rng = np.random.default_rng(5)
    minutes = np.arange(270)
    is_late = minutes >= 129
    x = rng.poisson(np.where(is_late, 5.6, 0.45)).astype(float)
    e = np.where(is_late, np.where(minutes < 200, 20.0, 9.0), 4.5) + x
    window, base = scan(x, e)
    assert window.score > threshold(270, 13)
    assert abs(window.start - 129) <= 5
    assert base.rate < 0.15
