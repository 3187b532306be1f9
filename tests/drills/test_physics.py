"""What a simulated fleet does must be what a real one does."""

from __future__ import annotations

import pytest

from logclass.drills.drill import FAULTS, QUIET, make
from logclass.drills.run import run
from logclass.drills.verifying import Verifiers
from logclass.drills.world import Wanted, build
from logclass.errors import LogclassError
from logclass.vocabulary import Cause

SMALL = Wanted(requests=2500)
VERIFIERS = Verifiers()


def ran(cause, seed, wanted=SMALL):
    fault, mode = FAULTS[cause]
    world = build(cause, seed, wanted, mode)
    fault(world)
    return world, run(world, VERIFIERS)


def faults(cause, seed, wanted=SMALL):
    world, happened = ran(cause, seed, wanted)
    return world, [event for event in happened.events if event.is_fault]


def kids(events):
    return {event.token.shape.key.kid for event in events}


def errors(events):
    return {event.refusal.error.rsplit(".", 1)[-1] for event in events}


@pytest.mark.parametrize("cause", FAULTS)
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(cause):
    one, again = (make(cause, 6, Wanted(requests=800), VERIFIERS) for _ in range(2))
    other = make(cause, 8, Wanted(requests=800), VERIFIERS)
    assert one.files == again.files
    assert one.truth == again.truth
    assert one.files != other.files


@pytest.mark.parametrize("cause", list(Cause)[:14])
@pytest.mark.parametrize("seed", [12, 14])
def test_nothing_of_the_fault_happens_before_it(cause, seed):
    world, found = faults(cause, seed)
    assert found
    assert min(event.time for event in found) >= world.at


@pytest.mark.parametrize("seed", [2, 4, 6, 8])
def test_without_overlap_only_tokens_of_the_old_key_fail(seed):
    world, found = faults("rotation_without_overlap", seed)
    found = [event for event in found if event.time > world.at + 6]  # all have reloaded by then
    assert kids(found) == {world.old.kid}
    assert all(event.token.iat <= world.at for event in found)
    assert errors(found) <= {"InvalidSignatureError", "PyJWKClientError"}


@pytest.mark.parametrize("seed", [2, 4, 6, 8])
def test_with_stale_caches_only_tokens_of_the_new_key_fail_and_only_for_a_cache_time(seed):
    world, found = faults("stale_key_cache", seed)
    assert kids(found) == {world.new.kid}
    longest = max(slot.cache_seconds for one in world.services for slot in one.slots)
    assert max(event.time for event in found) <= world.at + longest + 60


@pytest.mark.parametrize("seed", [2, 4, 6, 8])
def test_half_a_rollout_refuses_either_key_where_the_other_is_in_use(seed):
    world, happened = ran("partial_rollout", seed, Wanted(requests=6000, instances=6))
    after = [event for event in happened.events if event.is_fault]
    for event in after:
        slot = world.services[event.service].slots[event.slot]
        assert slot.checks.at(event.time).key.kid != event.token.shape.key.kid
    assert kids(after) == {world.old.kid, world.new.kid}


def test_a_clock_ahead_finds_tokens_expired_and_one_behind_finds_them_early():
    seen = set()
    for seed in range(2, 20, 2):
        world, found = faults("clock_skew", seed)
        if world.variant != "issuer":
            is_ahead = world.skew_seconds > 0
            seen.add(is_ahead)
            expected = "ExpiredSignatureError" if is_ahead else "ImmatureSignatureError"
            assert errors(found) <= {expected}
            assert len(world.affected) <= sum(len(one.slots) for one in world.services)
    assert seen == {True, False}


@pytest.mark.parametrize("seed", [2, 4, 6, 8])
def test_an_outage_of_the_key_set_is_felt_only_as_caches_run_out(seed):
    world, found = faults("jwks_outage", seed)
    assert errors(found) == {"PyJWKClientConnectionError"}
    firsts = {}
    for event in found:
        firsts.setdefault((event.service, event.slot), event.time - world.at)
    caches = max(slot.cache_seconds for one in world.services for slot in one.slots)
    assert max(firsts.values()) > 5
    assert min(firsts.values()) <= caches + 120


def test_refresh_failures_are_real_expiries():
    for seed in (2, 4, 6):
        _, found = faults("refresh_failure", seed)
        assert all(event.time > event.token.exp - 2 for event in found)


def test_a_probe_leaves_others_alone():
    world, happened = ran("hostile_probe", 4)
    probes = {event.client.ip for event in happened.events if event.is_fault}
    assert 1 <= len(probes) <= 4
    others = [event for event in happened.events if event.client.ip not in probes]
    assert sum(event.refusal is not None for event in others) < len(others) * 0.1
    assert world.fault_end is not None


@pytest.mark.parametrize("seed", range(2, 18, 2))
def test_a_quiet_day_has_few_refusals(seed):
    world, happened = ran(QUIET, seed, Wanted(requests=4000))
    refused = [event for event in happened.events if event.refusal is not None]
    ours = [event for event in refused if event.client.app not in {"stranger", "batch"}]
    assert len(ours) < len(happened.events) * 0.06, world.variant


def test_what_is_not_recorded_is_not_in_the_files():
    made = make("key_missing", 10, Wanted(requests=800, records="unrecorded"), VERIFIERS)
    assert made.truth["causing_changes"] == []
    assert made.truth["records"] == "unrecorded"
    told = make("key_missing", 10, Wanted(requests=800, records="intact"), VERIFIERS)
    id_ = told.truth["causing_change"].encode()
    assert any(id_ in data for data in told.files.values())


@pytest.mark.parametrize("form", ["csv", "json", "github", "cloudtrail", "ecs"])
def test_every_record_that_the_truth_names_is_in_a_file(form):
    wanted = Wanted(requests=800, records="intact", change_format=form)
    for cause in ("partial_rollout", "header_stripped", "secret_changed_by_deploy"):
        made = make(cause, 4, wanted, VERIFIERS)
        everything = b"".join(made.files.values())
        truth = made.truth
        for id_ in (*truth["causing_changes"], *truth["undoing_changes"], *truth["decoys"]):
            assert id_.encode() in everything


def test_an_unknown_cause_is_named():
    with pytest.raises(LogclassError, match="no drill is called sunspots"):
        make("sunspots", 2, SMALL, VERIFIERS)
