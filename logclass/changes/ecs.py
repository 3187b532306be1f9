"""Amazon ECS: `aws ecs describe-services` (rollouts) and `describe-tasks` (instances).

Shapes: botocore's ECS service model. CLI v1 prints epoch seconds, v2 ISO 8601.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from logclass.changes.rows import ChangeRead, Document, Row, mostly, rows
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

SERVICES = "ecs services"
TASKS = "ecs tasks"

_DEPLOYMENT = re.compile(r"\(deployment (?P<id>[\w/-]+)\)")
_STARTED = re.compile(r"has started (?P<tasks>\d+) tasks?:")
_TASK = re.compile(r"\(task (?P<id>[\w-]+)\)")
_STEADY = "has reached a steady state"


_MOST = 0.5  # of the wanted tasks; that many are not started because one was unwell


class _Told(NamedTuple):
    """One line of a service's `events`."""

    ms: int
    message: str
    id: str


def read_services(document: Document) -> ChangeRead | None:
    """Return one event for each deployment of each service, or None.

    It starts at `createdAt`. It ends where the service's events say so, else at `updatedAt` once
    the rollout is completed or inactive. Tasks that the events name are its instances.
    """
    found = rows(document, "services")
    if not mostly(row.has("deployments", "serviceName") for row in found):
        return None
    events: list[ChangeEvent] = []
    faults: list[Fault] = list(document.faults)
    for service in found:
        told = _told(service)
        # With CodeDeploy or an external controller the task sets are what rolls.
        deployments = [*service.parts("deployments"), *service.parts("taskSets")]
        for deployment in deployments:
            event = _rollout(service, deployment, told, _next_start(deployment, deployments))
            if event is None:
                faults.append(service.fault("no_time", "a deployment has no readable createdAt"))
            else:
                events.append(event)
        events += _older_rollouts(service, told, deployments)
    return ChangeRead(tuple(events), tuple(faults), SERVICES)


def read_tasks(document: Document) -> ChangeRead | None:
    """Return one event for each deployment that started tasks, with its instances, or None.

    The id is the deployment's, so that `merge` lays it over the rollout of describe-services.
    """
    found = rows(document, "tasks")
    if not mostly(row.has("taskArn", "taskDefinitionArn") for row in found):
        return None
    grouped: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in found:
        service = row.text("group").removeprefix("service:")
        grouped[row.text("startedBy"), service, arn_name(row.text("taskDefinitionArn"))].append(row)
    events, faults = [], list(document.faults)
    for (started_by, service, revision), tasks in grouped.items():
        starts = [stamp for row in tasks for stamp in [_task_start(row)] if stamp]
        if not starts:
            faults.append(tasks[0].fault("no_time", "tasks without a readable start"))
            continue
        instances = sorted(arn_name(row.text("taskArn")) for row in tasks)
        events.append(
            ChangeEvent(
                id=started_by or f"{tasks[0].id} {service} {revision}",
                time_ms=min(starts),
                kind=ChangeKind.DEPLOY,
                target=service,
                source=document.name,
                description=f"{len(tasks)} task(s) of {revision}",
                version=revision,
                instances=tuple(instances),
            )
        )
    return ChangeRead(tuple(events), tuple(faults), TASKS)


def _told(service: Row) -> list[_Told]:
    """Return the service's events, oldest first."""
    return sorted(
        _Told(stamp.ms, line.text("message"), line.text("id"))
        for line in service.parts("events")
        if (stamp := line.stamp("createdAt"))
    )


def _next_start(deployment: Row, deployments: list[Row]) -> int | None:
    """Return when the next deployment of the service began."""
    start = deployment.stamp("createdAt")
    later = [
        stamp.ms
        for row in deployments
        if (stamp := row.stamp("createdAt")) and start and stamp.ms > start.ms
    ]
    return min(later, default=None)


def _rollout(
    service: Row, deployment: Row, told: list[_Told], next_ms: int | None
) -> ChangeEvent | None:
    start = deployment.stamp("createdAt")
    if start is None:
        return None
    ident = deployment.text("id")
    within = [
        line for line in told if start.ms <= line.ms and (next_ms is None or line.ms < next_ms)
    ]
    back = any(f"rolling back to deployment {ident}" in line.message for line in told)
    reason = deployment.text("rolloutStateReason")
    return ChangeEvent(
        id=ident or service.id,
        time_ms=start.ms,
        kind=ChangeKind.ROLLBACK if back else ChangeKind.DEPLOY,
        target=service.text("serviceName"),
        source=service.source,
        description=" ".join(
            part
            for part in (deployment.text("status"), deployment.text("rolloutState"), reason)
            if part
        ),
        end_ms=_end(deployment, ident, within),
        version=arn_name(deployment.text("taskDefinition")),
        instances=_started(within),
    )


def _end(deployment: Row, ident: str, within: list[_Told]) -> int | None:
    """Return when the rollout was over; None while it runs."""
    for line in within:
        named = _DEPLOYMENT.search(line.message)
        if named and named["id"] == ident and "completed" in line.message:
            return line.ms
    steady = next((line.ms for line in within if _STEADY in line.message), None)
    over = deployment.text("rolloutState") in {"COMPLETED", "FAILED"}
    over = over or deployment.text("stabilityStatus") == "STEADY_STATE"
    over = over or deployment.text("status") == "INACTIVE"
    updated = deployment.stamp("updatedAt")
    if steady is not None and (over or not deployment.text("rolloutState")):
        return steady
    return updated.ms if updated and over else None


def _started(within: list[_Told]) -> tuple[str, ...]:
    tasks = {
        match["id"]
        for line in within
        if _STARTED.search(line.message)
        for match in _TASK.finditer(line.message)
    }
    return tuple(sorted(tasks))


def _older_rollouts(service: Row, told: list[_Told], deployments: list[Row]) -> list[ChangeEvent]:
    """Return rollouts that only the service's events still tell of.

    Those that name a deployment's end, and those before the known ones in which most of the wanted
    tasks were started. They begin as the first of their tasks was started, if that is told.
    """
    known = {row.text("id") for row in deployments}
    first_ms = min((t.ms for row in deployments if (t := row.stamp("createdAt"))), default=None)
    told_count = service.text("desiredCount")
    wanted = int(told_count) if told_count.isdecimal() else 1
    found = []
    for lines in _turns(told):
        started = [line for line in lines if _STARTED.search(line.message)]
        named = [
            (match["id"], line)
            for line in lines
            if (match := _DEPLOYMENT.search(line.message))
            and "deployment completed" in line.message
        ]
        for ident, line in named:
            if ident not in known:
                begin = started[0].ms if started else line.ms
                found.append(_older(service, ident, (begin, line.ms), started))
        is_before = bool(started) and first_ms is not None and lines[-1].ms < first_ms
        if not named and is_before and _tasks(started) >= _MOST * wanted:
            over = next((line.ms for line in lines if _STEADY in line.message), lines[-1].ms)
            ident = started[0].id or f"{service.id} {started[0].ms}"
            found.append(_older(service, ident, (started[0].ms, over), started))
    return found


def _turns(told: list[_Told]) -> list[list[_Told]]:
    """Return the events in runs that begin with a start of tasks after a steady state."""
    out: list[list[_Told]] = [[]]
    is_over = False
    for line in told:
        if is_over and _STARTED.search(line.message):
            out.append([])
            is_over = False
        is_over |= _STEADY in line.message or "deployment completed" in line.message
        out[-1].append(line)
    return [lines for lines in out if lines]


def _tasks(started: list[_Told]) -> int:
    return sum(int(m["tasks"]) for line in started if (m := _STARTED.search(line.message)))


def _older(service: Row, ident: str, span: tuple[int, int], started: list[_Told]) -> ChangeEvent:
    told = "tasks were started, by the service's events"
    return ChangeEvent(
        id=ident,
        time_ms=span[0],
        kind=ChangeKind.DEPLOY,
        target=service.text("serviceName"),
        source=service.source,
        description=told if started else "completed; when it began is not recorded",
        end_ms=span[1],
        instances=_started(started),
    )


def _task_start(row: Row) -> int | None:
    for key in ("startedAt", "pullStartedAt", "createdAt"):
        stamp = row.stamp(key)
        if stamp:
            return stamp.ms
    return None


def arn_name(arn: str) -> str:
    """Return the last part of an ARN: `family:revision`, or a task's id."""
    return arn.rpartition("/")[2]
