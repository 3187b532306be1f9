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


@pytest.mark.parametrize(("others_per_minute", "is_found"), [(30.0, True), (300.0, False)])
def test_few_clients_whose_every_request_is_refused_are_everybody_of_a_small_service(
    others_per_minute, is_found
):
    """Fifteen send a token that ended, forty times a minute in all, for half an hour."""
    shown = frozenset({"client"})
    world = fleet.quiet(604, minutes=180, rate=others_per_minute, clients=400, fields=shown)
    start = 90 * 60.0
    world.extra = [
        (start + k * 1.5, fleet.Outcome("token_expired", overshoot=60.0), f"u{k % 15}", -1)
        for k in range(1200)
    ]
    found = fleet.run(world)
    reasons = {r for e in episodes.find(found.counted) for r in e.reasons}
    assert ("token_expired" in reasons) is is_found
