"""Service and instance that stand at one place in the head of the lines of a text.

`2031-05-06 07:08:09,123 [orders-2] [ERROR] …`, `…Z|INFO|orders-api|ip-10-0-1-17|…`,
`… web-1 orders[7] …`, `orders-api-7d9f8b6c5d-x2x9z 2031-05-06T07:08:09Z …`: no key says what they
are. A place is taken for the instance's where nearly all lines have such a name there and few names
come again and again; threads, requests and loggers, which have numbers too, are told by their
words.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache, partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import regex

from logclass.formats import leading
from logclass.formats.stamps import full
from logclass.origin import SAFE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from logclass.formats.event import Event
    from logclass.formats.named import Searches

_LEAST_SHARE = 0.8  # of the lines have a name at its place
_LEAST_REPEATS = 2  # lines for each name; ids of requests hardly come again
_HEX_REPEATS = 5  # for what might be an id as well
_MOST_LINES = 200  # tell as much as a whole head
_MAX_PLACES = 7  # fields of a line's head
_HEAD_BYTES = 240
_CLOSERS = {b"]", b")", b">"}

# Common ground of `regex` and RE2 from here on.
_COLOUR = r"(?:\x1b\[[0-9;]*m)"
BETWEEN = rf"(?:[\s|,;:\"'>-]|{_COLOUR})*"
FIELD = r"(?:\[[^\]]*\]|\([^)]*\)|[^\s|,;\[\]()<>\"\x1b]+)"
_AFTER_NAME = r"(?::\d{1,5})?(?:[\]\s|,;:)\"'\x1b]|$)"
_OWNER = r"(?:[A-Za-z][\w.-]*[/@])?"  # orders-api/orders-api-0
_INSTANCES: dict[str, str] = {
    "pod": rf"[a-z0-9][a-z0-9.-]*-(?:[0-9a-f]{{6,10}}|{SAFE}{{8,10}})-{SAFE}{{5}}",
    "ec2": r"(?:[\w.-]+[-_/])?i-[0-9a-f]{8,17}",
    "address": r"(?:[\w-]+[-_])?ip-\d+-\d+-\d+-\d+(?:\.[a-z0-9.-]+)?",
    "domain": r"[a-z0-9-]*[a-z-]\d+(?:\.[a-z0-9-]+)+",
    "numbered": r"[A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)*[-_.]\d{1,4}",
    "host": r"(?:host|node|web|app|api|srv|server|vm|box|machine|instance|backend|frontend)\d{1,4}",
    "container": r"[0-9a-f]{12}",
    "task": r"[0-9a-f]{32}",  # of ECS
}
_HEXES = {"container", "task"}
_SERVICE = (
    r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*[-_]"
    r"(?:api|service|svc|server|gateway|gw|backend|frontend|bff|proxy|web|app)"
)
_HOST = r"[A-Za-z][\w.-]*"  # before a program and its process
_PROGRAM = r"[A-Za-z][\w/-]*"
_PROCESS = r"(?:\.service)?\[\d+\]"
# Spring Boot: `--- [application] [thread]`.
_APPLICATION = r"^.{0,80}? --- \[\s*(?P<text>[A-Za-z][\w.-]*)\] \["

_KINDS = {name: regex.compile(form.encode()) for name, form in _INSTANCES.items()}
_IS_SERVICE = regex.compile(_SERVICE.encode())
_IS_TAG = regex.compile(rf"({_PROGRAM}){_PROCESS}".encode())
_IS_HOST = regex.compile(_HOST.encode())
_OWNED = regex.compile(rf"({_OWNER})(.*?)(?::\d{{1,5}})?".encode())
_NEXT = regex.compile(f"{BETWEEN}({FIELD}(?:{_PROCESS})?)".encode())
_IS_COLOUR = regex.compile(_COLOUR.encode())
_SPRING = regex.compile(_APPLICATION.encode())
# Threads by a word anywhere in their names; what is counted by the word before the number, so that
# `order-1234` is none and `order-api-2` is; versions; regions of a cloud, which hold many hosts.
_NO_HOST = regex.compile(
    rb"(?i)thread|exec|pool|nio|event-?loop|sched|reactor|timer|dispatch|qtp|async|undertow|netty"
    rb"|tomcat|jetty|fiber|coroutine|parallel|elastic|epoll|kqueue|\A(?:restarted)?main\Z"
    rb"|(?:\A|[-_./])(?:worker|task|loop|consumer|producer|main|job|queue|conn(?:ection)?|session"
    rb"|req(?:uest)?|span|trace|batch|lane|https?|grpc|core|cpu|slot|shard|partition|topic|user|order"
    rb"|invoice|client|customer|tenant|page|step|attempt|retry|level|prio(?:rity)?|phase|port"
    rb"|version|release|build|oauth|utf|sha|log4j|error|warn|info|debug|tls|ssl)s?[-_.:#]?\d+\Z"
    rb"|\d\.\d|[-_.]v\d|\Av\d"
    rb"|\A[a-z]+-(?:gov-)?(?:north|south|east|west|central)(?:east|west)?-?\d\Z"
)
_GENERIC_TAGS = {b"root", b"main", b"__main__", b"app"}  # of loggers rather than programs
_LEVEL = regex.compile(rb"(?i)trace|debug|info|notice|warn\w*|err\w*|crit\w*|fatal|audit|severe")


class Placed(NamedTuple):
    """Where lines have their names: expressions whose group `text` is one; "" where they do not."""

    service: str
    instance: str

    def named(self, event: Event, record: bytes) -> Event:
        """Return the event with the names at their places, where it says none itself."""
        service = event.service or _text(self.service, record)
        return event._replace(
            service=service, instance=event.instance or _text(self.instance, record)
        )


def in_heads(sample: Iterable[bytes], stamp_search: str) -> Placed:
    """Return where nearly all lines of a text name their service and their instance.

    stamp_search: the RE2 expression for the lines' own stamp, "" where they have none.
    """
    first = islice(sample, _MOST_LINES)
    shown = [_shown(line, has_stamps=bool(stamp_search)) for line in first]
    heads = [head for head in shown if head is not None]
    if len(heads) < _LEAST_REPEATS:
        return Placed("", "")
    lines = [line for line, _ in heads]
    service = _application(lines)
    instance = ""
    for is_behind in (True, False) if stamp_search else (False,):
        parts = [line[end:] if is_behind else line for line, end in heads]
        before = rf"{stamp_search}[\])>]?" if is_behind else "^"
        found = _in_columns([fields_of(part, _MAX_PLACES) for part in parts], before)
        service, instance = service or found.service, instance or found.instance
    return Placed(service, instance)


def filled(searches: Searches, others: Searches) -> Searches:
    """Return the searches with the other one where a name has no search."""
    return (searches[0] or others[0], searches[1] or others[1])


@lru_cache(maxsize=256)
def _compiled(search: str) -> regex.Pattern[bytes]:
    return regex.compile(search.replace(r"\C", ".").encode("latin-1"))  # any byte, in RE2


def _text(search: str, record: bytes) -> str:
    match = _compiled(search).search(record[:_HEAD_BYTES]) if search else None
    return match["text"].decode("utf-8", "replace") if match else ""


def _shown(line: bytes, *, has_stamps: bool) -> tuple[bytes, int] | None:
    """Return a line's head and where its stamp ends, None for one without, if others have one."""
    line = line[:_HEAD_BYTES]
    hit = leading.find_leading(line) if has_stamps else None
    if hit is None:
        return None if has_stamps else (line, 0)
    stamp = full(line, hit[0])
    return (line, stamp.end()) if stamp else None


def fields_of(part: bytes, most: int) -> list[bytes]:
    """Return the first fields of a line, brackets included, behind what closes its stamp."""
    found: list[bytes] = []
    at = 1 if part[:1] in _CLOSERS else 0
    while len(found) < most and (match := _NEXT.match(part, at)):
        found.append(match[1])
        at = match.end()
    return found


def _in_columns(rows: Sequence[list[bytes]], before: str) -> Placed:
    service = instance = ""
    for place in range(_MAX_PLACES):
        column = [row[place] if place < len(row) else b"" for row in rows]
        names = _each(column, _bare)
        lead = f"{before}(?:{BETWEEN}{FIELD}){{{place}}}{BETWEEN}[\\[(]?{_COLOUR}*"
        kind = _kind(names)
        tags = [tag for tag in _each(column, _tag) if tag]
        if not instance and kind:
            instance = f"{lead}{_OWNER}(?P<text>{_INSTANCES[kind]}){_AFTER_NAME}"
            owners = [name.partition(b"/")[0] for name in names if b"/" in name]
            if not service and _are_few(owners, rows):
                service = f"{lead}(?P<text>[A-Za-z][\\w.-]*)/"
        elif not service and _are_few(tags, rows):
            service = f"{lead}(?P<text>{_PROGRAM}){_PROCESS}"
            instance = instance or _host_before(rows, place, before)
        elif not service and _are_few(_those(names, _is_service), rows):
            service = f"{lead}(?P<text>{_SERVICE}){_AFTER_NAME}"
    return Placed(service, instance)


def _each(column: Sequence[bytes], told: Callable[[bytes], bytes]) -> list[bytes]:
    """Return what is told of each field of a column, each different one asked about once."""
    answers = {field: told(field) for field in set(column)}
    return [answers[field] for field in column]


def _bare(field: bytes) -> bytes:
    return _IS_COLOUR.sub(b"", field).strip(b"[]() :")


def _tag(field: bytes) -> bytes:
    """Return the program of a syslog tag, b"" where the field is none."""
    match = _IS_TAG.match(field)
    return match[1] if match and match[1] not in _GENERIC_TAGS else b""


def _without_owner(name: bytes) -> bytes:
    match = _OWNED.fullmatch(name)
    return match[2] if match else b""


def _kind(names: Sequence[bytes]) -> str:
    """Return the kind of instance that nearly all of these are, "" where they are none."""
    names = _each(names, _without_owner)
    if len(set(names)) > (1 - _LEAST_SHARE * (1 - 1 / _LEAST_REPEATS)) * len(names):
        return ""  # ids and the like: too many different ones for any kind
    for kind, form in _KINDS.items():
        hosts = _those(names, partial(_is_host, form=form))
        repeats = _HEX_REPEATS if kind in _HEXES else _LEAST_REPEATS
        if _are_few(hosts, names, repeats) and (kind not in _HEXES or _come_again(hosts)):
            return kind
    return ""


def _come_again(names: Sequence[bytes]) -> bool:
    """Return whether most names stand in both halves: a trace's lines stand close together."""
    early, late = set(names[: len(names) // 2]), set(names[len(names) // 2 :])
    return len(early & late) >= _LEAST_SHARE * len(early | late)


def _host_before(rows: Sequence[list[bytes]], place: int, before: str) -> str:
    """Return the place of the host before a program and its process, as syslog has them."""
    hosts = [row[place - 1] for row in rows if 0 < place < len(row)]
    hosts = [name for name in hosts if _IS_HOST.fullmatch(name) and not _LEVEL.fullmatch(name)]
    if not _are_few(hosts, rows):
        return ""
    lead = f"{before}(?:{BETWEEN}{FIELD}){{{place - 1}}}{BETWEEN}"
    return f"{lead}(?P<text>{_HOST})\\s+{_PROGRAM}{_PROCESS}"


def _application(lines: Sequence[bytes]) -> str:
    found = [match["text"] for line in lines if (match := _SPRING.search(line))]
    names = [name for name in found if not _NO_HOST.search(name)]
    return _APPLICATION if _are_few(names, lines) else ""


def _those(names: Sequence[bytes], fits: Callable[[bytes], bool]) -> list[bytes]:
    """Return the names that fit, each different one asked about once."""
    fitting = {name for name in set(names) if fits(name)}
    return [name for name in names if name in fitting]


def _is_host(name: bytes, form: regex.Pattern[bytes]) -> bool:
    return bool(form.fullmatch(name)) and not _NO_HOST.search(name)


def _is_service(name: bytes) -> bool:
    return bool(_IS_SERVICE.fullmatch(name))


def _are_few(names: Sequence[bytes], rows: Sequence[object], repeats: int = _LEAST_REPEATS) -> bool:
    """Return whether nearly all rows have a name, and the same ones again and again."""
    if not rows or len(names) < _LEAST_SHARE * len(rows):
        return False
    return len(Counter(names)) * repeats <= len(names)
