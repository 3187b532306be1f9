"""The written forms of a time, as expressions. `timestamps` reads what they match.

Groups: y m d of the date, `month` by name, H M S and f of the time of day, `half` (AM, PM), `zone`.
"""

from __future__ import annotations

import re

from logclass.offsets import ZONE

_TIME = r"(?P<H>\d{1,2}):(?P<M>\d\d)(?::(?P<S>\d\d)(?:[.,:](?P<f>\d{0,12}))?)?"
# What Go's time.String() and RFC 2822 comments add after the offset.
_TAIL = r"(?: (?-i:[A-Z]{1,5})| [+-]\d\d(?:\d\d)?| \([A-Za-z ]+\))?(?: m=[+-][\d.]+)?"
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_WEEKDAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},?"


def _form(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.ASCII | re.IGNORECASE)


DIGIT_FIRST = (
    # 2031-05-06 07:08:09.123 +0000 UTC, 2031/05/06 07:08:09
    _form(
        rf"(?P<y>\d{{4}})([-/. ])(?P<m>\d\d?)\2(?P<d>\d\d?)(?:[T_\t-]| +){_TIME}"
        rf"(?: ?(?P<half>[AP]M))?(?: *{ZONE}{_TAIL})?"
    ),
    # 06 May 2031 07:08:09 +0000, 06/May/2031:07:08:09.123 +0000
    _form(
        rf"(?P<d>\d\d?)([ /-]){_MONTH}\2(?P<y>\d{{4}})(?: +|::?){_TIME}(?: *{ZONE}{_TAIL})?",
    ),
    # 06/May/31 7:08 AM, as Jira writes them
    _form(
        rf"(?P<d>\d\d?)([/-]){_MONTH}\2(?P<y>\d{{2}}) +{_TIME}(?: ?(?P<half>[AP]M))?",
    ),
    # 20310506T070809Z
    _form(
        r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)T(?P<H>\d\d)(?P<M>\d\d)"
        rf"(?:(?P<S>\d\d)(?:[.,](?P<f>\d{{0,12}}))?)?{ZONE}?"
    ),
    # 20310506070809, 20310506070809123
    _form(
        r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?P<H>\d\d)(?P<M>\d\d)(?P<S>\d\d)(?P<f>\d{3})?"
        r"(?P<zone>Z)?"
    ),
    # 20310506 07:08:09.123
    _form(rf"(?P<y>\d{{4}})(?P<m>\d\d)(?P<d>\d\d)[T -]{_TIME}(?: *{ZONE})?"),
)
# 06/05/2031 07:08:09, 5/6/2031, 7:08:09.000 AM, 31/05/06 07:08:09
NUMERIC = _form(
    rf"(?P<first>\d\d?)(?P<mark>[/.-])(?P<second>\d\d?)(?P=mark)(?P<third>\d{{4}}|\d\d)"
    rf"(?:,? +|T|:){_TIME}(?: ?(?P<half>[AP]M))?(?: *{ZONE})?"
)
LETTER_FIRST = (
    # May  6 07:08:09 (no year); May 6, 2031 @ 07:08:09.123; May 6 2031 07:08:09
    _form(
        rf"(?:{_WEEKDAY} +)?{_MONTH} +(?P<d>\d\d?)(?:,? (?P<y>\d{{4}})(?:,| @| at)?)? {_TIME}"
        rf"(?: ?(?P<half>[AP]M))?(?: *{ZONE})?",
    ),
    # Tue, 06 May 2031 07:08:09 +0000
    _form(rf"{_WEEKDAY} +(?P<d>\d\d?)([ -]){_MONTH}\2(?P<y>\d{{4}}) {_TIME}(?: {ZONE}{_TAIL})?"),
    # Tue May 06 07:08:09.123456 2031, ... 2031 +0200, ... UTC 2031
    _form(
        rf"(?:{_WEEKDAY} +)?{_MONTH} +(?P<d>\d\d?) {_TIME}(?: {ZONE})?"
        r" (?P<y>\d{4})(?: (?P<zone2>[+-]\d{4}))?"
    ),
)
MICROSOFT = re.compile(r"^/Date\((\d{13})(?:[+-]\d{4})?\)/$")  # .NET's older serializers
NUMBER = re.compile(r"(\d{10}|\d{13}|\d{16}|\d{19})(?:\.(\d*))?", re.ASCII)
