"""The written forms of a record's time stamp, and how a stamp is found in a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import regex

from logclass import timestamps

if TYPE_CHECKING:
    from datetime import tzinfo


class Form(NamedTuple):
    """One written form of a time stamp."""

    name: str
    pattern: str  # common ground of `regex` and RE2
    offsets: tuple[int, ...] = ()  # of the 8-byte words that decide the minute; () where none do
    is_epoch: bool = False
    zone_from: int = 0  # where seconds and zone may follow; 0 where the form has no zone


FORMS: tuple[Form, ...] = (
    Form("iso", r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d", (0, 8), zone_from=16),
    Form("clf", r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d", (0, 9), zone_from=17),
    Form("asctime", r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d", (0, 8)),
    Form("syslog", r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d", (0, 4)),
    Form("klog", r"[IWEF][01]\d[0-3]\d \d\d:\d\d:\d\d\.\d{6}"),
    Form("gin", r"\d{4}/\d\d/\d\d - \d\d:\d\d:\d\d", (0, 8, 10)),
    Form("dmy", r"\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d", (0, 9)),
    Form("jul", r"[A-Z][a-z]{2} \d{1,2}, \d{4},? (?:@ )?\d{1,2}:\d\d:\d\d"),
    Form("us", r"\d{1,2}/\d{1,2}/\d{4}, \d{1,2}:\d\d:\d\d [AP]M"),
)
EPOCH = Form("epoch", r"\d{10,19}", (0, 2), is_epoch=True)
BY_NAME = {form.name: form for form in (*FORMS, EPOCH)}

# The whole stamp with fraction, zone and a year at the end, for the scalar parser.
WRITTEN = (
    rb"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?"
    rb"|\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?:\.\d+)?(?: [+-]\d{4})?"
    rb"|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4}"
    rb"|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?"
    rb"|[IWEF][01]\d[0-3]\d \d\d:\d\d:\d\d\.\d{6}"
    rb"|\d{4}/\d\d/\d\d - \d\d:\d\d:\d\d"
    rb"|\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d(?:\.\d+)?"
    rb"|[A-Z][a-z]{2} \d{1,2}, \d{4},? (?:@ )?\d{1,2}:\d\d:\d\d(?:\.\d+)?(?: [AP]M)?"
    rb"|\d{1,2}/\d{1,2}/\d{4}, \d{1,2}:\d\d:\d\d [AP]M"
)
STAMP_SEARCH = f"(?P<stamp>{WRITTEN.decode()})"
ANY_STAMP = regex.compile("|".join(f"(?P<{form.name}>{form.pattern})" for form in FORMS).encode())
EPOCH_NUMBER = regex.compile(rb"\d{10,19}(?!\d)")
FULL_TEXT = regex.compile(WRITTEN)
FULL = regex.compile(WRITTEN + rb"|\d{10}(?:\.\d+)?(?!\d)|\d{13}(?!\d)|\d{16}(?!\d)|\d{19}(?!\d)")

_KLOG = regex.compile(r"[IWEF](\d\d)(\d\d) (.*)")
_US = regex.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}), (\d{1,2}):(.{5}) ([AP])M")
_JUL = regex.compile(r"([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\S+) ([AP])M")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


# Epoch seconds or milliseconds at the very start of a line, as Squid and `aws logs --query` print.
EPOCH_START = regex.compile(rb"(?:\d{10}(?:\.\d{1,9})?|\d{13})(?=[\s|,])")


def find_stamp(record: bytes, *, within_bytes: int = 120) -> tuple[int, str] | None:
    """Return offset and form name of the first written-out stamp near the record's start."""
    match = ANY_STAMP.search(record, 0, within_bytes)
    if match is None or match.lastgroup is None:
        return None
    return match.start(), match.lastgroup


def parse(stamp: bytes, near_ms: int | None, zone: tzinfo | None = None) -> timestamps.Stamp | None:
    """Return the time of a stamp in any of the forms, None where it names none.

    zone: that of stamps which name none; None reads them as UTC.
    """
    text = stamp.decode("ascii", "replace")
    if klog := _KLOG.fullmatch(text):  # Kubernetes' own programs: Lmmdd hh:mm:ss.uuuuuu
        month, day, time = klog.groups()
        text = f"{_MONTHS[int(month) - 1]} {day} {time}" if 1 <= int(month) <= 12 else ""
    elif us := _US.fullmatch(text):  # Nest: toLocaleString of a machine without a locale
        month, day, year, hour, rest, half = us.groups()
        hour = int(hour) % 12 + 12 * (half == "P")
        text = f"{year}-{month:0>2}-{day:0>2} {hour:02}:{rest}"
    elif jul := _JUL.fullmatch(text):  # java.util.logging's default
        month, day, year, hour, rest, half = jul.groups()
        hour = int(hour) % 12 + 12 * (half == "P")
        text = f"{month} {day} {year} {hour:02}:{rest}"
    elif text[10:13] == " - ":  # Gin
        text = text.replace(" - ", " ")
    return timestamps.parse(text, zone=zone, near_ms=near_ms)
