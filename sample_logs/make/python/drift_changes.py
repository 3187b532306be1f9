"""Deployments as the GitHub REST API lists them; the simulation has no GitHub behind it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

API = "https://api.github.com/repos/example"
CAUSE = "2140061718"


class Deployment(NamedTuple):
    """One deployment: when it was created and when it took effect."""

    id: str
    repository: str  # one for each service
    created: str
    success: str
    task: str
    ref: str
    description: str
    is_decoy: bool = False


DEPLOYMENTS = (
    Deployment(
        "2140061702", "api", "13:33:48", "13:35:00", "deploy", "api-3.8.1",
        "patch release", is_decoy=True,
    ),
    Deployment(
        "2140061711", "web", "14:09:20", "14:12:06", "deploy", "web-7.1.4",
        "new images on the start page", is_decoy=True,
    ),
    Deployment(CAUSE, "auth", "14:18:57", "14:20:00", "deploy:config", "config-57", "config-57"),
    Deployment(
        "2140061733", "auth", "15:03:41", "15:05:00", "deploy:config", "config-58",
        "config-58, put issuer and audience right",
    ),
)  # fmt: skip


def _actor() -> dict[str, Any]:
    return {"login": "github-actions[bot]", "type": "Bot"}


def _record(deployment: Deployment) -> dict[str, Any]:
    return {
        "id": int(deployment.id),
        "sha": hashlib.sha1(deployment.ref.encode()).hexdigest(),
        "ref": deployment.ref,
        "task": deployment.task,
        "payload": {},
        "original_environment": "production",
        "environment": "production",
        "description": deployment.description,
        "creator": _actor(),
        "created_at": f"2031-06-17T{deployment.created}Z",
        "updated_at": f"2031-06-17T{deployment.success}Z",
        "url": f"{API}/{deployment.repository}/deployments/{deployment.id}",
        "statuses_url": f"{API}/{deployment.repository}/deployments/{deployment.id}/statuses",
    }


def _statuses(deployment: Deployment) -> list[dict[str, Any]]:
    steps = (("success", deployment.success), ("in_progress", deployment.created))
    return [
        {
            "id": int(deployment.id) * 10 + 2 - number,
            "state": state,
            "environment": "production",
            "description": "",
            "creator": _actor(),
            "created_at": f"2031-06-17T{clock}Z",
            "updated_at": f"2031-06-17T{clock}Z",
            "deployment_url": f"{API}/{deployment.repository}/deployments/{deployment.id}",
        }
        for number, (state, clock) in enumerate(steps)
    ]


def write_changes(bundle: Path) -> None:
    """Write the deployments of each repository and the statuses of each, newest first."""
    folder = bundle / "github"
    folder.mkdir()
    for repository in ("api", "auth", "web"):
        newest = [_record(d) for d in reversed(DEPLOYMENTS) if d.repository == repository]
        path = folder / f"deployments-{repository}.json"
        path.write_text(json.dumps(newest, indent=2) + "\n")
    for deployment in DEPLOYMENTS:
        path = folder / f"statuses-{deployment.repository}-{deployment.id}.json"
        path.write_text(json.dumps(_statuses(deployment), indent=2) + "\n")
