"""Tables as command lines print them.

Boxes of SQL clients, `gcloud`, `bq` and Rich, Markdown, and columns that stand under dashes or
capitals (`az -o table`, sqlcmd, PowerShell's Format-Table, `gcloud --format='table(…)'`). The
names of the columns tell which is the time and which the text, as in CSV. Rules, headers and
footers are framing. A text with newlines goes on below its row.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import regex

from logclass.formats.columns import Columns
from logclass.formats.format import Format, Reader
from logclass.formats.minutes import Clock
from logclass.formats.rewritten import open_rewritten
from logclass.formats.textunits import line_units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from logclass.formats.head import Head
    from logclass.formats.stored import Stored
    from logclass.model import Source

    Split = Callable[[str], list[str] | None]  # a row -> its cells; None for what is no row

_CONFIDENCE = 0.93
_BARS = "|│┃║"
_RULE = " \t-+=|:*─━═│┃║┄┈╌┌┬┐├┼┤└┴┘╭╮╰╯┏┳┓┡╇┩┢╈┪┠╂┨┗┻┛╞╪╡╔╦╗╠╬╣╚╩╝"
_LINES = ("---", "===", "───", "━━━", "═══")
# ClickHouse writes the names into its upper rule.
_TOP = regex.compile(r"\s*┌(?=[^┐]*[^\s┌─┬┐])[^┐]*┐\s*")
_DASHES = regex.compile(r"-{2,}")
_CAPITALS = regex.compile(r"[A-Z][A-Z0-9_.]*(?: [A-Z0-9_.]+)*")
_BOX_ROW = rf"^\s*(?:\d+\. )?[{_BARS}]"
_IS_BOX_ROW = regex.compile(_BOX_ROW)
_FOOTER = regex.compile(r"\(?\d+ rows?\b.*")
_WITHIN_LINES = 12  # stands the header
_MOST = 0.8


class _Table(NamedTuple):
    """A table's columns, what its header's rows hold, and how its rows are cut into cells."""

    names: Sequence[str]
    headers: Sequence[list[str]]
    split: Split
    starts: str  # of rows, RE2


def sniff(head: Head) -> float:
    """Return a high confidence for a printed header that names a time and a text."""
    return _CONFIDENCE if _table(head) else 0.0


def open_printed(head: Head, source: Source) -> Reader:
    """Return a reader for the rows of a printed table."""
    table = _table(head) or _Table((), (), _cells, _BOX_ROW)
    clock = Clock(())
    columns = Columns(table.names, clock)
    near_ms = None if source.modified_seconds is None else source.modified_seconds * 1000
    rows = [row for line in _decoded(head) if (row := table.split(line))]
    columns.learn([row for row in rows if row not in table.headers], near_ms)

    def unfold(unit: bytes) -> Iterator[Stored]:
        lines = unit.decode("utf-8", "replace").rstrip("\r\n").split("\n")
        until = next((at for at, line in enumerate(lines) if _is_rule(line)), len(lines))
        row = table.split("\n".join(lines[:until]))
        if row is None or row in table.headers or len(row) == 1:  # a footer in a box of its own
            return
        if len(row) < len(table.names):
            raise ValueError("a row with fewer cells than the table has columns")
        yield columns.stored(columns.fitted(row))

    return open_rewritten(source, line_units(source, table.starts), unfold, clock)


def _is_rule(line: str) -> bool:
    return not line.strip(_RULE) and any(dashes in line for dashes in _LINES)


def _decoded(head: Head) -> list[str]:
    return [line.decode("utf-8", "replace").rstrip("\r") for line in head.lines]


def _table(head: Head) -> _Table | None:
    lines = _decoded(head)
    return _boxed(lines) or _under_dashes(lines) or _under_capitals(lines)


def _boxed(lines: Sequence[str]) -> _Table | None:
    """Return the table in a box: names, a rule, rows with as many cells."""
    headers: list[list[str]] = []
    for at, line in enumerate(lines[:_WITHIN_LINES]):
        if _TOP.fullmatch(line):
            names = [name.strip(" ─") for name in line.strip(" ┌┐").split("┬")]
            return _of_events(names, [], _cells, _BOX_ROW)
        if _is_rule(line):
            if headers:
                rows = [row for one in lines[at + 1 :] if (row := _cells(one))]
                fits = sum(1 for row in rows if len(row) >= len(headers[0]))
                is_table = fits and fits >= _MOST * len(rows)
                return _of_events(headers[0], headers, _cells, _BOX_ROW) if is_table else None
        elif _IS_BOX_ROW.match(line):
            headers.append(_cells(line) or [])
    return None


def _under_dashes(lines: Sequence[str]) -> _Table | None:
    """Return the table whose columns are as wide as the dashes under their names."""
    for above, rule in pairwise(lines[:_WITHIN_LINES]):
        if _is_rule(rule) and not rule.strip("- "):
            starts = [match.start() for match in _DASHES.finditer(rule)]
            return _in_columns(above, starts, [rule])
    return None


def _under_capitals(lines: Sequence[str]) -> _Table | None:
    """Return the table under names in capitals that begin where the cells do."""
    if len(lines) < 2 or not regex.fullmatch(r"\S.*\S", lines[0].strip("\r")):
        return None
    names = list(_CAPITALS.finditer(lines[0].rstrip()))
    if "  ".join(match[0] for match in names) != regex.sub(r" {2,}", "  ", lines[0].rstrip()):
        return None
    starts = [match.start() for match in names]
    fits = sum(1 for line in lines[1:] if all(_begins(line, at) for at in starts))
    return _in_columns(lines[0], starts, []) if fits >= _MOST * (len(lines) - 1) else None


def _begins(line: str, at: int) -> bool:
    """Return whether a cell can begin at an offset: it is empty, or blanks stand before it."""
    return len(line) <= at or at == 0 or line[at - 1] == " "


def _in_columns(header: str, starts: list[int], rules: Sequence[str]) -> _Table | None:
    if len(starts) < 2:
        return None
    spans = list(zip(starts, [*starts[1:], None], strict=True))

    def split(row: str) -> list[str] | None:
        if row in rules or not row.strip() or _FOOTER.fullmatch(row.strip()):
            return None
        return [row[start:end].strip() for start, end in spans]

    names = split(header) or []
    return _of_events(names, [names], split, r"^.")


def _of_events(
    names: Sequence[str], headers: Sequence[list[str]], split: Split, starts: str
) -> _Table | None:
    is_told = len(names) > 1 and all(names) and Columns(names, Clock(())).are_events
    return _Table(names, headers, split, starts) if is_told else None


def _cells(row: str) -> list[str] | None:
    """Return the cells between the bars of a row, None for a line that is none."""
    bar = _IS_BOX_ROW.match(row)
    if bar is None or _is_rule(row):
        return None
    mark = bar[0][-1]
    inner = row[bar.end() :].rstrip()
    return [cell.strip() for cell in inner.removesuffix(mark).split(mark)]


FORMAT = Format("printed-table", "table as a command line prints it", sniff, open_printed)
