"""GitHub deployments with their statuses, and Actions workflow runs.

Shapes: docs.github.com/rest/deployments, docs.github.com/rest/actions/workflow-runs, and
`gh run list --json`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from logclass.changes import kinds
from logclass.changes.rows import (
    ChangeRead,
    Document,
    Row,
    collect,
    mostly,
    objects_at,
    rows,
    value_at,
)
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from logclass.timestamps import Stamp

DEPLOYMENTS = "github deployments"
STATUSES = "github deployment statuses"
RUNS = "github workflow runs"

_DEPLOYMENT_KEYS = frozenset({"id", "sha", "ref", "environment", "created_at"})
_STATES = {"error", "failure", "inactive", "in_progress", "queued", "pending", "success"}
_NOT_DONE = {"failure", "error"}
_DEPLOYMENT_URL = re.compile(r"/deployments/(\d+)")
_REPOSITORY = re.compile(r"/repos/[^/]+/([^/]+)/")
_SERVICE_KEYS = ("service", "services", "service_name", "app", "application", "component")
_DEPLOYING = re.compile(r"deploy|release|rollout|ship|publish|promot|rotat|rollback", re.IGNORECASE)


def read_deployments(document: Document) -> ChangeRead | None:
    """Return one event for each deployment that took effect, or None.

    It took effect at the `created_at` of its `success` status where statuses are in the file,
    inside the deployment or beside it. A file of statuses alone names its deployments by URL.
    """
    found = rows(document, "deployments", "statuses", "data", whole=_DEPLOYMENT_KEYS)
    deployments = [row for row in found if _is_deployment(row)]
    statuses = [row for row in found if _is_status(row)]
    if len(deployments) + len(statuses) < 0.8 * len(found) or not found:
        return None
    by_deployment = _by_deployment(deployments, statuses)
    if not deployments:
        return _statuses_only(document, statuses, by_deployment)
    not_done = {row.text("id") for row in deployments if _failed(by_deployment[row.text("id")])}

    def event(row: Row) -> ChangeEvent | Fault | None:
        return _deployment(row, by_deployment[row.text("id")])

    events, faults = collect(deployments, event)
    return ChangeRead(events, document.faults + faults, DEPLOYMENTS, tuple(sorted(not_done)))


def read_runs(document: Document) -> ChangeRead | None:
    """Return one event for each successful run of a deploying workflow, or None."""
    found = rows(document, "workflow_runs")
    if not mostly(_is_run(row) for row in found):
        return None
    events, faults = collect(found, _run)
    return ChangeRead(events, document.faults + faults, RUNS)


def _is_deployment(row: Row) -> bool:
    # GitLab's deployments have these keys too, and an `iid`.
    return row.value.keys() >= _DEPLOYMENT_KEYS and "iid" not in row.value


def _is_status(row: Row) -> bool:
    return row.text("state") in _STATES and "created_at" in row.value and "sha" not in row.value


def _deployment_id(status: Row) -> str:
    named = status.text("deployment_id") or status.text("deployment", "id")
    url = _DEPLOYMENT_URL.search(status.text("deployment_url") or status.text("url"))
    return named or (url.group(1) if url else "")


def _by_deployment(deployments: list[Row], statuses: list[Row]) -> dict[str, list[Row]]:
    """Return deployment id -> its statuses, oldest first."""
    grouped: dict[str, list[Row]] = {row.text("id"): [] for row in deployments}
    for row in deployments:
        for nested in ("statuses", "latestStatuses"):
            inside = [row.part(value) for value in objects_at(row.value, nested)]
            grouped[row.text("id")] += inside
    for status in statuses:
        owner = _deployment_id(status)
        if not owner and len(deployments) == 1:
            owner = deployments[0].text("id")
        if owner:
            grouped.setdefault(owner, []).append(status)
    return {key: sorted(group, key=_created) for key, group in grouped.items()}


def _created(row: Row) -> str:
    return row.text("created_at")


def _success(statuses: list[Row]) -> Stamp | None:
    return next(
        (row.stamp("created_at") for row in statuses if row.text("state") == "success"), None
    )


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


def _repository(url: str) -> str:
    found = _REPOSITORY.search(url)
    return found.group(1) if found else ""


def _failed(statuses: list[Row]) -> bool:
    return _success(statuses) is None and any(row.text("state") in _NOT_DONE for row in statuses)


def _deployment(row: Row, statuses: list[Row]) -> ChangeEvent | Fault | None:
    stamp = _success(statuses) or row.stamp("created_at")
    if stamp is None:
        return row.fault("no_time", "the deployment has no readable created_at")
    if _failed(statuses):
        return None
    description = row.text("description")
    task = row.text("task")
    told = kinds.of_sentence(f"{task} {description}") if description or task else None
    return ChangeEvent(
        id=row.text("id"),
        time_ms=stamp.ms,
        kind=ChangeKind.ROLLBACK if told is ChangeKind.ROLLBACK else ChangeKind.DEPLOY,
        target=_deployed(row) or _repository(row.text("url") or row.text("repository_url")),
        source=row.source,
        description=" ".join(part for part in (task, row.text("ref"), description) if part),
        version=row.text("sha"),
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
        row = next(row for row in group if row.text("state") == "success")
        events.append(
            ChangeEvent(
                id=deployment,
                time_ms=stamp.ms,
                kind=ChangeKind.DEPLOY,
                target=_repository(row.text("deployment_url")),
                source=document.name,
                description=row.text("description"),
                environment=row.text("environment"),
                zone_assumed=not stamp.zone_known,
            )
        )
    not_done = sorted(key for key, group in by_deployment.items() if _failed(group))
    return ChangeRead(tuple(events), document.faults + tuple(faults), STATUSES, tuple(not_done))


def _is_run(row: Row) -> bool:
    return row.value.keys() >= {"status", "conclusion"} and bool(
        {"head_sha", "headSha"} & row.value.keys()
    )


def _run(row: Row) -> ChangeEvent | Fault | None:
    title = row.text("display_title") or row.text("displayTitle")
    name = row.text("name") or row.text("workflowName")
    if row.text("conclusion") != "success" or not _DEPLOYING.search(f"{name} {title}"):
        return None
    start = next(
        (
            stamp
            for key in ("run_started_at", "startedAt", "created_at", "createdAt")
            if (stamp := row.stamp(key))
        ),
        None,
    )
    if start is None:
        return row.fault("no_time", "the run has no readable start")
    end = row.stamp("updated_at") or row.stamp("updatedAt")
    return ChangeEvent(
        id=row.text("id") or row.text("databaseId") or row.id,
        time_ms=start.ms,
        kind=kinds.of_sentence(f"{name} {title}") or ChangeKind.DEPLOY,
        target=row.text("repository", "name"),
        source=row.source,
        description=" - ".join(part for part in (name, title) if part),
        end_ms=end.ms if end and end.ms >= start.ms else None,
        version=row.text("head_sha") or row.text("headSha"),
        zone_assumed=not start.zone_known,
    )
