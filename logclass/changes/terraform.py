"""Terraform Cloud: the runs of a workspace.

Shape: developer.hashicorp.com/terraform/cloud-docs/api-docs/run.
"""

from __future__ import annotations

from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.changes.values import objects_at, text_at
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

FORMAT = "terraform runs"


def read(document: Document) -> ChangeRead | None:
    """Return one event for each run that was applied, or None. Plans change nothing."""
    found = [
        row.part(row.value["data"]) if isinstance(row.value.get("data"), dict) else row
        for row in rows(document, "data")
    ]
    if not mostly(row.text("type") == "runs" and "attributes" in row.value for row in found):
        return None
    included = [one for value, _ in document.values for one in objects_at(value, "included")]
    names = {text_at(one, "id"): text_at(one, "attributes", "name") for one in included}

    def event(row: Row) -> ChangeEvent | Fault | None:
        return _event(row, names)

    events, faults = collect(found, event)
    return ChangeRead(events, document.faults + faults, FORMAT)


def _event(row: Row, names: dict[str, str]) -> ChangeEvent | Fault | None:
    if row.text("attributes", "status") != "applied":
        return None
    start = row.stamp("attributes", "status-timestamps", "applying-at")
    end = row.stamp("attributes", "status-timestamps", "applied-at")
    stamp = start or end or row.stamp("attributes", "created-at")
    if stamp is None:
        return row.fault("no_time", "the run has no readable applied-at")
    workspace = row.text("relationships", "workspace", "data", "id")
    return ChangeEvent(
        id=row.text("id") or row.id,
        time_ms=stamp.ms,
        kind=ChangeKind.CONFIG,
        target=names.get(workspace) or row.text("attributes", "workspace-name") or workspace,
        source=row.source,
        description=row.text("attributes", "message"),
        end_ms=end.ms if end else None,
        zone_assumed=not stamp.zone_known,
    )
