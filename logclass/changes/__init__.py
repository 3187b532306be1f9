"""Change records -> ChangeEvent: what was deployed, rotated or configured, and when.

A new format is one module and one line in READERS.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from logclass import redact, tokens
from logclass.changes import (
    argocd,
    aws_forms,
    aws_keys,
    changelist,
    cloudtrail,
    codedeploy,
    ecs,
    ecs_deployments,
    git,
    github,
    github_runs,
    gitlab,
    helm,
    icalendar,
    jwks,
    kubectl_tables,
    kubernetes,
    pagerduty,
    sentry,
    statuspage,
    terraform,
    textlist,
    vault,
)
from logclass.changes.documents import as_json, decoded, first_records
from logclass.changes.merging import merge
from logclass.changes.rows import ChangeRead, Document
from logclass.offsets import zone_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from logclass.model import ChangeEvent, Fault

__all__ = ["READERS", "ChangeRead", "merge", "read"]


class Reader(NamedTuple):
    """A format: what must stand near its start (each of it), and the function that reads it.

    Marks are in lower case, without blanks, hyphens and underscores: keys are spelt in many ways.
    """

    name: str
    marks: tuple[bytes, ...]
    read: Callable[[Document], ChangeRead | None]


READERS = (
    Reader(ecs.SERVICES, (b'"deployments"', b'"servicename"'), ecs.read_services),
    Reader(ecs.TASKS, (b'"taskarn"', b'"taskdefinitionarn"'), ecs.read_tasks),
    Reader(ecs_deployments.FORMAT, (b'"servicedeploymentarn"',), ecs_deployments.read),
    Reader(cloudtrail.FORMAT, (b"eventsource", b"eventname"), cloudtrail.read),
    Reader(cloudtrail.FORMAT, (b"eventsource", b"eventname"), cloudtrail.read_csv),
    Reader(cloudtrail.FORMAT, (b"eventsource", b"events\t"), cloudtrail.read_text),
    Reader(kubernetes.REPLICA_SETS, (b'"metadata"', b'"kind"'), kubernetes.read),
    Reader(kubectl_tables.FORMAT, (b"message", b"lastseen"), kubectl_tables.read),
    Reader(kubectl_tables.FORMAT, (b"desired", b"ready"), kubectl_tables.read),
    Reader(kubectl_tables.FORMAT, (b"revision", b"changecause"), kubectl_tables.read),
    Reader(argocd.FORMAT, (b'"history"', b'"deployedat"'), argocd.read),
    Reader(argocd.FORMAT, (b"date", b"revision"), argocd.read_table),
    Reader(github.DEPLOYMENTS, (b'"createdat"', b'"environment"'), github.read),
    Reader(github_runs.RUNS, (b'"conclusion"',), github_runs.read),
    Reader(github_runs.RUNS, (b"completed\t",), github_runs.read_list),
    Reader(github_runs.RELEASES, (b'"tagname"',), github_runs.read_releases),
    Reader(gitlab.FORMAT, (b'"iid"', b'"sha"'), gitlab.read),
    Reader(gitlab.PIPELINES, (b'"status"', b'"ref"'), gitlab.read_pipelines),
    Reader(helm.FORMAT, (b'"chart"', b'"revision"'), helm.read),
    Reader(helm.FORMAT, (b"revision", b"updated", b"chart"), helm.read_table),
    Reader(codedeploy.FORMAT, (b'"deploymentid"', b'"createtime"'), codedeploy.read),
    Reader(codedeploy.FORMAT, (b'"deployments"', b'"d'), codedeploy.read_ids),
    Reader(aws_keys.SECRETS, (b'"versionid"', b'"createddate"'), aws_keys.read_secret_versions),
    Reader(aws_keys.SECRETS, (b'stostages"',), aws_keys.read_secret),
    Reader(aws_keys.PARAMETERS, (b'"lastmodifieddate"', b'"version"'), aws_keys.read_parameters),
    Reader(aws_keys.KEYS, (b'"rotationdate"',), aws_keys.read_key_rotations),
    Reader(aws_forms.FORMAT, (), aws_forms.read),
    Reader(sentry.RELEASES, (b'"datecreated"', b'"version"'), sentry.read),
    Reader(sentry.DEPLOYS, (b'"datefinished"',), sentry.read),
    Reader(terraform.FORMAT, (b'"statustimestamps"',), terraform.read),
    Reader(vault.FORMAT, (b'"mounttype"', b'"operation"'), vault.read),
    Reader(vault.METADATA, (b'"currentversion"', b'"versions"'), vault.read_metadata),
    Reader(pagerduty.FORMAT, (b'"summary"', b'"timestamp"'), pagerduty.read),
    Reader(statuspage.FORMAT, (b'"incidentupdates"', b'"impact"'), statuspage.read),
    Reader(jwks.FORMAT, (b'"keys"', b'"kty"'), jwks.read),
    Reader(git.FORMAT, (b"commit", b"\nauthor"), git.read),
    Reader(git.LINES, (), git.read_lines),
    Reader(icalendar.FORMAT, (b"begin:vcalendar",), icalendar.read),
    Reader(changelist.FORMAT, (), changelist.read_json),
    Reader(changelist.FORMAT, (), changelist.read_csv),
    Reader(textlist.FORMAT, (), textlist.read),
)

_HEAD_BYTES = 1_000_000  # the first record of an export ends before


def read(
    data: bytes,
    *,
    name: str,
    near_ms: int | None = None,
    zone: str = "",
    trusted: bool = False,
) -> ChangeRead | None:
    """Return the changes that a file tells of, or None where it is no change record.

    `name` is where the bytes come from: it stands in events and faults and decides nothing but the
    time of a key set. Times without a year are read near `near_ms`, those without a zone in `zone`,
    an IANA name, or as UTC. `trusted` means that the user says it is one: then a list with readable
    times is taken whatever its words. Bad records become faults; never raises.
    """
    where = zone_named(zone) if zone else None
    document = as_json(Document(name, decoded(data), near_ms, trusted=trusted, zone=where))
    head = document.data[:_HEAD_BYTES].lower().translate(None, b" _-")
    first = first_records(document)
    is_json = head.lstrip(b"\xef\xbb\xbf\r\n\t")[:1] in {b"{", b"["} or head[:5] == b"http/"
    for reader in READERS:
        if reader.marks and reader.marks[0][:1] == b'"' and not is_json:
            continue
        if all(mark in head for mark in reader.marks):
            if first is not None and reader.read(first) is None:
                continue
            found = reader.read(document)
            if found is not None:
                return found._replace(
                    events=tuple(map(_redacted, found.events)),
                    faults=tuple(map(_fault_redacted, found.faults)),
                )
    return None


def _redacted(event: ChangeEvent) -> ChangeEvent:
    """People paste secrets into descriptions, and into columns where they do not belong."""
    return replace(
        event,
        id=_id(event.id),
        target=redact.text(event.target),
        description=redact.text(event.description),
        version=redact.text(event.version),
        environment=redact.text(event.environment),
        instances=tuple(map(redact.text, event.instances)),
    )


def _id(written: str) -> str:
    """Return an id without secrets in it; different ones stay so (those of calendars are mails)."""
    shown = redact.text(written)
    return shown if shown == written else f"{shown} {tokens.hash64(written):016x}"


def _fault_redacted(fault: Fault) -> Fault:
    return replace(fault, detail=redact.text(fault.detail), excerpt=redact.text(fault.excerpt))
