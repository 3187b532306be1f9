"""Sentry: single events, arrays of events, and envelopes.

Shapes: develop.sentry.dev, event payloads and envelopes; API answers from the public OpenAPI
schema. An event is a copy of an error that the service also met: kind "sentry".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from logclass import origin, timestamps
from logclass.formats import document
from logclass.formats.blocks import MAX_RECORD_BYTES, Frame
from logclass.formats.event import Event, claims_context, route_of
from logclass.formats.format import Format, Reader
from logclass.formats.learned import learn_at_key
from logclass.formats.objects import as_object, object_in
from logclass.model import Fault
from logclass.vocabulary import RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

_TIME_KEYS = ("timestamp", "dateCreated", "datetime")
_ID_KEYS = {"event_id", "eventID"}
_BODY_KEYS = {"exception", "logentry", "entries", "platform", "culprit", "metadata"}
_EVENT_ITEMS = ("event",)


def _elements(head: Head) -> document.Elements | None:
    outline = head.outline
    if outline.keys & _ID_KEYS and outline.keys & _BODY_KEYS:
        return document.bare(head)
    inside = outline.elements.get("", set())
    if outline.top == "[" and inside & _ID_KEYS and inside & _BODY_KEYS:
        return document.Elements(1)
    return None


def sniff_events(head: Head) -> float:
    """Return a high confidence for events with an id and a body."""
    return 0.96 if _elements(head) else 0.0


def open_events(head: Head, source: Source) -> Reader:
    """Return a reader for one event, several glued ones, or an array."""
    elements = _elements(head) or document.Elements(1)
    clock = learn_at_key([], _TIME_KEYS)
    return Reader(
        lambda chunks, faults: document.frames(chunks, elements, clock, faults, source.uri),
        lambda record: decode(orjson.loads(record)),
        clock,
    )


def decode(event: Any) -> Event | None:  # noqa: ANN401 - any JSON value
    """Return what an event says. Breadcrumbs and stack frames repeat other things: not read."""
    if not isinstance(event, dict):
        return None
    tags = _tags(event.get("tags"))
    texts = [*_exceptions(event), *_messages(event)]
    if not texts:
        texts = [str(event.get("title") or event.get("culprit") or "")]
    trace = as_object(as_object(event.get("contexts")).get("trace"))
    release = event.get("release") or tags.get("release") or ""
    if isinstance(release, dict):
        release = release.get("version") or ""
    server = str(event.get("server_name") or tags.get("server_name") or "")
    request, extra = as_object(event.get("request")), as_object(event.get("extra"))
    return Event(
        time_ms=_time_ms(event),
        kind=RecordKind.SENTRY,
        service=tags.get("service") or tags.get("app") or _release_name(str(release)),
        instance=tags.get("instance") or tags.get("pod") or server,
        version=str(release),
        environment=str(event.get("environment") or tags.get("environment") or ""),
        severity=str(event.get("level") or tags.get("level") or ""),
        route=route_of(str(event.get("transaction") or request.get("url") or "")),
        request_id=str(
            tags.get("request_id")
            or extra.get("request_id")
            or extra.get("reqId")
            or tags.get("reqId")
            or trace.get("trace_id")
            or ""
        ),
        event_id=str(event.get("event_id") or event.get("eventID") or "").replace("-", ""),
        text="\n".join(dict.fromkeys(texts)),
        context=claims_context({**extra, **tags}),
    )


def _list(value: Any) -> list[Any]:  # noqa: ANN401
    return value if isinstance(value, list) else []


def _exceptions(event: dict[str, Any]) -> Iterator[str]:
    containers = [event.get("exception")]
    containers += [
        entry.get("data")
        for entry in _list(event.get("entries"))
        if isinstance(entry, dict) and entry.get("type") == "exception"
    ]
    for container in containers:
        values = container.get("values") if isinstance(container, dict) else container
        for value in values if isinstance(values, list) else []:
            if isinstance(value, dict) and (value.get("type") or value.get("value")):
                yield f"{value.get('type') or ''}: {value.get('value') or ''}".strip(": ")
    metadata = event.get("metadata")
    if isinstance(metadata, dict) and metadata.get("value"):
        yield f"{metadata.get('type') or ''}: {metadata['value']}".strip(": ")


def _messages(event: dict[str, Any]) -> Iterator[str]:
    candidates = [event.get("logentry"), event.get("message")]
    candidates += [
        entry.get("data")
        for entry in _list(event.get("entries"))
        if isinstance(entry, dict) and entry.get("type") == "message"
    ]
    for candidate in candidates:
        text = candidate
        if isinstance(candidate, dict):
            text = candidate.get("formatted") or candidate.get("message")
        if isinstance(text, str) and text:
            yield text


def _tags(tags: Any) -> dict[str, str]:  # noqa: ANN401 - a map, pairs, or {key, value} objects
    if isinstance(tags, dict):
        return {str(key): str(value) for key, value in tags.items()}
    found: dict[str, str] = {}
    for tag in tags if isinstance(tags, list) else []:
        if isinstance(tag, dict) and "key" in tag:
            found[str(tag["key"])] = str(tag.get("value"))
        elif isinstance(tag, list) and len(tag) == 2:
            found[str(tag[0])] = str(tag[1])
    return found


def _release_name(release: str) -> str:
    """Return the package of "package@version", Sentry's own form of a release."""
    name, at, _ = release.partition("@")
    return origin.of_stream_service(name.rsplit("/", 1)[-1]) if at else ""


def _time_ms(event: dict[str, Any]) -> int | None:
    for key in _TIME_KEYS:
        if event.get(key) is not None:
            stamp = timestamps.parse(str(event[key]))
            if stamp is not None:
                return stamp.ms
    return None


EVENTS = Format("sentry-events", "Sentry events (JSON)", sniff_events, open_events)


# --- envelopes ---


def sniff_envelope(head: Head) -> float:
    """Return a high confidence when an envelope header is followed by an item header."""
    if len(head.lines) < 2:
        return 0.0
    first, second = (object_in(line) for line in head.lines[:2])
    if first is None or second is None or "type" not in second:
        return 0.0
    is_header = not first or first.keys() & {"event_id", "sent_at", "dsn", "sdk", "trace"}
    return 0.97 if is_header and len(second) <= 8 and "platform" not in second else 0.0


def open_envelope(_head: Head, source: Source) -> Reader:
    """Return a reader for a file of envelopes."""
    clock = learn_at_key([], _TIME_KEYS)

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        data, line = b"", 1
        for chunk in chunks:
            data += chunk
            starts, ends, end = _items(data, is_last=False)
            if end:
                yield _frame(data[:end], starts, ends, line)
            elif len(data) > MAX_RECORD_BYTES:
                faults.append(Fault(source.uri, "record_too_long", "no end of the item", line))
                return
            line += data.count(b"\n", 0, end)
            data = data[end:]
        starts, ends, end = _items(data, is_last=True)
        if data:
            yield _frame(data, starts, ends, line)
        if data[end:].strip():
            faults.append(Fault(source.uri, "truncated", "the envelope ends inside an item"))

    def _frame(data: bytes, starts: list[int], ends: list[int], line: int) -> Frame:
        first, last = np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)
        return document.timed(data, first, last, clock, line)

    return Reader(frames, lambda record: decode(orjson.loads(record)), clock)


def _items(data: bytes, *, is_last: bool) -> tuple[list[int], list[int], int]:
    """Return starts and ends of the event payloads, and how far the data was understood.

    Headers are one line each. A payload has the length its header says, or ends at a newline.
    """
    starts: list[int] = []
    ends: list[int] = []
    at = done = 0
    while at < len(data):
        line_end = data.find(b"\n", at)
        if line_end < 0:
            line_end = len(data) if is_last else -1
        if line_end < 0:
            break
        header = object_in(data[at:line_end])
        at = line_end + 1
        if header is None or "type" not in header or "event_id" in header:
            done = min(at, len(data))  # an envelope header, or an empty line between envelopes
            continue
        end = _payload_end(data, at, header, is_last=is_last)
        if end is None:
            break
        if header["type"] in _EVENT_ITEMS and object_in(data[at:end]) is not None:
            starts.append(at)
            ends.append(end)
        at = done = min(end + 1, len(data))
    return starts, ends, done


def _payload_end(data: bytes, at: int, header: dict[str, Any], *, is_last: bool) -> int | None:
    length = header.get("length")
    if isinstance(length, int) and length >= 0:
        return at + length if at + length <= len(data) else None
    end = data.find(b"\n", at)
    if end >= 0:
        return end
    return len(data) if is_last else None


ENVELOPE = Format("sentry-envelope", "Sentry envelopes", sniff_envelope, open_envelope)
