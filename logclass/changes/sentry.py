"""Sentry: the releases of an organisation, and the deploys of a release.

Shapes: docs.sentry.io/api/releases.
"""

from __future__ import annotations

from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

RELEASES = "sentry releases"
DEPLOYS = "sentry deploys"

_RELEASE_KEYS = ("version", "dateCreated")
_TELLING = ("dateReleased", "lastDeploy", "shortVersion", "commitCount", "newGroups")
_DEPLOY_KEYS = ("environment", "dateFinished")


def read(document: Document) -> ChangeRead | None:
    """Return one event for each release or deploy, or None.

    A release took effect with its last deploy, else when it was released, else created.
    """
    found = rows(document, "releases", "deploys")
    if mostly(row.has(*_DEPLOY_KEYS) for row in found):
        events, faults = collect(found, _deploy)
        return ChangeRead(events, document.faults + faults, DEPLOYS)
    if mostly(row.has(*_RELEASE_KEYS) and any(row.has(key) for key in _TELLING) for row in found):
        events, faults = collect(found, _release)
        return ChangeRead(events, document.faults + faults, RELEASES)
    return None


def _deploy(row: Row) -> ChangeEvent | Fault | None:
    end = row.stamp("dateFinished")
    start = row.stamp("dateStarted") or end
    if start is None:
        return row.fault("no_time", "the deploy has no readable dateFinished")
    return ChangeEvent(
        id=row.text("id") or row.id,
        time_ms=start.ms,
        kind=ChangeKind.DEPLOY,
        target=row.text("projects", 0, "slug") or row.text("projects", 0),
        source=row.source,
        description=row.text("name"),
        end_ms=end.ms if end else None,
        version=row.text("release") or row.text("release", "version") or row.text("version"),
        environment=row.text("environment"),
        zone_assumed=not start.zone_known,
    )


def _release(row: Row) -> ChangeEvent | Fault | None:
    deployed = row.stamp("lastDeploy", "dateFinished")
    stamp = deployed or row.stamp("dateReleased") or row.stamp("dateCreated")
    if stamp is None:
        return row.fault("no_time", f"release {row.text('version')} has no readable time")
    return ChangeEvent(
        id=row.text("version") or row.id,
        time_ms=stamp.ms,
        kind=ChangeKind.DEPLOY,
        target=row.text("projects", 0, "slug") or row.text("projects", 0),
        source=row.source,
        description="release deployed" if deployed else "release created",
        version=row.text("version"),
        environment=row.text("lastDeploy", "environment"),
        zone_assumed=not stamp.zone_known,
    )
