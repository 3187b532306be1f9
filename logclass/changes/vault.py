"""HashiCorp Vault: audit log as JSON lines, and `vault kv metadata get -format=json`.

Shapes: developer.hashicorp.com/vault/docs/audit/schema, /vault/api-docs/secret/kv/kv-v2. Values are
hashed in the one and absent from the other; only paths are read.
"""

from __future__ import annotations

import re
from typing import Any

from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.model import ChangeEvent, Fault
from logclass.vocabulary import ChangeKind

FORMAT = "vault audit"
METADATA = "vault metadata"

_WRITES = {"create", "update", "patch", "delete"}
_LOGIN = re.compile(
    r"^auth/[^/]+/(?:login|oidc|token)|/login\b|^sys/(?:leases|wrapping)|^auth/token/"
)
_ROTATION = re.compile(
    r"/data/|/rotate(?:-root)?(?:/|$)|^pki[^/]*/(?:root|issue|config/ca|key)|/keys/"
)
_CONFIG = re.compile(r"/config(?:/|$)|/roles?/|^sys/(?:policy|policies|mounts|auth)|^identity/")


def read(document: Document) -> ChangeRead | None:
    """Return one event for each write to a secret, key or setting that went through, or None."""
    found = rows(document)
    if not mostly(_is_audit(row) for row in found):
        return None
    events, faults = collect(found, _event)
    return ChangeRead(events, document.faults + faults, FORMAT, is_log_too=True)


def read_metadata(document: Document) -> ChangeRead | None:
    """Return one rotation for each version of a secret that `kv metadata get` lists, or None."""
    found = [row.part(inner) for row in rows(document) if (inner := _metadata(row)) is not None]
    if not found or len(found) < len(document.values):
        return None
    versions = [
        secret.part({**version, "number": number})
        for secret in found
        for number, version in secret.value["versions"].items()
        if isinstance(version, dict)
    ]
    events, faults = collect(versions, _kept_version)
    return ChangeRead(events, document.faults + faults, METADATA)


def _metadata(row: Row) -> dict[str, Any] | None:
    data = row.value.get("data")
    inner = data if isinstance(data, dict) else row.value
    shaped = "current_version" in inner and isinstance(inner.get("versions"), dict)
    return inner if shaped else None


def _kept_version(row: Row) -> ChangeEvent | Fault:
    number = row.text("number")
    stamp = row.stamp("created_time")
    if stamp is None:
        return row.fault("no_time", f"version {number} has no readable created_time")
    return ChangeEvent(
        id=f"{row.id}#{number}",
        time_ms=stamp.ms,
        kind=ChangeKind.ROTATION,
        target="",
        source=row.source,
        description=f"version {number} of a secret was put",
        version=number,
        zone_assumed=not stamp.zone_known,
    )


def _is_audit(row: Row) -> bool:
    return row.text("type") in {"request", "response"} and bool(row.text("request", "path"))


def _event(row: Row) -> ChangeEvent | Fault | None:
    path = row.text("request", "path")
    # Request and response are two records of one call: the response tells that it was done.
    if row.text("type") != "response" or row.text("error"):
        return None
    if row.text("request", "operation") not in _WRITES or _LOGIN.search(path):
        return None
    if not (_ROTATION.search(path) or _CONFIG.search(path) or "kv" in _mount(row)):
        return None
    stamp = row.stamp("time")
    if stamp is None:
        return row.fault("no_time", "the audit record has no readable time")
    config = _CONFIG.search(path) and not _ROTATION.search(path)
    return ChangeEvent(
        id=row.text("request", "id") or row.id,
        time_ms=stamp.ms,
        kind=ChangeKind.CONFIG if config else ChangeKind.ROTATION,
        target=path,
        source=row.source,
        description=f"vault {row.text('request', 'operation')}",
        version=row.text("response", "data", "version"),
        zone_assumed=not stamp.zone_known,
    )


def _mount(row: Row) -> str:
    return row.text("request", "mount_type")
