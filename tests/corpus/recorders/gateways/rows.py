"""The lines of a corpus file, each text once."""

from __future__ import annotations

import json
from typing import Any

FOLDER = "tests/corpus/recorders/gateways"


class Rows:
    """Collects the texts that one program printed."""

    def __init__(self, library: str, program: str) -> None:
        self.library, self.program = library, f"{FOLDER}/{program}"
        self.lines: dict[str, dict[str, Any]] = {}

    def recorded(
        self, text: str, reason: str | None, version: str, captures: Any = None, also: Any = ()
    ) -> None:
        """Add a text that the running program printed; reason None is no rejection."""
        row = {"text": text, "reason": reason, "outcome": "rejected" if reason else "none"}
        row |= {"also": list(also), "captures": captures or {}, "library": self.library}
        row |= {"version": version, "origin": "recorded", "program": self.program}
        self.lines.setdefault(text, row)

    def signal(self, text: str, version: str) -> None:
        """Add a text that tells of trouble with tokens and rejects none."""
        self.recorded(text, None, version)
        self.lines[text]["outcome"] = "signal"

    def accepted(self, text: str, version: str) -> None:
        """Add a text that tells of a token that passed."""
        self.recorded(text, None, version)
        self.lines[text]["outcome"] = "accepted"

    def print(self) -> None:
        """Print the lines of the corpus file."""
        for row in self.lines.values():
            print(json.dumps(row, ensure_ascii=False))
