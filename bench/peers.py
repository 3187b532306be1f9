"""The programs that are compared, and how each is called.

ripgrep comes from Debian (`apt-get install ripgrep`); DuckDB and ijson from PyPI, into an
environment of their own under bench/data, so that they are no dependency of the project.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
ROOT = HERE.parent
DATA = HERE / "data"
_SCRATCH = DATA / ".venv"
_PACKAGES = ("duckdb", "ijson")


@dataclass(frozen=True, slots=True)
class Program:
    """A program to measure."""

    name: str
    version: str
    layouts: tuple[str, ...]  # of the files it is given
    command: Callable[[Path, str], list[str]]  # of a file and its layout
    answer: Callable[[str], dict[str, int]]  # what it found, from its output
    ok: tuple[int, ...] = (0,)
    does: str = ""


def project_bin() -> Path:
    """Return the folder that holds this project's `logclass` and its Python."""
    for folder in (Path(sys.executable).parent, ROOT / ".venv" / "bin"):
        if (folder / "logclass").exists() and (folder / "python").exists():
            return folder
    raise SystemExit("logclass is not installed here: run `make setup` first")


def programs(wanted: set[str]) -> tuple[list[Program], list[str]]:
    """Return the programs that can be run, and one line for each that cannot."""
    DATA.mkdir(parents=True, exist_ok=True)
    literals = DATA / "literals.txt"
    logclass = project_bin() / "logclass"
    python = project_bin() / "python"
    literals.write_text(_said([str(logclass), "patterns", "list", "--literals"]))
    found = [_logclass(logclass), _reading(python)]
    missing = []
    if "rg" in wanted:
        rg = shutil.which("rg")
        if rg:
            found.append(_rg(rg, literals))
        else:
            missing.append("rg is not installed: `apt-get install ripgrep`")
    if wanted & set(_PACKAGES):
        found += [peer for peer in _from_scratch(literals) if peer.name in wanted]
    return [program for program in found if program.name in wanted], missing


def _logclass(path: Path) -> Program:
    patterns = len(_said([str(path), "patterns", "list"]).splitlines())
    return Program(
        "logclass",
        f"{_said([str(path), '--version']).split()[-1]}, {patterns} patterns",
        ("text", "json", "cloudwatch"),
        lambda file, _: [str(path), "report", str(file), "--json", "-"],
        _report_answer,
        does="`logclass report FILE --json -`: reads, classifies, diagnoses, writes the report",
    )


def _reading(python: Path) -> Program:
    return Program(
        "reading",
        "logclass without patterns",
        ("json", "cloudwatch"),
        lambda file, _: [str(python), str(HERE / "reading.py"), str(file)],
        lambda output: {"events": int(output)},
        does="counts the events as logclass frames them, one process: what ijson is asked to do",
    )


def _report_answer(output: str) -> dict[str, int]:
    document = json.loads(output)
    return {
        "events": document["intake"]["events"],
        "rejected requests": sum(row["count"] for row in document["counts"]),
    }


def _rg(path: str, literals: Path) -> Program:
    count = len(literals.read_text().splitlines())
    return Program(
        "rg",
        _said([path, "--version"]).split()[1],
        ("text", "json"),
        lambda file, _: [path, "-c", "-i", "-F", "-f", str(literals), str(file)],
        lambda output: {"lines hit": int(output or 0)},
        ok=(0, 1),  # 1: no line matches
        does=f"`rg -c -i -F -f LITERALS FILE`: counts the lines with any of {count} literals",
    )


def _from_scratch(literals: Path) -> list[Program]:
    python = _scratch_python()
    listed = json.loads(_said([str(python), "-m", "pip", "list", "--format=json"]))
    version = {row["name"]: row["version"] for row in listed}
    return [
        Program(
            "duckdb",
            version["duckdb"],
            ("text",),
            lambda file, _: [
                str(python), str(HERE / "peer_duckdb.py"), str(file), str(literals)
            ],
            lambda output: dict(zip(("lines", "lines hit"), map(int, output.split()), strict=True)),
            does="`read_csv` and `regexp_matches`: counts the lines with any of the same literals",
        ),
        Program(
            "ijson",
            version["ijson"],
            ("json", "cloudwatch"),
            lambda file, layout: [
                str(python), str(HERE / "peer_ijson.py"), str(file),
                "events.item" if layout == "cloudwatch" else "",
            ],
            lambda output: {"events": int(output)},
            does="`ijson.items` (C back end): parses the elements and counts them, no search",
        ),
    ]  # fmt: skip


def _scratch_python() -> Path:
    python = _SCRATCH / "bin" / "python"
    pip = [str(python), "-m", "pip"]
    if not python.exists():
        print(f"making {_SCRATCH.relative_to(ROOT)} with {', '.join(_PACKAGES)}", file=sys.stderr)
        venv.create(_SCRATCH, with_pip=True)
    have = _said([*pip, "list", "--format=freeze"])
    if not all(re.search(rf"^{name}==", have, re.MULTILINE) for name in _PACKAGES):
        install = [*pip, "install", "-q", "--disable-pip-version-check", *_PACKAGES]
        subprocess.run(install, check=True)
    return python


def _said(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
