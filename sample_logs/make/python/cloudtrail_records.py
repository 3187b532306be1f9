"""What CloudTrail would hold of the simulated morning: the real change and a few others."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from ecs_records import ACCOUNT, ARN, CLUSTER, task_definition
from virtual_clock import iso, milliseconds

SECRET = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:production/auth/jwt-AbCdEf"
TERRAFORM = "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io)"
CONSOLE = "AWS Internal"
PIPELINE = "aws-cli/2.17.0"
PUT_SECRET_ID = "0c5e0a01-1103-4000-8000-2031050600a1"
REGISTER_ID = "0c5e0a01-1104-4000-8000-2031050600a2"
UPDATE_ID = "0c5e0a01-1104-4000-8000-2031050600a3"
FORCED_ID = "0c5e0a01-1133-4000-8000-2031050600a4"


def _role(name: str, session: str) -> dict[str, Any]:
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLEEXAMPLE:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{session}",
        "accountId": ACCOUNT,
    }


class Row(NamedTuple):
    """One API call."""

    ms: int
    id: str
    service: str
    name: str
    role: str
    agent: str
    parameters: dict[str, Any]
    error: str = ""


def _id(clock: str, tail: str) -> str:
    return f"0c5e0a01-{clock}-4000-8000-2031050600{tail}"


def _bystanders() -> list[Row]:
    """Return calls that have nothing to do with the incident; one of them was refused."""
    day = "2031-05-06T"
    banner = {"name": "/production/web/banner-text", "type": "String", "overwrite": True}
    billing = {"secretId": "production/billing/api-key"}
    web = {"cluster": CLUSTER, "service": "web", "taskDefinition": f"{ARN}:task-definition/web:402"}
    search = {"logGroupName": "/ecs/search", "retentionInDays": 30}
    return [
        Row(
            *(milliseconds(day + "09:52:41"), _id("0952", "b1"), "ssm", "PutParameter"),
            *("pipeline", PIPELINE, banner),
        ),
        Row(
            *(milliseconds(day + "10:20:13"), _id("1020", "b2"), "secretsmanager"),
            *("PutSecretValue", "developer", CONSOLE, billing, "AccessDenied"),
        ),
        Row(
            *(milliseconds(day + "10:48:02"), _id("1048", "b3"), "ecs", "UpdateService"),
            *("pipeline", PIPELINE, web),
        ),
        Row(
            *(milliseconds(day + "11:29:30"), _id("1129", "b4"), "logs", "PutRetentionPolicy"),
            *("pipeline", PIPELINE, search),
        ),
    ]


def _incident(times: dict[str, Any]) -> list[Row]:
    """Return the rotation, the rollout that carried it half way, and the forced redeploy."""
    token = "terraform-20310506110327000000000001"
    secret = {"secretId": SECRET, "clientRequestToken": token}
    new = task_definition(times["NEW_REVISION"])
    auth = {"cluster": CLUSTER, "service": "auth", "taskDefinition": new}
    forced = {**auth, "forceNewDeployment": True}
    terraform = ("terraform", TERRAFORM)
    return [
        Row(
            *(times["SECRET_PUT"], PUT_SECRET_ID, "secretsmanager", "PutSecretValue"),
            *(*terraform, secret),
        ),
        Row(
            *(times["TASK_DEFINITION"], REGISTER_ID, "ecs", "RegisterTaskDefinition"),
            *(*terraform, {"family": "auth"}),
        ),
        Row(times["ROLLOUT"], UPDATE_ID, "ecs", "UpdateService", *terraform, auth),
        Row(times["FORCED"], FORCED_ID, "ecs", "UpdateService", "on-call", CONSOLE, forced),
    ]


def _event(row: Row) -> dict[str, Any]:
    ms, event_id, service, name, role, agent, parameters, error = row
    record = {
        "eventVersion": "1.11",
        "userIdentity": _role(role, f"{role}-session"),
        "eventTime": iso(ms)[:19] + "Z",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "192.0.2.44",
        "userAgent": agent,
        "requestParameters": parameters,
        "responseElements": None,
        "eventID": event_id,
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
    }
    if error:
        record |= {"errorCode": error, "errorMessage": "not authorized to perform this action"}
    return {
        "EventId": event_id,
        "EventName": name,
        "ReadOnly": "false",
        "EventTime": ms // 1000,
        "EventSource": f"{service}.amazonaws.com",
        "Username": f"{role}-session",
        "Resources": _resources(service, parameters),
        "CloudTrailEvent": json.dumps(record, separators=(",", ":")),
    }


def _resources(service: str, parameters: dict[str, Any]) -> list[dict[str, str]]:
    if service == "secretsmanager":
        name = parameters["secretId"]
        return [{"ResourceType": "AWS::SecretsManager::Secret", "ResourceName": name}]
    return []


def lookup_events(times: dict[str, Any]) -> dict[str, Any]:
    """Return the LookupEvents answer, newest first."""
    rows = sorted(_bystanders() + _incident(times), reverse=True, key=lambda row: row.ms)
    return {"Events": [_event(row) for row in rows]}
