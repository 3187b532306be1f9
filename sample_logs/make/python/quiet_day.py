"""Lays the quiet day's logs out as a user exports them, with the replica sets and the truth.

Usage: quiet_day.py SIMULATION_DIRECTORY SCENARIO_DIRECTORY
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from truth import write_truth

BEGIN = "2031-05-13T00:00:00"


def replica_set(deploy: dict[str, Any], *, is_current: bool) -> dict[str, Any]:
    """Return one item of `kubectl get replicasets -o json`."""
    replicas = 3 if is_current else 0
    labels = {"app": "gateway", "pod-template-hash": deploy["replica_set"].rpartition("-")[2]}
    container = {
        "name": "gateway",
        "image": f"registry.example.com/gateway:{deploy['version']}",
        "ports": [{"containerPort": 8080, "protocol": "TCP"}],
    }
    status: dict[str, Any] = {"observedGeneration": 1, "replicas": replicas}
    if is_current:
        status |= {"availableReplicas": 3, "fullyLabeledReplicas": 3, "readyReplicas": 3}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "annotations": {
                "deployment.kubernetes.io/desired-replicas": "3",
                "deployment.kubernetes.io/revision": str(deploy["revision"]),
            },
            "creationTimestamp": deploy["at"],
            "labels": labels,
            "name": deploy["replica_set"],
            "namespace": "production",
            "ownerReferences": [
                {
                    "apiVersion": "apps/v1",
                    "blockOwnerDeletion": True,
                    "controller": True,
                    "kind": "Deployment",
                    "name": "gateway",
                }
            ],
        },
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        },
        "status": status,
    }


def write_replica_sets(deploys: list[dict[str, Any]], path: Path) -> None:
    """Write the list that kubectl prints, sorted by name as kubectl does."""
    items = [replica_set(d, is_current=d is deploys[-1]) for d in deploys]
    items.sort(key=lambda item: item["metadata"]["name"])
    document = {
        "apiVersion": "v1",
        "items": items,
        "kind": "List",
        "metadata": {"resourceVersion": ""},
    }
    path.write_text(json.dumps(document, indent=4) + "\n")


def copy_logs(simulated: Path, bundle: Path) -> None:
    """Copy each pod's lines of the day: what `kubectl logs POD --since-time` prints."""
    for path in sorted((simulated / "pods").glob("*.log")):
        lines = path.read_text().splitlines(keepends=True)
        kept = [line for line in lines if json.loads(line)["time"][:19] >= BEGIN]
        (bundle / path.name).write_text("".join(kept))


def truth(day: dict[str, Any]) -> dict[str, Any]:
    """Return what really happened: nothing."""
    deploys = day["deploys"][1:]
    blips = {
        minute: counts["key_missing"]
        for minute, counts in sorted(day["by_minute"].items())
        if "key_missing" in counts
    }
    return {
        "scenario": "quiet_day",
        "window": [BEGIN + "Z", "2031-05-14T00:00:00Z"],
        "incident": None,
        "changes": [
            {"id": d["replica_set"], "at": d["at"], "version": d["version"]} for d in deploys
        ],
        "surge": ["2031-05-13T13:00:00Z", "2031-05-13T13:25:00Z"],
        "blips": blips,
        "requests": day["totals"],
        "rejections_by_reason": day["by_reason"],
        "rejections_by_instance": day["by_pod"],
        "rejections_by_minute": dict(sorted(day["by_minute"].items())),
    }


def main(simulated: Path, scenario: Path) -> None:
    """Rebuild the scenario's bundle and truth."""
    bundle = scenario / "bundle"
    shutil.rmtree(bundle, ignore_errors=True)
    bundle.mkdir(parents=True)
    day = json.loads((simulated / "simulation.json").read_text())
    copy_logs(simulated, bundle)
    write_replica_sets(day["deploys"], bundle / "replicasets.json")
    write_truth(scenario / "truth.json", truth(day))


if __name__ == "__main__":
    main(*(Path(argument).resolve() for argument in sys.argv[1:3]))
