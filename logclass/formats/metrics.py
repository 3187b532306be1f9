"""Samples of metrics (Prometheus' text format, OpenMetrics): no log, whatever their labels say.

`http_requests_total{status="401"} 0` counts; it tells of no request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from logclass.formats.head import Head

_NUMBER = rb"(?:[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|Inf)|NaN)"
_SAMPLE = regex.compile(
    rb"[a-zA-Z_:][\w:]*(?P<labels>\{(?:[^\"{}\n]|\"(?:[^\"\\]|\\.)*\")*\})? "
    + _NUMBER
    + rb"(?: \d{10,13}(?:\.\d+)?)?(?: # \{.*)?\s*$"
)
_NOTE = regex.compile(rb"# (?:(?:HELP|TYPE|UNIT) [\w:]|EOF)")
_MOST = 0.9  # of the lines


def are_samples(head: Head) -> bool:
    """Return whether nearly all lines are samples, some of them with labels or notes."""
    samples = [match for line in head.lines if (match := _SAMPLE.match(line))]
    notes = sum(1 for line in head.lines if _NOTE.match(line))
    is_sure = notes or any(match["labels"] for match in samples)
    return bool(samples and is_sure) and len(samples) + notes > _MOST * len(head.lines)
