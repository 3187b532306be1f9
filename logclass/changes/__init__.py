"""Change records -> ChangeEvent: what was deployed, rotated or configured, and when.

A new format is one module and one line in READERS.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from logclass import redact
from logclass.changes import (
    argocd,
    aws_keys,
    changelist,
    cloudtrail,
    codedeploy,
    ecs,
    git,
    github,
    gitlab,
    helm,
    kubernetes,
    pagerduty,
    sentry,
    terraform,
    vault,
)
from logclass.changes.merging import merge
from logclass.changes.rows import ChangeRead, Document

if TYPE_CHECKING:
    from collections.abc import Callable

    from logclass.model import ChangeEvent

__all__ = ["READERS", "ChangeRead", "merge", "read"]


class Reader(NamedTuple):
    """A format: what must stand near its start (each of it), and the function that reads it."""

    name: str
    marks: tuple[bytes, ...]
    read: Callable[[Document], ChangeRead | None]


READERS = (
    Reader(ecs.SERVICES, (b'"deployments"', b'"serviceName"'), ecs.read_services),
    Reader(ecs.TASKS, (b'"taskArn"', b'"taskDefinitionArn"'), ecs.read_tasks),
    Reader(cloudtrail.FORMAT, (b"ventSource", b"ventName"), cloudtrail.read),
    Reader(kubernetes.REPLICA_SETS, (b'"metadata"', b'"kind"'), kubernetes.read),
    Reader(argocd.FORMAT, (b'"history"', b'"deployedAt"'), argocd.read),
    Reader(github.DEPLOYMENTS, (b'"created_at"', b'"environment"'), github.read_deployments),
    Reader(github.RUNS, (b'"conclusion"',), github.read_runs),
    Reader(gitlab.FORMAT, (b'"iid"', b'"sha"'), gitlab.read),
    Reader(helm.FORMAT, (b'"chart"', b'"revision"'), helm.read),
    Reader(codedeploy.FORMAT, (b'"deploymentId"', b'"createTime"'), codedeploy.read),
    Reader(aws_keys.SECRETS, (b'"VersionId"', b'"CreatedDate"'), aws_keys.read_secret_versions),
    Reader(aws_keys.SECRETS, (b'sToStages"',), aws_keys.read_secret),
    Reader(aws_keys.PARAMETERS, (b'"LastModifiedDate"', b'"Version"'), aws_keys.read_parameters),
    Reader(aws_keys.KEYS, (b'"RotationDate"',), aws_keys.read_key_rotations),
    Reader(sentry.RELEASES, (b'"dateReleased"',), sentry.read),
    Reader(sentry.DEPLOYS, (b'"dateFinished"',), sentry.read),
    Reader(terraform.FORMAT, (b'"status-timestamps"',), terraform.read),
    Reader(vault.FORMAT, (b'"mount_type"', b'"operation"'), vault.read),
    Reader(pagerduty.FORMAT, (b'"summary"', b'"timestamp"'), pagerduty.read),
    Reader(git.FORMAT, (b"commit ", b"\nAuthor: "), git.read),
    Reader(changelist.FORMAT, (), changelist.read_json),
    Reader(changelist.FORMAT, (), changelist.read_csv),
)

_HEAD_BYTES = 1_000_000  # the first record of an export ends before


def read(
    data: bytes, *, name: str, near_ms: int | None = None, trusted: bool = False
) -> ChangeRead | None:
    """Return the changes that a file tells of, or None where it is no change record.

    `name` is where the bytes come from: it stands in events and faults and decides nothing. Times
    without a year are read near `near_ms`. `trusted` means that the user says it is one: then a
    list with readable times is taken whatever its words. Bad records become faults; never raises.
    """
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:  # UTF-16: what PowerShell's `>` writes
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    head = data[:_HEAD_BYTES]
    document = Document(name, data, near_ms, trusted=trusted)
    for reader in READERS:
        if all(mark in head for mark in reader.marks):
            found = reader.read(document)
            if found is not None:
                return found._replace(events=tuple(map(_redacted, found.events)))
    return None


def _redacted(event: ChangeEvent) -> ChangeEvent:
    """People paste secrets into descriptions, and into columns where they do not belong."""
    return replace(
        event,
        target=redact.text(event.target),
        description=redact.text(event.description),
        version=redact.text(event.version),
    )
