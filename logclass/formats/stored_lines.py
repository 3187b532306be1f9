"""Lines that a store or collector wrote: its own time and names in front, then what was said.

One expression tells the prefix; what stands behind it is text or JSON, as the program wrote it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta, timezone
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import regex

from logclass.formats import lines, pieces, stamps, text
from logclass.formats.blocks import ORIGIN_SEPARATOR, record_array
from logclass.formats.event import Event
from logclass.formats.format import Reader
from logclass.formats.learned import learn
from logclass.formats.named import joined
from logclass.formats.stamps import STAMP_SEARCH, find_stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from logclass.formats.blocks import Frame, Ints, Mask
    from logclass.formats.head import Head
    from logclass.formats.minutes import Clock
    from logclass.model import Fault, Source
    from logclass.origin import Origin

_OWN_BYTES = 80  # behind the prefix, in which the text's own stamp stands
_ZONE_STEP_MS = 15 * 60_000  # every zone is whole quarters of an hour from UTC
_MOST_QUARTERS = 14 * 4
_MOST_AGREE = 0.8
_SAID_BYTES = 160  # of a line that tell its role in a trace
_FEW_LINES = 3
_NOTHING = pa.scalar(b"", pa.large_binary())


@dataclass(frozen=True, slots=True)
class Prefix:
    """What stands before a line's own text.

    expression: common ground of `regex` and RE2, anchored at the line's start by its reader. The
    groups `stamp`, `service`, `instance` and `stream` are taken where it has them; `part` is not
    empty where the line goes on in the next one.
    origin: service and instance in a name of the group `stream`.
    is_cut: every line is an event, so that a stack trace is cut into many.
    """

    expression: str
    origin: Callable[[str], Origin] | None = None
    is_cut: bool = True
    groups: frozenset[str] = frozenset()

    def compiled(self) -> regex.Pattern[bytes]:
        """Return the expression for one record."""
        return regex.compile(self.expression.encode())


def prefix(
    expression: str, *, origin: Callable[[str], Origin] | None = None, is_cut: bool = True
) -> Prefix:
    """Return a prefix; see there."""
    groups = frozenset(regex.compile(expression).groupindex)
    return Prefix(expression, origin, is_cut, groups)


def open_lines(head: Head, source: Source, form: Prefix) -> Reader:
    """Return a reader for lines with this prefix."""
    form = _with_room(form, head.lines)
    near_ms = None if source.modified_seconds is None else source.modified_seconds * 1000
    compiled = form.compiled()
    search = f"^.{{0,200}}?{STAMP_SEARCH}"
    if "stamp" in form.groups:
        # The clock asks lines for hours and minutes before an anchored search.
        start = "(?:^)" if any(_is_epoch(compiled.match(line)) for line in head.lines) else "^"
        search = f"{start}{form.expression}"
    clock = learn(
        [line for line in head.lines if compiled.match(line)],
        find_stamp,
        search=search,
        near_ms=near_ms,
    )
    clock.zone = _zone(head.lines, compiled, clock)
    starts, said = partial(_starts, form=form), partial(_said, form=form)

    def time_of(record: bytes) -> int | None:
        return _time_ms(compiled.match(record), clock)

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        found = _named(lines.frames(chunks, clock, starts, faults, source.uri), form)
        return pieces.folded(found, said, time_of) if form.is_cut else found

    return Reader(frames, partial(_decode, form=form, compiled=compiled, clock=clock), clock)


def _with_room(form: Prefix, lines_: list[bytes]) -> Prefix:
    """Return the prefix with the blanks that stand behind it on every line.

    rsyslog keeps the one before a message of RFC 3164: without this, all lines would look like
    those of a stack trace.
    """
    compiled = form.compiled()
    said = [line[match.end() :] for line in lines_ if (match := compiled.match(line))]
    rooms = [len(text) - len(text.lstrip(b" ")) for text in said if text.strip()]
    room = min(rooms, default=0)
    if not room or len(rooms) < _FEW_LINES:
        return form
    return replace(form, expression=f"{form.expression} {{{room}}}")


def _zone(lines_: list[bytes], compiled: regex.Pattern[bytes], clock: Clock) -> timezone | None:
    """Return the zone of stamps that name none, where the text behind them has a stamp that does.

    Both tell of one moment: `May  6 15:08:09 host app: 2031-05-06T07:08:09Z …` is 8 hours ahead.
    """
    ahead: Counter[int] = Counter()
    for line in lines_:
        match = compiled.match(line)
        outer = stamps.parse(_stamp(match), clock.near_ms)
        if match is None or outer is None or outer.zone_known:
            continue
        inner = stamps.FULL_TEXT.search(line, match.end(), match.end() + _OWN_BYTES)
        own = stamps.parse(inner[0], clock.near_ms) if inner else None
        if own is not None and own.zone_known:
            ahead[round((outer.ms - own.ms) / _ZONE_STEP_MS)] += 1
    quarters, count = max(ahead.items(), key=itemgetter(1), default=(0, 0))
    if not quarters or abs(quarters) > _MOST_QUARTERS or count < _MOST_AGREE * ahead.total():
        return None
    return timezone(timedelta(minutes=15 * quarters))


def _is_epoch(match: regex.Match[bytes] | None) -> bool:
    stamp = _stamp(match)
    return bool(stamp) and b":" not in stamp


def _stamp(match: regex.Match[bytes] | None) -> bytes:
    return b"" if match is None else match.groupdict().get("stamp") or b""


def _starts(data: bytes, starts: Ints, ends: Ints, _minutes: Ints, *, form: Prefix) -> Mask:
    """Start records at lines with the prefix, but where the line before goes on in this one."""
    records = record_array(data, starts, ends)
    if "part" not in form.groups:
        found = pc.match_substring_regex(records, f"^{form.expression}")
        is_start: Mask = found.to_numpy(zero_copy_only=False).copy()
        return is_start
    said = pc.extract_regex(records, f"^{form.expression}")
    is_start = pc.is_valid(said).to_numpy(zero_copy_only=False).copy()
    is_part = _is_part(said)
    if not is_part.any():
        return is_start
    writers = pieces.writers_of(pc.struct_field(said, "writer"))
    for writer in np.unique(writers):
        rows = np.flatnonzero(writers == writer)
        goes_on = is_part[rows[:-1]]
        # Only neighbours can be one record: pieces of another writer stand between them seldom.
        is_start[rows[1:][goes_on & (np.diff(rows) == 1)]] = False
    return is_start


def _is_part(said: pa.Array) -> Mask:
    found = pc.not_equal(pc.fill_null(pc.struct_field(said, "part"), _NOTHING), _NOTHING)
    is_part: Mask = found.to_numpy(zero_copy_only=False)
    return is_part


def _named(frames: Iterable[Frame], form: Prefix) -> Iterator[Frame]:
    """Give each record the names in its prefix."""
    if not form.groups & {"service", "instance", "stream"}:
        yield from frames
        return
    for frame in frames:
        said = pc.extract_regex(
            record_array(frame.data, frame.starts, frame.ends), f"^{form.expression}"
        )
        if "stream" in form.groups:
            streams = _told(pc.struct_field(said, "stream"), form)
        else:
            parts = [
                pc.fill_null(pc.struct_field(said, name), _NOTHING)
                if name in form.groups
                else _NOTHING
                for name in ("service", "instance")
            ]
            separator = pa.scalar(ORIGIN_SEPARATOR, pa.large_binary())
            streams = pc.binary_join_element_wise(*parts, separator)
        yield replace(frame, streams=streams)


def _told(names: pa.Array, form: Prefix) -> pa.Array:
    """Return service and instance of stream names, each looked at once."""
    if form.origin is None:
        return names
    encoded = pc.fill_null(names, _NOTHING).dictionary_encode()
    written = encoded.dictionary.to_pylist()
    found = [form.origin(name.decode("utf-8", "replace")) for name in written]
    told = [joined(one.service, one.instance) for one in found]
    return pa.array(told, pa.large_binary()).take(encoded.indices)


def _said(frame: Frame, *, form: Prefix) -> tuple[pa.Array, Ints]:
    """Return what each record says behind its prefix, and a number for who wrote it."""
    records = record_array(frame.data, frame.starts, frame.ends)
    said = pc.extract_regex(records, rf"^(?:{form.expression})?(?P<said>[^\n]{{0,{_SAID_BYTES}}})")
    texts = pc.struct_field(said, "said")
    names = [] if frame.streams is None else [frame.streams]
    if "writer" in form.groups:
        names.append(pc.struct_field(said, "writer"))
    if not names:
        return texts, pieces.one_writer(texts)
    known = [pc.fill_null(name, _NOTHING) for name in names]
    whole = known[0] if len(known) == 1 else pc.binary_join_element_wise(*known, _NOTHING)
    return texts, pieces.writers_of(whole)


def _decode(
    record: bytes, *, form: Prefix, compiled: regex.Pattern[bytes], clock: Clock
) -> Event | None:
    match = compiled.match(record)
    if match is None:
        return text.decode(record, clock=clock)
    named = match.groupdict()
    said, time_ms = _joined(record, compiled), _time_ms(match, clock)
    event = text.decode_message(said, time_ms)
    if event.time_ms is None:  # a date without a year
        event = text.decode(said.encode("utf-8", "replace"), clock=clock) or event
    found = _origin(named, form)
    return event._replace(
        service=found[0] or event.service,
        instance=found[1] or event.instance,
        request_id=_text(named.get("request")) or event.request_id,
    )


def _time_ms(match: regex.Match[bytes] | None, clock: Clock) -> int | None:
    """Return the time in a prefix, None where it has none."""
    if match is None:
        return None
    stamp = match.groupdict().get("stamp")
    return clock.ms(stamp) if stamp else None


def _origin(named: dict[str, Any], form: Prefix) -> tuple[str, str]:
    if "stream" in named and form.origin is not None:
        found = form.origin(_text(named["stream"]))
        return found.service, found.instance
    return _text(named.get("service")), _text(named.get("instance"))


def _text(value: bytes | None) -> str:
    return "" if value is None else value.decode("utf-8", "replace")


def _joined(record: bytes, compiled: regex.Pattern[bytes]) -> str:
    """Return the text of a record's lines without their prefixes; parts of a line are joined."""
    said: list[bytes] = []
    is_open = False
    for line in record.removesuffix(b"\n").split(b"\n"):
        match = compiled.match(line)
        rest = line.removesuffix(b"\r")[match.end() if match else 0 :]
        if is_open and said and match:
            said[-1] += rest
        else:
            said.append(rest)
        is_open = match is not None and bool(match.groupdict().get("part"))
    return b"\n".join(said).decode("utf-8", "replace")
