"""A clock that another clock shows to be off: the collector's stamp, or a gateway's log."""

from dataclasses import replace

import fleet
import pandas as pd
import pytest

from logclass import causes, episodes
from logclass.vocabulary import Cause, Grade

SMALL = {"minutes": 70, "rate": 25.0, "instances": 4}
OFF_SECONDS = 400.0


def whole_fleet(shown, off=OFF_SECONDS):
    """Every host's clock is ahead from the onset on; a collector stamps the lines rightly."""
    world = fleet.clock_skew(614, **(SMALL | {"rate": 80.0, "fields": frozenset(shown)}))
    world.ttl = 900.0
    world.clock = lambda i, t: off if t >= world.onset else 0.0
    return world, fleet.run(world)


def diagnose(found, counted=None):
    counted = counted or found.counted
    return causes.diagnose(counted, episodes.find(counted), found.changes, ())


@pytest.mark.parametrize("shown", [{"iat"}, {"iat", "instance"}])
def test_messages_that_tell_another_time_than_their_stamps_show_a_whole_service_off(shown):
    _, found = whole_fleet(shown)
    (incident,) = diagnose(found)
    best = incident.findings[0]
    assert (best.cause, best.grade) == (Cause.CLOCK_SKEW, Grade.CONFIRMED)
    assert len(incident.clock_skew) == (4 if "instance" in shown else 1)
    for row in incident.clock_skew:
        assert row["seconds"] == pytest.approx(OFF_SECONDS, abs=2.0)
        assert row["interval"][0] <= OFF_SECONDS <= row["interval"][1]
    assert "ahead" in incident.headline


def test_a_zone_taken_for_another_is_no_skew():
    """Clients stop renewing, and every stamp is read in a zone one hour off."""
    found = fleet.run(fleet.refresh_failure(601, **SMALL))
    rows = found.counted.rejections
    early = rows.assign(exp_seconds=rows["time_ms"] / 1000 - rows["overshoot_seconds"] + 3600)
    (incident,) = diagnose(found, replace(found.counted, rejections=early))
    assert incident.findings[0].cause is Cause.REFRESH_FAILURE
    assert not incident.clock_skew


def by_host_stamps(world, found, gateway_off=0.0, service_off=0.0):
    """The same lines stamped by their own hosts, and a gateway's log of the refusals."""
    c = found.counted
    true = c.rejections["time_ms"] / 1000
    off = [world.clock(0, t - fleet.START) + service_off for t in true]
    mine = true + off
    rows = c.rejections.assign(time_ms=mine * 1000, minute=(mine // 60).astype("int64"))
    rows = rows.assign(exp_seconds=float("nan"), iat_seconds=float("nan"))
    seen = c.rejections.assign(
        kind="access",
        service="gateway",
        instance="",
        reason="unspecified",
        overshoot_seconds=float("nan"),
        exp_seconds=float("nan"),
        iat_seconds=float("nan"),
        time_ms=(true + 0.05 + gateway_off) * 1000,
        link=0,
    )
    return replace(c, rejections=rows, echoes=pd.DataFrame(seen))


def test_refusals_that_a_gateway_logged_minutes_earlier_show_a_clock_ahead():
    world, found = whole_fleet({"instance"})
    counted = by_host_stamps(world, found)
    (incident,) = diagnose(found, counted)
    assert incident.findings[0].cause is Cause.CLOCK_SKEW
    assert {round(r["seconds"]) for r in incident.clock_skew} == {round(OFF_SECONDS)}
    onset = incident.episode.onset
    assert onset.low_ms <= found.onset_ms + 60_000 <= onset.high_ms
    assert abs(onset.point_ms - found.onset_ms) < 90_000  # and not when those hosts had it


def test_the_last_lines_of_a_slow_host_are_no_recovery():
    """Its clock is minutes behind when the data end: that it stops by then is no news."""
    shown = frozenset({"instance", "iat"})
    world = fleet.clock_skew(614, **(SMALL | {"rate": 80.0, "fields": shown}))
    world.clock = lambda i, t: -OFF_SECONDS if i == 1 and t >= world.onset else 0.0
    found = fleet.run(world)
    rows = found.counted.rejections
    slow = (rows["instance"] == "i-01") & (rows["time_ms"] >= found.onset_ms)
    at = rows["time_ms"] - 1000 * OFF_SECONDS * slow
    rows = rows.assign(time_ms=at, minute=(at // 60_000).astype("int64"))
    (incident,) = diagnose(found, replace(found.counted, rejections=rows))
    (row,) = incident.clock_skew
    assert row["seconds"] == pytest.approx(-OFF_SECONDS, abs=20.0)
    assert abs(incident.episode.onset.point_ms - found.onset_ms) < 90_000
    assert incident.episode.recovery is None
    assert "since" in incident.headline


def test_a_gateway_that_was_always_off_shows_nothing_new():
    world = fleet.refresh_failure(601, **(SMALL | {"expired_noise": 2.0}))
    found = fleet.run(world)
    counted = by_host_stamps(world, found, gateway_off=-40.0)
    incident = diagnose(found, counted)[0]
    assert incident.findings[0].cause is Cause.REFRESH_FAILURE
    assert not incident.clock_skew


def lost_leeway(seconds, end="rollback"):
    """A release that refuses tokens as young as those that were always sent, until it is undone."""
    world = fleet.quiet(604, **(SMALL | {"ttl": 600.0, "fields": frozenset({"instance"})}))
    at, until = 1500.0, 3000.0
    young = fleet.Outcome("issued_in_future", overshoot=seconds)
    world.check = lambda i, t, token: (
        young if at <= t < until and t - token.issued < 30 else fleet.OK
    )
    world.onset = at
    world.changes = [
        fleet.change("deploy", at - 20, "auth", "guilty"),
        fleet.change(end, until - 20, "auth", "undo"),
        fleet.change("deploy", 400.0, "cart-web", "decoy-1"),
    ]
    return fleet.run(world)


def causes_of(incident):
    return {f.cause: f for f in incident.findings}


def test_tokens_seconds_too_young_for_a_new_release_are_no_skewed_clock():
    (incident,) = diagnose(lost_leeway(2.0))
    assert incident.findings[0].cause is Cause.LIBRARY_UPGRADE
    assert incident.findings[0].change_id == "guilty"


def test_tokens_minutes_too_young_are_no_lost_leeway():
    found = lost_leeway(200.0)
    (incident,) = diagnose(replace(found, changes=()))
    assert incident.findings[0].cause is Cause.CLOCK_SKEW
    assert Cause.LIBRARY_UPGRADE not in causes_of(incident)


def test_an_end_with_a_rollback_tells_of_a_release_whose_record_is_missing():
    found = lost_leeway(2.0)
    rest = tuple(c for c in found.changes if c.id != "guilty")
    (incident,) = diagnose(replace(found, changes=rest))
    for f in incident.findings:
        if f.cause is Cause.LIBRARY_UPGRADE:
            assert any("ended with the rollback of auth" in e.text for e in f.evidence_for)
            break
    else:
        pytest.fail("library_upgrade is not among the findings")
    assert incident.findings[0].grade is not Grade.CONFIRMED


def two_of_three():
    """Two of three hosts are ahead; only rejections are logged, and no time of any token."""
    shown = frozenset({"instance"})
    fixed = {"instances": 3, "rate": 80.0, "fields": shown, "logs": "rejections"}
    world = fleet.clock_skew(614, **(SMALL | fixed))
    world.clock = lambda i, t: 500.0 if i < 2 and t >= world.onset else 0.0
    return fleet.run(world)


def test_hosts_that_fail_beside_one_that_does_not_show_whose_clocks_are_off():
    (incident,) = diagnose(two_of_three())
    assert incident.findings[0].cause is Cause.CLOCK_SKEW
    assert {r["instance"] for r in incident.clock_skew} == {"i-00", "i-01"}


def test_a_host_that_was_replaced_is_not_spared():
    """What rejects nothing because it is gone says nothing of the clocks of those that stay."""
    found = two_of_three()
    c = found.counted
    rows = c.rejections
    gone = (rows["instance"] == "i-02") & (rows["time_ms"] >= found.onset_ms - 60_000)
    tally = c.tally
    dead = (tally["instance"] == "i-02") & (tally["minute"] >= found.onset_ms // 60_000 - 1)
    left = replace(c, rejections=rows[~gone], tally=tally[~dead].reset_index(drop=True))
    (incident,) = diagnose(found, left)
    assert not incident.clock_skew


def test_instances_of_another_release_that_refuse_fresh_tokens_do_not_confirm_a_clock():
    """Two of three run a release without a leeway; by how much tokens are too young is not said."""
    shown = frozenset({"instance"})
    fixed = {"instances": 3, "rate": 80.0, "fields": shown, "logs": "rejections"}
    world = fleet.quiet(604, **(SMALL | fixed))
    young = fleet.Outcome("token_not_yet_valid")
    world.check = lambda i, t, token: (
        young if t >= 1500 and i < 2 and t - token.issued < 30 else fleet.OK
    )
    for incident in diagnose(fleet.run(world)):
        assert incident.findings[0].grade is not Grade.CONFIRMED


def ahead_issuer(shown, service="auth", instances=4):
    """The issuer's clock is ahead by 200 s from the onset on; every host sees the future."""
    fixed = SMALL | {"instances": instances, "rate": 60.0, "fields": frozenset(shown)}
    world = fleet.quiet(604, **fixed)
    world.service = service
    at = 1800.0
    world.onset = at
    world.sign = lambda t, rng: {"key": "k1", "issued": t + (200.0 if t >= at else 0.0)}
    return fleet.run(world)


@pytest.mark.parametrize("service", ["auth", ""])
def test_an_issuer_that_is_ahead_of_all_hosts_is_told_by_how_much(service):
    (incident,) = diagnose(ahead_issuer({"instance", "iat"}, service))
    (row,) = incident.clock_skew
    assert row["of"] == "issuer"
    assert row["seconds"] == pytest.approx(200.0, abs=3.0)
    assert row["interval"][0] <= 200.0 <= row["interval"][1]


def test_where_one_service_names_no_instance_it_or_the_issuer_is_off():
    (incident,) = diagnose(ahead_issuer({"iat"}))
    (row,) = incident.clock_skew
    assert (row["instance"], row["of"]) == ("auth", "either")
    assert row["seconds"] == pytest.approx(-200.0, abs=3.0)
    assert "or the issuer ahead" in incident.headline


def test_without_names_of_services_and_instances_no_clock_is_told():
    (incident,) = diagnose(ahead_issuer({"iat"}, service=""))
    assert not incident.clock_skew
