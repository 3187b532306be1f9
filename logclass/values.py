"""Values in a text: numbers, ids, addresses and times, which differ from one record to the next.

Two texts of one skeleton differ in their values only. What holds for one of them, and does not hang
on a value, holds for the other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_VALUES = 24  # of one text that stand-ins are made for
CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d\d(?::(?P<seconds>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?")
# These may be what a text is about, wherever they stand. An id of noughts stands for none.
TELLING = frozenset({"0" * size for size in range(4, 65)} | {str(UUID(int=0)), "401", "403"})
# A number of this many digits may be a time, which its length tells; shorter ones are alike, but
# for those of up to three digits, which are found at the end of names.
_LONG, _USUAL, _SHORT = 8, 5, 3
CHANCE = 3  # characters: values so short are often the same by chance
_NUMBERS = frozenset({"number", "serial"})
_NOUGHTS = str.maketrans("123456789", "0" * 9)
# Where a value may have its first digit: what stands beside a short number tells. That passes over
# the numbers of a stack trace's lines, which are tried in vain else.
_MAY_BEGIN = (
    r"[0-9](?:[0-9]{3,}|(?<=[-/\[=a-f].)[0-9]*|(?<=\":.)[0-9]*|(?<=\": .)[0-9]*"
    r"|(?<=[A-Z][a-z]{2} .)[0-9]*|(?<=[A-Z][a-z]{2}  .)[0-9]*"
    r"|(?<= [1-5][0-9]{2} .)[0-9]*"
    r"|[0-9]{0,2}(?:(?=[./-][0-9]|[a-f]|[num]?s\b|K?B\b|[/ -][A-Z])|(?<![0-9]{3})(?=:[0-9]{2})))"
)
_DIGITS = re.compile(_MAY_BEGIN, re.ASCII)
_DIGITS_OR_MAIL = re.compile(
    rf"{_MAY_BEGIN}|(?<![\w.+-])(?P<mail>[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,4}})",
    re.ASCII,
)
_HEX_LETTERS = frozenset("abcdef")
_LEVELS = frozenset("IWEF[")  # of klog, glog and geth, glued to the date
_GOES_BEFORE = _HEX_LETTERS | _LEVELS | {" "}  # where a value may begin before its first digit
_DAYS, _MONTHS = "Mon|Tue|Wed|Thu|Fri|Sat|Sun", "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_NAMED_DATE = re.compile(rf"(?:(?:{_DAYS}),? )?(?:(?:{_MONTHS}) {{1,2}})?\Z")
_NAMED_DATE_REACH = 10  # characters
_ID_CHARACTER = re.compile(r"[0-9a-f]")

# Times as most programs write them, for texts whose records' own stamps are taken off.
_TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d|\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d"
# Up to 99, or from 600: what is between may be a status.
_SMALL = r"(?:\d\d?|[6-9]\d\d)"
# What ends the names of members that count milliseconds, bytes and processes.
_COUNTED = ("ime", "ration", "apsed", "ency", "_ms", "Ms", "ize", "ytes", "ength", "pid", "ort")
_MEMBER = "|".join(rf"(?<={name}{end})" for name in _COUNTED for end in ('":', '": ', "="))
_ADDRESS = r"\d{1,3}(?:\.\d{1,3}){3}(?![\w.])|[0-9a-f]{1,4}(?:::?[0-9a-f]{1,4}){3,7}(?![\w:])"
# A number of one to three digits may be a status, a level or part of a name: it stays but for a
# segment of a path (/orders/77), the end of a name (exec-17), an amount and what has a unit; and so
# do up to four behind a letter (RS256, user2024).
_NUMBER = (
    r"(?<!\.)\d{4,64}(?!\d)(?:\.\d{1,9})?|(?<!\.)\d{1,9}(?:\.\d{1,9})?(?=(?:[num]?s|B|KB)\b)"
    r"|(?<!\.)\d{1,9}\.\d{2,9}(?![\w.])"
    r"|(?<=/)(?<!HTTP/)(?:\d\d?|[1-36-9]\d\d)(?=[/?\s\"])"
    rf"|(?<=[a-z]-){_SMALL}(?![\w.-])|(?<=\[){_SMALL}(?=\])"
    rf"|(?<= [1-5]\d\d )\d{{1,3}}(?= \")|(?:{_MEMBER})\d{{1,3}}(?![\w.])"
)


class Skeleton(NamedTuple):
    """A text, taken apart into its values and what is between them."""

    key: str  # the same for all texts of one skeleton, and for no others
    between: list[str]  # before, between and after the values
    values: list[str]
    kinds: list[str]  # of the values: stamp, id, address, number, serial, version or mail

    def start(self, place: int) -> int:
        """Return where in the text a value stands."""
        return sum(map(len, self.between[: place + 1])) + sum(map(len, self.values[:place]))

    def written(self, values: Sequence[str]) -> str:
        """Return the text with other values in the places of its own."""
        pieces = [""] * (2 * len(values) + 1)
        pieces[0::2], pieces[1::2] = self.between, values
        return "".join(pieces)


class Finder:
    """Finds the values of texts.

    All but mail addresses hold a digit: only where one stands is the expression tried.
    That takes a fifth of the time of a search that may begin at any letter.
    """

    def __init__(self, stamps: str = _TIME) -> None:
        """stamps: an expression without groups for times as they are written."""
        self._value = re.compile(
            r"(?<=[A-Za-z_])(?P<serial>\d{5,18})(?!\w)|(?<![A-Za-z0-9_])(?:"
            rf"(?P<stamp>{stamps})"
            r"|(?<!-)(?P<id>[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
            r"|(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{8,40})(?![\w-])"
            rf"|(?<![.:])(?P<address>{_ADDRESS})"
            r"|(?<=[a-z]/)(?P<version>\d{1,4}(?:\.\d{1,5}){1,4})(?![\w.])"
            rf"|(?P<number>{_NUMBER}))",
            re.ASCII,
        ).match

    def skeleton(self, text: str) -> Skeleton:
        """Return the skeleton of a text."""
        between: list[str] = []
        values: list[str] = []
        kinds: list[str] = []
        pieces: list[str] = []
        at = 0
        search = (_DIGITS_OR_MAIL if "@" in text else _DIGITS).search
        found = search(text)
        while found is not None:
            start, behind = found.span()
            match: re.Match[str] | None = found
            if not found.lastgroup:
                match = None
                if start > at and text[start - 1] in _GOES_BEFORE:
                    match = self._value(text, _beginning(text, start, at))
                match = match or self._value(text, start)
            if match is not None:
                start, behind = match.span()
                value, kind = match[0], match.lastgroup or ""
                values.append(value)
                kinds.append(kind)
                between.append(text[at:start])
                pieces += (text[at:start], form(value, kind))
                at = behind
            found = search(text, behind)
        between.append(text[at:])
        pieces.append(text[at:])
        return Skeleton("\0".join(pieces), between, values, kinds)


def _beginning(text: str, digit: int, at: int) -> int:
    """Return where the value begins whose first digit this is; not before `at`."""
    if text[digit - 1] in _HEX_LETTERS:  # of an id
        start = digit - 1
        while start > at and text[start - 1] in _HEX_LETTERS:
            start -= 1
        return start if start == 0 or not text[start - 1].isalnum() else digit
    if text[digit - 1] in _LEVELS:
        return digit - 1
    # of a date that begins with the name of its day or month
    named = _NAMED_DATE.search(text, max(at, digit - _NAMED_DATE_REACH), digit)
    return named.start() if named else digit


def form(value: str, kind: str) -> str:
    """Return what two values have in common that may stand in each other's place."""
    if kind in _NUMBERS:
        whole, point, _ = value.partition(".")
        return f"{kind}{_digits(whole)}{point}"
    if kind == "stamp":
        return value.translate(_NOUGHTS)
    return f"id{len(value)}" if kind == "id" else kind


def stand_ins(skeleton: Skeleton) -> list[str] | None:
    """Return another value of its form for each, equal ones for equal values that are long.

    None where there are too many values. Skeletons that are the same get the same, but for values
    that are one of them already. None of them stands elsewhere in the text.
    """
    values, kinds = skeleton.values, skeleton.kinds
    if len(values) > MAX_VALUES:
        return None
    rest = "\0".join(skeleton.between)
    numbers = [
        values.index(value) if len(value) > CHANCE else place for place, value in enumerate(values)
    ]
    for turn in range(MAX_VALUES):
        others = [
            _stand_in(value, kind, number + turn)
            for value, kind, number in zip(values, kinds, numbers, strict=True)
        ]
        if all(
            value != other and other not in rest
            for value, other in zip(values, others, strict=True)
        ):
            return others
    return None


def _stand_in(value: str, kind: str, number: int) -> str:
    """Return the value of the same form that has this number."""
    pair = f"{9 - number % 8}{9 - (number % 8 + number // 8) % 8}"
    if kind == "stamp":
        return CLOCK.sub(lambda clock: _later(clock, pair), value, count=1)
    if kind == "id":
        letter = "abcdef"[number % 6]
        return _ID_CHARACTER.sub(pair[0], value[:-2]) + pair[1] + letter
    if kind == "address":
        part = f"1{pair}"
        written = f"{part}:{part}:{part}:{part}"
        return f"fe80:{written}" if ":" in value else written.replace(":", ".")
    if kind == "mail":
        return f"u{pair}@example.org"
    if kind == "version":
        return f"{pair}.{pair}"
    whole, point, _ = value.partition(".")
    digits = _digits(whole)
    written = f"9{pair}" if digits == _SHORT else (pair * digits)[:digits]  # no status
    return written + (f".{pair}" if point else "")


def _digits(whole: str) -> int:
    """Return how many digits stand in for those of a number."""
    if len(whole) >= _LONG:
        return len(whole)
    return _USUAL if len(whole) > CHANCE else _SHORT


def _later(clock: re.Match[str], pair: str) -> str:
    """Return a time of day that is written as long as this one."""
    hour = "11" if clock[0][2:3] == ":" else "5"
    if clock["seconds"] is None:
        return f"{hour}:2{pair[0]}"
    time = f"{hour}:2{pair[0]}:3{pair[1]}"
    fraction = clock["fraction"] or ""
    digits = (pair * len(fraction))[: len(fraction)]
    return time + clock[0][len(time) : len(clock[0]) - len(fraction)] + digits
