"""Elasticsearch and OpenSearch: search answers, and hits one a line (elasticdump, scroll).

Shape: the search API's reference. A document's keys are dotted or nested, as it was sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logclass import timestamps
from logclass.formats.document import Elements, bare
from logclass.formats.flat import flat
from logclass.formats.format import Format, Reader
from logclass.formats.objects import as_object
from logclass.formats.rewritten import json_object, json_units, names_of, open_rewritten
from logclass.formats.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

_MOST = 0.6
_SAYS_MORE = ("error.", "exception", "stack")
_TIMES = ("@timestamp", "timestamp", "time", "ts", "date", "event.created")


def _depth(head: Head) -> int | None:
    outline = head.outline
    hits = sum(1 for one in head.objects if one.keys() >= {"_index", "_source"})
    if hits and hits > _MOST * len(head.lines):
        return 0
    if "hits" in outline.keys and b'"_index"' in head.data:
        return 3
    if outline.top == "[" and {"_index", "_source"} <= outline.elements.get("", set()):
        return 1
    return 0 if {"_index", "_source"} <= outline.keys else None


def sniff(head: Head) -> float:
    """Return a high confidence for hits."""
    return 0.0 if _depth(head) is None else 0.97


def open_hits(head: Head, source: Source) -> Reader:
    """Return a reader for hits."""
    depth = _depth(head)
    elements = Elements(depth) if depth else bare(head)
    return open_rewritten(source, json_units(source, elements), _of_hit)


def _of_hit(unit: bytes) -> Iterator[Stored]:
    hit = json_object(unit)
    if "_index" not in hit:
        return
    document = hit.get("_source")
    if not isinstance(document, dict) or not document:
        document = {key: _single(value) for key, value in as_object(hit.get("fields")).items()}
    yield document_event(document, event_id=str(hit.get("_id") or ""))


def document_event(document: dict[str, Any], event_id: str = "") -> Stored:
    """Return the event that a document is: its text where it has nothing else to say."""
    attributes = flat(document)
    stamp = next(
        (found for key in _TIMES if (found := timestamps.parse_value(attributes.get(key)))), None
    )
    message = attributes.get("message")
    is_plain = isinstance(message, str) and not any(
        key.startswith(_SAYS_MORE) or key.endswith(("stack_trace", ".status_code"))
        for key in attributes
    )
    return Stored(
        None if stamp is None else stamp.ms,
        str(message) if is_plain else document,
        *names_of(attributes),
        event_id=event_id,
        request_id=str(attributes.get("trace.id") or attributes.get("transaction.id") or ""),
    )


def _single(value: Any) -> Any:  # noqa: ANN401
    return value[0] if isinstance(value, list) and len(value) == 1 else value


FORMAT = Format("elasticsearch", "Elasticsearch or OpenSearch hits", sniff, open_hits)
