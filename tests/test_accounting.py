"""For each source: what was read of it, where it is silent, and what says that it is not whole."""

from __future__ import annotations

import gzip
import json

import pytest
from reading import Read

from logclass import pipeline
from logclass.render import html, markdown
from logclass.report import to_json

JWT = "2031-05-06T%02d:%02d:09Z ERROR [auth] JsonWebTokenError: jwt expired\n"
FINE = "2031-05-06T%02d:%02d:09Z INFO [auth] GET /profile 200\n"


def lines(form: str, minutes) -> str:
    return "".join(form % divmod(420 + minute, 60) for minute in minutes)


def document(read: Read) -> dict:
    intake = pipeline.Intake(read.summary, (), ())
    report = pipeline.diagnose(intake, command="x")
    assert markdown.render(report)
    return json.loads(to_json(report)) | {"page": html.render(report)}


@pytest.fixture
def sources(bundle):
    """Return a function that writes files and returns the intake's sources by name."""

    def read(files) -> dict[str, dict]:
        found = document(bundle(files))
        return {one["name"]: one for one in found["intake"]["sources"]}

    return read


def test_records_that_were_looked_at_are_counted(sources):
    text = lines(FINE, range(60)) + lines(JWT, range(7))
    found = sources({"auth.log": text})["auth.log"]
    assert (found["events"], found["candidates"], found["rejections"]) == (67, 7, 7)
    assert found["bytes"] == len(text)


def test_faults_stand_by_kind_with_the_first(sources):
    good = '{"time":"2031-05-06T07:08:09Z","level":"info","msg":"fine"}\n'
    torn = '{"time":"2031-05-06T07:08:09Z","msg":"jwt expired\n'
    (found,) = sources({"a.log": good * 9 + torn + good * 3 + torn + good})["a.log"][
        "faults_by_kind"
    ]
    assert (found["count"], found["line"]) == (2, 10)
    assert "jwt expired" in found["excerpt"]


def test_a_hole_in_a_steady_source_is_a_gap(bundle):
    hole = [minute for minute in range(60) if not 20 <= minute < 35]
    found = document(bundle({"a.log": lines(FINE, range(60)), "b.log": lines(FINE, hole)}))
    a, b = found["intake"]["sources"]
    assert (a["quiet_minutes"], a["gaps"]) == (0, [])
    assert b["quiet_minutes"] == 15
    assert b["gaps"] == [
        {"start": "2031-05-06T07:20:00Z", "end": "2031-05-06T07:35:00Z", "minutes": 15}
    ]
    assert (
        "no lines from 07:20 to 07:35, 15 minutes in which other sources have some"
        in (found["page"])
    )


def test_a_source_that_is_often_silent_has_no_gaps(sources):
    seldom = [0, 9, 13, 14, 31, 33, 47, 58]
    found = sources({"a.log": lines(FINE, range(60)), "b.log": lines(JWT, seldom)})["b.log"]
    assert found["quiet_minutes"] == 59 - len(seldom)
    assert found["gaps"] == []


def test_silence_that_all_share_is_no_gap(sources):
    hole = [minute for minute in range(60) if not 20 <= minute < 35]
    found = sources({"a.log": lines(FINE, hole), "b.log": lines(FINE, hole)})
    assert [one["quiet_minutes"] for one in found.values()] == [0, 0]


def test_what_begins_late_and_ends_early_has_its_times_for_that(sources):
    found = sources({"a.log": lines(FINE, range(60)), "b.log": lines(FINE, range(20, 40))})["b.log"]
    assert (found["first"], found["quiet_minutes"]) == ("2031-05-06T07:20:00Z", 0)


def events(count: int, **more) -> str:
    rows = [
        {"timestamp": 1935817200000 + 500 * n, "message": f"INFO {n}", "ingestionTime": 0}
        for n in range(count)
    ]
    return json.dumps({"events": rows, **more})


def test_a_token_for_the_next_page(bundle):
    found = document(bundle({"a.json": events(5, searchedLogStreams=[], nextToken="abc")}))
    (source,) = found["intake"]["sources"]
    assert "token for further pages" in source["truncation"][0]
    assert (source["events"], found["intake"]["faults"]) == (5, 0)
    assert "token for further pages" in found["page"]


def test_a_token_at_the_end_of_a_change_record(bundle):
    trail = {"Events": [{"EventId": "1", "EventName": "PutSecretValue", "ReadOnly": "false"}]}
    trail["Events"][0] |= {"EventTime": "2031-05-06T07:00:00Z", "EventSource": "x", "Username": "d"}
    found = document(
        bundle({"a.log": lines(FINE, range(9)), "t.json": json.dumps(trail | {"NextToken": "ab"})})
    )
    assert [one["name"] for one in found["intake"]["sources"]] == ["a.log"]
    assert "token for further pages" in found["page"]
    assert found["intake"]["faults"] == 0


def test_a_compressed_file_that_breaks_off(sources):
    data = gzip.compress(lines(FINE, range(600)).encode())
    assert sources({"a.log.gz": data[:-40]})["a.log.gz"]["truncation"] == [
        "the compressed data is cut short"
    ]


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(("length", "is_cut"), [(262_144, True), (262_118, True), (262_000, False)])
def test_an_event_as_long_as_the_store_takes(sources, form, length, is_cut):
    said = ("jwt expired " + "x" * length)[:length]
    if form == "json":
        text = json.dumps(
            {"events": [{"timestamp": 1935817200000, "message": said, "ingestionTime": 0}]}
        )
    else:
        text = f"2031-05-06T07:08:09.000Z {said}\n2031-05-06T07:08:09.000Z next\n"
    found = sources({"a/000000.gz": gzip.compress(text.encode())})["a/000000.gz"]
    assert bool(found["truncation"]) == is_cut
    assert found["faults"] == 0


@pytest.mark.parametrize("count", [99, 100, 101])
def test_a_full_page_of_sentry_may_not_be_the_last(sources, count):
    rows = [
        {
            "event_id": f"{n:032x}",
            "timestamp": 1935817200 + n,
            "platform": "python",
            "exception": {"values": [{"type": "ExpiredSignatureError", "value": "x"}]},
        }
        for n in range(count)
    ]
    found = sources({"a.json": json.dumps(rows)})["a.json"]
    assert found["events"] == count
    assert bool(found["truncation"]) == (count == 100)


@pytest.mark.parametrize("count", [9_999, 10_000])
def test_as_many_rows_as_insights_gives(sources, count):
    rows = "".join(f"2031-05-06 07:00:00.000,INFO {n}\n" for n in range(count))
    found = sources({"a.csv": "@timestamp,@message\n" + rows})["a.csv"]
    assert found["events"] == count
    assert bool(found["truncation"]) == (count == 10_000)
