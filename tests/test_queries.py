"""Errors that the queries of addresses tell, and messages of gRPC, are read as if said in words."""

import json
from urllib.parse import quote, quote_plus

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass.matcher import Matcher, Prefilter
from logclass.normalise import normalise
from logclass.patternset import load
from logclass.queries import told

SHIPPED = load()
MATCHER = Matcher(SHIPPED)
SAID = "The token's audience does not match: expected web-prod"


def line(value):
    return f'10.0.0.1 - - [04/Mar/2026:05:06:07 +0000] "GET /login?{value} HTTP/1.1" 302 5'


@pytest.mark.parametrize(
    "text",
    [
        line(f"error=denied&error_description={quote_plus(SAID)}&state=af0"),
        line(f"error_description={quote(SAID)}"),
        f"Location: https://a.example.com/cb?message={quote(SAID, safe='')}#x",
        f"redirect to /go?to=%2Fcb%3Fmessage%3D{quote(quote(SAID))}%26a%3Db",
        f"grpc-status: 16, grpc-message: {quote(SAID)}",
        f"'grpc-message', '{quote(SAID)}'",
        json.dumps({"url": line(f"reason={quote(SAID)}&a=b").replace("=", "\\u003d")}),
        json.dumps({"url": f"/cb?errorMessage={quote_plus(SAID)}&a=b"}).replace("&", "\\u0026"),
    ],
)
def test_a_reason_that_a_query_tells(text):
    match = MATCHER.match(text)
    assert match is not None
    assert match.reason == "audience_mismatch"


def test_its_words_are_put_below_and_end_where_the_value_ends():
    text = line("error=x&error_description=a%26b+is+%22c%22&state=d")
    assert normalise(text) == f'{text}\nerror_description="a&b is "c""'


@pytest.mark.parametrize(
    "text",
    [
        line("q=token+expired&page=2"),
        line("error=token_expired"),
        f'{line("page=2")} "https://a.example.com/login?error=The+token+expired" "Mozilla/5.0"',
        'client: 10.0.0.1, referrer: "https://a.example.com/login?error=The+token+expired"',
        "2026-03-04T05:06:07+00:00 error=none",
    ],
)
def test_what_is_no_error_or_was_told_before(text):
    assert told(text) == ""


@settings(derandomize=True, deadline=None)
@given(
    st.sampled_from(["error", "errMsg", "a.b_reason", "x-detail", "failure", "grpc-message"]),
    st.sampled_from(["=", "%3D", "%253d", ": ", "\\u003d"]),
    st.lists(st.sampled_from(["a", "%20", "+", "%2520", "%26", "/", "é", "\\", "&", "="])),
)
@pytest.mark.parametrize("engine", ["hyperscan", "re2"])
def test_the_scan_finds_whatever_is_put_below(engine, name, equals, parts):
    text = f"{name}{equals}{''.join(parts)}"
    if not told(text):
        return
    data = text.encode()
    found = PREFILTERS[engine].hits(data, np.array([0]), np.array([len(data)]))
    assert found.tolist() == [True]


PREFILTERS = {engine: Prefilter(SHIPPED, engine) for engine in ("hyperscan", "re2")}
