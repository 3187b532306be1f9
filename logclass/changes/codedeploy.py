"""AWS CodeDeploy: `aws deploy get-deployment` and `batch-get-deployments`.

Shape: botocore's CodeDeploy service model.
"""

from __future__ import annotations

from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

FORMAT = "codedeploy"

_REVISION = (
    ("revision", "s3Location", "key"),
    ("revision", "gitHubLocation", "commitId"),
    ("revision", "string", "sha256"),
    ("revision", "appSpecContent", "sha256"),
)


def read(document: Document) -> ChangeRead | None:
    """Return one event for each deployment that was started, or None."""
    found = [
        row.part(row.value["deploymentInfo"])
        if isinstance(row.value.get("deploymentInfo"), dict)
        else row
        for row in rows(document, "deploymentsInfo")
    ]
    if not mostly({"deploymentId", "createTime"} <= row.value.keys() for row in found):
        return None
    events, faults = collect(found, _event)
    return ChangeRead(events, document.faults + faults, FORMAT)


def _event(row: Row) -> ChangeEvent | Fault | None:
    start = row.stamp("startTime") or row.stamp("createTime")
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
