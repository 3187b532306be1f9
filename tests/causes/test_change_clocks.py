"""Change records whose clock is off: put right in the open where the logs show it, else proposed."""

from dataclasses import replace

import pytest
from test_diagnose import diagnose, drill, named

from logclass.evidence.stamps import release_of
from logclass.model import ChangeEvent
from logclass.vocabulary import ChangeKind

HOUR_MS = 3_600_000


def moved(found, hours):
    """The changes of a drill, stamped by a clock that is so many hours ahead."""
    by = round(hours * HOUR_MS)
    return [
        replace(c, time_ms=c.time_ms + by, end_ms=None if c.end_ms is None else c.end_ms + by)
        for c in found.changes
    ]


@pytest.mark.parametrize("hours", [2, -3, 5.5])
def test_two_changes_that_agree_show_the_offset_and_are_used(hours):
    found = drill("secret_changed_by_deploy", 601)
    incident = diagnose(found, moved(found, hours))[0]
    assert named(incident) == ["guilty"]
    (clock,) = incident.change_clocks
    assert clock["is_used"]
    assert clock["seconds"] == hours * 3600
    assert {"guilty", "undo"} <= set(clock["changes"])
    verdict = next(v for v in incident.changes if v.change.id == "guilty")
    recorded = next(c.time_ms for c in moved(found, hours) if c.id == "guilty")
    assert verdict.change.time_ms == recorded
    assert any("by the logs' clock" in e.text for e in verdict.evidence)
    assert "of the logs" in incident.headline or "behind the logs" in incident.headline


def test_records_of_several_sources_that_agree_show_that_the_logs_are_off():
    """The deploy stands in one list and its rollback in another: each alone would only fit."""
    found = drill("secret_changed_by_deploy", 601)
    apart = [
        replace(c, source="pipeline.json" if c.id == "guilty" else "tickets.csv")
        for c in moved(found, 2)
    ]
    incident = diagnose(found, apart)[0]
    assert named(incident) == ["guilty"]
    assert {c["source"] for c in incident.change_clocks} == {"pipeline.json", "tickets.csv"}
    assert all(c["is_used"] and c["seconds"] == 7200 for c in incident.change_clocks)
    without = [c for c in apart if c.id != "undo"]
    alone = diagnose(found, without)[0]
    assert named(alone) == []
    assert [c["is_used"] for c in alone.change_clocks] == [False]


@pytest.mark.parametrize(
    ("version", "description", "release"),
    [
        ("3.1.0", "", "3.1.0"),
        ("2f045fa7f753", "deploy v3.1.0 weekly release", "3.1.0"),
        ("2f045fa7f753", "deploy main: bump pyjwt from 2.7.0 to 3.1.0", ""),  # not its own release
        ("auth:17", "release 3.1.0 of something", ""),
    ],
)
def test_a_commit_goes_with_the_tag_it_was_built_from(version, description, release):
    change = ChangeEvent("d", 0, ChangeKind.DEPLOY, "auth", "github.json", description)
    assert release_of(replace(change, version=version), {"3.1.0": 0.0}) == release


def test_a_record_written_minutes_late_is_told_by_its_release():
    """The rollback is recorded in time: it does not make the record of the release right."""
    found = drill("library_upgrade", 601)
    late = [
        replace(c, time_ms=found.onset_ms + 150_000) if c.id == "guilty" else c
        for c in found.changes
    ]
    end = found.onset_ms + 40 * 60_000
    back = ChangeEvent("undo", end, ChangeKind.ROLLBACK, "auth", late[0].source, version="1.0")
    incident = diagnose(found, [*late, back])[0]
    assert named(incident) == ["guilty"]
    (clock,) = incident.change_clocks
    assert 60 < clock["seconds"] < 600


def test_key_that_a_record_names_shows_its_time():
    found = drill("rotation_without_overlap", 601, fields=frozenset({"instance", "kid", "client"}))
    incident = diagnose(found, moved(found, 1))[0]
    assert named(incident) == ["guilty"]
    assert incident.change_clocks[0]["seconds"] == 3600


def test_one_change_that_would_fit_is_proposed_and_not_named():
    found = drill("key_missing", 601)
    incident = diagnose(found, moved(found, 2))[0]
    assert named(incident) == []
    assert [c["is_used"] for c in incident.change_clocks] == [False]
    assert "check its clock and zone" in incident.change_clocks[0]["text"]


@pytest.mark.parametrize("name", ["secret_changed_by_deploy", "rotation_without_overlap"])
def test_records_that_fit_as_they_are_stay(name):
    assert diagnose(drill(name, 602))[0].change_clocks == ()


def test_probabilities_of_changes_and_of_none_add_up_to_one():
    found = drill("secret_changed_by_deploy", 601)
    for changes in (found.changes, [c for c in found.changes if c.id.startswith("decoy")]):
        incident = diagnose(found, changes)[0]
        total = incident.no_change + sum(v.probability for v in incident.changes)
        assert total == pytest.approx(1, abs=0.01)
    assert incident.no_change > 0.6
    assert max(v.probability for v in incident.changes) < 0.3
