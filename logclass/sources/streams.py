"""One source → the byte streams inside it, decompressed, archives opened, told by content."""

from __future__ import annotations

import hashlib
import io
import posixpath
import stat
import sys
import tarfile
import tempfile
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from logclass.model import Fault, Source
from logclass.sources import encodings, mail, remote
from logclass.sources.budget import Budget, TooMuchError
from logclass.sources.choices import chosen
from logclass.sources.decompress import (
    DECOMPRESSORS,
    FIRST_BYTES,
    READ_ERRORS,
    Finite,
    Raw,
    compression,
    read1,
    tar_seconds,
    zip_seconds,
)
from logclass.sources.pages import Ends
from logclass.sources.stores import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_DEPTH = 5  # archives in archives
# Parts of workbooks and documents of Office and OpenDocument, which are archives themselves.
_OF_OFFICE = (
    {"xl/workbook.xml"}, {"xl/workbook.bin"}, {"word/document.xml"},
    {"META-INF/manifest.xml", "content.xml"},
)  # fmt: skip
_OFFICE = "a workbook or document of an office program: save its sheet or text as CSV or plain text"
_ZEROS = "{} bytes of zeros before the first line: the file was cut while its writer went on"
_SPOOL_BYTES = 64 * 1024 * 1024  # a zip inside a stream needs seeking; larger ones go to disk
HEAD_BYTES = 256 * 1024  # of a file, for a reader of a later part
_LINK_BYTES = 4096
_NO_DATE = 631_152_000  # 1990: archives made to be the same every time say 1970 or 1980
_OUTSIDE = "a link out of the archive"
_LARGE_MAIL = f"mail of more than {mail.MOST_BYTES // 2**20} MiB: save its messages one by one"
_NO_FILES = "the archive holds no files"
_MORE_PAGES = "it ends with a token for further pages, and they are not here"


@dataclass(frozen=True, slots=True)
class Opened:
    """A leaf source and its bytes. The stream is read once, from the start."""

    source: Source
    stream: io.BufferedReader
    head: bytes | None = None  # the beginning of the file, where the stream is a part of it
    budget: Budget | None = None  # of what may be unpacked, where the stream is compressed

    def chunks(self, size_bytes: int, faults: list[Fault]) -> Iterator[bytes]:
        """Yield the bytes in chunks until the stream ends or breaks; a break becomes a fault.

        read1 hands over what was decompressed before a stream broke, where read would drop it.
        """
        left = _part_bytes(self.source)
        ends = Ends()
        pending: list[bytes] = []
        have = 0
        while True:
            try:
                chunk = self.stream.read1(min(size_bytes - have, left))
                if self.budget is not None:
                    self.budget.take(len(chunk))
            except READ_ERRORS as error:
                faults.append(_fault(self.source, error))
                chunk = b""
            pending.append(chunk)
            have += len(chunk)
            left -= len(chunk)
            if not chunk or have >= size_bytes:
                if have:
                    yield ends.pass_on(b"".join(pending))
                if not chunk:
                    if ends.names_more_pages:
                        faults.append(Fault(self.source.uri, "more_pages", _MORE_PAGES, count=0))
                    return
                pending, have = [], 0


def _part_bytes(source: Source) -> int:
    return sys.maxsize if source.byte_range is None else source.byte_range[1] - source.byte_range[0]


def streams(source: Source) -> Iterator[Opened | Fault]:
    """Yield the byte streams of a source; a member that cannot be opened is yielded as a fault.

    Each stream is valid until the next one is asked for.
    """
    budget = Budget(source.size_bytes)
    try:
        if source.remote:
            with remote.opened(source) as stream:
                yield from _leaves(source, stream, budget, depth=0)
            return
        if source.path == "":
            stream = io.BufferedReader(Raw(budget.counted(sys.stdin.buffer.read)))
            yield from _leaves(source, stream, budget, depth=0)
            return
        with open(source.path, "rb") as file:  # noqa: PTH123 - a Path has nothing to add
            if source.byte_range is None:
                yield from _leaves(source, file, budget, depth=0)
            else:
                yield _part(source, source.byte_range, file)
    except READ_ERRORS as error:
        yield _fault(source, error)


def _part(source: Source, byte_range: tuple[int, int], file: io.BufferedReader) -> Opened:
    head = file.read(HEAD_BYTES)
    start, end = byte_range
    if start == 0 and head.startswith(encodings.BOM):
        start = len(encodings.BOM)
    file.seek(start)
    head = head.removeprefix(encodings.BOM)
    return Opened(replace(source, byte_range=(start, end)), file, head)


def _leaves(
    source: Source, stream: io.BufferedReader, budget: Budget, *, depth: int
) -> Iterator[Opened | Fault]:
    head = stream.peek(FIRST_BYTES)[:FIRST_BYTES]
    kind = compression(head)
    if not kind:
        is_packed = bool(source.compression or source.members)
        if zeros := encodings.skip_zeros(stream, budget.take if is_packed else _free):
            yield Fault(source.uri, "zeros", _ZEROS.format(zeros), count=0)
            head = stream.peek(FIRST_BYTES)[:FIRST_BYTES]
        text = encodings.as_utf8(stream, head)
        yield Opened(source, text, budget=budget if is_packed else None)
    elif depth >= MAX_DEPTH:
        yield Fault(source.uri, "nested_too_deep", f"more than {MAX_DEPTH} containers in another")
    elif kind in DECOMPRESSORS:
        inner: io.BufferedReader = io.BufferedReader(DECOMPRESSORS[kind](stream), 1 << 20)
        name = source.compression + "+" + kind if source.compression else kind
        yield from _leaves(replace(source, compression=name), inner, budget, depth=depth + 1)
    elif kind == "tar":
        yield from _tar_members(source, stream, budget, depth)
    elif kind == "mail":
        yield from _mail_members(source, stream, budget, depth)
    elif kind == "empty zip":
        yield Fault(source.uri, "empty", _NO_FILES)
    else:
        yield from _zip_members(source, stream, budget, depth)


def _free(_count_bytes: int) -> None:
    """Take nothing from a budget: what is not compressed has none."""


def _tar_members(
    source: Source, stream: io.BufferedReader, budget: Budget, depth: int
) -> Iterator[Opened | Fault]:
    with tarfile.open(fileobj=cast("IO[bytes]", Finite(stream)), mode="r|") as archive:
        for member in archive:
            if budget.is_spent:
                return
            if member.issym() and _leads_out(member.name, member.linkname):
                yield Fault(f"{source.uri}!/{member.name}", "outside", _OUTSIDE)
            if not member.isfile():
                continue
            file = archive.extractfile(member)
            if file is None:
                continue
            inner = _member(source, member.name, member.size, tar_seconds(member))
            yield from _member_leaves(inner, lambda file=file: file, budget, depth)  # type: ignore[misc]


def _zip_members(
    source: Source, stream: io.BufferedReader, budget: Budget, depth: int
) -> Iterator[Opened | Fault]:
    with _seekable(stream, budget) as file, zipfile.ZipFile(file) as archive:
        members = sorted(archive.infolist(), key=lambda info: info.filename)
        if all(info.is_dir() for info in members):  # or a damaged list of them
            yield Fault(source.uri, "empty", _NO_FILES)
        names = {info.filename for info in members}
        if any(parts <= names for parts in _OF_OFFICE):
            yield Fault(source.uri, "not_a_log", _OFFICE)
            return
        for info in members:
            if budget.is_spent:
                return
            if info.is_dir() or info.filename.startswith("__MACOSX/"):
                continue
            inner = _member(source, info.filename, info.file_size, zip_seconds(info))
            if info.flag_bits & 1:
                yield Fault(inner.uri, "encrypted", "the zip member is encrypted: unpack it first")
            elif stat.S_ISLNK(info.external_attr >> 16):
                yield from _link(inner, info.filename, archive, info)
            else:
                yield from _member_leaves(inner, partial(archive.open, info), budget, depth)


def _mail_members(
    source: Source, stream: io.BufferedReader, budget: Budget, depth: int
) -> Iterator[Opened | Fault]:
    data = stream.read(mail.MOST_BYTES + 1)
    if len(data) > mail.MOST_BYTES:
        yield Fault(source.uri, "too_large", _LARGE_MAIL)
        return
    for part in mail.parts(data, f"{Path(source.uri).stem}.txt"):
        inner = _member(source, part.name, len(part.data), part.modified_seconds)
        if part.error:
            yield Fault(inner.uri, "encrypted", part.error)
        else:
            yield from _member_leaves(inner, partial(io.BytesIO, part.data), budget, depth)


def _link(
    inner: Source, name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo
) -> Iterator[Fault]:
    """Yield a fault for a link out of the archive; one inside it leads to another member."""
    try:
        with archive.open(info) as file:
            target = file.read(_LINK_BYTES).decode("utf-8", "replace")
    except READ_ERRORS as error:  # the other members can still be read
        yield _fault(inner, error)
        return
    if _leads_out(name, target):
        yield Fault(inner.uri, "outside", _OUTSIDE)


def _leads_out(name: str, target: str) -> bool:
    path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
    return path.startswith(("/", "../")) or path == ".."


def _member_leaves(
    source: Source, open_member: Callable[[], IO[bytes]], budget: Budget, depth: int
) -> Iterator[Opened | Fault]:
    try:
        with open_member() as file:
            inner: io.BufferedReader = io.BufferedReader(Raw(read1(file)), 1 << 20)
            yield from _leaves(source, inner, budget, depth=depth + 1)
    except READ_ERRORS as error:
        yield _fault(source, error)


def _member(source: Source, name: str, size: int, modified: int | None) -> Source:
    name = encodings.name(name)
    inner = replace(
        source,
        uri=f"{source.uri}!/{name}",
        members=(*source.members, name),
        size_bytes=size,
        compression="",
        modified_seconds=modified if modified and modified > _NO_DATE else source.modified_seconds,
    )
    return chosen(inner)


@contextmanager
def _seekable(stream: io.BufferedReader, budget: Budget) -> Iterator[IO[bytes]]:
    if stream.seekable():
        yield stream
        return
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES) as spool:
        while chunk := stream.read(1 << 20):
            budget.take(len(chunk))
            spool.write(chunk)
        spool.seek(0)
        yield cast("IO[bytes]", spool)


def _fault(source: Source, error: Exception) -> Fault:
    text = str(error) or type(error).__name__
    return Fault(source.uri, _fault_kind(error), text)


def _fault_kind(error: Exception) -> str:
    if isinstance(error, StoreError | TooMuchError):
        return error.kind
    if isinstance(error, EOFError):
        return "truncated"
    if isinstance(error, OSError) and error.errno is not None:
        return "unreadable"
    return "damaged"


def sha256(source: Source, limit_bytes: int) -> str:
    """Return the SHA-256 of a file as stored, "" for standard input and above the limit.

    Hashing one large file cannot be shared between processors and would take longer than
    reading it.
    """
    if (source.size_bytes or 0) > limit_bytes:
        return ""
    if source.remote:
        return remote.sha256(source)
    if not source.path:
        return ""
    try:
        if not Path(source.path).is_file():  # a pipe is read once
            return ""
        with open(source.path, "rb") as file:  # noqa: PTH123
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
