"""Google Cloud Logging: `gcloud logging read --format=json` and sinks to a bucket.

Shape: googleapis/googleapis google/logging/v2/log_entry.proto.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logclass import timestamps
from logclass.formats.document import Elements, bare
from logclass.formats.format import Format, Reader
from logclass.formats.objects import as_object
from logclass.formats.rewritten import json_object, json_units, names_of, open_rewritten
from logclass.formats.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

_ENTRY = {"logName", "resource"}
_PAYLOADS = {"textPayload", "jsonPayload", "protoPayload", "httpRequest"}
_SERVICE_LABELS = (
    "service_name", "function_name", "module_id", "job_name", "container_name",
)  # fmt: skip
_INSTANCE_LABELS = ("pod_name", "instance_id", "task_id", "revision_name", "version_id")
_APP_LABELS = (
    "k8s-pod/app_kubernetes_io/name", "k8s-pod/app", "k8s-pod/app.kubernetes.io/name",
    "k8s-pod/k8s-app",
)  # fmt: skip


def sniff(head: Head) -> float:
    """Return a high confidence for entries with a log's name and a resource."""
    inside = head.outline.elements.get("", set()) if head.outline.top == "[" else head.outline.keys
    return 0.97 if inside >= _ENTRY and inside & (_PAYLOADS | {"insertId"}) else 0.0


def open_entries(head: Head, source: Source) -> Reader:
    """Return a reader for entries in an array, or one after another."""
    elements = Elements(1) if head.outline.top == "[" else bare(head)
    return open_rewritten(source, json_units(source, elements), _of_unit)


def _of_unit(unit: bytes) -> Iterator[Stored]:
    entry = json_object(unit)
    if entry:
        yield from of_entry(entry)


def of_entry(entry: dict[str, Any]) -> Iterator[Stored]:
    """Yield the event of an entry."""
    resource = entry.get("resource")
    labels = as_object(as_object(resource).get("labels"))
    own = as_object(entry.get("labels"))
    stamp = timestamps.parse_value(entry.get("timestamp") or entry.get("receiveTimestamp"))
    trace = str(entry.get("trace") or "").rsplit("/", 1)[-1]
    message = _message(entry)
    named = names_of(message) if isinstance(message, dict) else names_of({})
    yield Stored(
        None if stamp is None else stamp.ms,
        message,
        service=_first(own, _APP_LABELS) or _first(labels, _SERVICE_LABELS) or named.service,
        instance=_first(labels, _INSTANCE_LABELS) or _first(own, ("instanceId",)) or named.instance,
        version=named.version,
        event_id=str(entry.get("insertId") or ""),
        request_id=trace,
    )


def _message(entry: dict[str, Any]) -> str | dict[str, Any]:
    text = entry.get("textPayload")
    request = entry.get("httpRequest")
    if isinstance(text, str) and not isinstance(request, dict):
        return text.removesuffix("\n")
    found: dict[str, Any] = {}
    if isinstance(text, str):
        found["message"] = text
    for key in ("jsonPayload", "protoPayload"):
        found |= as_object(entry.get(key))
    if isinstance(request, dict):
        found["httpRequest"] = {
            "status": request.get("status"),
            "method": request.get("requestMethod"),
            "url": request.get("requestUrl"),
            "remoteIp": request.get("remoteIp"),
        }
    if entry.get("severity"):
        found.setdefault("severity", entry["severity"])
    return found


def _first(labels: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((str(labels[key]) for key in keys if labels.get(key)), "")


FORMAT = Format("gcp", "Google Cloud Logging entries", sniff, open_entries)
