"""Write what is generated in this folder; `--check` compares instead of writing."""

from __future__ import annotations

import sys
from pathlib import Path

from logclass.patternlist import reason_codes
from logclass.patternset import load

TARGET = Path(__file__).parent / "reason-codes.md"


def main() -> int:
    """Return 1 when the file here is not what the patterns give."""
    text = reason_codes(load())
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write("docs/reason-codes.md is not what the patterns give: run `make reports`\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
