"""How old refused tokens are tells a clock that is ahead from tokens that nobody renews."""

from dataclasses import replace

import fleet
import numpy as np
import pandas as pd
import pytest

from logclass import causes, episodes
from logclass.vocabulary import Cause, Grade

SMALL = {"minutes": 110, "rate": 60.0, "expired_noise": 0.0}


def diagnose(found, counted=None):
    counted = counted or found.counted
    (incident,) = causes.diagnose(counted, episodes.find(counted), (), ())
    return incident


def skewed(ahead):
    """One of four hosts is ahead, and no line names its host."""
    world = fleet.clock_skew(614, instances=4, fields=frozenset({"client"}), **SMALL)
    world.clock = lambda i, t: ahead if i == 1 and t >= world.onset else 0.0
    return fleet.run(world)


@pytest.mark.parametrize("ahead", [300.0, 600.0])
def test_tokens_never_long_past_their_end_are_no_refresh_outage(ahead):
    best = diagnose(skewed(ahead)).findings[0]
    assert (best.cause, best.grade) == (Cause.CLOCK_SKEW, Grade.POSSIBLE)
    assert "no more" in " ".join(e.text for e in best.evidence_for)


def test_tokens_older_and_older_are_a_refresh_outage():
    found = fleet.run(fleet.refresh_failure(601, fields=frozenset({"client"}), **SMALL))
    assert diagnose(found).findings[0].cause is Cause.REFRESH_FAILURE


def test_an_outage_of_the_issuer_on_record_speaks_for_it():
    world = fleet.refresh_failure(601, fields=frozenset({"client"}), **SMALL)
    found = fleet.run(world)
    outage = fleet.change(
        "other", world.onset, "Identity provider", "inc-7", description="Token endpoint errors"
    )
    (incident,) = causes.diagnose(found.counted, episodes.find(found.counted), (outage,), ())
    best = incident.findings[0]
    assert best.cause is Cause.REFRESH_FAILURE
    assert "Identity provider" in " ".join(one.text for one in best.evidence_for)
    assert not [one for one in best.evidence_against if one.kind == "change"]


def of_two_services(found):
    """The same requests as two services have them: one of two busy instances, one of four."""

    def rename(frame):
        number = frame["instance"].str[2:].astype(int)
        service = np.where(number < 10, "orders", "search")
        name = np.where(number < 10, number % 2, number).astype(str)
        return frame.assign(service=service, instance=pd.Series(service) + "-" + name)

    c = found.counted
    tally = rename(c.tally).groupby(list(c.tally.columns[:-1]), as_index=False).sum()
    return replace(c, rejections=rename(c.rejections), tally=tally)


def test_the_instances_of_the_service_that_has_fewer_are_no_hosts_that_are_off():
    world = fleet.refresh_failure(601, instances=14, logs="rejections", **SMALL)
    found = fleet.run(world)
    incident = diagnose(found, of_two_services(found))
    assert incident.findings[0].cause is Cause.REFRESH_FAILURE
    assert not incident.clock_skew


def test_tokens_too_old_by_more_than_they_live_are_no_offset():
    """A few clients of one host go on sending what expired hours ago."""
    world = fleet.quiet(604, minutes=240, rate=40.0, instances=6, fields=frozenset({"instance"}))
    rng = np.random.default_rng(5)
    ages = rng.uniform(60, 4 * world.ttl, 400)
    world.extra = [
        (7200.0 + 15 * k, fleet.Outcome("token_expired", overshoot=float(age)), f"c{k % 40}", 1)
        for k, age in enumerate(ages)
    ]
    found = fleet.run(world)
    rows = found.counted.rejections
    end = rows["time_ms"] / 1000 - rows["overshoot_seconds"]
    timed = rows.assign(exp_seconds=end, iat_seconds=end - world.ttl)
    findings = diagnose(found, replace(found.counted, rejections=timed)).findings
    assert findings[0].cause is not Cause.CLOCK_SKEW


def test_the_only_instance_of_a_service_is_no_host_among_many():
    """Its clients keep sending tokens that ended; four instances of another service see few."""
    world = fleet.quiet(604, minutes=180, rate=60.0, instances=5, fields=frozenset({"instance"}))
    world.logs = "rejections"
    stale = fleet.Outcome("token_expired", overshoot=90.0)
    world.expired_noise = 0.1
    world.extra = [(5400 + 12.0 * k, stale, f"u{k}", max(0, k % 24 - 19)) for k in range(400)]
    found = fleet.run(world)
    c = found.counted

    def named(frame):
        alone = (frame["instance"] == "i-00").to_numpy()
        return frame.assign(service=np.where(alone, "mobile-api", "auth"))

    counted = replace(c, rejections=named(c.rejections), tally=named(c.tally))
    for incident in causes.diagnose(counted, episodes.find(counted), (), ()):
        told = [e.text for f in incident.findings for e in f.evidence_for]
        assert not any("of the excess is on" in text for text in told)
        assert not any(row["instance"] == "i-00" for row in incident.clock_skew)
