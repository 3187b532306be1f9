"""iCalendar: the change calendar of a team (RFC 5545)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from logclass.changes import kinds
from logclass.changes.rows import ChangeRead, Document
from logclass.model import ChangeEvent, Fault
from logclass.timestamps import Stamp, parse
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = "icalendar"

_LINE = re.compile(
    r"(?P<name>[A-Za-z-]+)(?P<parameters>(?:;[^:\"]*(?:\"[^\"]*\")?)*):(?P<value>.*)"
)
_ZONE = re.compile(r";TZID=\"?/?(?P<zone>[^;:\"]+)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([nN,;\\])")


class _Property(NamedTuple):
    value: str
    parameters: str


def read(document: Document) -> ChangeRead | None:
    """Return one event for each entry of the calendar that was not cancelled, or None."""
    if "BEGIN:VCALENDAR" not in document.text[:2000].upper():
        return None
    events: list[ChangeEvent] = []
    faults: list[Fault] = []
    not_done: list[str] = []
    for number, (line, entry) in enumerate(_entries(document.text), 1):
        place = f"{document.file}:{line}"
        ident = entry["UID"].value if "UID" in entry else place
        stamp = _time(entry.get("DTSTART"), document)
        if _text(entry, "STATUS").upper() == "CANCELLED":
            not_done.append(ident)
        elif stamp is None:
            detail = f"entry {number} has no readable start with a time of day"
            faults.append(Fault(document.name, "no_time", detail, line))
        else:
            events.append(_event(document, (ident, place), entry, stamp))
    return ChangeRead(tuple(events), tuple(faults), FORMAT, tuple(not_done))


def _entries(text: str) -> Iterator[tuple[int, dict[str, _Property]]]:
    """Yield (line, properties by name) of each VEVENT."""
    entry: dict[str, _Property] | None = None
    start = 0
    for number, line in _unfolded(text):
        upper = line.strip().upper()
        if upper == "BEGIN:VEVENT":
            entry, start = {}, number
        elif upper == "END:VEVENT" and entry is not None:
            yield start, entry
            entry = None
        elif entry is not None and (match := _LINE.fullmatch(line.strip())):
            found = _Property(match["value"], match["parameters"])
            entry.setdefault(match["name"].upper(), found)


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line number, content line): a line that begins with a blank continues another."""
    held, at = "", 1
    for number, line in enumerate(text.splitlines(), 1):
        if line[:1] in {" ", "\t"} and held:
            held += line[1:]
            continue
        if held:
            yield at, held
        held, at = line, number
    yield at, held


def _event(
    document: Document, names: tuple[str, str], entry: dict[str, _Property], stamp: Stamp
) -> ChangeEvent:
    end = _time(entry.get("DTEND"), document)
    summary, label = _text(entry, "SUMMARY"), _text(entry, "CATEGORIES")
    kind = kinds.of_label(label) if label else None
    return ChangeEvent(
        id=names[0] or names[1],
        time_ms=stamp.ms,
        kind=kind or kinds.of_sentence(summary) or ChangeKind.OTHER,
        target=_text(entry, "LOCATION"),
        source=document.name,
        description=": ".join(part for part in (summary, _text(entry, "DESCRIPTION")) if part),
        end_ms=end.ms if end and end.ms >= stamp.ms else None,
        zone_assumed=not stamp.zone_known,
    )


def _text(entry: dict[str, _Property], name: str) -> str:
    found = entry.get(name)
    if found is None:
        return ""
    return _ESCAPE.sub(lambda m: " " if m[1] in "nN" else m[1], found.value).strip()


def _time(found: _Property | None, document: Document) -> Stamp | None:
    if found is None:
        return None
    zone = document.zone
    named = _ZONE.search(found.parameters)
    if named:
        try:
            zone = ZoneInfo(named["zone"])
        except (ZoneInfoNotFoundError, ValueError, OSError):
            zone = document.zone
    stamp = parse(found.value, zone=zone)
    return Stamp(stamp.ms, zone_known=True) if stamp and zone else stamp
