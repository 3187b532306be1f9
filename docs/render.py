"""Write what is generated in this folder; `--check` compares instead of writing."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

from logclass.patternlist import reason_codes
from logclass.patternset import load

HERE = Path(__file__).parent
RECORDED = HERE.parent / "tests" / "formats"
BEGIN, END = "<!-- fixtures: docs/render.py -->", "<!-- end of fixtures -->"


def main() -> int:
    """Return 1 when a file here is not what the patterns and the fixtures' tables give."""
    formats = HERE / "formats.md"
    wanted = {
        HERE / "reason-codes.md": reason_codes(load()),
        formats: with_fixtures(formats.read_text(encoding="utf-8")),
    }
    if "--check" not in sys.argv[1:]:
        for path, text in wanted.items():
            path.write_text(text, encoding="utf-8")
        return 0
    differing = [path for path, text in wanted.items() if _held(path) != text]
    for path in differing:
        sys.stderr.write(f"docs/{path.name} is not what it is made from: run `make reports`\n")
    return 1 if differing else 0


def with_fixtures(page: str) -> str:
    """Return the page with the table of fixtures between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{fixture_table()}{END}{after}"


def fixture_table() -> str:
    """Return what each fixture holds as a Markdown table; tests compare logclass with the same."""
    lines = ["| format | file | events | rejections | first | last |", "|---|---|--:|---|---|---|"]
    lines += [_line(row) for row in sorted(_rows(), key=lambda row: (row["format"], row["file"]))]
    return "\n".join(lines) + "\n"


def _rows() -> list[dict[str, Any]]:
    tables = sorted(RECORDED.glob("*.toml"))
    found = [tomllib.loads(table.read_text(encoding="utf-8")) for table in tables]
    return [row for table in found for row in table["fixture"] if row["events"]]


def _line(row: dict[str, Any]) -> str:
    reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(row["rejections"].items()))
    times = [row.get(name, "").removesuffix("Z").replace("T", " ") for name in ("first", "last")]
    file = row["file"]
    shown = file if len(file) <= _SHOWN else f"{file[:_SHOWN]}…"
    cells = (f"`{row['format']}`", shown, str(row["events"]), reasons, *times)
    return "| " + " | ".join(cells) + " |"


def _held(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


_SHOWN = 60  # characters of a file's name


if __name__ == "__main__":
    sys.exit(main())
