"""AWS CodeDeploy: `aws deploy get-deployment`, `batch-get-deployments` and `list-deployments`.

Shape: botocore's CodeDeploy service model.
"""

from __future__ import annotations

import re

from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.changes.values import member
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

FORMAT = "codedeploy"

_REVISION = (
    ("revision", "s3Location", "key"),
    ("revision", "gitHubLocation", "commitId"),
    ("revision", "string", "sha256"),
    ("revision", "appSpecContent", "sha256"),
)
_FAILED = {"Failed", "Stopped"}
_ID = re.compile(r"d-[A-Z0-9]{9,}")


def read(document: Document) -> ChangeRead | None:
    """Return one event for each deployment that began to install something, or None.

    One that failed or was stopped is among them where it changed an instance, and says so.
    """
    found = [
        row.part(inner) if isinstance(inner := member(row.value, "deploymentInfo"), dict) else row
        for row in rows(document, "deploymentsInfo")
    ]
    if not mostly(row.has("deploymentId", "createTime") for row in found):
        return None
    not_done = sorted(row.text("deploymentId") for row in found if not _has_begun(row))
    events, faults = collect([row for row in found if _has_begun(row)], _event)
    return ChangeRead(events, document.faults + faults, FORMAT, tuple(not_done))


def read_ids(document: Document) -> ChangeRead | None:
    """Return a fault for what list-deployments prints: ids without a time; None for the rest."""
    for value, _ in document.values:
        listed = member(value, "deployments") if isinstance(value, dict) else None
        if not isinstance(listed, list) or not listed:
            return None
        if not all(isinstance(item, str) and _ID.fullmatch(item) for item in listed):
            return None
    if not document.values:
        return None
    detail = "ids without times: add what `aws deploy batch-get-deployments` prints"
    return ChangeRead((), (Fault(document.name, "no_time", detail),), FORMAT)


def _has_begun(row: Row) -> bool:
    status = row.text("status")
    overview = member(row.value, "deploymentOverview")
    if status not in _FAILED or not isinstance(overview, dict):
        return status not in _FAILED or row.stamp("startTime") is not None
    touched = (member(overview, name) for name in ("Succeeded", "Failed", "InProgress"))
    return any(isinstance(count, int) and count > 0 for count in touched)


def _event(row: Row) -> ChangeEvent | Fault | None:
    start = row.first_stamp("startTime", "createTime")
    if start is None:
        return row.fault("no_time", "the deployment has no readable startTime")
    end = row.stamp("completeTime")
    back = row.text("creator") == "codeDeployRollback" or bool(
        row.text("rollbackInfo", "rollbackTriggeringDeploymentId")
    )
    group = row.text("deploymentGroupName")
    return ChangeEvent(
        id=row.text("deploymentId"),
        time_ms=start.ms,
        kind=ChangeKind.ROLLBACK if back else ChangeKind.DEPLOY,
        target=row.text("applicationName"),
        source=row.source,
        description=" ".join(
            part for part in (group, row.text("status"), row.text("description")) if part
        ),
        end_ms=end.ms if end else None,
        version=next((found for path in _REVISION if (found := row.text(*path))), ""),
        zone_assumed=not start.zone_known,
    )
