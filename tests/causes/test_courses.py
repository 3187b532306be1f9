"""How an incident goes on from its first minutes to its last, and what that says of keys."""

from dataclasses import replace

import fleet
import pytest

from logclass import causes, episodes
from logclass.causes.courses import ended_alone, only_fewer, shared_secret
from logclass.evidence.slice import cut, tidy
from logclass.vocabulary import Cause, Grade

SMALL = {"minutes": 100, "rate": 40.0, "instances": 4}


def case_of(counted, changes=()):
    (episode,) = episodes.find(counted)
    part = cut(counted, episode, tidy(counted.rejections), tidy(counted.passed))
    return causes.measure(part, tuple(changes), ())


def wrong_key(share, fields=frozenset({"client"})):
    """From the onset on that share of the requests meets a verifier with a wrong key."""
    world = fleet.quiet(604, **(SMALL | {"fields": fields, "ttl": 1200.0, "relogin": 0.0}))
    at = 1500.0
    world.check = lambda i, t, token: (
        fleet.Outcome("signature_invalid") if t >= at and i < share * 4 else fleet.OK
    )
    return fleet.run(world).counted


@pytest.mark.parametrize("logs", ["requests", "rejections"])
def test_tokens_of_a_dropped_key_become_fewer(logs):
    found = fleet.run(fleet.rotation_without_overlap(601, **(SMALL | {"logs": logs})))
    case = case_of(found.counted)
    assert case.course.is_falling
    assert not case.course.is_level
    assert "fewer and fewer" in only_fewer(case).text


@pytest.mark.parametrize("share", [0.25, 1.0])
def test_a_wrong_key_goes_on_failing_for_longer_than_tokens_live(share):
    case = case_of(wrong_key(share, frozenset({"client", "iat"})))
    assert case.course.is_level
    told = only_fewer(case)
    assert told.log_odds < -1
    assert "longer than the 20 min" in told.text


def test_a_busy_hour_is_no_course():
    """Twice the traffic in the first half: per request as many fail late as early."""
    world = fleet.quiet(604, **(SMALL | {"fields": frozenset({"client"})}))
    world.surge = lambda t: 2.0 if 1500 <= t < 3700 else 1.0
    world.check = lambda i, t, token: (
        fleet.Outcome("signature_invalid") if t >= 1500 and i == 0 else fleet.OK
    )
    case = case_of(fleet.run(world).counted)
    assert case.course.is_level
    assert not case.course.is_falling


def test_tokens_signed_with_a_shared_secret_are_in_no_cached_key_set():
    counted = wrong_key(0.5)
    for alg, is_told in (("HS256", True), ("RS256", False), ("", False)):
        rows = counted.rejections.assign(alg=alg)
        case = case_of(replace(counted, rejections=rows))
        assert (shared_secret(case, 0.15) is not None) is is_told


def test_a_changed_secret_is_not_confirmed_while_another_form_explains_the_same():
    found = fleet.run(fleet.secret_changed_by_deploy(601, **SMALL))
    c = found.counted
    (incident,) = causes.diagnose(c, episodes.find(c), found.changes, ())
    p = {f.cause: f for f in incident.findings}
    best = p[Cause.SECRET_CHANGED_BY_DEPLOY]
    neighbour = p.get(Cause.KEY_FORMAT_CHANGED)
    assert (best.grade is Grade.CONFIRMED) <= (neighbour is None or neighbour.probability < 0.02)


@pytest.mark.parametrize("is_recorded", [False, True])
def test_keys_found_again_with_no_change_recorded_speak_for_a_cache(is_recorded):
    world = fleet.quiet(604, **(SMALL | {"fields": frozenset({"client"})}))
    unknown = fleet.Outcome("key_not_found")
    world.check = lambda i, t, token: unknown if 1800 <= t < 2700 else fleet.OK
    counted = fleet.run(world).counted
    changes = [
        fleet.change("rotation", 1790, "auth/jwks", "rotation"),
        fleet.change("deploy", 600, "cart-web", "decoy"),
    ]
    if is_recorded:
        changes.append(fleet.change("deploy", 2680, "auth", "fix"))
    told = ended_alone(case_of(counted, changes), 2)
    assert (told is None) is is_recorded
