"""One pattern file: its types, and reading it. The format is docs/patterns.md.

Nothing is compiled here: that is the matcher's business, and a small run must not pay for regular
expressions it never needs.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from logclass import fragments
from logclass.errors import PatternError
from logclass.vocabulary import Outcome, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TIERS = ("library", "gateway", "family", "generic")
ORIGINS = ("recorded", "upstream source", "upstream test", "public issue", "written by hand")
GROUPS = frozenset(
    [
        "expected",
        "actual",
        "claim",
        "kid",
        "alg",
        "seconds",
        "expired_at",
        "not_before",
        "now",
        "status",
        "url",
    ]
)

_FILE_KEYS = frozenset(["library", "title", "tier", "homepage", "covers", "fragments", "pattern"])
_HEADER = re.compile(
    r"^[ \t]*\[\[[ \t]*pattern(\.example|\.counterexample)?[ \t]*\]\]", re.MULTILINE
)
_PATTERN_KEYS = frozenset(
    [
        "id",
        "reason",
        "outcome",
        "also",
        "regex",
        "literals",
        "expressions",
        "claim",
        "split",
        "over",
        "versions",
        "upstream",
    ]
)
_EXAMPLE_KEYS = frozenset(
    ["text", "origin", "version", "where", "captures", "reason", "also", "bare"]
)


@dataclass(frozen=True, slots=True)
class Example:
    """One text with what the patterns must make of it; of a counterexample only text counts."""

    text: str
    origin: str = ""
    version: str = ""
    captures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reason: Reason | None = None  # None: the reason of the pattern it belongs to
    also: tuple[Reason, ...] | None = None  # None: not checked
    bare: bool = False  # the pattern wants this text as a whole record, not inside another


@dataclass(frozen=True, slots=True)
class Library:
    """The head of one pattern file."""

    name: str
    title: str
    tier: str
    homepage: str
    covers: str
    file: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """When a record contains this text, it means this; see docs/patterns.md for each field."""

    id: str
    library: str
    tier: str
    title: str
    outcome: Outcome
    reason: Reason | None  # None unless the outcome is rejected
    also: tuple[Reason, ...]
    regex: str
    literals: tuple[str, ...]
    expressions: tuple[str, ...]
    over: tuple[str, ...]
    claim: str
    split: str
    versions: str
    upstream: str
    file: str
    example_tables: str  # their TOML, read when somebody asks: a matcher never does

    @property
    def examples(self) -> tuple[Example, ...]:
        """The texts it must match, in file order; raises PatternError where they are not valid."""
        return _read_examples(self.example_tables, f"{self.file}: {self.id}")[0]

    @property
    def counterexamples(self) -> tuple[Example, ...]:
        """The near misses it must not match; raises PatternError where they are not valid."""
        return _read_examples(self.example_tables, f"{self.file}: {self.id}")[1]


def read_file(path: Path) -> tuple[Library, tuple[Pattern, ...]]:
    """Return the head and the patterns of one file, in file order; raises PatternError."""
    where = str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PatternError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PatternError(f"{path}: not UTF-8: {error}") from error
    head, tables = _without_examples(text)
    data = _parsed(head, text, where)
    _known_keys(data, _FILE_KEYS, where)
    library = Library(
        name=_text(data, "library", where),
        title=_text(data, "title", where),
        tier=_one_of(_text(data, "tier", where), TIERS, "tier", where),
        homepage=_text(data, "homepage", where, default=""),
        covers=_text(data, "covers", where, default=""),
        file=where,
    )
    items = _tables(data, "pattern", where)
    if len(items) != len(tables):
        raise PatternError(
            f"{where}: write the header [[pattern]] on a line of its own, without quotes"
        )
    pieces = fragments.resolved(_fragments(data, where), where)
    return library, tuple(
        _pattern(item, library, pieces, table) for item, table in zip(items, tables, strict=True)
    )


def _without_examples(text: str) -> tuple[str, list[str]]:
    """Return the text without the example tables, and those of each pattern in turn.

    They are most of a file, and only checks read them. Headers are looked for at the beginning
    of lines, which no text inside a pattern has any reason to hold.
    """
    cuts = [*_HEADER.finditer(text)]
    head = [text[: cuts[0].start()] if cuts else text]
    tables: list[str] = []
    for place, cut in enumerate(cuts):
        end = cuts[place + 1].start() if place + 1 < len(cuts) else len(text)
        part = text[cut.start() : end]
        if cut[1] is not None and tables:
            tables[-1] += part
            continue
        head.append(part)
        if cut[1] is None:
            tables.append("")
    return "".join(head), tables


def _parsed(head: str, whole: str, where: str) -> dict[str, Any]:
    for text in (head, whole):  # the whole again, for a message with the line of the file
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            problem = error
        else:
            if text is head:
                return data
    raise PatternError(f"{where}: not valid TOML: {problem}") from problem


@lru_cache(maxsize=4096)
def _read_examples(tables: str, where: str) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    try:
        data = tomllib.loads(tables).get("pattern", {})
    except tomllib.TOMLDecodeError as error:
        raise PatternError(f"{where}: example: not valid TOML: {error}") from error
    return (
        tuple(_example(item, where) for item in _tables(data, "example", where)),
        tuple(_example(item, where) for item in _tables(data, "counterexample", where)),
    )


def _pattern(
    data: dict[str, Any], library: Library, pieces: Mapping[str, str], example_tables: str
) -> Pattern:
    where = f"{library.file}: {_text(data, 'id', library.file)}"
    _known_keys(data, _PATTERN_KEYS, where)
    outcome = Outcome(
        _one_of(_text(data, "outcome", where, default="rejected"), tuple(Outcome), "outcome", where)
    )
    reason = _reason(data["reason"], where) if "reason" in data else None
    if (reason is None) == (outcome is Outcome.REJECTED):
        raise PatternError(f"{where}: has a reason if and only if its outcome is rejected")
    return Pattern(
        id=data["id"],
        library=library.name,
        tier=library.tier,
        title=library.title,
        outcome=outcome,
        reason=reason,
        also=_reasons(data, where) or (),
        regex=fragments.expanded(_text(data, "regex", where), pieces, where),
        literals=_texts(data, "literals", where),
        expressions=tuple(
            fragments.expanded(text, pieces, where) for text in _texts(data, "expressions", where)
        ),
        over=_texts(data, "over", where),
        claim=_text(data, "claim", where, default=""),
        split=_text(data, "split", where, default=""),
        versions=_text(data, "versions", where, default=""),
        upstream=_text(data, "upstream", where, default=""),
        file=library.file,
        example_tables=example_tables,
    )


def _example(data: dict[str, Any], where: str) -> Example:
    _known_keys(data, _EXAMPLE_KEYS, where)
    captures = data.get("captures", {})
    if not isinstance(captures, dict):
        raise PatternError(f"{where}: captures must be a table of lists")
    return Example(
        text=_text(data, "text", where),
        origin=_text(data, "origin", where, default=""),
        version=_text(data, "version", where, default=""),
        captures={
            _one_of(key, tuple(sorted(GROUPS)), "group", where): _texts(captures, key, where)
            for key in captures
        },
        reason=_reason(data["reason"], where) if "reason" in data else None,
        also=_reasons(data, where),
        bare=data.get("bare") is True,
    )


def _reasons(data: dict[str, Any], where: str) -> tuple[Reason, ...] | None:
    if "also" not in data:
        return None
    return tuple(_reason(name, where) for name in _texts(data, "also", where))


def _reason(name: object, where: str) -> Reason:
    return Reason(_one_of(str(name), tuple(Reason), "reason", where))


def _text(data: dict[str, Any], key: str, where: str, default: str | None = None) -> str:
    value = data.get(key, default)
    if not isinstance(value, str) or (value == "" and default is None):
        raise PatternError(f"{where}: {key} is missing or not text")
    return value


def _texts(data: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise PatternError(f"{where}: {key} must be a list of text")
    return tuple(value)


def _tables(data: dict[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise PatternError(f"{where}: {key} must be written as [[...{key}]] tables")
    return value


def _fragments(data: dict[str, Any], where: str) -> dict[str, str]:
    value = data.get("fragments", {})
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise PatternError(f"{where}: fragments must be a table of text")
    return value


def _known_keys(data: dict[str, Any], known: frozenset[str], where: str) -> None:
    for key in data:
        _one_of(key, tuple(sorted(known)), "key", where)


def _one_of(value: str, known: tuple[str, ...], what: str, where: str) -> str:
    if value in known:
        return value
    close = difflib.get_close_matches(value, known, n=1, cutoff=0.5)
    hint = f", did you mean {str(close[0])!r}?" if close else f"; known: {', '.join(known)}"
    raise PatternError(f"{where}: unknown {what} {value!r}{hint}")
