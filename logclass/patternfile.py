"""One pattern file: its types, and reading it. The format is docs/patterns.md.

Nothing is compiled here: that is the matcher's business, and a small run must not pay for regular
expressions it never needs.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from logclass.errors import PatternError
from logclass.passages import Foreign
from logclass.speech import Speech
from logclass.tomlvalues import known_keys, one_of, tables_of, text_of, texts_of
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
        "release",
        "status",
        "url",
    ]
)

_FILE_KEYS = frozenset(
    ["library", "title", "tier", "homepage", "covers", "foreign", "words", "fragments", "pattern"]
)
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
        "says",
        "names",
        "found_by",
        "literals",
        "expressions",
        "claim",
        "split",
        "over",
        "versions",
        "guarded",
        "upstream",
    ]
)
_FOREIGN_KEYS = frozenset(["what", "words", "unless", "line", "unsaid", "examples"])
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
    foreign: tuple[
        Foreign, ...
    ] = ()  # what the weak tiers must not read, whatever file they are of


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
    guarded: bool  # everybody writes so: it must not stand in foreign talk
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
    known_keys(data, _FILE_KEYS, where)
    library = Library(
        name=text_of(data, "library", where),
        title=text_of(data, "title", where),
        tier=one_of(text_of(data, "tier", where), TIERS, "tier", where),
        homepage=text_of(data, "homepage", where, default=""),
        covers=text_of(data, "covers", where, default=""),
        file=where,
        foreign=tuple(_foreign(item, where) for item in tables_of(data, "foreign", where)),
    )
    items = tables_of(data, "pattern", where)
    if len(items) != len(tables):
        raise PatternError(
            f"{where}: write the header [[pattern]] on a line of its own, without quotes"
        )
    speech = Speech.of(data, where)
    return library, tuple(
        _pattern(item, library, speech, table) for item, table in zip(items, tables, strict=True)
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
        tuple(_example(item, where) for item in tables_of(data, "example", where)),
        tuple(_example(item, where) for item in tables_of(data, "counterexample", where)),
    )


def _pattern(
    data: dict[str, Any], library: Library, speech: Speech, example_tables: str
) -> Pattern:
    where = f"{library.file}: {text_of(data, 'id', library.file)}"
    known_keys(data, _PATTERN_KEYS, where)
    outcome = Outcome(
        one_of(
            text_of(data, "outcome", where, default="rejected"), tuple(Outcome), "outcome", where
        )
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
        regex=speech.regex(data, where),
        literals=speech.literals(data, where),
        expressions=speech.expressions(data, where),
        over=texts_of(data, "over", where),
        claim=text_of(data, "claim", where, default=""),
        split=text_of(data, "split", where, default=""),
        versions=text_of(data, "versions", where, default=""),
        guarded=data.get("guarded") is True,
        upstream=text_of(data, "upstream", where, default=""),
        file=library.file,
        example_tables=example_tables,
    )


def _foreign(data: dict[str, Any], where: str) -> Foreign:
    known_keys(data, _FOREIGN_KEYS, where)
    return Foreign(
        what=text_of(data, "what", where),
        words=text_of(data, "words", where),
        unless=text_of(data, "unless", where, default=""),
        line=data.get("line") is True,
        unsaid=data.get("unsaid") is True,
        examples=texts_of(data, "examples", where),
    )


def _example(data: dict[str, Any], where: str) -> Example:
    known_keys(data, _EXAMPLE_KEYS, where)
    captures = data.get("captures", {})
    if not isinstance(captures, dict):
        raise PatternError(f"{where}: captures must be a table of lists")
    return Example(
        text=text_of(data, "text", where),
        origin=text_of(data, "origin", where, default=""),
        version=text_of(data, "version", where, default=""),
        captures={
            one_of(key, tuple(sorted(GROUPS)), "group", where): texts_of(captures, key, where)
            for key in captures
        },
        reason=_reason(data["reason"], where) if "reason" in data else None,
        also=_reasons(data, where),
        bare=data.get("bare") is True,
    )


def _reasons(data: dict[str, Any], where: str) -> tuple[Reason, ...] | None:
    if "also" not in data:
        return None
    return tuple(_reason(name, where) for name in texts_of(data, "also", where))


def _reason(name: object, where: str) -> Reason:
    return Reason(one_of(str(name), tuple(Reason), "reason", where))
