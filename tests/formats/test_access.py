"""Access logs: status, route, client and ids, as servers really write them."""

from __future__ import annotations

from collections import Counter

import pytest
from reading import engine

from logclass import classify, formats
from logclass.model import Source

HEAD = '10.0.0.7 - - [06/May/2031:07:08:09 +0000] "GET /warm HTTP/1.1" 200 1 "-" "x"\n' * 3


def read(text: str):
    matcher, prefilter = engine()
    classes, rows = Counter(), []
    for batch in formats.read(
        Source("access.log", "access.log"), [text.encode()], prefilter.hits, []
    ):
        for one in batch.tally.to_pylist():
            classes[one["status_class"]] += one["events"]
        rows += classify.classify(batch, matcher).rejections.to_pylist()
    return classes, rows


@pytest.mark.parametrize(
    ("line", "route", "client"),
    [
        ('10.0.0.7 - - [{}] "GET /a HTTP/1.1" 401 12', "/a", "10.0.0.7"),
        ('10.0.0.7 - ann [{}] "GET /a?x=1 HTTP/1.1" 401 12 "-" "curl"', "/a", "10.0.0.7"),
        ('::1 - - [{}] "POST /a HTTP/2.0" 401 - "-" "curl" 0.003', "/a", "::1"),
        ('shop.example.com:443 10.0.0.7 - - [{}] "GET /a HTTP/1.1" 401 12', "/a", "10.0.0.7"),
        ('10.0.0.7 - a b c [{}] "GET /a HTTP/1.1" 401 12 "-" "-"', "/a", "10.0.0.7"),
        ('10.0.0.7 - - [{}] "GET /a\\"b HTTP/1.1" 401 12 "-" "-"', '/a\\"b', "10.0.0.7"),
        ('10.0.0.7 - - [{}] "GET /\\" 200 x HTTP/1.1" 401 12 "-" "-"', '/\\"', "10.0.0.7"),
    ],
)
def test_lines(line, route, client):
    classes, rows = read(HEAD + line.format("06/May/2031:07:08:10 +0000") + "\n")
    assert classes == {2: 3, 4: 1}
    assert [(row["route"], row["client"], row["status"], row["kind"]) for row in rows] == [
        (route, client, 401, "access")
    ]


def test_a_200_that_speaks_of_401_is_no_rejection():
    line = '10.0.0.7 - - [06/May/2031:07:08:10 +0000] "GET /401 HTTP/1.1" 200 401 "/x 401 " "401"\n'
    classes, rows = read(HEAD + line)
    assert (classes, rows) == ({2: 4}, [])


def test_lines_of_the_application_in_the_same_stream_are_read_as_text():
    line = "[2031-05-06 07:08:10 +0000] [7] [ERROR] JsonWebTokenError: jwt expired\n"
    classes, rows = read(HEAD + line)
    assert classes == {2: 3, 0: 1}
    assert [(row["reason"], row["kind"]) for row in rows] == [("token_expired", "verifier")]


def test_a_binary_request_is_counted():
    line = '10.0.0.7 - - [06/May/2031:07:08:10 +0000] "\\x16\\x03\\x01" 400 150 "-" "-"\n'
    assert read(HEAD + line)[0] == {2: 3, 4: 1}


def test_balancer_lines_say_status_reason_and_trace():
    line = (
        "https 2031-05-06T07:08:09.123456Z app/front/5f1 203.0.113.9:4711 - -1 -1 -1 {} - 120 30 "
        '"GET https://shop.example.com:443/a?t=1 HTTP/1.1" "curl" ECDHE TLSv1.2 - "Root=1-abc-def" '
        '"shop.example.com" "-" 0 2031-05-06T07:08:09.1Z "authenticate" "-" "{}" "-" "-" "-" "-"\n'
    )
    classes, rows = read(line.format(401, "AuthInvalidIdToken") + line.format(200, "-") * 2)
    assert classes == {2: 2, 4: 1}
    (row,) = rows
    assert (row["client"], row["status"]) == ("203.0.113.9", 401)
    assert row["link"] != 0
