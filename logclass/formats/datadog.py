"""Datadog: answers of the logs search API (version 2). Archives are JSON lines, exports CSV.

Shape: DataDog/documentation, api/latest/logs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logclass import timestamps
from logclass.formats.document import Elements
from logclass.formats.flat import flat
from logclass.formats.format import Format, Reader
from logclass.formats.rewritten import json_object, json_units, names_of, open_rewritten
from logclass.formats.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

_TAG_NAMES = {"service": "service", "env": "environment", "pod_name": "pod", "version": "version"}


def _depth(head: Head) -> int | None:
    for key, inside in head.outline.elements.items():
        if (
            {"id", "attributes"} <= inside
            and b'"type"' in head.data
            and (b'"log"' in head.data or b'"message"' in head.data)
        ):
            if key == "data" and head.outline.top == "{":
                return 2
            if head.outline.top == "[":
                return 1
    return None


def sniff(head: Head) -> float:
    """Return a high confidence for a page of logs."""
    is_log = b'"service"' in head.data or b'"tags"' in head.data
    return 0.0 if _depth(head) is None or not is_log else 0.95


def open_api(head: Head, source: Source) -> Reader:
    """Return a reader for pages of logs, glued ones included."""
    depth = _depth(head) or 2
    elements = Elements(depth, "data" if depth == 2 else "")
    return open_rewritten(source, json_units(source, elements), _of_log)


def _of_log(unit: bytes) -> Iterator[Stored]:
    log = json_object(unit)
    outer = log.get("attributes")
    if not isinstance(outer, dict):
        return
    stamp = timestamps.parse_value(outer.get("timestamp"))
    inner = outer.get("attributes")
    fields = inner if isinstance(inner, dict) else {}
    named = names_of({**tags_of(outer.get("tags")), **flat(fields), **outer})
    text = str(outer.get("message") or "")
    message: str | dict[str, Any] = {**fields, "message": text} if fields else text
    yield Stored(
        None if stamp is None else stamp.ms, message, *named, event_id=str(log.get("id") or "")
    )


def tags_of(tags: Any) -> dict[str, str]:  # noqa: ANN401
    """Return the names in tags as `name:value`."""
    pairs = [str(tag).partition(":") for tag in tags] if isinstance(tags, list) else []
    return {_TAG_NAMES[name]: value for name, _, value in pairs if name in _TAG_NAMES}


FORMAT = Format("datadog", "Datadog logs API", sniff, open_api)
