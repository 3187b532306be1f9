"""Exports of real programs. What the AWS CLI printed is in fixtures/ (record_aws.py made it); the
shapes of GitHub, CloudTrail, kubectl and the rest are written by hand after their documentation.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass import changes
from logclass.timestamps import isoformat, parse
from logclass.vocabulary import ChangeKind

FIXTURES = Path(__file__).parent / "fixtures"


def read(document: Any, name: str = "bundle/export.json") -> changes.ChangeRead:
    text = document if isinstance(document, str) else json.dumps(document)
    found = changes.read(text.encode(), name=name)
    assert found is not None
    return found


def at(minute: int, second: int = 0) -> str:
    return f"2031-05-06T11:{minute:02d}:{second:02d}Z"


def parse_ms(text: str) -> int:
    stamp = parse(text)
    assert stamp is not None
    return stamp.ms


def told(found: changes.ChangeRead) -> list[tuple[str, str, str]]:
    return [(isoformat(e.time_ms), e.kind.value, e.target) for e in changes.merge([found])]


# --- recorded from the AWS CLI ---


@pytest.mark.parametrize("form", ["", "-iso"])
@pytest.mark.parametrize(
    ("name", "kind", "target", "version"),
    [
        ("ecs-services", "deploy", "auth-api", "auth-api:1"),
        ("secret", "rotation", "prod/jwt", None),
        ("secret-versions", "rotation", "prod/jwt", None),
        ("ssm-parameter-history", "rotation", "/prod/jwt-secret", "2"),
        ("kms-rotations", "rotation", None, ""),
        ("codedeploy", "deploy", "auth-api", "auth-api-2.4.0.zip"),
        ("codedeploy-batch", "deploy", "auth-api", "auth-api-2.4.0.zip"),
    ],
)
def test_aws_cli(name: str, form: str, kind: str, target: str | None, version: str | None) -> None:
    found = changes.read((FIXTURES / f"{name}{form}.json").read_bytes(), name=f"{name}.json")
    assert found is not None
    assert found.faults == ()
    event = changes.merge([found])[-1]
    assert event.kind == kind
    assert isoformat(event.time_ms).startswith("20")
    assert not event.zone_assumed
    assert target is None or event.target == target
    assert version is None or event.version == version
    for value in ("first-value", "second-value", "first-parameter-value", "second-parameter-value"):
        assert value not in repr(found)


def test_aws_cli_versions_of_one_secret_are_told_once() -> None:
    reads = [
        changes.read((FIXTURES / name).read_bytes(), name=name)
        for name in ("secret-iso.json", "secret-versions-iso.json")
    ]
    events = changes.merge([found for found in reads if found])
    assert len(events) == 2  # the current version stands in both files


def test_tasks_without_a_start_are_a_fault() -> None:
    found = changes.read((FIXTURES / "ecs-tasks.json").read_bytes(), name="ecs-tasks.json")
    assert found is not None
    assert found.events == ()
    assert [fault.kind for fault in found.faults] == ["no_time"]


# --- written by hand ---

ROLLOUT: dict[str, Any] = {
    "services": [
        {
            "serviceName": "auth-api",
            "clusterArn": "arn:aws:ecs:eu-central-1:123456789012:cluster/prod",
            "deployments": [
                {
                    "id": "ecs-svc/2",
                    "status": "PRIMARY",
                    "taskDefinition": "arn:aws:ecs:x:1:task-definition/auth-api:42",
                    "createdAt": "2031-05-06T11:05:00.123000+00:00",
                    "updatedAt": "2031-05-06T11:50:00+00:00",
                    "rolloutState": "COMPLETED",
                },
                {
                    "id": "ecs-svc/1",
                    "status": "INACTIVE",
                    "taskDefinition": "auth-api:41",
                    "createdAt": 1935828000.5,
                    "updatedAt": 1935829000.5,
                },
            ],
            "events": [
                {"createdAt": at(41), "message": "(service auth-api) has reached a steady state."},
                {
                    "createdAt": at(40),
                    "message": "(service auth-api) (deployment ecs-svc/2) deployment completed.",
                },
                {
                    "createdAt": at(6),
                    "message": "(service auth-api) has started 2 tasks: (task aa11) (task bb22).",
                },
                {
                    "createdAt": at(0),
                    "message": "(service auth-api) (deployment ecs-svc/0) deployment completed.",
                },
            ],
        }
    ],
    "failures": [],
}


def test_ecs_rollouts() -> None:
    found = read(ROLLOUT)
    events = {event.id: event for event in found.events}
    primary = events["ecs-svc/2"]
    assert isoformat(primary.time_ms) == "2031-05-06T11:05:00.123Z"
    assert primary.end_ms is not None
    assert isoformat(primary.end_ms) == at(40)
    assert (primary.target, primary.version) == ("auth-api", "auth-api:42")
    assert primary.instances == ("aa11", "bb22")
    assert isoformat(events["ecs-svc/1"].time_ms) == "2031-05-06T10:00:00.500Z"
    assert events["ecs-svc/1"].end_ms == 1935829000500
    assert isoformat(events["ecs-svc/0"].time_ms) == at(0)


def test_ecs_tasks_are_the_instances_of_their_deployment() -> None:
    task = {
        "taskDefinitionArn": "arn:aws:ecs:x:1:task-definition/auth-api:42",
        "group": "service:auth-api",
        "startedBy": "ecs-svc/2",
    }
    tasks = read(
        {
            "tasks": [
                {**task, "taskArn": "arn:aws:ecs:x:1:task/prod/cc33", "startedAt": at(7)},
                {**task, "taskArn": "arn:aws:ecs:x:1:task/prod/dd44", "startedAt": at(30)},
            ]
        },
        "tasks.json",
    )
    alone = changes.merge([tasks])
    assert [(e.id, e.instances) for e in alone] == [("ecs-svc/2", ("cc33", "dd44"))]
    for order in ([tasks, read(ROLLOUT)], [read(ROLLOUT), tasks]):
        both = {event.id: event for event in changes.merge(order)}
        assert both["ecs-svc/2"].instances == ("aa11", "bb22", "cc33", "dd44")
        assert isoformat(both["ecs-svc/2"].time_ms) == "2031-05-06T11:05:00.123Z"


def test_two_snapshots_of_one_rollout_tell_its_end_and_last_state() -> None:
    service = ROLLOUT["services"][0]
    earlier = {**service["deployments"][0], "rolloutState": "IN_PROGRESS", "updatedAt": at(20)}
    early = read({"services": [{**service, "deployments": [earlier], "events": []}]}, "1120.json")
    assert early.events[0].end_ms is None
    for order in ([early, read(ROLLOUT, "1230.json")], [read(ROLLOUT, "1230.json"), early]):
        event = {event.id: event for event in changes.merge(order)}["ecs-svc/2"]
        assert event.end_ms == parse_ms(at(40))
        assert "COMPLETED" in event.description


def deployment(number: int, minute: int, **more: Any) -> dict[str, Any]:
    return {
        "url": f"https://api.github.com/repos/example/auth-api/deployments/{number}",
        "id": number,
        "sha": f"{number:040x}",
        "ref": "main",
        "task": "deploy",
        "environment": "production",
        "description": "",
        "created_at": at(minute),
        "updated_at": at(minute),
        **more,
    }


def status(number: int, state: str, minute: int) -> dict[str, Any]:
    return {
        "id": 1000 + minute,
        "state": state,
        "environment": "production",
        "description": "",
        "created_at": at(minute),
        "deployment_url": f"https://api.github.com/repos/example/auth-api/deployments/{number}",
    }


def test_github_deployment_takes_effect_with_its_success_status() -> None:
    document = [
        deployment(2, 5, statuses=[status(2, "success", 9), status(2, "in_progress", 6)]),
        deployment(1, 1, statuses=[status(1, "failure", 3)]),
    ]
    found = read(document)
    assert told(found) == [(at(9), "deploy", "auth-api")]
    assert found.events[0].version == f"{2:040x}"
    assert found.events[0].environment == "production"
    assert found.not_done == ("1",)


def test_github_pages_glued_together_and_slurped() -> None:
    pages = [[deployment(1, 1), deployment(2, 2)], [deployment(3, 3)]]
    glued = "".join(json.dumps(page) for page in pages)
    for text in (glued, "\n".join(map(json.dumps, pages)), json.dumps(pages)):
        assert [event.id for event in read(text).events] == ["1", "2", "3"]


def test_github_statuses_in_a_file_of_their_own() -> None:
    statuses = read([status(1, "failure", 3), status(2, "success", 9)], "statuses.json")
    deployments = read([deployment(1, 1), deployment(2, 5)], "deployments.json")
    for order in ([statuses, deployments], [deployments, statuses]):
        (event,) = changes.merge(order)
        assert (event.id, isoformat(event.time_ms)) == ("2", at(9))
        assert (event.target, event.version) == ("auth-api", f"{2:040x}")


def test_github_runs() -> None:
    run = {
        "id": 77,
        "name": "Deploy production",
        "display_title": "auth-api 2.4.0",
        "head_sha": "ab",
        "status": "completed",
        "conclusion": "success",
        "run_started_at": at(1),
        "updated_at": at(4),
    }
    runs = [run, {**run, "id": 78, "name": "Tests", "display_title": "x"}]
    found = read({"total_count": 2, "workflow_runs": runs})
    assert told(found) == [(at(1), "deploy", "")]
    assert found.events[0].id == "77"


def trail(name: str, source: str, minute: int, **more: Any) -> dict[str, Any]:
    return {
        "eventVersion": "1.09",
        "eventTime": at(minute),
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-central-1",
        "eventID": f"{name}-{minute}",
        "readOnly": False,
        **more,
    }


ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/jwt-AbCdEf"
TRAIL = [
    trail("RotateSecret", "secretsmanager", 1, requestParameters={"secretId": ARN}),
    trail("RotationSucceeded", "secretsmanager", 2, additionalEventData={"SecretId": ARN}),
    trail("PutSecretValue", "secretsmanager", 3, requestParameters={"secretId": "prod/jwt"}),
    trail("RotateSecret", "secretsmanager", 4, errorCode="AccessDenied"),
    trail("RotationFailed", "secretsmanager", 5),
    trail("GetSecretValue", "secretsmanager", 6, requestParameters={"secretId": ARN}),
    trail(
        *("UpdateService", "ecs", 7),
        requestParameters={"service": "auth-api", "cluster": "prod", "taskDefinition": "auth:42"},
    ),
    trail(
        *("UpdateService", "ecs", 8),
        requestParameters={"service": "auth-api", "cluster": "prod", "desiredCount": 9},
    ),
    trail("UpdateFunctionCode20150331v2", "lambda", 9, requestParameters={"functionName": "auth"}),
    trail("UpdateAuthorizer", "apigateway", 10, requestParameters={"restApiId": "a1"}),
    trail("ModifyRule", "elasticloadbalancing", 11, requestParameters={}),
    trail(
        *("PutParameter", "ssm", 12),
        requestParameters={"name": "/prod/jwt-key", "type": "SecureString", "value": "P4ssw0rd"},
    ),
    trail("PutParameter", "ssm", 13, requestParameters={"name": "/log/level", "type": "String"}),
]
TOLD = [
    (at(1), "rotation", "prod/jwt"),
    (at(2), "rotation", "prod/jwt"),
    (at(3), "rotation", "prod/jwt"),
    (at(7), "deploy", "auth-api"),
    (at(8), "other", "auth-api"),
    (at(9), "deploy", "auth"),
    (at(10), "gateway", "a1"),
    (at(11), "gateway", ""),
    (at(12), "rotation", "/prod/jwt-key"),
    (at(13), "config", "/log/level"),
]


def test_cloudtrail_files() -> None:
    found = read({"Records": [*TRAIL, TRAIL[0]]})
    assert told(found) == TOLD
    assert "P4ssw0rd" not in repr(found)
    assert set(found.not_done) == {"RotateSecret-4", "RotationFailed-5"}
    assert told(read("\n".join(map(json.dumps, TRAIL)))) == TOLD


@pytest.mark.parametrize("version", [1, 2])
def test_cloudtrail_lookup_events(version: int) -> None:
    events = [
        {
            "EventId": record["eventID"],
            "EventName": record["eventName"],
            "ReadOnly": "false",
            "EventTime": 1935831600.0 + 60 * n if version == 1 else record["eventTime"],
            "EventSource": record["eventSource"],
            "Username": "deployer",
            "Resources": [],
            "CloudTrailEvent": json.dumps(record),
        }
        for n, record in enumerate(TRAIL)
    ]
    assert told(read({"Events": events[::-1], "NextToken": "t"})) == TOLD


def test_cloudtrail_entry_without_its_record() -> None:
    entry = {
        "EventId": "e1",
        "EventName": "RotateSecret",
        "EventTime": 1935831600.123,
        "EventSource": "secretsmanager.amazonaws.com",
        "Resources": [{"ResourceType": "AWS::SecretsManager::Secret", "ResourceName": ARN}],
    }
    found = read({"Events": [entry]})
    assert told(found) == [("2031-05-06T11:00:00.123Z", "rotation", "prod/jwt")]


def replica_set(name: str, minute: int, revision: str, replicas: int, **notes: str) -> Any:
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": name,
            "namespace": "prod",
            "creationTimestamp": at(minute),
            "annotations": {"deployment.kubernetes.io/revision": revision, **notes},
            "ownerReferences": [{"kind": "Deployment", "name": "auth-api"}],
        },
        "spec": {
            "replicas": replicas,
            "template": {
                "spec": {
                    "containers": [
                        {
                            "name": "auth-api",
                            "image": f"registry.example.com/team/auth-api:2.{revision}",
                            "env": [{"name": "JWT_SECRET", "value": "Pl41nS3cret"}],
                        }
                    ]
                }
            },
        },
    }


def scaled(minute: int, message: str, last: int | None = None) -> Any:
    return {
        "kind": "Event",
        "metadata": {"name": f"auth-api.{minute}", "namespace": "prod"},
        "involvedObject": {"kind": "Deployment", "name": "auth-api"},
        "reason": "ScalingReplicaSet",
        "message": message,
        "firstTimestamp": at(minute),
        "lastTimestamp": at(last or minute),
        "eventTime": None,
    }


def items(*objects: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "List", "items": list(objects)}


EVENTS = items(
    scaled(1, "Scaled up replica set auth-api-6c9f8 to 5"),  # the autoscaler, long before
    scaled(20, "Scaled up replica set auth-api-7d4b9 from 0 to 1"),
    scaled(21, "Scaled down replica set auth-api-6c9f8 from 5 to 4", last=30),
    scaled(35, "Scaled down replica set auth-api-6c9f8 from 1 to 0"),
)
SETS = items(replica_set("auth-api-6c9f8", 0, "3", 0), replica_set("auth-api-7d4b9", 20, "4", 5))


def test_kubernetes_replica_sets() -> None:
    found = read(SETS)
    assert told(found) == [(at(0), "deploy", "auth-api"), (at(20), "deploy", "auth-api")]
    newest = found.events[1]
    assert (newest.id, newest.version) == ("auth-api-7d4b9", "auth-api:2.4")
    assert newest.environment == "prod"
    assert "revision 4" in newest.description
    assert "Pl41nS3cret" not in repr(found)


def test_kubernetes_events_give_the_rollout_and_its_end() -> None:
    (event,) = read(EVENTS).events
    assert event.id == "auth-api-7d4b9"
    assert isoformat(event.time_ms) == at(20)
    assert event.end_ms is not None
    assert isoformat(event.end_ms) == at(35)
    merged = changes.merge([read(EVENTS, "events.json"), read(SETS, "sets.json")])
    assert [e.id for e in merged] == ["auth-api-6c9f8", "auth-api-7d4b9"]
    assert merged[1].version == "auth-api:2.4"
    assert merged[1].end_ms == event.end_ms


def test_kubernetes_events_that_lack_the_scaling_down_still_tell_of_a_new_set() -> None:
    events = items(
        scaled(1, "Scaled up replica set auth-api-6c9f8 to 5"),
        scaled(20, "Scaled up replica set auth-api-7d4b9 to 1"),
        scaled(40, "Scaled up replica set auth-api-7d4b9 to 6"),  # the autoscaler
    )
    assert told(read(events)) == [(at(20), "deploy", "auth-api")]


def test_kubernetes_pods_are_the_instances() -> None:
    pods = [
        {
            "kind": "Pod",
            "metadata": {
                "name": f"auth-api-7d4b9-{letter}",
                "namespace": "prod",
                "ownerReferences": [{"kind": "ReplicaSet", "name": "auth-api-7d4b9"}],
            },
            "status": {"startTime": at(22)},
        }
        for letter in "xy"
    ]
    mixed = read(items(*SETS["items"], *pods))
    assert mixed.events[1].instances == ("auth-api-7d4b9-x", "auth-api-7d4b9-y")
    assert isoformat(mixed.events[1].time_ms) == at(20)


def test_kubernetes_rollback_has_no_time_and_says_so() -> None:
    history = {"deployment.kubernetes.io/revision-history": "1,3"}
    found = read(items(replica_set("auth-api-6c9f8", 0, "5", 5, **history)))
    assert "revision 1" in found.events[0].description
    assert ["does not say when" in fault.detail for fault in found.faults] == [True]


def test_kubernetes_objects_of_other_kinds_are_none() -> None:
    secret = {"kind": "Secret", "metadata": {"name": "jwt"}, "data": {"JWT_SECRET": "eA=="}}
    assert changes.read(json.dumps(items(secret)).encode(), name="s.json") is None


def test_helm_history_and_list() -> None:
    history = [
        {
            "revision": number,
            "updated": updated,
            "status": "superseded",
            "chart": "auth-api-1.2.3",
            "app_version": "2.4.0",
            "description": text,
        }
        for number, updated, text in [
            (1, "2031-05-06T13:01:00.5+02:00", "Upgrade complete"),
            (2, "2031-05-06 11:02:00.5 +0000 UTC", "Rollback to 1"),
        ]
    ]
    found = read(history)
    assert [(e.kind.value, e.target, e.version) for e in found.events] == [
        ("deploy", "auth-api", "2.4.0"),
        ("rollback", "auth-api", "2.4.0"),
    ]
    assert [isoformat(e.time_ms) for e in found.events] == [
        "2031-05-06T11:01:00.500Z",
        "2031-05-06T11:02:00.500Z",
    ]


def test_argocd() -> None:
    history = [{"id": 4, "revision": "abc", "deployStartedAt": at(1), "deployedAt": at(3)}]
    document = {
        "kind": "Application",
        "metadata": {"name": "auth-api"},
        "spec": {"destination": {"namespace": "prod"}},
        "status": {"history": history},
    }
    for found in (read(document), read(items(document))):
        (event,) = found.events
        assert (event.target, event.version, isoformat(event.time_ms)) == ("auth-api", "abc", at(1))
        assert event.end_ms is not None


def test_gitlab() -> None:
    job = {"name": "deploy-prod", "started_at": at(2), "finished_at": "2031-05-06T13:05:00+02:00"}
    row = {
        "id": 41,
        "iid": 4,
        "ref": "main",
        "sha": "abc",
        "created_at": at(1),
        "updated_at": at(6),
        "status": "success",
        "environment": {"id": 9, "name": "prod"},
        "deployable": job,
    }
    found = read([row, {**row, "id": 42, "status": "failed"}])
    assert told(found) == [(at(5), "deploy", "")]
    assert found.events[0].environment == "prod"


def test_sentry() -> None:
    release = {
        "version": "auth-api@2.4.0",
        "dateCreated": at(1),
        "dateReleased": None,
        "lastDeploy": {"environment": "prod", "dateFinished": at(5)},
        "projects": [{"slug": "auth-api"}],
    }
    assert told(read([release])) == [(at(5), "deploy", "auth-api")]
    deploy = {
        "id": "9",
        "environment": "prod",
        "name": None,
        "url": None,
        "dateStarted": None,
        "dateFinished": at(5),
    }
    assert told(read([deploy])) == [(at(5), "deploy", "")]


def test_terraform_takes_only_what_was_applied() -> None:
    def run(number: int, state: str) -> dict[str, Any]:
        stamps = {"planned-at": at(1), "applied-at": at(4)}
        attributes = {"status": state, "message": "jwt secret", "status-timestamps": stamps}
        return {"id": f"run-{number}", "type": "runs", "attributes": attributes}

    found = read({"data": [run(1, "applied"), run(2, "planned_and_finished")]})
    assert [(e.id, e.kind, isoformat(e.time_ms)) for e in found.events] == [
        ("run-1", ChangeKind.CONFIG, at(4))
    ]


def test_vault_audit() -> None:
    def record(kind: str, number: int, operation: str, path: str, **more: Any) -> str:
        request = {
            "id": str(number),
            "operation": operation,
            "path": path,
            "mount_type": "kv",
            "data": {"data": {"jwt": "hmac-sha256:ab"}},
        }
        return json.dumps(
            {"time": at(number), "type": kind, "auth": {}, "request": request, **more}
        )

    lines = [
        record("request", 1, "update", "secret/data/jwt"),
        record("response", 1, "update", "secret/data/jwt"),
        record("response", 2, "update", "transit/keys/jwt/rotate"),
        record("response", 3, "read", "secret/data/jwt"),
        record("response", 4, "update", "secret/data/jwt", error="permission denied"),
        record("response", 5, "update", "auth/approle/login"),
        record("response", 6, "update", "auth/jwt/config"),
    ]
    assert told(read("\n".join(lines))) == [
        (at(1), "rotation", "secret/data/jwt"),
        (at(2), "rotation", "transit/keys/jwt/rotate"),
        (at(6), "config", "auth/jwt/config"),
    ]


def test_pagerduty() -> None:
    row = {
        "id": "C1",
        "type": "change_event",
        "summary": "Rotated the JWT key",
        "timestamp": at(1),
        "source": "ci",
        "services": [{"summary": "auth-api"}],
    }
    assert told(read({"change_events": [row], "more": False})) == [(at(1), "rotation", "auth-api")]


def test_git_log() -> None:
    text = (
        f"commit {'ab' * 20} (HEAD -> main)\nAuthor: Dev <dev@example.com>\n"
        "Date:   Tue May 6 13:08:09 2031 +0200\n\n    Rotate JWT secret\n\n    commit body\n\n"
        f"commit {'cd' * 20}\nAuthor:     Dev <dev@example.com>\n"
        "AuthorDate: Mon May 5 07:08:09 2031 +0000\nCommit:     Dev <dev@example.com>\n"
        "CommitDate: Tue May 6 07:08:09 2031 +0000\n\n    Deploy 2.4\n"
    )
    assert told(read(text, "git.log")) == [
        ("2031-05-06T07:08:09Z", "deploy", ""),
        ("2031-05-06T11:08:09Z", "rotation", ""),
    ]


# --- merge ---


def test_merge_keeps_each_change_and_each_id_once() -> None:
    one = read("id,time,kind\n1,2031-05-06T11:05:00Z,deploy\n", "a/changes.csv")
    two = read("id,time,kind\n1,2031-05-06T11:01:00Z,rotation\n", "b/changes.csv")
    merged = changes.merge([one, two, one])
    assert [event.kind.value for event in merged] == ["rotation", "deploy"]
    assert len({event.id for event in merged}) == 2
    assert changes.merge([two, one]) == merged
    assert changes.merge([]) == ()


# --- laws ---

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
SAMPLES = [
    ROLLOUT,
    {"Records": TRAIL[:2]},
    EVENTS,
    SETS,
    [deployment(1, 1, statuses=[status(1, "success", 2)])],
    *(json.loads(path.read_text()) for path in sorted(FIXTURES.glob("*-iso.json"))),
]


def mutated(document: Any, path: list[int], value: Any) -> Any:
    """Return the document with what stands at some path replaced."""
    if not path or not document or not isinstance(document, dict | list):
        return value
    keys = list(document) if isinstance(document, dict) else list(range(len(document)))
    key = keys[path[0] % len(keys)]
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[key] = mutated(document[key], path[1:], value)
    return copy


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.sampled_from(SAMPLES), st.lists(st.integers(0, 20), min_size=1, max_size=7), json_values)
def test_a_broken_export_never_raises(document: Any, path: list[int], value: Any) -> None:
    found = changes.read(json.dumps(mutated(document, path, value)).encode(), name="x")
    if found is not None:
        changes.merge([found])


@settings(derandomize=True, deadline=None)
@given(st.sampled_from(SAMPLES), st.integers(0, 4000))
def test_a_cut_export_never_raises(document: Any, length: int) -> None:
    changes.read(json.dumps(document, indent=1).encode()[:length], name="x")


@settings(derandomize=True, deadline=None)
@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_ever_raise(data: bytes) -> None:
    changes.read(data, name="x")
    changes.read(b"time,kind,target\n" + data, name="x")
