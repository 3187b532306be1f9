"""Which records can hold anything a pattern matches: one scan over the raw bytes.

Hyperscan where there is a wheel for the platform, Arrow's RE2 elsewhere. Both may name a record
too many, never one too few: the patterns decide.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import regex

from logclass.patternset import is_passing
from logclass.scanner import Scanner, default_engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from logclass.patternset import PatternSet
    from logclass.scanner import Engine

_PATIENCE_SECONDS = 0.1
_RE2_TERMS = 250  # more in one alternation, and RE2 runs out of memory for states and crawls
_BETWEEN = b"\0\0\n\0\0"  # between texts: no gap that an expression allows is so wide and odd
_NUMBER = re.compile(r"\d{4,}")
# What a line that names the key of a token, or holds one, has: accepted.py says what it tells.
TELLS_KEY = (
    r"(?:kid|key[_-]?id|key[_-]?version)[\"'\\]{0,3} ?[:=]",
    r"eyj[a-z0-9_-]{8,}[.]eyj",
)


def numbers_of(patternset: PatternSet) -> frozenset[bytes]:
    """Return the numbers that patterns name: what one says of a number, it says of no other."""
    return frozenset(
        number.encode() for one in patternset.patterns for number in _NUMBER.findall(one.regex)
    )


class Terms:
    """What is searched for: the literals, then the expressions, and the patterns behind each."""

    def __init__(self, patternset: PatternSet, *, passing: bool = False) -> None:
        """Take the terms of the patterns of requests that passed, or of all others."""
        self.literals = patternset.literals_of(passing=passing)
        self.expressions = patternset.expressions_of(passing=passing)
        owners: dict[str, list[int]] = {}
        for index, pattern in enumerate(patternset.patterns):
            if is_passing(pattern) is not passing:
                continue
            own = {text.lower() for text in pattern.literals}  # one may stand there twice
            for key in own | {"\0" + text for text in pattern.expressions}:
                owners.setdefault(key, []).append(index)
        keys = [*self.literals, *("\0" + text for text in self.expressions)]
        self.owners: tuple[tuple[int, ...], ...] = tuple(
            tuple(owners.get(key, ()))
            for key in keys  # what coats hide is nobody's
        )


class Prefilter:
    """Tells which records of a block are candidates; cheap to pickle into worker processes."""

    def __init__(
        self,
        patternset: PatternSet,
        engine: Engine | None = None,
        scanner: Scanner | None = None,
        narrow: Scanner | None = None,
        *,
        passing: bool = False,
    ) -> None:
        """scanner: of the same patterns, compiled before. narrow: one that hits the same records.

        See narrow.py. passing: for the patterns of requests that passed, else for all others.
        """
        self._narrow = narrow
        self._patternset = patternset
        self.engine: Engine = engine or default_engine()
        literals = patternset.literals_of(passing=passing)
        expressions = patternset.expressions_of(passing=passing)
        if passing:
            expressions = (*expressions, *TELLS_KEY)
        self.numbers = numbers_of(patternset)
        self._passing: Prefilter | None = None
        self._empty = not literals and not expressions
        self.scanner: Scanner | None = None  # only with Hyperscan
        self._alternations: list[str] = []
        if self._empty:
            return
        if self.engine == "hyperscan":
            self.scanner = scanner or Scanner(literals, expressions)
        else:
            parts = [re.escape(text) for text in literals]
            self._alternations = ["|".join(group) for group in _groups(parts)]
            parts = [f"(?:{text})" for text in expressions]
            self._alternations += ["(?m)" + "|".join(group) for group in _groups(parts)]

    @property
    def passing(self) -> Prefilter:
        """The same for records that may tell of requests that passed."""
        if self._passing is None:
            self._passing = Prefilter(self._patternset, self.engine, passing=True)
        return self._passing

    def hits(
        self,
        data: bytes | memoryview | NDArray[np.uint8],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> NDArray[np.bool_]:
        """Return, for each record data[starts[i]:ends[i]], whether anything in it is a hit.

        The records are byte ranges in ascending order that do not overlap. A superset is
        returned: a hit that begins in the record before counts for the one in which it ends.
        """
        if self._empty or not len(starts):
            return np.zeros(len(starts), dtype=np.bool_)
        if self.scanner is not None:
            return _holders((self._narrow or self.scanner).ends(data), starts, ends)
        return _re2_hits(self._alternations, data, starts, ends)


def _holders(
    hits: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which records hold the last byte of one of the hits."""
    mask = np.zeros(len(starts), dtype=np.bool_)
    last = hits - 1
    record = np.searchsorted(starts, last, side="right") - 1
    inside = (record >= 0) & (last < ends[record])
    mask[record[inside]] = True
    return mask


def _groups(parts: list[str]) -> list[list[str]]:
    return [parts[at : at + _RE2_TERMS] for at in range(0, len(parts), _RE2_TERMS)]


def _re2_hits(
    alternations: list[str],
    data: bytes | memoryview | NDArray[np.uint8],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> NDArray[np.bool_]:
    import pyarrow as pa
    import pyarrow.compute as pc

    # The block itself is the values buffer: records and the gaps between them in turn, no copy.
    offsets = np.empty(2 * len(starts), dtype=np.int64)
    offsets[0::2], offsets[1::2] = starts, ends
    array = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(),
        len(offsets) - 1,
        [None, pa.py_buffer(offsets), pa.py_buffer(data)],
    )
    found: NDArray[np.bool_] = np.zeros(len(array), dtype=np.bool_)
    for alternation in alternations:
        mask = pc.match_substring_regex(array, alternation, ignore_case=True)
        found |= mask.to_numpy(zero_copy_only=False)
    return found[0::2]


class Finder:
    """Finds, for many short texts at once, the patterns whose terms stand in each."""

    _FEW, _LITTLE = 32, 16_384  # texts, characters: to compile a database for less costs more

    def __init__(
        self,
        patternset: PatternSet,
        engine: Engine | None = None,
        scanner: Scanner | None = None,
        *,
        passing: bool = False,
    ) -> None:
        self._terms = Terms(patternset, passing=passing)
        self._engine: Engine = engine or default_engine()
        self._scanner = scanner
        self._compiled: list[regex.Pattern[str]] | None = None

    def candidates(self, texts: Sequence[str]) -> dict[int, list[int]]:
        """Return, by place in `texts`, the numbers of the candidate patterns; absent for none."""
        if not self._terms.owners or not texts:
            return {}
        if self._engine == "hyperscan" and (self._scanner or self._is_much(texts)):
            return self._scanned(texts)
        return self._tried(texts)

    def _is_much(self, texts: Sequence[str]) -> bool:
        return len(texts) >= self._FEW or sum(map(len, texts)) > self._LITTLE

    def _scanned(self, texts: Sequence[str]) -> dict[int, list[int]]:
        if self._scanner is None:
            self._scanner = Scanner(self._terms.literals, self._terms.expressions)
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        terms, ends = self._scanner.hits(_BETWEEN.join(encoded))
        if not len(terms):
            return {}
        sizes = np.fromiter(map(len, encoded), np.int64, len(encoded))
        limits = np.cumsum(sizes + len(_BETWEEN))
        owners = self._terms.owners
        pairs = np.unique(np.searchsorted(limits, ends, side="left") * len(owners) + terms)
        result: dict[int, list[int]] = {}
        for pair in pairs.tolist():
            place, term = divmod(pair, len(owners))
            known = result.get(place)
            if known is None:
                result[place] = list(owners[term])
            else:
                known.extend(index for index in owners[term] if index not in known)
        return result

    def _tried(self, texts: Sequence[str]) -> dict[int, list[int]]:
        literals, owners = self._terms.literals, self._terms.owners
        if self._compiled is None:
            self._compiled = [
                regex.compile(text, regex.IGNORECASE | regex.MULTILINE)
                for text in self._terms.expressions
            ]
        result: dict[int, list[int]] = {}
        for place, text in enumerate(texts):
            lower = text.lower()
            hit = [number for number, literal in enumerate(literals) if literal in lower]
            hit += [
                number
                for number, compiled in enumerate(self._compiled, len(literals))
                if _may_hit(compiled, text)
            ]
            if hit:
                result[place] = list(dict.fromkeys(i for number in hit for i in owners[number]))
        return result


def _may_hit(compiled: regex.Pattern[str], text: str) -> bool:
    try:
        return compiled.search(text, timeout=_PATIENCE_SECONDS) is not None
    except TimeoutError:
        return True  # the pattern itself decides, on its own time
