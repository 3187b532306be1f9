"""Amazon ECS: `aws ecs list-service-deployments` and `describe-service-deployments`.

Shapes: botocore's ECS service model. These tell more than describe-services: when a rollout began
and ended, and whether it was rolled back.
"""

from __future__ import annotations

from logclass.changes.ecs import arn_name
from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

FORMAT = "ecs service deployments"


def read(document: Document) -> ChangeRead | None:
    """Return one event for each deployment that began, and one for each rollback; or None."""
    found = rows(document, "serviceDeployments")
    if not mostly(row.has("serviceDeploymentArn", "status") for row in found):
        return None
    begun = [row for row in found if row.text("status") != "PENDING"]
    events, faults = collect(begun, _rollout)
    back, back_faults = collect([row for row in begun if row.stamp("rollback", "startedAt")], _back)
    return ChangeRead(events + back, document.faults + faults + back_faults, FORMAT)


def _rollout(row: Row) -> ChangeEvent | Fault:
    start = row.first_stamp("startedAt", "createdAt")
    if start is None:
        return row.fault("no_time", "the service deployment has no readable startedAt")
    end = row.first_stamp("finishedAt", "stoppedAt")
    return _event(row, (start.ms, end.ms if end else None), ChangeKind.DEPLOY, "")


def _back(row: Row) -> ChangeEvent | Fault:
    start, end = row.stamp("rollback", "startedAt"), row.first_stamp("finishedAt", "stoppedAt")
    assert start is not None
    return _event(row, (start.ms, end.ms if end else None), ChangeKind.ROLLBACK, "rollback")


def _event(row: Row, span: tuple[int, int | None], kind: ChangeKind, part: str) -> ChangeEvent:
    ident = arn_name(row.text("serviceDeploymentArn"))
    revision = row.text("targetServiceRevision", "arn") or row.text("targetServiceRevisionArn")
    reason = row.text("rollback", "reason") if part else row.text("statusReason")
    told = (row.text("status"), reason)
    return ChangeEvent(
        id="/".join(text for text in (ident, part) if text) or row.id,
        time_ms=span[0],
        kind=kind,
        target=arn_name(row.text("serviceArn")),
        source=row.source,
        description=" ".join(text for text in told if text),
        end_ms=span[1],
        version="" if part else arn_name(revision),
    )
