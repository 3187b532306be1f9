"""Episodes: found when they are there, at the right time, and never on ordinary days."""

import functools

import fleet
import numpy as np
import pandas as pd
import pytest

from logclass import episodes
from logclass.model import Counted

SMALL = {"minutes": 70, "rate": 20.0, "instances": 4}


@functools.cache
def drill(name, seed, **fixed):
    return fleet.run(getattr(fleet, name)(seed, **SMALL, **fixed))


@pytest.mark.parametrize("logs", ["requests", "rejections"])
@pytest.mark.parametrize("seed", [501, 502, 504])
def test_quiet_day_has_no_episode(seed, logs):
    assert episodes.find(drill("quiet", seed, logs=logs).counted) == ()


@pytest.mark.parametrize("seed", [511, 512])
@pytest.mark.parametrize(
    "name", ["secret_changed_by_deploy", "header_stripped", "partial_rollout", "library_upgrade"]
)
def test_onset_interval_holds_the_truth(name, seed):
    found = drill(name, seed)
    (episode,) = episodes.find(found.counted)
    assert episode.onset.low_ms <= found.onset_ms <= episode.onset.high_ms
    assert episode.onset.high_ms - episode.onset.low_ms < 12 * 60_000
    assert not episode.onset_censored


def test_recovery_follows_the_rollback():
    found = drill("secret_changed_by_deploy", 513)
    (episode,) = episodes.find(found.counted)
    undo = next(c.time_ms for c in found.changes if c.id == "undo") + 10_000
    assert episode.recovery.low_ms <= undo <= episode.recovery.high_ms + 60_000


def test_episode_is_named_by_its_excess_and_not_by_the_background():
    found = drill("claim_contract_drift", 514, expired_noise=1.5)
    (episode,) = episodes.find(found.counted)
    assert episode.reasons[0] in {"issuer_mismatch", "audience_mismatch"}
    assert "token_expired" not in episode.reasons
    assert episode.baseline_per_minute < 1


def test_later_start_moves_everything_and_nothing_else():
    found = drill("key_missing", 515)
    (before,) = episodes.find(found.counted)
    (after,) = episodes.find(fleet.shifted(found, 86_400 * 3 + 7_200).counted)
    assert [b - a for a, b in zip(before.onset, after.onset, strict=True)] == [266_400_000] * 3
    assert after.rejections == before.rejections


def test_shuffled_rows_give_the_same_episode():
    counted = drill("jwks_outage", 516).counted
    mixed = counted.rejections.sample(frac=1, random_state=3).reset_index(drop=True)
    assert episodes.find(_with(counted, mixed)) == episodes.find(counted)


def test_probe_is_marked_as_one():
    (episode,) = episodes.find(drill("hostile_probe", 517).counted)
    assert episode.is_probe


def test_a_probe_of_unknown_clients_does_not_take_an_outage_along():
    world = fleet.secret_changed_by_deploy(605, minutes=90, rate=60.0, fields=frozenset())
    none = fleet.Outcome("algorithm_none")
    world.extra = [(world.onset - 100 + 8 * k, none, "", -1) for k in range(200)]
    outage, probe = episodes.find(fleet.run(world).counted)
    assert (outage.is_probe, probe.is_probe) == (False, True)
    assert outage.rejections > 1000


def test_probe_beside_an_outage_is_an_episode_of_its_own():
    world = fleet.key_missing(518, **SMALL)
    rng = np.random.default_rng(1)
    for t in np.sort(rng.uniform(1800, 4200, 300)):
        reason = ("token_malformed", "algorithm_none")[int(t) % 2]
        world.extra.append((float(t), fleet.Outcome(reason), "bad", -1))
    outage, probe = episodes.find(fleet.run(world).counted)
    assert outage.reasons == ("key_missing",)
    assert not outage.is_probe
    assert probe.is_probe


def test_export_that_is_all_incident_is_left_censored():
    counted = drill("claim_contract_drift", 519).counted
    late = counted.rejections["minute"] > int(counted.rejections["minute"].max()) - 30
    tally = counted.tally[counted.tally["minute"] > int(counted.tally["minute"].max()) - 30]
    (episode,) = episodes.find(_with(counted, counted.rejections[late], tally))
    assert episode.onset_censored
    assert episode.recovery is None


def test_few_lines_without_any_denominator_are_enough():
    counted = drill("claim_contract_drift", 520, logs="rejections").counted
    rows = counted.rejections
    rows = rows[rows["reason"].isin(["issuer_mismatch", "audience_mismatch"])].head(12)
    (episode,) = episodes.find(_with(counted, rows, counted.tally.iloc[:0]))
    assert episode.rejections == 12
    assert episode.onset_censored


def test_gap_in_the_log_is_not_a_recovery():
    counted = drill("key_missing", 521).counted
    first = int(
        counted.rejections.loc[counted.rejections["reason"] == "key_missing", "minute"].min()
    )
    hole = range(first + 10, first + 18)
    rows = counted.rejections[~counted.rejections["minute"].isin(hole)]
    tally = counted.tally[~counted.tally["minute"].isin(hole)]
    assert len(episodes.find(_with(counted, rows, tally))) == 1


def test_nothing_gives_nothing():
    empty = drill("quiet", 501, logs="requests").counted
    assert episodes.find(_with(empty, empty.rejections.iloc[:0])) == ()
    assert episodes.find(_with(empty, empty.rejections.iloc[:0], empty.tally.iloc[:0])) == ()


def test_text_columns_may_be_categories_and_times_unknown():
    counted = drill("header_stripped", 522).counted
    rows = counted.rejections.copy()
    for name in ("service", "instance", "reason", "client"):
        rows[name] = rows[name].astype("category")
    tally = counted.tally.assign(service=counted.tally["service"].astype("category"))
    rows["time_ms"] = pd.array([None] * len(rows), dtype="Float64")
    (episode,) = episodes.find(_with(counted, rows, tally))
    assert episode.reasons == ("header_missing",)


def _with(counted, rejections, tally=None):
    tally = counted.tally if tally is None else tally
    return Counted(rejections, counted.echoes, counted.passed, tally, None, None)


def test_background_of_another_reason_does_not_move_the_onset():
    """Seventeen expired tokens in the hour before must not date 1,500 issuer mismatches."""
    world = fleet.claim_contract_drift(523, expired_noise=0.0, scanner_noise=0.0, **SMALL)
    start = world.onset - 2_400
    for t in np.linspace(start, world.onset + 400, 24):
        world.extra.append((float(t), fleet.Outcome("token_expired"), f"c{int(t)}", -1))
    found = fleet.run(world)
    episode = episodes.find(found.counted)[0]
    assert "token_expired" not in episode.reasons[:1]
    assert abs(episode.onset.point_ms - found.onset_ms) < 120_000
    assert episode.onset.low_ms > found.onset_ms - 600_000


def test_a_stale_client_from_the_first_line_on_does_not_date_an_outage():
    """Until every token is refused one client sends an expired one: that was there before."""
    world = fleet.secret_changed_by_deploy(517, minutes=120, rate=6.0, instances=4)
    at, bad = world.onset, fleet.Outcome("signature_invalid")
    world.check = lambda i, t, token: bad if t >= at else fleet.OK
    world.expired_noise = 0.05
    stale = np.arange(30.0, at + 240, 45.0)
    stale += np.random.default_rng(3).uniform(-20, 20, len(stale))
    world.extra = [(float(t), fleet.Outcome("token_expired"), "old-app", -1) for t in stale]
    found = fleet.run(world)
    (episode,) = episodes.find(found.counted)
    assert episode.onset.low_ms - 60_000 <= found.onset_ms <= episode.onset.high_ms
    assert episode.reasons == ("signature_invalid",)


def test_few_clients_that_go_on_after_an_outage_are_its_tail_and_no_probe():
    world = fleet.secret_changed_by_deploy(518, minutes=150, rate=30.0, instances=4)
    at, bad = world.onset, fleet.Outcome("signature_invalid")
    world.check = lambda i, t, token: bad if at <= t < at + 1500 else fleet.OK
    late = at + 1500 + np.arange(90) * 40.0
    world.extra = [(float(t), bad, f"c{n % 2}", -1) for n, t in enumerate(late)]
    found = episodes.find(fleet.run(world).counted)
    assert [e.is_probe for e in found] == [False]


@pytest.mark.parametrize(("address", "is_incident"), [("91.4.77.30", False), ("10.0.0.7", True)])
def test_one_partner_that_is_refused_all_along_is_no_incident(address, is_incident):
    """Others pass; but an address inside the network may be a proxy before all of them."""
    world = fleet.quiet(521, minutes=60, rate=3.0, instances=3)
    world.expired_noise = world.scanner_noise = 0.0
    drift = fleet.Outcome("audience_mismatch", "aud", "api", "partner-test")
    world.extra = [(40.0 * k, drift, address, k % 3) for k in range(90)]
    found = episodes.find(fleet.run(world).counted)
    assert bool(found) is is_incident


def test_an_outage_does_not_begin_with_the_stale_clients_that_it_came_upon():
    """From the tenth minute on some more tokens are too old; at 120 most signatures fail."""
    world = fleet.quiet(604, minutes=240, rate=60.0, fields=frozenset({"client"}))
    world.expired_noise = 0.02
    stale, wrong = (
        fleet.Outcome("token_expired", overshoot=9000.0),
        fleet.Outcome("signature_invalid"),
    )
    world.extra = [(2400 + 25.0 * k, stale, f"u{k}", -1) for k in range(480)]
    world.extra += [(7200 + 1.2 * k, wrong, f"c{k % 300}", -1) for k in range(1000)]
    first, second = episodes.find(fleet.run(world).counted)
    assert first.reasons == ("signature_invalid",)
    assert abs(first.onset.point_ms / 1000 - fleet.START - 7200) < 60
    assert second.reasons == ("token_expired",)
    assert abs(second.onset.point_ms / 1000 - fleet.START - 2400) < 600
