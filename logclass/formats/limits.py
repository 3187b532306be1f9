"""Events as long as a store takes them: what was longer was cut before it was exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import orjson

from logclass.formats.blocks import line_numbers
from logclass.model import Fault

if TYPE_CHECKING:
    from logclass.formats.blocks import Frame
    from logclass.model import Source

# CloudWatch Logs until 2025, its own 26 bytes for each event included.
EVENT_BYTES = 262_144
_OVERHEAD_BYTES = 26
_STAMP_BYTES = 64  # an exported line begins with a time, and perhaps a stream


def cut_events(source: Source, frame: Frame) -> list[Fault]:
    """Return a sign (a fault that counts nothing) where events have just the largest size."""
    lengths = frame.ends - frame.starts
    rows = np.flatnonzero(lengths >= EVENT_BYTES - _OVERHEAD_BYTES)
    for row in rows.tolist():
        record = frame.data[int(frame.starts[row]) : int(frame.ends[row])]
        if _is_cut(record.strip()):
            line = int(line_numbers(frame, np.array([row]))[0])
            detail = f"an event of {EVENT_BYTES:,} bytes, as many as the store took: its end is cut"
            return [Fault(source.uri, "event_limit", detail, line, count=0)]
    return []


def _is_cut(record: bytes) -> bool:
    least = EVENT_BYTES - _OVERHEAD_BYTES
    if record.startswith(b"{"):
        try:
            event = orjson.loads(record)
        except orjson.JSONDecodeError:
            return False
        said = event.get("message") or event.get("@message")
        return isinstance(said, str) and least <= len(said.encode()) <= EVENT_BYTES
    return least <= len(record) <= EVENT_BYTES + _STAMP_BYTES
