"""Stack traces that a store keeps line by line: every line is an event, the trace one rejection."""

from __future__ import annotations

import json

import pytest
from reading import engine

from logclass import classify, formats
from logclass.formats.text import said_ms
from logclass.model import Source
from logclass.timestamps import isoformat

POD = "orders-api-7d9f8b6c5d-x2x9z"
TRACES = {
    "python": [
        "2031-05-06 09:08:09,120 ERROR orders.auth: not authenticated",
        "Traceback (most recent call last):",
        '  File "/app/auth.py", line 8, in check',
        '    raise ExpiredSignatureError("Signature has expired")',
        "jwt.exceptions.ExpiredSignatureError: Signature has expired",
        "",
        "During handling of the above exception, another exception occurred:",
        "",
        "Traceback (most recent call last):",
        '  File "/app/web.py", line 3, in call',
        "werkzeug.exceptions.Unauthorized: 401 Unauthorized: Signature has expired",
    ],
    "java": [
        "2031-05-06T07:08:09.120Z ERROR 1 --- [nio-1] c.e.Auth : refused",
        "org.springframework.security.AuthenticationException: JWT expired at 2031-05-06T06:00:00Z.",
        "\tat a.b.C(C.java:7)",
        "Caused by: io.jsonwebtoken.ExpiredJwtException: JWT expired at 2031-05-06T06:00:00Z.",
        "\t... 12 more",
    ],
    "node": [
        "TokenExpiredError: jwt expired",
        "    at verify (/app/a.js:1:2) {",
        "  expiredAt: 2031-05-06T07:00:00.000Z",
        "}",
    ],
}
LAST = "2031-05-06 09:08:59,000 INFO orders.web: served"


def stamp(number: int) -> str:
    return f"2031-05-06T07:08:{9 + number // 1000:02d}.{number % 1000:03d}456789Z"


def docker(lines: list[str]) -> str:
    return "".join(
        json.dumps({"log": line + "\n", "stream": "stderr", "time": stamp(120 + at)}) + "\n"
        for at, line in enumerate(lines)
    )


def cri(lines: list[str]) -> str:
    return "".join(f"{stamp(120 + at)} stderr F {line}\n" for at, line in enumerate(lines))


def kubectl(lines: list[str]) -> str:
    return "".join(f"[pod/{POD}/app] {stamp(120 + at)} {line}\n" for at, line in enumerate(lines))


def loki(lines: list[str]) -> str:
    values = [[f"19358176891{20 + at}000000", line] for at, line in enumerate(lines)]
    result = [{"stream": {"pod": POD}, "values": values[::-1]}]
    return json.dumps({"status": "success", "data": {"result": result}})


def cloudwatch(lines: list[str]) -> str:
    events = [
        {"logStreamName": f"ecs/orders-api/{'0a1b' * 8}", "timestamp": 1935817689120 + at,
         "message": line, "ingestionTime": 1935817690000, "eventId": str(at)}
        for at, line in enumerate(lines)
    ]  # fmt: skip
    return json.dumps({"events": events})


STORES = {one.__name__: one for one in (docker, cri, kubectl, loki, cloudwatch)}


def read(text: str, modified: int = 1_935_900_000):
    matcher, prefilter = engine()
    events, rows = 0, []
    source = Source("0.log", "0.log", modified_seconds=modified)
    for batch in formats.read(source, [text.encode()], prefilter.hits, []):
        events += sum(batch.tally["events"].to_pylist())
        rows += classify.classify(batch, matcher).rejections.to_pylist()
    return events, rows


@pytest.mark.parametrize("store", sorted(STORES))
@pytest.mark.parametrize("language", sorted(TRACES))
def test_a_trace_is_one_rejection_of_many_events(language: str, store: str) -> None:
    lines = [*TRACES[language], LAST]
    events, rows = read(STORES[store](lines))
    assert events == len(lines)
    assert [row["reason"] for row in rows] == ["token_expired"]
    assert isoformat(rows[0]["time_ms"]).startswith("2031-05-06T07:08:09.12")


@pytest.mark.parametrize("store", sorted(STORES))
def test_traces_one_after_another_are_rejections_of_their_own(store: str) -> None:
    assert len(read(STORES[store](TRACES["node"] * 3))[1]) == 3
    assert len(read(STORES[store](TRACES["python"] * 2))[1]) == 2


@pytest.mark.parametrize(
    ("said", "stored", "expected"),
    [
        (None, 7, 7),
        (7, None, 7),
        (1_000_000, 1_004_000, 1_000_000),  # a collector that is late
        (2 * 3_600_000 + 1_000, 3_000, 1_000),  # local time, two hours ahead
        (-19_800_000 + 1_000, 2_000, 1_000),  # five and a half hours behind
        (400_000, 3_600_000 * 20, 3_600_000 * 20),  # a time that the text speaks of
    ],
)
def test_the_time_of_a_message_is_its_own(said, stored, expected) -> None:
    assert said_ms(said, stored) == expected


@pytest.mark.parametrize("modified", [1_924_992_010, 1_925_000_000, 1_940_000_000])
def test_dates_without_a_year_run_over_new_year(modified: int) -> None:
    text = "Dec 31 23:59:50 h-1 api[7]: jwt expired\nJan  1 00:00:10 h-1 api[7]: jwt expired\n"
    times = [isoformat(row["time_ms"]) for row in read(text, modified)[1]]
    assert times == ["2030-12-31T23:59:50Z", "2031-01-01T00:00:10Z"]
