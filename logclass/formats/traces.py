"""Which lines of a log go on with a stack trace, where the store keeps every line as an event.

Such a store cuts one trace into many events, several of which may name the error. The rules follow
how Python, Java, Node.js, Ruby, Go, .NET and PHP print their traces.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLOSE_MS = 1000  # the lines of one trace are written at once; collectors stamp them a little apart
HEADER_CLOSE_MS = 50


class Role(IntEnum):
    """What a line can be in a trace."""

    OTHER = 0
    LOG = 1  # begins as a logger begins its records
    INDENTED = 2  # a frame, a blank line, a closing bracket
    TRACEBACK = 3  # Python's first line
    CHAINED = 4  # says that another trace follows
    HEADER = 5  # the type of an error and its text


_LEVELS = "TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|ERR"
_LOG = (
    rf"^(?:\s*[\[(<]?(?i:{_LEVELS})\b|[\[(<]?\d{{4}}[-/]\d\d[-/]\d\d|\d\d:\d\d:\d\d|\{{\\*\""
    r"|[\[(<]|time=|[A-Z][a-z]{2} [ \d]\d \d\d:|\d{1,3}\.\d{1,3}\.\d|[IWEF]\d{4} )"
)
_INDENTED = (
    r"^(?:\s|\\[tr]|$|[}\])]+[,;]?\s*$|at \S+[( ]|\.\.\. \d+ more|--- End of |Suppressed: "
    r"|#\d+ |goroutine \d+ \[|File \")"
)
# RE2, tried in this order; the first that matches tells the role.
_ROLES: tuple[tuple[Role, str], ...] = (
    (Role.LOG, _LOG),
    (Role.CHAINED, r"^(?:Caused by: |During handling of the above|The above exception was)"),
    (Role.TRACEBACK, r"^Traceback \(most recent"),
    (Role.INDENTED, _INDENTED),
    (Role.HEADER, r"^[A-Za-z_][\w.$:]*(?:Error|Exception|Exc|Failure|Fault|Expired|Invalid)\b"),
)


def roles(texts: pa.Array) -> NDArray[np.int8]:
    """Return the Role of each text, by its beginning; null counts as empty."""
    found = np.zeros(len(texts), dtype=np.int8)
    texts = pc.fill_null(texts, pa.scalar(b"" if _is_binary(texts) else "", texts.type))
    unknown = np.arange(len(texts))
    for role, expression in _ROLES:
        matches = pc.match_substring_regex(texts, expression).to_numpy(zero_copy_only=False)
        found[unknown[matches]] = role
        unknown = unknown[~matches]
        texts = texts.filter(pa.array(~matches))
    return found


def _is_binary(texts: pa.Array) -> bool:
    return bool(pa.types.is_binary(texts.type) or pa.types.is_large_binary(texts.type))


class Trace:
    """What one writer's lines were so far: tells whether the next one goes on with a record."""

    def __init__(self) -> None:
        self._before = -1  # the role that the line before played
        self._is_open = False  # a Python traceback whose last line is still to come
        self._is_ended = False  # the line before was a traceback's last

    def goes_on(self, role: int, gap_ms: float) -> bool:
        """Return whether a line of this role belongs to the record before it; keep it in mind."""
        is_near = self._before >= 0 and gap_ms <= CLOSE_MS
        goes_on = is_near and self._joins(role, gap_ms)
        if not goes_on or role == Role.LOG:
            self._is_open = self._is_ended = False
        if role == Role.TRACEBACK:
            self._is_open, self._is_ended = True, False
        elif role in {Role.HEADER, Role.OTHER} and self._is_open:
            self._is_open, self._is_ended = False, True
        elif role == Role.CHAINED:
            self._is_ended = False
        self._before = role
        return goes_on

    def _joins(self, role: int, gap_ms: float) -> bool:
        if role == Role.LOG:
            return False
        if role == Role.TRACEBACK:
            return not self._is_ended
        if role in {Role.INDENTED, Role.CHAINED} or self._is_open:
            return True
        is_after_log = self._before in {Role.LOG, Role.OTHER}
        return bool(role == Role.HEADER) and is_after_log and gap_ms <= HEADER_CLOSE_MS
