"""The timeline figure: no label meets another, and every rejection is drawn."""

import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass.render import labels, rows, timeline, words
from logclass.render.difference import compare
from logclass.render.labels import Mark
from logclass.render.marks import Event

marks = st.lists(
    st.builds(
        Mark,
        x=st.floats(40, 1000),
        widths=st.tuples(st.floats(20, 240), st.floats(5, 12)),
        rank=st.integers(0, 4),
    ),
    max_size=25,
)


@given(marks)
@settings(derandomize=True, deadline=None)
def test_no_label_meets_another_label_or_a_line(given_marks):
    placed = labels.place(given_marks, 1040.0, 40.0)
    shown = [(m.x, p) for m, p in zip(given_marks, placed, strict=True) if p]
    for i, (x, spot) in enumerate(shown):
        assert 40 <= spot.start <= spot.end <= 1040
        for j, (other_x, other) in enumerate(shown):
            if i == j:
                continue
            if spot.lane == other.lane:
                assert spot.end <= other.start or other.end <= spot.start
            if other.lane <= spot.lane:  # its line passes here
                assert not spot.start <= other_x <= spot.end, (x, spot, other_x, other)


def test_a_lonely_mark_gets_its_long_label():
    (spot,) = labels.place([Mark(100, (50, 8), 0)], 1040.0)
    assert spot is not None
    assert (spot.choice, spot.lane, spot.left) == (0, 0, False)


def test_a_mark_at_the_edge_is_labelled_on_its_left():
    (spot,) = labels.place([Mark(1030, (50, 8), 0)], 1040.0)
    assert spot is not None
    assert spot.left


def drawn(counts: list[list[int]], step: int = 60) -> list[dict]:
    start = "2031-05-06T10:00:00Z"
    series = [{"reason": f"r{i}", "counts": c} for i, c in enumerate(counts)]
    given_timeline = {"start": start, "step_seconds": step, "series": series}
    return timeline.figures(given_timeline, ["r0"], [], 1.0, [])


@given(
    st.integers(1, 720).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(0, 500), min_size=n, max_size=n), min_size=1, max_size=3
        )
    )
)
@settings(derandomize=True, deadline=None, max_examples=30)
def test_bars_hold_every_rejection_whatever_the_width(counts):
    total = sum(map(sum, counts))
    for figure in drawn(counts):
        axis = figure["axis"]
        height = 0.0
        for bars in figure["bars"]:
            for low, high in re.findall(r"M[\d.]+ ([\d.]+)V([\d.]+)", bars["path"]):
                height += float(low) - float(high)
                assert axis.top - 0.01 <= float(high) <= float(low) <= axis.bottom + 0.01
        shown = height / (axis.bottom - axis.top) * axis.peak
        assert shown == pytest.approx(total, abs=0.02 * axis.peak + 0.02 * total)


def test_three_widths_are_drawn_and_none_where_nothing_is_known():
    assert [figure["name"] for figure in drawn([[1, 2, 3]])] == ["wide", "middle", "narrow"]
    assert (
        timeline.figures({"start": "?", "step_seconds": 60, "series": []}, [], [], None, []) == []
    )


def test_ticks_are_round_and_apart():
    for step in (60, 300, 3600, 86400, 604800):
        for figure in drawn([[1] * 720], step):
            places = [tick["x"] for tick in figure["x_ticks"]]
            assert len(places) >= 2
            assert all(b - a >= 55 for a, b in pairwise(places))


def test_more_reasons_than_colours_are_added_up():
    series = [{"reason": f"r{i}", "counts": [1, 0]} for i in range(20)]
    own = [f"r{i}" for i in range(9)]
    got = timeline.ordered({"series": series}, own)
    assert len(got) <= 9
    assert sum(sum(s.counts) for s in got) == 20
    assert got[-1].reason == "other reasons of the incident (4)"


def test_instance_names_keep_what_tells_them_apart():
    names = [f"auth-api-deployment-7f9c-{i:03d}.eu-central-1.internal" for i in range(12)]
    short = rows.shorten(names, 18)
    assert len(set(short)) == 12
    assert all(len(name) <= 18 for name in short)


@pytest.mark.parametrize(
    ("value", "others", "marked"),
    [
        ("https://a.staging.x/", ["https://a.x/"], ["staging."]),
        ("https://a.x/", ["https://a.x"], ["/"]),
        ("http://a.x", ["https://a.x"], ["http"]),
        ("API", ["api"], ["API"]),
        ("web-staging", ["web-prod", "mobile"], ["staging"]),
        ("v1", ["v2"], ["1"]),
        ("same", ["same", "other"], []),
        ("alone", [], []),
        ("a ", ["a"], [" "]),
        ("x" * 900 + "-end", ["x" * 900 + "-fin"], ["end"]),
    ],
)
def test_the_part_that_differs_is_marked(value, others, marked):
    segments = compare(value, others)
    assert [s.text for s in segments if s.differs] == marked


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=3))
@settings(derandomize=True, deadline=None)
def test_marking_keeps_the_value(value, others):
    assert "".join(segment.text for segment in compare(value, others)) == value


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        *((0, "0 s"), (59, "59 s"), (60, "1 min"), (108, "1 min 48 s"), (7500, "2 h 5 min")),
        *((3600, "1 h"), (90061, "1 d 1 h"), (86400 * 3, "3 d"), (-40, "40 s"), (3605, "1 h 5 s")),
    ],
)
def test_durations_read_well(seconds, text):
    assert words.duration(seconds) == text


@given(st.floats(0, 1))
@settings(derandomize=True)
def test_a_probability_is_never_certain(share):
    assert words.percent(share) not in ("0 %", "100 %")


def test_a_vague_time_is_not_shown_to_the_second():
    time, day = "2031-05-06T11:04:41Z", "2031-05-06"
    near, far = (
        ["2031-05-06T11:04:30Z", "2031-05-06T11:04:45Z"],
        ["2031-05-06T11:00:00Z", "2031-05-06T11:07:00Z"],
    )
    assert words.point(time, near, day=day) == "11:04:41"
    assert words.point(time, far, day=day) == "11:04"
    assert words.point(time, far, day="2031-05-05") == "2031-05-06 11:04"


def test_times_share_their_precision():
    low, high = "2031-05-06T11:04:41Z", "2031-05-07T11:05:00Z"
    assert words.span(low, high) == "11:04:41 \u2013 2031-05-07 11:05:00"
    assert words.clock("no time") == "no time"
    assert (
        words.seconds_of("2031-05-06T11:04:41Z")
        == datetime(2031, 5, 6, 11, 4, 41, tzinfo=UTC).timestamp()
    )


@pytest.mark.parametrize(
    ("per_minute", "said"),
    [
        (0, "none"),
        (0.0002, "less than one a day"),
        (0.0031, "4.5 a day"),
        (0.0285, "1.7 an hour"),
        (1.5, "1.5 a minute"),
        (1234.0, "1,234 a minute"),
        (None, ""),
    ],
)
def test_a_usual_rate_is_said_in_the_unit_of_its_size(per_minute, said):
    assert words.usual(per_minute) == said


def test_a_row_is_named_as_the_rest_of_the_page_names_it():
    hashes = [f"{n:x}" * 32 for n in (3, 4)]
    assert rows.shorten(hashes, 18) == [f"{'3' * 12}…", f"{'4' * 12}…"]
    pods = [
        f"session-service-{name}" for name in ("97ea140cb-lcm88", "97ea140cb-gzxwr", "cebdeb9c0-x")
    ]
    assert rows.shorten(pods, 18) == ["…97ea140cb-lcm88", "…97ea140cb-gzxwr", "…cebdeb9c0-x"]


def marked(minutes: list[float]) -> list[dict]:
    """Return a drawing a width, with a change at each of some minutes after 10:00."""
    start = words.seconds_of("2031-05-06T10:00:00Z") or 0.0
    events = [
        Event(start + 60 * m, start + 60 * m, start + 60 * m, "deploy x", a, "change", 2)
        for m, a in zip(minutes, "ABCDEFGH", strict=False)
    ]
    series = [{"reason": "r", "counts": [5] * 60}]
    given_timeline = {"start": "2031-05-06T10:00:00Z", "step_seconds": 60, "series": series}
    return timeline.figures(given_timeline, ["r"], events, 1.0, [])


def test_changes_close_together_share_one_label_that_names_each():
    wide, middle, narrow = marked([20, 20.2, 20.4, 40])
    shown = [mark["text"] for mark in wide["marks"]]
    assert shown == ["A deploy x, B, C", "", "", "D deploy x"]
    assert [mark["text"] for mark in narrow["marks"]] == ["A B C", "", "", "D"]
    assert len(middle["marks"]) == 4  # each has its line, and its link, all the same


def test_of_a_crowd_of_changes_the_first_are_named():
    wide, *_ = marked([20 + n / 10 for n in range(7)])
    assert wide["marks"][0]["text"] == "A deploy x, B, C, D, +"


def test_one_minute_is_not_drawn_as_a_wall():
    for figure in drawn([[1]]):
        end = float(figure["bars"][0]["path"].split("H")[1].split("V")[0])
        assert end - figure["axis"].left < 50
        assert figure["axis"].top >= 24  # room for the unit above


def lag(time, onset, *clocks):
    change = {"time": time, "source": "calendar.csv"}
    return words.lag(change, {"onset": onset, "change_clocks": clocks})


def test_a_long_lag_is_not_told_to_the_second():
    at = "2031-05-06T10:48:02Z"
    assert lag(at, "2031-05-06T10:49:51Z") == "1 min 49 s before the onset"
    assert lag(at, "2031-05-06T11:05:15Z") == "17 min before the onset"
    assert lag("2031-05-06T06:11:10Z", at) == "4 h 37 min before the onset"


def test_a_lag_is_by_the_clock_of_the_logs_where_that_of_the_record_is_off():
    clock = {"source": "calendar.csv", "seconds": 7200, "is_used": True}
    times = ("2031-05-06T08:04:00Z", "2031-05-06T06:05:40Z")
    assert lag(*times, clock) == "1 min 40 s before the onset by the logs’ clock"
    assert lag(*times, clock | {"is_used": False}) == "1 h 58 min after the onset"
