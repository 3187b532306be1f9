"""Lines of several files in one, with the names of the files: `tail -f a b`, `grep -H`.

`tail` writes a header, `==> name <==`, where the file changes, as `head` and `minikube logs` do;
`grep` writes the name in front of each line, and the line's number behind it with `-n`. Every line
is given its file's name in one form, and is then read as other lines with names are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import regex

from logclass import origin
from logclass.formats.format import Format, Reader
from logclass.formats.stored_lines import open_lines, prefix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logclass.formats.blocks import Frame
    from logclass.formats.head import Head
    from logclass.model import Fault, Source

_MARK = b"\x1f"  # no log holds it
_HEADER = regex.compile(rb"==> (?P<name>[^\n]{1,300}?) <==\r?\n?$")
# A path or a name that ends as logs do, and no date; a colon behind it, or the dash of a line of
# context.
_MATCH = regex.compile(
    rb"(?!\d\d?/[A-Z][a-z]{2}/\d{4}:)(?P<name>(?:[\w.@-]*/)[\w./@-]{1,250}|[\w@-][\w.@-]{0,200}\.(?:log|txt|json|jsonl|out|err)"
    rb"(?:\.\d{1,3})?)(?:[:-](?!\d{4}[-/]\d|\d\d?:\d\d:)\d{1,9})?(?P<mark>[:-])"
)
_GOES_ON = regex.compile(
    rb"\s|[})\]]|Caused by: |Traceback |During handling|The above exc|--\r?\n?$|$"
)
_IDENTIFIER = regex.compile(r"\s+\[[^\]]*\]$")
_MOST = 0.9


def _origin(name: str) -> origin.Origin:
    """Return who wrote a file of this name; minikube adds a container's id to it."""
    return origin.of_path(_IDENTIFIER.sub("", name))


_LINE = prefix(r"\x1f(?P<stream>[^\x1f\n]{0,300})\x1f", origin=_origin)


def sniff(head: Head) -> float:
    """Return a confidence above text's for headers of files, or names before all lines."""
    if head.lines and _HEADER.match(head.lines[0]):
        return 0.96
    said = [line for line in head.lines if line.rstrip() != b"--"]
    found = [match for line in said if (match := _MATCH.match(line))]
    names = {match["name"] for match in found if match["mark"] == b":"}
    named = sum(1 for match in found if match["name"] in names)
    return 0.9 if named and named >= _MOST * len(said) else 0.0


def open_sections(head: Head, source: Source) -> Reader:
    """Return a reader for the lines of several files."""
    named = replace(head, data=b"".join(_Naming().lines([head.data])))
    reader = open_lines(named, source, _LINE)

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        naming = _Naming()
        told = 0
        for frame in reader.frames(naming.lines(chunks), faults):
            first_line = frame.first_line + naming.skipped
            yield replace(frame, first_line=first_line, read_bytes=naming.read - told)
            told = naming.read

    return replace(reader, frames=frames)


class _Naming:
    """Gives lines the names of their files. A header goes on with the record before it."""

    def __init__(self) -> None:
        self._name = b""
        self._begun = False
        self.read = 0
        self.skipped = 0  # lines before the first record

    def lines(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield whole lines with names."""
        held = b""
        for chunk in chunks:
            self.read += len(chunk)
            *whole, held = (held + chunk).split(b"\n")
            if whole:
                yield b"".join(self._named(line + b"\n") for line in whole)
        if held:
            yield self._named(held)

    def _named(self, line: bytes) -> bytes:
        if header := _HEADER.match(line):
            self._name = header["name"]
            return self._empty()
        if not self._name and (found := _MATCH.match(line)):
            rest, name = line[found.end() :], found["name"]
        else:
            rest, name = line, self._name
        if self._begun and _GOES_ON.match(rest):
            return b"\n" if rest.rstrip() == b"--" else rest
        self._begun = self._begun or bool(rest.strip())
        return _MARK + name + _MARK + rest if self._begun else self._empty()

    def _empty(self) -> bytes:
        """Return what stands for a line without a record."""
        self.skipped += not self._begun
        return b"\n" if self._begun else b""


FORMAT = Format("sections", "tail and grep of several files", sniff, open_sections)
