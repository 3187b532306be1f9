"""CloudWatch logs as command lines print them: `aws logs tail`, awslogs, `--output text` and yaml.

Shapes: aws/aws-cli awscli/customizations/logs/tail.py and awscli/text.py; jorgebastida/awslogs.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import regex

from logclass import origin, timestamps
from logclass.formats.format import Format, Reader
from logclass.formats.rewritten import open_rewritten
from logclass.formats.stored import Stored
from logclass.formats.stored_lines import open_lines, prefix
from logclass.formats.textunits import line_units
from logclass.formats.yaml_block import scalars

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

_COLOUR = r"(?:\x1b\[[0-9;]*m)*"
_STAMP = r"(?P<stamp>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3,6})?(?:\+00:00|Z))"
# Streams of ECS, Lambda, EC2 and App Runner; others are told by the number of lines they are in.
_STREAM = r"(?P<stream>[^\s:\x1b]{1,512})"
TAIL_LINE = prefix(
    rf"{_COLOUR}{_STAMP}{_COLOUR} {_COLOUR}{_STREAM}{_COLOUR} ?", origin=origin.of_stream
)
AWSLOGS_LINE = prefix(
    rf"{_COLOUR}[/\w.#-]*/[/\w.#-]+{_COLOUR} {_COLOUR}{_STREAM}{_COLOUR} "
    rf"(?:{_COLOUR}{_STAMP}{_COLOUR} )?",
    origin=origin.of_stream,
)
_TAIL = regex.compile(TAIL_LINE.expression.replace("(?:\\+00:00|Z)", "\\+00:00").encode())
_AWSLOGS = regex.compile(AWSLOGS_LINE.expression.encode())
_SURE_STREAM = regex.compile(
    rb"[^\[(\"'=]*/|.*[0-9a-f]{32}$|.*\bi-[0-9a-f]{8,17}$|\d{4}/\d\d/\d\d/\S*\[\$?\w+\]"
)
_LEAST = 0.05  # of the lines: the others are the rest of stacks and of printed objects


def _share(head: Head, line: regex.Pattern[bytes]) -> float:
    """Return the share of lines with this prefix and the name of a stream, 0 if not the first."""
    if not head.lines or not line.match(head.lines[0]):
        return 0.0
    found = [match["stream"] for text in head.lines if (match := line.match(text))]
    sure = sum(1 for stream in found if _SURE_STREAM.match(stream))
    return len(found) / len(head.lines) if sure > len(found) / 2 else 0.0


def sniff_tail(head: Head) -> float:
    """Return a high confidence for lines with a time in UTC and the name of a log stream."""
    return 0.93 if _share(head, _TAIL) > _LEAST else 0.0


def sniff_awslogs(head: Head) -> float:
    """Return a high confidence for lines with a log group and a log stream."""
    return 0.92 if _share(head, _AWSLOGS) > _LEAST else 0.0


TAIL = Format("cloudwatch-tail", "aws logs tail", sniff_tail, partial(open_lines, form=TAIL_LINE))
AWSLOGS = Format(
    "cloudwatch-awslogs", "awslogs get", sniff_awslogs, partial(open_lines, form=AWSLOGS_LINE)
)


# --- --output text ---

_TEXT_START = r"^(?:EVENTS\t|SEARCHEDLOGSTREAMS\t|[bf]/\d+\t[bf]/\d+\s*$|NEXTTOKEN\t|None\s*$)"
_TEXT_LINE = regex.compile(rb"EVENTS\t|[bf]/\d+\t[bf]/\d+\s*$")
# Keys in the order of the alphabet: eventId, ingestionTime, logStreamName, message, timestamp.
_FILTERED = regex.compile(
    r"EVENTS\t(?P<id>\d+)\t\d{12,14}\t(?P<stream>[^\t]*)\t(?P<message>.*)\t(?P<ms>\d{12,14})\s*",
    regex.DOTALL,
)
_GOT = regex.compile(r"EVENTS\t\d{12,14}\t(?P<message>.*)\t(?P<ms>\d{12,14})\s*", regex.DOTALL)


def sniff_text(head: Head) -> float:
    """Return a high confidence for tab-separated events."""
    return 0.97 if head.lines and _TEXT_LINE.match(head.lines[0]) else 0.0


def open_text(_head: Head, source: Source) -> Reader:
    """Return a reader for filter-log-events and get-log-events with --output text."""
    return open_rewritten(source, line_units(source, _TEXT_START), _of_text)


def _of_text(unit: bytes) -> Iterator[Stored]:
    if not unit.startswith(b"EVENTS\t"):
        return
    line = unit.decode("utf-8", "replace")
    match = _FILTERED.fullmatch(line) or _GOT.fullmatch(line)
    if match is None:
        raise ValueError("columns of an event that are not known")
    named = match.groupdict()
    yield _stored(named["message"], named["ms"], named.get("stream") or "", named.get("id") or "")


def _stored(message: str, written: str, stream: str, event_id: str) -> Stored:
    stamp = timestamps.parse(written)
    told = origin.of_stream(stream) if stream else origin.Origin("", "")
    time_ms = None if stamp is None else stamp.ms
    return Stored(time_ms, message, told.service, told.instance, event_id=event_id)


TEXT = Format("cloudwatch-text", "aws logs … --output text", sniff_text, open_text)


# --- --output yaml, yaml-stream ---

_YAML_HEAD = regex.compile(rb"(?:- )?events:\s*\n\s*(?:- )?(?:- )?(?:eventId|ingestionTime):")
_YAML_ITEM = regex.compile(rb"\s*- (?:eventId|ingestionTime|logStreamName|message|timestamp):")


def sniff_yaml(head: Head) -> float:
    """Return a high confidence for a list of events in YAML."""
    return 0.97 if _YAML_HEAD.match(head.data) else 0.0


def open_yaml(_head: Head, source: Source) -> Reader:
    """Return a reader for events in YAML."""
    start = r"^\s*- (?:eventId|ingestionTime):|^(?:- )?[a-zA-Z]+:"
    return open_rewritten(source, line_units(source, start), _of_yaml)


def _of_yaml(unit: bytes) -> Iterator[Stored]:
    if not _YAML_ITEM.match(unit):
        return
    event = scalars(unit.decode("utf-8", "replace"))
    if "message" in event:
        yield _stored(
            event["message"],
            event.get("timestamp", ""),
            event.get("logStreamName", ""),
            event.get("eventId", ""),
        )


YAML = Format("cloudwatch-yaml", "aws logs … --output yaml", sniff_yaml, open_yaml)
