"""Helm: `helm history RELEASE` and `helm list`, as JSON and as printed.

Shape: github.com/helm/helm, pkg/cmd/history.go.
"""

from __future__ import annotations

import re

from logclass.changes import kinds
from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.changes.tables import printed
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

FORMAT = "helm"

_KEYS = ("revision", "updated", "status", "chart")
_HEADER = re.compile(r"(?:NAME\s+NAMESPACE\s+)?REVISION\s+UPDATED\s+STATUS\s+CHART\b")
_TABLE_CHARACTERS = 1_000_000
_CHART = re.compile(r"(?P<name>.+?)-(?P<version>v?\d.*)")


def read(document: Document) -> ChangeRead | None:
    """Return one event for each revision of a release, or None."""
    found = rows(document, "releases")
    if not mostly(row.has(*_KEYS) for row in found):
        return None
    events, faults = collect(found, _event)
    return ChangeRead(events, document.faults + faults, FORMAT)


def read_table(document: Document) -> ChangeRead | None:
    """Return the same of the table that `helm history` or `helm list` prints, or None."""
    lines = document.text[:_TABLE_CHARACTERS].replace("\r\n", "\n").split("\n")
    header = next((n for n, line in enumerate(lines[:20]) if _HEADER.match(line)), None)
    if header is None:
        return None
    found = []
    for cells, line in printed(lines, header):
        named = {name.lower().replace(" ", "_"): cell for name, cell in cells.items()}
        found.append(document.row(named, line, line))
    events, faults = collect(found, _event)
    return ChangeRead(events, faults, FORMAT)


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
