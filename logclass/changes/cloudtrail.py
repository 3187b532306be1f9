"""AWS CloudTrail: `aws cloudtrail lookup-events` and the `{"Records": […]}` files in S3.

The console's CSV, Athena's CSV, EventBridge's envelope and `--output text` are read too. Only named
fields are read: request parameters can hold values that are secret.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from logclass.changes.aws_keys import names_key
from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.changes.tables import csv_rows
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

FORMAT = "cloudtrail"

_ROTATION, _CONFIG, _DEPLOY = ChangeKind.ROTATION, ChangeKind.CONFIG, ChangeKind.DEPLOY
_GATEWAY, _OTHER = ChangeKind.GATEWAY, ChangeKind.OTHER
# Service -> event names (without their API date) -> kind. Names after docs.aws.amazon.com.
_KINDS: dict[str, dict[ChangeKind, str]] = {
    "secretsmanager": {
        _ROTATION: "RotateSecret PutSecretValue UpdateSecret UpdateSecretVersionStage"
        " RotationStarted RotationSucceeded",
        _CONFIG: "CreateSecret DeleteSecret RestoreSecret CancelRotateSecret",
    },
    "kms": {
        _ROTATION: "RotateKey RotateKeyOnDemand ImportKeyMaterial DeleteImportedKeyMaterial"
        " UpdateAlias DisableKey EnableKey ScheduleKeyDeletion",
        _CONFIG: "EnableKeyRotation DisableKeyRotation CreateKey CreateAlias DeleteAlias"
        " PutKeyPolicy",
    },
    "ssm": {_ROTATION: "PutParameter", _CONFIG: "DeleteParameter DeleteParameters"},
    "ecs": {_DEPLOY: "UpdateService CreateService", _OTHER: "RegisterTaskDefinition"},
    "lambda": {
        _DEPLOY: "CreateFunction UpdateFunctionCode PublishVersion UpdateAlias CreateAlias",
        _CONFIG: "UpdateFunctionConfiguration",
    },
    "codedeploy": {_DEPLOY: "CreateDeployment", ChangeKind.ROLLBACK: "StopDeployment"},
    "codepipeline": {_DEPLOY: "StartPipelineExecution"},
    "elasticbeanstalk": {_DEPLOY: "UpdateEnvironment", _CONFIG: "UpdateConfigurationTemplate"},
    "apprunner": {_DEPLOY: "StartDeployment UpdateService"},
    "cloudformation": {_CONFIG: "CreateStack UpdateStack ExecuteChangeSet"},
    "appconfig": {_CONFIG: "StartDeployment"},
    "cognito-idp": {
        _CONFIG: "UpdateUserPoolClient UpdateUserPool CreateUserPoolClient UpdateResourceServer"
        " UpdateIdentityProvider",
    },
    "apigateway": {
        _GATEWAY: "UpdateAuthorizer CreateAuthorizer DeleteAuthorizer CreateDeployment UpdateStage"
        " UpdateRoute UpdateIntegration UpdateMethod ImportApi ReimportApi PutRestApi",
    },
    "elasticloadbalancing": {
        _GATEWAY: "ModifyListener CreateListener DeleteListener ModifyRule CreateRule DeleteRule"
        " SetRulePriorities ModifyTargetGroup ModifyLoadBalancerAttributes"
        " ModifyTargetGroupAttributes ModifyListenerAttributes",
    },
    "cloudfront": {
        _GATEWAY: "UpdateDistribution UpdateFunction PublishFunction UpdateOriginRequestPolicy"
    },
    "wafv2": {_GATEWAY: "UpdateWebACL UpdateRuleGroup AssociateWebACL"},
    "route53": {_CONFIG: "ChangeResourceRecordSets"},
}
_KIND = {
    (service, name): kind
    for service, kinds in _KINDS.items()
    for kind, names in kinds.items()
    for name in names.split()
}
_NOT_DONE = {"RotationFailed", "RotationAbandoned"}
# Where the name of what was changed stands, best first.
_TARGET_KEYS = (
    *("secretId", "SecretId", "aRN", "aliasName", "keyId", "service", "serviceName"),
    *("functionName", "applicationName", "pipelineName", "environmentName", "stackName"),
    *("restApiId", "apiId", "listenerArn", "ruleArn", "loadBalancerArn", "targetGroupArn"),
    *("clientId", "userPoolId", "name", "family", "id", "hostedZoneId"),
)
_SCALING_ONLY = {"service", "cluster", "desiredCount"}
_API_DATE = re.compile(r"20\d{6}(?:v\d+)?$|_?20\d\d_\d\d_\d\d$")
_SECRET_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}$")
_CONSOLE_ZONE = re.compile(r" ?\(UTC([+-]\d\d:\d\d)\)$")
_RESOURCE_NAME = re.compile(r'"(?:resourceName|ARN|arn)"\s*:\s*"([^"]+)"')


def read(document: Document) -> ChangeRead | None:
    """Return the events that changed a key, a secret, a service or a gateway, or None.

    Reads and calls that were refused (`errorCode`) changed nothing and are left out.
    """
    return _read([_record(row) for row in rows(document, "Records", "Events")], document)


def read_csv(document: Document) -> ChangeRead | None:
    """Return the same of a CSV with a column for the event's name, source and time, or None."""
    return _read([_parsed(row) for row in csv_rows(document)], replace(document, data=b""))


def read_text(document: Document) -> ChangeRead | None:
    """Return the same of the records in what `lookup-events --output text` prints, or None."""
    if not document.text.startswith("EVENTS\t"):
        return None
    found = []
    for number, line in enumerate(document.text.split("\n"), 1):
        start = line.find('{"eventVersion"')
        if line.startswith("EVENTS\t") and start >= 0:
            record = _json(line[start:].partition("\t")[0])
            found.append(document.row(record, number, number))
    return _read(found, replace(document, data=b""))


def _read(found: list[Row], document: Document) -> ChangeRead | None:
    if not mostly(
        bool(row.text("eventName") and row.text("eventSource") and row.has("eventTime"))
        for row in found
    ):
        return None
    events, faults = collect(found, _event)
    not_done = (row.text("eventID") for row in found if _failed(row))
    return ChangeRead(
        events, document.faults + faults, FORMAT, tuple(sorted(filter(None, not_done)))
    )


def _record(row: Row) -> Row:
    """Return the record that a lookup-events entry or an EventBridge event holds, else the row."""
    detail = row.value.get("detail")
    if isinstance(detail, dict) and "eventName" in detail:
        return row.part(detail)
    if "EventName" not in row.value:
        return row
    # Where the string was cut off, the entry's own fields still tell enough.
    value = _json(row.text("CloudTrailEvent"))
    value.setdefault("eventName", row.text("EventName"))
    value.setdefault("eventSource", row.text("EventSource"))
    value.setdefault("eventTime", row.value.get("EventTime"))
    value.setdefault("eventID", row.text("EventId"))
    value.setdefault("resourceName", row.text("Resources", 0, "ResourceName"))
    return row.part(value)


def _json(text: str) -> dict[str, Any]:
    """Return the object that a text holds; empty where it holds none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _parsed(row: Row) -> Row:
    """Return a CSV row with the objects that its cells hold as JSON."""
    cells: dict[str, Any] = {
        name: _json(text) or _CONSOLE_ZONE.sub(r" \1", text) for name, text in row.value.items()
    }
    resources = _RESOURCE_NAME.search(row.text("resources"))
    return row.part({**cells, "resourceName": resources.group(1) if resources else ""})


def _event(row: Row) -> ChangeEvent | Fault | None:
    service = row.text("eventSource").partition(".")[0]
    name = _API_DATE.sub("", row.text("eventName"))
    kind = _KIND.get((service, name))
    if kind is None or _failed(row):
        return None
    stamp = row.stamp("eventTime")
    if stamp is None:
        return row.fault("no_time", f"{name} has no readable eventTime")
    return ChangeEvent(
        id=row.text("eventID") or row.id,
        time_ms=stamp.ms,
        kind=_kind(row, kind, (service, name)),
        target=_target(row),
        source=row.source,
        description=" ".join(part for part in (service, name, row.text("awsRegion")) if part),
        version=_version(row),
        zone_assumed=not stamp.zone_known,
    )


def _failed(row: Row) -> bool:
    return bool(row.text("errorCode")) or row.text("eventName") in _NOT_DONE


def _kind(row: Row, kind: ChangeKind, event: tuple[str, str]) -> ChangeKind:
    request = row.value.get("requestParameters")
    if event == ("ecs", "UpdateService") and isinstance(request, dict):
        given = {key for key, value in request.items() if value is not None}
        return _OTHER if "desiredCount" in given and given <= _SCALING_ONLY else kind
    if event == ("ssm", "PutParameter"):
        return kind if names_key(_target(row)) else _CONFIG
    return kind


def _target(row: Row) -> str:
    for place in ("requestParameters", "additionalEventData", "serviceEventDetails"):
        for key in _TARGET_KEYS:
            found = row.text(place, key)
            if found:
                return _short(found)
    arn = row.text("resources", 0, "ARN") or row.text("resources", 0, "arn")
    return _short(arn or row.text("resourceName"))


def _short(name: str) -> str:
    """Return a name without its ARN: the resource, without the suffix that secrets get."""
    if not name.startswith("arn:"):
        return name
    resource = name.split(":", 5)[-1]
    if ":secret:" in name:
        return _SECRET_SUFFIX.sub("", resource.removeprefix("secret:"))
    if ":parameter/" in name:
        return resource.removeprefix("parameter")
    return re.split(r"[:/]", resource, maxsplit=1)[-1]


def _version(row: Row) -> str:
    """Return the revision or version that a call brought; never a value."""
    for path in (
        ("requestParameters", "taskDefinition"),
        ("responseElements", "taskDefinition", "taskDefinitionArn"),
        ("responseElements", "versionId"),
        ("requestParameters", "moveToVersionId"),
        ("requestParameters", "clientRequestToken"),
        ("responseElements", "version"),
        ("responseElements", "deploymentId"),
    ):
        found = row.text(*path)
        if found:
            return found.rpartition("/")[2]
    return ""
