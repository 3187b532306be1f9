"""What a stream is packed in; compressed streams that tell of a break and what stands before it."""

from __future__ import annotations

import bz2
import calendar
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Any, cast

import zstandard
from isal import isal_zlib

from logclass.sources import mail

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_BYTES = 512  # are enough to tell what a stream is: "ustar" stands at 257

_LAST_SECONDS = 253_402_300_800  # the year 10,000
_XZ_BYTES = 256 * 1024 * 1024  # `xz -9` needs 65 MiB; a header may ask for 4 GiB

# What a damaged or hostile archive raises while it is read.
READ_ERRORS: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    zlib.error,
    cast("type[Exception]", isal_zlib.error),
    lzma.LZMAError,
    zstandard.ZstdError,
    tarfile.TarError,
    zipfile.BadZipFile,
    NotImplementedError,  # zipfile: a compression method it does not know
    RuntimeError,  # zipfile: the member is encrypted
    # zipfile and tarfile: numbers and names in headers that no archive has
    ValueError,
    ArithmeticError,
    IndexError,
    struct.error,
)


_MAGIC = {
    "gzip": b"\x1f\x8b",
    "zstd": b"\x28\xb5\x2f\xfd",
    "bzip2": b"BZh",
    "xz": b"\xfd7zXZ\x00",
    "zip": b"PK\x03\x04",
    "empty zip": b"PK\x05\x06",
}


def compression(head: bytes) -> str:
    """Return the container that the first bytes announce; "" when they are plain."""
    for name, magic in _MAGIC.items():
        if head.startswith(magic):
            return name
    if mail.is_mail(head):
        return "mail"
    return "tar" if head[257:262] == b"ustar" or _is_old_tar(head) else ""


def _is_old_tar(head: bytes) -> bool:
    """Return whether this is a header of Unix V7, which has no magic number but a checksum."""
    written = head[148:156].strip(b"\0 ")
    if len(head) < 512 or not 4 <= len(written) <= 6 or written.strip(b"01234567"):
        return False
    return int(written, 8) == sum(head[:148]) + 8 * ord(" ") + sum(head[156:512])


class Raw(io.RawIOBase):
    """A `read` function as a raw stream, so that BufferedReader gives it `peek`."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer; return how many bytes were read, 0 at the end."""
        view = memoryview(cast("bytearray", buffer))
        data = self._read(len(view))
        view[: len(data)] = data
        return len(data)


class Finite:
    """A stream whose end is told once.

    tarfile skips a member by reading, and asks again for as long as its header says; a header can
    say 2^80 bytes.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._is_done = False

    def read(self, size_bytes: int) -> bytes:
        """Return the next bytes, none at the end. Raises EOFError when asked again then."""
        data = self._stream.read(size_bytes)
        if not data and self._is_done:
            raise EOFError("the archive is cut short")
        self._is_done = not data
        return data


class _Frames(io.RawIOBase):
    """Gzip members, Zstandard frames or xz streams, one after another, as a file.

    Unlike the libraries' own readers it hands over all that stands before a cut, and tells of it.
    """

    def __init__(self, stream: io.BufferedReader, kind: str) -> None:
        self._stream = stream
        self._new, self._piece_bytes = _FRAMES[kind]
        self._frame = self._new()
        self._left = memoryview(b"")  # decompressed, not asked for yet
        self._is_inside = False
        self._error: Exception | None = None  # raised when all before it was handed over

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        while len(self._left) < FIRST_BYTES and self._error is None:
            try:
                if not self._decompressed():
                    break
            except READ_ERRORS as error:
                self._error = error
        if self._error and not self._left:
            raise self._error
        found = self._left[: len(view)]
        view[: len(found)] = found
        self._left = self._left[len(found) :]
        return len(found)

    def _decompressed(self) -> bool:
        """Decompress a piece; return False when there is none."""
        piece = self._frame.unused_data or self._stream.read(self._piece_bytes)
        if self._frame.eof:
            piece = piece.lstrip(b"\0")  # tapes and some writers pad with these
            self._frame = self._new()
        elif not piece and self._is_inside:
            raise EOFError("the compressed data is cut short")
        elif not piece:
            return False
        new = self._frame.decompress(piece) if piece else b""
        self._left = memoryview(bytes(self._left) + new if self._left else new)
        self._is_inside = bool(piece) and not self._frame.eof
        return True


# How a frame is opened, and how much of it is read at once: at most 64 MB come out of that.
_FRAMES: dict[str, tuple[Callable[[], Any], int]] = {
    "gzip": (lambda: isal_zlib.decompressobj(wbits=31), 64 * 1024),
    "zstd": (lambda: zstandard.ZstdDecompressor().decompressobj(), 1024),
    "xz": (lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_BYTES), 8 * 1024),
}


DECOMPRESSORS: dict[str, Callable[[io.BufferedReader], io.RawIOBase]] = {
    "gzip": lambda stream: _Frames(stream, "gzip"),
    "zstd": lambda stream: _Frames(stream, "zstd"),
    "bzip2": lambda stream: Raw(bz2.BZ2File(stream).read1),
    "xz": lambda stream: _Frames(stream, "xz"),
}


def read1(file: IO[bytes]) -> Callable[[int], bytes]:
    """Return the `read` that hands over what there is; the other drops it when a stream breaks."""
    read: Callable[[int], bytes] = getattr(file, "read1", file.read)
    return read


def tar_seconds(member: tarfile.TarInfo) -> int | None:
    """Return when a member was written, None where its header says no time that ever was."""
    return int(member.mtime) if 0 <= member.mtime < _LAST_SECONDS else None


def zip_seconds(info: zipfile.ZipInfo) -> int | None:
    """Return when a member was written, None where its header says no time that ever was."""
    try:
        return calendar.timegm((*info.date_time, 0, 0, 0))
    except ValueError:
        return None
