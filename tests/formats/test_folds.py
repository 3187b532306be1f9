"""The hour that a zone repeats: local times come out as they were, in the order of the file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from reading import engine

from logclass import formats, partition
from logclass.columns import NO_MINUTE
from logclass.model import Source

# The first moment after the clocks were put back, of zones that do so by an hour and by half one.
PUT_BACK = {
    "Europe/Berlin": datetime(2031, 10, 26, 1, tzinfo=UTC),
    "America/New_York": datetime(2031, 11, 2, 6, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2031, 4, 5, 15, tzinfo=UTC),
}
WRITTEN = {
    "text": "%Y-%m-%d %H:%M:%S,250 ERROR auth jwt expired",
    "go": "%Y/%m/%d %H:%M:%S ERROR auth jwt expired",
    "json": '{"time":"%Y-%m-%dT%H:%M:%S","level":"error","msg":"jwt expired"}',
    "csv": "%Y-%m-%d %H:%M:%S,ERROR auth jwt expired",
}


def moments(zone: str, step_seconds: float, minutes: float = 100) -> list[datetime]:
    start = PUT_BACK[zone] - timedelta(minutes=minutes)
    count = int(2 * minutes * 60 / step_seconds)
    return [start + timedelta(seconds=i * step_seconds) for i in range(count)]


def lines_of(times: list[datetime], zone: str, form: str) -> bytes:
    written = [one.astimezone(ZoneInfo(zone)).strftime(WRITTEN[form]) for one in times]
    header = ["timestamp,message"] if form == "csv" else []
    return "".join(f"{line}\n" for line in [*header, *written]).encode()


def read(data: bytes, zone: str, chunk: int = 1 << 20) -> tuple[list[int], list[int]]:
    """Return the minutes counted, and the times of the rejections in seconds, as in the file."""
    chunks = [data[at : at + chunk] for at in range(0, len(data), chunk)]
    source = Source("x", "x", zone=zone, modified_seconds=1_967_000_000)
    minutes: list[int] = []
    seconds: list[int] = []
    for batch in formats.read(source, chunks, engine()[1].hits, []):
        for row in batch.tally.to_pylist():
            minutes += [row["minute"]] * row["events"]
        seconds += [ms // 1000 for ms in batch.candidates.column("time_ms").to_pylist()]
    return sorted(minute for minute in minutes if minute != NO_MINUTE), seconds


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize("zone", PUT_BACK)
def test_both_passes_of_the_hour_stay_apart(zone, form):
    times = moments(zone, 30)
    minutes, seconds = read(lines_of(times, zone, form), zone)
    assert seconds == [int(one.timestamp()) for one in times]
    assert minutes == [int(one.timestamp()) // 60 for one in times]


@pytest.mark.parametrize("chunk", [700, 4096, 65_536])
def test_wherever_the_blocks_are_cut(chunk):
    data = lines_of(moments("Europe/Berlin", 20), "Europe/Berlin", "text")
    assert read(data, "Europe/Berlin", chunk) == read(data, "Europe/Berlin")


def test_lines_of_threads_a_little_out_of_order():
    times = moments("Europe/Berlin", 1, minutes=62)
    times = [one for pair in zip(times[1::2], times[::2], strict=True) for one in pair]
    assert read(lines_of(times, "Europe/Berlin", "text"), "Europe/Berlin")[1] == [
        int(one.timestamp()) for one in times
    ]


def test_newest_first():
    times = moments("Europe/Berlin", 60)[::-1]
    seconds = read(lines_of(times, "Europe/Berlin", "csv"), "Europe/Berlin")[1]
    assert sorted(seconds) == sorted(int(one.timestamp()) for one in times)


def test_times_that_name_their_zone_are_left_alone():
    times = moments("Europe/Berlin", 40)
    data = "".join(f"{one:%Y-%m-%dT%H:%M:%SZ} ERROR auth jwt expired\n" for one in times).encode()
    assert read(data, "Europe/Berlin")[1] == [int(one.timestamp()) for one in times]


def test_a_large_file_is_not_cut_inside_the_repeated_hour(tmp_path, monkeypatch):
    monkeypatch.setattr(partition, "PART_BYTES", 100_000)
    times = moments("Europe/Berlin", 0.75)
    path = tmp_path / "auth.log"
    path.write_bytes(lines_of(times, "Europe/Berlin", "text"))
    source = Source(str(path), str(path), size_bytes=path.stat().st_size, zone="Europe/Berlin")
    parts = partition.parts(source)
    assert 1 < len(parts) < path.stat().st_size // 100_000
    starts = [part.byte_range[0] for part in parts[1:]]
    assert not any(path.read_bytes()[at + 11 : at + 13] == b"02" for at in starts)


def test_an_offset_is_a_zone_too():
    line = b"2031-05-06 09:08:09,250 ERROR auth jwt expired\n"
    assert read(line, "+02:00")[1] == read(line, "Europe/Berlin")[1]
    assert read(line, "UTC+5:30")[1] == read(line, "Asia/Kolkata")[1]


SECOND = {  # what stands behind a local time of an hour and a half ahead or behind
    "a relay before a json record": 'May  6 {local:%H:%M:%S} host api[7]: {{"time":"{utc:%Y-%m-%dT%H:%M:%SZ}","msg":"jwt expired"}}',
    "a relay before a text": "{local:%Y-%m-%d %H:%M:%S} api-1 {utc:%Y-%m-%dT%H:%M:%S.250Z} ERROR jwt expired",
    "two keys": '{{"asctime":"{local:%Y-%m-%d %H:%M:%S}","ts":{epoch}.25,"msg":"jwt expired"}}',
    "logfmt": 'when="{local:%Y-%m-%d %H:%M:%S}" ts={epoch} msg="jwt expired"',
}


@pytest.mark.parametrize("name", SECOND)
@pytest.mark.parametrize("offset_minutes", [120, -210, 330])
def test_a_second_clock_on_the_line_tells_the_zone(name, offset_minutes):
    times = [datetime(2031, 5, 6, 12, i, 9, tzinfo=UTC) for i in range(30)]
    ahead = timedelta(minutes=offset_minutes)
    lines = [
        SECOND[name].format(local=one + ahead, utc=one, epoch=int(one.timestamp())) for one in times
    ]
    assert read("\n".join(lines).encode() + b"\n", "")[1] == [int(one.timestamp()) for one in times]


def test_times_of_tokens_are_no_clock():
    times = [datetime(2031, 5, 6, 12, i, 9, tzinfo=UTC) for i in range(30)]
    data = "".join(
        f"{one:%Y-%m-%d %H:%M:%S} ERROR jwt expired exp={int(one.timestamp()) + 3600} "
        f'expiredAt="{one + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"\n'
        for one in times
    ).encode()
    assert read(data, "")[1] == [int(one.timestamp()) for one in times]
