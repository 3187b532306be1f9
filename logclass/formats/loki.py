"""Grafana Loki: answers of its HTTP API, and what logcli prints.

Shapes: grafana/loki pkg/logcli/output/{default,jsonl}.go and the API reference.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import regex

from logclass import timestamps
from logclass.formats.document import Elements, bare
from logclass.formats.format import Format, Reader
from logclass.formats.payload import decode_text
from logclass.formats.rewritten import json_object, json_units, names_of, open_rewritten
from logclass.formats.stored import Stored
from logclass.formats.textunits import line_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

_ANSI = regex.compile(r"\x1b\[[0-9;]*m")
_STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"
_LINE = regex.compile(
    rf"(?P<stamp>{_STAMP})\s+\{{(?P<labels>(?:[^\"}}]|\"(?:[^\"\\]|\\.)*\")*)\}}\s(?P<said>.*)",
    regex.DOTALL,
)
_COLOUR = r"(?:\x1b\[[0-9;]*m)*"
_LINE_START = rf"^{_COLOUR}{_STAMP}{_COLOUR}\s+{_COLOUR}\{{(?:\}}|[A-Za-z_]\w*\s*=\s*\")"
_START = regex.compile(_LINE_START.encode())
_LABEL = regex.compile(r'([A-Za-z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"')
_COMMON = regex.compile(rb"Common labels: \{")
_MOST = 0.6


def sniff_api(head: Head) -> float:
    """Return a high confidence for the streams of a query's answer."""
    is_answer = {"status", "data"} <= head.outline.keys
    return 0.97 if is_answer and b'"values"' in head.data and b'"stream"' in head.data else 0.0


def open_api(_head: Head, source: Source) -> Reader:
    """Return a reader for answers of query and query_range."""
    return open_rewritten(source, json_units(source, Elements(3)), _of_stream)


def _of_stream(unit: bytes) -> Iterator[Stored]:
    stream = json_object(unit)
    labels, values = stream.get("stream"), stream.get("values")
    if not isinstance(labels, dict) or not isinstance(values, list):
        return
    for value in values:
        if isinstance(value, list) and len(value) >= 2:
            yield _stored(timestamps.parse(str(value[0])), labels, str(value[1]))


def _stored(stamp: timestamps.Stamp | None, labels: dict[str, Any], line: str) -> Stored:
    named = names_of(labels)
    return Stored(None if stamp is None else stamp.ms, line, *named)


def sniff_jsonl(head: Head) -> float:
    """Return a high confidence for `logcli -o jsonl`."""
    found = sum(1 for one in head.objects if one.keys() >= {"labels", "line", "timestamp"})
    return 0.97 if found > _MOST * len(head.lines) else 0.0


def open_jsonl(head: Head, source: Source) -> Reader:
    """Return a reader for `logcli -o jsonl`."""
    return open_rewritten(source, json_units(source, bare(head)), _of_object)


def _of_object(unit: bytes) -> Iterator[Stored]:
    record = json_object(unit)
    labels = record.get("labels")
    stamp = timestamps.parse_value(record.get("timestamp"))
    yield _stored(stamp, labels if isinstance(labels, dict) else {}, str(record.get("line") or ""))


def sniff_text(head: Head) -> float:
    """Return a high confidence when lines begin with a time and a set of labels."""
    return 0.9 if head.share(_START) > _MOST else 0.0


def open_text(_head: Head, source: Source) -> Reader:
    """Return a reader for logcli's default output."""
    return open_rewritten(source, line_units(source, _LINE_START), partial(_of_line))


def _of_line(unit: bytes) -> Iterator[Stored]:
    line = _ANSI.sub("", unit.decode("utf-8", "replace")).rstrip("\r\n")
    match = _LINE.match(line)
    if match is None:
        if not _COMMON.match(unit):
            event = decode_text(line)
            yield Stored(event.time_ms, line)
        return
    labels = dict(_LABEL.findall(match["labels"]))
    yield _stored(timestamps.parse(match["stamp"]), labels, match["said"])


API = Format("loki", "Grafana Loki query answer", sniff_api, open_api)
JSONL = Format("loki-jsonl", "logcli -o jsonl", sniff_jsonl, open_jsonl)
TEXT = Format("logcli", "logcli", sniff_text, open_text)
