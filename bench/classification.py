"""Print how well texts are classified: per library, on the negatives, and by general packs alone.

`python bench/classification.py` reads tests/corpus and needs nothing else. The second table leaves
every exact pack out: what families, error-names and generic make of texts nobody listed.
"""

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from logclass.matcher import Matcher
from logclass.patternset import PatternSet, load
from logclass.precedence import Match
from logclass.vocabulary import Outcome

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "corpus"
GENERAL = ("family", "generic")  # the tiers that know no library
Row = dict[str, Any]


def rows_of(path: Path) -> list[Row]:
    """Return the rows of one corpus file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def general(patternset: PatternSet) -> PatternSet:
    """Return the patterns of the weak tiers alone."""
    patterns = tuple(one for one in patternset.patterns if one.tier in GENERAL)
    return PatternSet(patterns, patternset.libraries)


def has_reason(row: Row, match: Match | None) -> bool:
    """Tell whether outcome and reason are those of the corpus."""
    if match is None:
        return row["outcome"] in ("none", None)
    return (match.outcome.value, match.reason) == (row["outcome"], row["reason"])


def has_values(row: Row, match: Match | None) -> bool:
    """Tell whether every value the corpus names was captured."""
    got = match.captures if match else {}
    return all(got.get(name) == tuple(said) for name, said in row["captures"].items())


def has_library(row: Row, match: Match | None) -> bool:
    """Tell whether the library is the one of the corpus; a text of nobody may name any."""
    return row["library"] is None or (match is not None and match.library == row["library"])


def share(good: int, whole: int) -> str:
    """Return a share in per cent, or a dash for nothing."""
    return f"{good / whole:8.1%}" if whole else "       -"


def score(rows: list[Row], matcher: Matcher, check: Callable[[Row, Match | None], bool]) -> int:
    """Return how many rows pass the check."""
    matches = matcher.match_all([row["text"] for row in rows])
    return sum(check(row, match) for row, match in zip(rows, matches, strict=True))


def table(corpora: dict[str, list[Row]], whole: Matcher, weak: Matcher) -> None:
    """Print one line per library, and the sums."""
    print(f"{'library':28}{'texts':>6} {'reason':>8}{'captures':>9}{'library':>8}{'left out':>9}")
    total: Counter[str] = Counter()
    for name, rows in corpora.items():
        rejected = [row for row in rows if row["reason"]]
        valued = [row for row in rows if row["captures"]]
        named = [row for row in rejected if row["library"]]
        counts = {
            "texts": len(rows),
            "reason": score(rows, whole, has_reason),
            "valued": len(valued),
            "captures": score(valued, whole, has_values),
            "named": len(named),
            "library": score(named, whole, has_library),
            "rejected": len(rejected),
            "left": score(rejected, weak, has_reason),
        }
        total.update(counts)
        total.update({f"{key} {half(name)}": counts[key] for key in ("rejected", "left")})
        print(line(name, counts))
    print(line("all", total))
    for side in ("even", "odd"):
        alone = share(total[f"left {side}"], total[f"rejected {side}"])
        print(f"general packs alone, libraries with an {side} hash: {alone.strip()}")


def line(name: str, counts: Counter[str] | dict[str, int]) -> str:
    """Return one line of the table."""
    return (
        f"{name:28}{counts['texts']:6} {share(counts['reason'], counts['texts'])}"
        f" {share(counts['captures'], counts['valued'])}{share(counts['library'], counts['named'])}"
        f" {share(counts['left'], counts['rejected'])}"
    )


def half(library: str) -> str:
    """Return the half a library belongs to, one to learn from and one to see it on."""
    return "odd" if hashlib.sha256(library.encode()).digest()[0] % 2 else "even"


def negatives(rows: list[Row], matcher: Matcher, title: str, *, shown: bool) -> None:
    """Print the share of negatives taken for rejections, and which, when asked."""
    matches = matcher.match_all([row["text"] for row in rows])
    wrong = [
        (row, match)
        for row, match in zip(rows, matches, strict=True)
        if match is not None and match.outcome is Outcome.REJECTED
    ]
    print(f"false positives, {title}: {len(wrong)} of {len(rows)} ({len(wrong) / len(rows):.1%})")
    for row, match in wrong if shown else ():
        print(f"  {match.pattern}: {row['text'][:120]!r}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="show the negatives that match")
    asked = parser.parse_args()
    patternset = load()
    whole, weak = Matcher(patternset), Matcher(general(patternset))
    corpora = {path.stem: rows_of(path) for path in sorted(CORPUS.glob("*.jsonl"))}
    refused = corpora.pop("negative")
    table(corpora, whole, weak)
    negatives(refused, whole, "all packs", shown=asked.wrong)
    negatives(refused, weak, "general packs alone", shown=asked.wrong)


if __name__ == "__main__":
    main()
