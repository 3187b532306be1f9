"""Which drills divide a fleet."""

from __future__ import annotations

import pytest

from logclass.drills.drill import FAULTS, make
from logclass.drills.verifying import Verifiers
from logclass.drills.world import Wanted

VERIFIERS = Verifiers()


@pytest.fixture(scope="module")
def truths():
    return [make(cause, 6, Wanted(requests=4000), VERIFIERS).truth for cause in FAULTS]


def test_old_and_new_instances_of_a_partial_rollout_divide_it(truths):
    (one,) = [t for t in truths if t["cause"] == "partial_rollout"]
    assert one["is_divided"] is True


def test_a_fault_of_all_instances_or_of_none_does_not(truths):
    by_cause = {t["cause"]: t["is_divided"] for t in truths}
    assert by_cause[None] is False
    assert by_cause["header_stripped"] is False
    assert by_cause["jwks_outage"] is not True
