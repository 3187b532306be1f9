"""OpenTelemetry logs as OTLP JSON, as the collector's file exporter writes them.

Shape: open-telemetry/opentelemetry-proto logs.proto and docs/specification.md (JSON mapping).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logclass import timestamps
from logclass.formats.document import Elements
from logclass.formats.format import Format, Reader
from logclass.formats.rewritten import json_object, json_units, names_of, open_rewritten
from logclass.formats.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

_SCOPES = ("scopeLogs", "scope_logs", "instrumentationLibraryLogs")
_RECORDS = ("logRecords", "log_records", "logs")
_MAX_DEPTH = 8
_TIME_KEYS = (
    "timeUnixNano", "time_unix_nano", "observedTimeUnixNano", "observed_time_unix_nano",
)  # fmt: skip
_SAYS_MORE = ("exception.", "error", "http.", "url.", "client.")


def sniff(head: Head) -> float:
    """Return a high confidence for an object of resource logs."""
    return 0.98 if head.outline.keys & {"resourceLogs", "resource_logs"} else 0.0


def open_otlp(_head: Head, source: Source) -> Reader:
    """Return a reader for OTLP JSON: each resource with its records is a unit."""
    return open_rewritten(source, json_units(source, Elements(2)), _of_resource)


def _of_resource(unit: bytes) -> Iterator[Stored]:
    value = json_object(unit)
    resource = value.get("resource")
    attributes = _attributes(resource.get("attributes") if isinstance(resource, dict) else None)
    for scope in _lists(value, _SCOPES):
        for record in _lists(scope, _RECORDS):
            yield _stored(record, attributes)


def _stored(record: dict[str, Any], resource: dict[str, Any]) -> Stored:
    attributes = _attributes(record.get("attributes"))
    body = _value(record.get("body"))
    severity = record.get("severityText") or record.get("severity_text")
    message: str | dict[str, Any] = body if isinstance(body, str) else ""
    if isinstance(body, dict):
        message = {**attributes, **body}
    elif attributes and not (isinstance(body, str) and body[:1] == "{"):
        message = {**attributes, "message": message}
    if isinstance(message, dict) and severity:
        message.setdefault("severity", severity)
    return Stored(
        _time_ms(record),
        message if _says_more(message) else str(body if isinstance(body, str) else ""),
        *names_of({**attributes, **resource}),
        request_id=str(record.get("traceId") or record.get("trace_id") or ""),
    )


def _says_more(message: str | dict[str, Any]) -> bool:
    """Return whether attributes tell of an error or a request: else the body's lines are joined."""
    return isinstance(message, dict) and (
        "message" not in message or any(key.startswith(_SAYS_MORE) for key in message)
    )


def _time_ms(record: dict[str, Any]) -> int | None:
    for key in _TIME_KEYS:
        stamp = timestamps.parse(str(record.get(key) or ""))
        if stamp is not None:
            return stamp.ms
    return None


def _lists(value: dict[str, Any], keys: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for key in keys:
        found = value.get(key)
        if isinstance(found, list):
            yield from (one for one in found if isinstance(one, dict))


def _attributes(pairs: Any) -> dict[str, Any]:  # noqa: ANN401
    if not isinstance(pairs, list):
        return {}
    return {
        str(pair["key"]): _value(pair.get("value"))
        for pair in pairs
        if isinstance(pair, dict) and "key" in pair
    }


def _value(value: Any, depth: int = 0) -> Any:  # noqa: ANN401
    """Return the plain value of an AnyValue."""
    if not isinstance(value, dict) or depth > _MAX_DEPTH:
        return value
    for kind, inner in value.items():
        if kind in {"arrayValue", "array_value"} and isinstance(inner, dict):
            return [_value(one, depth + 1) for one in inner.get("values") or []]
        if kind in {"kvlistValue", "kvlist_value"} and isinstance(inner, dict):
            return {
                str(one.get("key")): _value(one.get("value"), depth + 1)
                for one in inner.get("values") or []
                if isinstance(one, dict)
            }
        return inner
    return None


FORMAT = Format("otlp-json", "OpenTelemetry logs (OTLP JSON)", sniff, open_otlp)
