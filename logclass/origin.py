"""Service and instance from the name of a log stream or file."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import regex

from logclass.filenames import says_when, writer


class Origin(NamedTuple):
    """Who wrote a stream, as far as its name tells; "" where it does not."""

    service: str
    instance: str


# awslogs driver: prefix/container/task id (docs: "Using the awslogs log driver"). Many services
# call their container the same, and then it is the prefix that names them.
_ECS = regex.compile(r"(?:^|[/])(?P<service>[\w.-]+)/(?P<instance>[0-9a-f]{32})$")
_ECS_SAME = regex.compile(
    r"(?:^|/)(?!(?:ecs|aws|awslogs|fargate|prefix|production|prod|staging|logs?)/)(?P<service>[\w.-]+)/"
    r"(?:app|application|main|server|service|container|web|api|backend)/(?P<instance>[0-9a-f]{32})$"
)
# The same in an S3 export, where every slash became a dash: the prefix cannot be told from the
# name any more, but for the usual one.
_ECS_EXPORTED = regex.compile(r"^(?:ecs-)?(?P<service>[\w.-]+?)-(?P<instance>[0-9a-f]{32})$")
_LAMBDA = regex.compile(r"\d{4}[/-]\d\d[/-]\d\d[/-]\[[^\]]+\](?P<instance>[0-9a-f]{32})$")
# kubelet: <pod>_<namespace>_<container>-<container id>.log
_KUBELET = regex.compile(r"^(?P<instance>[a-z0-9.-]+)_[a-z0-9.-]+_[a-z0-9.-]+-[0-9a-f]{64}$")
# dockerd: <container id>-json.log; people name a container by twelve digits of it.
_DOCKER = regex.compile(
    r"^(?:docker|container|ctr)?[-_]?(?!\d{12}$)(?P<instance>[0-9a-f]{12})[0-9a-f]{0,52}$"
)
# What a copy of a container's file or a browser's second download has behind its name.
_STREAM_MARK = regex.compile(r"(?:[-_](?:json|stdout|stderr|out|err)| ?\(\d+\))+$")
_HEX_ID = regex.compile(r"(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{8,}")
# Deployment pods: the letters are those Kubernetes allows itself in random suffixes. Its hash of a
# template is of a few of them only; what imitates it writes any hash, and any five letters behind.
SAFE = "[bcdfghjklmnpqrstvwxz2456789]"
_POD = regex.compile(
    r"^(?P<service>[a-z0-9][a-z0-9.-]*?)-(?:[0-9a-f]{6,10}-"
    rf"{SAFE}{{5}}|(?=[a-z]*\d)(?=\d*[a-z])(?:[0-9a-f]{{8,10}}|{SAFE}{{8,10}})-[a-z0-9]{{5}})$"
)
_EC2 = regex.compile(r"^(?:(?P<service>[\w.-]+?)[-_/])?(?P<instance>i-[0-9a-f]{8,17})$")
_HOST_IP = regex.compile(r"^(?:(?P<service>[\w-]+?)[-_])?(?P<instance>ip-\d+-\d+-\d+-\d+)")
_NUMBERED = regex.compile(
    r"^(?!.*(?:oauth2|auth0|s3|ec2|http2|[-_.]v\d+)$)"  # here the number belongs to the name
    r"(?P<service>[A-Za-z][\w.-]*?)[-_.]?(?:\d{1,4}|[0-9a-f]{12})$"
)
# docker service logs: service, number and id of the task, and its node.
_SWARM = regex.compile(r"^(?P<service>[\w.-]+)\.(?P<number>\d{1,4})\.[a-z0-9]{10,25}@[\w.-]+$")
_UUID = regex.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")

# File and folder names that say what a file is, not whose it is.
_GENERIC = regex.compile(
    r"^(?:app|application|output|stdout|stderr|std|logs?|access|access[-_.]log|error|errors|debug|"
    r"info|warn|all|current|messages|syslog|console|server|service|services|events?|export|"
    r"exported|exportedlogs|exports?|data|dump|bundle|cloudwatch|cw|sentry|filter-log-events|"
    r"get-log-events|log-events|logs-insights[\w-]*|insights|results?|production|prod|staging|"
    r"containers?|pods?|hosts?|instances?|tmp|var|home|root|lib|opt|usr|mnt|srv|docker|podman|"
    r"containerd|overlay-containers|local-logs|userdata|ctr|kubelet|kubernetes|\d+|-|)$",
    regex.IGNORECASE,
)

# Which of a service's instances these are: `portal/blue-1.log`, `auth/node-2.log`.
_POOL = regex.compile(
    r"^(?:blue|green|canary|stable|baseline|primary|secondary|standby|leader|follower|replica|node|host|"
    r"vm|box|machine|instance|pod|task)$",
    regex.IGNORECASE,
)


@lru_cache(maxsize=4096)
def of_stream(name: str) -> Origin:
    """Return who wrote a stream of this name (a log stream, pod, host or file stem)."""
    for form in (_ECS_SAME, _ECS, _ECS_EXPORTED, _LAMBDA, _KUBELET, _DOCKER, _EC2, _HOST_IP):
        match = form.search(name)
        if match:
            found = match.groupdict()
            instance = found["instance"]
            return Origin(found.get("service") or of_stream_service(instance), instance)
    if task := _SWARM.match(name):
        return Origin(task["service"], f"{task['service']}.{task['number']}")
    last = name.rstrip("/").rsplit("/", 1)[-1]
    return Origin(of_stream_service(last), last if _names_instance(last) else "")


def of_stream_service(name: str) -> str:
    """Return the service in an instance's name: "auth" of "auth-7d9f8b6c5d-x2x9z" or "auth-3"."""
    for host in (_EC2, _HOST_IP):
        match = host.match(name)
        if match:
            return match["service"] or ""
    if _GENERIC.match(name):
        return ""
    for form in (_POD, _NUMBERED):
        match = form.match(name)
        if match:
            return match["service"]
    return "" if _HEX_ID.fullmatch(name) else name


def of_group(name: str) -> str:
    """Return the service in the name of a log group: "auth" of "/aws/lambda/auth"."""
    last = name.rstrip("/").rsplit("/", 1)[-1]
    return of_stream_service(last) if last else ""


def of_pod(name: str) -> str:
    """Return the workload that a Kubernetes pod of this name belongs to, "" for other names."""
    match = _POD.match(name)
    return match["service"] if match else ""


def of_path(uri: str) -> Origin:
    """Return who wrote the file at this path, archives included.

    The file's own name decides; where it only says what the file is (`access.log`, `000000.gz`), or
    which of several instances (`blue-1.log`), the folder's does, and so on upwards.
    """
    parts = [part for part in uri.replace("!/", "/").split("/") if part not in {"", ".", ".."}]
    parts = [part for part in parts if not says_when(part)]
    instance = pool = ""
    for part in reversed(parts[-4:]):
        stem = writer(part)
        if _UUID.match(stem) or _GENERIC.match(stem):
            continue
        container = _DOCKER.match(_STREAM_MARK.sub("", stem))
        origin = Origin("", container["instance"]) if container else of_stream(stem)
        instance = instance or origin.instance
        if _POOL.match(origin.service):
            pool = pool or origin.service
        elif origin.service:
            return Origin(origin.service, instance)
    return Origin(pool, instance)


def _names_instance(name: str) -> bool:
    return bool(_POD.match(name) or _NUMBERED.match(name) or regex.fullmatch("[0-9a-f]{12}", name))
