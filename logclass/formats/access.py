"""Access logs: one line per request with its status; nothing says why a request was refused."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import regex

from logclass.formats import lines, text
from logclass.formats.event import Event, route_of
from logclass.formats.format import Format, Reader
from logclass.formats.learned import learn
from logclass.formats.minutes import Clock
from logclass.formats.payload import request_ids
from logclass.formats.stamps import STAMP_SEARCH, find_stamp
from logclass.vocabulary import RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.blocks import Frame, Ints
    from logclass.formats.head import Head
    from logclass.model import Fault, Source

# nginx and Apache "combined" and "common", with a virtual host in front or fields behind.
_COMBINED = regex.compile(
    rb"(?:(?P<vhost>[\w.-]+:\d+) )?(?P<client>[\w.:%-]+) \S+ (?P<user>.{1,80}?) "
    rb"\[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d[^\]]*)\] "
    rb'"(?P<request>(?:[^"\\]|\\.)*)" (?P<status>\d{3}) (?:\d+|-)'
)
# docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
_ALB = regex.compile(
    rb"(?:https?|h2|grpcs|wss?) (?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z) (?P<elb>\S+) "
    rb"(?P<client>\S+) (?P<target>\S+) [\d.-]+ [\d.-]+ [\d.-]+ (?P<status>\d{3}|-) "
    rb'(?P<target_status>\d{3}|-) \d+ \d+ "(?P<request>(?:[^"\\]|\\.)*)"'
)
_TRACE = regex.compile(rb'"(?:Root|Self)=(?P<id>[\w-]+)')
_ERROR_REASON = regex.compile(rb'"(?P<reason>Auth[A-Za-z]+)"')
# `May 06 07:08:09 192.0.2.1 registry[7]: 192.0.2.8 - - [06/May/2031:…`
_SYSLOG = regex.compile(
    rb"(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d \S+ [\w./-]+(?:\[\d+\])?: "
)
_MOST = 0.6
_UNAUTHORIZED = 401
_QUOTE, _BACKSLASH, _BRACKET, _SPACE, _ZERO = b'"\\] 0'


def sniff_combined(head: Head) -> float:
    """Return a high confidence when most lines are combined or common log lines.

    Behind a syslog's time and tag they are syslog's.
    """
    if head.share(_SYSLOG) > _MOST:
        return 0.0
    return 0.95 if head.share(_COMBINED) > 0.6 else 0.0


def sniff_alb(head: Head) -> float:
    """Return a high confidence when most lines are load balancer lines."""
    return 0.97 if head.share(_ALB) > 0.6 else 0.0


def _open(head: Head, source: Source, line: regex.Pattern[bytes]) -> Reader:
    clock = learn(head.lines, find_stamp, search=STAMP_SEARCH)

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        for frame in lines.frames(chunks, clock, lines.unstamped, faults, source.uri):
            yield _with_status(frame, line)

    return Reader(frames, partial(_decode, line=line, clock=clock), clock, is_splittable=True)


def open_combined(head: Head, source: Source) -> Reader:
    """Return a reader for combined and common log lines."""
    return _open(head, source, _COMBINED)


def open_alb(head: Head, source: Source) -> Reader:
    """Return a reader for AWS application load balancer lines."""
    return _open(head, source, _ALB)


def _decode(record: bytes, *, line: regex.Pattern[bytes], clock: Clock) -> Event | None:
    match = line.match(record)
    if match is None:  # the application's own line in the same stream
        return text.decode(record, clock=clock)
    span = clock.span(record, 400)
    found = {
        key: (value or b"").decode("utf-8", "replace") for key, value in match.groupdict().items()
    }
    request = found["request"].split(" ")
    status = int(found["status"]) if found["status"].isdigit() else 0
    trace = _TRACE.search(record)
    reason = _ERROR_REASON.search(record) if line is _ALB else None
    whole = record.decode("utf-8", "replace").strip()
    if status == _UNAUTHORIZED and "HTTP/" not in found["request"]:
        whole = f"{whole}\nstatus=401"
    if reason:
        whole = f"error_reason={reason['reason'].decode()}\n{whole}"
    return Event(
        time_ms=None if span is None else span[2],
        kind=RecordKind.ACCESS,
        route=route_of(request[1] if len(request) > 1 else ""),
        client=_without_port(found["client"]) if line is _ALB else found["client"],
        status=status,
        request_id=trace["id"].decode() if trace else request_ids(whole[match.end() :]),
        text=whole,
    )


def _without_port(client: str) -> str:
    return client.rsplit(":", 1)[0]


def _with_status(frame: Frame, line: regex.Pattern[bytes]) -> Frame:
    return replace(frame, status_class=_status_classes(frame, line))


def _status_classes(frame: Frame, line: regex.Pattern[bytes]) -> Ints:
    """Return 2..5 per record, 0 where the line shows no status.

    The status follows the second quote. A request with a quote inside is looked at by itself.
    """
    array = np.frombuffer(frame.data, dtype=np.uint8)
    classes = np.zeros(len(frame.starts), dtype=np.int64)
    if line is _COMBINED:
        classes = _after_second_quote(array, frame)
    for row in np.flatnonzero((classes < 1) | (classes > 5)):
        match = line.match(frame.data, int(frame.starts[row]), int(frame.ends[row]))
        status = match["status"] if match else b""
        classes[row] = status[0] - _ZERO if status.isdigit() else 0
    return classes


def _after_second_quote(array: np.ndarray, frame: Frame) -> Ints:
    """Return the first digit behind `] "request" `, 0 where the record does not read like that."""
    quotes = np.append(np.flatnonzero(array == _QUOTE), [len(array), len(array)])
    padded = np.append(array, np.zeros(6, dtype=np.uint8))
    first = np.searchsorted(quotes[:-2], frame.starts)
    opening, closing = quotes[first], quotes[first + 1]
    ok = (opening - 2 >= frame.starts) & (closing + 5 < frame.ends)
    ok &= (padded[opening - 2] == _BRACKET) & (padded[closing - 1] != _BACKSLASH)
    ok &= (padded[closing + 1] == _SPACE) & (padded[closing + 5] == _SPACE)
    return np.where(ok, padded[closing + 2].astype(np.int64) - _ZERO, 0)


COMBINED = Format("access-combined", "nginx and Apache access log", sniff_combined, open_combined)
ALB = Format("aws-alb", "AWS Application Load Balancer access log", sniff_alb, open_alb)
