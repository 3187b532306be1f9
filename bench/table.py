"""What was measured → Markdown that also reads well on a terminal."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from measure import Memory, Timing
    from peers import Program

_GB, _MB = 1e9, 1e6
_COLUMNS = (
    "file", "program", "s, median (range)", "GB/s", "CPU s/GB", "logclass is", "largest MB",
    "sum MB", "anon. MB", "found",
)  # fmt: skip


@dataclass(slots=True)
class Result:
    """All runs of one program over one file."""

    program: Program
    timings: list[Timing] = field(default_factory=list)
    memory: Memory | None = None
    answer: dict[str, int] = field(default_factory=dict)
    failure: str = ""

    @property
    def wall_seconds(self) -> float:
        """Return the median."""
        return median(timing.wall_seconds for timing in self.timings)

    @property
    def cpu_seconds(self) -> float:
        """Return the median."""
        return median(timing.cpu_seconds for timing in self.timings)


@dataclass(slots=True)
class Measured:
    """One file and what each program made of it."""

    name: str
    layout: str
    percent: float
    facts: dict[str, Any]  # of generate.py
    results: list[Result] = field(default_factory=list)

    @property
    def logclass(self) -> Result | None:
        """Return logclass's own result, where it has one."""
        good = [one for one in self.results if one.program.name == "logclass" and one.timings]
        return good[0] if good else None


def document(
    measured: Sequence[Measured],
    programs: Sequence[Program],
    notes: Sequence[str],
    before: Sequence[str],
) -> str:
    """Return the whole result: machine, programs, files, table, and what follows from it.

    before: what `machine` said at the start.
    """
    return "\n".join(
        [
            *before,
            *(f"- {program.name} {program.version}: {program.does}" for program in programs),
            *(f"- {note}" for note in notes),
            "",
            *(_file_line(one) for one in measured),
            "",
            *_table([_COLUMNS, *(row for one in measured for row in _rows(one))]),
            "",
            *_marginal(measured),
            *_flatness(measured),
            *_checks(measured),
        ]
    )


def machine() -> list[str]:
    """Return what it ran on, and how busy that was."""
    info = _first(r"model name\s*: (.*)", "/proc/cpuinfo")
    memory = int(_first(r"MemTotal:\s*(\d+)", "/proc/meminfo") or 0) / 1024**2
    system = _first(r'PRETTY_NAME="(.*)"', "/etc/os-release")
    kernel = ".".join(platform.release().split(".")[:2])
    load = os.getloadavg()[0]
    cores = len(os.sched_getaffinity(0))
    busy = "other work ran beside it, wall times are too long" if load > 0.7 else "idle"
    system = f"{system}, Linux {kernel}, Python {platform.python_version()}"
    return [
        f"- {info}, {cores} cores, {memory:.0f} GiB; {system}",
        f"- load average at the start {load:.1f}: {busy}",
    ]


def _first(expression: str, path: str) -> str:
    found = re.search(expression, Path(path).read_text(encoding="utf-8", errors="replace"))
    return found[1] if found else ""


def _file_line(one: Measured) -> str:
    facts = one.facts
    share = facts["rejections"] / facts["records"]
    of_bytes = facts["rejection_bytes"] / facts["bytes"]
    return (
        f"- `{one.name}`: {facts['bytes'] / _MB:,.0f} MB, {facts['lines']:,} lines, "
        f"{facts['records']:,} records, of them {facts['rejections']:,} rejections ({share:.1%}, "
        f"{of_bytes:.1%} of the bytes) and {facts['completions']:,} lines that say 401 again"
    )


def _rows(one: Measured) -> list[tuple[str, ...]]:
    return [_row(one, result) for result in one.results]


def _row(one: Measured, result: Result) -> tuple[str, ...]:
    if not result.timings:
        return (one.name, result.program.name, result.failure, *[""] * 7)
    walls = [timing.wall_seconds for timing in result.timings]
    gigabytes = one.facts["bytes"] / _GB
    memory = result.memory
    sizes = (memory.largest_bytes, memory.sum_bytes, memory.sum_anonymous_bytes) if memory else ()
    return (
        one.name,
        result.program.name,
        f"{median(walls):.2f} ({min(walls):.2f} to {max(walls):.2f})",
        f"{gigabytes / median(walls):.2f}",
        f"{result.cpu_seconds / gigabytes:.2f}",
        _ratio(one.logclass, result),
        *[f"{size / _MB:,.0f}" for size in sizes or ()],
        *[""] * (3 - len(sizes)),
        ", ".join(f"{count:,} {what}" for what, count in result.answer.items()),
    )


def _ratio(ours: Result | None, theirs: Result) -> str:
    """Return how many times as fast logclass was, the median over the rounds."""
    if ours is None or ours is theirs:
        return ""
    pairs = zip(ours.timings, theirs.timings, strict=False)
    return f"{median(b.wall_seconds / a.wall_seconds for a, b in pairs):.2f} x"


def _flatness(measured: Sequence[Measured]) -> list[str]:
    """Return how logclass's memory grew from the smallest to the largest file of a kind."""
    lines = []
    for layout, percent in _kinds(measured):
        same = [one for one in measured if (one.layout, one.percent) == (layout, percent)]
        peaks = [
            (one.facts["bytes"] / _MB, ours.memory.sum_anonymous_bytes / _MB)
            for one in same
            if (ours := one.logclass) and ours.memory
        ]
        if len(peaks) > 1:
            (small, least), (large, most) = min(peaks), max(peaks)
            lines.append(
                f"- memory, {layout} with {percent:g} %: {least:,.0f} MB for {small:,.0f} MB, "
                f"{most:,.0f} MB for {large:,.0f} MB: {most / least:.2f} times as much for "
                f"{large / small:.1f} times the data"
            )
    return lines


def _marginal(measured: Sequence[Measured]) -> list[str]:
    """Return logclass's speed over what the larger file has more: start-up falls out of it."""
    lines = []
    for layout, percent in _kinds(measured):
        times = sorted(
            (one.facts["bytes"] / _GB, ours.wall_seconds)
            for one in measured
            if (one.layout, one.percent) == (layout, percent) and (ours := one.logclass)
        )
        if len(times) > 1 and times[-1][1] > times[0][1]:
            speed = (times[-1][0] - times[0][0]) / (times[-1][1] - times[0][1])
            lines.append(f"- speed without start-up, {layout} with {percent:g} %: {speed:.2f} GB/s")
    return lines


def _kinds(measured: Sequence[Measured]) -> list[tuple[str, float]]:
    return sorted({(one.layout, one.percent) for one in measured})


def _checks(measured: Sequence[Measured]) -> list[str]:
    """Return what logclass counted beside what the generator wrote."""
    return [
        f"- counted in `{one.name}`: {ours.answer.get('events', 0):,} events of "
        f"{one.facts['records']:,}, {ours.answer.get('rejected requests', 0):,} rejected requests "
        f"of {one.facts['rejections']:,}"
        for one in measured
        if (ours := one.logclass) and ours.answer
    ]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    return [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]
