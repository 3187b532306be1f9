"""Where the stamps of a stream stand, told by its first records."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import regex

from logclass.formats import stamps
from logclass.formats.minutes import LEAD_BYTES, Clock, Place
from logclass.formats.stamps import ANY_STAMP, BY_NAME, EPOCH, EPOCH_NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MAX_PLACES = 4


def learn(
    records: Sequence[bytes],
    find: Callable[[bytes], tuple[int, str] | None],
    *,
    search: str = "",
    near_ms: int | None = None,
    lead: Callable[[bytes], bytes] | None = None,
) -> Clock:
    """Return a clock for streams whose head is `records`.

    find: gives offset and form name of the stamp in one record, or None. lead: gives what has to
    stand right before a stamp, from what stands before this one.
    """
    votes: Counter[Place] = Counter()
    stamped = 0
    hits = [(record, *hit) for record in records if (hit := find(record))]
    for record, offset, form in hits:
        stamped += 1
        if not BY_NAME[form].offsets:
            continue  # only the search finds these
        before = lead(record[:offset]) if lead else b""
        votes[Place("start", offset, form, before)] += 1
        votes[Place("end", len(record) - offset, form, before)] += 1
        bracket = record.find(b"[")
        if 0 <= bracket < offset:
            votes[Place("bracket", offset - bracket, form, before)] += 1
    enough = max(1, stamped // 50)
    # Of places that see the same records, the start is cheapest and the bracket dearest.
    order = {"start": 0, "end": 1, "bracket": 2}
    ranked = sorted(votes, key=lambda place: (-votes[place], order[place.anchor], place))
    places: list[Place] = []
    covered = 0
    for place in ranked:
        if votes[place] < enough or covered >= stamped or len(places) == _MAX_PLACES:
            break
        places.append(place)
        covered += votes[place]
    numbers = stamps.order_of(hits, near_ms)
    return Clock(
        tuple(places),
        search=search,
        near_ms=near_ms,
        order=numbers.order,
        order_assumed=numbers.order if numbers.is_open else "",
    )


def learn_at_key(
    records: Sequence[bytes], keys: Sequence[str], *, near_ms: int | None = None
) -> Clock:
    """Return a clock that reads the value of the first of these keys in JSON objects."""
    find, lead = find_key_stamp(keys), _key_before(keys)
    return learn(records, find, search=key_search(keys), lead=lead, near_ms=near_ms)


def _key_before(keys: Sequence[str]) -> Callable[[bytes], bytes]:
    names = "|".join(regex.escape(key) for key in keys)
    pattern = regex.compile(rf'"(?:{names})"\s*:\s*"?\Z'.encode())

    def lead(before: bytes) -> bytes:
        match = pattern.search(before)
        return b"" if match is None else match[0][-LEAD_BYTES:]

    return lead


def key_search(keys: Sequence[str]) -> str:
    """Return an RE2 expression for the value of the first of these keys in a JSON object.

    Inside a JSON string a quote has a backslash before it, so a bare `{"key":` is a key.
    """
    names = "|".join(regex.escape(key) for key in keys)
    return rf'[{{,]\s*"(?:{names})"\s*:\s*"?(?P<stamp>[^",}}]+)'


def find_key_stamp(keys: Sequence[str]) -> Callable[[bytes], tuple[int, str] | None]:
    """Return a finder of the stamp that is the value of the first of these keys."""
    pattern = regex.compile(key_search(keys).encode())

    def find(record: bytes) -> tuple[int, str] | None:
        match = pattern.search(record)
        if match is None:
            return None
        at = match.start("stamp")
        if EPOCH_NUMBER.match(record, at):
            return at, EPOCH.name
        written = ANY_STAMP.match(record, at)
        return None if written is None else (at, str(written.lastgroup))

    return find
