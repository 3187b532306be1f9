"""Values of a record, and others of the same form that stand in for them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, AnyStr, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_VALUES = 8  # of one record, each with a digit of its own to stand in for it
CLOCK = re.compile(rb"(?<!\d)\d{1,2}:\d\d(?::(?P<seconds>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?")
_ID_CHARACTER = re.compile(rb"[0-9a-f]")
_DIGIT = re.compile(rb"[0-9]")


class Value(NamedTuple):
    """What stands in a place of a record that may be another one in the next record."""

    text: bytes
    start: int
    end: int
    kind: str


def stand_ins(values: Sequence[Value]) -> list[bytes] | None:
    """Return another value for each, equal ones for equal values; None where there are none."""
    texts = list(dict.fromkeys(value.text for value in values))
    for turn in range(MAX_VALUES):
        others = [_stand_in(value, texts.index(value.text) + turn) for value in values]
        if all(value.text != other for value, other in zip(values, others, strict=True)):
            return others
    return None


def _stand_in(value: Value, number: int) -> bytes:
    """Return the value of the same form that has this number."""
    digit = b"%d" % (9 - number % MAX_VALUES)
    if value.kind == "id":
        letter = b"abcdef"[number % 6 :][:1]
        return _ID_CHARACTER.sub(digit, value.text[:-1]) + letter
    if value.kind == "address":
        return b".".join((b"1" + digit * 2)[-len(part) :] for part in value.text.split(b"."))
    if value.kind in {"number", "serial"} and CLOCK.search(value.text) is None:
        return _DIGIT.sub(digit, value.text)
    return CLOCK.sub(lambda clock: _later(clock, digit), value.text, count=1)


def _later(clock: re.Match[bytes], digit: bytes) -> bytes:
    """Return a time of day that is written as long as this one."""
    hour = b"11" if clock[0][2:3] == b":" else b"5"
    if clock["seconds"] is None:
        return hour + b":2" + digit
    time = hour + b":2" + digit + b":3" + digit
    fraction = clock["fraction"] or b""
    return time + clock[0][len(time) : len(clock[0]) - len(fraction)] + digit * len(fraction)


def replaced(record: bytes, values: Sequence[Value], others: Sequence[bytes]) -> bytes:
    """Return the record with the others in the places of the values."""
    pieces, at = [], 0
    for value, other in zip(values, others, strict=True):
        pieces += [record[at : value.start], other]
        at = value.end
    return b"".join([*pieces, record[at:]])


def held_by(text: str, others: Sequence[bytes]) -> tuple[str, tuple[int, ...]]:
    """Return the text with %s where stand-ins stand, and the place of each among the values."""
    names = [other.decode("ascii") for other in others]
    longest = sorted(set(names), key=lambda name: (-len(name), name))
    places = _compiled("|".join(map(re.escape, longest)))
    used = tuple(names.index(match[0]) for match in places.finditer(text))
    return places.sub("%s", text.replace("%", "%%")), used


@lru_cache(maxsize=4096)
def _compiled(pattern: AnyStr) -> re.Pattern[AnyStr]:
    """Return the expression; many shapes have values of the same form."""
    return re.compile(pattern)
