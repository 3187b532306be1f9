"""Records that differ only in their numbers, ids and times are decoded once.

A shape is learnt by decoding a record twice: as it stands, and with another value in the place of
each number, id and time. Where the two events differ, the value shows through; what a later record
of the same shape says is then put together from its own values. A record that does not fit is
decoded as ever, so that what comes out is the same either way.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from logclass.formats.event import Event
from logclass.formats.stamps import WRITTEN
from logclass.formats.standins import CLOCK, MAX_VALUES, Value, held_by, replaced, stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MAX_RECORD_BYTES = 4_096
_MAX_SHAPES = 16_384
_MOST_OF_AN_OUTLINE = 64  # more differ in what is no value, such as names, and hardly come again
_SAME = bytes.maketrans(b"123456789abcdefABCDEF", b"0" * 21)
_ZERO, _LOWER, _UPPER = 4, 1, 2  # kinds of character that an outline hides, one bit each
_KINDS = bytes.maketrans(
    bytes(range(256)),
    bytes(
        _ZERO if one == ord("0") else _LOWER if one in b"abcdef" else _UPPER * (one in b"ABCDEF")
        for one in range(256)
    ),
)
# A number of one to three digits may be a status, a level or part of a name: it stays but for a
# segment of a path (/orders/77), and so do up to four behind a letter (RS256, user2024).
_VALUE = re.compile(
    rb"(?<=[A-Za-z_])(?P<serial>\d{5,18})(?!\w)|(?<![A-Za-z0-9_])(?=[0-9A-Za-f])(?:"
    rb"(?P<stamp>" + WRITTEN + rb")"
    rb"|(?<!-)(?P<id>[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    rb"|(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{8,40})(?![\w-])"
    rb"|(?<!\.)(?P<address>\d{1,3}(?:\.\d{1,3}){3})(?![\w.])"
    rb"|(?<!\.)(?P<number>\d{4,64}(?!\d)(?:\.\d{1,9})?|\d{1,9}(?:\.\d{1,9})?(?=(?:[num]?s|B|KB)\b)"
    rb"|(?<=/)(?<!HTTP/)(?:\d\d?|[1-36-9]\d\d)(?=[/?\s\"])))"
)
# An id of noughts stands for none, so that it says something else than other ids.
_NO_IDS = {"0" * size for size in range(4, 65)} | {str(UUID(int=0))}
_TIME = Event._fields.index("time_ms")


def _masks(hidden: bytes, forbidden: int) -> tuple[bytes, bytes]:
    """Return tables: of the bytes that must be the same, and of the kinds that must not stand."""
    others = bytes(0 if one in hidden else 0xFF for one in range(256))
    return others, bytes(forbidden if one in hidden else 0 for one in range(256))


_ID_MASKS = _masks(b"0123456789abcdef", _UPPER)
_DIGIT_MASKS = _masks(b"0123456789", _LOWER | _UPPER)


class _Span(NamedTuple):
    """Where a record has a part that may be another one in the next record."""

    start: int
    end: int
    kind: str


class _Clock(NamedTuple):
    """Where a stamp has its seconds, two digits, and the end of their fraction."""

    seconds: int
    end: int


class _Outline(NamedTuple):
    """What records have in common whose digits and letters of hexadecimal are not looked at."""

    spans: list[_Span]
    mask: int  # over the bytes that are the same in all records of one shape
    forbidden: int  # the kinds that a byte of a value may not have
    shapes: dict[int, _Shape | None]  # by the masked bytes


class _Varying(NamedTuple):
    """A field of the event in which values show through."""

    place: int
    template: str  # "" where the field is the value
    used: Callable[[list[str]], tuple[str, ...] | str]  # takes the template's values out of all


class _Shape(NamedTuple):
    """What records of one shape have in common."""

    spans: tuple[slice, ...]
    equal: tuple[tuple[int, int], ...]  # which values repeat an earlier one ...
    distinct: int  # ... and how many are left
    event: Event
    varying: tuple[_Varying, ...]
    stamp: int  # which value is the record's time, -1 for none ...
    clock: _Clock | None  # ... and where its seconds stand


class _Unseen:
    """No record of this shape was seen."""


_UNSEEN = _Unseen()


class Shapes:
    """Decodes the records of one stream."""

    def __init__(
        self,
        read: Callable[[bytes], Event | None],
        parse_ms: Callable[[bytes], int | None],
        fixed: frozenset[bytes] = frozenset(),
    ) -> None:
        """read: decodes one record. parse_ms: reads a stamp. fixed: numbers that patterns name."""
        self._read, self._parse_ms = read, parse_ms
        self._fixed = _NO_IDS | {number.decode("ascii") for number in fixed}
        self._outlines: dict[bytes, _Outline] = {}
        self._count = 0  # of shapes
        self._minutes: dict[tuple[str, str], int | None] = {}  # ms, by stamp without seconds

    def decode(self, record: bytes) -> Event | None:
        """Return what the record says; raises what the stream's own decoder raises."""
        if len(record) > _MAX_RECORD_BYTES:
            return self._read(record)
        outline = record.translate(_SAME)
        known = self._outlines.get(outline)
        if known is None:  # a shape is learnt from the next record like it
            self._keep_outline(record, outline)
            return self._read(record)
        if int.from_bytes(record.translate(_KINDS), "big") & known.forbidden:
            return self._read(record)
        key = int.from_bytes(record, "big") & known.mask
        shape = known.shapes.get(key, _UNSEEN)
        if isinstance(shape, _Unseen):
            if len(known.shapes) >= _MOST_OF_AN_OUTLINE:
                return self._read(record)
            self._count += 1
            shape = known.shapes[key] = self._learnt(record, known.spans)
        event = None if shape is None else self._event(shape, record)
        return self._read(record) if event is None else event

    def _keep_outline(self, record: bytes, outline: bytes) -> None:
        """Keep where the values of such a record stand, and what else can stand there."""
        if len(self._outlines) >= _MAX_SHAPES or self._count >= _MAX_SHAPES:
            self._outlines.clear()
            self._count = 0
        spans = [
            _Span(match.start(), match.end(), str(match.lastgroup))
            for match in _VALUE.finditer(record)
        ]
        same, forbidden = bytearray(b"\xff" * len(record)), bytearray(len(record))
        for span in spans:
            same_in, forbidden_in = _ID_MASKS if span.kind == "id" else _DIGIT_MASKS
            value = record[span.start : span.end]
            same[span.start : span.end] = value.translate(same_in)
            forbidden[span.start : span.end] = value.translate(forbidden_in)
            if span.kind == "number" and value[:1] != b"0":
                forbidden[span.start] |= _ZERO
        masks = int.from_bytes(same, "big"), int.from_bytes(forbidden, "big")
        self._outlines[outline] = _Outline(spans, *masks, {})

    def _event(self, shape: _Shape, record: bytes) -> Event | None:
        """Return what a record of this shape says, None where it does not fit after all."""
        text = record.decode("latin-1")  # the values are ASCII, the rest does not matter
        values = [text[span] for span in shape.spans]
        if len(set(values)) != shape.distinct or not self._fixed.isdisjoint(values):
            return None
        for one, other in shape.equal:
            if values[one] != values[other]:
                return None
        event: list[Any] = list(shape.event)
        if shape.stamp >= 0:
            event[_TIME] = time_ms = self._time_ms(values[shape.stamp], shape.clock)
            if time_ms is None:
                return None
        for place, template, used in shape.varying:
            event[place] = template % used(values) if template else used(values)
        return Event._make(event)

    def _time_ms(self, stamp: str, clock: _Clock | None) -> int | None:
        """Return the time of a stamp; stamps of one minute are parsed once."""
        if clock is None:
            return self._parse_ms(stamp.encode("ascii"))
        key = stamp[: clock.seconds], stamp[clock.end :]
        if key not in self._minutes:
            if len(self._minutes) >= _MAX_SHAPES:
                self._minutes.clear()
            self._minutes[key] = self._parse_ms(f"{key[0]}00{key[1]}".encode("ascii"))
        minute_ms = self._minutes[key]
        seconds = int(stamp[clock.seconds : clock.seconds + 2])
        if minute_ms is None or seconds > 59:
            return self._parse_ms(stamp.encode("ascii"))
        fraction = stamp[clock.seconds + 3 : clock.end][:3]
        return minute_ms + seconds * 1000 + int(fraction or 0) * (1000, 100, 10, 1)[len(fraction)]

    def _learnt(self, record: bytes, spans: Sequence[_Span]) -> _Shape | None:
        """Return the shape of a record, None where its event cannot be told from its values."""
        if len(spans) > MAX_VALUES:
            return None
        values = [Value(record[span.start : span.end], *span) for span in spans]
        others = stand_ins(values)
        if others is None:
            return None
        mine = self._read(record)
        try:
            other = self._read(replaced(record, values, others))
        except ValueError:
            other = None  # the record is sound, so this is no shape to go by
        if mine is None or other is None:
            return None
        stamp = self._stamp(values, others, mine.time_ms, other.time_ms)
        varying = _varying(mine, other._replace(time_ms=mine.time_ms), values, others)
        if varying is None or (stamp is None and mine.time_ms != other.time_ms):
            return None
        texts = [value.text for value in values]
        firsts = [texts.index(text) for text in texts]
        return _Shape(
            tuple(slice(value.start, value.end) for value in values),
            tuple((first, place) for place, first in enumerate(firsts) if first < place),
            len(set(texts)),
            mine._replace(shape=other.text),
            varying,
            -1 if stamp is None else stamp,
            None if stamp is None else _clock(values[stamp].text),
        )

    def _stamp(
        self, values: Sequence[Value], others: Sequence[bytes], here: int | None, there: int | None
    ) -> int | None:
        """Return which of the values gave the times of the record and of its double."""
        if here == there:
            return None
        for place, (value, other) in enumerate(zip(values, others, strict=True)):
            clock = _clock(value.text)
            times = [self._time_ms(stamp.decode("ascii"), clock) for stamp in (value.text, other)]
            if times == [here, there]:
                return place
        return None


def _varying(
    mine: Event, other: Event, values: Sequence[Value], others: Sequence[bytes]
) -> tuple[_Varying, ...] | None:
    """Return the fields in which values show through, None where one does in another way."""
    varying = []
    for place, (here, there) in enumerate(zip(mine, other, strict=True)):
        if here == there:
            continue
        template, used = held_by(str(there), others)
        texts = tuple(values[at].text.decode("ascii") for at in used)
        if not isinstance(here, str) or template % texts != here:
            return None
        takes = itemgetter(*used)
        varying.append(_Varying(place, "" if template == "%s" else template, takes))
    return tuple(varying)


def _clock(stamp: bytes) -> _Clock | None:
    match = CLOCK.search(stamp)
    if match is None or match["seconds"] is None:
        return None
    return _Clock(match.start("seconds"), match.end())
