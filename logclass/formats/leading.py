"""Is a time stamp the record's own, or one that its text speaks of? What stands before it tells.

`2031-05-06 …`, `ERROR 2031-05-06 …` and `api-1  | [2031-05-06 …` begin records; `JWT expired at
2031-05-06 …` on a line of its own goes on with one.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from logclass.formats.stamps import BY_NAME, EPOCH, EPOCH_START, STAMP_SEARCH, find_stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WITHIN_BYTES = 160  # of a record in which its own stamp is looked for
_MAX_WORDS, _MAX_SHAPES = 6, 12
_KEPT_LINES, _KEPT_BYTES = 512, 4096  # a head's lines, each asked about half a dozen times
# Before what looks like a stamp: it is a part of a longer number or name.
_INSIDE = (b"-", b"/")

# A stamp behind these is what the sentence speaks of.
_SENTENCE = regex.compile(
    rb"(?i)\b(?:at|on|since|until|till|before|after|was|is|not|by|from|than|expir\w*|valid|date|now)"
    rb"\b[\s:='\"]*(?:\S{0,12}\s)?[\s:='\"(\[]*\Z"
)
# logfmt with seconds or milliseconds since 1970, wherever in the line; RE2.
EPOCH_PAIR = (
    r"(?:^|[\s,])(?:ts|t|time|timestamp)=\"?(?P<stamp>\d{10}(?:\.\d{1,9})?|\d{13}|\d{16}|\d{19})\b"
)
_EPOCH_PAIR = regex.compile(EPOCH_PAIR.encode())
# `token rejected {"service":"auth","timestamp":"2031-…"}`: Winston's simple form.
_KEY_BEHIND = regex.compile(
    rb'^[^{"\n]{3,400} \{"[^\n]*?"(?P<key>timestamp|time|@timestamp|ts)"\s?:\s?"\d{4}-'
)
# The request's number, client, user and variables stand before the time.
_UWSGI = regex.compile(rb"^[^\[]{0,80}\[pid: .{1,110}\} \[\Z")
# `DATE="…`, which begins the line.
_PAIR = regex.compile(rb"(?i)(?!exp|valid|until|not|iat|nbf)\w+=\"?\Z")
_PIECE = regex.compile(rb"\x1b\[[0-9;]*m|[A-Za-z]+|[A-Za-z0-9_./@-]+|\s+|[^A-Za-z0-9_./@\s-]")
_COLOUR = r"(?:\x1b\[[0-9;]*m)*"
# Beginnings that are looked for in any stream, whatever its head shows.
_USUAL = (
    "",
    r"[\[(<]",
    r"(?:[A-Za-z]+ ?= ?\"?)",  # logfmt: time="…
    r"[\[(<]?[A-Z]{3,8}[\])>]?[\s:|,-]{0,4}[\[(]?",  # a level
    r"<\d{1,3}>(?:1 )?",  # syslog
    r"[A-Za-z0-9][\w.-]{0,80} +\| +",  # docker compose
    r"\[pod/\S{1,200}\] ",  # kubectl logs --prefix
    r"[\w.:%-]+ \S+ \S+ \[",  # an access line
    r"\{[^{}]{0,120}?",  # an object
)


def find_leading(record: bytes) -> tuple[int, str] | None:
    """Return offset and form name of the record's own stamp, or None."""
    return _kept(record) if len(record) <= _KEPT_BYTES else _found(record)


def _found(record: bytes) -> tuple[int, str] | None:
    if EPOCH_START.match(record):
        return 0, EPOCH.name
    hit = find_stamp(record, within_bytes=WITHIN_BYTES)
    if hit and is_leading(record[: hit[0]]):
        return hit
    pair = epoch_pair(record)
    if pair:
        return pair[0], EPOCH.name
    behind = _KEY_BEHIND.search(record)
    inner = find_stamp(record[behind.end("key") :]) if behind else None
    return (behind.end("key") + inner[0], inner[1]) if behind and inner else None


_kept = lru_cache(maxsize=_KEPT_LINES)(_found)


def epoch_pair(record: bytes) -> tuple[int, bytes] | None:
    """Return offset and number of a time written as `ts=1935817689.123`, or None."""
    match = _EPOCH_PAIR.search(record)
    return (match.start("stamp"), match["stamp"]) if match else None


def is_leading(prefix: bytes) -> bool:
    """Return whether a stamp behind these bytes of a line is the record's own."""
    if _UWSGI.search(prefix) or _PAIR.match(prefix):
        return True
    if prefix[:1].isspace() or prefix[-1:] in _INSIDE or len(prefix.split()) > _MAX_WORDS:
        return False
    return not _SENTENCE.search(prefix)


def search(sample: Iterable[bytes]) -> str:
    """Return an RE2 expression for the own stamp of records that begin as those of the sample do.

    The level in front of a stamp is another word, and longer or shorter, when things go wrong.
    """
    sample = list(sample)
    if inside := _in_object(sample):
        return inside
    shapes: Counter[str] = Counter()
    start = "^"
    for record in sample:
        hit = find_leading(record)
        if hit and BY_NAME[hit[1]].has_no_colon:
            start = "(?:^)"  # the clock asks lines for hours and minutes before an anchored search
        if hit and hit[1] == EPOCH.name and hit[0]:
            return EPOCH_PAIR
        if hit and hit[0]:
            shapes[_shape(record[: hit[0]])] += 1
    learned = [shape for shape, _ in shapes.most_common(_MAX_SHAPES)]
    return f"{start}{_COLOUR}(?:{'|'.join([*_USUAL, *learned])}){STAMP_SEARCH}"


def _in_object(sample: Sequence[bytes]) -> str:
    """Return the expression for the time in an object behind each line's text, "" without one."""
    keys = Counter(
        match["key"]
        for record in sample
        if (match := _KEY_BEHIND.search(record))
        and ((hit := find_leading(record)) is None or hit[0] > match.start("key"))
    )
    key, count = keys.most_common(1)[0] if keys else (b"", 0)
    if count <= len(sample) / 2:
        return ""
    return rf'"{key.decode()}"\s?:\s?"?{STAMP_SEARCH}'


def _shape(prefix: bytes) -> str:
    return "".join(_piece_shape(piece) for piece in _PIECE.findall(prefix))


def _piece_shape(piece: bytes) -> str:
    if piece[:1] == b"\x1b":
        return _COLOUR
    if piece.isspace():
        return r"\s+"
    if piece.isalpha():
        return "[A-Za-z]+"
    if regex.fullmatch(rb"[A-Za-z0-9_./@-]+", piece):
        return "[A-Za-z0-9_./@-]+"
    return regex.escape(piece.decode("latin-1")) if piece < b"\x80" else r"\C"
