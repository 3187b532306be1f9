"""The zone of local times, told by a second clock that stands on the same lines.

A relay that stamps local time before a record with a time of its own, or a logger that writes both.
Tokens have times too: only what stands under a time's name, or bare behind the first stamp, is a
clock, and nearly all lines must agree to the second.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta, timezone
from typing import TYPE_CHECKING

import regex

from logclass.formats import stamps
from logclass.formats.stamps import FULL_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logclass.timestamps import Stamp

_WITHIN_BYTES = 160
_BEHIND_BYTES = 60
_QUARTER_MS = 15 * 60_000
_MOST_QUARTERS = 56
_SAME_MS = 2_000
_DAY_MS = 86_400_000
_LEAST, _SHARE = 5, 0.8
_KEYED = regex.compile(
    rb"(?:^|[\s{,\"'])(?:@?timestamp|@?time|ts|datetime|date|eventtime)[\"']?\s*[:=]\s*[\"']?"
    rb"(?=\d)",
    regex.IGNORECASE,
)
_OF_A_KEY = b"=:\"'"


def zone_of(lines: Iterable[bytes]) -> timezone | None:
    """Return the offset from UTC of the first stamps on these lines, None where none is told."""
    votes: Counter[int] = Counter()
    for line in lines:
        found = FULL_TEXT.search(line, 0, _WITHIN_BYTES)
        if found is None or _names_zone(found[0]):
            continue
        second = _second(line, found.end())
        first = stamps.parse(found[0], second.ms + _DAY_MS) if second else None
        if second is not None and first is not None:
            votes[_quarters(first.ms - second.ms)] += 1
    best, count = max(votes.items(), key=lambda vote: vote[1], default=(_MOST_QUARTERS + 1, 0))
    if abs(best) > _MOST_QUARTERS or count < max(_LEAST, _SHARE * votes.total()):
        return None
    return timezone(timedelta(minutes=15 * best))


def _names_zone(written: bytes) -> bool:
    stamp = stamps.parse(written, None)
    return stamp is not None and stamp.zone_known


def _second(line: bytes, start: int) -> Stamp | None:
    """Return the other clock's stamp, None where none that names its zone stands behind `start`."""
    for key in _KEYED.finditer(line, start):
        match = stamps.full(line, key.end())
        stamp = stamps.parse(match[0], None) if match else None
        if stamp is not None and stamp.zone_known:
            return stamp
    match = FULL_TEXT.search(line, start, start + _BEHIND_BYTES)
    if match is None or line[match.start() - 1 : match.start()] in {bytes([c]) for c in _OF_A_KEY}:
        return None
    stamp = stamps.parse(match[0], None)
    return stamp if stamp is not None and stamp.zone_known else None


def _quarters(ms: int) -> int:
    """Return whole quarters of an hour; something impossible where it is not about that."""
    quarters = round(ms / _QUARTER_MS)
    return quarters if abs(ms - quarters * _QUARTER_MS) <= _SAME_MS else _MOST_QUARTERS + 1
