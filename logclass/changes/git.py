"""`git log`: commits. When a commit took effect is not in it, only when it was made."""

from __future__ import annotations

import re

from logclass.changes import kinds
from logclass.changes.rows import ChangeRead, Document
from logclass.model import ChangeEvent, Fault
from logclass.timestamps import parse
from logclass.vocabulary import ChangeKind

FORMAT = "git log"

_COMMIT = re.compile(r"^commit (?P<id>[0-9a-f]{40}|[0-9a-f]{64})\b.*$", re.MULTILINE)
_DATE = re.compile(r"^(?:Commit)?Date: +(?P<date>.+?) *$", re.MULTILINE)
_SUBJECT = re.compile(r"^    (?P<subject>\S.*?) *$", re.MULTILINE)


def read(document: Document) -> ChangeRead | None:
    """Return one event for each commit, or None. Its kind is what the subject speaks of."""
    if not _COMMIT.match(document.text.lstrip()[:120]):
        return None
    starts = [*_COMMIT.finditer(document.text)]
    events: list[ChangeEvent] = []
    faults: list[Fault] = []
    ends = [match.start() for match in starts[1:]] + [len(document.text)]
    for match, end in zip(starts, ends, strict=True):
        event = _event(document, match["id"], document.text[match.start() : end])
        if event:
            events.append(event)
        else:
            line = document.line(match.start())
            faults.append(Fault(document.name, "no_time", "a commit without a readable date", line))
    return ChangeRead(tuple(events), tuple(faults), FORMAT) if events else None


def _event(document: Document, ident: str, text: str) -> ChangeEvent | None:
    # With --format=fuller the commit's date comes after the author's, and is nearer to its effect.
    dates = [match["date"] for match in _DATE.finditer(text)]
    stamp = parse(dates[-1], near_ms=document.near_ms) if dates else None
    if stamp is None:
        return None
    subject = _SUBJECT.search(text)
    told = subject["subject"] if subject else ""
    return ChangeEvent(
        id=ident,
        time_ms=stamp.ms,
        kind=kinds.of_sentence(told) or ChangeKind.OTHER,
        target="",
        source=document.name,
        description=told,
        version=ident[:12],
        zone_assumed=not stamp.zone_known,
    )
