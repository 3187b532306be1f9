"""Clients that keep trying with one token each are an outage where they are many more than usual."""

import fleet
import pytest

from logclass import episodes


@pytest.mark.parametrize(("clients", "is_found"), [(200, True), (6, False)])
def test_a_crowd_that_cannot_renew_its_tokens_is_found_though_each_has_one(clients, is_found):
    world = fleet.quiet(604, minutes=180, rate=3.0, fields=frozenset({"client"}), logs="rejections")
    world.expired_noise = 2.0
    start = 90 * 60.0
    world.extra = [
        (start + k * 4.0, fleet.Outcome("token_expired", overshoot=60.0), f"u{k % clients}", -1)
        for k in range(1300)
    ]
    found = fleet.run(world)
    reasons = {r for e in episodes.find(found.counted) for r in e.reasons}
    assert ("token_expired" in reasons) is is_found
