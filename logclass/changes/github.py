"""GitHub deployments with their statuses.

Shapes: docs.github.com/rest/deployments; GraphQL's names and webhooks' envelopes are read too.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from logclass.changes import kinds
from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.changes.values import objects_at, text_at, value_at
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from logclass.timestamps import Stamp

DEPLOYMENTS = "github deployments"
STATUSES = "github deployment statuses"

_DEPLOYMENT_KEYS = frozenset({"id", "sha", "ref", "environment", "created_at"})
_GRAPH_KEYS = frozenset({"commitOid", "environment", "createdAt"})
_STATES = {
    *("error", "failure", "inactive", "in_progress", "queued", "pending", "success", "waiting"),
    "destroyed",
}
_NOT_DONE = {"failure", "error"}
_NOT_BEGUN = {"queued", "pending", "waiting"}
_DEPLOYMENT_URL = re.compile(r"/deployments/(\d+)")
_REPOSITORY = re.compile(r"/repos/[^/]+/([^/]+)(?:/|$)")
_SERVICE_KEYS = ("service", "services", "service_name", "app", "application", "component")
_LONG_MS = 120_000  # a job this long may have rolled out well before it was done


def read(document: Document) -> ChangeRead | None:
    """Return one event for each deployment that took effect, or None.

    It took effect at the `created_at` of its `success` status where statuses are in the file,
    inside the deployment or beside it. A file of statuses alone names its deployments by URL.
    """
    found = rows(document, "deployments", "statuses", "data", whole=_DEPLOYMENT_KEYS)
    found = [*_paired(document), *(part for row in found for part in _unwrapped(row))]
    deployments = [row for row in found if _is_deployment(row)]
    statuses = [row for row in found if _is_status(row)]
    if len(deployments) + len(statuses) < 0.8 * len(found) or not found:
        return None
    if not deployments and not mostly(bool(_deployment_id(row)) for row in statuses):
        return None  # `state` and `created_at` alone are anybody's
    by_deployment = _by_deployment(deployments, statuses)
    if not deployments:
        return _statuses_only(document, statuses, by_deployment)
    not_done = {_id(row) for row in deployments if _failed(by_deployment[_id(row)])}

    def event(row: Row) -> ChangeEvent | Fault | None:
        return _deployment(row, by_deployment[_id(row)])

    events, faults = collect(deployments, event)
    return ChangeRead(events, document.faults + faults, DEPLOYMENTS, tuple(sorted(not_done)))


def _paired(document: Document) -> list[Row]:
    """Return what scripts put beside each other: a deployment and its statuses, by id or in pairs.

    A deployment may come out twice that way: `_by_deployment` lays them together.
    """
    found: list[Row] = []
    for value, _ in document.values:
        deployment, statuses = value_at(value, "deployment"), value_at(value, "statuses")
        if isinstance(deployment, dict) and isinstance(statuses, list):
            statuses = {text_at(deployment, "id"): statuses}
            found.append(document.row(deployment, None, len(found)))
        for ident in statuses if isinstance(statuses, dict) else ():
            for status in objects_at(statuses, ident):
                told = {"deployment_id": ident, **status}
                found.append(document.row(told, None, len(found)))
    return found


def _unwrapped(row: Row) -> list[Row]:
    """Return the deployment and the status of a webhook's body, else the row."""
    inner = [row.value.get("deployment"), row.value.get("deployment_status")]
    if {"deployments", "statuses"} & row.value.keys() and not row.has("id"):
        return []  # see _paired
    if not isinstance(inner[0], dict) or _is_deployment(row) or _is_status(row):
        return [row]
    return [row.part(value) for value in inner if isinstance(value, dict)]


def _is_deployment(row: Row) -> bool:
    # GitLab's deployments have these keys too, and an `iid`.
    shaped = row.has(*_DEPLOYMENT_KEYS) or row.has(*_GRAPH_KEYS)
    return shaped and "iid" not in row.value


def _is_status(row: Row) -> bool:
    return _state(row) in _STATES and row.has("created_at") and not row.has("sha")


def _state(row: Row) -> str:
    return row.text("state").lower()


def _id(row: Row) -> str:
    return row.first("databaseId", "id")


def _deployment_id(status: Row) -> str:
    named = status.text("deployment_id") or status.text("deployment", "id")
    url = _DEPLOYMENT_URL.search(status.text("deployment_url") or status.text("url"))
    return named or (url.group(1) if url else "")


def _by_deployment(deployments: list[Row], statuses: list[Row]) -> dict[str, list[Row]]:
    """Return deployment id -> its statuses, oldest first."""
    grouped: dict[str, list[Row]] = {_id(row): [] for row in deployments}
    for row in deployments:
        for path in (("statuses",), ("latestStatuses",), ("statuses", "nodes")):
            grouped[_id(row)] += [row.part(value) for value in objects_at(row.value, *path)]
        latest = value_at(row.value, "latestStatus")
        grouped[_id(row)] += [row.part(latest)] if isinstance(latest, dict) else []
    for status in statuses:
        owner = _deployment_id(status)
        if not owner and len(deployments) == 1:
            owner = _id(deployments[0])
        if owner:
            grouped.setdefault(owner, []).append(status)
    return {key: sorted(group, key=_created) for key, group in grouped.items()}


def _created(row: Row) -> str:
    return row.text("created_at")


def _first(statuses: list[Row], *states: str) -> Stamp | None:
    told = (row.stamp("created_at") for row in statuses if _state(row) in states)
    return next((stamp for stamp in told if stamp), None)


def _success(statuses: list[Row]) -> Stamp | None:
    return _first(statuses, "success")


def _failed(statuses: list[Row]) -> bool:
    return _success(statuses) is None and any(_state(row) in _NOT_DONE for row in statuses)


def _end_ms(statuses: list[Row]) -> int | None:
    """Return when a long job was done: it may have rolled out before. None for a short one."""
    begun, done = _first(statuses, "in_progress"), _success(statuses)
    return done.ms if begun and done and done.ms - begun.ms > _LONG_MS else None


def _deployed(row: Row) -> str:
    """Return what the payload says was deployed; "" where it does not.

    A repository that holds many services names none of them, so its deployments carry the
    service in their payload, an object or JSON text.
    """
    payload = row.value.get("payload")
    if isinstance(payload, str):
        try:
            payload = json.loads(payload)
        except ValueError:
            return ""
    for name in _SERVICE_KEYS:
        told = value_at(payload, name)
        named = [told] if isinstance(told, str) else told if isinstance(told, list) else []
        found = [one.strip() for one in named if isinstance(one, str) and one.strip()]
        if found:
            return ", ".join(found)
    return ""


def _repository(row: Row) -> str:
    for key in ("url", "repository_url", "deployment_url", "statuses_url"):
        found = _REPOSITORY.search(row.text(key))
        if found:
            return found.group(1)
    return row.text("repository", "name")


def _deployment(row: Row, statuses: list[Row]) -> ChangeEvent | Fault | None:
    if _failed(statuses) or (statuses and all(_state(one) in _NOT_BEGUN for one in statuses)):
        return None
    stamp = _success(statuses) or _first(statuses, "in_progress") or row.stamp("created_at")
    if stamp is None:
        return row.fault("no_time", "the deployment has no readable created_at")
    description = row.text("description")
    task = row.text("task")
    told = kinds.of_sentence(f"{task} {description}") if description or task else None
    ref = row.text("ref") or row.text("ref", "name")
    return ChangeEvent(
        id=_id(row) or row.id,
        time_ms=stamp.ms,
        kind=ChangeKind.ROLLBACK if told is ChangeKind.ROLLBACK else ChangeKind.DEPLOY,
        target=_deployed(row) or _repository(row),
        source=row.source,
        description=" ".join(part for part in (task, ref, description) if part),
        end_ms=_end_ms(statuses),
        version=row.first("sha", "commitOid"),
        environment=row.text("environment"),
        zone_assumed=not stamp.zone_known,
    )


def _statuses_only(
    document: Document, statuses: list[Row], by_deployment: dict[str, list[Row]]
) -> ChangeRead:
    events = []
    faults = [
        row.fault("no_target", "a status that does not name its deployment")
        for row in statuses
        if not _deployment_id(row)
    ]
    for deployment, group in by_deployment.items():
        stamp = _success(group)
        if stamp is None:
            continue
        row = next(row for row in group if _state(row) == "success")
        events.append(
            ChangeEvent(
                id=deployment,
                time_ms=stamp.ms,
                kind=ChangeKind.DEPLOY,
                target=_repository(row.part({"url": row.text("deployment_url")})),
                source=document.name,
                description=row.text("description"),
                end_ms=_end_ms(group),
                environment=row.text("environment"),
                zone_assumed=not stamp.zone_known,
            )
        )
    not_done = sorted(key for key, group in by_deployment.items() if _failed(group))
    return ChangeRead(tuple(events), document.faults + tuple(faults), STATUSES, tuple(not_done))
