"""GitLab: deployments, environments, pipelines and jobs of a project.

Shapes: docs.gitlab.com/api/deployments, /environments, /pipelines, /jobs.
"""

from __future__ import annotations

import re

from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

FORMAT = "gitlab deployments"
PIPELINES = "gitlab pipelines"

_KEYS = ("iid", "sha", "status", "environment", "created_at")
_PIPELINE_KEYS = ("iid", "sha", "ref", "status", "created_at")
_JOB_KEYS = ("stage", "status", "pipeline", "finished_at")
_DEPLOYING = re.compile(
    r"deploy|release|roll ?out|publish|promot|rotat|roll[ _-]?back", re.IGNORECASE
)
_MAIN = re.compile(r"main|master|trunk|prod\w*|stable|release.*|v?\d+\.\d+.*", re.IGNORECASE)
_LONG_MS = 120_000  # a job this long may have rolled out well before it was done


def read(document: Document) -> ChangeRead | None:
    """Return one event for each deployment that succeeded or still runs, or None.

    It took effect when its job finished.
    """
    found = [_deployment_of(row) for row in rows(document, "deployments")]
    if not mostly(row.has(*_KEYS) for row in found):
        return None
    not_done = (row.text("id") for row in found if row.text("status") in {"failed", "canceled"})
    events, faults = collect(found, _event)
    return ChangeRead(events, document.faults + faults, FORMAT, tuple(sorted(not_done)))


def read_pipelines(document: Document) -> ChangeRead | None:
    """Return one event for each pipeline of a main branch, or job that deploys, that succeeded."""
    found = rows(document, "pipelines", "jobs")
    jobs = mostly(row.has(*_JOB_KEYS) for row in found)
    if not jobs and not mostly(
        row.has(*_PIPELINE_KEYS) and not row.has("environment") for row in found
    ):
        return None
    events, faults = collect(found, _job if jobs else _pipeline)
    return ChangeRead(events, document.faults + faults, PIPELINES)


def _deployment_of(row: Row) -> Row:
    """Return the last deployment of an environment, with its name, else the row."""
    last = row.value.get("last_deployment")
    if not isinstance(last, dict):
        return row
    return row.part({"environment": {"name": row.text("name")}, **last})


def _event(row: Row) -> ChangeEvent | Fault | None:
    if row.text("status") not in {"success", "running"}:
        return None
    end = row.stamp("deployable", "finished_at")
    start = row.stamp("deployable", "started_at") or row.stamp("created_at")
    stamp = end or start
    if stamp is None:
        return row.fault("no_time", "the deployment has no readable time")
    name = row.text("deployable", "name")
    return ChangeEvent(
        id=row.text("id") or row.id,
        time_ms=stamp.ms,
        kind=ChangeKind.ROLLBACK if "rollback" in name.lower() else ChangeKind.DEPLOY,
        target=row.text("deployable", "project", "name"),
        source=row.source,
        description=" ".join(part for part in (name, row.text("ref")) if part),
        end_ms=end.ms if end and start and end.ms - start.ms > _LONG_MS else None,
        version=row.text("sha"),
        environment=row.text("environment", "name") or row.text("environment"),
        zone_assumed=not stamp.zone_known,
    )


def _pipeline(row: Row) -> ChangeEvent | Fault | None:
    if row.text("status") != "success" or not _MAIN.fullmatch(row.text("ref")):
        return None
    name = row.text("name") or "pipeline"
    return _ran(row, f"{name} of {row.text('ref')} ({row.text('source') or 'unknown source'})")


def _job(row: Row) -> ChangeEvent | Fault | None:
    name = f"{row.text('stage')} {row.text('name')}"
    if row.text("status") != "success" or not _DEPLOYING.search(name):
        return None
    return _ran(row, f"job {row.text('name')} of {row.text('ref')}")


def _ran(row: Row, description: str) -> ChangeEvent | Fault:
    start = row.first_stamp("started_at", "created_at")
    if start is None:
        return row.fault("no_time", "no readable created_at")
    end = row.first_stamp("finished_at", "updated_at")
    back = "rollback" in description.lower()
    return ChangeEvent(
        id=row.text("id") or row.id,
        time_ms=start.ms,
        kind=ChangeKind.ROLLBACK if back else ChangeKind.DEPLOY,
        target="",
        source=row.source,
        description=description,
        end_ms=end.ms if end and end.ms >= start.ms else None,
        version=row.text("sha") or row.text("commit", "id"),
        zone_assumed=not start.zone_known,
    )
