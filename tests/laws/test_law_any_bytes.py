"""Any bytes into any format: it never raises, never hangs, never loses count."""

from __future__ import annotations

import json
import random
import time

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import engine

from logclass import classify, formats
from logclass.model import Fault, Source

MATCHER, PREFILTER = engine()
TASK = "4f8c2a1b9d3e4c5f8a7b6c5d4e3f2a1b"


def iso(i: int) -> str:
    return f"2031-05-06T07:{i // 60 % 60:02d}:{i % 60:02d}.123Z"


def sentry(i: int) -> dict:
    return {
        "event_id": f"{i:032x}", "timestamp": 1_935_817_680.5 + i, "platform": "python",
        "exception": {"values": [{"type": "ExpiredSignatureError", "value": "Signature has expired"}]},
        "tags": [["service", "auth"]], "contexts": {"trace": {"trace_id": "0af7"}},
        "release": "auth@1.2", "extra": {"request_id": "abc"}, "request": {"url": "/x"},
        "entries": [{"type": "message", "data": {"formatted": "jwt expired"}}],
    }  # fmt: skip


def cloudwatch(i: int) -> dict:
    return {"logStreamName": f"ecs/auth/{TASK}", "timestamp": 1_935_817_680_000 + i * 977,
            "message": "ERROR JsonWebTokenError: jwt expired\n    at x", "ingestionTime": 1,
            "eventId": str(i)}  # fmt: skip


def insight(i: int) -> list:
    return [{"field": "@timestamp", "value": f"2031-05-06 07:08:{i:02d}.123"},
            {"field": "@message", "value": "JsonWebTokenError: jwt expired"}]  # fmt: skip


FILES: dict[str, bytes] = {
    "cloudwatch-events": json.dumps({"events": [cloudwatch(i) for i in range(9)]}, indent=1).encode(),
    "cloudwatch-insights": json.dumps({"results": [insight(i) for i in range(9)]}).encode(),
    "cloudwatch-s3-export": "".join(
        f"{iso(i)} {iso(i)} ERROR JsonWebTokenError: jwt expired\n    at x\n" for i in range(9)
    ).encode(),
    "sentry-events": json.dumps([sentry(i) for i in range(5)]).encode(),
    "sentry-envelope": b"\n".join(
        line for i in range(5)
        for line in (b'{"event_id":"%032x"}' % i, b'{"type":"event"}', json.dumps(sentry(i)).encode())
    ),
    "aws-alb": "".join(
        f"https {iso(i)[:-1]}000Z app/front/5f1 203.0.113.9:47 10.0.0.5:80 0.001 0.010 0.000 401 401 "
        f'12 30 "GET https://shop.example.com:443/a HTTP/1.1" "curl" E TLSv1.2 arn "Root=1-{i}-x" '
        f'"-" "-" 0 {iso(i)} "forward" "-" "AuthInvalidIdToken" "-" "401" "-" "-"\n' for i in range(9)
    ).encode(),
    "access-combined": "".join(
        f'10.0.0.7 - - [06/May/2031:07:08:{i:02d} +0200] "GET /a HTTP/1.1" 401 12 "-" "curl"\n'
        for i in range(9)
    ).encode(),
    "json-lines": "".join(
        json.dumps({"level": 50, "time": 1_935_817_680_000 + i, "hostname": "auth-1", "reqId": "r-1",
                    "err": {"type": "Error", "message": "jwt expired"}, "msg": "no"}) + "\n"
        for i in range(9)
    ).encode(),
    "json-array": json.dumps(
        [{"timestamp": iso(i), "message": "jwt expired", "service": {"name": "a"}} for i in range(9)]
    ).encode(),
    "text": "".join(
        f"{iso(i)} ERROR [app] JsonWebTokenError: jwt expired\n    at x (y.js:1:2)\n" for i in range(9)
    ).encode(),
    "html-table": (
        "<table><tr><th>time</th><th>service</th><th>message</th></tr>\n"
        + "".join(f"<tr><td>{iso(i)}</td><td>auth</td><td>a &lt;token&gt;: jwt expired</td></tr>\n"
                  for i in range(9)) + "</table>"
    ).encode(),
    "yaml-list": b"logs:\n" + "".join(
        f"  - time: '{iso(i)}'\n    service: auth\n    message: >-\n      jwt\n      expired\n"
        for i in range(9)
    ).encode(),
}  # fmt: skip
# What stands in a wrapping that is taken off first (formats/unwrapped.py), by the format inside.
WRAPPED: dict[str, tuple[str, bytes]] = {
    "a list of Python's": ("json-array", repr(
        [{"time": iso(i), "service": "auth", "message": "it's: jwt expired", "x": None}
         for i in range(9)]
    ).encode()),
    "JSON with comments": ("json-array", b"// rows\n[\n" + b"".join(
        b'  {"time": "%b", /* a */ message: "jwt expired"}, // one\n' % iso(i).encode()
        for i in range(9)
    ) + b"]\n"),
    "a list of texts": (
        "text", json.dumps([f"{iso(i)} ERROR jwt expired" for i in range(9)]).encode()
    ),
    "one text": (
        "text", repr("".join(f"{iso(i)} ERROR jwt expired\n" for i in range(9))).encode()
    ),
    "an answer": ("json-array", b"HTTP/1.1 200 OK\r\nDate: x\r\n\r\n" + json.dumps(
        [{"time": iso(i), "message": "jwt expired"} for i in range(9)], indent=1
    ).encode()),
}  # fmt: skip


def read(data: bytes, name: str = "app.log", hint: str = ""):
    """Return events, bytes read, rows and faults of a stream."""
    faults: list[Fault] = []
    source = Source(name, name, modified_seconds=1_935_817_680, format_hint=hint)
    events = read_bytes = 0
    rows: list[dict] = []
    start = time.monotonic()
    for batch in formats.read(source, iter([data]), PREFILTER.hits, faults):
        events += sum(batch.tally["events"].to_pylist())
        read_bytes += batch.read_bytes
        rows += classify.classify(batch, MATCHER).rejections.to_pylist()
    assert time.monotonic() - start < 5
    return events, read_bytes, rows, faults


def name_of(form: str) -> str:
    return "exportedlogs/auth/000000" if form == "cloudwatch-s3-export" else "app.log"


@pytest.mark.parametrize("form", sorted(FILES))
def test_the_whole_file(form):
    events, read_bytes, rows, faults = read(FILES[form], name_of(form))
    assert events == len(rows) == (5 if "sentry" in form else 9)
    assert read_bytes == len(FILES[form])
    assert faults == []


@pytest.mark.parametrize("wrapping", sorted(WRAPPED))
def test_what_is_wrapped_is_read_whole_cut_and_damaged(wrapping):
    form, whole = WRAPPED[wrapping]
    events, read_bytes, rows, faults = read(whole)
    assert (events, len(rows), read_bytes, faults) == (9, 9, len(whole), [])
    source = Source("app.log", "app.log")
    opened = formats.open_reader(source, formats.head_of(whole, source, is_whole=True))
    assert opened[0].name == form
    for end in range(0, len(whole), 23):
        _, read_bytes, _, faults = read(whole[:end])
        assert read_bytes == end or faults
    dice = random.Random(wrapping)
    for _ in range(25):
        data = bytearray(whole)
        for _ in range(dice.choice([1, 2, 20])):
            data[dice.randrange(len(data))] = dice.choice([*b"\"'\\{}[]()\n,:/*#0 \x00"])
        _, read_bytes, _, faults = read(bytes(data))
        assert read_bytes == len(data) or faults


@pytest.mark.parametrize("form", sorted(FILES))
def test_cut_at_any_byte(form):
    whole = FILES[form]
    most = read(whole, name_of(form))[0]
    before = 0
    for end in range(0, len(whole), 23):
        events, read_bytes, rows, faults = read(whole[:end], name_of(form), hint=form)
        assert events <= most
        assert read_bytes == end or faults
        assert len(rows) <= events
        assert events >= before or faults
        before = events


@pytest.mark.parametrize("form", sorted(FILES))
def test_with_bytes_that_flipped(form):
    dice = random.Random(form)
    for _ in range(25):
        data = bytearray(FILES[form])
        for _ in range(dice.choice([1, 2, 20])):
            data[dice.randrange(len(data))] = dice.choice(
                [*b'"\\{}[]\n,:0 \x00', dice.randrange(256)]
            )
        events, read_bytes, rows, faults = read(bytes(data), name_of(form))
        assert read_bytes == len(data) or faults
        assert len(rows) <= events


@pytest.mark.parametrize("form", sorted(FILES))
def test_formats_glued_together(form):
    for other in sorted(FILES):
        data = FILES[form] + b"\n" + FILES[other]
        _, read_bytes, rows, faults = read(data, name_of(form))
        assert read_bytes == len(data) or faults
        if "cloudwatch" not in other and other not in {"json-array", "sentry-events"}:
            assert rows


leaf = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False, width=32),
    st.text(max_size=8), st.just("jwt expired"), st.just("2031-05-06T07:08:09Z"),
)  # fmt: skip
KEYS = [
    "timestamp", "time", "@timestamp", "ts", "message", "msg", "@message", "level", "events", "err",
    "error", "exception", "values", "type", "value", "tags", "contexts", "trace", "release", "service",
    "status", "statusCode", "event_id", "platform", "entries", "data", "request", "extra", "results",
    "logStreamName", "eventId", "ingestionTime", "exp", "aud", "kid", "hostname", "metadata", "log",
]  # fmt: skip
value = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=3)), inner, max_size=6),
    ),
    max_leaves=20,
)
record = st.dictionaries(st.sampled_from(KEYS), value, min_size=1, max_size=8)


@pytest.mark.parametrize("form", sorted(FILES))
@settings(derandomize=True, deadline=None, max_examples=8)
@given(
    records=st.lists(record, min_size=1, max_size=4), key=st.sampled_from(["", "events", "results"])
)
def test_json_of_any_shape(form, records, key):
    records = [{**one, "text": "jwt expired"} for one in records]
    lines = b"\n".join(orjson.dumps(one) for one in records)
    document = orjson.dumps({key: records} if key else records)
    for data in (lines, document):
        events, read_bytes, rows, faults = read(data, hint=form)
        assert read_bytes == len(data) or faults
        assert len(rows) <= events


@settings(derandomize=True, deadline=None, max_examples=80)
@given(data=st.binary(max_size=400), form=st.sampled_from(["", *sorted(FILES)]))
def test_any_bytes(data, form):
    events, read_bytes, rows, faults = read(data, hint=form)
    assert read_bytes == len(data) or faults
    assert len(rows) <= events


@pytest.mark.parametrize(
    "data",
    [
        b'{"message":"' + b'\\"' * 150_000,
        b'{"a":' * 60_000,
        b"[" * 100_000,
        b"  Traceback (most recent call last)\n" * 30_000,
        b'"' * 100_000 + b"\n",
        b"=" * 300_000 + b"jwt expired\n",
        b'10.0.0.7 - - [06/May/2031:07:08:09 +0200] "' + b"\\" * 100_000 + b'" 401 12\n',
        b"eyJ" + b"A" * 200_000 + b"." * 1000 + b" jwt expired\n",
        b"2031-05-06T07:08:09Z " + b"a.b@" * 50_000 + b" jwt expired\n",
        b"['" + b"a(" * 100_000,
        b"[" + b"/*" * 100_000,
        b"[" + b"<" * 100_000,
        b"[{'a': " + b"'x' + " * 60_000,
        b"<tr><td>time<td>message<tr>" + b"<td" * 100_000,
        b"- time: 2031-05-06T07:08:09Z\n  message: x\n" * 3 + b"- a: [" * 20_000,
        b"2031-05-06T07:08:09Z cookie: " + b"a=" * 100_000 + b" jwt expired\n",
    ],
    ids=lambda data: data[:20].decode(),
)
def test_hostile_repetition_is_read_in_bounded_time(data):
    _, read_bytes, _, faults = read(data)
    assert read_bytes == len(data) or faults


def test_half_an_escaped_character_in_a_captured_value():
    said = (
        rb"2031-05-06T07:08:09Z ERROR JsonWebTokenError: jwt audience invalid. expected: \ud83dweb"
    )
    assert len(read(said + b"\n")[2]) == 1
