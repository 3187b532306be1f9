"""How much may come out of one compressed file: the guard against archives that never end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LEAST_BYTES = 2 * 1024**3
MOST_TIMES = 2000  # gzip reaches 1032, on nothing but zeros; logs reach 20 to 200


class TooMuchError(OSError):
    """A file unpacks to more than a log can."""

    kind = "bomb"


class Budget:
    """Counts what was unpacked from one file, however deep its archives are nested."""

    def __init__(self, stored_bytes: int | None) -> None:
        self._left = LEAST_BYTES + MOST_TIMES * (stored_bytes or 0)

    def counted(self, read: Callable[[int], bytes]) -> Callable[[int], bytes]:
        """Return `read` such that what it reads is allowed for: of a pipe no size is known."""

        def counting(size_bytes: int) -> bytes:
            data = read(size_bytes)
            self._left += MOST_TIMES * len(data)
            return data

        return counting

    @property
    def is_spent(self) -> bool:
        """Return whether no more may be unpacked."""
        return self._left < 0

    def take(self, count_bytes: int) -> None:
        """Count bytes. Raises TooMuchError beyond the budget."""
        self._left -= count_bytes
        if self._left < 0:
            raise TooMuchError("it unpacks to more than a log can: reading stopped here")
