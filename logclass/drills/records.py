"""Change records, in the forms that tools export them in."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import TYPE_CHECKING

from logclass.drills.lines import stamp

if TYPE_CHECKING:
    from logclass.drills.parts import Change
    from logclass.drills.world import World

FORMS = ("csv", "json", "github", "cloudtrail", "ecs")
_ACCOUNT = "111122223333"


def _seconds(time: float) -> str:
    return stamp(time)[:19] + "Z"


def write(world: World, form: str) -> dict[str, bytes]:
    """Return {file name: bytes}. What a form cannot say stands in a CSV list beside it.

    The ids that stand in the files are kept in each Change.
    """
    changes = sorted(world.changes, key=lambda change: change.time)
    if form == "csv" or not changes:
        return {"changes.csv": _csv(changes)} if changes else {}
    if form == "json":
        return {"changes.json": _json(changes)}
    told: list[Change]
    if form == "github":
        told = [one for one in changes if one.kind in {"deploy", "rollback"}]
        files = {"github-deployments.json": _github(world, told)}
    elif form == "cloudtrail":
        told = [one for one in changes if one.kind in {"rotation", "config", "deploy"}]
        files = {"cloudtrail-lookup-events.json": _cloudtrail(world, told)}
    else:
        names = {service.name for service in world.services}
        told = [
            one for one in changes if one.kind in {"deploy", "rollback"} and one.target in names
        ]
        files = {"ecs-describe-services.json": _ecs(world, told)} if told else {}
    rest = [one for one in changes if one not in told]
    return {**files, **({"changes.csv": _csv(rest)} if rest else {})}


def _csv(changes: list[Change]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("id", "time", "kind", "service", "version", "description"))
    for one in changes:
        row = (one.id, _seconds(one.time), one.kind, one.target, one.version, one.description)
        writer.writerow(row)
    return out.getvalue().encode()


def _json(changes: list[Change]) -> bytes:
    rows = [
        {
            "id": one.id,
            "timestamp": _seconds(one.time),
            "type": one.kind,
            "target": one.target,
            **({"version": one.version} if one.version else {}),
            **({"finished_at": _seconds(one.end)} if one.end and one.end < 1e11 else {}),
            "summary": one.description,
        }
        for one in changes
    ]
    return json.dumps(rows, indent=1).encode()


def _github(world: World, changes: list[Change]) -> bytes:
    rows = []
    for one in reversed(changes):
        number = world.random.randint(1_000_000_000, 1_999_999_999)
        sha = hashlib.sha256(f"{one.id}".encode()).hexdigest()[:40]
        one.id = str(number)
        api = f"https://api.github.com/repos/example/{one.target}"
        rows.append(
            {
                "url": f"{api}/deployments/{number}",
                "id": number,
                "node_id": f"DE_{sha[:12]}",
                "task": "deploy",
                "original_environment": "production",
                "environment": "production",
                "description": one.description or None,
                "created_at": _seconds(one.time),
                "updated_at": _seconds(min(one.end, 4e9) if one.end else one.time + 30),
                "statuses_url": f"{api}/deployments/{number}/statuses",
                "repository_url": api,
                "creator": {"login": "deploy-bot", "type": "Bot"},
                "sha": sha,
                "ref": f"v{one.version}" if one.version else "main",
                "payload": {},
                "transient_environment": False,
                "production_environment": True,
            }
        )
    return json.dumps(rows, indent=2).encode()


_EVENTS = {
    "rotation": ("RotateSecret", "secretsmanager.amazonaws.com", "AWS::SecretsManager::Secret"),
    "config": ("PutParameter", "ssm.amazonaws.com", "AWS::SSM::Parameter"),
    "deploy": ("UpdateService", "ecs.amazonaws.com", "AWS::ECS::Service"),
}


def _cloudtrail(world: World, changes: list[Change]) -> bytes:
    events = []
    for one in reversed(changes):
        name, source, kind = _EVENTS[one.kind]
        digest = hashlib.sha256(one.id.encode()).hexdigest()
        one.id = f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"
        asked = {
            "rotation": {"secretId": one.target, "rotateImmediately": True},
            "config": {"name": f"/prod/{one.target}", "type": "String", "overwrite": True},
            "deploy": {
                "cluster": "prod",
                "service": one.target,
                "taskDefinition": f"{one.target}:{world.random.randint(20, 400)}",
            },
        }[one.kind]
        detail = {
            "eventVersion": "1.09",
            "userIdentity": {"type": "AssumedRole", "accountId": _ACCOUNT},
            "eventTime": _seconds(one.time),
            "eventSource": source,
            "eventName": name,
            "awsRegion": "eu-central-1",
            "requestParameters": asked,
            "responseElements": None,
            "eventID": one.id,
            "readOnly": False,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": _ACCOUNT,
        }
        events.append(
            {
                "EventId": one.id,
                "EventName": name,
                "ReadOnly": "false",
                "EventTime": stamp(one.time)[:19] + "+00:00",
                "EventSource": source,
                "Username": "deploy",
                "Resources": [{"ResourceType": kind, "ResourceName": one.target}],
                "CloudTrailEvent": json.dumps(detail),
            }
        )
    return json.dumps({"Events": events}, indent=4).encode()


def _ecs(world: World, changes: list[Change]) -> bytes:
    region = f"arn:aws:ecs:eu-central-1:{_ACCOUNT}"
    services = []
    for name in sorted({one.target for one in changes}):
        deployments, events = [], []
        ours = [one for one in changes if one.target == name]
        family = f"{region}:task-definition/{name}"
        revision = world.random.randint(20, 300)
        for rank, one in enumerate(reversed(ours)):
            one.id = f"ecs-svc/{world.random.randint(10**18, 9 * 10**18)}"
            is_stuck = one.end is not None and one.end > 1e11
            done = min(one.end, 4e9) if one.end and not is_stuck else one.time + 200
            deployments.append(
                {
                    "id": one.id,
                    "status": "PRIMARY" if rank == 0 else "INACTIVE",
                    "taskDefinition": f"{family}:{revision + len(ours) - rank}",
                    "desiredCount": 4,
                    "createdAt": stamp(one.time)[:23] + "000+00:00",
                    "updatedAt": stamp(done)[:23] + "000+00:00",
                    "rolloutState": "IN_PROGRESS" if is_stuck and rank == 0 else "COMPLETED",
                }
            )
            events.append(
                {
                    "id": f"{world.random.getrandbits(64):016x}",
                    "createdAt": stamp(done)[:23] + "000+00:00",
                    "message": f"(service {name}) has reached a steady state.",
                }
            )
        services.append(
            {
                "serviceArn": f"{region}:service/prod/{name}",
                "serviceName": name,
                "clusterArn": f"{region}:cluster/prod",
                "status": "ACTIVE",
                "desiredCount": 4,
                "runningCount": 4,
                "pendingCount": 0,
                "deployments": deployments,
                "events": events,
            }
        )
    return json.dumps({"services": services, "failures": []}, indent=4).encode()
