"""A timeline as people write it: one `TIME text` a line, with bullets or in a Markdown table.

Logs look the same to a careless eye, so a file is only taken for one when it is short, has whole
seconds or minutes, wide gaps, no words of a log, and mostly sentences that tell of changes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from logclass.changes import kinds
from logclass.changes.rows import ChangeRead, Document, Row, is_dense, mostly
from logclass.model import ChangeEvent
from logclass.offsets import zone_named, zone_of_letters
from logclass.timestamps import isoformat, parse
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from datetime import tzinfo

    from logclass.timestamps import Stamp

FORMAT = "change list"

_MOST_BYTES = 200_000
_MOST_LINES = 500
_DATE = (
    r"\d{4}[-/]\d\d[-/]\d\d|(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2,8} \d{4}"
    r"|[A-Z][a-z]{2,8} {1,2}\d{1,2}(?:,? \d{4})?|\d{1,2}\.\d{1,2}\.\d{4}"
)
_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?"
_ZONE = r"(?: ?(?:Z|UTC|GMT|[ECMP][DS]T|[+-]\d\d:?\d\d))"
_LINE = re.compile(
    r"^\s*(?:[-*+•] |\d{1,3}[.)] |> )?\s*[`*_\[(]{0,3}"
    rf"(?P<time>(?:(?:{_DATE})(?:T|,? +(?:at )?))?{_CLOCK}(?![.,:]?\d){_ZONE}?"
    r"|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?: [A-Z]{3,4})? \d{4}"  # `date`
    r"|1\d{9}(?:\d{3})?)"
    rf"[`*_\])]{{0,3}}\s*(?P<mark>[-–—:|,;]|=>|->|→)?\s*[`*_]{{0,3}}(?P<text>\S.*)$"
)
_HEADING = re.compile(rf"^\W*(?:[A-Za-z]+[ ,:–-]+){{0,4}}(?P<date>{_DATE})(?:\W+(?:UTC|GMT))?\W*$")
_SAYS_ZONE = re.compile(
    r"(?:\btimes?\b[^.\n\d]{0,20}|^#.*)\b(?P<zone>UTC|GMT|(?:CE|EE|WE)S?T|[ECMP][DS]T|[A-Z][a-z]+/[A-Z]\w+)\b",
    re.MULTILINE,
)
_TIME_OF_DAY = re.compile(rf"{_CLOCK}{_ZONE}?")
_OF_A_LOG = re.compile(
    r"\b(?:INFO|WARN(?:ING)?|ERROR|DEBUG|TRACE|FATAL|CRITICAL)\b|\b(?:GET|POST|PUT|DELETE|HEAD) /"
    r"|^\[|\[\d+\]:|\b\w+=\S+ \w+=|\{\"|^\S+ \S+\[|Traceback|\bat \w+\.\w+\("
)
_NOT_DONE = re.compile(
    r"^(?:cancell?ed|aborted|postponed|skipped)\b"
    r"|^(?:planned|scheduled)(?=\s*(?:$|[:(,–-]|(?:for|to|on|at|in)\b))"  # "scheduled key rotation"
    r"|\b(?:was|were|got|is|been) (?:cancell?ed|aborted|postponed|skipped|called off)\b"
    r"|\b(?:deploy\w*|rotation|release|rollout|upgrade|restart|migration) (?:\w+ ){0,3}failed\b",
    re.IGNORECASE,
)
_DAY_MS = 86_400_000


class _Told(NamedTuple):
    row: Row
    stamp: Stamp | None
    text: str


def read(document: Document) -> ChangeRead | None:
    """Return the changes of a timeline in plain text or Markdown, or None."""
    if len(document.data) > _MOST_BYTES or document.data.lstrip()[:1] in {b"{", b"["}:
        return None
    lines = _told(document)
    if lines is None or not lines:
        return None
    timed = [line for line in lines if line.stamp]
    if not timed or not (_is_no_log(timed) if document.trusted else _is_timeline(timed)):
        return None
    events = [
        _event(line, line.stamp)
        for line in lines
        if line.stamp and (document.trusted or _is_change(line))
    ]
    faults = [
        line.row.fault("no_time", "the time of this line cannot be read")
        for line in lines
        if line.stamp is None
    ]
    return ChangeRead(tuple(events), tuple(faults), FORMAT)


def was_not_done(sentence: str) -> bool:
    """Return whether a sentence says that what it tells of did not happen."""
    return _NOT_DONE.search(sentence) is not None


def on_nearest_day(time_of_day: str, near_ms: int, zone: tzinfo | None = None) -> Stamp | None:
    """Return a time of day, as a timeline of an incident gives it, on the day nearest to it."""
    days = (isoformat(near_ms + shift * _DAY_MS)[:10] for shift in (-1, 0, 1))
    stamps = [stamp for day in days if (stamp := parse(f"{day} {time_of_day}", zone=zone))]
    best = min(stamps, key=lambda stamp: abs(stamp.ms - near_ms), default=None)
    return best._replace(zone_known=True) if best and zone else best


def _told(document: Document) -> list[_Told] | None:
    """Return the timed lines; None where more than a heading or two is no such line."""
    found: list[_Told] = []
    others, date = 0, ""
    zone = _SAYS_ZONE.search(document.text)
    if zone and document.zone is None:
        document = replace(document, zone=_zone(zone["zone"]))
    for number, line in enumerate(document.text.split("\n"), 1):
        plain = line.rstrip()
        heading = _HEADING.match(plain)
        match = _LINE.match(plain)
        if heading:
            date = heading["date"]
        elif match:
            row = document.row({"time": match["time"]}, number, number)
            stamp = _stamp(row, match["time"], date)
            found.append(_Told(row, stamp, match["text"].rstrip(" *_`|")))
        elif plain.strip() and not plain.lstrip().startswith(("#", "//", "===", "---", "```")):
            others += not (found and plain.startswith((" ", "\t")))  # a continued line
        if len(found) > _MOST_LINES or others > 3 + len(found) / 2:
            return None
    if others > 0.34 * len(found) and not document.trusted:
        return None
    return found


def _zone(name: str) -> tzinfo | None:
    try:
        return zone_named(name) if "/" in name else zone_of_letters(name)
    except ValueError:
        return None


def _stamp(row: Row, time: str, date: str) -> Stamp | None:
    if not _TIME_OF_DAY.fullmatch(time):
        return row.time(re.sub(r",? +at +|, +", " ", time))
    if date:
        return row.time(f"{date} {time}")
    return None if row.near_ms is None else on_nearest_day(time, row.near_ms, row.zone)


def _is_no_log(lines: list[_Told]) -> bool:
    return not mostly((_OF_A_LOG.search(line.text) is not None for line in lines), 0.5)


def _is_timeline(lines: list[_Told]) -> bool:
    texts = [line.text for line in lines]
    if any(_OF_A_LOG.search(text) for text in texts):
        return False
    times = [line.stamp.ms for line in lines if line.stamp]
    if len(set(times)) < 0.5 * len(times) or is_dense(times):
        return False
    if len(lines) == 1:
        return kinds.is_change_sentence(texts[0]) and kinds.of_sentence(texts[0]) is not None
    # People write minutes; with seconds it may be a log, which tells of rejections as well.
    exact = sum(ms % 60_000 > 0 for ms in times) > len(times) / 4
    return mostly(map(_tells_of_change, texts), 0.9 if exact else 0.5)


def _tells_of_change(text: str) -> bool:
    return kinds.is_change_sentence(text) or kinds.leads_with_change(text)


def _is_change(line: _Told) -> bool:
    if was_not_done(line.text):
        return False
    named = kinds.of_sentence(line.text) is not None
    return _tells_of_change(line.text) or (named and not kinds.tells_of_rejection(line.text))


def _event(line: _Told, stamp: Stamp) -> ChangeEvent:
    label, _, rest = line.text.partition(" ")
    label = label.strip("[]():*_`|,;").lower()
    kind = kinds.of_label(label) if rest and kinds.is_change_label(label) else None
    return ChangeEvent(
        id=line.row.id,
        time_ms=stamp.ms,
        kind=kinds.of_sentence(line.text) or kind or ChangeKind.OTHER,
        target="",
        source=line.row.source,
        description=line.text,
        zone_assumed=not stamp.zone_known,
    )
