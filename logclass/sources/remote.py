"""Objects in remote stores: listed by prefix, and read in blocks, never as a whole."""

from __future__ import annotations

import hashlib
import io
import re
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import cycle
from typing import TYPE_CHECKING, cast

from logclass.model import Source
from logclass.sources import stores
from logclass.sources.stores import STORE_ERRORS, StoreError, worded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyarrow import NativeFile, fs

BLOCK_BYTES = 8 * 1024 * 1024  # one is in use while the next one is fetched
_GLOB = re.compile(r"[*?\[]")


def listed(name: str, endpoint_url: str, *, is_alone: bool) -> Iterator[Source]:
    """Yield the objects under an address, in no certain order.

    An address is an object, a folder, the beginning of names, or a glob. Objects of a folder that
    is named alone are called by their place in it, as the files of a local folder are.
    Raises StoreError when the store does not list them.
    """
    address = stores.parse(name)
    store = stores.file_system(address, endpoint_url)
    try:
        top, found = _found(store, address.location)
    except FileNotFoundError:  # no such folder
        return
    except STORE_ERRORS as error:
        raise worded(error) from error
    for info in found:
        whole = address.at(info.path)
        yield Source(
            uri=info.path.removeprefix(top) if top and is_alone else whole,
            path="",
            size_bytes=info.size,
            modified_seconds=info.mtime and int(info.mtime.timestamp()),
            remote=whole,
        )


def _found(store: fs.FileSystem, location: str) -> tuple[str, list[fs.FileInfo]]:
    """Return the folder that was named, "" where it was none, and the objects."""
    from pyarrow import fs

    folder = location.rstrip("/")
    info = store.get_file_info(folder)
    if info.type == fs.FileType.File and not location.endswith("/"):
        return "", [info]
    if info.type == fs.FileType.Directory or "/" not in folder:
        return f"{folder}/", _under(store, folder, recursive=True)
    glob = _GLOB.search(location)
    if glob is not None:
        parent = location[: glob.start()].rpartition("/")[0]
        try:
            fits = re.compile(_expression(location)).fullmatch
        except re.error as error:  # such as [z-a]
            raise StoreError("bad_address", f"no glob: {error.msg}") from error
        below = _under(store, parent, recursive=True) if parent else []
        return "", [one for one in below if fits(one.path)]
    found = []
    for one in _under(store, location.rpartition("/")[0], recursive=False):
        if one.path.startswith(location):
            is_folder = one.type == fs.FileType.Directory
            found += _under(store, one.path, recursive=True) if is_folder else [one]
    return "", [one for one in found if one.type == fs.FileType.File]


def _under(store: fs.FileSystem, folder: str, *, recursive: bool) -> list[fs.FileInfo]:
    from pyarrow import fs

    found = store.get_file_info(fs.FileSelector(folder, recursive=recursive))
    return [one for one in found if not recursive or one.type == fs.FileType.File]


def _expression(glob: str) -> str:
    """Return the expression of a glob: * and ? stay within a folder, ** does not."""
    words = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]/]+\])", glob)
    return "".join(
        words.get(part) or _set(part) if is_special else re.escape(part)
        for part, is_special in zip(parts, cycle((False, True)), strict=False)
    )


def _set(characters: str) -> str:
    """Return the expression of a set in brackets: [!…] is all but these, and not the slash."""
    inner = re.sub(r"[\\\[^&~|]", r"\\\g<0>", characters.strip("[]"))
    return f"[^/{inner[1:]}]" if inner.startswith("!") else f"[{inner}]"


class _Object(io.RawIOBase):
    """An object as a file. Read from front to back, its next block is fetched meanwhile."""

    def __init__(self, file: NativeFile, address: str) -> None:
        self._file = file
        self._address = address
        self._size = int(file.size())
        self._at = 0
        self._index = -1
        self._block = b""
        self._ahead: tuple[int, Future[bytes]] | None = None
        self._fetcher = ThreadPoolExecutor(1, thread_name_prefix="fetch")
        self._hash = hashlib.sha256()
        self._hashed_bytes = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        if self._at >= self._size:
            return 0
        index, start = divmod(self._at, BLOCK_BYTES)
        if index != self._index:
            self._load(index)
        found = self._block[start : start + len(view)]
        view[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        if not self.closed:
            self._fetcher.shutdown(cancel_futures=True)
            if self._hashed_bytes == self._size:
                _READ[:] = [(self._address, self._hash.hexdigest())]
            self._file.close()
        super().close()

    def _load(self, index: int) -> None:
        if self._ahead is not None and self._ahead[0] == index:
            block = self._ahead[1].result()
        else:
            block = self._fetched(index)
        if self._hashed_bytes == index * BLOCK_BYTES:
            self._hash.update(block)
            self._hashed_bytes += len(block)
        self._ahead = None
        if index == self._index + 1 and (index + 1) * BLOCK_BYTES < self._size:
            self._ahead = (index + 1, self._fetcher.submit(self._fetched, index + 1))
        self._index, self._block = index, block

    def _fetched(self, index: int) -> bytes:
        start = index * BLOCK_BYTES
        length = min(BLOCK_BYTES, self._size - start)
        try:
            block = bytes(self._file.read_at(length, start))
        except STORE_ERRORS as error:
            raise worded(error) from error
        if len(block) < length:
            raise StoreError("truncated", "the object is shorter than the store says")
        return block


_READ: list[tuple[str, str]] = []  # address and SHA-256 of the last object read to its end


def opened(source: Source) -> io.BufferedReader:
    """Return the bytes of a remote source. Raises StoreError when it cannot be opened."""
    address = stores.parse(source.remote)
    store = stores.file_system(address, source.choices.endpoint_url)
    try:
        file = store.open_input_file(address.location)
        return io.BufferedReader(_Object(file, source.remote), 1 << 20)
    except STORE_ERRORS as error:
        raise worded(error) from error


def sha256(source: Source) -> str:
    """Return the SHA-256 of an object, "" when it cannot be read.

    It is known where the object was read from front to back just before.
    """
    if _READ and _READ[0][0] == source.remote:
        return _READ[0][1]
    try:
        with opened(source) as stream:
            while stream.read(1 << 20):
                pass
    except STORE_ERRORS:
        return ""
    return _READ[0][1]
