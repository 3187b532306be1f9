"""Drills with a known cause: named, with its change, and never on timing alone."""

import functools
from dataclasses import replace

import fleet
import pytest

from logclass import causes, episodes
from logclass.causes import CAUSES
from logclass.model import Contract
from logclass.vocabulary import Cause, Grade, Verdict

SMALL = {"minutes": 70, "rate": 25.0, "instances": 4}
NAMES = [f.__name__ for f in fleet.CAUSES]
NEAR = NAMES[:4]  # the causes about keys are the hard ones


@functools.cache
def drill(name, seed, **fixed):
    return fleet.run(getattr(fleet, name)(seed, **(SMALL | fixed)))


@functools.cache
def drilled(name, seed, **fixed):
    return diagnose(drill(name, seed, **fixed))


def diagnose(found, changes=None):
    changes = found.changes if changes is None else changes
    return causes.diagnose(found.counted, episodes.find(found.counted), tuple(changes), ())


def named(incident):
    return [v.change.id for v in incident.changes if v.verdict is Verdict.CAUSED]


def test_one_function_for_each_cause():
    assert {f.__name__ for f in CAUSES} == {c.value for c in Cause} - {"unexplained"}


@pytest.mark.parametrize(("name", "seed"), [*((n, 601) for n in NAMES), *((n, 602) for n in NEAR)])
def test_cause_is_named_with_its_change(name, seed):
    found = drill(name, seed)
    incident = drilled(name, seed)[0]
    assert incident.findings[0].cause == name
    assert incident.findings[0].grade in {Grade.CONFIRMED, Grade.LIKELY}
    assert named(incident) == ([found.guilty] if found.guilty else [])
    assert {v.change.id for v in incident.changes} == {c.id for c in found.changes}


@pytest.mark.parametrize("name", ["partial_rollout", "secret_changed_by_deploy", "key_missing"])
def test_cause_change_removed_is_not_replaced_by_a_decoy(name):
    found = drill(name, 601)
    rest = [c for c in found.changes if c.id.startswith("decoy")]
    (incident,) = diagnose(found, rest)
    assert named(incident) == []


@pytest.mark.parametrize("name", ["rotation_without_overlap", "header_stripped"])
def test_change_moved_after_the_onset_is_vetoed(name):
    found = drill(name, 601)
    late = [
        replace(c, time_ms=found.onset_ms + 900_000) if c.id == found.guilty else c
        for c in found.changes
    ]
    (incident,) = diagnose(found, late)
    verdict = next(v for v in incident.changes if v.change.id == found.guilty)
    assert verdict.verdict is Verdict.VETOED
    assert "after the rejections began" in verdict.vetoed_because


def test_of_two_changes_that_fit_alike_none_is_named():
    """One service was deployed nine minutes before it began, and thirteen: either may have."""
    found = drill("secret_changed_by_deploy", 601)
    guilty = next(c for c in found.changes if c.id == "guilty")
    late = replace(guilty, time_ms=found.onset_ms - 540_000)
    early = replace(late, id="twin", time_ms=found.onset_ms - 780_000, version="another")
    rest = [c for c in found.changes if c.id.startswith("decoy")]
    assert named(diagnose(found, [*rest, late])[0]) == ["guilty"]
    assert named(diagnose(found, [*rest, late, early])[0]) == []


def test_deploy_that_carries_out_a_rotation_is_consistent():
    (incident,) = drilled("partial_rollout", 601)
    assert named(incident) == ["guilty"]
    rollout = next(v for v in incident.changes if v.change.id == "rollout")
    assert rollout.verdict is Verdict.CONSISTENT
    assert incident.headline.startswith("Partial rollout after a key rotation: ")
    assert incident.split["by"] == "release"


def test_time_shift_changes_no_verdict():
    found = drill("stale_key_cache", 601)
    (one,), (two,) = diagnose(found), diagnose(fleet.shifted(found, 3_600 * 31))
    assert [f.cause for f in one.findings] == [f.cause for f in two.findings]
    assert named(one) == named(two)


def test_renamed_service_changes_no_verdict():
    found = drill("secret_changed_by_deploy", 601)
    c = found.counted
    frames = {n: getattr(c, n).assign(service="tickets") for n in ("rejections", "passed", "tally")}
    changes = [replace(e, target="tickets") if e.target == "auth" else e for e in found.changes]
    one = diagnose(found)[0]
    two = diagnose(replace(found, counted=replace(c, **frames)), changes)[0]
    assert two.findings[0].cause is one.findings[0].cause
    assert named(two) == named(one)


def test_instances_missing_leaves_the_cause_but_says_so():
    (incident,) = diagnose(drill("partial_rollout", 601, fields=frozenset()))
    assert incident.findings[0].cause is Cause.PARTIAL_ROLLOUT
    assert any("Instance or host" in text for text in incident.findings[0].missing)


def test_rejections_alone_are_enough_for_a_partial_rollout():
    (incident,) = drilled("partial_rollout", 601, logs="rejections")
    assert incident.findings[0].cause is Cause.PARTIAL_ROLLOUT
    assert named(incident) == ["guilty"]


def test_signature_failures_without_any_clue_are_not_confirmed():
    found = drill("secret_changed_by_deploy", 601, fields=frozenset(), logs="rejections")
    (incident,) = diagnose(found, [])
    assert incident.findings[0].grade in {Grade.POSSIBLE, Grade.UNKNOWN}


def test_unspecified_rejections_are_never_confirmed():
    found = drill("secret_changed_by_deploy", 601)
    c = found.counted
    rows = c.rejections.assign(
        reason=c.rejections["reason"].replace("signature_invalid", "unspecified")
    )
    (incident,) = diagnose(replace(found, counted=replace(c, rejections=rows)))
    assert incident.findings[0].grade is not Grade.CONFIRMED


def test_claim_drift_shows_both_sides_and_the_slip():
    found = drill("claim_contract_drift", 601)
    (incident,) = diagnose(found)
    (row,) = incident.claim_delta
    assert row.state == "mismatch"
    assert row.hint
    assert row.expected[0] in incident.headline


def test_claim_drift_only_in_the_export():
    """The second reference incident: the export holds the incident and nothing else."""
    found = drill("claim_contract_drift", 601, logs="rejections")
    rows = found.counted.rejections
    rows = rows[rows["reason"].isin(["issuer_mismatch", "audience_mismatch"])].head(15)
    counted = replace(found.counted, rejections=rows, tally=found.counted.tally.iloc[:0])
    (incident,) = causes.diagnose(counted, episodes.find(counted), (), (Contract(),))
    assert incident.findings[0].cause is Cause.CLAIM_CONTRACT_DRIFT
    assert "since before" in incident.headline


@pytest.mark.parametrize("seed", [614, 615])
def test_skewed_host_is_named_with_its_offset(seed):
    (incident,) = drilled("clock_skew", seed)
    (row,) = incident.clock_skew
    assert row["instance"] == "i-01"
    assert 150 < abs(row["seconds"]) < 600
    assert row["interval"][0] <= row["seconds"] <= row["interval"][1]


def test_key_ledger_counts_both_keys():
    (incident,) = drilled("stale_key_cache", 601)
    by_key = {row["key"]: row for row in incident.key_ledger}
    assert by_key["k1"]["rejected"] == 0
    assert by_key["k2"]["rejected"] > 0
    assert by_key["k2"]["accepted"] > 0


def test_same_input_gives_the_same_answer():
    found = drill("jwks_outage", 601)
    assert diagnose(found) == diagnose(found)
    assert diagnose(found, reversed(found.changes)) == diagnose(found)


def test_evidence_speaks_plain_english():
    (incident,) = drilled("partial_rollout", 601)
    for finding in incident.findings:
        for item in (*finding.evidence_for, *finding.evidence_against):
            assert item.text.endswith(".")
            assert "nan" not in item.text.lower().split()


def test_deploy_of_nothing_known_is_not_vetoed():
    """A monorepo's deployment may be anybody's: no veto, and no blame either."""
    found = drill("secret_changed_by_deploy", 601)
    rest = [replace(c, target="platform") for c in found.changes if c.id == found.guilty]
    (incident,) = diagnose(found, rest)
    (verdict,) = incident.changes
    assert verdict.verdict is not Verdict.VETOED


def test_secret_that_comes_with_a_rolling_deploy_is_no_partial_rollout():
    """While it rolls out only some instances fail; afterwards all of them do, and go on."""
    world = fleet.secret_changed_by_deploy(618, **SMALL)
    at, check = world.onset, world.check
    world.check = lambda i, t, token: check(i, t, token) if t >= at + 40 * i else fleet.OK
    world.name = lambda i, t: f"i-{'new' if t >= at + 40 * i else 'old'}-{i}"
    incident = diagnose(fleet.run(world))[0]
    assert incident.findings[0].cause is Cause.SECRET_CHANGED_BY_DEPLOY
    assert named(incident) == ["guilty"]


def test_a_fleet_is_not_divided_by_instances_that_are_gone_before_most_is_rejected():
    """The old ones reject nothing and go in two minutes; those of the rollback come at the end."""
    world = fleet.secret_changed_by_deploy(618, **(SMALL | {"rate": 12.0}))
    at, check, end = world.onset, world.check, world.onset + 1200
    world.check = lambda i, t, token: check(i, t, token) if at + 30 * i <= t < end else fleet.OK
    world.name = lambda i, t: f"i-{'old' if t < at + 30 * i else 'new' if t < end else 'back'}-{i}"
    incident = diagnose(fleet.run(world))[0]
    assert incident.split is None or "classes" not in incident.split


def test_late_deploy_of_the_same_service_is_not_enough():
    found = drill("rotation_without_overlap", 601)
    early = [
        replace(c, kind="deploy", target="auth", time_ms=found.onset_ms - 9_000_000)
        for c in found.changes
        if c.id == found.guilty
    ]
    (incident,) = diagnose(found, early)
    assert named(incident) == []


def test_onset_allows_for_the_clock_of_the_host_that_stamps_it():
    found = drill("clock_skew", 614)
    (incident,) = diagnose(found)
    shift = abs(incident.clock_skew[0]["seconds"]) * 1000
    onset = incident.episode.onset
    assert onset.high_ms - onset.low_ms >= shift


def test_tokens_two_seconds_young_do_not_confirm_a_skewed_clock():
    """A verifier without a leeway refuses them as well, and that is no fault of a clock."""
    found = drill("clock_skew", 601, fields=frozenset({"instance"}))
    c = found.counted
    early = c.rejections["reason"].isin(
        ["token_expired", "token_not_yet_valid", "issued_in_future"]
    )
    sent = (c.rejections["time_ms"] / 1000 + 2).where(early)
    rows = c.rejections.assign(
        reason=c.rejections["reason"].mask(early, "issued_in_future"),
        iat_seconds=sent,
        exp_seconds=sent + 3600,
        overshoot_seconds=2.0,
        instance="",
    )
    for incident in diagnose(replace(found, counted=replace(c, rejections=rows)), []):
        assert incident.findings[0].grade is not Grade.CONFIRMED


def test_a_bad_instance_alone_does_not_confirm_a_partial_rollout():
    found = drill("partial_rollout", 601)
    (with_changes,) = diagnose(found)
    assert with_changes.findings[0].grade is Grade.CONFIRMED
    worst = with_changes.episode.instances[0]
    c = found.counted
    rows = c.rejections[c.rejections["instance"] == worst].reset_index(drop=True)
    (incident,) = diagnose(replace(found, counted=replace(c, rejections=rows)), [])
    best = incident.findings[0]
    assert (best.cause, best.grade) != (Cause.PARTIAL_ROLLOUT, Grade.CONFIRMED)


def test_known_values_are_not_asked_for():
    (incident,) = drilled("claim_contract_drift", 601)
    assert not any("side by side" in text for text in incident.findings[0].missing)


def test_checks_that_the_logs_own_time_refutes_prove_a_skewed_clock():
    """A collector stamps the lines: by its clock the tokens refused as expired were still valid."""
    shown = frozenset({"instance", "iat"})
    world = fleet.clock_skew(614, **(SMALL | {"rate": 80.0, "fields": shown}))
    world.clock = lambda i, t: 500.0 if i == 1 and t >= world.onset else 0.0
    found = fleet.run(world)
    c = found.counted
    # by how much it failed is not said; what stands there is the stamp less `exp`
    over = c.rejections["time_ms"] / 1000 - c.rejections["exp_seconds"]
    found = replace(
        found, counted=replace(c, rejections=c.rejections.assign(overshoot_seconds=over))
    )
    (incident,) = diagnose(found)
    best = incident.findings[0]
    assert best.cause is Cause.CLOCK_SKEW
    assert any("By the log's own time" in e.text for e in best.evidence_for)
    (row,) = incident.clock_skew
    assert 440 < row["seconds"] < 530
    onset = incident.episode.onset
    assert onset.high_ms - onset.low_ms < 400_000  # the stamps are right


def test_deploy_of_the_verifier_is_not_blamed_for_expired_tokens():
    found = drill("refresh_failure", 601)
    deploy = fleet.change("deploy", (found.onset_ms / 1000 - fleet.START) - 60, "auth", "innocent")
    rest = [c for c in found.changes if c.id.startswith("decoy")]
    (incident,) = diagnose(found, [*rest, deploy])
    assert named(incident) == []


def test_client_release_is_named_for_claims_that_only_some_requests_carry():
    world = fleet.quiet(604, **SMALL)
    at = 2100.0
    wrong = fleet.Outcome("audience_mismatch", "aud", "web-prod", "web-staging")
    world.extra = [(at + 12.0 * k, wrong, f"job-{k % 20}", -1) for k in range(150)]
    world.changes = [fleet.change("deploy", at - 45, "partner-importer", "guilty")]
    (incident,) = diagnose(fleet.run(world))
    assert incident.findings[0].cause is Cause.CLAIM_CONTRACT_DRIFT
    assert named(incident) == ["guilty"]


def test_rollout_that_stopped_is_told_with_how_far_it_came():
    world = fleet.partial_rollout(601, **(SMALL | {"instances": 6}))
    at = world.onset
    world.sign = lambda t, r: {"key": "k2" if t >= at and r.uniform() < 0.5 else "k1"}
    world.check = lambda i, t, token: (
        fleet.OK
        if (t >= at + 60 * i and i < 4) == (token.key == "k2")
        else fleet.Outcome("signature_invalid")
    )
    world.name = lambda i, t: f"i-{'new' if i < 4 and t >= at + 60 * i else 'old'}-{i:02d}"
    incident = diagnose(fleet.run(world))[0]
    assert incident.findings[0].cause is Cause.PARTIAL_ROLLOUT
    assert "It stopped converging at 4 of 6 instances" in incident.split["text"]


def test_rollout_without_a_record_is_told_from_the_logs():
    world = fleet.secret_changed_by_deploy(618, **SMALL)
    at, check = world.onset, world.check
    world.check = lambda i, t, token: check(i, t, token) if t >= at + 10 * i else fleet.OK
    world.name = lambda i, t: f"i-{'new' if t >= at + 10 * i else 'old'}-{i}"
    incident = diagnose(fleet.run(world), [])[0]
    assert named(incident) == []
    (found,) = [f for f in incident.findings if f.cause is Cause.SECRET_CHANGED_BY_DEPLOY]
    assert any("seen in the logs, not recorded" in e.text for e in found.evidence_for)
