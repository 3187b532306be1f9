"""Access lines in a format of the operator's own: where the status stands is learnt from the file.

nginx, Apache, HAProxy, Varnish and Traefik let everybody choose the fields and what stands between
them. A method and a path tell a request; of the fields around them the status is the one that holds
nothing but statuses of HTTP.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import regex

from logclass.formats.event import route_of
from logclass.vocabulary import RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logclass.formats.event import Event

# Common ground of `regex` and RE2.
_METHOD = "(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|CONNECT|TRACE)"
_BETWEEN = r"[\s|,;\"'\[\]]"
_FIELD = r"[^\s|,;\"'\[\]]+"
_KEY = r"(?:\w{1,20}[=:])?"  # `s=401`, `code:401`
_PATH = r"(?P<path>(?:https?://[^/\s|,;\"']+)?/[^\s|,;\"']*)"
_TARGET = rf"{_METHOD}{_BETWEEN}+(?:\w{{1,20}}=\"?)?{_PATH}"

_COLOUR = regex.compile(r"\x1b\[[0-9;]*m")
_REQUEST = regex.compile(rf"(?:^|{_BETWEEN}|[=:])(?P<target>{_TARGET})(?={_BETWEEN}|$)")
_IS_STATUS = regex.compile(rf"{_KEY}(?P<status>[1-5][0-9][0-9])")
_FIELDS = regex.compile(_FIELD)
# Also what nginx, IIS and Cloudflare answer beyond the standard.
_KNOWN = {str(status.value) for status in HTTPStatus} | {"418", "444", "460", "494", "495", "496"}
_KNOWN |= {"497", "499", *map(str, range(520, 531))}
_LEAST, _MOST = 3, 200  # lines
_NEARLY_ALL = 0.95  # of the lines
_AFTER, _BEFORE = 10, 5  # fields from the request in which the status is looked for
_UNAUTHORIZED = 401


def form_of(lines: Sequence[bytes]) -> str:
    """Return an expression for the requests that nearly all of these lines are, "" for none."""
    sample = [_COLOUR.sub("", line.decode("utf-8", "replace")) for line in lines[:_MOST]]
    requests = [(line, match) for line in sample if (match := _REQUEST.search(line))]
    if len(requests) < _LEAST or len(requests) < _NEARLY_ALL * len(sample):
        return ""
    after = [_FIELDS.findall(line, match.end())[:_AFTER] for line, match in requests]
    if (place := _place(after)) >= 0:
        skipped = rf"(?:{_BETWEEN}+{_FIELD}){{{place}}}"
        return (
            rf"(?:^|{_BETWEEN}|[=:]){_TARGET}{skipped}{_BETWEEN}+{_KEY}(?P<status>[1-5][0-9][0-9])"
            rf"(?:{_BETWEEN}|$)"
        )
    before = [
        _FIELDS.findall(line, 0, match.start("target"))[::-1][:_BEFORE] for line, match in requests
    ]
    if (place := _place(before)) >= 0:
        skipped = rf"(?:{_BETWEEN}+{_FIELD}){{{place}}}"
        return (
            rf"(?:^|{_BETWEEN}|[=:])(?P<status>[1-5][0-9][0-9]){skipped}{_BETWEEN}+"
            rf"(?:\w{{1,20}}[=:])?{_TARGET}"
        )
    return ""


def _place(rows: Sequence[Sequence[str]]) -> int:
    """Return the first field that holds a status in nearly all lines, -1 where none does."""
    return next((at for at in range(_AFTER) if _are_statuses(list(_column(rows, at)))), -1)


def _column(rows: Sequence[Sequence[str]], at: int) -> Iterator[str]:
    for row in rows:
        match = _IS_STATUS.fullmatch(row[at]) if at < len(row) else None
        yield match["status"] if match else ""


def _are_statuses(values: Sequence[str]) -> bool:
    return sum(value in _KNOWN for value in values) >= _NEARLY_ALL * len(values)


def taken(event: Event, form: regex.Pattern[str]) -> Event:
    """Return the event with what its line says of a request, where it is one of this form."""
    match = form.search(event.text) if not event.status and "\n" not in event.text else None
    if match is None:
        return event
    status = int(match["status"])
    return event._replace(
        text=f"{event.text}\nstatus=401" if status == _UNAUTHORIZED else event.text,
        kind=RecordKind.ACCESS,
        status=status,
        route=event.route or route_of(match["path"]),
    )
