"""PagerDuty change events (developer.pagerduty.com/api-reference, change events)."""

from __future__ import annotations

from logclass.changes import kinds
from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

FORMAT = "pagerduty"

_SERVICE_KEYS = ("service", "service_name", "app", "application", "component")
_VERSION_KEYS = ("version", "release", "image_tag", "tag", "image")  # what has one was released


def read(document: Document) -> ChangeRead | None:
    """Return one event for each change event, as listed or as sent, or None."""
    found = rows(document, "change_events")
    if not mostly(row.text("type") == "change_event" or _is_sent(row) for row in found):
        return None
    events, faults = collect(found, _event)
    return ChangeRead(events, document.faults + faults, FORMAT)


def _is_sent(row: Row) -> bool:
    """Whether it is the form that is sent. Its routing key is a secret and is not read."""
    return "routing_key" in row.value and bool(row.text("payload", "summary"))


def _event(row: Row) -> ChangeEvent | Fault | None:
    sent = isinstance(row.value.get("payload"), dict)
    inner = row.part(row.value["payload"]) if sent else row
    stamp = inner.first_stamp("timestamp", "created_at")
    if stamp is None:
        return row.fault("no_time", "the change event has no readable timestamp")
    summary = inner.text("summary")
    version = _detail(inner, _VERSION_KEYS)
    return ChangeEvent(
        id=row.text("id") or row.id,
        time_ms=stamp.ms,
        kind=kinds.of_sentence(summary) or (ChangeKind.DEPLOY if version else ChangeKind.OTHER),
        target=inner.text("services", 0, "summary")
        or _detail(inner, _SERVICE_KEYS)
        or inner.text("source"),
        source=row.source,
        description=summary,
        version=version,
        zone_assumed=not stamp.zone_known,
    )


def _detail(row: Row, keys: tuple[str, ...]) -> str:
    """Return what the details say under one of the keys; the source is often the tool."""
    return next((found for key in keys if (found := row.text("custom_details", key))), "")
