"""HTTP archives in the shape of HAR 1.2 (w3c.github.io/web-performance/specs/HAR)."""

from __future__ import annotations

import base64
import json

from test_unwrapped import REASONS, SAID, TIMES, ms, read

CHALLENGE = 'Bearer error="invalid_token", error_description="{}"'


def archive(answers: list[dict]) -> str:
    entries = [
        {
            "startedDateTime": time,
            "time": 12.5,
            "request": {
                "method": "GET",
                "url": "https://shop.example.com/orders/1?access_token=jwt+expired",
                "headers": [{"name": "X-Last-Error", "value": "jwt expired"}],
            },
            "response": answer,
            "timings": {},
        }
        for time, answer in zip(TIMES, answers, strict=True)
    ]
    made = {"version": "1.2", "creator": {"name": "0", "version": "1"}, "entries": entries}
    return json.dumps({"log": made})


def answer(text: str) -> dict:
    is_refused = text in SAID[1::2]
    return {
        "status": 401 if is_refused else 200,
        "headers": [],
        "content": {"text": json.dumps({"error": text if is_refused else "no jwt expired"})},
    }


def test_refusals_are_read_from_what_was_answered() -> None:
    format_, events, rows, faults = read(archive([answer(text) for text in SAID]))
    assert (format_, events, faults) == ("har", len(SAID), [])
    assert [row["reason"] for row in rows] == REASONS
    assert [row["time_ms"] for row in rows] == [ms(time) for time in TIMES[1::2]]
    assert {(row["status"], row["route"]) for row in rows} == {(401, "/orders/:id")}


def test_a_header_and_a_packed_body_say_why_too() -> None:
    packed = base64.b64encode(b'{"error": "jwt malformed"}').decode()
    answers = [answer("done") for _ in SAID]
    answers[1] = {
        "status": 401,
        "headers": [
            {"name": "WWW-Authenticate", "value": CHALLENGE.format("The token is expired")}
        ],
        "content": {"text": ""},
    }
    answers[3] = {"status": 401, "headers": [], "content": {"text": packed, "encoding": "base64"}}
    rows = read(archive(answers))[2]
    assert [row["reason"] for row in rows] == ["token_expired", "token_malformed"]
