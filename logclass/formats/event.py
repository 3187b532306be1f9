"""One decoded record, and how it is put together from the fields that were met on the way.

Several fields may name the same thing: the best alias of each wins (fields.py ranks them).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from logclass import fields
from logclass.vocabulary import RecordKind

_MAX_TEXT = 256 * 1024  # characters of a record that the patterns read
_STATUS = re.compile(r"[1-5][0-9]{2}(?![0-9])")
_UNAUTHORIZED = re.compile(r"(?<![0-9])401(?![0-9])")
_LEAST_UNIQUE = 8  # digits of a number that no other event has
_PINO_LEVELS = {10: "trace", 20: "debug", 30: "info", 40: "warn", 50: "error", 60: "fatal"}
_ORIGIN = re.compile(r"^https?://[^/]+(?=/)")  # of a request that a proxy was sent
_ID_SEGMENT = re.compile(r"/(?:\d+|(?=[a-f-]*\d)[0-9a-fA-F-]{12,})(?=/|$)")


class Event(NamedTuple):
    """One decoded record: the columns of CANDIDATE_COLUMNS but for its position."""

    time_ms: int | None = None
    kind: str = RecordKind.VERIFIER
    service: str = ""
    instance: str = ""
    version: str = ""
    environment: str = ""
    severity: str = ""
    route: str = ""
    client: str = ""
    status: int = 0
    request_id: str = ""
    event_id: str = ""
    text: str = ""
    context: str = ""
    alike: str = ""  # the same for texts that differ in values only; "" where not known


@dataclass(slots=True)
class Found:
    """Fields met on the way through a record; the best alias of each wins."""

    values: dict[str, tuple[int, Any]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)  # texts under a message's names, by key
    has_error: bool = False

    def offer(self, name: str, rank: int, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Take a value unless a better alias of the field was met; the lowest rank is best."""
        held = self.values.get(name)
        if held is None or rank < held[0]:
            self.values[name] = (rank, value)

    def get(self, name: str) -> Any:  # noqa: ANN401
        """Return the best value of a field, None where it was not met."""
        held = self.values.get(name)
        return None if held is None else held[1]

    def text(self, name: str) -> str:
        """Return the best value of a field as text, "" where it was not met or is nested."""
        value = self.get(name)
        return "" if value is None or isinstance(value, (dict, list)) else str(value)


def event_of(found: Found, time_ms: int | None) -> Event:
    """Return the record; a 401 that stands in a field alone is added to its text."""
    status = _status(found)
    texts = list(dict.fromkeys(found.texts))
    if status == 401 and not any(_UNAUTHORIZED.search(text) for text in texts):
        texts.append("status=401")
    is_access = bool(status) and not found.has_error and _is_request_line(found)
    return Event(
        time_ms=time_ms,
        kind=RecordKind.ACCESS if is_access else RecordKind.VERIFIER,
        service=found.text("service").removeprefix("/"),
        instance=found.text("instance").removeprefix("/"),  # Docker's names of containers
        version=found.text("version"),
        environment=found.text("environment"),
        severity=_severity(found.get("severity")),
        route=route_of(found.text("route")),
        client=found.text("client"),
        status=status,
        request_id=_told_id(found.text("request_id")),
        event_id=unique_id(found.text("event_id")),
        text="\n".join(texts)[:_MAX_TEXT],
        context=_context(found),
    )


def _told_id(value: str) -> str:
    """Return an id, "" for one of noughts only: no trace, as OpenTelemetry writes it."""
    return value if value.strip("0x-") else ""


def unique_id(value: str) -> str:
    """Return an event's id, "" for a short number: Windows' and .NET's tell kinds of events."""
    return "" if value.isdecimal() and len(value) < _LEAST_UNIQUE else value


def route_of(target: str) -> str:
    """Return the path of a request without what differs from one request to the next.

    As http.route of OpenTelemetry: the query is cut off, and numbers and ids in the path are `:id`.
    """
    path = _ORIGIN.sub("", target.partition("?")[0])
    return _ID_SEGMENT.sub("/:id", path) if "/" in path else path


def _is_request_line(found: Found) -> bool:
    return (
        found.get("route") is not None
        or found.get("method") is not None
        or "request" in (found.text("message").lower())
    )


def _status(found: Found) -> int:
    value = found.get("status")
    if isinstance(value, str):
        leading = _STATUS.match(value)  # "401", "401 Unauthorized", but not the code "4010"
        value = int(leading[0]) if leading else 0
    return value if isinstance(value, int) and 100 <= value <= 599 else 0


def _severity(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, int):
        return _PINO_LEVELS.get(value, str(value))
    return value.strip().lower() if isinstance(value, str) else ""


def _context(found: Found) -> str:
    named = sorted(found.values.keys() & fields.CLAIM_FIELDS)
    held = {name: found.values[name][1] for name in named}
    held = {
        name: value
        for name, value in held.items()
        if isinstance(value, (str, int, float, list)) and value != ""
    }
    return orjson.dumps(held).decode() if held else ""


def claims_context(record: dict[str, Any]) -> str:
    """Return the token's fields among these as one JSON object, "" when there are none."""
    found = Found()
    for key, value in record.items():
        known = fields.canonical(key)
        if known and known[0] in fields.CLAIM_FIELDS:
            found.offer(*known, value)
    return _context(found)
