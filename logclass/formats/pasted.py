"""What stands around log lines that were copied by hand: quote marks, numbers, fences, prompts.

People paste logs from issue trackers, editors, `grep -n`, `less`, `journalctl` and terminals that
lost their colours. These marks are taken off before the format is told; a line that is nothing but
a mark is left empty, so that line numbers stay those of the file.
"""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from logclass.formats.blocks import Frame
    from logclass.formats.format import Reader
    from logclass.formats.head import Head
    from logclass.model import Fault

    Off = Callable[[bytes], bytes]  # whole lines -> the same lines without the marks

_QUOTE = regex.compile(rb"(?m)^(?:> ?)+")
_NUMBER = regex.compile(rb"(?m)^ {0,7}(?P<number>\d{1,7})(?P<mark>[:-]|\t| ?[|\xe2] ?| {1,2})")
_TIME_OF_DAY = regex.compile(rb" {0,7}(?:[01]?\d|2[0-3]):[0-5]\d(?!\d)")
_FENCE = regex.compile(rb"(?m)^(?:```|~~~)[\w+-]*[ \t]*\r?$")
# journalctl's own lines; a prompt with a command that prints logs.
_NOTICE = regex.compile(
    rb"(?m)^-- (?:Logs begin|Journal begins|Boot [0-9a-f]{8}|No entries|Reboot)[^\n]*$"
)
_PROMPT = regex.compile(
    rb"(?m)^(?:\(\w[\w.-]*\) )?"
    rb"(?:[\w.-]+@[\w.-]+[: ][^\n$#%]{0,80}[$#%]|\[[^\]\n]{1,80}\][$#]|[$#%]) ?(?:sudo )?"
    rb"(?:kubectl|k|oc|docker(?:-compose)?|podman|journalctl|systemctl|cat|tail|head|less"
    rb"|grep|zcat|zgrep|aws|az|gcloud|heroku|cf|fly|stern|minikube|nerdctl|crictl) [^\n]*$"
)
_SERVICE = regex.compile(
    rb"(?m)^\xe2(?:\x97[\x8f\x8b\x8c]|\x9c\x97) [\w@.\\-]+\.service[^\n]*$"  # systemctl status
)
_STATUS = regex.compile(
    rb"(?m)^ +(?:Loaded|Active|Docs|Main PID|Tasks|Memory|CPU|CGroup|Process|Status|TriggeredBy"
    rb"|Drop-In|Invocation|IP|IO): [^\n]*$|^ +\xe2\x94[\x94\x9c\x82][^\n]*$"
)
# Control sequences other than colours, and colours whose escape was lost or written out.
_CONTROL = regex.compile(rb"\x1b\[[0-9;?]*[A-LN-Za-ln-z]|\x1b[()][AB0]|\x1b[=>]")
_WRITTEN_COLOUR = regex.compile(
    rb"(?:\^\[|#033|\\(?:033|x1[bB]|u001[bB]|e))\[[0-9;]{0,12}m"
    rb"|(?<!\x1b)\[(?:0|1|2|22|39|49|[39][0-7]|38;5;\d{1,3})?(?:;\d{1,3}){0,3}m(?!\w*\])"
)
_HTML_OBJECT = regex.compile(rb"\s*\{&quot;")
# `journalctl -o json-seq` (RFC 7464) and `-o json-sse` (server-sent events).
_SEQUENCE = regex.compile(rb"(?m)^(?:\x1e|data: ?)(?=[{\[])")
_BLANK = regex.compile(rb"(?:[ \t]*\r?\n)+")
_MOST, _SOME = 0.9, 0.3
_WITHIN_BYTES = 32 * 1024  # of the stream in which a mark shows itself
_FEW_LINES = 3


class Coat(NamedTuple):
    """The marks that a stream's lines wear."""

    marks: tuple[Off, ...]

    def off(self, lines: bytes) -> bytes:
        """Return whole lines without their marks; their number stays."""
        for mark in self.marks:
            lines = mark(lines)
        return lines

    def head(self, head: Head) -> Head:
        """Return the head of the stream without the marks."""
        return replace(head, data=_without_room(self.off(head.data)))


def coat_of(head: Head) -> Coat | None:
    """Return what the stream's lines wear, None where they are as a program wrote them."""
    if head.is_binary or not head.lines:
        return None
    marks: list[Off] = []
    start = head.data[:_WITHIN_BYTES]
    if _CONTROL.search(start):
        marks.append(_removing(_CONTROL))
    if head.share(_QUOTE) >= _MOST and len(head.lines) >= _FEW_LINES:
        marks.append(_removing(_QUOTE))
    elif _are_numbered(head.lines):
        marks.append(_removing(_NUMBER))
    if head.share(_SEQUENCE) >= _MOST:
        marks.append(_removing(_SEQUENCE))
    marks += [
        _removing(form)
        for form in (_FENCE, _NOTICE, _PROMPT, _SERVICE, _STATUS)
        if form.search(start) and (form is not _STATUS or _SERVICE.search(start))
    ]
    if _share(head, _WRITTEN_COLOUR) > _SOME:
        marks.append(_removing(_WRITTEN_COLOUR))
    if head.share(_HTML_OBJECT) > _SOME:
        marks.append(_unescaped)
    if not marks and not _BLANK.match(head.data):
        return None
    return Coat(tuple(marks))


def without(reader: Reader, coat: Coat) -> Reader:
    """Return the reader for a stream whose lines wear a coat."""

    def frames(chunks: Iterable[bytes], faults: list[Fault]) -> Iterator[Frame]:
        stream = _Stream(coat)
        told = 0
        for frame in reader.frames(stream.off(chunks), faults):
            yield replace(
                frame, first_line=frame.first_line + stream.skipped, read_bytes=stream.read - told
            )
            told = stream.read

    return replace(reader, frames=frames, is_splittable=False)


class _Stream:
    """Takes the coat off a stream, and counts its bytes and the empty lines at its beginning."""

    def __init__(self, coat: Coat) -> None:
        self._coat = coat
        self.read = 0
        self.skipped = 0

    def off(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        held, has_begun = b"", False
        for chunk in chunks:
            self.read += len(chunk)
            held += chunk
            end = held.rfind(b"\n") + 1
            lines, held = self._coat.off(held[:end]), held[end:]
            if not has_begun:
                bare = _without_room(lines)
                self.skipped += lines.count(b"\n") - bare.count(b"\n")
                lines, has_begun = bare, bool(bare)
            if lines:
                yield lines
        if held:
            yield self._coat.off(held)


def _without_room(lines: bytes) -> bytes:
    """Return lines without the empty ones before the first that says something."""
    match = _BLANK.match(lines)
    return lines[match.end() :] if match else lines


def _removing(form: regex.Pattern[bytes]) -> Off:
    return lambda lines: form.sub(b"", lines)


def _unescaped(lines: bytes) -> bytes:
    return unescape(lines.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _share(head: Head, form: regex.Pattern[bytes]) -> float:
    return sum(1 for line in head.lines if form.search(line)) / len(head.lines)


def _are_numbered(lines: list[bytes]) -> bool:
    """Return whether lines begin with their own numbers, as `cat -n` and `grep -n` write them."""
    found = [match for line in lines if (match := _NUMBER.match(line))]
    if len(found) < _FEW_LINES or len(found) < _MOST * len(lines):
        return False
    numbers = [int(match["number"]) for match in found]
    steps = [after - before for before, after in pairwise(numbers)]
    if not all(step > 0 for step in steps):
        return False
    if all(map(_TIME_OF_DAY.match, lines)):
        return False
    is_marked = all(match["mark"] in {b":", b"-"} for match in found)
    return is_marked or sum(step == 1 for step in steps) >= _MOST * len(steps)
