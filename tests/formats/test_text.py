"""Text as real programs print it: how many events, which rejections, when, and whose."""

from __future__ import annotations

import pytest
from reading import engine

from logclass import classify, formats
from logclass.model import Source
from logclass.timestamps import isoformat

ENDED = 1_935_900_000  # 2031-05-07T06:00:00Z
EXPIRED = "jwt.exceptions.ExpiredSignatureError: Signature has expired"


def read(text: str, name: str = "app.log"):
    """Return the number of events, and time, line, service, instance and reason of the rows."""
    matcher, prefilter = engine()
    events, rows = 0, []
    source = Source(name, name, modified_seconds=ENDED)
    for batch in formats.read(source, [text.encode()], prefilter.hits, []):
        events += sum(batch.tally["events"].to_pylist())
        rows += classify.classify(batch, matcher).rejections.to_pylist()
    return events, rows


def times(rows) -> list[str]:
    return [isoformat(row["time_ms"]) for row in rows]


def test_tracebacks_one_after_another_without_times():
    trace = (
        f'Traceback (most recent call last):\n  File "/a.py", line 3, in f\n    g()\n{EXPIRED}\n'
    )
    events, rows = read(trace * 4)
    assert (events, len(rows)) == (4, 4)
    assert [row["line"] for row in rows] == [1, 5, 9, 13]


def test_a_chained_traceback_is_one_record():
    trace = (
        'ERROR:app:failed\nTraceback (most recent call last):\n  File "/a.py", line 3, in f\n'
        f"{EXPIRED}\n\nDuring handling of the above exception, another exception occurred:\n\n"
        'Traceback (most recent call last):\n  File "/b.py", line 3, in g\nweb.Unauthorized: 401\n'
    )
    events, rows = read(trace * 3)
    assert (events, len(rows)) == (3, 3)
    assert {row["reason"] for row in rows} == {"token_expired"}


def test_crlf():
    text = (
        f'ERROR:app:failed\r\nTraceback (most recent call last):\r\n  File "/a.py"\r\n{EXPIRED}\r\n'
    )
    assert read(text * 3)[0] == 3


def test_node_stacks_without_times():
    text = (
        "TokenExpiredError: jwt expired\n    at verify (/app/a.js:1:2)\n    at next (/b.js:3:4) {\n"
        "  expiredAt: 2031-05-06T07:08:09.000Z\n}\n"
    )
    events, rows = read(text * 5)
    assert (events, len(rows)) == (5, 5)
    assert [row["time_ms"] for row in rows] == [None] * 5  # when it expired is not when it failed


def test_a_log_line_and_a_stack_of_java():
    text = (
        "2031-05-06 07:08:09.123 ERROR 1 --- [nio-1] c.e.Auth : failed\n"
        "io.jsonwebtoken.ExpiredJwtException: JWT expired at 2031-05-06T06:00:00Z. Current time: x\n"
        "\tat a.b.C(C.java:7)\nCaused by: x.Y: at 2031-05-06T06:00:00Z\n\t... 12 more\n"
    )
    assert read(text * 4)[0] == 4


def test_the_level_that_comes_late_in_a_file_is_its_own_record():
    text = "".join(
        f"INFO 2031-05-06 07:{i // 60:02d}:{i % 60:02d},000 app 7 ok\n" for i in range(300)
    )
    text += "ERROR 2031-05-06 07:30:00,000 app 7 JsonWebTokenError: jwt expired\n" * 3
    events, rows = read(text)
    assert (events, len(rows)) == (303, 3)
    assert times(rows) == ["2031-05-06T07:30:00Z"] * 3


@pytest.mark.parametrize(
    ("line", "time", "service"),
    [
        ("2031-05-06T07:08:09.123Z ERROR auth: {}", "2031-05-06T07:08:09.123Z", ""),
        ("2031-05-06 07:08:09,123 - auth - ERROR - {}", "2031-05-06T07:08:09.123Z", ""),
        ("[2031-05-06 07:08:09 +0200] [7] [ERROR] {}", "2031-05-06T05:08:09Z", ""),
        ("2031/05/06 07:08:09 {}", "2031-05-06T07:08:09Z", ""),
        ("ERROR    2031-05-06 07:08:09 {}", "2031-05-06T07:08:09Z", ""),
        ("\x1b[32m2031-05-06 07:08:09\x1b[0m \x1b[31mERROR\x1b[0m {}", "2031-05-06T07:08:09Z", ""),
        ("[Nest] 7  - 05/06/2031, 7:08:09 PM   ERROR [Guard] {}", "2031-05-06T19:08:09Z", ""),
        ("E0506 07:08:09.123456       7 auth.go:12] {}", "2031-05-06T07:08:09.123Z", ""),
        ("May  6 07:08:09 host1 auth[7]: {}", "2031-05-06T07:08:09Z", "auth"),
        ("<34>May  6 07:08:09 host1 auth[7]: {}", "2031-05-06T07:08:09Z", "auth"),
        ("2031-05-06T07:08:09.5Z stderr F {}", "2031-05-06T07:08:09.500Z", ""),
        ("1935817689.123 {}", "2031-05-06T07:08:09.123Z", ""),
        ("1935817689123\t{}", "2031-05-06T07:08:09.123Z", ""),
        ('time="2031-05-06T07:08:09+02:00" level=error msg="{}"', "2031-05-06T05:08:09Z", ""),
        ("ts=2031-05-06T07:08:09Z level=error service=auth msg={}", "2031-05-06T07:08:09Z", "auth"),
    ],
)
def test_lines_of_many_loggers(line, time, service):
    text = line.format("JsonWebTokenError: jwt expired") + "\n"
    events, rows = read(text * 3)
    assert events == 3
    assert [row["reason"] for row in rows] == ["token_expired"] * 3
    assert times(rows) == [time] * 3
    assert {row["service"] for row in rows} == {service}


def test_objects_between_lines_of_text():
    text = (
        "2031-05-06T07:08:09Z INFO start\n2031-05-06T07:08:10Z INFO ready\n"
        '{"level":"error","time":"2031-05-06T07:09:09Z","msg":"jwt expired"}\n'
    )
    events, rows = read(text * 4)
    assert (events, len(rows)) == (12, 4)
    assert times(rows) == ["2031-05-06T07:09:09Z"] * 4


def test_lines_without_a_time_take_that_of_the_line_before():
    text = (
        "2031-05-06 07:08:39,123 INFO app: handling\n"
        'INFO:     10.0.0.9:50412 - "GET /orders HTTP/1.1" 401 Unauthorized\n'
    )
    events, rows = read(text * 3)
    assert (events, len(rows)) == (6, 3)
    assert times(rows) == ["2031-05-06T07:08:39.123Z"] * 3


def test_docker_compose():
    text = (
        "api-1     | 2031-05-06T07:08:09Z ERROR failed\n"
        f'worker-2  | Traceback (most recent call last):\nworker-2  |   File "/a.py"\nworker-2  | {EXPIRED}\n'
        'api-1     | {"level":50,"time":1935817689000,"msg":"jwt expired"}\n'
    )
    _, rows = read(text * 5, "compose.txt")
    found = sorted((row["service"], row["instance"], row["reason"]) for row in rows)
    assert found == sorted(
        [("worker", "worker-2", "token_expired"), ("api", "api-1", "token_expired")] * 5
    )


def test_kubectl_with_prefixes():
    text = "[pod/auth-7d9f8b6c5d-x2x9z/app] 2031-05-06T07:08:09Z ERROR JsonWebTokenError: jwt expired\n"
    events, rows = read(text * 3)
    assert events == 3
    assert [(row["service"], row["instance"]) for row in rows] == [
        ("auth", "auth-7d9f8b6c5d-x2x9z")
    ] * 3


def test_levels_before_a_bar_are_no_containers():
    text = "ERROR | 2031-05-06T07:08:09Z | JsonWebTokenError: jwt expired\n"
    assert {row["service"] for row in read(text * 3)[1]} == {""}


def test_objects_over_several_lines_behind_a_banner():
    text = '{\n  "level": "error",\n  "timestamp": "2031-05-06T07:08:09Z",\n  "message": "jwt expired"\n}\n'
    for banner in ("", "> app@1.0.0 start\n"):
        events, rows = read(banner + text * 4)
        assert len(rows) == 4
        assert events == 4 + bool(banner)
        assert times(rows) == ["2031-05-06T07:08:09Z"] * 4
