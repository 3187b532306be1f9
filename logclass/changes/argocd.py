"""Argo CD: `argocd app get APP -o json`, Application objects of kubectl, and `argocd app history`.

Shape: github.com/argoproj/argo-cd, pkg/apis/application/v1alpha1/types.go.
"""

from __future__ import annotations

import re
from dataclasses import replace

from logclass.changes.rows import ChangeRead, Document, Row, mostly, rows
from logclass.changes.tables import printed
from logclass.changes.values import value_at
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

FORMAT = "argocd"

_HEADER = re.compile(r"ID\s+DATE\s+REVISION\s*$")
_TABLE_CHARACTERS = 1_000_000


def read(document: Document) -> ChangeRead | None:
    """Return one event for each synchronisation in `status.history`, or None.

    One that brings back a revision from before the last one is a rollback.
    """
    found = rows(document, "items")
    if not mostly(isinstance(value_at(row.value, "status", "history"), list) for row in found):
        return None
    events: list[ChangeEvent] = []
    faults: list[Fault] = list(document.faults)
    for application in found:
        syncs = [_event(application, sync) for sync in application.parts("status", "history")]
        events += _with_rollbacks([event for event in syncs if event])
        faults += [
            application.fault("no_time", "a sync has no readable deployedAt")
            for event in syncs
            if event is None
        ]
    return ChangeRead(tuple(events), tuple(faults), FORMAT)


def read_table(document: Document) -> ChangeRead | None:
    """Return the same of the table that `argocd app history` prints, or None."""
    lines = document.text[:_TABLE_CHARACTERS].replace("\r\n", "\n").split("\n")
    header = next((n for n, line in enumerate(lines[:20]) if _HEADER.match(line)), None)
    if header is None:
        return None
    events: list[ChangeEvent] = []
    faults: list[Fault] = []
    for cells, line in printed(lines, header):
        value = {"deployedAt": cells["DATE"], "revision": cells["REVISION"], "id": cells["ID"]}
        row = document.row(value, line, line)
        event = _event(row.part({}), row)
        if event:
            events.append(event)
        else:
            faults.append(row.fault("no_time", "the DATE of a sync cannot be read"))
    return ChangeRead(tuple(_with_rollbacks(events)), tuple(faults), FORMAT)


def _event(application: Row, sync: Row) -> ChangeEvent | None:
    end = sync.stamp("deployedAt")
    start = sync.stamp("deployStartedAt") or end
    if start is None:
        return None
    name = application.text("metadata", "name")
    number = sync.text("id")
    return ChangeEvent(
        id=f"{name}#{number}" if name and number else sync.id,
        time_ms=start.ms,
        kind=ChangeKind.DEPLOY,
        target=name,
        source=sync.source,
        description=f"sync {number} of {sync.text('source', 'path')}".removesuffix(" of "),
        end_ms=end.ms if end else None,
        version=sync.text("revision") or sync.text("revisions", 0),
        environment=application.text("spec", "destination", "namespace"),
        zone_assumed=not start.zone_known,
    )


def _with_rollbacks(syncs: list[ChangeEvent]) -> list[ChangeEvent]:
    told: list[ChangeEvent] = []
    for event in sorted(syncs, key=lambda one: one.time_ms):
        before = [one.version for one in told]
        is_back = bool(event.version) and event.version in before[:-1]
        if is_back and event.version != before[-1]:
            event = replace(event, kind=ChangeKind.ROLLBACK)  # noqa: PLW2901
        told.append(event)
    return told
