"""Zones: by IANA name, by offset, and by the letters that mean one offset nearly everywhere."""

from __future__ import annotations

import re
from datetime import timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from datetime import tzinfo

# RFC 2822 section 4.3 fixes the American ones; of the others those that loggers print and that
# mean one zone nearly everywhere.
_NAMED_OFFSET_HOURS = {
    name: float(hours)
    for names, hours in (
        ("Z UT UTC GMT WET", 0), ("CET MEZ BST WEST", 1), ("CEST MESZ EET", 2), ("EEST MSK", 3),
        ("IST", 5.5), ("HKT SGT AWST", 8), ("JST KST", 9), ("ACST", 9.5), ("AEST", 10),
        ("ACDT", 10.5), ("AEDT", 11), ("NZST", 12), ("NZDT", 13), ("EDT", -4), ("EST CDT", -5),
        ("CST MDT", -6), ("MST PDT", -7), ("PST AKDT", -8), ("AKST", -9), ("HST", -10),
    )
    for name in names.split()
}  # fmt: skip
_NAMES = "|".join(sorted(_NAMED_OFFSET_HOURS, key=len, reverse=True))
ZONE = rf"(?P<zone>(?:GMT|UTC)?[+-]\d\d(?::?\d\d)?|(?:GMT|UTC)[+-]\d|{_NAMES})"
_OFFSET_NAME = re.compile(
    r"(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d|0\d|1[0-4])(?::?(?P<minutes>[0-5]\d))?", re.ASCII
)


def zone_named(name: str) -> tzinfo:
    """Return the zone of an IANA name (Europe/Berlin) or an offset (+02:00, UTC-3, GMT+0530).

    Raises ValueError where there is none.
    """
    offset = _OFFSET_NAME.fullmatch(name)
    if offset:
        minutes = int(offset["hours"]) * 60 + int(offset["minutes"] or 0)
        return timezone(timedelta(minutes=-minutes if offset["sign"] == "-" else minutes))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"no zone is called {name}") from error


def zone_of_letters(name: str) -> tzinfo | None:
    """Return the zone of a usual abbreviation (UTC, CEST, PDT), None for any other."""
    return offset_of(name) if name in _NAMED_OFFSET_HOURS else None


def offset_of(text: str | None) -> timezone | None:
    """Return the fixed offset of `Z`, `UTC`, `EST`, `+0200`, `+02:00` or `UTC+2`, else None."""
    if not text:
        return None
    hours = _NAMED_OFFSET_HOURS.get(text.upper())
    if hours is not None:
        return timezone(timedelta(hours=hours))
    digits = text.upper().removeprefix("GMT").removeprefix("UTC")
    minutes = int(digits[1:3]) * 60 + int(digits[3:].removeprefix(":") or 0)
    return timezone(timedelta(minutes=-minutes if digits[0] == "-" else minutes))
