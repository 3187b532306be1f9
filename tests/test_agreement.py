"""Zones and years that one source leaves open are told by the others of the bundle."""

from __future__ import annotations

import io
import os
import random
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest
from reading import write

from logclass import pipeline, tables
from logclass.model import Choices

START = datetime(2031, 5, 6, 7, tzinfo=UTC)
ID = "7c1e40{:02x}-9a5d-4f0e-8b31-0d6d2f00{:04x}"


def some_times(seed: int, count: int = 60, minutes: int = 90) -> list[datetime]:
    rng = random.Random(seed)
    return sorted(
        START + timedelta(milliseconds=rng.randrange(minutes * 60_000)) for _ in range(count)
    )


def app(times: list[datetime], zone: str, *, ids: bool = False) -> str:
    """Return what Python's logging writes with its default format of times."""
    out = []
    for i, one in enumerate(times):
        local = one.astimezone(ZoneInfo(zone))
        named = f" request_id={ID.format(i % 256, i)}" if ids else ""
        said = "ExpiredSignatureError: Signature has expired" if i % 3 else "accepted GET /a"
        out.append(
            f"{local:%Y-%m-%d %H:%M:%S},{local.microsecond // 1000:03} ERROR api.auth{named} {said}\n"
        )
    return "".join(out)


def edge(times: list[datetime], *, ids: bool = False, delay_ms: int = 40) -> str:
    """Return what nginx writes in JSON with $time_iso8601."""
    out = []
    for i, one in enumerate(times):
        moment = one + timedelta(milliseconds=delay_ms)
        named = f'"request_id":"{ID.format(i % 256, i)}",' if ids else ""
        status = 401 if i % 3 else 200
        out.append(
            f'{{"time":"{moment:%Y-%m-%dT%H:%M:%S+00:00}",{named}"remote_addr":"10.0.0.7",'
            f'"request":"GET /orders HTTP/1.1","status":{status}}}\n'
        )
    return "".join(out)


def first_times(intake: pipeline.Intake) -> dict[str, int]:
    return {one.source.rpartition("/")[2]: one.first_ms for one in intake.summary.sources}


def read(folder, files, **choices):
    write(folder, files)
    return pipeline.read([str(folder)], pipeline.Options(choices=Choices(**choices)))


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu"]
)
@pytest.mark.parametrize("ids", [True, False])
def test_the_offset_at_which_requests_agree(compiled, tmp_path, zone, ids):
    times = some_times(1)
    delay = 1500 if ids else 40
    intake = read(
        tmp_path,
        {"api.log": app(times, zone, ids=ids), "edge.log": edge(times, ids=ids, delay_ms=delay)},
    )
    (told,) = intake.settled
    offset = "UTC" + times[0].astimezone(ZoneInfo(zone)).isoformat()[-6:]
    assert (told.source, told.zone) == ("api.log", offset)
    assert "edge.log" in told.because
    assert ("request id" in told.because) == ids
    assert first_times(intake)["api.log"] == int(times[0].timestamp()) // 60 * 60_000
    document = pipeline.diagnose(intake, command="x").document
    assert document["timezone_assumed"] == offset
    (said,) = [
        one["assumptions"] for one in document["intake"]["sources"] if one["name"] == "api.log"
    ]
    assert said == [f"Times without a zone are read as {offset}: {told.because}."]
    # What the gateway refused is explained by the service once their times agree.
    assert sum(row["count"] for row in document["counts"]) == 40


def test_utc_is_more_than_an_assumption_when_requests_agree(compiled, tmp_path):
    times = some_times(2)
    intake = read(
        tmp_path, {"api.log": app(times, "UTC", ids=True), "edge.log": edge(times, ids=True)}
    )
    (told,) = intake.settled
    assert told.zone == "UTC"
    assert not told.changes_times


def test_a_crowd_of_rejections_without_ids_is_told_by_its_rise_and_fall(compiled, tmp_path):
    rng = random.Random(3)
    rate = [2] * 30 + [90] * 14 + [25] * 9 + [140] * 6 + [2] * 20
    times = sorted(
        START + timedelta(minutes=minute, seconds=rng.random() * 60)
        for minute, count in enumerate(rate)
        for _ in range(count)
    )
    later = [one + timedelta(seconds=rng.uniform(3, 9)) for one in times]  # slow requests
    intake = read(tmp_path, {"api.log": app(times, "Europe/Berlin"), "edge.log": edge(later)})
    (told,) = intake.settled
    assert told.zone == "UTC+02:00"
    assert "rise and fall" in told.because


@pytest.mark.parametrize("seed", range(6))
def test_what_has_nothing_in_common_tells_nothing(compiled, tmp_path, seed):
    mine, other = some_times(10 + seed, 150, 300), some_times(20 + seed, 150, 300)
    intake = read(tmp_path, {"api.log": app(mine, "Asia/Tokyo"), "shop.log": edge(other)})
    assert intake.settled == ()
    document = pipeline.diagnose(intake, command="x").document
    assert document["timezone_assumed"] == "UTC"
    (said,) = [
        one["assumptions"] for one in document["intake"]["sources"] if one["name"] == "api.log"
    ]
    assert said == ["Times without a zone are read as UTC: nothing tells their zone."]


def test_a_zone_that_the_user_names_holds(compiled, tmp_path):
    times = some_times(4)
    files = {"api.log": app(times, "Europe/Berlin", ids=True), "edge.log": edge(times, ids=True)}
    intake = read(tmp_path, files, zones=(("api*", "Asia/Tokyo"),))
    assert intake.settled == ()


def test_a_member_of_an_archive_and_an_older_file_of_the_same_service(compiled, tmp_path):
    times = some_times(5)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("logs/api.log", app(times, "Europe/Berlin", ids=True))
        archive.writestr(
            "logs/api.log.1", app([one - timedelta(days=1) for one in times], "Europe/Berlin")
        )
        archive.writestr("edge.log", edge(times, ids=True))
    intake = read(tmp_path, {"bundle.zip": buffer.getvalue()})
    assert {one.source.rpartition("/")[2]: one.zone for one in intake.settled} == {
        "api.log": "UTC+02:00", "api.log.1": "UTC+02:00",
    }  # fmt: skip
    firsts = first_times(intake)
    assert firsts["api.log"] - firsts["api.log.1"] == 86_400_000


def test_the_same_lines_with_and_without_a_zone_are_counted_once(compiled, tmp_path):
    times = some_times(6)
    zoned = "".join(
        f"{one:%Y-%m-%dT%H:%M:%S}.{one.microsecond // 1000:03}Z ERROR api.auth Signature has expired\n"
        for one in times
    )
    local = "".join(
        f"{one.astimezone(ZoneInfo('Europe/Berlin')):%Y-%m-%d %H:%M:%S}.{one.microsecond // 1000:03} "
        "ERROR api.auth Signature has expired\n"
        for one in times
    )
    intake = read(tmp_path, {"export/api.log": zoned, "host/api.log": local})
    document = pipeline.diagnose(intake, command="x").document
    assert sum(row["count"] for row in document["counts"]) == len(times)
    assert [(row["kind"], row["count"]) for row in document["echoes"]] == [("copy", len(times))]


def test_the_year_of_a_copied_file_is_that_of_the_others(compiled, tmp_path):
    times = some_times(7)
    lines = "".join(f"{one:%b %e %H:%M:%S} host api[7]: Signature has expired\n" for one in times)
    write(tmp_path, {"syslog": lines, "edge.log": edge(times)})
    os.utime(tmp_path / "syslog", (2_010_000_000, 2_010_000_000))  # copied in September 2033
    intake = pipeline.read([str(tmp_path)], pipeline.Options())
    assert first_times(intake)["syslog"] == int(times[0].timestamp()) // 60 * 60_000
    rows = tables.plain(intake.summary.tally).to_pylist()
    assert {row["minute"] // 1440 for row in rows} == {int(START.timestamp()) // 86_400}
    document = pipeline.diagnose(intake, command="x").document
    said = {one["name"]: one["assumptions"] for one in document["intake"]["sources"]}
    assert "Dates without a year are read in the year of the other sources." in said["syslog"]


def test_an_old_year_is_kept_where_the_others_are_of_another_season(compiled, tmp_path):
    times = [one - timedelta(days=120) for one in some_times(8)]
    lines = "".join(f"{one:%b %e %H:%M:%S} host api[7]: Signature has expired\n" for one in times)
    intake = read(tmp_path, {"syslog": lines, "edge.log": edge(some_times(8))})
    assert first_times(intake)["syslog"] // 1000 == int(times[0].timestamp()) // 60 * 60


def test_what_cannot_be_read_again_is_left_and_not_said_to_be_mended(
    compiled, tmp_path, monkeypatch
):
    times = some_times(9)
    write(tmp_path, {"edge.log": edge(times, ids=True)})
    data = app(times, "Europe/Berlin", ids=True).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    intake = pipeline.read(["-", str(tmp_path)], pipeline.Options())
    assert intake.settled == ()
    assert first_times(intake)["-"] == (int(times[0].timestamp()) + 7200) // 60 * 60_000


def test_the_events_have_the_times_of_the_report(compiled, tmp_path):
    times = some_times(1)
    write(
        tmp_path,
        {"in/api.log": app(times, "Europe/Berlin", ids=True), "in/edge.log": edge(times, ids=True)},
    )
    options = pipeline.Options()
    intake = pipeline.read([str(tmp_path / "in")], options)
    again = replace(options, choices=options.choices._replace(settled=intake.settled))
    pipeline.write_events([str(tmp_path / "in")], again, tmp_path / "events.parquet")
    written = pq.read_table(tmp_path / "events.parquet").column("time_ms").to_pylist()
    minutes = {int(one.timestamp()) // 60 for one in times}
    assert {one // 60_000 for one in written} <= minutes
