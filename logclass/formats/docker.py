"""Docker's json-file logs: one object a line with a time of its own.

Shape: moby/moby daemon/logger/jsonfilelog. A line of more than 16 KB is split: what does not end in
a newline goes on in the next object of its stream.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import regex

from logclass import timestamps
from logclass.formats import lines, members, messages, named, pieces
from logclass.formats.blocks import record_array
from logclass.formats.format import Format, Reader
from logclass.formats.learned import learn_at_key
from logclass.formats.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.blocks import Frame, Ints, Mask
    from logclass.formats.head import Head
    from logclass.model import Fault, Source

_OBJECT = regex.compile(rb'\{"log": ?"')
_IS_WHOLE = r'^\{"log": ?"(?:(?:[^"\\]|\\.)*\\[nr])?", ?"'
_SERVICE_KEYS = (
    "com.amazonaws.ecs.container-name", "com.docker.compose.service",
    "com.docker.swarm.service.name", "io.kubernetes.container.name", "service",
)  # fmt: skip
_INSTANCE_KEYS = ("io.kubernetes.pod.name", "com.docker.swarm.task.name", "tag", "name")
_TIME = regex.compile(rb'"time": ?"(?P<stamp>[^"\\]{1,40})"[^"]*\Z')
_MOST = 0.8


def sniff(head: Head) -> float:
    """Return a high confidence when nearly all lines have the three keys of the driver."""
    found = sum(1 for one in head.objects if one.keys() >= {"log", "stream", "time"})
    is_usual = head.share(_OBJECT) > _MOST
    return 0.97 if is_usual and found > _MOST * len(head.lines) else 0.0


def open_docker(head: Head, source: Source) -> Reader:
    """Return a reader for json-file logs."""
    sample = [line + b"\n" for line in head.lines]
    clock = learn_at_key(sample, ["time"])

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        found = lines.frames(chunks, clock, _starts, faults, source.uri)
        return pieces.folded(_named(found), _said, _time_of)

    return messages.reader_of(frames, _unwrap, clock)


def _starts(data: bytes, starts: Ints, ends: Ints, _minutes: Ints) -> Mask:
    """Start records at objects, but where the one before does not end in a newline."""
    records = record_array(data, starts, ends)
    is_whole = pc.match_substring_regex(records, _IS_WHOLE).to_numpy(zero_copy_only=False)
    is_start: Mask = is_whole.copy()
    is_start[0] = True
    is_start[1:] = is_whole[:-1]
    return is_start


def _named(frames: Iterable[Frame]) -> Iterator[Frame]:
    """Give records the names in their attributes, where the driver was told to write them."""
    for frame in frames:
        if b'"attrs":{' not in frame.data:
            yield frame
            continue
        records = record_array(frame.data, frame.starts, frame.ends)
        found = pc.struct_field(pc.extract_regex(records, r'"attrs":(?P<attrs>\{[^}]*\})'), "attrs")
        encoded = pc.fill_null(found, pa.scalar(b"", found.type)).dictionary_encode()
        told = [named.joined(*_of_attrs(one)) for one in encoded.dictionary.to_pylist()]
        streams = pa.array(told, pa.large_binary()).take(encoded.indices)
        yield replace(frame, streams=streams)


def _time_of(record: bytes) -> int | None:
    match = _TIME.search(record)
    stamp = timestamps.parse(match["stamp"].decode("ascii", "replace")) if match else None
    return None if stamp is None else stamp.ms


def _of_attrs(attrs: bytes) -> tuple[str, str]:
    try:
        value = orjson.loads(attrs) if attrs else {}
    except orjson.JSONDecodeError:
        value = {}
    return _first(value, _SERVICE_KEYS), _first(value, _INSTANCE_KEYS)


def _first(value: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((str(value[key]) for key in keys if value.get(key)), "")


def _said(frame: Frame) -> tuple[pa.Array, Ints]:
    texts = members.strings(frame, "log", pieces.TOLD_BYTES)
    writers = pieces.writers_of(members.strings(frame, "stream", pieces.TOLD_BYTES))
    return pc.replace_substring_regex(texts, r"^\\[tnr]", "\t"), writers


def _unwrap(record: bytes) -> Stored | None:
    """Return the event of a record; a long line stands in several of the driver's."""
    objects = [orjson.loads(line) for line in record.split(b"\n") if line.strip()]
    objects = [one for one in objects if isinstance(one, dict)]
    if not objects:
        return None
    stamp = timestamps.parse_value(objects[0].get("time"))
    message = "".join(str(one.get("log") or "") for one in objects)
    attrs = objects[0].get("attrs")
    known = attrs if isinstance(attrs, dict) else {}
    names = _first(known, _SERVICE_KEYS), _first(known, _INSTANCE_KEYS)
    return Stored(None if stamp is None else stamp.ms, message, *names)


FORMAT = Format("docker-json", "Docker json-file", sniff, open_docker)
