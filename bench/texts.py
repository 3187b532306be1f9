"""The error texts that the generated logs hold: what the real libraries printed (tests/corpus)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LANGUAGES = ("node", "python", "go", "other")
_OF_LIBRARY = {"jsonwebtoken": "node", "pyjwt": "python", "golang-jwt": "go"}
_MAX_CHARACTERS = 3_000
# The recorder's own time, level and lead-in: the generated services write theirs.
_OWN_LEAD = re.compile(
    r"^(?:\[[\w-]+\] )?(?:\d{4}[-/]\d\d[-/]\d\d[T ][\d:.,]+Z?\s+)?"
    r"(?:(?:ERROR|WARN(?:ING)?|INFO)\s+(?:.*\n(?=Traceback ))?)?"
)
# Pages, objects and access lines are no error texts; control characters mark places (records.py).
_NO_TEXT = re.compile(r"^[<{]|\d\d/[A-Z][a-z]{2}/\d{4}:|[\x00-\x08\r\x1b]")


@dataclass(frozen=True, slots=True)
class Texts:
    """Error texts by the language of the service that logs them, and near misses."""

    rejected: dict[str, tuple[str, ...]]
    negative: tuple[str, ...]  # single lines that are no rejection


def load(corpus: Path) -> Texts:
    """Return the texts in the corpus, sorted, so that the same corpus gives the same logs.

    Rejections without a reason ("Unauthorized") are left out: they are what frameworks say after
    a verifier, and the generator writes such lines itself.
    """
    rejected: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    negative: set[str] = set()
    for path in sorted(corpus.glob("*.jsonl")):
        for text, outcome, reason in _rows(path):
            if outcome == "rejected" and reason != "unspecified":
                rejected[_language(path.stem, text)].add(text)
            elif outcome in {None, "none"} and "\n" not in text:
                negative.add(text)
    named = {language: tuple(sorted(found)) for language, found in rejected.items() if found}
    if not named or not negative:
        raise SystemExit(f"no texts in {corpus.name}")
    return Texts(named, tuple(sorted(negative)))


def _rows(path: Path) -> Iterator[tuple[str, str | None, str | None]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = _OWN_LEAD.sub("", row["text"]).strip()
        if text and len(text) <= _MAX_CHARACTERS and not _NO_TEXT.search(text):
            yield text, row.get("outcome"), row.get("reason")


def _language(library: str, text: str) -> str:
    if library in _OF_LIBRARY:
        return _OF_LIBRARY[library]
    if "Traceback (most recent" in text:
        return "python"
    return "node" if "\n    at " in text else "other"
