"""At night a service has few requests; what comes at its own pace is no more than it was by day."""

import fleet
import pytest

from logclass import episodes

DAY = 420 * 60.0  # seconds of full traffic, then a twentieth of it
NIGHT = {"minutes": 720, "rate": 40.0, "instances": 2, "ttl": 864_000.0}
NO_NOISE = {"expired_noise": 0.0, "scanner_noise": 0.0}


def night(seed):
    world = fleet.World(seed, fields=frozenset({"instance"}), **NIGHT, **NO_NOISE)
    world.surge = lambda t: 1.0 if t < DAY else 0.05
    return world


@pytest.mark.parametrize("reason", ["unspecified", "claim_mismatch", "token_expired"])
@pytest.mark.parametrize("seed", [921, 922])
def test_a_job_that_is_refused_as_often_by_night_as_by_day_is_no_incident(reason, seed):
    world = night(seed)
    world.extra = [(900.0 * k + 30, fleet.Outcome(reason), "job", k % 2) for k in range(48)]
    assert episodes.find(fleet.run(world).counted) == ()


@pytest.mark.parametrize("seed", [921, 922])
def test_an_outage_in_the_night_is_found_though_few_are_refused(seed):
    """Two requests a minute, all refused; the partner that is refused by day goes on as ever."""
    world = night(seed)
    bad = fleet.Outcome("signature_invalid")
    world.extra = [(900.0 * k, bad, "partner", -1) for k in range(48)]
    begin, end = DAY + 3600, DAY + 4 * 3600
    world.check = lambda i, t, token: bad if begin <= t < end else fleet.OK
    (episode,) = episodes.find(fleet.run(world).counted)
    assert abs(episode.onset.point_ms / 1000 - fleet.START - begin) < 600
