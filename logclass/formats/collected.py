"""Lines that a collector wrapped in objects: fluent-bit, Filebeat, Vector, `stern -o json`.

What was said is one text, beside it the names of pod, container and host. A line is an event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logclass.formats.document import bare
from logclass.formats.elastic import document_event
from logclass.formats.format import Format, Reader
from logclass.formats.rewritten import json_object, json_units, open_rewritten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.formats.stored import Stored
    from logclass.model import Source

_TEXTS = ("message", "log", "MESSAGE")
_MOST = 0.6


def _is_wrapped(record: dict[str, Any]) -> bool:
    """Return whether an object has a text and says which container wrote it."""
    if not any(isinstance(record.get(key), str | dict) for key in _TEXTS):
        return False
    is_stern = {"podName", "containerName"} <= record.keys() or record.keys() == {
        "pod", "container", "message",
    }  # fmt: skip
    is_agent = isinstance(record.get("kubernetes"), dict) or "container_id" in record
    return is_stern or is_agent or isinstance(record.get("agent"), dict)


def sniff(head: Head) -> float:
    """Return a high confidence when most objects are wrapped lines."""
    found = sum(1 for one in head.objects if _is_wrapped(one))
    return 0.9 if found and found > _MOST * len(head.lines) else 0.0


def open_collected(head: Head, source: Source) -> Reader:
    """Return a reader for wrapped lines."""
    return open_rewritten(source, json_units(source, bare(head)), _of_object)


def _of_object(unit: bytes) -> Iterator[Stored]:
    record = json_object(unit)
    if record:
        yield from of_record(record)


def of_record(record: dict[str, Any]) -> Iterator[Stored]:
    """Yield the event of a wrapped line."""
    if "message" not in record:
        said = record.get("log") or record.get("MESSAGE")
        record = {**record, "message": said.removesuffix("\n") if isinstance(said, str) else said}
    said = record.get("message")
    event = document_event(record)
    yield event._replace(message=said) if isinstance(said, dict) else event


FORMAT = Format("collected", "fluent-bit, Filebeat, Vector, stern -o json", sniff, open_collected)
