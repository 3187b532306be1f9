"""Helm: `helm history RELEASE -o json` and `helm list -o json`.

Shape: github.com/helm/helm, pkg/cmd/history.go.
"""

from __future__ import annotations

import re

from logclass.changes import kinds
from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

FORMAT = "helm"

_KEYS = {"revision", "updated", "status", "chart"}
_CHART = re.compile(r"(?P<name>.+?)-(?P<version>v?\d.*)")


def read(document: Document) -> ChangeRead | None:
    """Return one event for each revision of a release, or None."""
    found = rows(document)
    if not mostly(row.value.keys() >= _KEYS for row in found):
        return None
    events, faults = collect(found, _event)
    return ChangeRead(events, document.faults + faults, FORMAT)


def _event(row: Row) -> ChangeEvent | Fault | None:
    stamp = row.stamp("updated")
    if stamp is None:
        return row.fault("no_time", f"revision {row.text('revision')} has no readable time")
    if row.text("status").startswith("pending"):
        return None
    chart = _CHART.fullmatch(row.text("chart"))
    description = row.text("description")
    name = row.text("name") or (chart["name"] if chart else row.text("chart"))
    back = kinds.of_sentence(description) is ChangeKind.ROLLBACK
    return ChangeEvent(
        id=row.id,
        time_ms=stamp.ms,
        kind=ChangeKind.ROLLBACK if back else ChangeKind.DEPLOY,
        target=name,
        source=row.source,
        description=f"revision {row.text('revision')} {row.text('status')}: {description}",
        version=row.text("app_version") or row.text("chart"),
        environment=row.text("namespace"),
        zone_assumed=not stamp.zone_known,
    )
