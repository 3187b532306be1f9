"""Compiled expressions, kept in a file from one run to the next.

`regex` compiles in Python, a millisecond or more for each expression, and what it made loads fifty
times faster. The file is only ever added to, one whole entry in one write, so that processes need
not wait for each other; what is damaged or torn is compiled anew.
"""

from __future__ import annotations

import copyreg
import marshal
import os
import struct
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, cast

import regex

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    _Reduce = Callable[[regex.Pattern[str]], tuple[Callable[..., regex.Pattern[str]], Any]]

_HEADER = struct.Struct("<16s16sI")  # digest of the expression, of what was made of it; its length

# How `regex` itself pickles what it compiled: a function, and what to call it with.
_REDUCE: _Reduce = cast("_Reduce", copyreg.dispatch_table[regex.Pattern])
_RESTORE = _REDUCE(regex.compile(""))[0]


class Expressions:
    """Compiles expressions, or takes them from the file where they were compiled before."""

    def __init__(self, place: Path | None = None) -> None:
        """place: the file; None keeps nothing. Its name tells the version of `regex`."""
        self._place = place
        self._kept: dict[bytes, bytes] | None = None if place else {}

    def compiled(self, expression: str) -> regex.Pattern[str]:
        """Return a compiled expression; raises regex.error where it is not valid."""
        if self._kept is None:
            self._kept = self._read()
        name = _digest(expression.encode("utf-8", "surrogatepass"))
        kept = self._kept.get(name)
        known = None if kept is None else _restored(kept, expression)
        if known is not None:
            return known
        compiled = regex.compile(expression)
        if self._place is not None:
            self._add(name, compiled)
        return compiled

    def _read(self) -> dict[bytes, bytes]:
        try:
            held = self._place.read_bytes() if self._place else b""
        except OSError:
            return {}
        kept: dict[bytes, bytes] = {}
        at = 0
        while at + _HEADER.size <= len(held):
            name, digest, length = _HEADER.unpack_from(held, at)
            made = held[at + _HEADER.size : at + _HEADER.size + length]
            if _digest(made) != digest:
                break
            kept[name] = made
            at += _HEADER.size + length
        if at < len(held):
            self._cut(at)
        return kept

    def _cut(self, size_bytes: int) -> None:
        """Drop a torn entry and what is behind it: nobody knows where the next one begins."""
        try:
            os.truncate(str(self._place), size_bytes)
        except OSError:
            self._place = None

    def _add(self, name: bytes, compiled: regex.Pattern[str]) -> None:
        made = marshal.dumps(_REDUCE(compiled)[1])
        entry = _HEADER.pack(name, _digest(made), len(made)) + made
        try:
            handle = os.open(str(self._place), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, entry)
            finally:
                os.close(handle)
        except OSError:
            self._place = None  # no such folder, a full or a read-only disk: slower, no error


def _restored(made: bytes, expression: str) -> regex.Pattern[str] | None:
    try:
        compiled = _RESTORE(*marshal.loads(made))  # noqa: S302 - from the user's own cache folder
    except (ValueError, TypeError, EOFError):
        return None
    return compiled if compiled.pattern == expression else None


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()
