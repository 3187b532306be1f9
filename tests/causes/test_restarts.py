"""A release whose instances had started long before is not what began it when others started."""

import fleet
import pandas as pd
import pytest
from test_diagnose import diagnose, named


def released(earlier_starts, at_onset_starts, lag=480.0, target="", apart=8):
    """A wrong secret that nobody recorded, minutes after a release of the same service."""
    world = fleet.secret_changed_by_deploy(605, minutes=90, rate=60.0, instances=4)
    at = world.onset
    world.changes = [fleet.change("deploy", at - lag, target or world.service, "harmless")]
    found = fleet.run(world)
    starts = [at - lag + 20 + 8 * i for i in range(4)] * earlier_starts
    starts += [at - 2 + apart * i for i in range(4)] * at_onset_starts
    return starting(world, found, starts)


def starting(world, found, starts):
    """The same logs with lines of instances that start, one after the other."""
    rows = [
        {**dict.fromkeys(found.counted.rejections.columns, ""), "service": world.service}
        | {"instance": world.name(i % 4, t), "time_ms": (fleet.START + t) * 1000, "count": 1}
        | {"minute": int((fleet.START + t) // 60), "outcome": "signal", "version": "2.1.0"}
        | {"pattern": "signals.started-release"}
        for i, t in enumerate(starts)
    ]
    told = pd.concat([found.counted.passed, pd.DataFrame(rows)], ignore_index=True)
    return fleet.replace(found, counted=fleet.replace(found.counted, passed=told))


@pytest.mark.parametrize(("earlier", "lag"), [(True, 480.0), (True, 900.0), (False, 900.0)])
def test_instances_that_started_anew_as_it_began_clear_an_earlier_release(earlier, lag):
    incident = diagnose(released(earlier, at_onset_starts=True, lag=lag))[0]
    assert named(incident) == []
    told = [e.text for c in incident.changes for e in c.evidence]
    assert any("started again" in text for text in told)


@pytest.mark.parametrize("at_onset", [True, False])
def test_a_release_whose_instances_did_not_start_before_may_have_done_it(at_onset):
    incident = diagnose(released(False, at_onset_starts=at_onset, lag=120.0))[0]
    assert named(incident) == ["harmless"]


def test_without_starts_at_the_onset_an_earlier_release_may_have_done_it():
    incident = diagnose(released(True, at_onset_starts=False))[0]
    assert named(incident) == ["harmless"]


def test_a_release_of_something_else_did_not_roll_out_what_rejects():
    """A deploy of the issuer is near, but the verifiers were started anew as it began."""
    issuer = {"target": "token-service", "lag": 200.0}
    assert named(diagnose(released(False, at_onset_starts=False, **issuer))[0]) == ["harmless"]
    (incident,) = diagnose(released(False, at_onset_starts=True, **issuer))
    assert named(incident) == []
    told = [e.text for c in incident.changes for e in c.evidence]
    assert any("what rejects was itself rolled out" in text for text in told)


def test_a_slow_rollout_is_one_rollout():
    """Instances start two minutes apart: the second one does not clear the release of the first."""
    world = fleet.secret_changed_by_deploy(605, minutes=90, rate=60.0, instances=8)
    at = world.onset
    world.changes = [fleet.change("deploy", at - 40, world.service, "guilty")]
    starts = [at - 100 + 110 * i for i in range(8)]
    (incident,) = diagnose(starting(world, fleet.run(world), starts))
    assert named(incident) == ["guilty"]


def test_the_first_instance_of_a_rollout_is_new_even_before_anything_is_rejected():
    """Six are replaced in turn; all new ones refuse, and go on when the last old one is gone."""
    world = fleet.secret_changed_by_deploy(606, minutes=150, rate=60.0, instances=6)
    at = world.onset
    swapped = [at - 200 + 150 * i for i in range(6)]
    world.name = lambda i, t: f"i-{'new' if t >= swapped[i] else 'old'}-{i}"
    world.check = lambda i, t, token: (
        fleet.Outcome("signature_invalid") if t >= max(at, swapped[i]) else fleet.OK
    )
    world.changes = [fleet.change("deploy", at - 240, world.service, "rollout")]
    (incident,) = diagnose(fleet.run(world))
    assert incident.findings[0].cause == "secret_changed_by_deploy"


IN_STAGES = [-2, 118, 238, 358]  # seconds from the onset at which instances start


@pytest.mark.parametrize(
    ("starts", "is_named"),
    [
        (IN_STAGES, True),
        ([], False),  # nothing tells of a rollout before the record
        ([370, 380, 390, 400], False),  # it began when it was recorded: a fix, perhaps
        ([*IN_STAGES, 370, 380, 390, 400], False),
        ([-1800, -1790, -1780, 358], False),  # these had run well for half an hour
    ],
)
def test_a_record_of_a_rollout_that_was_over_is_of_what_began_with_its_first_instance(
    starts, is_named
):
    world = fleet.secret_changed_by_deploy(605, minutes=90, rate=60.0, instances=4)
    world.changes = [fleet.change("deploy", world.onset + 365, world.service, "guilty")]
    found = starting(world, fleet.run(world), [world.onset + at for at in starts])
    (incident,) = diagnose(found)
    assert named(incident) == (["guilty"] if is_named else [])
    told = [e.text for c in incident.changes for e in c.evidence]
    assert any("over when it was recorded" in text for text in told) is is_named
