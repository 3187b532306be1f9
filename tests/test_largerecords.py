"""Change records of any size tell what they tell in one piece."""

from __future__ import annotations

import json

import pytest
from reading import ENDED

from logclass import changes, records
from logclass.changes import ChangeRead
from logclass.model import Source


def trail(number: int, name: str = "PutSecretValue", **more: object) -> dict[str, object]:
    """Return a record as CloudTrail delivers it to S3."""
    second = number % 60
    return {
        "eventVersion": "1.11", "eventTime": f"2031-05-06T07:{number // 60 % 60:02}:{second:02}Z",
        "eventSource": "secretsmanager.amazonaws.com", "eventName": name, "awsRegion": "eu-west-1",
        "requestParameters": {"secretId": f"prod/auth/jwt-{number}"}, "eventID": f"e-{number:06}",
        "eventType": "AwsApiCall", "readOnly": False, "userAgent": "aws-cli/2 {[\"}" + "x" * 60, **more,
    }  # fmt: skip


def vault(number: int) -> dict[str, object]:
    return {
        "time": f"2031-05-06T07:{number // 60 % 60:02}:{number % 60:02}.123456Z", "type": "response",
        "auth": {"display_name": "token"},
        "request": {"id": f"r-{number}", "operation": "update", "path": f"secret/data/auth/{number}",
                    "mount_type": "kv", "data": {"data": {"key": "hmac-sha256:" + "0" * 64}}},
        "response": {"mount_type": "kv"},
    }  # fmt: skip


def kubernetes(number: int) -> dict[str, object]:
    return {
        "apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": {"name": f"auth-{number}", "creationTimestamp": "2031-05-06T07:08:09Z",
                     "annotations": {"deployment.kubernetes.io/revision": str(number)},
                     "ownerReferences": [{"kind": "Deployment", "name": "auth"}]},
        "spec": {"replicas": 1, "template": {"spec": {"containers": [{"image": f"auth:{number}"}]}}},
    }  # fmt: skip


FILES = {
    "one line": lambda n: json.dumps({"Records": [trail(i) for i in range(n)]}),
    "pretty": lambda n: json.dumps({"Records": [trail(i) for i in range(n)]}, indent=4),
    "an array": lambda n: json.dumps([trail(i) for i in range(n)], indent=1),
    "lines": lambda n: "".join(json.dumps(vault(i)) + "\n" for i in range(n)),
    "a list": lambda n: json.dumps(
        {"apiVersion": "v1", "kind": "List", "items": [kubernetes(i) for i in range(n)]}
    ),
    "pages": lambda n: "".join(
        json.dumps({"Records": [trail(i) for i in range(k, min(n, k + 50))]}) + "\n"
        for k in range(0, n, 50)
    ),
}


def taken(data: bytes, chunk: int = 50_000):
    chunks = iter([data[at : at + chunk] for at in range(0, len(data), chunk)])
    return records.taken(chunks, Source("bundle/x.json", "", modified_seconds=ENDED))


@pytest.mark.parametrize("name", FILES)
def test_in_pieces_as_in_one(monkeypatch, name):
    data = FILES[name](900).encode()
    monkeypatch.setattr(records, "MOST_BYTES", 100_000)
    monkeypatch.setattr("logclass.largerecords._PIECE_BYTES", 60_000)
    record, _ = taken(data)
    whole = changes.read(data, name="bundle/x.json", near_ms=ENDED * 1000)
    assert isinstance(record, ChangeRead)
    assert (record.format, record.faults) == (whole.format, ())
    assert len(record.events) == 900
    assert [(one.id, one.time_ms, one.target, one.kind) for one in record.events] == [
        (one.id, one.time_ms, one.target, one.kind) for one in whole.events
    ]


def test_a_file_that_breaks_off_says_so(monkeypatch):
    data = FILES["one line"](900).encode()[:-5000]
    monkeypatch.setattr(records, "MOST_BYTES", 100_000)
    record, _ = taken(data)
    assert 850 < len(record.events) < 900
    assert [fault.kind for fault in record.faults] == ["truncated"]


@pytest.mark.parametrize(
    "line",
    [
        '{"time":"2031-05-06T07:08:09Z","level":"error","msg":"jwt expired","request":{"id":"a"}}\n',
        "2031-05-06T07:08:09Z ERROR jwt expired\n",
    ],
)
def test_a_large_log_is_none(monkeypatch, line):
    monkeypatch.setattr(records, "MOST_BYTES", 100_000)
    data = (line * 5000).encode()
    record, chunks = taken(data)
    assert record is None
    assert b"".join(chunks) == data


def test_of_a_large_git_log_the_beginning_is_read_and_said_so(monkeypatch):
    commit = "commit {:040x}\nAuthor: A <a@example.com>\nDate:   Tue May 6 07:08:09 2031 +0200\n\n    deploy auth {}\n\n"
    monkeypatch.setattr(records, "MOST_BYTES", 100_000)
    record, _ = taken("".join(commit.format(i, i) for i in range(2000)).encode())
    assert record.format == "git log"
    assert 500 < len(record.events) < 2000
    assert any("first" in fault.detail for fault in record.faults)
