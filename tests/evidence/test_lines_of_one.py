"""A rejection may leave a whole trace, line by line: it is one request all the same."""

import numpy as np
import pytest

from logclass.evidence.series import counted_once, lines_of_one

MINUTES = 300


def traffic(seed, share, lines, per_minute=15.0):
    rng = np.random.default_rng(seed)
    requests = rng.poisson(per_minute, MINUTES).astype(float)
    rejected = rng.binomial(requests.astype(int), share).astype(float)
    return requests, requests + (lines - 1) * rejected, rejected


@pytest.mark.parametrize("lines", [3, 5, 12])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_traces_are_not_taken_for_requests(lines, seed):
    requests, events, rejected = traffic(seed, 0.2, lines)
    told = counted_once(events, rejected, lines_of_one(events, rejected))
    assert abs(told.sum() / requests.sum() - 1) < 0.15
    assert events.sum() / requests.sum() > 1.35


@pytest.mark.parametrize("per_minute", [2.0, 15.0, 400.0])
@pytest.mark.parametrize("seed", [4, 5])
def test_where_a_rejection_is_a_line_all_lines_are_requests(per_minute, seed):
    _, events, rejected = traffic(seed, 0.05, 1, per_minute)
    assert counted_once(events, rejected, lines_of_one(events, rejected)).sum() > 0.9 * events.sum()


def test_a_surge_of_traffic_keeps_its_requests():
    rng = np.random.default_rng(6)
    requests = rng.poisson(np.where(np.arange(MINUTES) // 60 == 2, 300.0, 15.0)).astype(float)
    rejected = rng.binomial(requests.astype(int), 0.03).astype(float)
    told = counted_once(requests, rejected, lines_of_one(requests, rejected))
    assert told.sum() > 0.9 * requests.sum()
