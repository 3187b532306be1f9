"""Where nothing but the rejections themselves speaks for a cause, it is possible and no more."""

from dataclasses import replace

import fleet
import pytest

from logclass import causes, episodes
from logclass.vocabulary import Cause, Grade

SMALL = {"minutes": 90, "rate": 60.0, "instances": 6}


def diagnose(found, changes=None, counted=None):
    counted = counted or found.counted
    changes = found.changes if changes is None else changes
    (incident,) = causes.diagnose(counted, episodes.find(counted), tuple(changes), ())
    return incident


def decoys(found):
    return [c for c in found.changes if c.id.startswith("decoy")]


@pytest.mark.parametrize("logs", ["requests", "rejections"])
def test_bare_refusals_without_a_change_that_fits_are_possible_at_most(logs):
    found = fleet.run(fleet.secret_changed_by_deploy(605, logs=logs, **SMALL))
    rows = found.counted.rejections
    bare = rows.assign(reason=rows["reason"].replace("signature_invalid", "unspecified"))
    counted = replace(found.counted, rejections=bare)
    best = diagnose(found, decoys(found), counted).findings[0]
    assert best.grade in {Grade.POSSIBLE, Grade.UNKNOWN}
    assert best.probability < 0.7


def test_signatures_that_fail_everywhere_tell_no_cause_by_themselves():
    world = fleet.secret_changed_by_deploy(605, fields=frozenset(), logs="rejections", **SMALL)
    found = fleet.run(world)
    assert diagnose(found, decoys(found)).findings[0].grade in {Grade.POSSIBLE, Grade.UNKNOWN}


def test_requests_without_a_token_all_through_the_export_may_be_how_things_are():
    world = fleet.quiet(606, minutes=90, rate=0.5, fields=frozenset(), logs="rejections")
    world.instances = 3
    missing = fleet.Outcome("header_missing")
    world.extra = [(12.0 * k, missing, "monitor", k % 3) for k in range(450)]
    found = fleet.run(world)
    best = diagnose(found, []).findings[0]
    assert best.grade in {Grade.POSSIBLE, Grade.UNKNOWN}


def test_a_wrong_secret_on_some_instances_is_no_partial_rollout():
    """Two of six are deployed with it and rolled back; they refuse all, the others take all."""
    world = fleet.secret_changed_by_deploy(605, fields=frozenset({"instance", "iat"}), **SMALL)
    at = world.onset
    bad = fleet.Outcome("signature_invalid")
    begin = (at, at + 120)
    world.check = lambda i, t, token: bad if i < 2 and begin[i] <= t < at + 600 else fleet.OK
    found = fleet.run(world)
    first, second = diagnose(found).findings[:2]
    assert first.cause is Cause.SECRET_CHANGED_BY_DEPLOY
    assert Cause.PARTIAL_ROLLOUT is not second.cause or second.probability < 0.2


@pytest.mark.parametrize(("alg", "is_open"), [("HS256", True), ("RS256", False)])
def test_a_public_key_in_another_form_does_not_fail_signatures(alg, is_open):
    world = fleet.secret_changed_by_deploy(605, fields=frozenset({"alg"}), **SMALL)
    world.sign = lambda t, rng: {"alg": alg}
    findings = diagnose(fleet.run(world)).findings
    assert findings[0].cause is Cause.SECRET_CHANGED_BY_DEPLOY
    assert any(f.cause is Cause.KEY_FORMAT_CHANGED for f in findings) is is_open
