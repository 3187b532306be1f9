"""Kubernetes: `kubectl get replicasets|events|pods|deployments -o json`, or a list of them mixed.

Shapes: kubernetes.io/docs/reference/kubernetes-api. The id of a rollout is its replica set's name,
so that `merge` lays what several files tell of it over each other.
"""

from __future__ import annotations

import re
from collections import defaultdict

from logclass.changes.merging import overlay
from logclass.changes.rows import ChangeRead, Document, Row, mostly, rows
from logclass.changes.values import objects_at, text_at, value_at
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

REPLICA_SETS = "kubernetes replica sets"
DETAILS = "kubernetes rollout details"  # pods, deployments, events: they add to replica sets

_ROLLED = {"ReplicaSet", "ControllerRevision"}  # the latter of stateful and daemon sets
_ANNOTATION = "deployment.kubernetes.io/"
_SCALED = re.compile(
    r"Scaled (?P<way>up|down) replica set (?P<set>[\w.-]+)(?: from (?P<from>\d+))? to (?P<to>\d+)"
)
_PROGRESSED = re.compile(r'ReplicaSet "(?P<set>[\w.-]+)" has successfully progressed')
_HASH = re.compile(r"-[a-z0-9]{5,10}$")


def read(document: Document) -> ChangeRead | None:
    """Return one rollout for each replica set, completed by what else the file holds; or None.

    Without replica sets it returns what deployments, events and pods tell of rollouts.
    """
    found = _objects(document)
    kinds = {row.text("kind") for row in found}
    if not kinds & {*_ROLLED, "Deployment", "Event", "Pod"}:
        return None
    return read_objects(found, document.faults)


def read_objects(found: list[Row], torn: tuple[Fault, ...]) -> ChangeRead:
    """Return the rollouts that API objects tell of."""
    rollouts: list[ChangeEvent] = []
    faults: list[Fault] = list(torn)
    for row in found:
        if row.text("kind") not in _ROLLED:
            continue
        event = _rollout(row)
        if isinstance(event, ChangeEvent):
            rollouts.append(event)
        else:
            faults.append(event)
        # The controller brings an old set back for a rollback: its first rollout keeps its time.
        if row.text("metadata", "annotations", f"{_ANNOTATION}revision-history"):
            detail = "was rolled back to; the record does not say when"
            faults.append(row.fault("no_time", f"{row.text('metadata', 'name')} {detail}"))
    told = (*rollouts, *_from_events(found), *_from_pods(found), *_from_deployments(found))
    events: dict[str, ChangeEvent] = {}
    for event in told:
        events[event.id] = overlay(events[event.id], event) if event.id in events else event
    name = REPLICA_SETS if rollouts else DETAILS
    return ChangeRead(tuple(events.values()), tuple(faults), name)


def _objects(document: Document) -> list[Row]:
    """Return the API objects of the file; empty unless that is what it holds."""
    found = rows(document, "items")
    # Inside ReplicaSetList the items do not repeat their kind.
    kinds = {text_at(value, "kind").removesuffix("List") for value, _ in document.values}
    if len(kinds) == 1 and "" not in kinds:
        found = [
            row if row.text("kind") else row.part({"kind": next(iter(kinds)), **row.value})
            for row in found
        ]
    return found if mostly(map(_is_object, found)) else []


def _is_object(row: Row) -> bool:
    """Whether it is an API object: log records have a `kind` too, and audit logs are Events."""
    kind, metadata = row.text("kind"), row.value.get("metadata")
    if not kind or not isinstance(metadata, dict):
        return False
    if kind == "Event":
        return "involvedObject" in row.value or "regarding" in row.value
    return bool({"name", "creationTimestamp"} & metadata.keys())


def _rollout(row: Row) -> ChangeEvent | Fault:
    name = row.text("metadata", "name")
    stamp = row.stamp("metadata", "creationTimestamp")
    if stamp is None:
        return row.fault("no_time", f"{name or 'a replica set'} has no creationTimestamp")
    history = row.text("metadata", "annotations", f"{_ANNOTATION}revision-history")
    revision = history.partition(",")[0] or row.text(
        "metadata", "annotations", f"{_ANNOTATION}revision"
    )
    revision = revision or row.text("revision")
    cause = row.text("metadata", "annotations", "kubernetes.io/change-cause")
    replicas = row.text("spec", "replicas")
    state = "scaled to zero" if replicas == "0" else ""
    notes = value_at(row.value, "spec", "template", "metadata", "annotations")
    if isinstance(notes, dict) and "kubectl.kubernetes.io/restartedAt" in notes and not cause:
        cause = "restarted"
    return ChangeEvent(
        id=name,
        time_ms=stamp.ms,
        kind=ChangeKind.DEPLOY,
        target=_owner(row),
        source=row.source,
        description=", ".join(
            part for part in (revision and f"revision {revision}", cause, state) if part
        ),
        version=_image(row),
        environment=row.text("metadata", "namespace"),
        zone_assumed=not stamp.zone_known,
    )


def _owner(row: Row) -> str:
    return row.text("metadata", "ownerReferences", 0, "name") or _HASH.sub(
        "", row.text("metadata", "name")
    )


def _image(row: Row) -> str:
    """Return the first container's image without its registry: `name:tag`."""
    image = row.text("spec", "template", "spec", "containers", 0, "image")
    return image.rpartition("/")[2]


def _from_deployments(found: list[Row]) -> list[ChangeEvent]:
    """Return the end of the newest rollout of each deployment, as its conditions tell it."""
    events = []
    for row in found:
        for value in objects_at(row.value, "status", "conditions"):
            condition = row.part(value)
            done = _PROGRESSED.search(condition.text("message"))
            stamp = condition.stamp("lastUpdateTime")
            if row.text("kind") == "Deployment" and done and stamp:
                events.append(
                    ChangeEvent(
                        id=done["set"],
                        time_ms=stamp.ms,
                        kind=ChangeKind.DEPLOY,
                        target=row.text("metadata", "name"),
                        source=row.source,
                        description="rollout finished",
                        end_ms=stamp.ms,
                        version=_image(row),
                        environment=row.text("metadata", "namespace"),
                    )
                )
    return events


def _from_pods(found: list[Row]) -> list[ChangeEvent]:
    """Return the pods of each replica set, as its instances."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        owned = row.text("metadata", "ownerReferences", 0, "kind") == "ReplicaSet"
        if row.text("kind") == "Pod" and owned and _pod_start(row) is not None:
            grouped[_owner(row)].append(row)
    return [
        ChangeEvent(
            id=name,
            time_ms=min(_pod_start(pod) or 0 for pod in pods),
            kind=ChangeKind.DEPLOY,
            target=_HASH.sub("", name),
            source=pods[0].source,
            description=f"{len(pods)} pod(s)",
            version=pods[0].text("spec", "containers", 0, "image").rpartition("/")[2],
            environment=pods[0].text("metadata", "namespace"),
            instances=tuple(sorted(pod.text("metadata", "name") for pod in pods)),
        )
        for name, pods in grouped.items()
    ]


def _pod_start(row: Row) -> int | None:
    stamp = row.stamp("status", "startTime") or row.stamp("metadata", "creationTimestamp")
    return stamp.ms if stamp else None


def _from_events(found: list[Row]) -> list[ChangeEvent]:
    """Return one rollout for each replica set that took over from another one.

    A set that is only scaled, with no other set before it or giving way, is the autoscaler's work.
    """
    grouped: dict[tuple[str, str], list[tuple[int, int, re.Match[str]]]] = defaultdict(list)
    for row in found:
        scaled = _SCALED.search(row.first("message", "note"))
        first, last = _event_times(row)
        if row.text("reason") == "ScalingReplicaSet" and scaled and first is not None:
            owner = row.text("involvedObject", "name") or row.text("regarding", "name")
            place = row.text("metadata", "namespace")
            grouped[place, owner].append((first, last or first, scaled))
    events = []
    for (place, owner), steps in grouped.items():
        for name, start, end in _takeovers(sorted(steps, key=lambda step: step[0])):
            events.append(
                ChangeEvent(
                    id=name,
                    time_ms=start,
                    kind=ChangeKind.DEPLOY,
                    target=owner,
                    source=found[0].source,
                    description="rollout seen in the events",
                    end_ms=end,
                    environment=place,
                )
            )
    return events


def _takeovers(steps: list[tuple[int, int, re.Match[str]]]) -> list[tuple[str, int, int | None]]:
    """Return (replica set, start, end) of each rollout among the scaling steps of a deployment.

    An export may leave out how the set before went down: then no end is known.
    """
    first_up: dict[str, int] = {}
    for start, _, scaled in steps:
        if scaled["way"] == "up":
            first_up.setdefault(scaled["set"], start)
    starts = sorted((start, name) for name, start in first_up.items())
    found: list[tuple[str, int, int | None]] = []
    for index, (start, name) in enumerate(starts):
        until = starts[index + 1][0] if index + 1 < len(starts) else None
        during = [step for step in steps if start <= step[0] and (until is None or step[0] < until)]
        gave_way = any(step[2]["way"] == "down" and step[2]["set"] != name for step in during)
        if gave_way or index > 0:
            end = max(last for _, last, _ in during) if gave_way else None
            found.append((name, start, end))
    return found


def _event_times(row: Row) -> tuple[int | None, int | None]:
    first = row.first_stamp("firstTimestamp", "deprecatedFirstTimestamp", "eventTime")
    last = row.first_stamp("lastTimestamp", "deprecatedLastTimestamp")
    last = last or row.stamp("series", "lastObservedTime")
    # Events without a first time of their own are still dated by when they were stored.
    first = first or last or row.stamp("metadata", "creationTimestamp")
    return first.ms if first else None, last.ms if last else None
