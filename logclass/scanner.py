"""Many literals and expressions at once over raw bytes, by Hyperscan."""

from __future__ import annotations

import re
import threading
from array import array
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from logclass.errors import PatternError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Engine = Literal["hyperscan", "re2"]


def default_engine() -> Engine:
    """Return "hyperscan" where it can be imported, else "re2"."""
    try:
        import hyperscan  # noqa: F401
    except ImportError:
        return "re2"
    return "hyperscan"


class Scanner:
    """A compiled Hyperscan database; may be pickled, and used from several threads.

    Source: Hyperscan developer reference, block mode, HS_FLAG_CASELESS.
    """

    def __init__(self, literals: Sequence[str], expressions: Sequence[str]) -> None:
        import hyperscan

        everything = [re.escape(text) for text in literals] + list(expressions)
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        try:
            database.compile(
                expressions=[text.encode() for text in everything],
                ids=list(range(len(everything))),
                flags=[hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_MULTILINE] * len(everything),
            )
        except hyperscan.error as error:
            raise PatternError(f"prefilter does not compile: {error}") from error
        self._adopt(database)

    def _adopt(self, database: Any) -> None:  # noqa: ANN401 - hyperscan has no usable types
        self._database = database
        self._local = threading.local()

    @classmethod
    def stored(cls, state: bytes) -> Scanner:
        """Return the scanner of a `stored_form`; raises ValueError where it is damaged."""
        scanner = cls.__new__(cls)
        scanner.__setstate__(state)
        return scanner

    def stored_form(self) -> bytes:
        """Return the database as bytes for the same version of Hyperscan on the same machine."""
        import hyperscan

        return bytes(hyperscan.dumpb(self._database))

    def __getstate__(self) -> bytes:
        return self.stored_form()

    def __setstate__(self, state: bytes) -> None:
        import hyperscan

        try:
            self._adopt(hyperscan.loadb(state, hyperscan.HS_MODE_BLOCK))
            self._scratch()
        except hyperscan.error as error:
            raise ValueError(f"not a database of this Hyperscan: {error}") from error

    def _scratch(self) -> Any:  # noqa: ANN401
        # one per thread: Hyperscan refuses to share it between scans that overlap
        scratch = getattr(self._local, "scratch", None)
        if scratch is None:
            import hyperscan

            scratch = self._local.scratch = hyperscan.Scratch(self._database)
        return scratch

    def ends(self, data: bytes | memoryview | NDArray[np.uint8]) -> NDArray[np.int64]:
        """Return the offset just after each hit, unsorted, the same one possibly twice."""
        found = array("q")  # numbers, not objects: a sender may write nothing but hits
        add = found.append

        def on_hit(_term: int, _start: int, end: int, _flags: int, _context: object) -> None:
            add(end)

        self._database.scan(data, match_event_handler=on_hit, scratch=self._scratch())
        return np.array(found, dtype=np.int64)

    def hits(self, data: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the number of the term and the offset just after it, for each hit."""
        terms, ends = array("q"), array("q")
        add_term, add_end = terms.append, ends.append

        def on_hit(term: int, _start: int, end: int, _flags: int, _context: object) -> None:
            add_term(term)
            add_end(end)

        self._database.scan(data, match_event_handler=on_hit, scratch=self._scratch())
        return np.array(terms, dtype=np.int64), np.array(ends, dtype=np.int64)
