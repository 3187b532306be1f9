"""Sentry's events inside other things: webhooks, `hashes`, Discover's rows; and lists of issues.

Shapes: docs.sentry.io/integrations/integration-platform/webhooks, sentry-api-schema. An issue is a
sum over events: its count is no event, so a list of issues is said to be one and not counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from logclass.formats import document, sentry
from logclass.formats.blocks import Frame
from logclass.formats.document import Elements, bare
from logclass.formats.format import Format, Reader
from logclass.formats.learned import learn_at_key
from logclass.formats.minutes import Clock
from logclass.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.event import Event
    from logclass.formats.head import Head
    from logclass.model import Source

_TIME_KEYS = ("timestamp", "dateCreated", "datetime")
_NONE = np.empty(0, dtype=np.int64)
_HOOK = ({"action", "data"}, {"id", "project", "culprit", "event"})
_ROW = {"timestamp", "title"}
_ISSUE = {"shortId", "firstSeen", "lastSeen"}


def _elements(head: Head) -> Elements | None:
    outline = head.outline
    inside = outline.elements.get("", set()) if outline.top == "[" else set()
    is_event = b'"exception"' in head.data or b'"event_id"' in head.data
    for keys, depth in ((outline.keys, 0), (inside, 1)):
        if is_event and any(keys >= wanted for wanted in _HOOK):
            return Elements(depth) if depth else bare(head)
    if inside >= {"id", "latestEvent"}:
        return Elements(1)
    rows = outline.elements.get("data", set())
    is_discover = rows >= _ROW and "meta" in outline.keys
    return Elements(2, "data") if is_discover else None


def sniff_wrapped(head: Head) -> float:
    """Return a high confidence for events in webhooks, hashes and rows of Discover."""
    return 0.96 if _elements(head) else 0.0


def open_wrapped(head: Head, source: Source) -> Reader:
    """Return a reader for the events inside."""
    elements = _elements(head) or bare(head)
    clock = learn_at_key([], _TIME_KEYS)
    return Reader(
        lambda chunks, faults: document.frames(chunks, elements, clock, faults, source.uri),
        lambda record: _decode(orjson.loads(record)),
        clock,
    )


def _decode(value: Any) -> Event | None:  # noqa: ANN401
    if not isinstance(value, dict):
        return None
    if "title" in value and "exception" not in value and "event" not in value:
        return _of_row(value)
    data = value.get("data")
    holders = (value, data) if isinstance(data, dict) else (value,)
    for holder in holders:
        for key in ("error", "event", "latestEvent", "comment", "issue"):
            inner = holder.get(key)
            if isinstance(inner, dict):
                return sentry.decode(inner)
    return None


def _of_row(row: dict[str, Any]) -> Event | None:
    """Return the event of a row of Discover: its title names the error."""
    event = sentry.decode({**row, "event_id": row.get("id") or row.get("event_id")})
    if event is None:
        return None
    types = row.get("error.type")
    kinds = types if isinstance(types, list) else [types]
    said = [str(row["title"]), str(row.get("error.value") or ""), str(row.get("message") or "")]
    texts = [*said, *(str(kind) for kind in kinds if kind and str(kind) not in said[0])]
    return event._replace(
        service=event.service or str(row.get("project.name") or row.get("project") or ""),
        text="\n".join(dict.fromkeys(text for text in texts if text)),
    )


WRAPPED = Format(
    "sentry-wrapped", "Sentry webhooks, hashes, Discover rows", sniff_wrapped, open_wrapped
)


def sniff_issues(head: Head) -> float:
    """Return a high confidence for a list of issues."""
    outline = head.outline
    inside = outline.elements.get("", set()) if outline.top == "[" else set()
    return 0.95 if inside >= _ISSUE or outline.keys >= _ISSUE else 0.0


def open_issues(_head: Head, source: Source) -> Reader:
    """Return a reader that finds no events, and says why."""

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        detail = "a list of Sentry issues holds sums, not events: export the events of the issues"
        faults.append(Fault(source.uri, "aggregate", detail))
        line = 1
        for chunk in chunks:
            yield Frame(chunk, _NONE, _NONE, _NONE, line)
            line += chunk.count(b"\n")

    return Reader(frames, lambda _record: None, Clock(()))


ISSUES = Format("sentry-issues", "Sentry issues (sums, not events)", sniff_issues, open_issues)
