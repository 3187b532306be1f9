"""What one record says: the fields that loggers name in their own way, and the text patterns read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass.formats.payload import decode_object, decode_text
from logclass.vocabulary import RecordKind

# Logger -> a record as its documentation or default configuration writes it.
ERRORS = {
    "pino": {"level": 50, "time": 1935817689000, "pid": 7, "hostname": "auth-1", "reqId": "4f8c2a1b9d3e",
             "err": {"type": "TokenExpiredError", "message": "jwt expired", "stack": "x\n    at y"},
             "msg": "rejected"},
    "bunyan": {"name": "auth", "hostname": "auth-1", "pid": 7, "level": 50, "v": 0, "msg": "rejected",
               "err": {"message": "jwt expired", "name": "TokenExpiredError", "stack": "x"},
               "req_id": "4f8c2a1b9d3e", "time": "2031-05-06T07:08:09.000Z"},
    "winston": {"level": "error", "message": "rejected", "timestamp": "2031-05-06T07:08:09Z",
                "error": {"name": "TokenExpiredError", "message": "jwt expired"},
                "hostname": "auth-1", "requestId": "4f8c2a1b9d3e"},
    "zap": {"level": "error", "ts": 1935817689.0, "caller": "a.go:7", "msg": "rejected",
            "error": "TokenExpiredError: jwt expired", "hostname": "auth-1",
            "request_id": "4f8c2a1b9d3e"},
    "slog": {"time": "2031-05-06T09:08:09+02:00", "level": "ERROR", "msg": "rejected",
             "err": "TokenExpiredError: jwt expired", "host": "auth-1", "requestID": "4f8c2a1b9d3e"},
    "zerolog": {"level": "error", "error": "TokenExpiredError: jwt expired", "time": 1935817689,
                "message": "rejected", "host": "auth-1", "req_id": "4f8c2a1b9d3e"},
    "logrus": {"error": "TokenExpiredError: jwt expired", "level": "error", "msg": "rejected",
               "time": "2031-05-06T07:08:09Z", "hostname": "auth-1", "request-id": "4f8c2a1b9d3e"},
    "structlog": {"event": "rejected", "level": "error", "timestamp": "2031-05-06T07:08:09Z",
                  "exception": "Traceback\nTokenExpiredError: jwt expired", "host": "auth-1",
                  "request_id": "4f8c2a1b9d3e"},
    "python-json-logger": {"asctime": "2031-05-06 07:08:09,000", "levelname": "ERROR",
                           "message": "rejected", "hostname": "auth-1",
                           "exc_info": "Traceback\nTokenExpiredError: jwt expired",
                           "request_id": "4f8c2a1b9d3e"},
    "ecs": {"@timestamp": "2031-05-06T07:08:09.000Z", "log.level": "error", "message": "rejected",
            "error": {"type": "TokenExpiredError", "message": "jwt expired"},
            "host": {"name": "auth-1"}, "trace.id": "4f8c2a1b9d3e"},
    "logstash": {"@timestamp": "2031-05-06T07:08:09.000+00:00", "@version": "1", "message": "rejected",
                 "level": "ERROR", "level_value": 40000, "HOSTNAME": "auth-1",
                 "stack_trace": "TokenExpiredError: jwt expired\n\tat a.b", "requestId": "4f8c2a1b9d3e"},
    "clef": {"@t": "2031-05-06T07:08:09.0000000Z", "@l": "Error", "@m": "rejected",
             "@x": "TokenExpiredError: jwt expired\n   at A.B()", "MachineName": "auth-1",
             "RequestId": "4f8c2a1b9d3e"},
}  # fmt: skip


@pytest.mark.parametrize("logger", sorted(ERRORS))
def test_errors_of_many_loggers(logger):
    event = decode_object(ERRORS[logger])
    assert event.time_ms == 1_935_817_689_000
    assert event.kind == RecordKind.VERIFIER
    assert event.instance == "auth-1"
    assert event.severity in {"error", "50"}
    assert event.request_id == "4f8c2a1b9d3e"
    assert "rejected" in event.text
    assert "jwt expired" in event.text
    assert "TokenExpiredError" in event.text


@pytest.mark.parametrize("logger", sorted(ERRORS))
def test_a_record_in_a_record_says_the_same(logger):
    inner = json.dumps(ERRORS[logger])
    whole = decode_object(ERRORS[logger])
    wrapped = decode_object(
        {"log": inner + "\n", "stream": "stderr", "time": "2031-05-06T07:08:10Z"}
    )
    for name in ("instance", "request_id"):
        assert getattr(wrapped, name) == getattr(whole, name)
    assert "jwt expired" in wrapped.text
    assert "jwt expired" in decode_text(inner).text
    assert "jwt expired" in decode_text("WARN rejected " + inner).text


def test_a_finished_request_is_an_access_record():
    event = decode_object(
        {"level": 30, "time": 1935817689000, "reqId": "req-1", "res": {"statusCode": 401},
         "req": {"method": "GET", "url": "/orders?token=x"}, "msg": "request completed"}
    )  # fmt: skip
    assert (event.kind, event.status, event.route) == (RecordKind.ACCESS, 401, "/orders")
    assert "401" in event.text


@pytest.mark.parametrize(
    "line",
    [
        "ERROR JsonWebTokenError: jwt expired",
        "WARNING auth: Signature has expired",
        "ERROR in app: Signature has expired",
        "error validating token: jwt expired",
        "Failed authentication: token expired",
        "INFO handler.verify: invalid signature",
    ],
)
def test_words_before_a_colon_are_no_host_and_service(line):
    event = decode_text(line)
    assert (event.service, event.instance) == ("", "")


def test_syslog_names_host_and_program():
    event = decode_text(" host1 auth-api[711]: JsonWebTokenError: jwt expired")
    assert (event.service, event.instance) == ("auth-api", "host1")


def test_pairs_in_a_line():
    event = decode_text(
        'level=warn msg="token rejected: jwt expired" service=auth request_id=4f8c2a1b9d3e '
        "iss=https://id.example.com/ kid=k1 status=401"
    )
    assert (event.service, event.request_id, event.status) == ("auth", "4f8c2a1b9d3e", 401)
    assert json.loads(event.context)["iss"] == "https://id.example.com/"
    assert json.loads(event.context)["kid"] == "k1"


def test_colours_are_taken_off():
    assert decode_text("\x1b[31mjwt expired\x1b[0m").text == "jwt expired"


key = st.sampled_from(
    ["time", "msg", "message", "level", "err", "error", "stack", "service", "host", "status", "url", "kid",
     "aud", "exp", "req", "res", "statusCode", "x", "", "log", "trace", "event"]
)  # fmt: skip
value = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**64 - 1),
        st.floats(allow_nan=False),
        st.text(max_size=10),
        st.just('{"msg":"jwt expired"}'),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(key, inner, max_size=4)),
    max_leaves=25,
)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(record=st.dictionaries(key, value, max_size=8))
def test_any_object_is_read(record):
    event = decode_object(record)
    assert isinstance(event.text, str)
    assert event.status == 0 or 100 <= event.status <= 599
    assert event.context == "" or isinstance(json.loads(event.context), dict)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(text=st.text(max_size=200))
def test_any_text_is_read(text):
    assert decode_text(text) == decode_text(text)


def test_depth_without_end_is_read():
    record: dict = {}
    inner = record
    for _ in range(900):
        inner["err"] = inner = {"message": "jwt expired"}
    assert "jwt expired" in decode_object(record).text
