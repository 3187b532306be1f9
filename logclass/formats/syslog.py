"""Syslog: RFC 3164 and 5424, what rsyslog and `journalctl -o short…` write, octet counts included.

A line is an event: daemons send a stack trace line by line.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import regex

from logclass.formats.format import Format
from logclass.formats.stored_lines import open_lines, prefix

if TYPE_CHECKING:
    from logclass.formats.head import Head

_PRIORITY = r"(?:\d{1,6} )?<\d{1,3}>"
_OLD = r"[A-Z][a-z]{2} (?:[ \d]\d|\d)(?: \d{4})? \d\d:\d\d:\d\d(?:\.\d{1,9})?"
_ISO = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d)?"
_UNIX = r"\d{10}(?:\.\d{1,6})?"  # journalctl -o short-unix, syslog-ng's ts-format(unix)
_HOST = r"(?P<instance>[A-Za-z0-9][\w.:-]{0,254})"
# The tag's number is a process: it is no instance.
_TAG = r"(?:[\w.-]+/){0,4}(?P<service>[A-Za-z_][\w.@-]{0,100})(?P<writer>\[\d+\])?: {0,2}"
_DATA = r"(?:-|(?:\[(?:[^\]\"]|\"(?:[^\"\\]|\\.)*\")*\])+)"
MODERN_LINE = prefix(
    rf"{_PRIORITY}\d{{1,2}} (?:-|(?P<stamp>{_ISO})) (?:-|{_HOST}) (?:-|(?P<service>\S+)) \S+ \S+ "
    rf"{_DATA} ?"
)
# What has a time and no tag is a line of its own all the same.
CLASSIC_LINE = prefix(rf"(?:{_PRIORITY})?(?P<stamp>{_OLD}|{_ISO}|{_UNIX})[ :] ?(?:{_HOST} {_TAG})?")
_MODERN = regex.compile(MODERN_LINE.expression.encode())
_CLASSIC = regex.compile(CLASSIC_LINE.expression.removesuffix("?").encode())
_LEVEL = regex.compile(rb"(?i)(?:trace|debug|info|notice|warn\w*|err\w*|crit\w*|fatal)$")
# A word before a colon that tells what happened, and no program.
_VERDICT = regex.compile(
    rb"(?i)(?:rejected|failed|failure|denied|refused|expired|invalid|mismatch|missing|malformed"
    rb"|unauthorized|forbidden|exception|\w*error|verification|validation|warning)$"
)
# Senders may leave the lines of a stack trace in one message, and collectors write them as lines.
_TRACE = regex.compile(rb"\s|Caused by: |Traceback |[A-Za-z_][\w.$]*(?:Error|Exception)\b")
_MOST = 0.7


def sniff_modern(head: Head) -> float:
    """Return a high confidence when most lines have the version of RFC 5424."""
    found = sum(1 for line in head.lines if _MODERN.match(line))
    traces = sum(1 for line in head.lines if _TRACE.match(line))
    return 0.95 if found > _MOST * (len(head.lines) - traces) else 0.0


def sniff_classic(head: Head) -> float:
    """Return a confidence above text's when most lines have a time, a host and a tag."""
    found = [match for line in head.lines if (match := _CLASSIC.match(line)) and _is_told(match)]
    if len(found) <= _MOST * len(head.lines):
        return 0.0
    words = {match["instance"] for match in found}
    return 0.0 if any(_LEVEL.match(word) for word in words) else 0.6


def _is_told(match: regex.Match[bytes]) -> bool:
    """Return whether these are a host and a tag, not the first words of a sentence.

    PM2 writes `ISO: text`, and other loggers `ISO token rejected: why`.
    """
    is_iso, behind = match["stamp"][:1].isdigit(), match.string[match.end("stamp") :][:1]
    return not (is_iso and behind == b":") and not (
        match["writer"] is None and _VERDICT.match(match["service"])
    )


MODERN = Format(
    "syslog-5424", "Syslog, RFC 5424", sniff_modern, partial(open_lines, form=MODERN_LINE)
)
CLASSIC = Format(
    "syslog",
    "Syslog, RFC 3164 or with ISO times; journalctl -o short",
    sniff_classic,
    partial(open_lines, form=CLASSIC_LINE),
)
