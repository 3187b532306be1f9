"""Written forms of time stamps that few programs use, and how each is written as most write it.

They are looked for where none of the usual forms (stamps.py) stands.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import NamedTuple

import regex

from logclass import months

DAY = r"(?:[ \d]\d|\d)"  # of the month: some pad it, some do not
_TIME = r"\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
_ZONE = r"(?: ?(?:Z\b|UTC\b|GMT\b|[A-Z]{1,2}[SD]T\b|CES?T\b|[+-]\d\d:?\d\d))?"
_HALF = r"(?:(?: |\xe2\x80\xaf)[AP]M\b)?"


class Rare(NamedTuple):
    """One form. guard: a look around that most places in a text fail at once; for `regex` alone."""

    name: str
    guard: str
    pattern: str  # common ground of `regex` and RE2
    has_no_colon: bool = False  # between hours and minutes


_YEAR, _DAY_FIRST, _MARK = r"(?=\d{4}[-/. ]\d)", r"(?=\d{1,2}[-/])", r"(?=[\[@a][\du4])"
RARE: tuple[Rare, ...] = (
    # Days, months or hours of one digit; SAP has spaces, CloudFront a tab before the time.
    Rare(
        "loose",
        _YEAR,
        r"\d{4}[-/. ]\d{1,2}[-/. ]\d{1,2}(?:T|[ \t] ?)\d{1,2}:\d\d:\d\d(?:[.,:]\d{1,9})?"
        rf"(?: [AP]M\b)?{_ZONE}",
    ),
    Rare("split", _YEAR, rf"\d{{4}}-\d\d-\d\d\]\[{_TIME}"),  # Rust's fern
    # DB2's db2diag.log (with minutes from UTC); Unreal Engine.
    Rare(
        "dotted",
        _YEAR,
        r"\d{4}[-.]\d\d[-.]\d\d-\d\d\.\d\d\.\d\d(?:[.:]\d{1,6})?(?:[+-]\d{3}\b)?",
        has_no_colon=True,
    ),
    Rare(
        "websphere",
        _DAY_FIRST,
        rf"\d{{1,2}}/\d{{1,2}}/\d\d,? \d{{1,2}}:\d\d:\d\d:\d{{3}}{_HALF}{_ZONE}",
    ),
    Rare("month_day", _DAY_FIRST, rf"\b\d\d[-/]\d\d {_TIME}"),  # Android's logcat, vLLM
    Rare("erlang", _DAY_FIRST, r"\d{1,2}-[A-Z][a-z]{2}-\d{4}::\d\d:\d\d:\d\d"),
    Rare("local_clf", _DAY_FIRST, rf"\d\d/{months.NAME}/\d{{4}}:\d\d:\d\d:\d\d(?: [+-]\d{{4}})?"),
    Rare("local_number", r"(?=\d{1,2}\xe6)", rf"{months.NUMBERED} {DAY} {_TIME}"),
    Rare(
        "local_name",
        rf"(?=[{months.FIRST_LETTERS}])",
        rf"\b{months.NAME} (?:\d{{1,2}}, \d{{4}},? \d{{1,2}}:\d\d:\d\d{_HALF}|{DAY} {_TIME})",
    ),
    Rare("cisco", r"(?=[A-Z][a-z]{2} )", rf"[A-Z][a-z]{{2}} {DAY} \d{{4}} {_TIME}"),
    Rare(  # Netlify
        "halved", r"(?=[A-Z][a-z]{2} )", r"[A-Z][a-z]{2} \d{1,2}, \d{1,2}:\d\d:\d\d [AP]M\b"
    ),
    Rare(  # MySQL to 5.6
        "yymmdd",
        r"(?=\d{6} )",
        r"\b\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])  ?\d{1,2}:\d\d:\d\d",
    ),
    Rare("audit", _MARK, r"audit\(\d{10}\.\d{3}:\d+\)"),  # Linux' auditd
    Rare("bracket", _MARK, r"^\[\d{10}(?:\.\d{1,9})?\]", has_no_colon=True),  # NSD, Unbound
    Rare("tai64n", _MARK, r"@4[0-9a-f]{23}\b", has_no_colon=True),  # multilog, svlogd, s6-log
)
WRITTEN = "|".join(form.pattern for form in RARE)
_AUDIT = regex.compile(r"(?:audit\(|\[)(\d{10}(?:\.\d+)?)[:\])].*")
_DOTTED = regex.compile(r"(.{10})-(\d\d).(\d\d).(\d\d)(?:[.:](\d+))?(?:([+-])(\d{3}))?")
_MONTH_DAY = regex.compile(r"(\d\d)[-/](\d\d) (.*)")
_YYMMDD = regex.compile(r"(\d\d)(\d\d)(\d\d)  ?(\d.*)")
_HALVED = regex.compile(r"^([A-Z][a-z]{2} \d{1,2}), (\d{1,2}:.*M)$")
_WORDED = regex.compile(r"(\d\d/)?([^\W\d]+\.?|\d+月)([ /].*)")
_TAI_EPOCH = 2**62 + 10  # daemontools' and runit's; leap seconds since 1970 are left out


@cache
def _by_guard() -> tuple[regex.Pattern[bytes], ...]:
    """Return one expression for each guard; few logs need them.

    In one of all, `regex` would try each form at each character.
    """
    guards: dict[str, list[str]] = {}
    for form in RARE:
        guards.setdefault(form.guard, []).append(f"(?P<{form.name}>{form.pattern})")
    return tuple(
        regex.compile(f"{guard}(?:{'|'.join(forms)})".encode("latin-1"))
        for guard, forms in guards.items()
    )


def as_usual(text: str) -> str:
    """Return a stamp of one of these forms as most write it, any other text as it is."""
    text = _HALVED.sub(r"\1 \2", text.replace("][", " "))
    if text[:1] in "[@" or text[:6] == "audit(":
        return _as_number(text)
    if dotted := _DOTTED.fullmatch(text):
        date, *time, fraction, sign, minutes = dotted.groups()
        offset = f"{sign}{int(minutes) // 60:02}:{int(minutes) % 60:02}" if sign else ""
        return f"{date.replace('.', '-')} {':'.join(time)}.{fraction or 0}{offset}"
    if short := _MONTH_DAY.fullmatch(text):
        month, day = (2, 1) if int(short[1]) > 12 else (1, 2)
        return f"{_name(int(short[month]))} {short[day]} {short[3]}"
    if dense := _YYMMDD.fullmatch(text):
        return f"20{dense[1]}-{dense[2]}-{dense[3]} {dense[4]}"
    worded = _WORDED.fullmatch(text)
    if worded and (number_of_month := months.number(worded[2])):
        return f"{worded[1] or ''}{_name(number_of_month)}{worded[3]}"
    return text


def _as_number(text: str) -> str:
    if number := _AUDIT.fullmatch(text):
        return str(number[1])
    if text[:2] != "@4":
        return text
    seconds = int(text[1:17], 16) - _TAI_EPOCH
    return str(seconds * 1000 + int(text[17:], 16) // 1_000_000)


def _name(month: int) -> str:
    return months.ENGLISH[month - 1].capitalize() if 1 <= month <= len(months.ENGLISH) else ""


def first(data: bytes, start: int, end: int) -> regex.Match[bytes] | None:
    """Return the first stamp of these forms; its `lastgroup` is the form's name."""
    if start >= end:
        return None
    found = [match for form in _by_guard() if (match := form.search(data, start, end))]
    return min(found, key=_start, default=None)


def _start(match: regex.Match[bytes]) -> int:
    return match.start()


class Written:
    """Whole stamps, usual and rare ones: a usual one wins where both begin."""

    def __init__(self, usual: regex.Pattern[bytes]) -> None:
        """usual: the usual forms."""
        self._usual = usual

    def match(
        self, data: bytes, start: int = 0, end: int = sys.maxsize
    ) -> regex.Match[bytes] | None:
        """Return the stamp that stands at `start`."""
        usual = self._usual.match(data, start, end)
        if usual is not None:
            return usual
        return next(
            (match for form in _by_guard() if (match := form.match(data, start, end))), None
        )

    def search(
        self, data: bytes, start: int = 0, end: int = sys.maxsize
    ) -> regex.Match[bytes] | None:
        """Return the first stamp."""
        usual = self._usual.search(data, start, end)
        return first(data, start, end if usual is None else usual.start()) or usual
