"""CloudWatch Logs' subscription payloads, as Lambda, Kinesis and Firehose hand them on.

Shape: AWS, "Real-time processing of log data with subscriptions". Firehose writes the payloads one
after another without a separator; Lambda and Kinesis carry them compressed, in base64.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import TYPE_CHECKING, Any

import orjson

from logclass import origin, timestamps
from logclass.formats.document import Elements, bare
from logclass.formats.format import Format, Reader
from logclass.formats.rewritten import json_object, json_units, open_rewritten
from logclass.formats.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

_PAYLOAD = {"messageType", "logEvents"}
_MAX_PAYLOAD_BYTES = 256 * 1024 * 1024
_GZIP = 31  # zlib's number for a gzip member
_PACKED = (b'"H4sI', b'"ey')  # gzip, or plain JSON, in base64


def _elements(head: Head) -> Elements | None:
    outline = head.outline
    if outline.keys >= _PAYLOAD or outline.keys == {"awslogs"}:
        return bare(head)
    inside = outline.elements.get("", set()) if outline.top == "[" else set()
    if inside >= _PAYLOAD or inside == {"awslogs"}:
        return Elements(1)
    inside = outline.elements.get("Records", set())
    is_packed = any(start in head.data for start in _PACKED) or _PACKED[0][:4] in head.data
    is_kinesis = inside & {"Data", "kinesis", "data"} and "eventName" not in inside
    return Elements(2, "Records") if is_kinesis and is_packed else None


def sniff(head: Head) -> float:
    """Return a high confidence for payloads, packed or not."""
    return 0.99 if _elements(head) else 0.0


def open_payloads(head: Head, source: Source) -> Reader:
    """Return a reader for payloads; Kinesis' records hold one or more each."""
    elements = _elements(head) or bare(head)
    return open_rewritten(source, json_units(source, elements), _of_unit)


def _of_unit(unit: bytes) -> Iterator[Stored]:
    value = json_object(unit)
    if "logEvents" in value:
        yield from _of_payload(value)
        return
    packed = value.get("awslogs") or value.get("kinesis") or value
    data = packed.get("Data") or packed.get("data") if isinstance(packed, dict) else None
    if isinstance(data, str):
        for payload in _values(_unpacked(data)):
            yield from _of_payload(payload)


def _unpacked(data: str) -> bytes:
    """Return what a base64 text holds, gunzipped as often as it was gzipped.

    Raises ValueError where it is neither.
    """
    try:
        raw = base64.b64decode(data, validate=False)
        for _ in range(2):
            if raw[:2] != b"\x1f\x8b":
                break
            raw = _gunzipped(raw)
    except (binascii.Error, zlib.error) as error:
        raise ValueError(f"not a compressed payload: {error}") from error
    return raw


def _gunzipped(data: bytes) -> bytes:
    found: list[bytes] = []
    left = _MAX_PAYLOAD_BYTES
    while data[:2] == b"\x1f\x8b" and left > 0:
        member = zlib.decompressobj(_GZIP)
        found.append(member.decompress(data, left))
        left -= len(found[-1])
        data = member.unused_data
    return b"".join(found)


def _values(data: bytes) -> Iterator[dict[str, Any]]:
    """Yield the objects of a text, which may stand one after another without a separator."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        parts = data.replace(b"}\n{", b"}{").split(b'}{"')
        whole = [b"{" * bool(at) + b'"' * bool(at) + part for at, part in enumerate(parts)]
        for at, part in enumerate(whole):
            value = orjson.loads(part + b"}" * (at < len(whole) - 1))
            if isinstance(value, dict):
                yield value
        return
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield one


def _of_payload(payload: dict[str, Any]) -> Iterator[Stored]:
    """Yield the log events; control messages only ask whether somebody listens."""
    if payload.get("messageType") == "CONTROL_MESSAGE":
        return
    stream = str(payload.get("logStream") or "")
    named = origin.of_stream(stream) if stream else origin.Origin("", "")
    service = named.service or origin.of_group(str(payload.get("logGroup") or ""))
    events = payload.get("logEvents")
    for event in events if isinstance(events, list) else []:
        if isinstance(event, dict):
            stamp = timestamps.parse_value(event.get("timestamp"))
            yield Stored(
                None if stamp is None else stamp.ms,
                str(event.get("message") or ""),
                service=service,
                instance=named.instance,
                event_id=str(event.get("id") or ""),
            )


FORMAT = Format("cloudwatch-subscription", "CloudWatch subscription payloads", sniff, open_payloads)
