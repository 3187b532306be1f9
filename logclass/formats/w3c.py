"""W3C extended logs: IIS, CloudFront, and others whose columns a `#Fields:` line names. UTC.

Shape: w3.org/TR/WD-logfile; CloudFront's standard logs separate columns by tabs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

import numpy as np
import regex

from logclass import timestamps
from logclass.formats.format import Format, Reader
from logclass.formats.rewritten import open_rewritten
from logclass.formats.stored import Stored
from logclass.formats.textunits import line_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.blocks import Frame
    from logclass.formats.head import Head
    from logclass.model import Fault, Source

_FIELDS = regex.compile(rb"#Fields: *(?P<names>[^\r\n]+)")


def sniff(head: Head) -> float:
    """Return a high confidence when directives stand at the top and one names the columns."""
    is_directive = bool(head.lines) and head.lines[0].startswith(b"#")
    return 0.96 if is_directive and _names(head) else 0.0


def _names(head: Head) -> list[str]:
    for line in head.lines:
        match = _FIELDS.match(line)
        if match:
            names = match["names"].decode("utf-8", "replace").split()
            return names if "date" in names or "time" in names else []
    return []


def open_w3c(head: Head, source: Source) -> Reader:
    """Return a reader for rows; `#` lines are framing, and may name other columns."""
    names = _names(head)

    def unfold(unit: bytes) -> Iterator[Stored]:
        line = unit.partition(b"\n")[0].decode("utf-8", "replace").rstrip("\r")
        values = line.split("\t") if "\t" in line else line.split()
        row = dict(zip(names, values, strict=False))
        stamp = timestamps.parse(f"{row.get('date', '')} {row.get('time', '')}".strip())
        said = {
            "status": row.get("sc-status", "") or row.get("status", ""),
            "path": unquote(row.get("cs-uri-stem") or row.get("cs-uri") or ""),
            "method": row.get("cs-method", ""),
            "client_ip": row.get("c-ip", ""),
            "message": "request " + line,
        }
        host = row.get("s-computername") or row.get("s-sitename") or ""
        request = row.get("x-edge-request-id") or ""
        time_ms = None if stamp is None else stamp.ms
        yield Stored(time_ms, said, instance=host.strip("-"), request_id=request)

    def units(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        for frame in line_units(source, r"^")(chunks, faults):
            array = np.frombuffer(frame.data, dtype=np.uint8)
            is_row = (array[frame.starts] != ord("#")) & (array[frame.starts] > ord(" "))
            yield _rows(frame, is_row)

    return open_rewritten(source, units, unfold)


def _rows(frame: Frame, is_row: np.ndarray) -> Frame:
    return replace(
        frame,
        starts=frame.starts[is_row],
        ends=frame.ends[is_row],
        minutes=frame.minutes[is_row],
        bad_times=None,
    )


FORMAT = Format("w3c", "W3C extended log (IIS, CloudFront)", sniff, open_w3c)
