"""By how much clocks are off, of fleets whose lines tell the times of their tokens."""

from __future__ import annotations

import pytest

from logclass import pipeline
from logclass.drills.drill import make
from logclass.drills.verifying import Verifiers
from logclass.drills.world import Wanted


@pytest.fixture(autouse=True)
def _compiled_once(compiled):
    """Compile the patterns once for all tests."""


def told(seed, directory):
    """Return the truth of a drill, its first incident's clocks, and the headline."""
    drill = make("clock_skew", seed, Wanted(), Verifiers())
    drill.save(directory)
    intake = pipeline.read([str(directory / "bundle")], pipeline.Options(workers=1))
    first = pipeline.diagnose(intake, command="test").document["incidents"][0]
    return drill.truth, first["clock_skew"], first["headline"]


def test_hosts_that_stamp_their_own_lines_are_told_to_the_second(tmp_path):
    truth, rows, headline = told(8200, tmp_path)
    assert {row["instance"] for row in rows} == set(truth["affected_instances"])
    for row in rows:
        assert row["of"] == "instance"
        assert row["seconds"] == pytest.approx(truth["skew_seconds"], abs=1.0)
        assert row["interval"][0] <= truth["skew_seconds"] <= row["interval"][1]
    assert "behind" in headline


@pytest.mark.parametrize("seed", [8202, 8216])
def test_where_all_hosts_see_tokens_from_the_future_the_issuer_is_ahead(seed, tmp_path):
    truth, (row,), headline = told(seed, tmp_path)
    assert truth["variant"] == "issuer"
    assert row["of"] == "issuer"
    assert row["seconds"] == pytest.approx(truth["skew_seconds"], abs=1.0)
    assert headline.startswith("Clock skew: https://auth.example.com/ was about ")


def test_a_host_that_refuses_tokens_of_every_age_is_off_by_no_less(tmp_path):
    """Its clock is ahead by more than a token lives: by how much more no line can tell."""
    truth, rows, headline = told(8226, tmp_path)
    for row in rows:
        assert row["seconds"] is None
        low, high = row["interval"]
        assert low <= truth["skew_seconds"]
        assert high is None
    assert "at least 10 min ahead" in headline
