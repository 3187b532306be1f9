"""Records in XML: java.util.logging's XMLFormatter, Log4j's XMLLayout, old and new; Windows events.

Shapes as the programs write them; attributes and elements are looked for by name, and a document
that was cut off loses no record but its last.
"""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import regex

from logclass import timestamps
from logclass.formats import windows_events
from logclass.formats.format import Format, Reader
from logclass.formats.rewritten import open_rewritten
from logclass.formats.stored import Stored
from logclass.formats.textunits import line_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

# The Event Viewer shows its elements with a dash that folds them, and begins with <Events>.
_START = (
    r"^[\s-]*(?:<\?xml[^>]*>\s*)?(?:<Events(?:\s[^>]*)?>\s*)?"
    r"<(?:record|(?:log4(?:j|net):)?[eE]vent|E2ETraceEvent)(?:>|\s)"
)
_RECORD = regex.compile(_START.encode())
_TIME = regex.compile(
    r"<millis>(?P<ms>\d{13})<|\b(?:timestamp|timeMillis)=\"(?P<old>\d{13})\"|<date>(?P<date>[^<]+)<"
    r"|<TimeCreated\s+SystemTime=[\"'](?P<created>[^\"']+)[\"']"
    r"|\btimestamp=\"(?P<iso>\d{4}-[^\"]+)\""
    r"|epochSecond=\"(?P<seconds>\d{10})\"(?:\s+nanoOfSecond=\"(?P<nanos>\d{1,9})\")?"
)
_LEVEL = regex.compile(r"<level>([A-Z]+)<|\blevel=\"([A-Z]+)\"|<Level>(\d)<")
_PROVIDER = regex.compile(r"<(?:Provider|Source)\s[^>]*?\bName=[\"']([^\"']+)[\"']")
_COMPUTER = regex.compile(r"<Computer>([^<]+)<")
_CDATA = regex.compile(r"<!\[CDATA\[(.*?)\]\]>", regex.DOTALL)
# The exception's own message, and a stack that is written as text.
_SAID = regex.compile(
    r"<(?:log4(?:j|net):)?(?P<name>message|Message|ApplicationData|exception|Data|Binary|throwable|Thrown\b[^>]*)(?:\s[^>]*)?>(?P<text>[^<]*)"
)
_THROWN = regex.compile(r"<Thrown\s(?P<fields>[^>]*)>")
_FIELD = regex.compile(r"\b(?:localizedMessage|message|name)=\"([^\"]*)\"")
_BETWEEN = regex.compile(rb"(?<=</(?:record|(?:log4(?:j|net):)?[eE]vent|E2ETraceEvent)>)\s*(?=<)")
_WITHIN_LINES = 6  # stands the first record


def sniff(head: Head) -> float:
    """Return a high confidence for elements that each hold a record with a time."""
    if not any(map(_RECORD.match, head.lines[:_WITHIN_LINES])):
        return 0.0
    return 0.9 if _TIME.search(head.data.decode("utf-8", "replace")) else 0.0


def open_xml(_head: Head, source: Source) -> Reader:
    """Return a reader for such records."""
    return open_rewritten(source, line_units(source, _START), _of_lines)


def _of_lines(unit: bytes) -> Iterator[Stored]:
    """Yield the records that begin in one line: the Event Viewer saves all of them in one."""
    for element in _BETWEEN.split(unit):
        if _RECORD.match(element):
            yield _of_element(element.decode("utf-8", "replace"))


def _of_element(element: str) -> Stored:
    level = _LEVEL.search(element)
    said = [unescape(match["text"]).strip() for match in _SAID.finditer(_plain(element))]
    said += [
        ": ".join(_FIELD.findall(unescape(thrown["fields"])))
        for thrown in _THROWN.finditer(element)
    ]
    message = "\n".join(dict.fromkeys(text for text in said if text))
    severity = next((one for one in level.groups() if one), "") if level else ""
    severity = windows_events.LEVELS.get(severity, severity)
    service, instance = (
        match[1] if (match := form.search(element)) else "" for form in (_PROVIDER, _COMPUTER)
    )
    text = f"{severity} {message}".strip()
    return Stored(_time_ms(element), text, service=service, instance=instance)


def _plain(element: str) -> str:
    """Return the element with quoted character data written as other text is."""
    return _CDATA.sub(lambda match: match[1].replace("<", "&lt;").replace(">", "&gt;"), element)


def _time_ms(element: str) -> int | None:
    match = _TIME.search(element)
    if match is None:
        return None
    if match["seconds"]:
        return int(match["seconds"]) * 1000 + int((match["nanos"] or "0").zfill(9)[:3])
    stamp = timestamps.parse(
        match["ms"] or match["old"] or match["date"] or match["iso"] or match["created"]
    )
    return None if stamp is None else stamp.ms


FORMAT = Format("xml-records", "XML of java.util.logging, Log4j and Windows", sniff, open_xml)
