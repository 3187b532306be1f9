"""The sample bundles, read as a user would, against what their simulation wrote down itself."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from logclass import pipeline
from logclass.cli.report import say_verdict

SAMPLES = Path(__file__).parent.parent / "sample_logs"


@cache
def report(scenario: str) -> dict[str, Any]:
    intake = pipeline.read([str(SAMPLES / scenario / "bundle")], pipeline.Options())
    return pipeline.diagnose(intake, command="logclass report").document


def truth(scenario: str) -> dict[str, Any]:
    return json.loads((SAMPLES / scenario / "truth.json").read_text())


@pytest.mark.parametrize("scenario", ["partial_rollout", "claim_drift", "quiet_day"])
def test_each_rejected_request_is_counted_once_with_its_reason(scenario: str) -> None:
    counts: dict[str, int] = {}
    for row in report(scenario)["counts"]:
        counts[row["reason"]] = counts.get(row["reason"], 0) + row["count"]
    assert counts == truth(scenario)["rejections_by_reason"]


@pytest.mark.parametrize("scenario", ["partial_rollout", "claim_drift"])
def test_the_incident_is_found_and_its_cause_named(scenario: str) -> None:
    (incident,) = report(scenario)["incidents"]
    known = truth(scenario)["incident"]
    assert incident["causes"][0]["cause"] == known["cause"]
    assert incident["causes"][0]["grade"] in {"confirmed", "likely"}
    caused = [change["id"] for change in incident["changes"] if change["verdict"] == "caused"]
    assert caused[0] in known["causing_changes"]
    assert incident["onset_interval"][0] <= known["onset"] <= incident["onset_interval"][1]


def test_partial_rollout_begins_and_ends_when_the_field_guide_says() -> None:
    (incident,) = report("partial_rollout")["incidents"]
    assert incident["onset"].startswith("2031-05-06T11:05")
    assert incident["recovery"] == "2031-05-06T11:40:00Z"
    assert "rotation" in incident["headline"]
    assert "old secret" in incident["headline"]


def test_claim_drift_shows_what_was_expected_and_what_came() -> None:
    (incident,) = report("claim_drift")["incidents"]
    delta = {row["claim"]: row for row in incident["claim_delta"]}
    for claim, sides in truth("claim_drift")["incident"]["claims"].items():
        assert delta[claim]["expected"] == [sides["expected"]]
        assert delta[claim]["actual"] == [sides["actual"]]
        assert delta[claim]["state"] == "mismatch"


def test_a_quiet_day_has_no_incident() -> None:
    assert report("quiet_day")["incidents"] == []


def test_the_terminal_says_the_verdict_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    say_verdict(report("claim_drift"))
    say_verdict(report("quiet_day"))
    first, step, quiet = capsys.readouterr().err.splitlines()
    assert first.startswith("confirmed: Claim contract drift: api expects iss ")
    assert step == "  check that: A freshly issued token has the iss and aud expected by api."
    assert quiet.startswith("no incident in this bundle: About ")
