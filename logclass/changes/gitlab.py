"""GitLab: the deployments of a project (docs.gitlab.com/api/deployments)."""

from __future__ import annotations

from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

FORMAT = "gitlab deployments"

_KEYS = {"id", "iid", "sha", "status", "environment", "created_at"}


def read(document: Document) -> ChangeRead | None:
    """Return one event for each deployment that succeeded or still runs, or None.

    It took effect when its job finished.
    """
    found = rows(document)
    if not mostly(row.value.keys() >= _KEYS for row in found):
        return None
    events, faults = collect(found, _event)
    return ChangeRead(events, document.faults + faults, FORMAT)


def _event(row: Row) -> ChangeEvent | Fault | None:
    if row.text("status") not in {"success", "running"}:
        return None
    end = row.stamp("deployable", "finished_at")
    start = row.stamp("deployable", "started_at") or row.stamp("created_at")
    stamp = end or start
    if stamp is None:
        return row.fault("no_time", "the deployment has no readable time")
    name = row.text("deployable", "name")
    return ChangeEvent(
        id=row.text("id"),
        time_ms=stamp.ms,
        kind=ChangeKind.ROLLBACK if "rollback" in name.lower() else ChangeKind.DEPLOY,
        target=row.text("deployable", "project", "name"),
        source=row.source,
        description=" ".join(part for part in (name, row.text("ref")) if part),
        version=row.text("sha"),
        environment=row.text("environment", "name"),
        zone_assumed=not stamp.zone_known,
    )
