"""The minute of every record: exact for every written form, zone and column."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass import formats, timestamps
from logclass.columns import NO_MINUTE
from logclass.formats.zones import zones
from logclass.model import Source

ENDED = 1_935_900_000  # 2031-05-07T06:00:00Z


def nothing(_data, starts, _ends):
    return np.zeros(len(starts), dtype=bool)


def tally(lines: list[str], modified: int | None = ENDED) -> Counter[int]:
    data = "".join(line + "\n" for line in lines).encode()
    found: Counter[int] = Counter()
    for batch in formats.read(Source("x", "x", modified_seconds=modified), [data], nothing, []):
        for row in batch.tally.to_pylist():
            found[row["minute"]] += row["events"]
    return found


def minute(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) // 60


# Written form -> how Python writes it; the clock must give back the minute it was made from.
FORMS = {
    "iso z": "%Y-%m-%dT%H:%M:%SZ x",
    "iso millis": "%Y-%m-%dT%H:%M:%S.123Z x",
    "iso nanos": "%Y-%m-%dT%H:%M:%S.123456789Z x",
    "iso offset": "%Y-%m-%dT%H:%M:%S%:z x",
    "iso micros offset": "%Y-%m-%d %H:%M:%S.123456%z x",
    "python": "%Y-%m-%d %H:%M:%S,123 x",
    "go": "%Y/%m/%d %H:%M:%S x",
    "brackets": "[%Y-%m-%d %H:%M:%S %z] [7] x",
    "level first": "INFO %Y-%m-%d %H:%M:%S,123 x",
    "level in brackets": "[INFO ] %Y-%m-%d %H:%M:%S x",
    "clf": '10.0.0.7 - - [%d/%b/%Y:%H:%M:%S %z] "GET / HTTP/1.1" 200 1',
    "asctime": "[%a %b %e %H:%M:%S %Y] [error] x",
    "apache error": "[%a %b %d %H:%M:%S.123456 %Y] [core:error] x",
    "syslog": "%b %e %H:%M:%S host app[7]: x",
    "syslog priority": "<34>%b %e %H:%M:%S host app[7]: x",
    "rfc 5424": "<34>1 %Y-%m-%dT%H:%M:%S.003Z host app 7 - - x",
    "klog": "E%m%d %H:%M:%S.123456       7 a.go:12] x",
    "nest": "[Nest] 7  - %m/%d/%Y, %I:%M:%S %p     LOG [X] x",
    "logfmt": 'time="%Y-%m-%dT%H:%M:%S%:z" level=info msg=x',
    "compose": "api-1  | %Y-%m-%dT%H:%M:%SZ x",
    "colour": "\x1b[32m%Y-%m-%d %H:%M:%S\x1b[0m x",
    "pino": '{"level":30,"time":%s123,"msg":"x"}',
    "zap": '{"level":"info","ts":%s.123,"msg":"x"}',
    "json iso": '{"msg":"x","timestamp":"%Y-%m-%dT%H:%M:%S%:z"}',
    "json spaced": '{"message": "x", "@timestamp": "%Y-%m-%d %H:%M:%S,123"}',
    "epoch": "%s.123 x",
}
WITHOUT_ZONE = {"python", "go", "level first", "level in brackets", "asctime", "apache error", "syslog",
                "syslog priority", "klog", "nest", "colour", "json spaced"}  # fmt: skip


def written(form: str, moment: datetime) -> str:
    offset = moment.strftime("%z")
    text = form.replace("%:z", f"{offset[:3]}:{offset[3:]}").replace(
        "%s", str(int(moment.timestamp()))
    )
    return moment.astimezone(UTC).strftime(text) if "Z" in form else moment.strftime(text)


moments = st.lists(st.integers(ENDED - 5 * 86_400, ENDED), min_size=1, max_size=12)


@pytest.mark.parametrize("name", sorted(FORMS))
@settings(derandomize=True, deadline=None, max_examples=12)
@given(seconds=moments, hours=st.sampled_from([0, 0, 2, -7]))
def test_every_form_gives_back_its_minute(name, seconds, hours):
    zone = timezone(timedelta(hours=0 if name in WITHOUT_ZONE else hours))
    lines = [written(FORMS[name], datetime.fromtimestamp(second, zone)) for second in seconds]
    assert tally(lines) == Counter(second // 60 for second in seconds)


def test_lines_of_several_zones_in_one_file():
    lines = [
        "2031-05-06T09:08:09+02:00 a",
        "2031-05-06T09:08:09+01:00 b",
        "2031-05-06T09:08:09Z c",
        "2031-05-06T09:08:09.5-0700 d",
        "2031-05-06T09:08:09.123456789+02:00 e",
    ]
    day = "2031-05-06T"
    hours = ("07:08+00:00", "08:08+00:00", "09:08+00:00", "16:08+00:00", "07:08+00:00")
    assert tally(lines) == Counter(minute(day + hour) for hour in hours)


def test_the_hour_that_comes_twice():
    """At the end of summer time a wall clock shows each minute of an hour twice."""
    first = [f"26/Oct/2031:02:{m:02d}:00 +0200" for m in range(60)]
    again = [f"26/Oct/2031:02:{m:02d}:00 +0100" for m in range(60)]
    lines = [f'10.0.0.7 - - [{stamp}] "GET / HTTP/1.1" 200 1' for stamp in first + again]
    start = minute("2031-10-26T00:00:00+00:00")
    assert tally(lines) == Counter(range(start, start + 120))


def test_syslog_over_new_year():
    lines = ["Dec 31 23:59:50 host app: a", "Jan  1 00:00:10 host app: b"]
    january = int(datetime(2031, 1, 2, tzinfo=UTC).timestamp())
    december = int(datetime(2030, 12, 31, 23, 59, 55, tzinfo=UTC).timestamp())
    expected = Counter([minute("2030-12-31T23:59:50+00:00"), minute("2031-01-01T00:00:10+00:00")])
    assert tally(lines, january) == tally(lines, december) == expected


def test_syslog_without_any_year_to_go_by():
    assert tally(["Dec 31 23:59:50 host app: a"], None) == {NO_MINUTE: 1}


@pytest.mark.parametrize("late", ["ERROR", "WARNING", "CRITICAL"])
def test_another_level_moves_the_stamp(late):
    lines = [f"INFO 2031-05-06 07:08:{i % 60:02d},000 app ok" for i in range(500)]
    lines += [f"{late} 2031-05-06 07:09:{i:02d},000 app failed" for i in range(3)]
    assert sorted(tally(lines).values()) == [3, 500]


def test_a_time_in_the_middle_of_a_message_is_not_the_records():
    lines = [
        "2031-05-06 07:08:09 ERROR failed",
        "io.jsonwebtoken.ExpiredJwtException: JWT expired at 2031-05-06T06:08:09Z. Current time: ...",
        "\tat a.b.C(C.java:7)",
    ] * 3
    assert tally(lines) == {minute("2031-05-06T07:08:09+00:00"): 3}


def test_lines_without_a_time_are_as_late_as_the_one_before():
    lines = [
        "2031-05-06 07:08:09 INFO a",
        'INFO:     10.0.0.9:1 - "GET / HTTP/1.1" 401 Unauthorized',
    ]
    assert tally(lines) == {minute("2031-05-06T07:08:09+00:00"): 2}


@settings(derandomize=True, deadline=None, max_examples=100)
@given(
    fraction=st.sampled_from(["", ".1", ",123", ".12345678", ".123456789"]),
    seconds=st.sampled_from(["", ":09"]),
    space=st.sampled_from(["", " "]),
    zone=st.sampled_from(["", "Z", "+02:00", "-0730", "+0000"]),
    tail=st.sampled_from(["", " ", " INFO x", "]"]),
)
def test_zones_are_told_apart_as_the_parser_tells_them(fraction, seconds, space, zone, tail):
    fraction = fraction if seconds else ""
    text = f"2031-05-06T07:08{seconds}{fraction}{space if zone else ''}{zone}{tail}"
    (code,) = zones(text.encode(), np.array([16]))
    is_offset = zone[:1] in {"+", "-"}
    assert (code != 0) == is_offset
    if is_offset:
        assert code.tobytes()[: len(zone)] == zone.encode()
    stamp = f"2031-05-06T07:08{seconds}{fraction}{zone}"
    assert timestamps.parse(stamp) is not None


@pytest.mark.parametrize(
    "other", ["1947077024972172", "2971721634", "20310913", "2030-01-02T03:04:05Z"]
)
def test_an_id_or_another_time_where_lines_have_their_stamp_is_no_stamp(other):
    """Lines of another kind may have anything in the columns where most have their time."""
    usual = '{"level":"info","msg":"ok","ts":"2031-05-06T07:08:09.000Z","host":"api-1"}'
    lines = [usual] * 300
    for more in range(80):  # the other value passes all columns, seen from both ends
        pad = "x" * more
        lines.append(
            f'{{"level":"error","msg":"{pad}","id":"{other}","ts":"2031-05-06T07:08:10.000Z"}}'
        )
        lines.append(
            f'{{"level":"error","ts":"2031-05-06T07:08:10.000Z","id":"{other}","msg":"{pad}"}}'
        )
    assert tally(lines) == {minute("2031-05-06T07:08:00+00:00"): len(lines)}
