"""What a pattern set covers, as tables and text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import orjson

from logclass.patternset import shipped_directory
from logclass.vocabulary import MEANING, Reason, owner

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from logclass.matcher import Matcher
    from logclass.patternset import Pattern, PatternSet

_SHOWN_TEXTS = 3  # of one library and reason
_SHOWN_CHARACTERS = 120


class Known(NamedTuple):
    """A text that a library is known to print."""

    library: str
    reason: str
    text: str


class Covered(NamedTuple):
    """What is known of one library and reason: numbers of distinct texts, but for `patterns`."""

    library: str
    reason: str
    patterns: int
    known: int  # from the library's source or from running it
    recognised: int  # of these: given this reason by the patterns
    recorded: int  # of these: printed by the running library


def known_texts(patternset: PatternSet, corpus: Path | None = None) -> dict[Known, bool]:
    """Return the rejections in the patterns' examples and in a folder of corpus files (JSON lines).

    The value says whether the running library printed it. Raises OSError for a file that can not
    be read, orjson.JSONDecodeError or KeyError for one that is no corpus.
    """
    known: dict[Known, bool] = {}

    def add(library: str, reason: str, text: str, origin: str) -> None:
        one = Known(library, reason, text)
        known[one] = known.get(one, False) or origin == "recorded"

    for pattern in patternset.patterns:
        for example in pattern.examples:
            reason = example.reason or pattern.reason
            if reason is not None:
                add(pattern.library, reason.value, example.text, example.origin)
    for path in sorted(corpus.glob("*.jsonl")) if corpus else ():
        for line in path.read_bytes().splitlines():
            row = orjson.loads(line)
            if row["reason"]:
                add(row.get("library") or path.stem, row["reason"], row["text"], row["origin"])
    return known


def corpus_directory() -> Path | None:
    """Return the corpus of a checkout; None where only the wheel is installed."""
    corpus = shipped_directory().parent / "tests" / "corpus"
    return corpus if corpus.is_dir() else None


def unrecognised(known: Iterable[Known], matcher: Matcher) -> set[Known]:
    """Return those texts that the patterns give another reason, or none."""
    every = list(known)
    matches = matcher.match_all([one.text for one in every])
    return {
        one
        for one, match in zip(every, matches, strict=True)
        if match is None or match.reason != one.reason
    }


def coverage(
    patternset: PatternSet, known: Mapping[Known, bool], missed: Collection[Known]
) -> list[Covered]:
    """Return one row per library and reason that has patterns or known texts, in their order."""
    patterns = Counter((one.library, one.reason.value) for one in patternset.patterns if one.reason)
    texts = Counter((one.library, one.reason) for one in known)
    lost = Counter((one.library, one.reason) for one in missed)
    recorded = Counter((one.library, one.reason) for one, ran in known.items() if ran)
    return [
        Covered(*key, patterns[key], texts[key], texts[key] - lost[key], recorded[key])
        for key in sorted({*patterns, *texts})
    ]


def reason_codes(patternset: PatternSet) -> str:
    """Return docs/reason-codes.md: each code, what it means, and the texts that map to it."""
    lines = [
        "# Reason codes",
        "Made by `make reports` from the pattern files. A reason is what one rejection says; a",
        "cause is what an incident was. `owner` says who can act.",
    ]
    for reason in Reason:
        lines += ["", f"## {reason.value}", f"{MEANING[reason]} Owner: {owner(reason)}.", ""]
        lines += _texts_of(patternset, reason)
    return "\n".join(lines) + "\n"


def _texts_of(patternset: PatternSet, reason: Reason) -> Iterator[str]:
    titles = {one.name: one.title for one in patternset.libraries}
    by_library: dict[str, list[Pattern]] = {}
    for pattern in patternset.patterns:
        if pattern.reason is reason:
            by_library.setdefault(pattern.library, []).append(pattern)
    for library, patterns in by_library.items():
        texts = [_shown(one.examples[0].text) for one in patterns if one.examples]
        more = len(texts) - _SHOWN_TEXTS
        rest = f" and {more} more" if more > 0 else ""
        yield f"- {titles[library]}: {', '.join(texts[:_SHOWN_TEXTS])}{rest}"


def _shown(text: str) -> str:
    line = " ".join(text.split()).replace("`", "'")
    return f"`{line[:_SHOWN_CHARACTERS]}{'…' if len(line) > _SHOWN_CHARACTERS else ''}`"
