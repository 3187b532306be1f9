"""Which lines of a text begin its records, by what the text's first lines look like."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pyarrow.compute as pc
import regex

from logclass.columns import NO_MINUTE
from logclass.formats import leading, lines, requests
from logclass.formats.blocks import record_array
from logclass.formats.learned import learn
from logclass.formats.minutes import Clock

if TYPE_CHECKING:
    import numpy as np

    from logclass.formats.blocks import Ints
    from logclass.formats.head import Head

# The last is a box that Rich draws around a trace.
_COLOUR = rb"(?:\x1b\[[0-9;]*m)"
_CONTINUATION = regex.compile(
    rb"[\s})\]]|" + _COLOUR + rb"+(?:\s\s|[})\]]|\Z)|" + _COLOUR + rb"*"
    rb"(?:Caused by: |Traceback |During handling|The above exc|\xe2[\x94\x95])"
)
# Rich prints the time of several records of one second once; FastAPI's console prints none, and
# ends its levels at one column.
_SAME_SECOND = r"^ {1,30}(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) {1,6}\S"
_IS_SAME_SECOND = regex.compile(_SAME_SECOND.encode())
# Levels set to the right: the shorter ones stand behind the room that longer ones fill.
_PADDED_LEVEL = r"^ {1,3}(?:INFO|WARN|DEBUG|info|warn|debug)(?::| |\]) *\S"
_IS_PADDED_LEVEL = regex.compile(_PADDED_LEVEL.encode())
_STARTS_TIME = (
    r"^(?:\x1b\[[0-9;]*m)*[\[(]?\d\d:\d\d:\d\d(?:[.,]\d+)?[\])\s\x1b]"
    r"|^\{\"|^(?:TRACE|DEBUG|INFO|WARN|ERROR)\b"
)
_TIME_OF_DAY = regex.compile(rb"(?:\x1b\[[0-9;]*m)*[\[(]?\d\d:\d\d:\d\d(?:[.,]\d+)?[\])\s\x1b]")
# java.util.logging and tinylog: a time, a class and a method; below it a level and what was said.
_TWO_LINES = regex.compile(
    rb"[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d(?: |\xe2\x80\xaf)[AP]M \S+ \S+\s*$"
    rb"|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[[^\]]+\] [\w.$]+\.[\w.$<>]+\(\)\s*$"
)
# Frames that are not indented: Ruby's, PHP's, Go's; and below a stack what an error holds, each
# value on a line of its own, as Egg's logger prints it.
_FRAME = regex.compile(
    rb"[/#]|':?[\w-]+', '|[\w./-]+:\d+:in |goroutine |\[?[Ss]tack ?trace|[^a-zA-Z]*$"
    rb"|[a-z]\w*: (?:\"[^\"]*\"|\S+)\s*$"
)
_IS_TRACEBACK = regex.compile(_COLOUR + rb"*Traceback |\S*\xe2\x95\xad.*Traceback ")
# What draws a tree, and the first digit or month behind it; RE2 reads UTF-8.
_BRANCH = r"(?:[ │├└┌┐┘┊╰╭─]|\x1b\[[0-9;]*m)"
_A_STAMP = r"(?:\d{4}-\d\d-\d\d[T ]\d|[A-Z][a-z]{2} [ \d]\d \d\d:)"
_BRANCHES = regex.compile(
    rb"(?: |\xe2[\x94\x95].|" + _COLOUR + rb")*(?: |\xe2[\x94\x95].)(?: |" + _COLOUR + rb")*"
    rb"(?=" + _A_STAMP.encode() + rb")"
)
_DRAWN = regex.compile(rb"(?=.{0,40}\xe2[\x94\x95])" + _BRANCHES.pattern)
_GO_FILE = regex.compile(rb"\s+\S+\.go:\d+")
_FREE_SHARE = 0.3  # of the stamped lines
_PADDED_SHARE = 0.1  # of the lines
_LEVELS_SHARE = 0.3  # of the lines
_STAMPED_SHARE = 0.05  # of the lines; the others are dumps and stacks, or another program's


def is_tree(head: Head) -> bool:
    """Return whether stamps stand behind lines that draw a tree, or at several depths.

    tracing-tree draws; slog's compact form indents what stands below a request.
    """
    depths = [match.end() for line in head.lines if (match := _BRANCHES.match(line))]
    drawn = sum(1 for line in head.lines if _DRAWN.match(line))
    if drawn > 1:
        return True
    is_at_margin = any(map(leading.find_leading, sample_of(head)))
    is_indented = len(depths) > _LEVELS_SHARE * len(head.lines) and len(set(depths)) > 1
    return is_indented and not is_at_margin


def tree_clock(head: Head, near_ms: int | None) -> Clock:
    """Return a clock for the stamps behind the branches of a tree."""
    sample = [bare for line in head.lines if (bare := without_branches(line)) != line]
    found = leading.search(sample).removeprefix("^").removeprefix("(?:^)")
    order = learn(sample, leading.find_leading, near_ms=near_ms).order
    return Clock((), search=f"(?:^){_BRANCH}*{found}", near_ms=near_ms, order=order)


def without_branches(line: bytes) -> bytes:
    """Return a line without the tree that is drawn before its stamp."""
    match = _BRANCHES.match(line)
    return line[match.end() :] if match else line


def record_starts(
    head: Head, sample: list[bytes], clock: Clock, *, is_stamped: bool
) -> tuple[lines.RecordStarts, Clock]:
    """Return which lines begin records, and the clock for those that are all indented."""
    if is_tree(head):
        return _at_stamps, tree_clock(head, clock.near_ms)
    if is_stamped:
        return _at_stamped(head, sample), clock
    if not sample and head.lines and head.share(_IS_SAME_SECOND) <= _LEVELS_SHARE:
        width = min(map(_indent, head.lines))
        return partial(_at_indent, width=width), _indented_clock(head, width, clock.near_ms)
    return _at_unstamped(head, sample), clock


def _at_stamped(head: Head, sample: list[bytes]) -> lines.RecordStarts:
    if _is_two_lines(sample):
        return _at_stamps
    if any(map(_IS_SAME_SECOND.match, head.lines)):
        return _also_same_second
    return lines.mixed if _is_mixed(head) else lines.stamped


def _at_unstamped(head: Head, sample: list[bytes]) -> lines.RecordStarts:
    if not sample and head.lines:
        return _at_level
    if _shows_time_of_day(sample):
        return _at_time_of_day
    return _also_padded if head.share(_IS_PADDED_LEVEL) > _PADDED_SHARE else lines.unstamped


def _shows_time_of_day(sample: list[bytes]) -> bool:
    """Return whether lines begin with a time without a date, as logback's by default."""
    shown = sum(1 for line in sample if _TIME_OF_DAY.match(line))
    return shown > _STAMPED_SHARE * len(sample)


def _is_two_lines(sample: list[bytes]) -> bool:
    """Return whether these are records whose second line begins with the level."""
    shown = sum(1 for line in sample if _TWO_LINES.match(line))
    return shown > len(sample) / 4


def stamped_at_margin(sample: list[bytes]) -> list[bytes]:
    """Return the lines that tell where stamps stand.

    Of records of two lines these are the first: a time in what the second says begins none.
    """
    if not _is_two_lines(sample):
        return sample
    return [line for line in sample if (hit := leading.find_leading(line)) and hit[0] == 0]


def _is_mixed(head: Head) -> bool:
    """Return whether another writer's lines, which have no time, stand among stamped ones.

    Servers print a banner with times and leave the application's own lines as they are. A first
    line behind a stamped one may be the rest of what that says, but not behind a request.
    """
    stamped = free = begun = 0
    is_in_trace = False
    for line, after in zip(head.lines, [*head.lines[1:], b""], strict=False):
        if leading.find_leading(line):
            stamped, begun = stamped + 1, int(requests.is_one(line))
            is_in_trace = False
        elif _CONTINUATION.match(line):
            is_in_trace = is_in_trace or _IS_TRACEBACK.match(line) is not None
        elif is_in_trace:  # its last line
            is_in_trace = False
        elif not (_FRAME.match(line) or _GO_FILE.match(after)):
            begun += 1
            free += min(begun, 2) - 1
    return free > _FREE_SHARE * stamped


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" "))


def _indented_clock(head: Head, width: int, near_ms: int | None) -> Clock:
    """Return a clock for stamps behind the room that every line begins with."""
    sample = [line[width:] for line in head.lines if _indent(line) == width]
    if not is_stamped_text(sample):
        return Clock(())
    found = leading.search(sample).removeprefix("^").removeprefix("(?:^)")
    order = learn(sample, leading.find_leading, near_ms=near_ms).order
    return Clock((), search=f"(?:^) {{{width}}}{found}", near_ms=near_ms, order=order)


def _at_stamps(_data: bytes, _starts: Ints, _ends: Ints, minutes: Ints) -> np.ndarray:
    is_start: np.ndarray = minutes != NO_MINUTE
    return is_start


def _at_indent(data: bytes, starts: Ints, ends: Ints, _minutes: Ints, *, width: int) -> np.ndarray:
    """Start records at lines that are indented least, where none begins at the margin."""
    found = pc.match_substring_regex(record_array(data, starts, ends), rf"^ {{{width}}}[^\s}}\])]")
    is_start: np.ndarray = found.to_numpy(zero_copy_only=False).copy()
    return is_start


def _also_same_second(data: bytes, starts: Ints, ends: Ints, minutes: Ints) -> np.ndarray:
    """Start records also at lines that begin with a level behind the room of a time."""
    is_start = lines.stamped(data, starts, ends, minutes)
    found = pc.match_substring_regex(record_array(data, starts, ends), _SAME_SECOND)
    is_start |= found.to_numpy(zero_copy_only=False)
    return is_start


def _also_padded(data: bytes, starts: Ints, ends: Ints, minutes: Ints) -> np.ndarray:
    """Start records also at levels behind the room that longer ones fill."""
    is_start = lines.unstamped(data, starts, ends, minutes)
    found = pc.match_substring_regex(record_array(data, starts, ends), _PADDED_LEVEL)
    is_start |= found.to_numpy(zero_copy_only=False)
    return is_start


def _at_level(data: bytes, starts: Ints, ends: Ints, _minutes: Ints) -> np.ndarray:
    """Start records at lines that begin with a level, where none begins at the margin."""
    found = pc.match_substring_regex(record_array(data, starts, ends), rf"{_SAME_SECOND}|^\S")
    is_start: np.ndarray = found.to_numpy(zero_copy_only=False).copy()
    return is_start


def _at_time_of_day(data: bytes, starts: Ints, ends: Ints, _minutes: Ints) -> np.ndarray:
    """Start records at lines that begin with a time of day, a level or an object."""
    found = pc.match_substring_regex(record_array(data, starts, ends), _STARTS_TIME)
    is_start: np.ndarray = found.to_numpy(zero_copy_only=False).copy()
    return is_start


def sample_of(head: Head) -> list[bytes]:
    """Return the first lines that do not go on with others."""
    return [line for line in head.lines if not _CONTINUATION.match(line)]


def is_stamped_text(sample: list[bytes]) -> bool:
    """Return whether enough lines begin with a time of their own."""
    stamped = sum(1 for line in sample if leading.find_leading(line))
    return stamped > _STAMPED_SHARE * len(sample)
