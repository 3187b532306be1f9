"""Statuspage: incidents and maintenances of a service that others run.

Shape: developer.statuspage.io. What happens there is a cause outside, not a deploy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from logclass.timestamps import Stamp

FORMAT = "statuspage"

_NOT_BEGUN = {"scheduled"}


def read(document: Document) -> ChangeRead | None:
    """Return one event for each incident or maintenance that began, or None."""
    found = rows(document, "incidents", "scheduled_maintenances", "scheduledmaintenances")
    if not mostly(row.has("incident_updates", "impact", "created_at") for row in found):
        return None
    pages = [value.get("page") for value, _ in document.values if isinstance(value, dict)]
    names = [page.get("name") for page in pages if isinstance(page, dict)]
    page = str(names[0] or "") if names else ""

    def event(row: Row) -> ChangeEvent | Fault | None:
        return _incident(row, page)

    events, faults = collect(found, event)
    return ChangeRead(events, document.faults + faults, FORMAT)


def _incident(row: Row, page: str) -> ChangeEvent | Fault | None:
    if row.text("status") in _NOT_BEGUN:
        return None
    start = row.first_stamp("started_at", "scheduled_for", "created_at")
    if start is None:
        return row.fault("no_time", "the incident has no readable start")
    end = row.first_stamp("resolved_at", "scheduled_until") or _resolved(row)
    parts = [part.text("name") for part in row.parts("components")]
    told = (row.text("name"), f"impact {row.text('impact')}", row.text("status"))
    return ChangeEvent(
        id=row.text("id") or row.id,
        time_ms=start.ms,
        kind=ChangeKind.OTHER,
        target=", ".join(part for part in parts if part) or page,
        source=row.source,
        description=", ".join(part for part in told if part),
        end_ms=end.ms if end and end.ms >= start.ms else None,
        zone_assumed=not start.zone_known,
    )


def _resolved(row: Row) -> Stamp | None:
    return next(
        (
            update.first_stamp("display_at", "created_at")
            for update in row.parts("incident_updates")
            if update.text("status") in {"resolved", "completed", "postmortem"}
        ),
        None,
    )
