"""A list of changes that people or scripts keep: CSV, JSON, or JSON lines, under common names."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from logclass.changes import kinds
from logclass.changes.columns import is_of_a_log, layout
from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.changes.tables import is_markdown, table
from logclass.changes.textlist import on_nearest_day, was_not_done
from logclass.changes.values import member, text_at
from logclass.model import ChangeEvent, Fault
from logclass.timestamps import Stamp
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = "change list"

_LISTS = (
    *("changes", "events", "items", "entries", "records", "data", "deployments", "deploys"),
    *("releases", "rollouts", "rotations", "rollbacks", "change_log", "changelog", "timeline"),
    *("change", "deploy", "deployment", "release", "rotation", "rollback", "event", "entry"),
    *("history", "activity", "activities", "annotations", "rows", "list", "change_events"),
)
_NOT_DONE = {
    *("cancelled", "canceled", "aborted", "skipped", "planned", "scheduled", "rejected", "failed"),
    *("failure", "error", "errored", "declined", "denied", "withdrawn", "draft", "queued"),
    *("pending", "not started", "to do", "todo", "timed_out", "unsuccessful", "postponed"),
}
_OBJECT_NAMES = ("name", "slug", "title", "summary", "id")
_SEPARATOR = re.compile(r"[;,|\s]+")
_SAMPLE = 50
_JSON_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[]")
_NO_TABLE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:[{\[<]|$)")
_KEY = re.compile(r'"([\w.@-]+)"\s*:')
_HEAD, _LARGE_BYTES = 4096, 500_000
_MOST_BYTES = 16_000_000  # people do not keep longer lists; logs are longer
_TIME_OF_DAY = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?: ?(?:Z|UTC))?")
_BY_HAND_MS = 60_000  # between changes that a person writes down
_IN_CALENDARS = 0.4  # of the entries tell of changes; the others are meetings
_OF_PODS = {"instances", "status"}
_REQUEST = re.compile(r"\b(?:GET|POST|PUT|PATCH|DELETE) /|\b[1-5]\d\d\b")
_NEW_VERSION = re.compile(r"(?:\S+ ?(?:->|→|=>|to) ?)?v?\d+(?:\.\d+)+[\w.+-]*")
_DENSE_MS = 1000  # a median gap below this is a log's


def read_csv(document: Document) -> ChangeRead | None:
    """Return the changes of a CSV file with a header; None where it is no change list.

    Separators `,` `;` tab and `|`; lines that start with `#` are comments.
    """
    if len(document.data) > _MOST_BYTES or _NO_TABLE.match(document.data):
        return None
    torn: list[Fault] = []
    found = table(document, torn)
    if found is None:
        return None
    named = map(_named, found)
    sample = list(islice(named, _SAMPLE))
    is_told = _is_change_list(sample, trusted=document.trusted)
    if not is_told and not (is_markdown(document) and _is_kept_by_hand(sample)):
        return None
    read = _read([*sample, *named], trusted=document.trusted)
    if read is None:
        return None
    faults = sorted((*torn, *read.faults), key=lambda fault: fault.line or 0)
    return read._replace(faults=tuple(faults))


def read_json(document: Document) -> ChangeRead | None:
    """Return the changes of a JSON array, of `{"changes": […]}` or of JSON lines, or None."""
    if len(document.data) > _MOST_BYTES or not _JSON_START.match(document.data):
        return None
    large = len(document.data) > _LARGE_BYTES
    if large and not document.trusted and is_of_a_log(_KEY.findall(document.text[:_HEAD])):
        return None  # spares parsing it all
    if any("schema_version" in value for value, _ in document.values if isinstance(value, dict)):
        return None  # a report of ours
    found = [_named(row, label) for row, label in _listed(document)]
    if not _is_change_list(found[:_SAMPLE], trusted=document.trusted):
        return None
    read = _read(found, trusted=document.trusted)
    return read and read._replace(faults=document.faults + read.faults)


def _listed(document: Document) -> Iterator[tuple[Row, str]]:
    """Yield the rows, and the name of the list that holds them where it tells their kind."""
    objects = [value for value, _ in document.values if isinstance(value, dict)]
    keys = [key for key in _LISTS if any(isinstance(member(item, key), list) for item in objects)]
    if len(objects) == 1 and not keys and _is_keyed(objects[0]):
        (keyed,) = objects
        named = enumerate(keyed.items(), 1)
        yield from ((document.row({"id": key, **one}, None, n), "") for n, (key, one) in named)
        return
    if not keys:
        yield from ((row, "") for row in rows(document))
    for key in keys:
        label = key if kinds.is_change_word(key) else ""
        yield from ((row, label) for row in rows(document, key))


def _is_keyed(value: dict[str, Any]) -> bool:
    """Whether an object holds records by their ids."""
    return len(value) > 1 and all(isinstance(one, dict) for one in value.values())


def _read(found: list[Row], *, trusted: bool) -> ChangeRead | None:
    if not trusted and _is_dense(found):
        return None
    events, faults = collect(found, _event)
    not_done = tuple(row.text("id") or row.id for row in found if _was_not_done(row))
    return ChangeRead(events, faults, FORMAT, not_done)


def _event(row: Row) -> ChangeEvent | Fault | None:
    stamp = _time(row)
    if stamp is None:
        return row.fault("no_time", "the time of this change cannot be read")
    if _was_not_done(row):
        return None
    end = row.stamp("end") or row.time(f"{row.text('end_date')} {row.text('end')}")
    names = _SEPARATOR.split(row.text("instances"))
    return ChangeEvent(
        id=row.text("id") or row.id,
        time_ms=stamp.ms,
        kind=_kind(row),
        target=row.text("target"),
        source=row.source,
        description=row.text("description"),
        end_ms=end.ms if end and end.ms >= stamp.ms else None,
        version=row.text("version"),
        environment=row.text("environment"),
        instances=tuple(str(name) for name in names if name),
        zone_assumed=not stamp.zone_known,
    )


def _kind(row: Row) -> ChangeKind:
    label = row.text("kind")
    kind = kinds.of_label(label) if label else None
    if kind is None or (kind is ChangeKind.OTHER and label.lower() != "other"):
        kind = kinds.of_sentence(f"{label} {row.text('description')}") or kind
    if row.value.get("names_versions"):  # a service and its new version is a deploy
        return ChangeKind.ROTATION if row.value["is_key"] else ChangeKind.DEPLOY
    if kind is None and _NEW_VERSION.fullmatch(row.text("description")):
        return ChangeKind.DEPLOY
    return kind or kinds.of_label(row.text("target")) or ChangeKind.OTHER


def _was_not_done(row: Row) -> bool:
    return row.text("status").lower() in _NOT_DONE or was_not_done(row.text("description"))


def _time(row: Row) -> Stamp | None:
    stamp = row.stamp("time")
    if stamp is None and row.text("date"):  # date and time of day in two columns
        stamp = row.time(f"{row.text('date')} {row.text('time')}")
    if stamp is None and row.near_ms is not None and _TIME_OF_DAY.fullmatch(row.text("time")):
        stamp = on_nearest_day(row.text("time"), row.near_ms)
    return Stamp(stamp.ms, zone_known=True) if stamp and row.value.get("says_utc") else stamp


def _is_change_list(sample: list[Row], *, trusted: bool) -> bool:
    """Whether the rows are of a change list and surely of no log, by their names and words."""
    if trusted:
        return any(_time(row) is not None for row in sample)
    if any(row.value["of_a_log"] for row in sample):
        return False
    if not mostly((_time(row) is not None for row in sample), 0.5):
        return False
    return _speak_of_changes(sample)


def _is_kept_by_hand(sample: list[Row]) -> bool:
    """Whether rows that a person wrote down are changes, whatever words they are told in.

    People write tables of changes, and seldom of log lines: those come close together, from pods,
    and tell of requests and errors.
    """
    if any(row.value["of_a_log"] or _OF_PODS & row.value.keys() for row in sample):
        return False
    told = [f"{row.text('kind')} {row.text('description')}" for row in sample]
    if any(_REQUEST.search(one) or kinds.tells_of_rejection(one) for one in told):
        return False
    times = sorted(stamp.ms for row in sample if (stamp := _time(row)))
    gaps = sorted(late - early for early, late in pairwise(times))
    is_sparse = not gaps or gaps[len(gaps) // 2] >= _BY_HAND_MS
    return is_sparse and len(times) == len(sample) and any(one.strip() for one in told)


def _speak_of_changes(sample: list[Row]) -> bool:
    labels = [row.text("kind") for row in sample if row.text("kind")]
    told = [row.text("description") for row in sample if row.text("description")]
    if not labels and not told:
        return mostly(row.value.get("names_versions", False) for row in sample)
    if len(labels) >= len(sample) / 2 and mostly(map(kinds.is_change_word, labels), 0.6):
        return True
    if len(told) > 2 and mostly(map(kinds.tells_of_rejection, told), 0.6):
        return False
    if len(labels) >= len(sample) / 2 and mostly(map(kinds.is_change_label, labels), 0.6):
        return True
    is_calendar = all(row.value.keys() >= {"time", "end"} for row in sample)
    return mostly(map(_tells_of_change, sample), _IN_CALENDARS if is_calendar else 0.7)


def _tells_of_change(row: Row) -> bool:
    told, label = row.text("description"), row.text("kind")
    named = bool(label) and kinds.is_change_label(label)
    is_sentence = kinds.is_change_sentence(told) or kinds.leads_with_change(told)
    return named or is_sentence or kinds.is_labelled_change(told)


def _is_dense(found: list[Row]) -> bool:
    times = sorted(stamp.ms for row in found if (stamp := _time(row)))
    gaps = sorted(late - early for early, late in pairwise(times))
    return len(gaps) >= _SAMPLE and gaps[len(gaps) // 2] < _DENSE_MS


def _told(value: object) -> object:
    """Return the name of an object, and the names in a list, where a text is meant."""
    if isinstance(value, dict):
        return next((found for key in _OBJECT_NAMES if (found := text_at(value, key))), "")
    if isinstance(value, list):
        names = [_told(item) for item in value]
        return ", ".join(name for name in names if isinstance(name, str))
    return value


def _named(row: Row, label: str = "") -> Row:
    """Return the row with its fields under our names, and what its names say of it."""
    names = layout(tuple(row.value))
    value: dict[str, Any] = {field: _told(row.value[name]) for field, name in names.fields.items()}
    for field in ("target", "kind"):  # "what" and "change" can be sentences
        if "description" not in value and len(str(value.get(field, "")).split()) > 2:
            value["description"] = value.pop(field)
    if label:
        value.setdefault("kind", label)
    elif not {"kind", "description"} & value.keys() and {"version", "target"} <= value.keys():
        value["names_versions"] = names.is_complete
        value["is_key"] = names.fields["version"].endswith("kid")
    value["of_a_log"], value["says_utc"] = names.of_a_log, names.says_utc
    return row.part(value)
