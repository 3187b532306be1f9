"""Instances that begin to reject when each is started anew tell of what the start brought."""

import functools

import fleet
import pandas as pd
import pytest
from test_diagnose import diagnose

SPREAD = 240  # seconds that the rollout takes


@functools.cache
def rolled(name, is_staggered):
    """A fault that a rollout brings instance by instance, or that strikes all at its beginning."""
    world = getattr(fleet, name)(605, minutes=70, rate=60.0, instances=4)
    at, check = world.onset, world.check
    starts = [at + SPREAD * i / 3 for i in range(4)]

    def late(i, t, token):
        return fleet.OK if t < starts[i] else check(i, t, token)

    if is_staggered:
        world.check = late
    found = fleet.run(world)
    rows = [
        {**dict.fromkeys(found.counted.rejections.columns, ""), "service": world.service}
        | {"instance": world.name(i, t), "time_ms": (fleet.START + t) * 1000, "count": 1}
        | {"minute": int((fleet.START + t) // 60), "outcome": "signal", "version": "2.1.0"}
        | {"pattern": "signals.started-release"}
        for i, t in enumerate(starts)
    ]
    told = pd.concat([found.counted.passed, pd.DataFrame(rows)], ignore_index=True)
    return fleet.replace(found, counted=fleet.replace(found.counted, passed=told))


def dose(incident):
    return [e.text for f in incident.findings for e in f.evidence_for if e.kind == "dose"]


@pytest.mark.parametrize("name", ["key_missing", "secret_changed_by_deploy"])
def test_each_at_its_own_start_is_a_witness(name):
    incident = diagnose(rolled(name, is_staggered=True))[0]
    assert incident.findings[0].cause == name
    assert any("each at its own start" in text for text in dose(incident))


def test_all_at_once_is_none():
    assert dose(diagnose(rolled("key_missing", is_staggered=False))[0]) == []
