"""Logs of several containers in one stream, every line with the name of its writer in front.

`docker compose logs` writes `api-1  | line`, PM2 `0|api  | line`, Honcho and Foreman `07:08:09
web.1  | line`, `kubectl logs --prefix` `[pod/name/container] line`. What stands behind the name is
text or JSON, as each program writes it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import regex

from logclass import origin
from logclass.columns import NO_MINUTE
from logclass.formats import json_lines, leading, lines, text
from logclass.formats.blocks import record_array
from logclass.formats.format import Format, Reader
from logclass.formats.learned import key_search, learn
from logclass.formats.minutes import Clock
from logclass.formats.objects import object_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.blocks import Frame, Ints, Mask
    from logclass.formats.event import Event
    from logclass.formats.head import Head
    from logclass.model import Fault, Source

# Common ground of `regex` and RE2.
_PREFIX = (
    r"(?:\x1b\[[0-9;]*[mK])*"  # compose also clears the line
    r"(?:(?:\d{1,3}\|)?(?:(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d )?"  # PM2's number, Honcho's
    r"(?P<service>[A-Za-z][\w.@-]{0,100}) *\||\[pod/(?P<pod>[\w.-]+)/[\w.-]+\])"
    r"(?:\x1b\[[0-9;]*m)*"
)
_LINE = regex.compile(_PREFIX.encode() + b" ?")
_EVERY = regex.compile(rb"(?m)^" + _PREFIX.encode() + b" ?")
_LEVEL = regex.compile(rb"(?i)\W*(?:trace|debug|info|notice|warn\w*|err\w*|crit\w*|fatal)\W*\Z")
_CONTINUATION = (
    rf"^{_PREFIX}(?: (?:\s(?:[^*]|$)|[}})\]]|at |Caused by: |Traceback \(most|During handling"
    r"|The above exc)|\s*$)"
)
_MOST = 0.8


def sniff(head: Head) -> float:
    """Return a middling confidence when nearly all lines begin with the name of a container."""
    if head.share(_LINE) < _MOST:
        return 0.0
    names = {match[1] or match[2] for line in head.lines if (match := _LINE.match(line))}
    return 0.0 if any(_LEVEL.match(name) for name in names) else 0.7


def open_prefixed(head: Head, source: Source) -> Reader:
    """Return a reader for lines with the name of their writer in front."""
    clock = _clock(head, source)

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        for frame in lines.frames(chunks, clock, _starts, faults, source.uri):
            yield replace(frame, streams=_names(frame.data, frame.starts, frame.ends))

    def decode(record: bytes) -> Event | None:
        match = _LINE.match(record)
        event = text.decode(_EVERY.sub(b"", record), clock=clock)
        if match is None or event is None:
            return event
        if event.time_ms is None and (span := clock.span(record[: match.end()], match.end())):
            event = event._replace(time_ms=span[2])
        named = origin.of_stream((match[1] or match[2]).decode("utf-8", "replace"))
        return event._replace(service=named.service, instance=named.instance)

    return Reader(frames, decode, clock)


def _clock(head: Head, source: Source) -> Clock:
    near_ms = None if source.modified_seconds is None else source.modified_seconds * 1000
    bare = [_LINE.sub(b"", line, count=1) for line in head.lines]
    objects = [found for line in bare if (found := object_in(line))]
    path = json_lines.time_path(objects)
    if path and len(objects) > len(bare) / 2:
        return Clock((), search=key_search(path[-1:]), near_ms=near_ms)
    sample = [line for line in head.lines if leading.find_leading(line)]
    return learn(sample, leading.find_leading, search=leading.search(sample), near_ms=near_ms)


def _starts(data: bytes, starts: Ints, ends: Ints, minutes: Ints) -> Mask:
    """Start records where the writer changes, and where its line does not go on with a record."""
    codes = _names(data, starts, ends).dictionary_encode().indices.to_numpy(zero_copy_only=False)
    goes_on = pc.match_substring_regex(record_array(data, starts, ends), _CONTINUATION)
    is_start: Mask = (minutes != NO_MINUTE) | ~goes_on.to_numpy(zero_copy_only=False)
    is_start[1:] |= codes[1:] != codes[:-1]
    return is_start


def _names(data: bytes, starts: Ints, ends: Ints) -> pa.Array:
    """Return the writer that each of these lines or records names, "" where one names none."""
    found = pc.extract_regex(record_array(data, starts, ends), "^" + _PREFIX)
    names = [pc.struct_field(found, name) for name in ("service", "pod")]
    nothing = pa.scalar(b"", pa.large_binary())
    return pc.fill_null(pc.binary_join_element_wise(*names, nothing), nothing)


FORMAT = Format("prefixed", "docker compose logs, kubectl logs --prefix", sniff, open_prefixed)
