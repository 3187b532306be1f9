"""What a format is: how to tell it, how to frame its records, how to read one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from logclass.formats.blocks import Frame
    from logclass.formats.event import Event
    from logclass.formats.head import Head
    from logclass.formats.minutes import Clock
    from logclass.formats.stored import Stored
    from logclass.model import Fault, Source

    Frames = Callable[[Iterable[bytes], list[Fault]], Iterator[Frame]]


@dataclass(frozen=True, slots=True)
class Reader:
    """A format, set up for one stream.

    frames: chunks of the stream and a list for faults -> frames of whole records.
    decode: the bytes of one record -> what it says; None when the record holds no event.
    is_splittable: a record's first line can be told without the lines before it.
    unwrap: the bytes of one record -> the event as a store keeps it; None where none does.
    """

    frames: Frames
    decode: Callable[[bytes], Event | None]
    clock: Clock
    is_splittable: bool = False
    unwrap: Callable[[bytes], Stored | None] | None = None


class Format(NamedTuple):
    """An export format. sniff returns how sure it is, from 0 to 1."""

    name: str
    title: str
    sniff: Callable[[Head], float]
    open: Callable[[Head, Source], Reader]
