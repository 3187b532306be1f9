"""What kubectl prints in columns: `get events`, `get replicasets` and `rollout history`.

Shape: kubernetes.io/docs/reference/kubectl. Times are ages there, counted back from when the
table was printed; that is taken to be when the file was written, and a fault says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from logclass.changes.kubernetes import read_objects
from logclass.changes.rows import ChangeRead, Document
from logclass.changes.tables import printed
from logclass.model import Fault
from logclass.timestamps import isoformat

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT = "kubectl tables"

_EVENTS = re.compile(r"^(?:NAMESPACE +)?LAST SEEN +(?:FIRST SEEN +)?(?:\S+ +)*?REASON +.*MESSAGE")
_SETS = re.compile(r"^(?:NAMESPACE +)?NAME +DESIRED +CURRENT +READY +AGE\b")
_HISTORY = re.compile(r"^REVISION +CHANGE-CAUSE\s*$")
_AGE_PART = re.compile(r"(\d+)([ydhms])")
_AGE = re.compile(r"(?:\d+[ydhms])+")
_SECONDS = {"y": 31_536_000, "d": 86_400, "h": 3600, "m": 60, "s": 1}
_OVER = re.compile(r"\(x\d+ over (\S+)\)")
_HEAD_LINES = 20
_LONGEST_SECONDS = 50 * 31_536_000


def read(document: Document) -> ChangeRead | None:
    """Return what such a table tells of rollouts, or None where the file is none."""
    lines = document.text.split("\n")
    lines = [line.rstrip("\r") for line in lines]
    for number, line in enumerate(lines[:_HEAD_LINES]):
        if _HISTORY.match(line):
            detail = "kubectl rollout history tells no times: export `get replicasets -o json`"
            fault = Fault(document.name, "no_time", detail, number + 1)
            return ChangeRead((), (fault,), FORMAT)
        for header, make in ((_EVENTS, _event), (_SETS, _replica_set)):
            if header.match(line):
                return _table(document, lines, number, make)
    return None


def _table(
    document: Document,
    lines: list[str],
    header: int,
    make: Callable[[dict[str, str], int], dict[str, Any] | None],
) -> ChangeRead:
    if document.near_ms is None:
        detail = "ages, and nothing says when they were printed: export it with -o json"
        return ChangeRead((), (Fault(document.name, "no_time", detail, header + 1),), FORMAT)
    objects = []
    for cells, line in printed(lines, header):
        value = make(cells, document.near_ms)
        if value is not None:
            objects.append(document.row(value, line, line))
    found = read_objects(objects, ())
    detail = f"ages are counted back from when the file was written, {isoformat(document.near_ms)}"
    note = Fault(document.name, "time_assumed", detail, header + 1)
    return found._replace(faults=(*found.faults, note))


def _event(cells: dict[str, str], now_ms: int) -> dict[str, Any] | None:
    last = _ago(cells.get("LAST SEEN", ""), now_ms)
    over = _OVER.search(cells.get("LAST SEEN", ""))
    first = _ago(cells.get("FIRST SEEN") or (over[1] if over else ""), now_ms) or last
    kind, _, name = cells.get("OBJECT", "").partition("/")
    if last is None:
        return None
    return {
        "kind": "Event",
        "metadata": {"namespace": cells.get("NAMESPACE", "")},
        "involvedObject": {"kind": kind, "name": name},
        "reason": cells.get("REASON", ""),
        "message": cells.get("MESSAGE", ""),
        "firstTimestamp": first,
        "lastTimestamp": last,
    }


def _replica_set(cells: dict[str, str], now_ms: int) -> dict[str, Any]:
    image = cells.get("IMAGES", "").partition(",")[0]
    return {
        "kind": "ReplicaSet",
        "metadata": {
            "name": cells.get("NAME", ""),
            "namespace": cells.get("NAMESPACE", ""),
            "creationTimestamp": _ago(cells.get("AGE", ""), now_ms),
        },
        "spec": {
            "replicas": cells.get("DESIRED", ""),
            "template": {"spec": {"containers": [{"image": image}]}},
        },
    }


def _ago(age: str, now_ms: int) -> str | None:
    """Return the time that an age such as `5m30s` stands for."""
    match = _AGE.match(age)
    if match is None:
        return None
    seconds = sum(int(n) * _SECONDS[unit] for n, unit in _AGE_PART.findall(match.group()))
    return isoformat(now_ms - seconds * 1000) if seconds < _LONGEST_SECONDS else None
