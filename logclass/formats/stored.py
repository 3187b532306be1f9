"""One event as a log store keeps it."""

from __future__ import annotations

from typing import Any, NamedTuple


class Stored(NamedTuple):
    """One event as its store keeps it. message: text, or the fields of a structured record."""

    time_ms: int | None
    message: str | dict[str, Any]
    service: str = ""
    instance: str = ""
    version: str = ""
    environment: str = ""
    event_id: str = ""
    request_id: str = ""
    kind: str = ""  # a RecordKind; "" for what the message itself is
