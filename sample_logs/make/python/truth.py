"""Writes truth.json: indented, but with the innermost objects on one line each."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def _joined(found: re.Match[str]) -> str:
    return re.sub(r"\s*\n\s*", " ", found.group(0))


def write_truth(path: Path, truth: dict[str, Any]) -> None:
    """Write the document with one line for each object that holds no other object."""
    text = json.dumps(truth, indent=1)
    path.write_text(re.sub(r"\{[^{}\[\]]*\}", _joined, text) + "\n")
