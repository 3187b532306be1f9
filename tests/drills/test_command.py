"""`logclass drill` from end to end."""

from __future__ import annotations

import json

from click.testing import CliRunner

from logclass.cli import logclass


def call(*words):
    return CliRunner().invoke(logclass, [str(word) for word in words])


def test_a_drill_is_made_and_scored(compiled, tmp_path):
    chosen = ("--seed", 4, "--requests", 600, "--format", "json", "--workers", 1)
    made = call("drill", "header_stripped", *chosen, "-o", tmp_path)
    assert made.exit_code == 0, made.output
    truth = json.loads((tmp_path / "header_stripped-4" / "truth.json").read_text())
    assert truth["cause"] == "header_stripped"
    assert truth["use"] == "tuning"
    scored = call("drill", "score", tmp_path, "--json", "--workers", 1)
    assert scored.exit_code == 0, scored.output
    document = json.loads(scored.output)
    assert document["figures"]["drills"] == 1
    assert document["drills"][0]["name"] == "header_stripped-4"
    assert "all faults" in call("drill", "score", tmp_path, "--workers", 1).output


def test_help_lists_every_cause():
    text = call("drill", "--help").output
    assert "partial_rollout" in text
    assert "quiet" in text
    assert "score" in text
