"""A log is never taken for a list of changes, nor the reverse; and no secret is ever kept."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass import changes, contract, pipeline
from logclass.render import html

FIXTURES = Path(__file__).parents[1] / "formats" / "fixtures"
NEAR = 1935835200000  # noon of 6 May 2031


def taken(data: bytes, name: str = "x") -> changes.ChangeRead | None:
    return changes.read(data, name=name, near_ms=NEAR)


@pytest.mark.parametrize(
    "path", sorted(path for path in FIXTURES.rglob("*") if path.is_file()), ids=lambda p: p.name
)
def test_no_recorded_log_is_a_change_record_or_contract(path: Path) -> None:
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    assert taken(data) is None
    assert contract.read(data, name="x") == ()
    head = data[: data.find(b"\n", 2000) + 1]  # a short log is a log as well
    assert not head or taken(head) is None


LINES = [
    '{"time":"2031-05-06T11:02:00Z","kind":"deploy","level":"info","msg":"deployed"}',
    '{"time":"2031-05-06T11:02:00Z","event":"deploy","service":"auth","pid":7,"msg":"x"}',
    '{"time":"2031-05-06T11:02:00Z","event":"token_rotated","service":"auth","user":"u1"}',
    '{"time":"2031-05-06T11:02:00Z","kind":"verify","service":"auth","kid":"k9"}',
    '{"timestamp":"2031-05-06T11:02:00Z","type":"auth","status":"failed","message":"jwt expired"}',
    '{"ts":1935831720.12,"event":"key_rotation_check","outcome":"ok","service":"auth"}',
    '{"time":"2031-05-06T11:02:00Z","kind":"Event","metadata":{"a":1},"message":"jwt expired"}',
    (
        '{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a","metadata":{"name":"x"},'
        '"stageTimestamp":"2031-05-06T11:02:00Z","verb":"get","responseStatus":{"code":401}}'
    ),
    '{"time":"2031-05-06T11:02:00Z","state":"success","created_at":"x","message":"jwt expired"}',
    "2031-05-06 11:02:00 INFO rotated signing key",
    "2031-05-06 11:02:00 [auth] deployed",
    "2031-05-06 11:02:00,123 deployed auth-api",
    "May  6 11:02:00 host1 auth[7]: deploy done",
    "2031-05-06 11:02:00 a1b2c3d4 GET /me 401",
    "2031-05-06T11:02:00Z deadbeef token rejected: invalid signature",
    "11:02:00 invalid signature",
    "[11:02:00] key rotated user=7 route=/me",
    "time=2031-05-06T11:02:00Z event=deploy service=auth",
    "info: Auth.Handler[7]\n      Failed to validate the token.",
    "I0506 11:02:00.123456 7 auth.go:7] key rotated",
    '10.0.0.1 - - [06/May/2031:11:02:00 +0000] "POST /deploy HTTP/1.1" 401 12 "-" "curl"',
]


@pytest.mark.parametrize("line", LINES)
def test_a_log_is_no_change_record(line: str) -> None:
    for text in (line, f"{line}\n" * 3, "\n".join(f"{line} {n}" for n in range(40))):
        assert taken(text.encode()) is None
        assert contract.read(text.encode(), name="x") == ()


def test_a_plain_log_without_levels_is_no_timeline() -> None:
    texts = ["signing key rotated", "deployed 2.4", "invalid signature for user", "token expired"]
    lines = [f"2031-05-06 11:{5 * n:02d}:01 {text}" for n, text in enumerate(texts)]
    assert taken("\n".join(lines).encode()) is None
    dense = [f"2031-05-06 11:{n // 4:02d} deployed shard {n}" for n in range(40)]
    assert taken("\n".join(dense).encode()) is None


WORDS = st.sampled_from(
    [
        *("jwt expired", "invalid signature", "request completed", "token verified", "GET /me 401"),
        *("key cache refreshed", "listening on :8080", "user logged in", "connection refused"),
    ]
)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(WORDS, min_size=1, max_size=12), st.sampled_from([1, 30, 600]))
def test_records_of_requests_are_never_changes(words: list[str], step: int) -> None:
    times = [1935831720 + step * n for n in range(len(words))]
    forms = [
        "\n".join(f"2031-05-06 11:{n % 60:02d}:07 {word}" for n, word in enumerate(words)),
        "\n".join(f"11:{n % 60:02d} {word}" for n, word in enumerate(words)),
        "\n".join(
            json.dumps({"time": time, "event": word})
            for time, word in zip(times, words, strict=True)
        ),
        json.dumps([{"timestamp": t, "message": w} for t, w in zip(times, words, strict=True)]),
        "time,message\n" + "\n".join(f"{t},{w}" for t, w in zip(times, words, strict=True)),
        "\n".join(f"- time: {t}\n  message: {w}" for t, w in zip(times, words, strict=True)),
    ]
    for text in forms:
        assert taken(text.encode()) is None, text


# --- secrets ---

SECRET = "n0t-F0r-An7-R3port-9xQ"
LOG = "\n".join(
    json.dumps(
        {
            "level": 50,
            "time": 1935831000000 + 10_000 * n,
            "name": "auth-api",
            "msg": "invalid signature" if n > 100 else "request completed",
        }
    )
    for n in range(200)
)
TASK_DEFINITION = {
    "taskDefinition": {
        "taskDefinitionArn": "arn:aws:ecs:r:1:task-definition/auth:1",
        "containerDefinitions": [{"environment": [{"name": "JWT_SECRET", "value": SECRET}]}],
    }
}
EXPORTS: dict[str, Any] = {
    "secret.json": {
        "ARN": "arn:aws:secretsmanager:r:1:secret:jwt-AbCdEf",
        "Name": "jwt",
        "VersionId": "0f0f",
        "SecretString": json.dumps({"JWT_SECRET": SECRET}),
        "CreatedDate": "2031-05-06T11:05:00Z",
    },
    "parameters.json": {
        "Parameters": [
            {
                "Name": "/jwt",
                "Type": "String",
                "Value": SECRET,
                "Version": 2,
                "LastModifiedDate": "2031-05-06T11:05:00Z",
            }
        ]
    },
    "task-definition.json": TASK_DEFINITION,
    "trail.json": {
        "Records": [
            {
                "eventName": "PutParameter",
                "eventSource": "ssm.amazonaws.com",
                "eventTime": "2031-05-06T11:05:00Z",
                "requestParameters": {"name": "/jwt-key", "value": SECRET},
            }
        ]
    },
    "replicasets.json": {
        "kind": "List",
        "items": [
            {
                "kind": "ReplicaSet",
                "metadata": {
                    "name": "auth-api-7d4b9",
                    "creationTimestamp": "2031-05-06T11:05:00Z",
                    "annotations": {"kubectl.kubernetes.io/last-applied-configuration": SECRET},
                },
                "spec": {
                    "template": {
                        "spec": {"containers": [{"env": [{"name": "KEY", "value": SECRET}]}]}
                    }
                },
            }
        ],
    },
    "runs.json": {
        "data": [
            {
                "id": "run-1",
                "type": "runs",
                "attributes": {
                    "status": "applied",
                    "status-timestamps": {"applied-at": "2031-05-06T11:05:00Z"},
                    "variables": [{"key": "jwt_secret", "value": SECRET}],
                },
            }
        ]
    },
    "jwks-20310506T110000Z.json": {"keys": [{"kty": "oct", "kid": "h1", "k": SECRET}]},
    "jwks-20310506T110500Z.json": {
        "keys": [{"kty": "RSA", "kid": "r1", "n": "aa", "e": "AQAB", "d": SECRET}]
    },
    "changes.csv": f"time,kind,target,secret\n2031-05-06T11:05:00Z,rotation,jwt,{SECRET}\n",
    "notes.md": f"- 2031-05-06 11:05 rotated JWT_SECRET={SECRET}\n",
    "contract.env": f"JWT_ISSUER=https://auth.example.com\nJWT_AUDIENCE=web\nJWT_SECRET={SECRET}\n",
    "deployments.json": [
        {
            "id": 1,
            "sha": "ab" * 20,
            "ref": "main",
            "environment": "production",
            "created_at": "2031-05-06T11:05:00Z",
            "payload": {"service": "auth-api", "secret": SECRET},
        }
    ],
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    folder = tmp_path_factory.mktemp("bundle")
    (folder / "auth-api.log").write_text(LOG)
    for name, export in EXPORTS.items():
        (folder / name).write_text(export if isinstance(export, str) else json.dumps(export))
    options = pipeline.Options(workers=1)
    report = pipeline.diagnose(pipeline.read([str(folder)], options), command="logclass report")
    return report.document, html.render(report)


def test_no_secret_of_an_export_reaches_the_report(told: tuple[dict[str, Any], str]) -> None:
    document, page = told
    assert len(document["changes"]) >= 8
    assert SECRET not in json.dumps(document)
    assert SECRET not in page


def test_the_page_says_what_of_the_exports_could_not_be_read(
    told: tuple[dict[str, Any], str],
) -> None:
    assert "the key set holds private keys; they are not read" in told[1]


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_no_secret_is_kept_in_a_change(name: str) -> None:
    export = EXPORTS[name]
    data = (export if isinstance(export, str) else json.dumps(export)).encode()
    found = taken(data, name)
    assert SECRET not in repr(found)
    assert SECRET not in repr(contract.read(data, name=name))
