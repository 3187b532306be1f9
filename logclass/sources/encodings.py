"""Text that is not UTF-8 → UTF-8: what PowerShell's `>` and other Windows tools write."""

from __future__ import annotations

import codecs
import io
from typing import IO, TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

BOM = codecs.BOM_UTF8
_PIECE_BYTES = 256 * 1024
_BY_BOM = {  # longest first: the one of UTF-16 begins the one of UTF-32
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_LEAST_ZEROS = 16  # no encoding of text begins so
_LEAST_BYTES = 8  # below this, zeros say nothing


def name(raw: str) -> str:
    r"""Return a file's name as UTF-8 can carry it: a byte that is none is written as `\udcff`."""
    return raw.encode("utf-8", "backslashreplace").decode("utf-8")


def as_utf8(stream: io.BufferedReader, head: bytes) -> io.BufferedReader:
    """Return the stream as UTF-8 without byte order mark; other encodings are left alone.

    head: the first bytes, which are still to be read. What cannot be decoded is replaced.
    """
    if head.startswith(BOM):
        stream.read(len(BOM))
        return stream
    encoding = _encoding(head)
    if not encoding:
        return stream
    return io.BufferedReader(_Recoded(stream, encoding), _PIECE_BYTES)


def skip_zeros(stream: io.BufferedReader, take: Callable[[int], None]) -> int:
    """Read the zeros that a stream begins with, and return how many they are.

    They stand where a log was cut (logrotate's copytruncate) whose writer went on at its old place.
    take: is told of bytes as they are read, and may raise.
    """
    skipped = 0
    while stream.peek(_LEAST_ZEROS)[:_LEAST_ZEROS].count(0) == _LEAST_ZEROS:
        piece = stream.peek(_LEAST_ZEROS)
        zeros = len(piece) - len(piece.lstrip(b"\0"))
        stream.read(zeros)
        take(zeros)
        skipped += zeros
    return skipped


def _encoding(head: bytes) -> str:
    for mark, encoding in _BY_BOM.items():
        if head.startswith(mark):
            return encoding
    if len(head) < _LEAST_BYTES:
        return ""
    # The letters of logs have a zero as every other byte; nothing else has.
    first, second = (head[side::2].count(0) / len(head) * 2 for side in (0, 1))
    if second > 0.7 and first < 0.1:
        return "utf-16-le"
    return "utf-16-be" if first > 0.7 and second < 0.1 else ""


class _Recoded(io.RawIOBase):
    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._left = b""
        self._is_done = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        while not self._left and not self._is_done:
            piece = self._stream.read(_PIECE_BYTES)
            self._is_done = not piece
            text = self._decoder.decode(piece, final=self._is_done)
            self._left = text.encode("utf-8", "replace")
        found, self._left = self._left[: len(view)], self._left[len(view) :]
        view[: len(found)] = found
        return len(found)
