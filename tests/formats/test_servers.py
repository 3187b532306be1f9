"""Lines that servers wrote around a small service with PyJWT or jsonwebtoken when they were run.

What is expected is what was sent: which tokens were refused, and how many lines are events.
"""

from __future__ import annotations

from typing import Any

import pytest
from reading import engine

from logclass import classify, formats
from logclass.model import Source

SAID = (
    "token rejected: ExpiredSignatureError: Signature has expired\n"
    "token rejected: InvalidSignatureError: Signature verification failed\n"
    "token rejected: InvalidAudienceError: Audience doesn't match\n"
)
REASONS = ["token_expired", "signature_invalid", "audience_mismatch"]
GUNICORN = (
    "[2031-05-06 07:08:06 +0000] [98] [INFO] Starting gunicorn 27.0.1\n"
    "[2031-05-06 07:08:06 +0000] [98] [INFO] Using worker: sync\n"
)
DJANGO = (
    '[06/May/2031 07:08:09] "GET /orders/17 HTTP/1.1" 200 2\n'
    "Token rejected: Signature has expired\nUnauthorized: /orders/17\n"
    '[06/May/2031 07:08:09] "GET /orders/17 HTTP/1.1" 401 2\n'
)
PRETTY = (
    "  2031-05-06T07:08:09.254844Z  WARN emit: token rejected, error: ExpiredSignature\n"
    "    at src/main.rs:26\n"
    '    in emit::request with method: "GET", path: "/orders", id: 1\n\n'
)
RECORD = (
    "<record>\n  <date>2031-05-06T07:08:09.570326Z</date>\n  <millis>1935817689570</millis>\n"
    "  <level>WARNING</level>\n  <message>token rejected</message>\n  <exception>\n"
    "    <message>com.auth0.jwt.exceptions.TokenExpiredException: The Token has expired on"
    " 2031-05-06T07:00:00Z.</message>\n    <frame>\n      <class>Emit</class>\n    </frame>\n"
    "  </exception>\n</record>\n"
)
BOX = (
    "-" * 60 + "\n|" + "GetLogEvents".center(58) + "|\n+" + "-" * 58 + "+\n"
    "|| ingestionTime |  message  |   timestamp   ||\n|+---+---+---+|\n"
    "||  1935817700337|  GET /orders  |  1935817689189 ||\n"
    "||  1935817700337|  token rejected\nTraceback (most recent call last):\n"
    '  File "/app/a.py", line 9, in verify\n'
    "jwt.exceptions.ExpiredSignatureError: Signature has expired  |  1935817689189 ||\n"
    "|+---+---+---+|\n"
)
HOST = (
    '{"time":"2031-05-06T07:08:09+0000","method":"GET","request":"/o","status":"401","host":"h"}\n'
)
JOINED = "\t".join(
    f"[2031-05-06 07:08:{second:02}] WARN token rejected\nSignature has expired"
    for second in range(5)
)
CASES: dict[str, tuple[str, int, list[str]]] = {
    "gunicorn": (GUNICORN + SAID, 5, REASONS),
    "hypercorn": (GUNICORN[:64] + "\n" + SAID, 4, REASONS),
    "hypercorn-access": (
        (
            "[2031-05-06 07:08:09 +0000] [9] [INFO] 127.0.0.1:4938 - - [06/May/2031:07:08:09 +0000]"
            ' "GET /orders/17 1.1" 401 2 "-" "-"\n'
        ),
        1,
        ["unspecified"],
    ),
    "daphne": (
        '127.0.0.1:4 - - [06/May/2031:07:08:09] "GET /o" 401 2\n' * 2,
        2,
        ["unspecified"] * 2,
    ),
    "django": (DJANGO * 3, 12, ["token_expired"] * 3),
    "tracing-pretty": (PRETTY * 3, 3, ["token_expired"] * 3),
    "log4j-compact": (
        (
            "20310506070809710 INFO GET /orders/17\n20310506070809792 ERROR token rejected\n"
            "com.auth0.jwt.exceptions.TokenExpiredException: The Token has expired on x.\n\tat a.b(C:1)\n"
        ),
        2,
        ["token_expired"],
    ),
    "jul-xml": ("<?xml version='1.0'?>\n<log>\n" + RECORD * 3, 3, ["token_expired"] * 3),
    "aws-table": (BOX, 2, ["token_expired"]),
    "aws-messages": (JOINED + "\n", 5, ["token_expired"] * 5),
    "apache-json": (HOST * 2, 2, ["unspecified"] * 2),
}


def read(text: str) -> tuple[int, list[dict[str, Any]]]:
    matcher, prefilter = engine()
    events, rows, faults = 0, [], []
    source = Source("0.log", "0.log", modified_seconds=1_935_900_000)
    for batch in formats.read(source, [text.encode()], prefilter.hits, faults):
        events += sum(batch.tally["events"].to_pylist())
        rows += classify.classify(batch, matcher).rejections.to_pylist()
    assert not faults
    return events, rows


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_servers_wrote(name: str) -> None:
    text, events, reasons = CASES[name]
    counted, rows = read(text)
    found = [row["reason"] for row in rows if row["reason"] in reasons]
    assert found == reasons
    assert counted == events
    assert all(row["time_ms"] // 60_000 == 1_935_817_689 // 60 for row in rows)


def test_the_host_of_a_request_is_no_instance() -> None:
    _, rows = read(HOST)
    assert [(row["instance"], row["route"]) for row in rows] == [("", "/o")]
