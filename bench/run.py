"""Measure logclass beside ripgrep, DuckDB and ijson, and print one table. See README.md."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import measure
import peers
import table

HERE = Path(__file__).parent
_RESULTS = HERE / "RESULTS.md"
_READ_BYTES = 1 << 22


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file to be measured."""

    layout: str
    size_mb: float
    percent: float


def main() -> None:
    """Measure, print, and write RESULTS.md when asked to."""
    chosen = _arguments()
    notes = [f"{chosen.rounds} rounds, in each of them every program once, in turn; medians"]
    notes.append("files in the page cache; memory from a run of its own, sampled every 20 ms")
    before = table.machine()
    found, missing = peers.programs(set(chosen.programs.split(",")))
    notes.append(f"a program that has not ended after {chosen.limit_seconds:g} s is stopped")
    measured = [_measured(one, found, chosen) for one in _wanted(chosen)]
    result = table.document(measured, found, [*notes, *missing], before)
    print(result)
    if chosen.write:
        _RESULTS.write_text(
            f"# Results\nMade by `{_command()}`; README.md says how to read them.\n\n{result}\n"
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100,1000", help="of the text files, in MB")
    parser.add_argument("--percents", default="1,5", help="records that are rejections")
    parser.add_argument("--json-size", type=float, default=200, help="MB; 0 leaves them out")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--programs", default="logclass,reading,rg,duckdb,ijson")
    parser.add_argument("--limit-seconds", type=float, default=120, help="of each run")
    parser.add_argument("--quick", action="store_true", help="small files, to try it out")
    parser.add_argument("--write", action="store_true", help="write bench/RESULTS.md too")
    if parser.parse_known_args()[0].quick:
        parser.set_defaults(sizes="20,50", json_size=20, rounds=3)
    return parser.parse_args()


def _wanted(chosen: argparse.Namespace) -> list[Wanted]:
    percents = [float(text) for text in chosen.percents.split(",")]
    sizes = [float(text) for text in chosen.sizes.split(",") if text]
    wanted = [Wanted("text", size, percent) for size in sizes for percent in percents]
    if chosen.json_size:
        wanted += [Wanted(name, chosen.json_size, percents[0]) for name in ("json", "cloudwatch")]
    return wanted


def _measured(
    wanted: Wanted, programs: list[peers.Program], chosen: argparse.Namespace
) -> table.Measured:
    facts = _generated(wanted)
    path = Path(str(facts["path"]))
    one = table.Measured(path.name, wanted.layout, wanted.percent, facts)
    fit = [program for program in programs if wanted.layout in program.layouts]
    one.results = [table.Result(program) for program in fit]
    _say(f"{path.name}: {', '.join(program.name for program in fit)}")
    _read_once(path)
    for result in one.results:
        _watch(result, path, wanted.layout, chosen.limit_seconds)
    sound = [result for result in one.results if not result.failure]
    for number in range(chosen.rounds):
        shift = number % max(len(sound), 1)
        for result in sound[shift:] + sound[:shift]:
            _time(result, path, wanted.layout)
    return one


def _generated(wanted: Wanted) -> dict[str, object]:
    """Return what the file holds; it is made in a process of its own.

    The memory of a small program would otherwise be told too large: a new process starts out with
    the high-water mark of the one that started it.
    """
    _say(f"making {wanted.layout}, {wanted.size_mb:g} MB, {wanted.percent:g} %")
    command = [str(peers.project_bin() / "python"), str(HERE / "generate.py"), wanted.layout]
    command += ["--size-mb", str(wanted.size_mb), "--percent", str(wanted.percent)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    facts: dict[str, object] = json.loads(done.stdout)
    return facts


def _read_once(path: Path) -> None:
    with path.open("rb") as file:
        while file.read(_READ_BYTES):
            pass


def _watch(result: table.Result, path: Path, layout: str, limit_seconds: float) -> None:
    program = result.program
    output = peers.DATA / f"{program.name}.out"
    command = program.command(path, layout)
    try:
        result.memory = measure.watched(command, output, program.ok, limit_seconds=limit_seconds)
        result.answer = program.answer(output.read_text(encoding="utf-8"))
    except (measure.ProgramError, ValueError, KeyError) as error:
        result.failure = str(error)


def _time(result: table.Result, path: Path, layout: str) -> None:
    program = result.program
    try:
        result.timings.append(measure.timed(program.command(path, layout), program.ok))
    except measure.ProgramError as error:
        result.failure = str(error)


def _command() -> str:
    return " ".join(["python bench/run.py", *sys.argv[1:]])


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
