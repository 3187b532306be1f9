"""One request in a line of text: what frameworks, proxies and balancers print when they answered.

Envoy, HAProxy, uvicorn, Werkzeug, morgan, Gin, Rails, AWS's classic load balancer, and the plain
`GET /path 401 33ms`. Shapes as each program writes them by default.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc
import regex

from logclass.formats.blocks import record_array
from logclass.formats.event import route_of
from logclass.vocabulary import RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logclass.formats.blocks import Frame
    from logclass.formats.event import Event

_METHOD = "(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|CONNECT|TRACE)"
_STATUS = "(?P<status>[1-5][0-9][0-9])"
_GIN = (
    rf"(?:^|[|\]]|GIN) *{_STATUS} \| +\S+ \| +(?P<client>[0-9a-fA-F.:]+) \| +{_METHOD} +"
    r"\"?(?P<path>[^\s\"]+)"
)
# morgan, Fiber, Django and others
_PLAIN = (
    rf"\b{_METHOD} (?P<path>/[^\s\"]*)\"?(?: HTTP/[\d.]+\"?(?: -)?)?,? (?:-> |=> |: )?"
    rf"{_STATUS}(?:[\s,]|$)"
)
# Common ground of `regex` and RE2; the first that fits tells.
_FORMS = (
    # HAProxy httplog, classic load balancer
    rf" {_STATUS} [+]?\d+ - - \S{{4}} .*\"{_METHOD} (?P<path>[^\s\"]+)",
    rf" {_STATUS} (?:\d{{3}}|-) \d+ \d+ \"{_METHOD} (?P<path>[^\s\"]+) HTTP/",
    # Envoy, uvicorn, Hypercorn, Werkzeug, chi
    rf"\"{_METHOD} (?P<path>[^\s\"]+)(?: (?:HTTP/)?[\d.]+)?\" (?:from \S+ - )?{_STATUS}(?:[\s,]|$)",
    _GIN,
    _PLAIN,
    # Rails
    rf"\bCompleted {_STATUS} [A-Z][A-Za-z ]+ in \d",
)
_LINES = tuple(regex.compile(form) for form in _FORMS)
_BYTE_LINES = tuple(regex.compile(form.encode()) for form in _FORMS)
_COLOUR = regex.compile(rb"\x1b\[[0-9;]*m")
_CLIENT = regex.compile(
    r"^(?:[A-Z]+: +)?\"?(?P<client>\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]+)(?::\d+)?\"? [-\[]"
)
_UNAUTHORIZED = 401
_NEARLY_ALL = 0.95  # of the lines: only then is the stream an access log


def taken(event: Event) -> Event:
    """Return the event with what its line says of a request, where it is nothing but that."""
    if event.status or "\n" in event.text or event.kind != RecordKind.VERIFIER:
        return event
    for line in _LINES:
        match = line.search(event.text)
        if match is None:
            continue
        found = match.groupdict()
        client = _CLIENT.match(event.text)
        status = int(found["status"])
        return event._replace(
            text=f"{event.text}\nstatus=401" if status == _UNAUTHORIZED else event.text,
            kind=RecordKind.ACCESS,
            status=status,
            route=event.route or route_of(found.get("path") or ""),
            client=event.client
            or found.get("client")
            or (client["client"] if client is not None else ""),
        )
    return event


def form_of(lines: Sequence[bytes]) -> str:
    """Return the form that nearly all of these lines have, "" where they are not requests."""
    bare = [_COLOUR.sub(b"", line) if b"\x1b" in line else line for line in lines]
    shares = [sum(1 for line in bare if form.search(line)) for form in _BYTE_LINES]
    best = int(np.argmax(shares))
    return _FORMS[best] if lines and shares[best] > _NEARLY_ALL * len(lines) else ""


def is_one(line: bytes) -> bool:
    """Return whether a line tells of a request."""
    return any(form.search(line) for form in _BYTE_LINES)


def with_status(frames: Iterable[Frame], form: str) -> Iterator[Frame]:
    """Give records the class of their status, 0 where they show none."""
    for frame in frames:
        records = record_array(frame.data, frame.starts, frame.ends)
        if b"\x1b" in frame.data:
            records = pc.replace_substring_regex(records, r"\x1b\[[0-9;]*m", "")
        found = pc.struct_field(pc.extract_regex(records, form), "status")
        digits = pc.binary_slice(found, 0, 1) if hasattr(pc, "binary_slice") else found
        encoded = digits.dictionary_encode()
        classes = [int(value[:1]) for value in encoded.dictionary.to_pylist()]
        table = np.array([*classes, 0], dtype=np.int64)
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        yield replace(frame, status_class=table[codes])
