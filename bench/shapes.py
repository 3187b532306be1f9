"""Measure what bundles of odd shapes cost beside a plain file of as many bytes. See README.md.

Prints processor time (user and system, of all processes) and peak memory of `logclass report`, and
the ratio to a plain file without start-up. Nothing fails when it is slow.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import hostile
import measure
import peers

if TYPE_CHECKING:
    from collections.abc import Callable

_MIB = 1 << 20
_OK = (0, 3)
_TIMES = 8  # as large a plain file tells what a megabyte of it costs


def main() -> None:
    """Make the shapes, measure each, print a table."""
    chosen = _arguments()
    wanted = set(chosen.shapes.split(",")) if chosen.shapes else set()
    shapes = [one for one in hostile.SHAPES if not wanted or one.__name__ in wanted]
    tiny = _made(hostile.plain_text, 0.01)
    start = min(_seconds(tiny, chosen.limit_seconds) for _ in range(3))
    plain = _made(hostile.plain_text, _TIMES * chosen.size_mb)
    plain_seconds = max(_seconds(plain, chosen.limit_seconds) - start, 0.01) / _TIMES
    print(f"{chosen.size_mb:g} MB each; start-up {start:.2f} CPU s\n")
    print("| shape | MB | CPU s | x plain | largest MB | sum MB | anon. MB |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for shape in (*hostile.BASE, *shapes):
        folder = _made(shape, chosen.size_mb)
        print(_row(folder, start, plain_seconds, chosen.limit_seconds), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size-mb", type=float, default=16, help="of each shape")
    parser.add_argument("--shapes", default="", help="names, with commas between; all")
    parser.add_argument("--limit-seconds", type=float, default=200, help="of each run")
    return parser.parse_args()


def _made(shape: Callable[[Path, int], None], size_mb: float) -> Path:
    folder = peers.DATA / "shapes" / f"{shape.__name__}-{size_mb:g}"
    if not folder.exists():
        making = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        shape(making, int(size_mb * _MIB))
        making.rename(folder)
    return folder


def _command(folder: Path) -> list[str]:
    return [str(peers.project_bin() / "logclass"), "report", str(folder), "--json", "-"]


def _seconds(folder: Path, limit_seconds: float) -> float:
    command = ["timeout", f"{limit_seconds:g}", *_command(folder)]
    return measure.timed(command, _OK).cpu_seconds


def _row(folder: Path, start: float, plain: float, limit_seconds: float) -> str:
    """Return a row of the table; plain: CPU seconds of a plain file of as many bytes."""
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    name = folder.name.rpartition("-")[0]
    try:
        seconds = _seconds(folder, limit_seconds)
        memory = measure.watched(
            _command(folder), Path("/dev/null"), _OK, limit_seconds=limit_seconds
        )
    except measure.ProgramError as error:
        return f"| {name} | {size / _MIB:.1f} | {error} |"
    sizes = (memory.largest_bytes, memory.sum_bytes, memory.sum_anonymous_bytes)
    cells = [name, f"{size / _MIB:.1f}", f"{seconds:.2f}", f"{(seconds - start) / plain:.1f}"]
    cells += [f"{one / _MIB:.0f}" for one in sizes]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
