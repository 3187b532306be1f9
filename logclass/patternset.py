"""All pattern files together: the shipped ones and those of the user."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from logclass.errors import PatternError
from logclass.patternfile import Example, Library, Pattern, read_file
from logclass.queries import EXPRESSION
from logclass.vocabulary import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logclass.passages import Foreign

__all__ = ["Example", "Library", "Pattern", "PatternSet", "files_of", "load", "load_files"]


@dataclass(frozen=True, slots=True)
class PatternSet:
    """All patterns, in order of id."""

    patterns: tuple[Pattern, ...]
    libraries: tuple[Library, ...] = ()

    @property
    def foreign(self) -> tuple[Foreign, ...]:
        """What the weak tiers do not read, of all files."""
        return tuple(kind for library in self.libraries for kind in library.foreign)

    @property
    def literals(self) -> tuple[str, ...]:
        """Every literal of what is read in full once, sorted, in lower case."""
        return self.literals_of(passing=False)

    @property
    def expressions(self) -> tuple[str, ...]:
        """Every prefilter expression of what is read in full once, sorted."""
        return self.expressions_of(passing=False)

    def literals_of(self, *, passing: bool) -> tuple[str, ...]:
        """Return the literals of the patterns of requests that passed, or of all others.

        What passes may be every line of a log, so it is not searched for in all of them.
        """
        own = (one for one in self.patterns if is_passing(one) is passing)
        return tuple(sorted({text.lower() for one in own for text in one.literals}))

    def expressions_of(self, *, passing: bool) -> tuple[str, ...]:
        """Return the expressions of the patterns of requests that passed, or of all others.

        With the others stands what finds the words that coats hide, which may be anybody's.
        """
        own = [one for one in self.patterns if is_passing(one) is passing]
        found = {text for one in own for text in one.expressions}
        return tuple(sorted(found | {EXPRESSION} if own and not passing else found))


def is_passing(pattern: Pattern) -> bool:
    """Return whether a pattern tells of requests that passed."""
    return pattern.outcome is Outcome.ACCEPTED


def shipped_directory() -> Path:
    """Return the folder of the shipped patterns: inside the wheel, or of the checkout."""
    here = Path(__file__).resolve().parent
    inside = here / "patterns"
    return inside if inside.is_dir() else here.parent / "patterns"


def load(directories: Sequence[Path] = ()) -> PatternSet:
    """Return the shipped patterns together with those in the given folders.

    Raises PatternError when a folder or file cannot be read, a file breaks the format, or an id
    or a library is defined twice.
    """
    return load_files(files_of(directories))


def files_of(directories: Sequence[Path] = ()) -> list[Path]:
    """Return the shipped pattern files and those in the given folders.

    Raises PatternError for a folder that is not there or holds none.
    """
    return [path for one in (shipped_directory(), *directories) for path in _files_in(one)]


def load_files(files: Iterable[Path]) -> PatternSet:
    """Return the patterns of exactly these files; raises PatternError as `load` does."""
    patterns: dict[str, Pattern] = {}
    libraries: dict[str, Library] = {}
    for path in files:
        library, found = read_file(path)
        if library.name in libraries:
            raise PatternError(
                f"{path}: library {library.name!r} is also in {libraries[library.name].file}"
            )
        libraries[library.name] = library
        for pattern in found:
            if pattern.id in patterns:
                raise PatternError(f"{path}: {pattern.id}: this id is used twice")
            patterns[pattern.id] = pattern
    return PatternSet(
        tuple(patterns[key] for key in sorted(patterns)),
        tuple(libraries[key] for key in sorted(libraries)),
    )


def _files_in(directory: Path) -> list[Path]:
    """Return the pattern files of a folder, sorted; raises PatternError where there is none."""
    if not directory.is_dir():
        raise PatternError(f"{directory}: no such folder of pattern files")
    found = sorted(directory.glob("*.toml"))
    if not found:  # a wrong folder must not pass as one whose patterns are all right
        raise PatternError(f"{directory}: no pattern file (*.toml) in this folder")
    return found
