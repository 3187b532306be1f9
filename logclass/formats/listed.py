r"""Records that a command line prints one below the other, a field a line.

mysql's `\G`, psql's `\x`, sqlite3's `.mode line`, `wevtutil /f:text`, PowerShell's Format-List, and
YAML documents, as `gcloud logging read` prints by default and Log4j's YamlLayout writes. Fields are
known by their names, as columns are; a line that names none of them goes on with the one before it.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import regex

from logclass.formats import gcp, nested
from logclass.formats.columns import Columns
from logclass.formats.format import Format, Reader
from logclass.formats.minutes import Clock
from logclass.formats.rewritten import open_rewritten
from logclass.formats.textunits import line_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logclass.formats.head import Head
    from logclass.formats.stored import Stored
    from logclass.model import Source

_CONFIDENCE = 0.92
_HEADS = (r"\*{5,} \d+\. row \*{5,}", r"-\[ RECORD \d+ \]", r"Event\[\d+\]:?")
_HEAD = regex.compile("|".join(_HEADS))
_DOCUMENT = regex.compile(r"---\s*")
_FIELD = regex.compile(r"\s*(?P<key>[A-Za-z@_][\w .@/()-]{0,60}?) *(?:[:|]| =)(?: (?P<value>.*))?$")
_LIST_KEY = regex.compile(r"(?P<key>[A-Z]\w{1,40}) {0,40}: ")  # Format-List sets the colons in line
_LINE_KEY = regex.compile(r" {0,40}(?P<key>[A-Za-z_]\w{0,40}) = ")  # sqlite3's line mode
_FOOTER = regex.compile(r"\(?\d+ rows?\b.*")
_LEAST = 2  # records
_MOST = 0.5  # of the records have a field
_GCP = {"logName", "resource"}


def sniff(head: Head) -> float:
    """Return a high confidence for records whose fields name a time and a text."""
    return _CONFIDENCE if _documents(head) or _starts(_decoded(head.data)) else 0.0


def open_listed(head: Head, source: Source) -> Reader:
    """Return a reader for such records."""
    clock = Clock(())
    if _documents(head):
        return open_rewritten(
            source, line_units(source, r"^---\s*$"), partial(_of_document, clock=clock), clock
        )
    starts, names = _starts(_decoded(head.data)) or ("^.", [])
    columns = Columns(names, clock)
    near_ms = None if source.modified_seconds is None else source.modified_seconds * 1000
    units = _units(_decoded(head.data), regex.compile(starts))
    columns.learn([_values(unit, names) for unit in units], near_ms)

    def unfold(unit: bytes) -> Iterator[Stored]:
        values = _values(unit.decode("utf-8", "replace").splitlines(), names)
        if any(values):
            yield columns.stored(values)

    return open_rewritten(source, line_units(source, starts), unfold, clock)


def _decoded(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").splitlines()


def _documents(head: Head) -> bool:
    """Return whether this is a row of YAML documents that are records."""
    if not head.lines or not _DOCUMENT.fullmatch(head.lines[0].decode("utf-8", "replace")):
        return False
    units = _units(_decoded(head.data), _DOCUMENT)
    values = [_mapping("\n".join(unit)) for unit in units[: _LEAST + 1]]
    told = [value for value in values[:_LEAST] if value and nested.is_record(value)]
    return bool(told) and len(told) == len(values[:_LEAST])


def _of_document(unit: bytes, clock: Clock) -> Iterator[Stored]:
    value = _mapping(unit.decode("utf-8", "replace"))
    if not value:
        raise ValueError("a YAML document that holds no record")
    yield from gcp.of_entry(value) if value.keys() >= _GCP else nested.of_record(value, clock)


def _mapping(text: str) -> dict[str, object]:
    from logclass import yamltext  # few bundles need a YAML reader

    values = yamltext.parse(text)
    value = values[0] if values else None
    return value if isinstance(value, dict) else {}


def _starts(lines: Sequence[str]) -> tuple[str, list[str]] | None:
    """Return the expression for a record's first line, and the names of its fields."""
    first = next((line for line in lines if line.strip()), "")
    if _HEAD.match(first):
        starts = rf"^(?:{'|'.join(_HEADS)})"
    elif match := _LINE_KEY.match(first):
        starts = rf"^ {{0,40}}{match['key']} = "
    elif match := _LIST_KEY.match(first):
        starts = rf"^{match['key']} {{0,40}}: "
    else:
        return None
    units = _units(lines, regex.compile(starts))
    names = _names(units)
    is_told = len(units) >= _LEAST and len(names) > 1 and Columns(names, Clock(())).are_events
    return (starts, names) if is_told else None


def _units(lines: Sequence[str], start: regex.Pattern[str]) -> list[list[str]]:
    units: list[list[str]] = []
    for line in lines:
        if start.match(line):
            units.append([])
        if units:
            units[-1].append(line)
    return units


def _names(units: Sequence[Sequence[str]]) -> list[str]:
    """Return the names of the fields that most records have, in their order."""
    seen: Counter[str] = Counter()
    for unit in units:
        seen.update({match["key"] for line in unit if (match := _FIELD.match(line))})
    order = [match["key"] for unit in units for line in unit if (match := _FIELD.match(line))]
    return [name for name in dict.fromkeys(order) if seen[name] >= _MOST * len(units)]


def _values(unit: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the values of a record's fields."""
    found: dict[str, list[str]] = {}
    last: list[str] = []
    for line in unit:
        match = _FIELD.match(line)
        if match and match["key"] in names and match["key"] not in found:
            last = found[match["key"]] = [match["value"] or ""]
        elif not _HEAD.match(line) and not _FOOTER.fullmatch(line):
            last.append(line.strip())
    return ["\n".join(found.get(name, [])).strip() for name in names]


FORMAT = Format("listed", "records printed a field a line, YAML documents", sniff, open_listed)
