"""The written forms of a record's time stamp, and how a stamp is found in a record."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

import regex

from logclass import timestamps
from logclass.formats import rare_stamps
from logclass.formats.rare_stamps import DAY, RARE, Written

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo


class Form(NamedTuple):
    """One written form of a time stamp."""

    name: str
    pattern: str  # common ground of `regex` and RE2
    offsets: tuple[int, ...] = ()  # of the 8-byte words that decide the minute; () where none do
    is_epoch: bool = False
    zone_from: int = 0  # where seconds and zone may follow; 0 where the form has no zone
    has_no_colon: bool = False  # between hours and minutes, in some stamps


# Before it a space or, as newer ICU writes, a narrow one that does not break, as bytes.
HALF = r"(?: |\xe2\x80\xaf)[AP]M\b"
_DENSE = (
    r"\b20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\d{3})?\b"
)
FORMS: tuple[Form, ...] = (
    Form("iso12", r"\d{4}[-/]\d\d[-/]\d\d \d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})? [AP]M\b"),
    Form("iso", r"\d{4}[-/.]\d\d[-/.]\d\d[T _-]\d\d:\d\d", (0, 8), zone_from=16),
    Form("clf", r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d", (0, 9), zone_from=17),
    Form("asctime", rf"[A-Z][a-z]{{2}} [A-Z][a-z]{{2}} {DAY} \d\d:\d\d:\d\d", (0, 8)),
    Form(
        "date", r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d{4} \d\d:\d\d:\d\d", (0, 8, 13), zone_from=21
    ),
    Form("rfc1123", r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d", (0, 8, 14), zone_from=22),
    Form("syslog", rf"[A-Z][a-z]{{2}} {DAY} \d\d:\d\d:\d\d", (0, 4)),
    Form("klog", r"[IWEF](?:\d{4})?[01]\d[0-3]\d \d\d:\d\d:\d\d\.\d{6}"),
    Form("tornado", r"[DIWEC] \d{6} \d\d:\d\d:\d\d", (0, 6)),
    Form("geth", r"\[\d\d-\d\d\|\d\d:\d\d:\d\d(?:\.\d{3})?\]"),
    Form("gin", r"\d{4}/\d\d/\d\d - \d\d:\d\d:\d\d", (0, 8, 10)),
    Form("dmy", r"\d\d[-/ ][A-Z][a-z]{2}[-/ ]\d{4} \d\d:\d\d:\d\d", (0, 9), zone_from=17),
    Form("jul", r"[A-Z][a-z]{2} \d{1,2}, \d{4},? (?:@ )?\d{1,2}:\d\d:\d\d"),
    Form(
        "us", rf"\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{4}},? \d{{1,2}}:\d\d:\d\d(?:[.,]\d{{1,9}})?{HALF}"
    ),
    Form("numeric", r"\d\d[/.-]\d\d[/.-]\d{4}[ T:]\d\d:\d\d:\d\d", (0, 8), zone_from=16),
    Form("day", r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?:,| -)? \d{1,2}:\d\d:\d\d"),
    Form("short", r"\d\d[/.-]\d\d[/.-]\d\d \d\d:\d\d:\d\d", (0, 6)),
    Form("compact", r"\d{8}[T -]\d\d:?\d\d:?\d\d(?:[.,]\d{1,9})?", has_no_colon=True),
    # As Log4j's COMPACT: year to second, milliseconds behind.
    Form("dense", _DENSE, (0, 4), has_no_colon=True),
    Form("exponent", r"\d\.\d{5,18}e\+09", has_no_colon=True),
)
EPOCH = Form("epoch", r"\d{10,19}", (0, 2), is_epoch=True)
_RARE = tuple(Form(rare.name, rare.pattern, has_no_colon=rare.has_no_colon) for rare in RARE)
BY_NAME = {form.name: form for form in (*FORMS, *_RARE, EPOCH)}

# Zones by name that stand for one offset nearly everywhere (timestamps.py has the offsets).
_ZONE = (
    r"(?: ?(?:Z|(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d\d)?\b)?|[+-]\d\d:?\d\d|(?:CE|EE|WE)S?T\b|MES?Z\b"
    r"|[ECMP][SD]T\b|A[CEW][SD]T\b|AK[SD]T\b|NZ[SD]T\b|[BHIJK]ST\b|MSK\b|[HS]KT\b|SGT\b))?"
)
_FRACTION = r"(?:[.,]\d{1,9})?"
# The whole stamp with fraction, zone and a year at the end, for the scalar parser.
WRITTEN = (
    rf"\d{{4}}[-/.]\d\d[-/.]\d\d[T _-]\d{{1,2}}:\d\d(?::\d\d{_FRACTION})?(?: [AP]M\b)?{_ZONE}"
    rf"|\d\d/[A-Z][a-z]{{2}}/\d{{4}}:\d\d:\d\d:\d\d(?:\.\d+)?(?: [+-]\d{{4}})?"
    rf"|[A-Z][a-z]{{2}} [A-Z][a-z]{{2}} {DAY} \d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z]{{3,5}})? \d{{4}}"
    rf"|[A-Z][a-z]{{2}} [A-Z][a-z]{{2}} \d\d \d{{4}} \d\d:\d\d:\d\d{_ZONE}"
    rf"|[A-Z][a-z]{{2}}, \d\d [A-Z][a-z]{{2}} \d{{4}} \d\d:\d\d:\d\d{_ZONE}"
    rf"|[A-Z][a-z]{{2}} {DAY} \d\d:\d\d:\d\d(?:\.\d+)?"
    rf"|[IWEF](?:\d{{4}})?[01]\d[0-3]\d \d\d:\d\d:\d\d\.\d{{6}}"
    rf"|[DIWEC] \d{{6}} \d\d:\d\d:\d\d"
    rf"|\[\d\d-\d\d\|\d\d:\d\d:\d\d(?:\.\d{{3}})?\]"
    rf"|\d{{4}}/\d\d/\d\d - \d\d:\d\d:\d\d"
    rf"|\d\d[-/ ][A-Z][a-z]{{2}}[-/ ]\d{{4}} \d\d:\d\d:\d\d{_FRACTION}{_ZONE}"
    rf"|[A-Z][a-z]{{2}} \d{{1,2}}, \d{{4}},? (?:@ )?\d{{1,2}}:\d\d:\d\d(?:[.,]\d+)?"
    rf"(?:{HALF}{_ZONE})?"
    rf"|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{4}}(?:,? |T|:| - )\d{{1,2}}:\d\d:\d\d{_FRACTION}"
    rf"(?:{HALF})?{_ZONE}"
    rf"|\d\d[/.-]\d\d[/.-]\d\d \d\d:\d\d:\d\d{_FRACTION}(?:{HALF})?{_ZONE}"
    rf"|\d{{8}}(?:[T -]\d\d:\d\d:\d\d|T\d{{6}}){_FRACTION}{_ZONE}"
    rf"|\d\.\d{{5,18}}e\+09"
    rf"|{_DENSE}"
).encode("latin-1")
STAMP_SEARCH = f"(?P<stamp>{WRITTEN.decode()}|{rare_stamps.WRITTEN})"
ANY_STAMP = regex.compile("|".join(f"(?P<{form.name}>{form.pattern})" for form in FORMS).encode())
EPOCH_NUMBER = regex.compile(rb"(?:\d{10}|\d{13}|\d{16}|\d{19})(?!\d)")
FULL_TEXT = Written(regex.compile(WRITTEN))
_EPOCHS = regex.compile(rb"\d{10}(?:\.\d+)?(?!\d)|\d{13}(?!\d)|\d{16}(?!\d)|\d{19}(?!\d)")

_KLOG = regex.compile(r"[IWEF](\d{4})?(\d\d)(\d\d) (.*)")
_TORNADO = regex.compile(r"[DIWEC] (\d\d)(\d\d)(\d\d) (.*)")
_GETH = regex.compile(r"\[(\d\d)-(\d\d)\|(.*)\]")
_JUL = regex.compile(r"([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\S+) ([AP])M")
_ORDERED = frozenset({"us", "numeric", "day", "short", "websphere"})
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


# Epoch seconds to nanoseconds at the very start of a line, as Squid, seelog and `aws logs --query`
# print. So long a number before a date is an id (Papertrail's archives).
EPOCH_START = regex.compile(
    rb"(?:\d{10}(?:\.\d{1,9})?|\d{13}|(?:\d{16}|\d{19})(?!\s.{0,40}?\d{4}-\d\d-\d\d))(?=[\s|,]|: )"
)


def find_stamp(record: bytes, *, within_bytes: int = 120) -> tuple[int, str] | None:
    """Return offset and form name of the first written-out stamp near the record's start."""
    usual = ANY_STAMP.search(record, 0, within_bytes)
    before = within_bytes if usual is None else usual.start()
    match = rare_stamps.first(record, 0, before) or usual
    if match is None or match.lastgroup is None:
        return None
    return match.start(), match.lastgroup


def full(data: bytes, start: int = 0, end: int = sys.maxsize) -> regex.Match[bytes] | None:
    """Return the whole stamp that stands at `start`, written out or in numbers since 1970."""
    return FULL_TEXT.match(data, start, end) or _EPOCHS.match(data, start, end)


def parse(
    stamp: bytes, near_ms: int | None, zone: tzinfo | None = None, order: str = ""
) -> timestamps.Stamp | None:
    """Return the time of a stamp in any of the forms, None where it names none.

    zone: that of stamps which name none; None reads them as UTC. order: see timestamps.parse.
    """
    text = stamp.decode("utf-8", "replace").replace("\u202f", " ")
    if klog := _KLOG.fullmatch(text):  # Kubernetes' own programs: L[yyyy]mmdd hh:mm:ss.uuuuuu
        year, month, day, time = klog.groups()
        text = _dated(year or "", month, day, time)
    elif tornado := _TORNADO.fullmatch(text):
        year, month, day, time = tornado.groups()
        text = f"20{year}-{month}-{day} {time}"
    elif geth := _GETH.fullmatch(text):
        text = _dated("", *geth.groups())
    elif jul := _JUL.fullmatch(text):  # java.util.logging's default
        month, day, year, hour, rest, half = jul.groups()
        hour = int(hour) % 12 + 12 * (half == "P")
        text = f"{month} {day} {year} {hour:02}:{rest}"
    elif text[10:13] == " - ":  # Gin, Source
        text = text.replace(" - ", " ")
    elif text.endswith("e+09"):  # zap's console: seconds as Go prints a float
        return timestamps.parse_value(float(text))
    else:
        text = rare_stamps.as_usual(text)
    return timestamps.parse(text, zone=zone, near_ms=near_ms, order=order)


def order_of(
    records: Iterable[tuple[bytes, int, str]], near_ms: int | None
) -> timestamps.DateOrder:
    """Return how a stream writes dates of numbers only.

    records: with offset and form of the stamp in each.
    """
    found = [
        match[0].decode("utf-8", "replace").replace("\u202f", " ")
        for record, offset, form in records
        if form in _ORDERED and (match := full(record, offset))
    ]
    return timestamps.date_order(found, near_ms)


def _dated(year: str, month: str, day: str, time: str) -> str:
    dated = f"{day} {year}" if year else day
    return f"{_MONTHS[int(month) - 1]} {dated} {time}" if 1 <= int(month) <= 12 else ""
