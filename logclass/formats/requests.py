"""One request in a line of text: what frameworks, proxies and balancers print when they answered.

Envoy, HAProxy, uvicorn, uWSGI, Werkzeug, morgan, Gin, Rails, Phoenix, ASP.NET Core, oauth2-proxy,
Squid, AWS's classic load balancer, and the plain `GET /path 401 33ms`. Shapes as each program
writes them by default.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
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
    rf"\b{_METHOD} (?:https?://[^/\s\"]+)?(?P<path>/[^\s\"]*)\"?(?: HTTP/[\d.]+\"?(?: -)?)?"
    rf"(?: for \S+?)?,? {{1,2}}(?:-> |=> |: )?{_STATUS}(?:[\s,]|$)"
)
_ASP_NET = rf"(?:HTTP/[\d.]+ {_METHOD} \S+?//[^/\s]+(?P<path>/\S*)(?: \S+ \S+)? - |in [\d.,]+ms )"
_REASON = "[A-Z][A-Za-z ]+"  # behind a status, as "Unauthorized"
# Common ground of `regex` and RE2; the first that fits tells.
_FORMS = (
    # HAProxy httplog, classic load balancer
    rf" {_STATUS} [+]?\d+ - - \S{{4}} .*\"{_METHOD} (?P<path>[^\s\"]+)",
    rf" {_STATUS} (?:\d{{3}}|-) \d+ \d+ \"{_METHOD} (?P<path>[^\s\"]+) HTTP/",
    # Envoy, uvicorn, Hypercorn, Werkzeug, chi
    rf"\"{_METHOD} (?P<path>[^\s\"]+)(?: (?:HTTP/)?[\d.]+)?\" (?:from \S+ - )?{_STATUS}(?:[\s,]|$)",
    _GIN,
    _PLAIN,
    # Rails, Phoenix; Macaron
    rf"\b(?:Completed|Sent) {_STATUS}(?: {_REASON})? in \d",
    rf"\bCompleted (?P<path>/\S*) {_STATUS} {_REASON} in \d",
    # uWSGI
    rf"\b{_METHOD} (?P<path>/\S*) => generated \d+ bytes in \d+ \S+ \(HTTP/[\d.]+ {_STATUS}\)",
    # eventlet (OpenStack)
    rf"\"{_METHOD} (?P<path>[^\s\"]+)(?: HTTP/[\d.]+)?\" status: {_STATUS}\b",
    # oauth2-proxy
    rf"\b{_METHOD} \S+ \"(?P<path>/[^\"]*)\" HTTP/[\d.]+ \"[^\"]*\" {_STATUS} \d+ ",
    # Serilog, Play
    rf"\b{_METHOD} (?P<path>/\S*) (?:responded|took \d+ms and returned) {_STATUS} ",
    # ASP.NET Core, old and new
    rf"\bRequest finished {_ASP_NET}{_STATUS}(?:\s|$)",
    # the status first: FastAPI's console, Ktor, PHP's own server
    rf"\b{_STATUS} {_REASON}:? \"?{_METHOD} (?:- )?(?P<path>[^\s\"]+)",
    rf"\b{_STATUS}\]?: {_METHOD} (?P<path>/[^\s:]*)",
    # Kubernetes' API server to 1.19, File Browser
    rf"\b{_METHOD} (?P<path>/\S*): \([\d.]+\S*\) {_STATUS} ",
    rf"(?:^| )(?P<path>/\S*): {_STATUS} (?P<client>[0-9a-f.:]{{3,45}}) ",
    # Squid
    rf"\bTCP_[A-Z_]+/{_STATUS} \d+ {_METHOD} (?P<path>\S+)",
)
# Without one a line is in none of these forms.
_A_STATUS = r"(?:^|[\s|\]\[(/])[1-5][0-9][0-9](?:[\s,)\]:]|$)"
_SHOWS_STATUS = regex.compile(_A_STATUS)
_BYTES_SHOW_STATUS = regex.compile(_A_STATUS.encode())
_COLOUR = regex.compile(rb"\x1b\[[0-9;]*m")
_CLIENT = regex.compile(
    r"^(?:[A-Z]+:? +)?\"?(?P<client>\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]+)(?::\d+)?\"?"
    r" [-\[]"
)
# .NET's console writes the level and the category on a line of their own.
_DOTNET = regex.compile(r"^(?:trce|dbug|info|warn|fail|crit): [\w.]+\[\d+\]\s*\n +")
_REQUEST_LINE = regex.compile(rf"(?P<method>{_METHOD}) (?P<path>\S+)(?: HTTP/[\d.]+)?$")
_UNAUTHORIZED = 401
_NEARLY_ALL = 0.95  # of the lines: only then is the stream an access log


@cache
def _lines() -> tuple[regex.Pattern[str], ...]:
    """Return the forms; many logs have no line that needs them, and they take long to compile."""
    return tuple(regex.compile(form) for form in _FORMS)


@cache
def _byte_lines() -> tuple[regex.Pattern[bytes], ...]:
    return tuple(regex.compile(form.encode()) for form in _FORMS)


def taken(event: Event) -> Event:
    """Return the event with what its line says of a request, where it is nothing but that."""
    said = _DOTNET.sub("", event.text) if "\n" in event.text else event.text
    if event.status or "\n" in said or event.kind != RecordKind.VERIFIER:
        return event
    if not _SHOWS_STATUS.search(said):
        return event
    for line in _lines():
        match = line.search(said)
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


def request_line(text: str) -> dict[str, str]:
    """Return method and route of an HTTP request line, an empty map for anything else."""
    match = _REQUEST_LINE.match(text)
    return {"method": match["method"], "route": match["path"]} if match else {}


def form_of(lines: Sequence[bytes]) -> str:
    """Return the form that nearly all of these lines have, "" where they are not requests."""
    bare = [_COLOUR.sub(b"", line) if b"\x1b" in line else line for line in lines]
    shown = [line for line in bare if _BYTES_SHOW_STATUS.search(line)]
    if len(shown) <= _NEARLY_ALL * len(lines):
        return ""
    shares = [sum(1 for line in shown if form.search(line)) for form in _byte_lines()]
    best = int(np.argmax(shares))
    return _FORMS[best] if shares[best] > _NEARLY_ALL * len(lines) else ""


def is_one(line: bytes) -> bool:
    """Return whether a line tells of a request."""
    is_shown = _BYTES_SHOW_STATUS.search(line) is not None
    return is_shown and any(form.search(line) for form in _byte_lines())


def with_status(frames: Iterable[Frame], form: str) -> Iterator[Frame]:
    """Give records the class of their status, 0 where they show none.

    Each 401 is to be looked at: what stands behind it is the operator's choice, and no pattern's.
    """
    for frame in frames:
        records = record_array(frame.data, frame.starts, frame.ends)
        if b"\x1b" in frame.data:
            records = pc.replace_substring_regex(records, r"\x1b\[[0-9;]*m", "")
        found = pc.struct_field(pc.extract_regex(records, form), "status")
        encoded = found.dictionary_encode()
        statuses = [int(value) for value in encoded.dictionary.to_pylist()]
        table = np.array([*statuses, 0], dtype=np.int64)
        written = table[encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
        yield replace(frame, status_class=written // 100, refused=written == _UNAUTHORIZED)
