"""What the AWS CLI prints with `--output table` → the JSON it stands for.

Boxes stand in boxes, as deep as the bars at the margin are many. An object has a row for each of
its keys; objects with the same simple keys have a row each, below a row of their keys. All values
are texts, and an object in the place of a list of one looks as such a list does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

# Log events as a table are for the log formats.
_START = re.compile(
    r"-{10,}\r?\n\|+ +(?!GetLogEvents|FilterLogEvents|GetQueryResults)"
    r"(?:Describe|List|Lookup|Get|BatchGet|Create|Update|Put)[A-Z]\w+ +\|"
)
_BORDER = re.compile(r"\|*[+-][+-]*\|*")
_LINE = re.compile(r"(?P<bars>\|+)(?P<inner>[^|].*?)\|+")
_CELLS = re.compile(r" *\| *")


@dataclass(slots=True)
class _Box:
    """A box that is being read: its rows up to the next border stand in `block`."""

    depth: int
    name: str
    parent: dict[str, Any]
    value: dict[str, Any]
    block: list[list[str]] = field(default_factory=list)
    header: list[str] = field(default_factory=list)


def is_table(text: str) -> bool:
    """Return whether a text is such a print of something else than log events."""
    return _START.match(text[:4000].lstrip()) is not None


def value(text: str) -> dict[str, Any]:
    """Return the object that the table stands for. Never raises; what does not fit is left out."""
    root: dict[str, Any] = {}
    boxes = [_Box(1, "", {}, root)]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for at, line in enumerate(lines):
        if _BORDER.fullmatch(line):
            _close_block(boxes[-1])
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        depth, cells = len(match["bars"]), _CELLS.split(match["inner"].strip())
        if len(cells) > 1:
            _row(boxes, depth, cells)
        elif depth > 1 and at + 1 < len(lines) and _BORDER.fullmatch(lines[at + 1]):
            _open(boxes, depth, cells[0])
    while boxes:
        _finish(boxes.pop())
    return root


def _open(boxes: list[_Box], depth: int, name: str) -> None:
    while boxes[-1].depth >= depth and len(boxes) > 1:
        _finish(boxes.pop())
    parent, inner = boxes[-1].value, dict[str, Any]()
    held = parent.setdefault(name, [])
    if isinstance(held, list):
        held.append(inner)
    boxes.append(_Box(depth, name, parent, inner))


def _row(boxes: list[_Box], depth: int, cells: list[str]) -> None:
    while boxes[-1].depth > depth and len(boxes) > 1:
        _finish(boxes.pop())
    box = boxes[-1]
    if box.header and len(cells) == len(box.header):
        found = dict(zip(box.header, cells, strict=True))
        held = box.parent.get(box.name)
        if box.value or not isinstance(held, list):
            box.value = {}
            if isinstance(held, list):
                held.append(box.value)
        box.value.update(found)
    else:
        box.block.append(cells)


def _close_block(box: _Box) -> None:
    """Take a row that stands alone between borders as the keys of those below it, if any come."""
    if len(box.block) == 1 and not box.header and not box.value:
        box.header, box.block = box.block[0], []
    else:
        _finish(box)


def _finish(box: _Box) -> None:
    if len(box.header) == 2 and not box.value:  # it was a key with its value
        box.value[box.header[0]] = box.header[1]
    for cells in box.block:
        if len(cells) == 2:
            box.value[cells[0]] = cells[1]
    box.block = []
