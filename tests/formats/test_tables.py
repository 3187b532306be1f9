"""Tables with recognisable columns: CSV of several exporters, and Parquet."""

from __future__ import annotations

import io
import os
import random
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reading import engine

from logclass import classify, formats
from logclass.model import Source
from logclass.timestamps import isoformat

EXPIRED = "jwt.exceptions.ExpiredSignatureError: Signature has expired"
FUZZED = int(os.environ.get("LOGCLASS_FUZZ_EXAMPLES", "40"))
STAMP = "2031-05-06T07:08:09"


def read(data: bytes):
    matcher, prefilter = engine()
    events, rows, faults = 0, [], []
    for batch in formats.read(Source("0", "0"), [data], prefilter.hits, faults):
        events += sum(batch.tally["events"].to_pylist())
        rows += classify.classify(batch, matcher).rejections.to_pylist()
    return events, rows, faults


TABLES = {
    "semicolons": f'timestamp;level;message\n{STAMP}Z;ERROR;"{EXPIRED}"\n{STAMP}Z;INFO;ok\n',
    "Azure portal": f'"TimeGenerated [UTC]",PodName,LogMessage\n"5/6/2031, 7:08:09.000 AM",p-1,"{EXPIRED}"\n"5/6/2031, 7:08:10.000 AM",p-1,ok\n',
    "Splunk": f'_time,host,source,_raw\n"{STAMP}.000+00:00",h-1,/x,"{EXPIRED}"\n"{STAMP}.000+00:00",h-1,/x,ok\n',
    "BigQuery": f"timestamp,severity,textPayload\n{STAMP.replace('T', ' ')}.000000 UTC,ERROR,{EXPIRED}\n{STAMP.replace('T', ' ')}.000000 UTC,INFO,ok\n",
    "trace in a field": f'@timestamp,@message\n{STAMP.replace("T", " ")}.000,"Traceback (most recent call last):\n  File ""a.py"", line 3\n{EXPIRED}"\n{STAMP.replace("T", " ")}.000,ok\n',
    "CRLF": f"timestamp,message\r\n1935817689000,{EXPIRED}\r\n1935817690000,ok\r\n",
}


@pytest.mark.parametrize("table", sorted(TABLES))
def test_rows_are_events(table: str) -> None:
    events, rows, faults = read(TABLES[table].encode())
    assert (events, faults) == (2, [])
    assert [row["reason"] for row in rows] == ["token_expired"]
    assert isoformat(rows[0]["time_ms"]).startswith(STAMP)


@pytest.mark.parametrize("kind", ["timestamp", "epoch"])
def test_parquet(kind: str) -> None:
    start = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
    moments = [start + timedelta(seconds=number) for number in range(40)]
    if kind == "epoch":
        moments = [round(moment.timestamp() * 1000) for moment in moments]
    table = pa.table(
        {"time": moments, "service": ["auth"] * 40, "pod": ["auth-1"] * 40,
         "message": [EXPIRED, "ok"] * 20}
    )  # fmt: skip
    out = io.BytesIO()
    pq.write_table(table, out)
    events, rows, faults = read(out.getvalue())
    assert (events, faults) == (40, [])
    assert len(rows) == 20
    assert {(row["service"], row["instance"]) for row in rows} == {("auth", "auth-1")}
    assert isoformat(rows[0]["time_ms"]).startswith(STAMP)


def test_parquet_that_is_cut_short_is_a_fault() -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"time": [1], "message": ["x"]}), out)
    assert read(out.getvalue()[:-20])[2][0].kind == "damaged"


def test_parquet_times_in_no_calendar_are_no_reason_to_stop() -> None:
    moments = pa.array([1_935_817_689_000_000, 2**62, -(2**62)], pa.timestamp("us"))
    out = io.BytesIO()
    pq.write_table(pa.table({"time": moments, "message": [EXPIRED] * 3}), out)
    events, rows, faults = read(out.getvalue())
    assert (events, len(rows), faults) == (3, 3, [])


def test_damaged_parquet_never_raises() -> None:
    moments = [f"{STAMP}Z"] * 40
    out = io.BytesIO()
    pq.write_table(pa.table({"time": moments, "message": [EXPIRED] * 40}), out)
    dice = random.Random(3)
    for _ in range(FUZZED):
        data = bytearray(out.getvalue())
        for _ in range(dice.choice([1, 3, 10])):
            data[dice.randrange(4, len(data) - 4)] = dice.randrange(256)
        events, rows, _ = read(bytes(data))
        assert len(rows) <= events
