"""Snapshots of a JSON Web Key Set, compared with each other by thumbprint.

Shapes: RFC 7517; thumbprints: RFC 7638. Only public members are read: `d`, `k` and the like are
secret. A snapshot has no time of its own, so it is taken from what stands around the keys, the
headers of `curl -i`, the file's name, or the file's modification, and the change says which.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from logclass.changes.documents import head_of_answer
from logclass.changes.rows import ChangeRead, Document, KeySet, Row, mostly, rows
from logclass.changes.values import objects_at
from logclass.model import ChangeEvent, Fault
from logclass.timestamps import Stamp, isoformat, parse
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FORMAT = "jwks"

# RFC 7638 section 3.2: what a thumbprint is made of.
_MEMBERS = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x")}
_SECRET = ("d", "k", "p", "q", "dp", "dq", "qi", "oth")
_TIMES = ("fetched_at", "retrieved_at", "captured_at", "time", "timestamp", "date", "at", "when")
_NAMES = ("issuer", "iss", "jwks_uri", "url", "uri", "endpoint", "name", "source")
_DATE_HEADER = re.compile(r"^date: *(?P<date>.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_NAMED_TIME = re.compile(
    r"(?P<y>20\d\d)-?(?P<m>\d\d)-?(?P<d>\d\d)(?:[T_. -]?(?P<H>\d\d)[:h.-]?(?P<M>\d\d)"
    r"(?:[:m.-]?(?P<S>\d\d))?(?P<zone>Z)?)|(?<!\d)(?P<epoch>1\d{9})(?:\d{3})?(?!\d)"
)
_ORDER_WORDS = re.compile(
    r"(?:^|(?<=[^a-z]))(?:before|after|old|new|previous|prev|current|now|then|latest|first|second)"
    r"(?=[^a-z]|$)|\d+",
    re.IGNORECASE,
)


class _When(NamedTuple):
    stamp: Stamp
    source: str  # in words


def read(document: Document) -> ChangeRead | None:
    """Return the key set of each snapshot in the file, or None. `changes` makes of them events."""
    headers, body = head_of_answer(document)
    found = rows(body, whole=frozenset({"keys"}))
    if not mostly(_is_key_set(row) for row in found):
        return None
    sets: list[KeySet] = []
    faults: list[Fault] = list(body.faults)
    for row in found:
        if any(set(_SECRET) & key.keys() for key in objects_at(row.value, "keys")):
            faults.append(row.fault("secret", "the key set holds private keys; they are not read"))
        when = _when(row, headers, document)
        if when is None:
            faults.append(row.fault("no_time", "nothing says when this key set was fetched"))
            continue
        keys = tuple(sorted({_key(key) for key in objects_at(row.value, "keys")}))
        name = row.first(*_NAMES) or _stem(document.name)
        sets.append(KeySet(name, when.stamp.ms, f"{row.id} ({when.source})", keys))
    return ChangeRead((), tuple(faults), FORMAT, key_sets=tuple(sets))


def compare(sets: Iterable[KeySet]) -> tuple[ChangeEvent, ...]:
    """Return one rotation for each two snapshots of one set that differ, one after the other."""
    named: dict[str, list[KeySet]] = {}
    for one in sorted(set(sets), key=lambda one: (one.time_ms, one.source)):
        named.setdefault(one.name, []).append(one)
    groups = list(named.values())
    if len(groups) == 2 and all(len(group) == 1 for group in groups):
        both = sorted((groups[0][0], groups[1][0]), key=lambda one: one.time_ms)
        shared = {key for one in both[0].keys for key in one[:2] if key} & {
            key for one in both[1].keys for key in one[:2] if key
        }
        groups = [both] if shared else []  # two names of one set, as it has keys in common
    events = [_change(*pair) for group in groups for pair in pairwise(group)]
    return tuple(event for event in events if event)


def _is_key_set(row: Row) -> bool:
    keys = row.value.get("keys")
    return isinstance(keys, list) and all(isinstance(k, dict) and "kty" in k for k in keys)


def _key(key: dict[str, object]) -> tuple[str, str, str]:
    """Return (kid, thumbprint, alg); no thumbprint of a symmetric key: it is a hash of a secret."""
    kid, alg, kind = (str(key.get(name) or "") for name in ("kid", "alg", "kty"))
    members = _MEMBERS.get(kind, ())
    if not members or not all(isinstance(key.get(name), str) for name in members):
        return kid, "", alg
    text = json.dumps({name: key[name] for name in members}, separators=(",", ":"), sort_keys=True)
    digest = hashlib.sha256(text.encode()).digest()
    return kid, base64.urlsafe_b64encode(digest).decode().rstrip("="), alg


def _change(before: KeySet, after: KeySet) -> ChangeEvent | None:
    told = _differences(before.keys, after.keys)
    if not told:
        return None
    known = {(kid, print_) for kid, print_, _ in before.keys}
    news = [kid or print_[:12] for kid, print_, _ in after.keys if (kid, print_) not in known]
    span = f"between {isoformat(before.time_ms)} and {isoformat(after.time_ms)}"
    return ChangeEvent(
        id=f"{before.source.partition(' ')[0]}..{after.source.partition(' ')[0]}",
        time_ms=before.time_ms,
        kind=ChangeKind.ROTATION,
        target=after.name,
        source=after.source.partition(" (")[0].rpartition(":")[0],
        description=f"key set: {'; '.join(told)}; {span} (times from {_origin(before, after)})",
        end_ms=after.time_ms,
        version=", ".join(news),
    )


def _differences(
    before: Sequence[tuple[str, str, str]], after: Sequence[tuple[str, str, str]]
) -> list[str]:
    """Return in words what was replaced, added and removed."""
    old, new = ({(kid, print_) for kid, print_, _ in keys} for keys in (before, after))
    kids_old, kids_new = ({kid for kid, _ in one if kid} for one in (old, new))
    shared = sorted(kids_old & kids_new)
    replaced = [
        kid for kid in shared if {p for k, p in old if k == kid} != {p for k, p in new if k == kid}
    ]
    algs_old, algs_new = ({kid: alg for kid, _, alg in keys} for keys in (before, after))
    told = [f"{kid} replaced in place (same kid, another key)" for kid in replaced]
    for word, ones in (("added", new - old), ("removed", old - new)):
        told += [
            f"{kid or print_[:12]} {word}" for kid, print_ in sorted(ones) if kid not in shared
        ]
    told += [
        f"{kid} now {algs_new[kid] or 'without alg'}, was {algs_old[kid] or 'without alg'}"
        for kid in shared
        if kid not in replaced and algs_old[kid] != algs_new[kid]
    ]
    return told


def _origin(before: KeySet, after: KeySet) -> str:
    return " and ".join(
        dict.fromkeys(one.source.partition(" (")[2].rstrip(")") for one in (before, after))
    )


def _when(row: Row, headers: str, document: Document) -> _When | None:
    told = row.first_stamp(*_TIMES)
    if told:
        return _When(told, "the record")
    header = _DATE_HEADER.search(headers)
    if header:
        try:
            date = parsedate_to_datetime(header["date"])
            return _When(Stamp(int(date.timestamp() * 1000), zone_known=True), "the HTTP Date")
        except (ValueError, OverflowError):
            pass
    named = _named_time(document)
    if named:
        return _When(named, "the file's name")
    if document.near_ms is not None:
        return _When(Stamp(document.near_ms, zone_known=True), "the file's modification")
    return None


def _named_time(document: Document) -> Stamp | None:
    match = _NAMED_TIME.search(document.file)
    if match is None:
        return None
    if match["epoch"]:
        return parse(match["epoch"])
    if not match["H"]:
        return None  # a day alone: the file's modification tells more
    date, clock = "-".join(match.group("y", "m", "d")), ":".join(match.group("H", "M"))
    return parse(f"{date}T{clock}:{match['S'] or '00'}Z")


def _stem(name: str) -> str:
    """Return the name of the set that a file's name speaks of, without time and order."""
    folder, _, file = name.rpartition("/")
    stem = file.split(".json")[0].split(".txt")[0]
    plain = _ORDER_WORDS.sub("", _NAMED_TIME.sub("", stem)).strip("-_.: TZ")
    plain = re.sub(r"[-_.: ]{2,}", "-", plain)
    return plain or _ORDER_WORDS.sub("", folder.rpartition("/")[2]).strip("-_. ") or "jwks"
