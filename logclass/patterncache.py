"""Patterns as they were read and compiled the last time, kept in the user's cache folder.

Reading the pattern files and compiling the scan takes longer than a small bundle. What is kept is
named by what it was made from, so that it is never out of date; a cache that cannot be read or
written is no error, only slower. Compiled patterns are loaded as they are: a folder that somebody
else owns or may write to is not used.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from dataclasses import dataclass, replace
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from logclass import __version__
from logclass.expressions import Expressions
from logclass.matcher import Matcher
from logclass.narrow import narrowed
from logclass.passages import Foreign
from logclass.patternfile import Library, Pattern
from logclass.patternset import PatternSet, files_of, load
from logclass.prefilter import Prefilter
from logclass.scanner import Scanner, default_engine
from logclass.vocabulary import Outcome, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEPT_FILES = 16  # four for each set of patterns
_NARROW = ".narrow"
_SUFFIXES = {".json", ".scan", ".regex", _NARROW}
_FORM = "4"  # of what is kept; another one makes everything anew


@dataclass(frozen=True, slots=True)
class Prepared:
    """Patterns, ready to scan with."""

    patternset: PatternSet
    prefilter: Prefilter
    expressions: Expressions
    place: Path | None = None  # the files it is kept in, but for their suffixes

    def matcher(self) -> Matcher:
        """Return a matcher that uses what was prepared."""
        return Matcher(self.patternset, prefilter=self.prefilter, expressions=self.expressions)

    def for_much(self) -> Prepared:
        """Return the same with a faster scan, which takes longer to prepare."""
        full = self.prefilter.scanner
        if full is None:
            return self
        narrow = None if self.place is None else _scanner(self.place.with_suffix(_NARROW))
        if narrow is None:
            narrow = narrowed(full, self.patternset.literals, self.patternset.expressions)
            if self.place is not None:
                _keep({self.place.with_suffix(_NARROW): narrow.stored_form()})
        return replace(self, prefilter=Prefilter(self.patternset, scanner=full, narrow=narrow))


def prepare(directories: Sequence[Path] = (), cache: Path | None = None) -> Prepared:
    """Return the shipped patterns and those of the given folders, compiled.

    cache: the folder to keep them in; None keeps nothing. Raises PatternError as `load` does.
    """
    place = cache / _name(directories) if cache is not None and _is_ours(cache) else None
    expressions = Expressions(place and place.with_suffix(".regex"))
    known = None if place is None else _read(place, expressions)
    if known is not None:
        return known
    patternset = load(directories)
    prepared = Prepared(patternset, Prefilter(patternset), expressions, place)
    if place is not None:
        _write(place, prepared)
    return prepared


def _is_ours(folder: Path) -> bool:
    """Return whether nobody but this user can have written what the folder holds."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.stat()
    except OSError:
        return False
    if not hasattr(os, "geteuid"):
        return True  # Windows keeps others out of a user's own folders
    return state.st_uid == os.geteuid() and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _name(directories: Sequence[Path]) -> str:
    """Return a name that changes with the files, the program and what it compiles with."""
    made_from: list[object] = [_FORM, __version__, sys.implementation.cache_tag, default_engine()]
    made_from += [_version("hyperscan"), _version("regex")]
    made_from += [(str(path), *_state(path)) for path in files_of(directories)]
    return blake2b(repr(made_from).encode(), digest_size=12).hexdigest()


def _state(path: Path) -> tuple[int, ...]:
    try:
        state = path.stat()
    except OSError:
        return ()  # `load` says what is wrong with it
    return state.st_size, state.st_mtime_ns


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _read(place: Path, expressions: Expressions) -> Prepared | None:
    try:
        held = orjson.loads(place.with_suffix(".json").read_bytes())
        patternset = PatternSet(
            tuple(_pattern(one) for one in held["patterns"]),
            tuple(_library(one) for one in held["libraries"]),
        )
        database = place.with_suffix(".scan").read_bytes()
        scanner = Scanner.stored(database) if database else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Prepared(patternset, Prefilter(patternset, scanner=scanner), expressions, place)


def _scanner(path: Path) -> Scanner | None:
    try:
        return Scanner.stored(path.read_bytes())
    except (OSError, ValueError):
        return None


def _pattern(held: dict[str, Any]) -> Pattern:
    for name in ("also", "literals", "expressions", "over"):
        held[name] = tuple(held[name])
    pattern = Pattern(**held)
    return replace(
        pattern,
        outcome=Outcome(pattern.outcome),
        reason=Reason(pattern.reason) if pattern.reason else None,
        also=tuple(map(Reason, pattern.also)),
    )


def _library(held: dict[str, Any]) -> Library:
    foreign = tuple(
        Foreign(**{**one, "examples": tuple(one["examples"])}) for one in held.pop("foreign")
    )
    return Library(**held, foreign=foreign)


def _write(place: Path, prepared: Prepared) -> None:
    scanner = prepared.prefilter.scanner
    _keep(
        {
            place.with_suffix(".scan"): scanner.stored_form() if scanner else b"",
            place.with_suffix(".json"): _written(prepared),
        }
    )


def _keep(files: dict[Path, bytes]) -> None:
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, unfinished = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(unfinished).replace(path)
            _forget_all_but_latest(path.parent)
    except OSError:
        return  # a full or read-only disk: the next run is as slow as this one


def _forget_all_but_latest(folder: Path) -> None:
    own = [path for path in folder.iterdir() if path.suffix in _SUFFIXES]
    kept = sorted(own, key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in kept[_KEPT_FILES:]:
        path.unlink(missing_ok=True)


def _written(prepared: Prepared) -> bytes:
    patternset = prepared.patternset
    return orjson.dumps({"patterns": patternset.patterns, "libraries": patternset.libraries})
