"""The names under which people keep the fields of a change, in CSV headers and JSON keys."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

# Field -> the names it goes by, best first. Columns with other names are never read: they can
# hold secret values.
_NAMES: dict[str, tuple[str, ...]] = {
    "time": (
        *("time", "timestamp", "at", "when", "datetime", "date_time", "ts", "occurred_at"),
        *("start", "start_time", "started_at", "started", "begin", "deployed_at", "changed_at"),
        *("rotated_at", "released_at", "event_time", "change_time", "applied_at", "effective_at"),
        *("took_effect", "took_effect_at", "effective", "effective_from", "performed_at"),
        *("executed_at", "run_at", "done_at", "implemented_at", "happened_at", "published_at"),
        *("actual_start", "actual_start_date", "start_date_time", "date_and_time", "utc"),
        *("time_stamp", "timestamp_ms", "time_ms", "epoch", "epoch_ms", "epoch_seconds"),
        *("unix_time", "unix_timestamp", "date_happened", "from", "created_at", "created"),
        *("created_on", "recorded_at", "logged_at", "zeitpunkt", "uhrzeit", "zeit", "wann"),
        *("heure", "quand", "date_heure", "hora", "cuando", "fecha_hora", "horario", "quando"),
        *("planned_start", "scheduled_start", "start_date", "beginn", "day", "date", "datum"),
        *("fecha", "jour", "resolved", "deploy_date", "deployment_date", "release_date"),
    ),
    "kind": (
        *("kind", "type", "event", "change", "change_type", "event_type", "category", "action"),
        *("operation", "change_kind", "kind_of_change", "type_of_change", "activity", "issue_type"),
        *(
            "anderung",
            "aenderung",
            "changement",
            "cambio",
            "mudanca",
            "art",
            "typ",
            "tipo",
            "accion",
        ),
    ),
    "target": (
        *("target", "service", "component", "what", "app", "application", "system", "resource"),
        *("service_name", "key_name", "key_id", "secret_name", "secret_id", "parameter"),
        *("where", "subject", "project", "name", "object", "services", "workload", "deployment"),
        *("repo", "repository", "module", "cluster", "configuration_item", "affected_service"),
        *("affected_services", "component_s", "function", "function_name", "application_name"),
        *("cmdb_ci", "dienst", "komponente", "anwendung", "servicio", "aplicacion", "servico"),
        *("systeme", "composant", "sistema", "system_s"),
    ),
    "description": (
        *("description", "message", "summary", "title", "details", "detail", "notes", "note"),
        *("comment", "comments", "desc", "text", "reason", "change_description", "remark"),
        *("change_summary", "short_description", "what_changed", "what_happened", "changelog"),
        *("action_taken", "commit_message", "information", "remarks", "body", "entry", "what"),
        *(
            "beschreibung",
            "bemerkung",
            "was",
            "kommentar",
            "descripcion",
            "descricao",
            "quoi",
            "que",
        ),
    ),
    "end": (
        *("end", "end_time", "ended_at", "ended", "finished_at", "finished", "completed_at"),
        *("completed", "finish", "finish_time", "stop", "stopped_at", "until", "to", "time_end"),
        *("end_date", "end_date_time", "actual_end", "actual_end_date", "done", "rolled_out_at"),
    ),
    "version": (
        *("version", "new_version", "release", "revision", "tag", "image", "build", "sha"),
        *("commit", "commit_sha", "git_sha", "git_commit", "image_tag", "to_version", "kid"),
        *("new_kid", "key_version", "version_id", "app_version"),
    ),
    "environment": ("environment", "env", "stage", "namespace", "tier"),
    "id": (
        *("id", "change_id", "deployment_id", "event_id", "ticket", "uuid", "number", "ref"),
        *("issue_key", "change_number", "change_request", "cr", "ticket_id", "run_id", "build_id"),
        "_id",
    ),
    "instances": ("instances", "hosts", "pods", "nodes", "instance", "host", "hostname"),
    "status": ("status", "state", "result", "outcome", "conclusion", "phase"),
}
# Only logs have these ...
_OF_LOGS = re.compile(
    r"level|lvl|log_?level|severity|logger|pid|thread|stack|stack_?trace|exception|err|error|stream"
    r"|log_?stream(_?name)?|ingestion_?time|(request|trace|span|req|correlation)_?id|status_?code"
    r"|remote_addr|(client_?)?ip|user_?agent|exp|iat|sub|log|event_?source|@.*|_(?!id$|links$|self$).*"
    r"|duration(_ms)?"
)
# ... and these are read as a log's unless the kind of change is told.
_OF_LOGS_MOSTLY = re.compile(r"host|hostname|method|path|route|ur[il]|content|bytes|line")
_DAYS = ("date", "start_date", "day", "datum", "fecha", "jour")
_NOTE = re.compile(r"\(.*?\)|\[.*?\]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ZONE = re.compile(r"\b(?:utc|gmt)\b", re.IGNORECASE)


class Layout(NamedTuple):
    """What the names of a record's fields say."""

    fields: dict[str, str]  # field -> the column that holds it; "date" beside a "time" of its own
    of_a_log: bool
    is_complete: bool  # every column has a known name
    says_utc: bool  # a column's name says that its times are UTC: `time (UTC)`, `time_utc`


@lru_cache(maxsize=256)
def layout(names: tuple[str, ...]) -> Layout:
    """Return what the names of a record's fields say. Most records of a file share them."""
    utc = any(_ZONE.search(name.replace("_", " ")) for name in names)
    known = {name for group in _NAMES.values() for name in group}
    complete = all(_plain(name) in known for name in names)
    return Layout(_fields(names), is_of_a_log(names), complete, utc)


def _fields(names: Iterable[str]) -> dict[str, str]:
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(_plain(name), name)
    fields: dict[str, str] = {}
    for field, known in _NAMES.items():
        best = next((name for name in known if name in plain), None)
        if best is not None:
            fields[field] = plain[best]
    for field, days in (("date", _DAYS), ("end_date", ("end_date",))):
        beside = fields.get("end" if field == "end_date" else "time")
        found = [plain[day] for day in days if day in plain and plain[day] != beside]
        if found:
            fields[field] = found[0]
    if fields.get("description") == fields.get("target", ""):
        del fields["description"]  # the one column `what` is either
    return fields


def is_of_a_log(names: Iterable[str]) -> bool:
    """Return whether the names are those of log records."""
    plain = [_plain(name) for name in names]
    if any(_OF_LOGS.fullmatch(name) for name in plain):
        return True
    told = any(name in _NAMES["kind"] for name in plain)
    return not told and any(_OF_LOGS_MOSTLY.fullmatch(name) for name in plain)


def _plain(name: str) -> str:
    """Return a column's name in lower case with `_`, without accents, a unit or a zone."""
    letters = unicodedata.normalize("NFKD", _NOTE.sub("", name))
    letters = "".join(one for one in letters if not unicodedata.combining(one))
    words = _CAMEL.sub("_", letters).lower()
    words = re.sub(r"[^a-z0-9@_]+", "_", words.strip())
    return re.sub(r"_(?:utc|gmt|z)$", "", words.rstrip("_"))
