"""Events that a log store keeps: the store says who and when, the message inside says the rest.

Thousands of streams write the same few messages. So what is decoded once for all records of one
shape is the message, not the record around it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from logclass.formats import text
from logclass.formats.format import Reader
from logclass.formats.payload import decode_object
from logclass.formats.shapes import Shapes

if TYPE_CHECKING:
    from collections.abc import Callable

    from logclass.formats.event import Event
    from logclass.formats.format import Frames
    from logclass.formats.minutes import Clock
    from logclass.formats.stored import Stored

    Decode = Callable[[bytes], Event | None]
    Unwrap = Callable[[bytes], Stored | None]


def reader_of(frames: Frames, unwrap: Unwrap, clock: Clock) -> Reader:
    """Return a reader for records that `unwrap` reads as their store keeps them."""
    decode = partial(_decode, unwrap=unwrap, said=text.decode_said)
    return Reader(frames, decode, clock, unwrap=unwrap)


def by_shape(reader: Reader, numbers: frozenset[bytes]) -> Decode:
    """Return a reader's `decode` that looks once at what differs in numbers, ids and times only.

    numbers: those that patterns name.
    """
    if reader.unwrap is None:
        return Shapes(reader.decode, reader.clock.ms, numbers).decode
    shapes = Shapes(text.decode_said, text.said_clock_ms, numbers)
    return partial(_decode, unwrap=reader.unwrap, said=shapes.decode)


def _decode(record: bytes, *, unwrap: Unwrap, said: Decode) -> Event | None:
    """Return what a message says, under the names that its store gives it.

    The application's own time is preferred: collectors stamp late, and in batches.
    """
    stored = unwrap(record)
    if stored is None:
        return None
    if isinstance(stored.message, dict):
        event: Event | None = decode_object(stored.message)
    else:
        event = said(stored.message.encode("utf-8", "replace"))
    if event is None:
        return None
    return event._replace(
        time_ms=text.said_ms(event.time_ms, stored.time_ms),
        kind=stored.kind or event.kind,
        service=stored.service or event.service,
        instance=stored.instance or event.instance,
        version=stored.version or event.version,
        environment=stored.environment or event.environment,
        event_id=stored.event_id or event.event_id,
        request_id=event.request_id or stored.request_id,
    )
