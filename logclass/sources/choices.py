"""What the user said of sources by their names."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logclass.model import Source


def chosen(source: Source) -> Source:
    """Return the source with the format and the zone that its choices name for it.

    A glob fits the whole name or its last part. A member of an archive that no glob fits keeps
    what was chosen for the archive.
    """
    zone = _last_fitting(source, source.choices.zones) or source.zone
    written = source.modified_seconds
    for one in source.choices.settled:
        if one.source == source.uri:
            zone = zone or one.zone
            written = written if one.written_seconds is None else one.written_seconds
    return replace(
        source,
        format_hint=_last_fitting(source, source.choices.formats) or source.format_hint,
        zone=zone,
        modified_seconds=written,
    )


def _last_fitting(source: Source, choices: tuple[tuple[str, str], ...]) -> str:
    names = (source.uri, source.uri.rsplit("/", 1)[-1])
    fitting = [value for glob, value in choices if any(fnmatchcase(one, glob) for one in names)]
    return fitting[-1] if fitting else ""
