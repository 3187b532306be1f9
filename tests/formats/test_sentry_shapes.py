"""One and the same events as Sentry's API, webhooks, downloads and envelopes hand them out.

The events are recorded ones; what is around them follows Sentry's API schema.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from reading import engine

from logclass import classify, formats
from logclass.model import Source

RECORDED = Path(__file__).parent / "fixtures" / "sentry-events" / "events.json"
EVENTS = json.loads(RECORDED.read_text())
REASONS = {"audience_mismatch": 1, "signature_invalid": 3, "token_expired": 2, "token_malformed": 3}
POD = "orders-api-7d9f8b6c5d-x2x9z"


def error(event) -> dict:
    return event["exception"]["values"][-1]


def title(event) -> str:
    return f"{error(event)['type']}: {error(event)['value']}"


def tags(event) -> list[dict]:
    names = ("environment", "release", "server_name", "level")
    return [{"key": name, "value": event.get(name, "")} for name in names]


def listed(event) -> dict:
    """Return an event as a list of an issue's events has it."""
    return {
        "id": event["event_id"], "eventID": event["event_id"], "groupID": "7", "projectID": "3",
        "title": title(event), "message": "", "platform": "python", "event.type": "error",
        "dateCreated": event["timestamp"][:19] + "Z", "tags": tags(event), "user": None,
        "culprit": "app in check", "metadata": {key: error(event)[key] for key in ("type", "value")},
    }  # fmt: skip


def detailed(event) -> dict:
    frames = [{"filename": "a.py", "context": [[1, 'raise Expired("Signature has expired")']]}]
    values = [
        {"type": value["type"], "value": value["value"], "stacktrace": {"frames": frames}}
        for value in event["exception"]["values"]
    ]
    crumb = {"type": "log", "message": "invalid audience", "timestamp": event["timestamp"]}
    return {
        **listed(event), "release": {"version": event["release"], "dateCreated": "2031-05-01T00:00:00Z"},
        "entries": [{"type": "exception", "data": {"values": values}},
                    {"type": "breadcrumbs", "data": {"values": [crumb]}}],
    }  # fmt: skip


def downloaded(event) -> dict:
    moment = datetime.fromisoformat(event["timestamp"]).timestamp()
    pairs = [[tag["key"], tag["value"]] for tag in tags(event)]
    return {**event, "timestamp": moment, "datetime": event["timestamp"], "tags": pairs}


def row(event) -> dict:
    return {
        "id": event["event_id"], "timestamp": event["timestamp"], "title": title(event),
        "project.name": "orders-api", "release": event["release"], "server_name": event["server_name"],
    }  # fmt: skip


def discover_csv() -> str:
    out = io.StringIO()
    table = csv.DictWriter(out, list(row(EVENTS[0])), lineterminator="\r\n")
    table.writeheader()
    table.writerows(row(event) for event in EVENTS)
    return out.getvalue()


def envelope(event, *, with_length: bool) -> str:
    payload = json.dumps(event)
    item = {"type": "event", **({"length": len(payload)} if with_length else {})}
    return "\n".join([
        json.dumps({"event_id": event["event_id"], "sent_at": event["timestamp"]}),
        json.dumps({"type": "client_report"}), json.dumps({"discarded_events": []}),
        json.dumps(item), payload,
        json.dumps({"type": "attachment", "length": 10}), "ab\ncd\nefgh", "",
    ])  # fmt: skip


def lines(values) -> str:
    return "\n".join(json.dumps(value) for value in values)


SHAPES = {
    "events of an issue": json.dumps([listed(event) for event in EVENTS]),
    "events of an issue, pretty": json.dumps([listed(event) for event in EVENTS], indent=2),
    "events in full": json.dumps([detailed(event) for event in EVENTS]),
    "hashes": json.dumps([{"id": "ab", "latestEvent": detailed(event)} for event in EVENTS]),
    "raw events, one a line": lines(EVENTS),
    "json downloads": lines(downloaded(event) for event in EVENTS),
    "error webhooks": lines(
        {"action": "created", "actor": {"id": "sentry"}, "data": {"error": downloaded(event)}}
        for event in EVENTS
    ),
    "alert webhooks": json.dumps(
        [{"action": "triggered", "data": {"event": downloaded(event)}} for event in EVENTS]
    ),
    "service hooks": lines(
        {"id": "7", "project": "orders", "culprit": "c", "message": "m", "event": downloaded(event)}
        for event in EVENTS
    ),
    "Discover": json.dumps({"data": [row(event) for event in EVENTS], "meta": {"fields": {}}}),
    "Discover CSV": discover_csv(),
    "envelopes": "\n".join(envelope(event, with_length=True) for event in EVENTS),
    "envelopes without length": "\n".join(envelope(event, with_length=False) for event in EVENTS),
}  # fmt: skip


def read(text: str):
    matcher, prefilter = engine()
    events, rows, faults = 0, [], []
    for batch in formats.read(Source("0.log", "0.log"), [text.encode()], prefilter.hits, faults):
        events += sum(batch.tally["events"].to_pylist())
        rows += classify.classify(batch, matcher).rejections.to_pylist()
    return events, rows, faults


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_the_same_events_in_every_shape(shape: str) -> None:
    events, rows, faults = read(SHAPES[shape])
    assert (events, faults) == (9, [])
    assert Counter(row["reason"] for row in rows) == REASONS
    assert {row["kind"] for row in rows} == {"sentry"}
    assert {(row["service"], row["instance"]) for row in rows} == {("orders-api", POD)}
    times = [datetime.fromisoformat(event["timestamp"]).timestamp() for event in EVENTS]
    assert all(abs(row["time_ms"] / 1000 - time) < 1 for row, time in zip(rows, times, strict=True))


def test_a_list_of_issues_is_no_list_of_events() -> None:
    issue = {"id": "1", "shortId": "O-1", "title": "Signature has expired", "count": "312",
             "firstSeen": "2031-05-06T07:00:00Z", "lastSeen": "2031-05-06T08:00:00Z"}  # fmt: skip
    events, rows, faults = read(json.dumps([issue]))
    assert (events, rows) == (0, [])
    assert faults[0].kind == "aggregate"
