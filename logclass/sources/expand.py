"""Paths, directories, globs and standard input → sources."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING

from logclass.model import Fault, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STDIN = "-"

# What file managers, version control and AWS's own write test leave beside logs.
_IGNORED_NAMES = {".DS_Store", "Thumbs.db", "aws-logs-write-test"}
_IGNORED_DIRECTORIES = {".git", "__MACOSX"}


def expand(names: Sequence[str]) -> tuple[tuple[Source, ...], tuple[Fault, ...]]:
    """Return the sources behind what the user named, each file once, in a stable order.

    A name that leads nowhere becomes a fault. Symbolic links are followed when they are named,
    and inside a directory only where they stay in it.
    """
    sources: dict[str, Source] = {}
    faults: list[Fault] = []
    for name in names:
        if name == STDIN:
            sources.setdefault(STDIN, Source(uri=STDIN, path=""))
            continue
        found = list(_files(name))
        if not found:
            faults.append(Fault(name, "not_found", _why_nothing(name)))
        for uri, path in found:
            key = os.path.realpath(path)
            if key not in sources:
                _add(sources, faults, key, uri, path)
    return tuple(sorted(sources.values(), key=lambda source: source.uri)), tuple(faults)


def _files(name: str) -> Iterator[tuple[str, Path]]:
    path = Path(name)
    if path.is_dir():
        yield from _walk(path)
    elif path.exists():
        yield name, path
    else:
        for match in sorted(glob.glob(name, recursive=True)):  # noqa: PTH207 - user's own glob
            inner = Path(match)
            yield from _walk(inner) if inner.is_dir() else [(match, inner)]


def _walk(top: Path) -> Iterator[tuple[str, Path]]:
    inside = os.path.realpath(top)
    for folder, directories, names in os.walk(top):
        directories[:] = sorted(d for d in directories if d not in _IGNORED_DIRECTORIES)
        for name in sorted(names):
            path = Path(folder, name)
            if name in _IGNORED_NAMES or not path.is_file():
                continue
            if path.is_symlink() and not os.path.realpath(path).startswith(inside + os.sep):
                continue
            yield path.relative_to(top).as_posix(), path


def _add(sources: dict[str, Source], faults: list[Fault], key: str, uri: str, path: Path) -> None:
    try:
        stat = path.stat()
    except OSError as error:
        faults.append(Fault(uri, "unreadable", error.strerror or str(error)))
        return
    sources[key] = Source(
        uri=uri,
        path=str(path),
        size_bytes=stat.st_size,
        modified_seconds=int(stat.st_mtime),
    )


def _why_nothing(name: str) -> str:
    path = Path(name)
    if path.is_dir():
        return "the directory holds no files"
    if path.is_symlink():
        return "the link leads nowhere"
    return "no such file or directory"
