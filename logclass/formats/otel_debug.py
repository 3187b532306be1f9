"""What the OpenTelemetry collector's debug exporter prints of log records, a field a line.

Shape: `verbosity: detailed` of go.opentelemetry.io/collector/exporter/debugexporter, before that
`logging`. The resource stands above its records, and the collector's own lines between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import regex

from logclass import timestamps
from logclass.formats.format import Format, Reader
from logclass.formats.rewritten import names_of, open_rewritten
from logclass.formats.stored import Stored
from logclass.formats.textunits import line_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

_RECORD = regex.compile(rb"(?m)^LogRecord #\d+\s*$")
# A resource begins below the collector's time, or behind it.
_RESOURCE = regex.compile(r"(?:^|\t)ResourceLog #\d+\s*$")
_STARTS = r"^LogRecord #\d+\s*$|(?:^|\t)ResourceLog #\d+\s*$|^\d{4}-\d\d-\d\dT\S+\t"
_PAIR = regex.compile(r"\s+-> (?P<key>[^:]{1,200}): (?P<value>.*)$")
_FIELD = regex.compile(r"(?P<key>[A-Z][A-Za-z ]{2,24}): ?(?P<value>.*)$")
_TYPED = regex.compile(r"(?s)(?:Str|Int|Double|Bool|Bytes|Map|Slice)\((?P<value>.*)\)$")
_OWN = regex.compile(r"\d{4}-\d\d-\d\dT\S+\t|\t?\{\"(?:kind|resource|otelcol)")
_SCOPE = regex.compile(r"ScopeLogs #\d+\s*$|InstrumentationScope ")
_UNSET = "1970-01-01 00:00:00"
_NO_ID = {"", "0" * 16, "0" * 32}


def sniff(head: Head) -> float:
    """Return a high confidence for printed log records."""
    is_told = b"\nTimestamp: " in head.data or b"\nObservedTimestamp: " in head.data
    return 0.94 if is_told and _RECORD.search(head.data) else 0.0


def open_otel_debug(_head: Head, source: Source) -> Reader:
    """Return a reader for such records."""
    resource: dict[str, Any] = {}

    def unfold(unit: bytes) -> Iterator[Stored]:
        lines = unit.decode("utf-8", "replace").rstrip().split("\n")
        if _RECORD.match(unit):
            yield _stored(lines[1:], resource)
        elif _RESOURCE.search(lines[0]):
            resource.clear()
            resource.update(_fields(lines[1:])[1])
        else:
            yield Stored(None, "\n".join(lines))

    return open_rewritten(source, line_units(source, _STARTS), unfold)


def _stored(lines: list[str], resource: dict[str, Any]) -> Stored:
    told, attributes = _fields(lines)
    times = (told.get("Timestamp", ""), told.get("ObservedTimestamp", ""))
    written = next((text for text in times if text and not text.startswith(_UNSET)), "")
    stamp = timestamps.parse(written.removesuffix(" UTC")) if written else None
    trace = told.get("Trace ID", "")
    message: dict[str, Any] = {**attributes, "message": told.get("Body", "")}
    if told.get("SeverityText"):
        message["severity"] = told["SeverityText"]
    return Stored(
        None if stamp is None else stamp.ms,
        message,
        *names_of({**attributes, **resource}),
        request_id="" if trace in _NO_ID else trace,
    )


def _fields(lines: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the fields and the attributes that lines hold; a value may have several lines."""
    told: dict[str, str] = {}
    attributes: dict[str, str] = {}
    last: tuple[dict[str, str], str] | None = None
    for line in lines:
        if _OWN.match(line):
            break
        if _SCOPE.match(line):
            last = None
            continue
        pair, field = _PAIR.match(line), _FIELD.match(line)
        match = pair or field
        if match is not None:
            last = (attributes if pair else told, match["key"])
            last[0][last[1]] = match["value"]
        elif last is not None:
            last[0][last[1]] += "\n" + line
    return _untyped(told), _untyped(attributes)


def _untyped(found: dict[str, str]) -> dict[str, str]:
    return {
        key: typed["value"] if (typed := _TYPED.match(value.rstrip())) else value
        for key, value in found.items()
    }


FORMAT = Format("otel-debug", "OpenTelemetry collector, debug exporter", sniff, open_otel_debug)
