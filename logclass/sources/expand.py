"""Paths, directories, globs, remote prefixes and standard input → sources."""

from __future__ import annotations

import glob
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from logclass.errors import MISSING
from logclass.model import NO_CHOICES, Choices, Fault, Source
from logclass.sources import encodings, remote, stores
from logclass.sources.choices import chosen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STDIN = "-"

# What file managers, version control and AWS's own write test leave beside logs.
_IGNORED_NAMES = {".DS_Store", "Thumbs.db", "aws-logs-write-test"}
_IGNORED_DIRECTORIES = {".git", "__MACOSX"}
_OUTSIDE = "a link out of the directory"


def expand(
    names: Sequence[str], choices: Choices = NO_CHOICES
) -> tuple[tuple[Source, ...], tuple[Fault, ...]]:
    """Return the sources behind what the user named, each file once, in a stable order.

    A name that leads nowhere, and what in a directory is left out, becomes a fault. Symbolic links
    are followed when they are named, and inside a directory only where they stay in it.
    """
    sources: dict[str, Source] = {}
    faults: list[Fault] = []
    for name in names:
        if name == STDIN:
            # Stamps without a year are read near the time at which they are piped in.
            sources.setdefault(STDIN, Source(STDIN, path="", modified_seconds=int(time.time())))
            continue
        if stores.is_remote(name):
            for source in _remote(name, choices, faults, is_alone=len(names) == 1):
                sources.setdefault(source.remote, source)
            continue
        try:
            found = list(_files(name, faults, is_alone=len(names) == 1))
        except OSError as error:  # a name that is too long, a folder that may not be looked into
            faults.append(Fault(name, "unreadable", error.strerror or str(error)))
            continue
        if not found and not any(fault.source == name for fault in faults):
            faults.append(Fault(name, "not_found", _why_nothing(name)))
        for uri, path in found:
            key = os.path.realpath(path)
            if key not in sources:
                _add(sources, faults, key, uri, path)
    listed = [chosen(replace(source, choices=choices)) for source in sources.values()]
    return tuple(sorted(listed, key=lambda source: source.uri)), tuple(faults)


def _remote(
    name: str, choices: Choices, faults: list[Fault], *, is_alone: bool
) -> Iterator[Source]:
    is_any = False
    try:
        for source in remote.listed(name, choices.endpoint_url, is_alone=is_alone):
            *folders, last = source.uri.split("/")
            if last not in _IGNORED_NAMES and not _IGNORED_DIRECTORIES.intersection(folders):
                is_any = True
                yield source
    except stores.StoreError as error:
        faults.append(Fault(name, error.kind, str(error)))
    else:
        if not is_any:
            faults.append(Fault(name, "not_found", "nothing is stored under this name"))


def _files(name: str, faults: list[Fault], *, is_alone: bool) -> Iterator[tuple[str, Path]]:
    path = Path(name)
    if path.is_dir():
        yield from _walk(path, faults, "" if is_alone else path.as_posix() + "/")
    elif path.exists():
        yield name, path
    elif not path.is_symlink():
        for match in sorted(glob.glob(name, recursive=True)):  # noqa: PTH207 - user's own glob
            inner = Path(match)
            if inner.is_dir():
                yield from _walk(inner, faults, inner.as_posix() + "/")
            else:
                yield match, inner


def _walk(top: Path, faults: list[Fault], prefix: str) -> Iterator[tuple[str, Path]]:
    inside = os.path.realpath(top)

    def place(path: str | Path) -> str:
        return prefix + Path(path).relative_to(top).as_posix()

    def unreadable(error: OSError) -> None:
        faults.append(Fault(place(error.filename), "unreadable", error.strerror or str(error)))

    for folder, directories, names in os.walk(top, onerror=unreadable):
        directories[:] = sorted(d for d in directories if d not in _IGNORED_DIRECTORIES)
        linked = [name for name in directories if _leads_out(Path(folder, name), inside)]
        faults.extend(Fault(place(Path(folder, one)), "outside", _OUTSIDE) for one in linked)
        for name in sorted(names):
            path = Path(folder, name)
            if name in _IGNORED_NAMES:
                continue
            if _leads_out(path, inside):
                faults.append(Fault(place(path), "outside", _OUTSIDE))
            elif path.is_file():
                yield place(path), path
            else:
                faults.append(Fault(place(path), "not_a_file", "not a regular file"))


def _leads_out(path: Path, inside: str) -> bool:
    """Return whether this is a link to something that is not in the folder `inside`."""
    return path.is_symlink() and not os.path.realpath(path).startswith(inside + os.sep)


def _add(sources: dict[str, Source], faults: list[Fault], key: str, uri: str, path: Path) -> None:
    try:
        stat = path.stat()
    except OSError as error:
        faults.append(Fault(uri, "unreadable", error.strerror or str(error)))
        return
    sources[key] = Source(
        uri=encodings.name(uri),
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
    return MISSING
