"""Records that differ only in their numbers, ids and times are decoded once.

A shape is learnt by decoding a record twice: as it stands, and with another value in the place of
each number, id and time. Where the two events differ, the value shows through; what a later record
of the same shape says is then put together from its own values. A record that does not fit is
decoded as ever, so that what comes out is the same either way.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, AnyStr, NamedTuple

from logclass.formats.payload import Event
from logclass.formats.stamps import WRITTEN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MAX_RECORD_BYTES = 4_096
_MAX_SHAPES = 16_384
_MAX_VALUES = 8  # of one shape, each with a digit of its own to stand in for it
_SAME = bytes.maketrans(b"123456789abcdefABCDEF", b"0" * 21)
# A number of one to three digits may be a status, a level or part of a name: it stays.
_VALUE = re.compile(
    rb"(?<![A-Za-z0-9_])(?=[0-9A-Za-f])(?:"
    rb"(?P<stamp>" + WRITTEN + rb")"
    rb"|(?<!-)(?P<id>[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    rb"|(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{8,40})(?![\w-])"
    rb"|(?<!\.)(?P<address>\d{1,3}(?:\.\d{1,3}){3})(?![\w.])"
    rb"|(?<!\.)(?P<number>\d{4,18}(?:\.\d{1,9})?|\d{1,9}(?:\.\d{1,9})?(?=(?:[num]?s|B|KB)\b)))"
)
_CLOCK = re.compile(rb"(?<!\d)\d{1,2}:\d\d(?::(?P<seconds>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?")
_ID_CHARACTER = re.compile(rb"[0-9a-f]")
_DIGIT = re.compile(rb"[0-9]")
_TIME = Event._fields.index("time_ms")


class _Span(NamedTuple):
    """Where a record has a part that may be another one in the next record."""

    start: int
    end: int
    kind: str


class _Value(NamedTuple):
    """What stands in such a place."""

    text: bytes
    start: int
    end: int
    kind: str


class _Clock(NamedTuple):
    """Where a stamp has its seconds, two digits, and the end of their fraction."""

    seconds: int
    end: int


class _Varying(NamedTuple):
    """A field of the event in which values show through."""

    place: int
    template: str  # "" where the field is the value
    used: tuple[int, ...]  # which values


class _Shape(NamedTuple):
    """What records of one shape have in common."""

    spans: tuple[tuple[int, int], ...]
    form: re.Pattern[bytes]  # of the values, joined by NUL
    distinct: int  # so many of the values differ
    event: Event
    varying: tuple[_Varying, ...]
    stamp: int  # which value is the record's time, -1 for none ...
    clock: _Clock | None  # ... and where its seconds stand


class Shapes:
    """Decodes the records of one stream."""

    def __init__(
        self,
        read: Callable[[bytes], Event | None],
        parse_ms: Callable[[bytes], int | None],
        fixed: frozenset[bytes] = frozenset(),
    ) -> None:
        """read: decodes one record. parse_ms: reads a stamp. fixed: numbers that patterns name."""
        self._read, self._parse_ms, self._fixed = read, parse_ms, fixed
        self._outlines: dict[bytes, tuple[int, list[_Span]]] = {}
        self._shapes: dict[tuple[bytes, int], _Shape | None] = {}
        self._minutes: dict[tuple[bytes, bytes], int | None] = {}  # ms, by stamp without seconds

    def decode(self, record: bytes) -> Event | None:
        """Return what the record says; raises what the stream's own decoder raises."""
        if len(record) > _MAX_RECORD_BYTES:
            return self._read(record)
        outline = record.translate(_SAME)
        known = self._outlines.get(outline)
        if known is None:  # a shape is learnt from the next record like it
            self._keep_outline(record, outline)
            return self._read(record)
        mask, spans = known
        key = outline, int.from_bytes(record, "big") & mask
        if key not in self._shapes:
            self._shapes[key] = self._learnt(record, spans)
        shape = self._shapes[key]
        event = None if shape is None else self._event(shape, record)
        return self._read(record) if event is None else event

    def _keep_outline(self, record: bytes, outline: bytes) -> None:
        """Keep where the values of such a record stand, and a mask of the bytes that are none."""
        if len(self._outlines) >= _MAX_SHAPES or len(self._shapes) >= _MAX_SHAPES:
            self._outlines.clear()
            self._shapes.clear()
        spans = [
            _Span(match.start(), match.end(), str(match.lastgroup))
            for match in _VALUE.finditer(record)
        ]
        kept = bytearray(b"\xff" * len(record))
        for span in spans:
            kept[span.start : span.end] = bytes(span.end - span.start)
        self._outlines[outline] = int.from_bytes(kept, "big"), spans

    def _event(self, shape: _Shape, record: bytes) -> Event | None:
        """Return what a record of this shape says, None where it does not fit after all."""
        values = [record[start:end] for start, end in shape.spans]
        joined = b"\0".join(values)
        if (
            shape.form.fullmatch(joined) is None
            or len(set(values)) != shape.distinct
            or not self._fixed.isdisjoint(values)
        ):
            return None
        event: list[Any] = list(shape.event)
        if shape.stamp >= 0:
            event[_TIME] = time_ms = self._time_ms(values[shape.stamp], shape.clock)
            if time_ms is None:
                return None
        texts = joined.decode("ascii").split("\0")
        for place, template, used in shape.varying:
            event[place] = (
                template % tuple([texts[at] for at in used]) if template else texts[used[0]]
            )
        return Event._make(event)

    def _time_ms(self, stamp: bytes, clock: _Clock | None) -> int | None:
        """Return the time of a stamp; stamps of one minute are parsed once."""
        if clock is None:
            return self._parse_ms(stamp)
        key = stamp[: clock.seconds], stamp[clock.end :]
        if key not in self._minutes:
            if len(self._minutes) >= _MAX_SHAPES:
                self._minutes.clear()
            self._minutes[key] = self._parse_ms(key[0] + b"00" + key[1])
        minute_ms = self._minutes[key]
        seconds = int(stamp[clock.seconds : clock.seconds + 2])
        if minute_ms is None or seconds > 59:
            return self._parse_ms(stamp)
        fraction = stamp[clock.seconds + 3 : clock.end][:3]
        return minute_ms + seconds * 1000 + int(fraction or 0) * (1000, 100, 10, 1)[len(fraction)]

    def _learnt(self, record: bytes, spans: Sequence[_Span]) -> _Shape | None:
        """Return the shape of a record, None where its event cannot be told from its values."""
        if len(spans) > _MAX_VALUES:
            return None
        values = [_Value(record[span.start : span.end], *span) for span in spans]
        others = [_stand_in(value, values) for value in values]
        if any(value.text == other for value, other in zip(values, others, strict=True)):
            return None
        mine = self._read(record)
        try:
            other = self._read(_replaced(record, values, others))
        except ValueError:
            other = None  # the record is sound, so this is no shape to go by
        if mine is None or other is None:
            return None
        stamp = self._stamp(values, others, mine.time_ms, other.time_ms)
        varying = _varying(mine, other._replace(time_ms=mine.time_ms), values, others)
        if varying is None or (stamp is None and mine.time_ms != other.time_ms):
            return None
        return _Shape(
            tuple((value.start, value.end) for value in values),
            _form(values),
            len({value.text for value in values}),
            mine._replace(shape=other.text),
            varying,
            -1 if stamp is None else stamp,
            None if stamp is None else _clock(values[stamp].text),
        )

    def _stamp(
        self, values: Sequence[_Value], others: Sequence[bytes], here: int | None, there: int | None
    ) -> int | None:
        """Return which of the values gave the times of the record and of its double."""
        if here == there:
            return None
        for place, (value, other) in enumerate(zip(values, others, strict=True)):
            clock = _clock(value.text)
            if (self._time_ms(value.text, clock), self._time_ms(other, clock)) == (here, there):
                return place
        return None


def _varying(
    mine: Event, other: Event, values: Sequence[_Value], others: Sequence[bytes]
) -> tuple[_Varying, ...] | None:
    """Return the fields in which values show through, None where one does in another way."""
    varying = []
    for place, (here, there) in enumerate(zip(mine, other, strict=True)):
        if here == there:
            continue
        template, used = _template(str(there), others)
        texts = tuple(values[at].text.decode("ascii") for at in used)
        if not isinstance(here, str) or template % texts != here:
            return None
        varying.append(_Varying(place, "" if template == "%s" else template, used))
    return tuple(varying)


def _clock(stamp: bytes) -> _Clock | None:
    match = _CLOCK.search(stamp)
    if match is None or match["seconds"] is None:
        return None
    return _Clock(match.start("seconds"), match.end())


def _stand_in(value: _Value, values: Sequence[_Value]) -> bytes:
    """Return another value of the same form; equal values get equal ones."""
    texts = list(dict.fromkeys(one.text for one in values))
    digit = b"%d" % (9 - texts.index(value.text) % _MAX_VALUES)
    if value.kind == "id":
        letter = b"abcdef"[texts.index(value.text) % 6 :][:1]
        return _ID_CHARACTER.sub(digit, value.text[:-1]) + letter
    if value.kind == "address":
        return b".".join((b"1" + digit * 2)[-len(part) :] for part in value.text.split(b"."))
    if value.kind == "number" and _CLOCK.search(value.text) is None:
        return _DIGIT.sub(digit, value.text)
    return _CLOCK.sub(lambda clock: _later(clock, digit), value.text, count=1)


def _later(clock: re.Match[bytes], digit: bytes) -> bytes:
    """Return a time of day that is written as long as this one."""
    hour = b"11" if clock[0][2:3] == b":" else b"5"
    if clock["seconds"] is None:
        return hour + b":2" + digit
    time = hour + b":2" + digit + b":3" + digit
    fraction = clock["fraction"] or b""
    return time + clock[0][len(time) : len(clock[0]) - len(fraction)] + digit * len(fraction)


def _replaced(record: bytes, values: Sequence[_Value], others: Sequence[bytes]) -> bytes:
    pieces, at = [], 0
    for value, other in zip(values, others, strict=True):
        pieces += [record[at : value.start], other]
        at = value.end
    return b"".join([*pieces, record[at:]])


def _template(text: str, others: Sequence[bytes]) -> tuple[str, tuple[int, ...]]:
    """Return the text with %s where stand-ins stand, and the place of each among the values."""
    names = [other.decode("ascii") for other in others]
    longest = sorted(set(names), key=lambda name: (-len(name), name))
    stand_ins = _compiled("|".join(map(re.escape, longest)))
    used = tuple(names.index(match[0]) for match in stand_ins.finditer(text))
    return stand_ins.sub("%s", text.replace("%", "%%")), used


def _form(values: Sequence[_Value]) -> re.Pattern[bytes]:
    """Return what the values of such records look like, joined by NUL."""
    parts = []
    for place, value in enumerate(values):
        first = next(at for at, one in enumerate(values) if one.text == value.text)
        if first < place:
            parts.append(b"(?P=v%d)" % first)
            continue
        form = _ID_CHARACTER if value.kind == "id" else _DIGIT
        pattern = form.sub(b"#", value.text)
        pattern = re.escape(pattern).replace(
            rb"\#", b"[0-9a-f]" if value.kind == "id" else b"[0-9]"
        )
        if value.kind == "number" and value.text[:1] != b"0":
            pattern = b"(?!0)" + pattern
        parts.append(b"(?P<v%d>%s)" % (place, pattern))
    return _compiled(rb"\0".join(parts))


@lru_cache(maxsize=4096)
def _compiled(pattern: AnyStr) -> re.Pattern[AnyStr]:
    """Return the expression; many shapes have values of the same form."""
    return re.compile(pattern)
