"""Records that differ only in their numbers, ids and times are decoded once.

A shape is learnt by decoding a record twice: as it stands, and with another value in the place of
each number, id and time. Where the two events differ, the value shows through; what a later record
of the same shape says is then put together from its own values. A record that does not fit is
decoded as ever, so that what comes out is the same either way.
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from logclass.formats.event import Event
from logclass.formats.stamps import WRITTEN
from logclass.values import CHANCE, CLOCK, TELLING, Finder, form, stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logclass.values import Skeleton

_MAX_RECORD_BYTES = 4_096
_MAX_SHAPES = 16_384
_MAX_KEY_BYTES = 16 * 1024 * 1024  # of all skeletons together
# So far into a record its stamp may stand anywhere: where it is looked for ends behind that.
_ANYWHERE_BYTES = 64
_FINDER = Finder(WRITTEN.decode("latin-1"))
_EPOCH_MS_DIGITS = 13
_TIMES = frozenset({"stamp", "number"})
_TIME, _TEXT = map(Event._fields.index, ("time_ms", "text"))


class _Clock(NamedTuple):
    """Where a stamp has its seconds, two digits, and the end of their fraction."""

    seconds: int
    end: int


class _Varying(NamedTuple):
    """A field of the event in which values show through."""

    place: int
    template: str  # "" where the field is the value
    used: Callable[[list[str]], tuple[str, ...] | str]  # takes the template's values out of all


class _Shape(NamedTuple):
    """What records of one skeleton have in common."""

    equal: tuple[tuple[int, int], ...]  # which values repeat an earlier one ...
    distinct: int  # ... and how many are left
    event: Event
    varying: tuple[_Varying, ...]
    stamp: int  # which value is the record's time, -1 for none ...
    stamp_at: int  # ... where it stands, -1 for anywhere ...
    clock: _Clock | None  # ... and where its seconds stand


class _Seen:
    """A record of this skeleton was seen once: the next one is learnt from."""


_SEEN = _Seen()


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
        self._fixed = TELLING | {number.decode("ascii") for number in fixed}
        self._shapes: dict[str, _Shape | _Seen | None] = {}
        self._key_bytes = 0
        self._minutes: dict[tuple[str, str], int | None] = {}  # ms, by stamp without seconds

    def decode(self, record: bytes) -> Event | None:
        """Return what the record says; raises what the stream's own decoder raises."""
        if len(record) > _MAX_RECORD_BYTES:
            return self._read(record)
        text = record.decode("latin-1")  # the values are ASCII, the rest does not matter
        skeleton = _FINDER.skeleton(text)
        shape = self._shapes.get(skeleton.key)
        if shape is None:
            if skeleton.key not in self._shapes:
                self._keep(skeleton.key)
            return self._read(record)
        if isinstance(shape, _Seen):
            shape = self._shapes[skeleton.key] = self._learnt(record, skeleton)
        event = None if shape is None else self._event(shape, skeleton)
        return self._read(record) if event is None else event

    def _keep(self, key: str) -> None:
        self._key_bytes += len(key)
        if len(self._shapes) >= _MAX_SHAPES or self._key_bytes > _MAX_KEY_BYTES:
            self._shapes.clear()
            self._key_bytes = len(key)
        self._shapes[key] = _SEEN

    def _event(self, shape: _Shape, skeleton: Skeleton) -> Event | None:
        """Return what a record of this shape says, None where it does not fit after all."""
        texts = skeleton.values
        if not self._fixed.isdisjoint(texts) or _distinct(texts) != shape.distinct:
            return None
        for one, other in shape.equal:
            if texts[one] != texts[other]:
                return None
        event: list[Any] = list(shape.event)
        if shape.stamp >= 0:
            if shape.stamp_at >= 0 and skeleton.start(shape.stamp) != shape.stamp_at:
                return None
            event[_TIME] = time_ms = self._time_ms(texts[shape.stamp], shape.clock)
            if time_ms is None:
                return None
        for place, template, used in shape.varying:
            event[place] = template % used(texts) if template else used(texts)
        return Event._make(event)

    def _time_ms(self, stamp: str, clock: _Clock | None) -> int | None:
        """Return the time of a stamp; stamps of one minute are parsed once."""
        if clock is None:
            if len(stamp) == _EPOCH_MS_DIGITS and stamp.isdigit():
                tens_ms = self._kept_ms(stamp[:-4], "0000", "")
                return None if tens_ms is None else tens_ms + int(stamp[-4:])
            return self._parse_ms(stamp.encode("latin-1"))
        minute_ms = self._kept_ms(stamp[: clock.seconds], "00", stamp[clock.end :])
        seconds = int(stamp[clock.seconds : clock.seconds + 2])
        if minute_ms is None or seconds > 59:
            return self._parse_ms(stamp.encode("latin-1"))
        fraction = stamp[clock.seconds + 3 : clock.end][:3]
        return minute_ms + seconds * 1000 + int(fraction or 0) * (1000, 100, 10, 1)[len(fraction)]

    def _kept_ms(self, before: str, noughts: str, behind: str) -> int | None:
        """Return the time of a stamp with noughts in the place of what changes most."""
        key = before, behind
        if key not in self._minutes:
            if len(self._minutes) >= _MAX_SHAPES:
                self._minutes.clear()
            self._minutes[key] = self._parse_ms(f"{before}{noughts}{behind}".encode("latin-1"))
        return self._minutes[key]

    def _learnt(self, record: bytes, skeleton: Skeleton) -> _Shape | None:
        """Return the shape of a record, None where its event cannot be told from its values."""
        texts = skeleton.values
        others = stand_ins(skeleton)
        if others is None:
            return None
        mine = self._read(record)
        try:
            other = self._read(skeleton.written(others).encode("latin-1"))
        except ValueError:
            other = None  # the record is sound, so this is no shape to go by
        if mine is None or other is None:
            return None
        stamp = self._stamp(skeleton, others, mine.time_ms, other.time_ms)
        if mine.time_ms is None and "stamp" in skeleton.kinds:
            return None  # nearer to the start of another record it may be the time
        varying = _varying(mine, other._replace(time_ms=mine.time_ms), texts, others)
        if varying is None or (stamp is None and mine.time_ms != other.time_ms):
            return None
        firsts = [texts.index(text) for text in texts]
        at = -1 if stamp is None else skeleton.start(stamp)
        return _Shape(
            tuple(
                (first, place)
                for place, first in enumerate(firsts)
                if first < place and len(texts[place]) > CHANCE
            ),
            _distinct(texts),
            mine._replace(alike=_alike(mine, varying, skeleton, others)),
            varying,
            -1 if stamp is None else stamp,
            at if at > _ANYWHERE_BYTES else -1,
            None if stamp is None else _clock(texts[stamp]),
        )

    def _stamp(
        self, skeleton: Skeleton, others: Sequence[str], here: int | None, there: int | None
    ) -> int | None:
        """Return which of the values gave the times of the record and of its double."""
        if here == there:
            return None
        for place, (value, other) in enumerate(zip(skeleton.values, others, strict=True)):
            if skeleton.kinds[place] not in _TIMES:
                continue  # others of this kind may be written longer: seconds stand elsewhere
            clock = _clock(value)
            if [self._time_ms(stamp, clock) for stamp in (value, other)] == [here, there]:
                return place
        return None


def _distinct(texts: Sequence[str]) -> int:
    """Return how many long values there are that differ."""
    return len({text for text in texts if len(text) > CHANCE})


def _varying(
    mine: Event, other: Event, values: Sequence[str], others: Sequence[str]
) -> tuple[_Varying, ...] | None:
    """Return the fields in which values show through, None where one does in another way."""
    varying = []
    for place, (here, there) in enumerate(zip(mine, other, strict=True)):
        if here == there:
            continue
        template, used = _held_by(str(there), others)
        if not isinstance(here, str) or template % tuple(values[at] for at in used) != here:
            return None
        takes = itemgetter(*used)
        varying.append(_Varying(place, "" if template == "%s" else template, takes))
    return tuple(varying)


def _alike(
    mine: Event, varying: Sequence[_Varying], skeleton: Skeleton, others: Sequence[str]
) -> str:
    """Return what the texts of all records of this shape have in common: words, kinds of values."""
    for field in varying:
        if field.place == _TEXT:
            used = field.used([str(place) for place in range(len(others))])
            places = map(int, used if isinstance(used, tuple) else (used,))
            forms = [form(skeleton.values[at], skeleton.kinds[at]) for at in places]
            return "\0".join([field.template, *forms])
    return mine.text


def _held_by(text: str, others: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """Return the text with %s where stand-ins stand, and the place of each among the values."""
    longest = sorted(set(others), key=lambda name: (-len(name), name))
    places = _compiled("|".join(map(re.escape, longest)))
    used = tuple(others.index(match[0]) for match in places.finditer(text))
    return places.sub("%s", text.replace("%", "%%")), used


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return the expression; many shapes have values of the same form."""
    return re.compile(pattern)


def _clock(stamp: str) -> _Clock | None:
    match = CLOCK.search(stamp)
    if match is None or match["seconds"] is None:
        return None
    return _Clock(match.start("seconds"), match.end())
