"""Figures of drills, from verdicts made by hand."""

from __future__ import annotations

import pytest

from logclass.drills import score, table


def truth(**given):
    return {
        "cause": "key_missing",
        "variant": "",
        "records": "intact",
        "seed": 2,
        "onset": "2031-01-01T10:00:00.000Z",
        "first_rejection": "2031-01-01T10:00:20.000Z",
        "first_logged": None,
        "causing_changes": ["CHG-1"],
        "undoing_changes": ["CHG-3"],
        "decoys": ["CHG-2"],
        "affected_instances": ["api-1"],
        "skew_seconds": None,
        "is_divided": False,
        "fault_rejections": 100,
        "cell": {"faults_per_minute": 20.0, "phi": 1.0, "decoys": 1, "quirks": []},
        **given,
    }


def incident(cause="key_missing", grade="confirmed", named="CHG-1", onset="10:00:10", **given):
    return {
        "causes": [
            {"cause": cause, "grade": grade, "probability": 0.9},
            {"cause": "partial_rollout", "grade": "unknown", "probability": 0.1},
        ],
        "changes": [{"id": named, "verdict": "caused"}] if named else [],
        "onset": f"2031-01-01T{onset}Z",
        "onset_interval": ["2031-01-01T09:59:50Z", "2031-01-01T10:00:40Z"],
        "clock_skew": [],
        "split": None,
        **given,
    }


def judged(incidents, **given):
    return score.judge("one", truth(**given), {"incidents": incidents})


def test_a_right_verdict_counts_everywhere():
    figures = score.figures([judged([incident()])])["all"]
    for key in ("top1", "top3", "detected", "change_precision", "change_recall", "onset_covered"):
        assert figures[key] == 1.0
    assert figures["onset_median_seconds"] == 0.0
    assert figures["confirmed_right"] == 1.0
    assert figures["calibration_error"] == pytest.approx(0.1)


def test_spoilt_records_weigh_as_often_as_they_come():
    """Half of the intact ones named, the mis-stamped one named, a decoy where nothing is recorded.

    Named are 0.8 / 2 + 0.1 + 0.1, of these right 0.8 / 2 + 0.1; of 0.9 that are recorded.
    """
    drills = [
        judged([incident()]),
        judged([incident(named="")]),
        judged([incident()], records="misstamped"),
        judged([incident(named="CHG-2")], records="unrecorded", causing_changes=[]),
    ]
    row = score.figures(drills)["by_difficulty"][score.SPOILT]
    assert row["change_precision"] == pytest.approx(0.5 / 0.6, abs=1e-3)
    assert row["change_recall"] == pytest.approx(0.5 / 0.9, abs=1e-3)
    assert row["decoy_named"] == pytest.approx(0.1)
    assert score.SPOILT not in score.figures(drills[:3])["by_difficulty"]
    assert score.SPOILT in table.render(score.figures(drills), drills)


def test_a_decoy_and_the_undoing_change_are_wrong_changes():
    decoy, undo = judged([incident(named="CHG-2")]), judged([incident(named="CHG-3")])
    assert (decoy.change, undo.change) == ("wrong", "wrong")
    assert (decoy.is_decoy_named, undo.is_decoy_named) == (True, False)
    assert score.figures([decoy, undo])["all"]["decoy_named"] == 0.5


def test_naming_none_is_right_only_where_none_is_recorded():
    silent = judged([incident(named="")])
    lost = judged([incident(named="")], records="unrecorded", causing_changes=[])
    assert (silent.change, lost.change) == ("abstained", "none to name")
    figures = score.figures([silent, lost])["all"]
    assert figures["change_recall"] == 0.0
    assert figures["abstains_when_unrecorded"] == 1.0


def test_a_missed_incident_is_a_wrong_cause():
    missed = judged([])
    assert not missed.is_right
    assert score.figures([missed])["all"]["top1"] == 0.0
    assert "no incident found" in next(table.misses([missed]))


def test_quiet_days_count_false_incidents_and_outages():
    quiet = {"cause": None, "onset": None, "first_rejection": None, "causing_changes": []}
    false = judged([incident("hostile_probe"), incident()], **quiet)
    figures = score.figures([false, judged([], **quiet)])["quiet"]
    assert figures == {"days": 2, "false_incidents": 2, "false_outages": 1}


@pytest.mark.parametrize(("onset", "error"), [("10:00:10", 0), ("10:00:50", 30), ("09:59:00", 60)])
def test_any_time_between_the_fault_and_its_first_rejection_is_right(onset, error):
    assert judged([incident(onset=onset)]).onset_error_seconds == error


def clock(name, seconds, interval, of="instance"):
    return {"instance": name, "of": of, "seconds": seconds, "interval": interval, "samples": 300}


def test_the_offset_of_a_skewed_host_is_compared_with_the_true_one():
    skewed = [clock("api-1", 63.0, [58.0, 66.0]), clock("api-9", 0.0, [0.0, 1.0])]
    (one,) = judged([incident(clock_skew=skewed)], skew_seconds=60.0).skews
    assert (one.error_seconds, one.is_covered) == (3.0, True)


def test_an_offset_that_is_only_bounded_has_no_error_and_may_be_right():
    skewed = [clock("api-1", None, [None, -50.0])]
    (one,) = judged([incident(clock_skew=skewed)], skew_seconds=-60.0).skews
    assert (one.error_seconds, one.is_covered) == (None, True)


def test_an_issuer_that_is_ahead_is_not_told_as_hosts_that_are_behind():
    hosts = [clock("api-1", -60.0, [-61.0, -59.0])]
    issuer = [clock("https://id.example.com", 60.0, [59.0, 61.0], "issuer")]
    fault = {"skew_seconds": 60.0, "variant": "issuer"}
    assert not judged([incident(clock_skew=hosts)], **fault).skews
    (one,) = judged([incident(clock_skew=issuer)], **fault).skews
    assert one.error_seconds == 0.0


def test_divided_fleets_are_told_from_others():
    classes = {"classes": [{"instances": ["api-1"]}, {"instances": ["api-2"]}]}
    found = [
        judged([incident(split=classes)], is_divided=True),
        judged([incident()], is_divided=True),
        judged([incident(split=classes)], is_divided=None),
        judged([incident()]),
    ]
    told = score.figures(found)["division"]
    assert (told["divided"], told["found"], told["right"]) == (2, 1, 1)
    assert told["f1"] == pytest.approx(0.6667)


def test_the_interval_of_a_share_is_wilsons():
    assert score.wilson(9, 10) == pytest.approx((0.5958, 0.9821), abs=1e-4)  # Newcombe 1998
    assert score.wilson(0, 0) is None


def test_sure_and_right_is_calibrated_sure_and_wrong_is_not():
    right = judged([incident()])
    wrong = judged([incident("clock_skew")])
    assert score.calibration_error([right] * 9 + [wrong]) == pytest.approx(0.0, abs=1e-9)
    assert score.calibration_error([wrong]) == pytest.approx(0.9)


def test_the_table_has_a_row_for_each_cause_and_a_line_for_each_miss():
    found = [judged([incident()]), judged([incident("clock_skew", "likely")], cause="jwks_outage")]
    text = table.render(score.figures(found), found)
    assert "\nkey_missing " in text
    assert "\njwks_outage " in text
    assert "cause clock_skew (likely 0.90)" in text
