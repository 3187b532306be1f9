"""Exports written by hand after the programs' documentation, with the fields they really have."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from logclass import changes
from logclass.timestamps import isoformat, parse

MINUTE_MS = 60_000


def ms(text: str) -> int:
    stamp = parse(text)
    assert stamp is not None
    return stamp.ms


NOW = ms("2031-05-06T12:00:00Z")


def read(document: Any, name: str = "bundle/export", **more: Any) -> changes.ChangeRead:
    text = document if isinstance(document, str) else json.dumps(document)
    found = changes.read(text.encode(), name=name, **more)
    assert found is not None
    return found


def at(minute: int, second: int = 0) -> str:
    return f"2031-05-06T11:{minute:02d}:{second:02d}Z"


def told(found: changes.ChangeRead) -> list[tuple[str, str, str]]:
    return [(isoformat(e.time_ms), e.kind.value, e.target) for e in changes.merge([found])]


# --- GitHub ---


def test_github_graphql() -> None:
    node = {
        "databaseId": 9,
        "commitOid": "ab" * 20,
        "createdAt": at(1),
        "environment": "production",
        "ref": {"name": "main"},
        "latestStatus": {"state": "SUCCESS", "createdAt": at(4)},
    }
    failed = {**node, "databaseId": 8, "latestStatus": {"state": "FAILURE", "createdAt": at(2)}}
    found = read({"data": {"repository": {"deployments": {"nodes": [node, failed]}}}})
    assert told(found) == [(at(4), "deploy", "")]
    assert found.events[0].version == "ab" * 20
    assert found.not_done == ("8",)


def github(number: int, *states: tuple[str, int]) -> dict[str, Any]:
    return {
        "id": number,
        "sha": "ab" * 20,
        "ref": "main",
        "task": "deploy",
        "environment": "production",
        "created_at": at(0),
        "statuses": [{"state": state, "created_at": at(minute)} for state, minute in states],
    }


def test_github_deployment_that_only_waits_changed_nothing() -> None:
    found = read([github(1, ("queued", 1)), github(2, ("waiting", 1)), github(3, ("success", 2))])
    assert [event.id for event in found.events] == ["3"]


def test_github_deployment_under_way_began_when_its_job_did() -> None:
    (event,) = read([github(1, ("in_progress", 7), ("queued", 1))]).events
    assert (isoformat(event.time_ms), event.end_ms) == (at(7), None)


def test_a_long_github_job_may_have_rolled_out_before_it_was_done() -> None:
    (short,) = read([github(1, ("in_progress", 7), ("success", 8))]).events
    (long,) = read([github(1, ("in_progress", 7), ("success", 18))]).events
    assert short.end_ms is None
    assert long.end_ms == long.time_ms == ms(at(18))  # an end, and no start


def test_github_deployments_and_statuses_as_scripts_put_them_together() -> None:
    (success,) = github(7, ("success", 9))["statuses"]
    (failure,) = github(8, ("failure", 9))["statuses"]
    bare = [{**github(number), "statuses": None} for number in (7, 8)]
    by_id = {"deployments": bare, "statuses": {"7": [success], "8": [failure]}}
    pairs = [
        {"deployment": bare[0], "statuses": [success]},
        {"deployment": bare[1], "statuses": [failure]},
    ]
    hook = {"action": "created", "deployment_status": success, "deployment": bare[0]}
    for document in (by_id, pairs, hook):
        assert [(e.id, isoformat(e.time_ms)) for e in changes.merge([read(document)])] == [
            ("7", at(9))
        ]


def test_gh_run_list() -> None:
    rows = [
        f"completed\tsuccess\tRotate the key\tDeploy\tmain\tpush\t123456\t3m2s\t{at(2)}",
        f"completed\tcancelled\tx\tDeploy\tmain\tpush\t123457\t3m2s\t{at(3)}",
        f"completed\tsuccess\tx\tTests\tmain\tpush\t123458\t3m2s\t{at(4)}",
    ]
    assert told(read("\n".join(rows) + "\n")) == [(at(2), "deploy", "")]
    run = {"workflowName": "Deploy", "displayTitle": "x", "conclusion": "success", "databaseId": 5}
    times = {"startedAt": at(2), "updatedAt": at(6)}
    (event,) = read([{**run, **times}, {**run, **times, "conclusion": "cancelled"}]).events
    assert (event.id, event.time_ms, event.end_ms) == ("5", ms(at(2)), ms(at(6)))


def test_releases() -> None:
    release = {"tag_name": "v2.4.0", "name": "2.4.0", "published_at": at(2), "draft": False}
    found = read([release, {**release, "tag_name": "v2.5.0", "draft": True}])
    assert [(event.version, isoformat(event.time_ms)) for event in found.events] == [
        ("v2.4.0", at(2))
    ]


# --- GitLab ---


def test_gitlab_environments_pipelines_and_jobs() -> None:
    deployment = {
        "id": 41,
        "iid": 4,
        "ref": "main",
        "sha": "abc",
        "created_at": at(1),
        "status": "success",
        "deployable": {"name": "deploy-prod", "finished_at": at(5)},
    }
    environment = {"id": 9, "name": "production", "last_deployment": deployment}
    (event,) = read([environment]).events
    assert (event.environment, isoformat(event.time_ms)) == ("production", at(5))
    pipeline = {
        "id": 1,
        "iid": 3,
        "sha": "ab",
        "ref": "main",
        "status": "success",
        "source": "push",
        "created_at": at(2),
        "updated_at": at(5),
    }
    branches = [pipeline, {**pipeline, "ref": "feature/x"}, {**pipeline, "status": "failed"}]
    assert told(read(branches)) == [(at(2), "deploy", "")]
    job = {
        "id": 7,
        "name": "deploy-prod",
        "stage": "deploy",
        "status": "success",
        "ref": "main",
        "started_at": at(3),
        "finished_at": at(4),
        "pipeline": {"id": 1},
        "commit": {"id": "ab"},
    }
    jobs = [job, {**job, "name": "unit", "stage": "test"}, {**job, "status": "canceled"}]
    assert told(read(jobs)) == [(at(3), "deploy", "")]


# --- Amazon ---


def test_ecs_service_deployments() -> None:
    deployment = {
        "serviceDeploymentArn": "arn:aws:ecs:r:1:service-deployment/prod/auth/abc",
        "serviceArn": "arn:aws:ecs:r:1:service/prod/auth",
        "status": "ROLLBACK_SUCCESSFUL",
        "startedAt": at(2),
        "finishedAt": at(30),
        "targetServiceRevision": {"arn": "arn:aws:ecs:r:1:service-revision/prod/auth/77"},
        "rollback": {"reason": "circuit breaker", "startedAt": at(20)},
    }
    waiting = {**deployment, "status": "PENDING", "startedAt": None, "rollback": None}
    found = read({"serviceDeployments": [deployment, waiting], "failures": []})
    assert told(found) == [(at(2), "deploy", "auth"), (at(20), "rollback", "auth")]
    assert found.events[0].version == "77"


def test_ecs_task_sets() -> None:
    service = {
        "serviceName": "auth",
        "deployments": [],
        "taskSets": [
            {
                "id": "ecs-svc/5",
                "status": "PRIMARY",
                "taskDefinition": "arn:aws:ecs:r:1:task-definition/auth:42",
                "createdAt": at(2),
                "updatedAt": at(9),
                "stabilityStatus": "STEADY_STATE",
            }
        ],
    }
    (event,) = read({"services": [service]}).events
    assert (event.id, event.version) == ("ecs-svc/5", "auth:42")
    assert (event.time_ms, event.end_ms) == (ms(at(2)), ms(at(9)))


@pytest.mark.parametrize(
    ("status", "overview", "is_told"),
    [
        ("Succeeded", {"Succeeded": 2}, True),
        ("Failed", {"Succeeded": 1, "Failed": 1}, True),
        ("Failed", {"Succeeded": 0, "Failed": 0, "Skipped": 2}, False),
        ("Stopped", {"Succeeded": 0}, False),
    ],
)
def test_codedeploy_that_touched_nothing(status: str, overview: Any, is_told: bool) -> None:
    deployment = {
        "deploymentId": "d-ABCDEF123",
        "applicationName": "auth",
        "status": status,
        "createTime": at(1),
        "startTime": at(2),
        "deploymentOverview": overview,
    }
    found = read({"deploymentsInfo": [deployment]})
    assert [status in event.description for event in found.events] == [True] * is_told
    assert found.not_done == (() if is_told else ("d-ABCDEF123",))


def test_codedeploy_list_has_no_times_and_says_so() -> None:
    found = read({"deployments": ["d-ABCDEF123", "d-ABCDEF456"]})
    assert found.events == ()
    assert "batch-get-deployments" in found.faults[0].detail


TRAIL = {
    "eventVersion": "1.09",
    "eventName": "PutSecretValue",
    "eventSource": "secretsmanager.amazonaws.com",
    "eventTime": at(2),
    "eventID": "e1",
    "requestParameters": {"secretId": "prod/jwt"},
}


def test_cloudtrail_in_other_envelopes() -> None:
    expected = [(at(2), "rotation", "prod/jwt")]
    bridge = {"version": "0", "detail-type": "AWS API Call via CloudTrail", "detail": TRAIL}
    assert told(read(bridge)) == expected
    assert told(read(f"EVENTS\tAKIA\t{json.dumps(TRAIL)}\te1\tPutSecretValue\n")) == expected
    resources = (
        '"[{""resourceType"":""AWS::SecretsManager::Secret"",""resourceName"":""prod/jwt""}]"'
    )
    header = "Event name,Event time,User name,Event source,Resources,Event ID,Error code\n"
    for stamp in (at(2), '"May 06, 2031, 11:02:00 (UTC+00:00)"'):
        row = f"PutSecretValue,{stamp},ci,secretsmanager.amazonaws.com,{resources},e1,\n"
        refused = f"PutSecretValue,{stamp},ci,secretsmanager.amazonaws.com,,e2,AccessDenied\n"
        assert told(read(header + row + refused)) == expected


CALLS = {
    "secretsmanager": "RotateSecret PutSecretValue UpdateSecret UpdateSecretVersionStage"
    " CreateSecret DeleteSecret RestoreSecret RotationStarted RotationSucceeded",
    "kms": "RotateKey RotateKeyOnDemand EnableKeyRotation DisableKey ScheduleKeyDeletion"
    " ImportKeyMaterial CreateKey UpdateAlias",
    "ssm": "PutParameter DeleteParameter",
    "ecs": "UpdateService RegisterTaskDefinition CreateService",
    "lambda": "UpdateFunctionCode20150331v2 UpdateFunctionConfiguration20150331v2"
    " PublishVersion20150331 UpdateAlias20150331",
    "codedeploy": "CreateDeployment",
    "cognito-idp": "UpdateUserPoolClient",
    "apigateway": "UpdateAuthorizer CreateDeployment",
}


@pytest.mark.parametrize(
    ("service", "name"), [(key, name) for key, names in CALLS.items() for name in names.split()]
)
def test_cloudtrail_calls_that_change_something(service: str, name: str) -> None:
    record = {**TRAIL, "eventName": name, "eventSource": f"{service}.amazonaws.com"}
    assert len(read({"Records": [record]}).events) == 1
    assert read({"Records": [{**record, "errorCode": "AccessDenied"}]}).events == ()


KEYS = (
    "/app/jwt-key",
    "/prod/JWT_SECRET",
    "/auth/signingKeyId",
    "/orders/hmac",
    "/idp/client_secret",
)
SETTINGS = (
    "/app/log-level", "/app/jwks-url", "/auth/tokenTtl", "/prod/JWT_ISSUER", "/keycloak/realm",
    "/app/feature-flags",
)  # fmt: skip


@pytest.mark.parametrize("type_", ["String", "SecureString"])
def test_the_name_of_a_parameter_tells_whether_it_is_a_key(type_: str) -> None:
    history = {"LastModifiedDate": at(1), "Version": 3, "Value": "info", "Type": type_}
    rows = [{**history, "Name": name} for name in (*KEYS, *SETTINGS)]
    kinds = {event.target: event.kind.value for event in read({"Parameters": rows}).events}
    assert kinds == dict.fromkeys(KEYS, "rotation") | dict.fromkeys(SETTINGS, "config")


@pytest.mark.parametrize(("name", "kind"), [("/app/jwt-key", "rotation"), ("/app/ttl", "config")])
def test_the_same_holds_for_a_call_that_put_one(name: str, kind: str) -> None:
    record = {
        **TRAIL, "eventName": "PutParameter", "eventSource": "ssm.amazonaws.com",
        "requestParameters": {"name": name, "type": "SecureString"},
    }  # fmt: skip
    assert [event.kind.value for event in read({"Records": [record]}).events] == [kind]


# --- Kubernetes, Helm, Argo CD ---

KUBECTL_EVENTS = """\
LAST SEEN             TYPE      REASON              OBJECT                   MESSAGE
58m                   Normal    ScalingReplicaSet   deployment/auth-api      Scaled up replica set auth-api-7d4b9c8f6 from 0 to 1
50m                   Normal    ScalingReplicaSet   deployment/auth-api      Scaled down replica set auth-api-6c9f8b7d5 from 3 to 2
3m12s (x4 over 55m)   Warning   Unhealthy           pod/auth-api-7d4b9-x2x   Readiness probe failed: HTTP 401
"""
KUBECTL_SETS = """\
NAME                 DESIRED   CURRENT   READY   AGE   CONTAINERS   IMAGES                          SELECTOR
auth-api-6c9f8b7d5   0         0         0       12d   auth-api     registry.example.com/auth:2.3   app=auth
auth-api-7d4b9c8f6   3         3         3       58m   auth-api     registry.example.com/auth:2.4   app=auth
"""
HISTORY = """\
deployment.apps/auth-api
REVISION  CHANGE-CAUSE
1         <none>
2         kubectl set image deployment/auth-api auth=auth:2.4
"""


def test_kubectl_tables_count_back_from_when_they_were_written() -> None:
    for text in (KUBECTL_EVENTS, KUBECTL_SETS):
        found = read(text, near_ms=NOW)
        newest = found.events[-1]
        assert (newest.id, newest.time_ms) == ("auth-api-7d4b9c8f6", NOW - 58 * MINUTE_MS)
        assert [fault.kind for fault in found.faults] == ["time_assumed"]
        assert [fault.kind for fault in read(text).faults] == ["no_time"]
    assert read(KUBECTL_EVENTS, near_ms=NOW).events[0].end_ms == NOW - 50 * MINUTE_MS
    assert read(KUBECTL_SETS, near_ms=NOW).events[1].version == "auth:2.4"


def test_kubectl_rollout_history_has_no_times_and_says_so() -> None:
    found = read(HISTORY)
    assert found.events == ()
    assert "no times" in found.faults[0].detail


def test_kubernetes_events_of_the_newer_api() -> None:
    def scaled(minute: int, note: str) -> dict[str, Any]:
        return {
            "apiVersion": "events.k8s.io/v1",
            "kind": "Event",
            "metadata": {"name": "x", "namespace": "prod", "creationTimestamp": at(minute)},
            "regarding": {"kind": "Deployment", "name": "auth-api"},
            "reason": "ScalingReplicaSet",
            "note": note,
            "eventTime": f"2031-05-06T11:{minute:02d}:00.123456Z",
            "deprecatedFirstTimestamp": None,
        }

    found = read(
        {
            "kind": "List",
            "items": [
                scaled(20, "Scaled up replica set auth-api-7d4b9 from 0 to 1"),
                scaled(21, "Scaled down replica set auth-api-6c9f8 from 5 to 4"),
            ],
        }
    )
    assert told(found) == [("2031-05-06T11:20:00.123Z", "deploy", "auth-api")]


def test_kubernetes_stateful_sets() -> None:
    revision = {
        "kind": "ControllerRevision",
        "metadata": {
            "name": "auth-db-5c9f",
            "creationTimestamp": at(3),
            "ownerReferences": [{"kind": "StatefulSet", "name": "auth-db"}],
        },
        "revision": 4,
    }
    found = read({"kind": "List", "items": [revision]})
    assert told(found) == [(at(3), "deploy", "auth-db")]
    assert "revision 4" in found.events[0].description


def test_helm_and_argo_tables() -> None:
    helm = (
        "REVISION\tUPDATED                 \tSTATUS    \tCHART         \tAPP VERSION\tDESCRIPTION\n"
        "1       \tTue May  6 07:08:09 2031\tsuperseded\tauth-api-1.2.3\t2.3.0      \tInstalled\n"
        "2       \tTue May  6 11:02:09 2031\tdeployed  \tauth-api-1.2.4\t2.4.0      \tRollback to 1\n"
    )
    first, second = read(helm).events
    assert (first.target, first.version, first.kind.value) == ("auth-api", "2.3.0", "deploy")
    assert (isoformat(second.time_ms), second.kind.value) == ("2031-05-06T11:02:09Z", "rollback")
    assert second.zone_assumed
    argo = (
        "SOURCE  https://git.example.com/deploy\n"
        "ID      DATE                           REVISION\n"
        "0       2031-05-06 11:01:00 +0000 UTC  main (aaaaaaa)\n"
        "1       2031-05-06 11:02:00 +0000 UTC  main (bbbbbbb)\n"
        "2       2031-05-06 11:33:00 +0000 UTC  main (aaaaaaa)\n"
    )
    assert told(read(argo)) == [
        (at(1), "deploy", ""),
        (at(2), "deploy", ""),
        (at(33), "rollback", ""),
    ]


# --- the rest ---


def test_vault_metadata() -> None:
    versions = {"1": {"created_time": at(1)}, "2": {"created_time": at(5), "destroyed": False}}
    found = read({"request_id": "r", "data": {"current_version": 2, "versions": versions}})
    assert [(event.kind.value, event.version) for event in found.events] == [
        ("rotation", "1"),
        ("rotation", "2"),
    ]


def test_terraform_names_the_workspace_where_the_answer_does() -> None:
    run = {
        "id": "run-1",
        "type": "runs",
        "attributes": {"status": "applied", "status-timestamps": {"applied-at": at(2)}},
        "relationships": {"workspace": {"data": {"id": "ws-1", "type": "workspaces"}}},
    }
    workspace = {"id": "ws-1", "type": "workspaces", "attributes": {"name": "auth-prod"}}
    assert told(read({"data": run})) == [(at(2), "config", "ws-1")]
    named = {"data": [run], "included": [workspace], "meta": {"pagination": {}}}
    assert told(read(named)) == [(at(2), "config", "auth-prod")]


def test_statuspage() -> None:
    incident = {
        "id": "i1",
        "name": "Elevated errors at the key set endpoint",
        "status": "resolved",
        "impact": "major",
        "created_at": "2031-05-06T13:02:00.000+02:00",
        "resolved_at": None,
        "incident_updates": [{"status": "resolved", "display_at": at(30), "created_at": at(31)}],
    }
    found = read({"page": {"id": "p", "name": "Identity"}, "incidents": [incident]})
    (event,) = found.events
    assert (event.kind.value, event.target, event.time_ms) == ("other", "Identity", ms(at(2)))
    assert event.end_ms == ms(at(30))


def test_pagerduty_as_sent() -> None:
    payload = {
        "summary": "Deployed auth-api 2.4",
        "timestamp": at(1),
        "source": "ci",
        "custom_details": {"service": "auth-api"},
    }
    found = read({"routing_key": "R0UT1NGK3Y", "payload": payload, "links": []})
    assert told(found) == [(at(1), "deploy", "auth-api")]
    assert "R0UT1NGK3Y" not in repr(found)


def test_git_lines_and_tags() -> None:
    lines = f"{'ab' * 20} 2031-05-06T13:02:00+02:00 Rotate JWT secret\n"
    assert told(read(lines)) == [(at(2), "rotation", "")]
    epoch = f"{'ab' * 20}\t{ms(at(2)) // 1000}\tRotate JWT secret\n"
    assert told(read(epoch)) == [(at(2), "rotation", "")]
    tags = "v2.4.1 2031-05-06 13:02:00 +0200\nv2.4.0 2031-05-05 13:02:00 +0200\n"
    assert [event.version for event in changes.merge([read(tags)])] == ["v2.4.0", "v2.4.1"]
    assert [event.kind.value for event in read(tags).events] == ["deploy", "deploy"]


CALENDAR = """\
BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
UID:1@example.com\r
DTSTART:20310506T110200Z\r
DTEND:20310506T112000Z\r
SUMMARY:Rotate the JWT\r
  signing key\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2@example.com\r
DTSTART;TZID=Europe/Berlin:20310506T130500\r
SUMMARY:Deploy auth\\, then web\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:3@example.com\r
STATUS:CANCELLED\r
DTSTART:20310506T110300Z\r
SUMMARY:Deploy web\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:4@example.com\r
DTSTART;VALUE=DATE:20310506\r
SUMMARY:Freeze\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_icalendar() -> None:
    found = read(CALENDAR)
    assert told(found) == [(at(2), "rotation", ""), (at(5), "deploy", "")]
    assert found.events[0].end_ms == ms(at(20))
    assert found.events[1].description == "Deploy auth, then web"
    assert found.not_done == ("3@example.com",)
    assert [(fault.kind, fault.line) for fault in found.faults] == [("no_time", 21)]


# --- git itself ---


def git(folder: Path, *words: str, when: str = "") -> str:
    dated = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when} if when else {}
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", "TZ": "UTC",
        "GIT_AUTHOR_NAME": "A B", "GIT_AUTHOR_EMAIL": "a@example.com",
        "GIT_COMMITTER_NAME": "A B", "GIT_COMMITTER_EMAIL": "a@example.com", **dated,
    }  # fmt: skip
    run = subprocess.run(
        ["git", *words], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return run.stdout


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    if shutil.which("git") is None:
        pytest.skip("no git")
    folder = tmp_path_factory.mktemp("repository")
    git(folder, "init", "-q")
    for minute, subject in (
        (3, "Deploy auth-api 2.3"),
        (10, "Rotate JWT signing key (kid 2031-05)"),
    ):
        when = f"2031-05-06T13:{minute:02}:00+02:00"
        git(folder, "commit", "-q", "--allow-empty", "-m", subject, when=when)
    git(folder, "tag", "-a", "v2.3", "-m", "release 2.3", when="2031-05-06T13:20:00+02:00")
    return folder


@pytest.mark.parametrize(
    "words",
    [
        (), ("--format=fuller",), ("--format=raw",), ("--stat",), ("-p",), ("--decorate",),
        ("--format=%h %ci %s",), ("--format=%cI %h %an %s",), ("--format=%h|%an|%ad|%s",),
        ("--graph", "--format=%h %cd %s", "--date=iso"), ("--format=%H,%an,%ae,%ct,%s",),
        ("--date=rfc2822", "--format=%cd%x09%s"), ("--date=unix", "--format=%ad %h %s"),
        ("--format=%h %s (%ai)",),
        ("--date=iso-strict", '--format={"commit":"%H","author":"%an","date":"%ad","message":"%s"}'),
    ],
    ids=" ".join,
)  # fmt: skip
def test_git_log_in_any_format(repository, words) -> None:
    found = read(git(repository, "log", *words))
    assert [(time, kind) for time, kind, _ in told(found)] == [
        (at(3), "deploy"), (at(10), "rotation")
    ]  # fmt: skip
    assert not any(event.zone_assumed or "@" in event.description for event in found.events)


def test_git_reflog_and_show(repository) -> None:
    assert [time for time, _, _ in told(read(git(repository, "reflog", "--date=iso")))] == [
        at(3),
        at(10),
    ]
    shown = read(git(repository, "show", "v2.3"))
    assert next((event.version, isoformat(event.time_ms)) for event in shown.events) == (
        "v2.3",
        at(20),
    )
