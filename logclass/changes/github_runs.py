"""GitHub Actions workflow runs, and releases of GitHub and GitLab.

Shapes: docs.github.com/rest/actions/workflow-runs, docs.github.com/rest/releases,
docs.gitlab.com/api/releases, `gh run list` and `gh release list`, with `--json` and without.
"""

from __future__ import annotations

import re

from logclass.changes import kinds
from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

RUNS = "github workflow runs"
RELEASES = "releases"

_RUN_NAMES = ("head_sha", "workflowName", "workflow_id", "display_title", "run_number")
_DEPLOYING = re.compile(
    r"deploy|release|roll ?out|ship|publish|promot|rotat|roll ?back|\bcd\b", re.IGNORECASE
)
_LISTED = re.compile(
    r"^(?P<status>completed|in_progress|queued|waiting|requested|pending)\t(?P<conclusion>\w*)"
    r"\t(?P<title>[^\t]*)\t(?P<name>[^\t]*)\t(?P<branch>[^\t]*)\t(?P<event>\w+)\t(?P<id>\d+)"
    r"\t(?P<elapsed>[^\t]*)\t(?P<created>\S+)\s*$",
    re.MULTILINE,
)


def read(document: Document) -> ChangeRead | None:
    """Return one event for each successful run of a deploying workflow, or None."""
    found = rows(document, "workflow_runs")
    if not mostly(_is_run(row) for row in found):
        return None
    events, faults = collect(found, _run)
    return ChangeRead(events, document.faults + faults, RUNS)


def read_list(document: Document) -> ChangeRead | None:
    """Return the same of what `gh run list` prints into a file, or None."""
    if not _LISTED.match(document.text):
        return None
    found = [
        document.row(
            {
                "conclusion": match["conclusion"],
                "name": match["name"],
                "id": match["id"],
                "display_title": match["title"],
                "created_at": match["created"],
            },
            document.line(match.start()),
            0,
        )
        for match in _LISTED.finditer(document.text)
    ]
    events, faults = collect(found, _run)
    return ChangeRead(events, faults, RUNS)


def read_releases(document: Document) -> ChangeRead | None:
    """Return one event for each published release, or None."""
    found = rows(document, "releases")
    if not mostly(
        row.has("tag_name") and (row.has("published_at") or row.has("released_at")) for row in found
    ):
        return None
    events, faults = collect(found, _release)
    return ChangeRead(events, document.faults + faults, RELEASES)


def _is_run(row: Row) -> bool:
    return row.has("conclusion") and any(row.has(name) for name in _RUN_NAMES)


def _run(row: Row) -> ChangeEvent | Fault | None:
    title = row.text("display_title")
    name = row.first("workflowName", "name")
    deploying = _DEPLOYING.search(f"{name} {title} {row.text('path')}")
    if row.text("conclusion").lower() != "success" or not deploying:
        return None
    start = row.first_stamp("run_started_at", "started_at", "created_at")
    if start is None:
        return row.fault("no_time", "the run has no readable start")
    end = row.stamp("updated_at")
    return ChangeEvent(
        id=row.first("databaseId", "id") or row.id,
        time_ms=start.ms,
        kind=kinds.of_sentence(f"{name} {title}") or ChangeKind.DEPLOY,
        target=row.text("repository", "name"),
        source=row.source,
        description=" - ".join(part for part in (name, title) if part),
        end_ms=end.ms if end and end.ms >= start.ms else None,
        version=row.text("head_sha"),
        zone_assumed=not start.zone_known,
    )


def _release(row: Row) -> ChangeEvent | Fault | None:
    if row.value.get("draft") is True or row.value.get("isDraft") is True:
        return None
    stamp = row.first_stamp("published_at", "released_at", "created_at")
    if stamp is None:
        return row.fault("no_time", f"release {row.text('tag_name')} has no readable time")
    return ChangeEvent(
        id=row.text("id") or row.text("tag_name") or row.id,
        time_ms=stamp.ms,
        kind=ChangeKind.DEPLOY,
        target="",
        source=row.source,
        description=f"release {row.text('name')} published".replace("  ", " "),
        version=row.text("tag_name"),
        zone_assumed=not stamp.zone_known,
    )
