"""One row of fixtures.toml: what a fixture holds, by the recorder's own book."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from wrong import WRONG


@dataclass
class Row:
    file: str
    format: str
    events: int
    rejections: dict[str, int]
    first_ms: int | None = None
    last_ms: int | None = None
    refused_ms: list[int] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    instances: list[str] = field(default_factory=list)
    named_by: str = "record"  # or "path": where services and instances are told
    format_by_content: str = ""  # where only the path can tell
    origin: str = "recorded"


def iso(ms: int) -> str:
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    unit = "milliseconds" if ms % 1000 else "seconds"
    return moment.isoformat(timespec=unit).removesuffix("+00:00") + "Z"


def toml(row: Row) -> str:
    """Return the row as TOML; times to the millisecond, rejections sorted by their reason."""
    reasons = ", ".join(f"{reason} = {count}" for reason, count in sorted(row.rejections.items()))
    lines = [
        "[[fixture]]",
        f'file = "{row.file}"',
        f'format = "{row.format}"',
        f"events = {row.events}",
        f"rejections = {{ {reasons} }}" if reasons else "rejections = {}",
    ]
    stamps = {"first": row.first_ms, "last": row.last_ms}
    if row.refused_ms:
        stamps |= {"first_rejection": min(row.refused_ms), "last_rejection": max(row.refused_ms)}
    lines += [f'{name} = "{iso(ms)}"' for name, ms in stamps.items() if ms is not None]
    names = {"services": row.services, "instances": row.instances}
    lines += [
        f"{key} = {str(held).replace(chr(39), chr(34))}" for key, held in names.items() if held
    ]
    if row.format_by_content:
        lines.append(f'format_by_content = "{row.format_by_content}"')
    if row.named_by != "record":
        lines.append(f'named_by = "{row.named_by}"')
    if row.origin != "recorded":
        lines.append(f'origin = "{row.origin}"')
    if row.file in WRONG:
        what, why = WRONG[row.file]
        lines.append(f"wrong_{what} = '{why}'")
    return "\n".join(lines) + "\n"
