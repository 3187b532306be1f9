"""Rows of a table → events, by what its columns are called.

CSV exports of CloudWatch, Kibana, Datadog, Azure and Sentry, and Parquet files, name the same
things differently; a column that is none of them is kept as a field of the event.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

import orjson
import regex

from logclass import fields, origin, timestamps
from logclass.formats.event import unique_id
from logclass.formats.rewritten import named_in
from logclass.formats.stored import Stored
from logclass.vocabulary import RecordKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logclass.formats.minutes import Clock

_UTC_NOTE = regex.compile(r"\s*[\[(]?(?P<zone>UTC|GMT|Z)[\])]?$", regex.IGNORECASE)
_MESSAGES = (
    "message", "@message", "msg", "_raw", "line", "content", "logmessage", "resultdescription",
    "rawdata", "syslogmessage", "renderedmessage", "textpayload", "body", "log", "event", "text",
    "log.message", "title", "exceptionmessage", "outermessage", "raw", "description",
)  # fmt: skip
_TIMES = (
    "@timestamp", "timestamp", "timegenerated", "_time", "time", "date", "datetime", "eventtime",
    "ts", "timestamp(ms)", "datecreated", "created",
)  # fmt: skip
_STREAMS = ("@logstream", "logstream", "logstreamname", "log_stream", "logstream name")
_IDS = ("eventid", "event_id", "insertid", "_id")
_SENTRY = (
    {"event id", "event_id", "id", "eventid"},
    {"title", "error.type", "error.value", "issue"},
)
_CONTAINERS = {"", "container", "containername"}  # say less than a host
_LABELS = ("labels", "tags", "attributes", "resourceattributes")
_EMPTY = {"", "-", "null", "None", "(empty)", "(none)", "N/A"}
_GUARD = regex.compile(r"^'(?=[=+\-@])")  # Sentry's, against formulas


class Columns:
    """The columns of one table."""

    def __init__(self, names: Sequence[str], clock: Clock, zone: str = "") -> None:
        """names: the header. clock: is told when a zone is assumed. zone: UTC where it is known."""
        self._names = [name.strip().strip('"').removeprefix("\ufeff") for name in names]
        self._clock = clock
        keys = [_UTC_NOTE.sub("", name).strip().lower() for name in self._names]
        self._places = _places(self._names)
        self._time = _first(keys, _TIMES, self._places.get("time"))
        self._message = _first(keys, _MESSAGES, self._places.get("message"))
        self._stream = _first(keys, _STREAMS)
        self._id = _first(keys, _IDS)
        is_noted = self._time >= 0 and _UTC_NOTE.search(self._names[self._time]) is not None
        # Amazon's own columns are in UTC.
        self._is_utc = bool(zone) or is_noted or "@message" in keys
        self._is_sentry = all(set(keys) & group for group in _SENTRY) and "title" in keys
        self._source = _first(keys, ("source",))
        if "event id" in keys and self._source >= 0:  # Windows' Event Viewer and wevtutil
            self._places.setdefault("service", [self._source])
        self._labels = [at for at, key in enumerate(keys) if key in _LABELS]
        own = {self._time, self._message, self._stream, self._id}
        self._more = [
            at
            for at, name in enumerate(self._names)
            if at not in own and not _is_identity(name) and not name.startswith("@")
        ]

    def learn(self, rows: Sequence[Sequence[str]], near_ms: int | None) -> None:
        """Learn from the first rows how they give dates of numbers only, and which is their text.

        near_ms: when they were written.
        """
        if self._message < 0:
            self._message = self._wordiest(rows)
            self._more = [at for at in self._more if at != self._message]
        times = [str(_at(values, self._time) or "").strip("' ") for values in rows]
        told = timestamps.date_order(times, near_ms)
        self._clock.order = told.order
        self._clock.order_assumed = told.order if told.is_open else ""

    def _wordiest(self, rows: Sequence[Sequence[str]]) -> int:
        """Return the column of no known name that holds sentences, -1 where none does.

        Event Viewer's CSV has its text in one more column than its header names.
        """
        known = {self._time, self._stream, self._id, *chain(*self._places.values())}
        width = max(map(len, rows), default=0)
        blanks = {
            at: sum(str(row[at]).count(" ") for row in rows if at < len(row))
            for at in range(width)
            if at not in known
        }
        best = max(blanks, key=lambda at: (blanks[at], -at), default=-1)
        return best if best >= 0 and blanks[best] >= len(rows) else -1

    def fitted(self, row: Sequence[str]) -> list[str]:
        """Return a row with as many cells as there are columns: bars in a text cut it into more."""
        more = len(row) - len(self._names)
        at = self._message
        if more <= 0 or at < 0:
            return list(row)
        return [*row[:at], "|".join(row[at : at + more + 1]), *row[at + more + 1 :]]

    @property
    def has_time(self) -> bool:
        """Return whether a column is known for the events' time."""
        return self._time >= 0

    @property
    def are_events(self) -> bool:
        """Return whether there is a time, and a text or other things that an event has."""
        return self._time >= 0 and (self._message >= 0 or len(self._named_fields()) >= 2)

    def _named_fields(self) -> set[str]:
        return {known[0] for name in self._names if (known := fields.in_column(name))} - {"time"}

    def stored(self, values: Sequence[Any]) -> Stored:
        """Return the event of a row."""
        time_ms = self._time_ms(_at(values, self._time))
        stream = str(_at(values, self._stream) or "")
        told = origin.of_stream(stream) if stream else origin.Origin("", "")
        return Stored(
            time_ms,
            self._said(values),
            service=told.service or self._field(values, "service"),
            instance=told.instance or self._instance(values),
            version=self._field(values, "version"),
            environment=self._field(values, "environment"),
            event_id=unique_id(str(_at(values, self._id) or "")),
            request_id=self._field(values, "request_id"),
            kind=RecordKind.SENTRY.value if self._is_sentry else "",
        )

    def _instance(self, values: Sequence[Any]) -> str:
        """Return the instance; Graylog calls the host `source`, others a file or a program."""
        source = str(_at(values, self._source) or "")
        if "/" in source or not origin.of_stream(source).instance:
            source = ""
        best = self._names[self._places["instance"][0]] if "instance" in self._places else ""
        if source and fields.canonical_key(best) in _CONTAINERS:
            return source
        return self._field(values, "instance") or source

    def _said(self, values: Sequence[Any]) -> str | dict[str, Any]:
        """Return the text alone, or with the fields that say more than who, when and how bad."""
        text = _at(values, self._message)
        message = "" if text is None else str(_value(text))
        more = {
            self._names[at]: _value(values[at])
            for at in self._more
            if at < len(values) and not _is_empty(values[at])
        }
        if not more or message.lstrip()[:1] == "{":
            return message
        severity = self._field(values, "severity")
        return {**more, "message": message, **({"severity": severity} if severity else {})}

    def _field(self, values: Sequence[Any], name: str) -> str:
        for at in self._places.get(name, ()):
            if at < len(values) and not _is_empty(values[at]) and not isinstance(values[at], list):
                return str(_value(values[at])).strip()
        labels = [_value(values[at]) for at in self._labels if at < len(values)]
        found = (_in_labels(one, name) for one in labels)
        return next((value for value in found if value), "")

    def _time_ms(self, value: Any) -> int | None:  # noqa: ANN401
        if isinstance(value, datetime):
            moment = value if value.tzinfo else value.replace(tzinfo=UTC)
            return round(moment.timestamp() * 1000)
        text = str(value).strip().strip("'") if value is not None else ""
        zone = None if self._is_utc else self._clock.zone
        stamp = timestamps.parse(text, zone=zone, order=self._clock.order)
        if stamp is None:
            return None
        if not stamp.zone_known and not self._is_utc:
            self._clock.zone_assumed |= self._clock.zone is None
            self._clock.zone_used |= self._clock.zone is not None
        return stamp.ms


def _places(names: Sequence[str]) -> dict[str, list[int]]:
    """Return the columns of each of our fields, best alias first."""
    found: dict[str, list[tuple[int, int]]] = {}
    record = dict.fromkeys(names)
    for at, name in enumerate(names):
        known = fields.in_column(name)
        if known and not fields.is_other_host(name, record):
            found.setdefault(known[0], []).append((known[1], at))
    return {field: [at for _, at in sorted(ranked)] for field, ranked in found.items()}


def _at(values: Sequence[Any], place: int) -> Any:  # noqa: ANN401 - None for an empty cell
    value = values[place] if 0 <= place < len(values) else None
    return None if _is_empty(value) else value


def _is_empty(value: Any) -> bool:  # noqa: ANN401
    return value is None or (isinstance(value, str) and value.strip() in _EMPTY)


def _in_labels(cell: Any, name: str) -> str:  # noqa: ANN401
    """Return one of our fields in a cell of labels, as Grafana writes them: a JSON object."""
    if isinstance(cell, dict):
        return named_in(cell, name)
    if not isinstance(cell, str) or cell[:1] != "{":
        return ""
    try:
        labels = orjson.loads(cell)
    except orjson.JSONDecodeError:
        return ""
    return named_in(labels, name)


def _first(keys: list[str], wanted: tuple[str, ...], known: list[int] | None = None) -> int:
    """Return the first column of these names, else the best of those known by another name."""
    at = next((keys.index(name) for name in wanted if name in keys), -1)
    return known[0] if at < 0 and known else at


def _value(value: Any) -> Any:  # noqa: ANN401
    if not isinstance(value, str):
        return value if isinstance(value, (int, float, bool, list, dict)) else str(value)
    text = _GUARD.sub("", value)
    if text[:1] in {"{", "["} and text[-1:] in {"}", "]"}:
        try:
            parsed = orjson.loads(text)
        except orjson.JSONDecodeError:
            return text
        return text if isinstance(parsed, dict) else parsed
    return text


def _is_identity(name: str) -> bool:
    known = fields.canonical(name)
    is_name = known is not None and known[0] in fields.IDENTITY_FIELDS
    return is_name and known is not None and known[0] not in {"route", "method", "client"}
