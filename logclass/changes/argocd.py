"""Argo CD: `argocd app get APP -o json`, or the Application objects of kubectl.

Shape: github.com/argoproj/argo-cd, pkg/apis/application/v1alpha1/types.go.
"""

from __future__ import annotations

from logclass.changes.rows import ChangeRead, Document, Row, mostly, objects_at, rows
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

FORMAT = "argocd"


def read(document: Document) -> ChangeRead | None:
    """Return one event for each synchronisation in `status.history`, or None."""
    found = rows(document, "items")
    if not mostly(isinstance(_history(row), list) for row in found):
        return None
    events: list[ChangeEvent] = []
    faults: list[Fault] = list(document.faults)
    for application in found:
        for item in objects_at(application.value, "status", "history"):
            event = _event(application, application.part(item))
            if event:
                events.append(event)
            else:
                faults.append(application.fault("no_time", "a sync has no readable deployedAt"))
    return ChangeRead(tuple(events), tuple(faults), FORMAT)


def _history(row: Row) -> object:
    status = row.value.get("status")
    return status.get("history") if isinstance(status, dict) else None


def _event(application: Row, sync: Row) -> ChangeEvent | None:
    end = sync.stamp("deployedAt")
    start = sync.stamp("deployStartedAt") or end
    if start is None:
        return None
    name = application.text("metadata", "name")
    return ChangeEvent(
        id=f"{name}#{sync.text('id')}" if sync.text("id") else application.id,
        time_ms=start.ms,
        kind=ChangeKind.DEPLOY,
        target=name,
        source=application.source,
        description=f"sync {sync.text('id')} of {sync.text('source', 'path')}".removesuffix(" of "),
        end_ms=end.ms if end else None,
        version=sync.text("revision") or sync.text("revisions", 0),
        environment=application.text("spec", "destination", "namespace"),
        zone_assumed=not start.zone_known,
    )
