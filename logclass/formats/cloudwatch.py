"""Amazon CloudWatch Logs: API answers, Logs Insights results and S3 export trees.

Shapes: botocore service model logs/2014-03-28; the S3 export as `aws logs create-export-task`
writes it. The messages inside are what the application wrote: text or JSON.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow.compute as pc
import regex

from logclass import origin, timestamps
from logclass.formats import document, lines, members, messages, pieces, text
from logclass.formats.blocks import record_array
from logclass.formats.event import Event
from logclass.formats.format import Format, Reader
from logclass.formats.learned import key_search, learn, learn_at_key
from logclass.formats.minutes import Clock
from logclass.formats.payload import decode_text
from logclass.formats.stamps import find_stamp
from logclass.formats.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from logclass.formats.blocks import Frame, Ints
    from logclass.formats.head import Head
    from logclass.model import Fault, Source
    from logclass.timestamps import Stamp

_EVENT_KEYS = {"timestamp", "message"}
_STREAM_NAME_BYTES = 512  # the store allows no longer ones
_TIMESTAMP = regex.compile(rb'"timestamp"\s*:\s*"?(\d{10,19})')
_EXPORT_LINE = regex.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ")
_EXPORT_NAME = regex.compile(r"/\d{6}(?:\.gz)?$")
_INSIGHTS_TIME = r'"field"\s*:\s*"@timestamp"\s*,\s*"value"\s*:\s*"(?P<stamp>[^"]+)"'
_INSIGHTS_STREAM = r'"field"\s*:\s*"@logStream"\s*,\s*"value"\s*:\s*"(?P<stream>[^"]*)"'


# --- filter-log-events, get-log-events ---


def _event_elements(head: Head) -> document.Elements | None:
    outline = head.outline
    for key, inside in outline.elements.items():
        if inside >= _EVENT_KEYS and inside & {"ingestionTime", "logStreamName", "eventId"}:
            return document.Elements(1 if outline.top == "[" else 2, key)
    return None


def sniff_events(head: Head) -> float:
    """Return a high confidence for API answers with their events."""
    if _event_elements(head):
        return 0.98
    is_empty_page = head.outline.keys >= {"events"} and head.outline.keys & {
        "searchedLogStreams",
        "nextForwardToken",
    }
    return 0.9 if is_empty_page else 0.0


def open_events(head: Head, source: Source) -> Reader:
    """Return a reader for filter-log-events and get-log-events answers."""
    elements = _event_elements(head) or document.Elements(2, "events")
    sample = _sample(head, elements)
    clock = learn_at_key(sample, ["timestamp"])

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        found = document.frames(chunks, elements, clock, faults, source.uri)
        return pieces.folded(_with_streams(found, "logStreamName"), _said, _stored_ms)

    return messages.reader_of(frames, _unwrap_event, clock)


def _said(frame: Frame) -> tuple[pa.Array, Ints]:
    """Return what each event says, and a number for its stream."""
    texts = members.strings(frame, "message", pieces.TOLD_BYTES)
    return pc.replace_substring_regex(texts, r"^\\[tnr]", "\t"), pieces.writers_of(frame.streams)


def _stored_ms(record: bytes) -> int | None:
    match = _TIMESTAMP.search(record)
    stamp = timestamps.parse(match[1].decode()) if match else None
    return None if stamp is None else stamp.ms


def _with_streams(frames: Iterable[Frame], key: str) -> Iterator[Frame]:
    """Give each record the stream it names under a key."""
    for frame in frames:
        yield replace(frame, streams=members.strings(frame, key, _STREAM_NAME_BYTES))


def _with_paired_streams(frames: Iterable[Frame]) -> Iterator[Frame]:
    """Give each record the stream it names in a pair of field and value."""
    for frame in frames:
        records = record_array(frame.data, frame.starts, frame.ends)
        found = pc.extract_regex(records, _INSIGHTS_STREAM)
        yield replace(frame, streams=pc.struct_field(found, "stream"))


def _sample(head: Head, elements: document.Elements) -> list[bytes]:
    """Return the first records, cut as they will be, so that stamps stand where they will."""
    frames = document.frames([head.data], elements, Clock(()), [], head.name)
    return [
        frame.data[start:end]
        for frame in frames
        for start, end in zip(frame.starts[:400], frame.ends[:400], strict=True)
    ]


def _unwrap_event(record: bytes) -> Stored | None:
    """Return an event, or those that a trace was cut into as one."""
    values = [one for one in orjson.loads(b"[" + record + b"]") if isinstance(one, dict)]
    said = [one["message"] for one in values if one.get("message") is not None]
    if not said:
        return None
    value = values[0]
    message = said[0] if len(said) == 1 else "\n".join(map(str, said))
    event_id = str(value.get("eventId") or "")
    stamp = timestamps.parse_value(value.get("timestamp"))
    stream = str(value.get("logStreamName") or "")
    return _stored(stamp, message, stream, event_id)


def _stored(
    stamp: Stamp | None,
    message: Any,  # noqa: ANN401 - an object in Insights' JSON export
    stream: str,
    event_id: str = "",
) -> Stored:
    named = origin.of_stream(stream) if stream else origin.Origin("", "")
    said = message if isinstance(message, dict) else str(message)
    time_ms = None if stamp is None else stamp.ms
    return Stored(time_ms, said, named.service, named.instance, event_id=event_id)


EVENTS = Format(
    "cloudwatch-events", "CloudWatch filter-log-events, get-log-events", sniff_events, open_events
)


# --- Logs Insights ---


def _insights_elements(head: Head) -> document.Elements | None:
    outline = head.outline
    if "results" in outline.nested and b'"field"' in head.data and b'"value"' in head.data:
        return document.Elements(2, "results")
    for key, inside in outline.elements.items():
        if "@message" in inside:
            return document.Elements(1 if outline.top == "[" else 2, key)
    return None


def sniff_insights(head: Head) -> float:
    """Return a high confidence for get-query-results and the console's JSON export."""
    return 0.98 if _insights_elements(head) else 0.0


def open_insights(head: Head, source: Source) -> Reader:
    """Return a reader for Logs Insights results."""
    elements = _insights_elements(head) or document.Elements(2, "results")
    is_pairs = "results" in head.outline.nested
    search = _INSIGHTS_TIME if is_pairs else key_search(["@timestamp"])
    clock = learn([], find_stamp, search=search)

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        found = document.frames(chunks, elements, clock, faults, source.uri)
        return _with_paired_streams(found) if is_pairs else _with_streams(found, "@logStream")

    return messages.reader_of(frames, _unwrap_result, clock)


def _unwrap_result(record: bytes) -> Stored | None:
    value = orjson.loads(record)
    if isinstance(value, list):
        value = {
            str(pair["field"]): pair.get("value")
            for pair in value
            if isinstance(pair, dict) and "field" in pair
        }
    if not isinstance(value, dict):
        return None
    message = value.get("@message")
    if message is None:
        message = {key: item for key, item in value.items() if not key.startswith("@")}
    stamp = timestamps.parse(str(value.get("@timestamp") or ""))
    return _stored(stamp, message, str(value.get("@logStream") or "")) if message else None


INSIGHTS = Format(
    "cloudwatch-insights", "CloudWatch Logs Insights results", sniff_insights, open_insights
)


# --- S3 export ---


def sniff_export(head: Head) -> float:
    """Return a confidence above plain text when lines have the export's own stamp."""
    share = head.share(_EXPORT_LINE)
    if share == 0 or not head.lines or not _EXPORT_LINE.match(head.lines[0]):
        return 0.0
    return 0.9 if _EXPORT_NAME.search(head.name) else 0.0


def open_export(head: Head, source: Source) -> Reader:
    """Return a reader for an S3 export: the export's stamp starts a record, others do not."""

    def find(record: bytes) -> tuple[int, str] | None:
        return (0, "iso") if _EXPORT_LINE.match(record) else None

    clock = learn(head.lines, find)
    named = origin.of_path(source.uri)  # the folder is the log stream

    def decode(record: bytes) -> Event | None:
        span = clock.span(record, 30)
        if span is None:
            event = decode_text(record.decode("utf-8", "replace"))
        else:
            message = record[span[1] + 1 :].decode("utf-8", "replace")
            event = text.decode_message(message, span[2])
        return event._replace(
            service=named.service or event.service, instance=named.instance or event.instance
        )

    return Reader(
        lambda chunks, faults: lines.frames(chunks, clock, lines.stamped, faults, source.uri),
        decode,
        clock,
        is_splittable=True,
    )


EXPORT = Format("cloudwatch-s3-export", "CloudWatch S3 export", sniff_export, open_export)
