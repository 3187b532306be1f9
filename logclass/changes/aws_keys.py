"""AWS key stores: versions of a secret, history of a parameter, rotations of a key.

`aws secretsmanager describe-secret | list-secret-version-ids`, `aws ssm get-parameter-history`,
`aws kms list-key-rotations`. Shapes: botocore's service models. Values (`SecretString`, `Value`)
stand in some of these files and are never read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from logclass.changes.rows import ChangeRead, Document, Row, collect, mostly, rows
from logclass.changes.values import envelopes, member, text_at
from logclass.model import ChangeEvent, Fault
from logclass.timestamps import isoformat
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Callable

SECRETS = "secretsmanager"
PARAMETERS = "ssm"
KEYS = "kms"

_CURRENT = "AWSCURRENT"
_STAGED = ("VersionIdsToStages", "SecretVersionsToStages")
_KEY_WORDS = re.compile(
    r"(?:keys?|secrets?|jwts?|jwks?|certs?|certificates?|pem|tokens?|sign(?:ing|er|ature)?|hmac"
    r"|credentials?|kid)(?![a-z])",
    re.IGNORECASE,
)
# Of a key or token, but not one: where it is fetched, for whom it is, how long it holds.
_SETTING = re.compile(
    r"(?:url|uri|endpoint|host|ttl|expir\w*|lifetime|max.?age|issuer|iss|audience|aud|timeout|leeway"
    r"|skew|alg|algorithms?|enabled|interval)$",
    re.IGNORECASE,
)


def names_key(parameter: str) -> bool:
    """Return whether a parameter of this name holds a key, secret or token by its words."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", parameter)
    return _KEY_WORDS.search(words) is not None and _SETTING.search(words) is None


def read_secret_versions(document: Document) -> ChangeRead | None:
    """Return one rotation for each version of a secret that was put, or None.

    The time is when it was put, which can be a little before it became current.
    """
    outer = (one for value, _ in document.values for one in envelopes(value))
    names = {name for one in outer if (name := text_at(one, "Name"))}
    name = names.pop() if len(names) == 1 else ""  # pages repeat it
    found = rows(document, "Versions")

    def event(row: Row) -> ChangeEvent | Fault | None:
        return _version(row, name)

    return _listed(document, found, {"VersionId", "CreatedDate"}, event, SECRETS)


def read_secret(document: Document) -> ChangeRead | None:
    """Return the last rotation of each secret that describe-secret or list-secrets tells of."""
    found = rows(document, "SecretList")
    if not mostly(row.has("ARN", "Name") and any(map(row.has, _STAGED)) for row in found):
        return None
    return _listed(document, found, {"ARN", "Name"}, _secret, SECRETS)


def read_parameters(document: Document) -> ChangeRead | None:
    """Return one event for each version of a parameter, or None.

    Plain text under a name that speaks of no key is configuration; the rest is a rotation.
    """
    found = rows(document, "Parameters")
    keys = {"Name", "Version", "LastModifiedDate"}
    return _listed(document, found, keys, _parameter, PARAMETERS)


def read_key_rotations(document: Document) -> ChangeRead | None:
    """Return one rotation for each entry of list-key-rotations, or None."""
    found = rows(document, "Rotations")
    return _listed(document, found, {"KeyId", "RotationDate"}, _key, KEYS)


def _listed(
    document: Document,
    found: list[Row],
    keys: set[str],
    read: Callable[[Row], ChangeEvent | Fault | None],
    name: str,
) -> ChangeRead | None:
    if not mostly(row.has(*keys) for row in found):
        return None
    events, faults = collect(found, read)
    return ChangeRead(events, document.faults + faults, name)


def _version(row: Row, name: str) -> ChangeEvent | Fault | None:
    stages = member(row.value, "VersionStages")
    labels = [str(stage) for stage in stages] if isinstance(stages, list) else []
    if labels == ["AWSPENDING"]:
        return None
    target = row.text("Name") or name
    return _rotation(
        row, "CreatedDate", (row.text("VersionId"), target, row.text("VersionId")), labels
    )


def _secret(row: Row) -> ChangeEvent | Fault | None:
    when = "LastRotatedDate" if row.stamp("LastRotatedDate") else "LastChangedDate"
    if not row.stamp(when) or row.stamp(when) == row.stamp("CreatedDate"):
        return None  # never changed since it was made
    versions = next((found for key in _STAGED if (found := member(row.value, key))), None)
    stages = versions.items() if isinstance(versions, dict) else ()
    current = next((key for key, names in stages if _CURRENT in str(names)), "")
    return _rotation(row, when, (current or row.id, row.text("Name"), current), [when])


def _key(row: Row) -> ChangeEvent | Fault | None:
    name = row.text("KeyId").rpartition("/")[2]
    stamp = row.stamp("RotationDate")
    ident = f"{name}@{isoformat(stamp.ms)}" if stamp else row.id
    return _rotation(row, "RotationDate", (ident, name, ""), [row.text("RotationType")])


def _parameter(row: Row) -> ChangeEvent | Fault | None:
    name = f"{row.text('Name')}:{row.text('Version')}"
    told = _rotation(
        row, "LastModifiedDate", (name, row.text("Name"), row.text("Version")), [row.text("Type")]
    )
    is_config = not names_key(row.text("Name")) and isinstance(told, ChangeEvent)
    return replace(told, kind=ChangeKind.CONFIG) if is_config else told


def _rotation(
    row: Row, key: str, names: tuple[str, str, str], labels: list[str]
) -> ChangeEvent | Fault:
    """Return a rotation at the time under `key`; names are (id, target, version)."""
    stamp = row.stamp(key)
    if stamp is None:
        return row.fault("no_time", f"no readable {key}")
    ident, target, version = names
    return ChangeEvent(
        id=ident,
        time_ms=stamp.ms,
        kind=ChangeKind.ROTATION,
        target=target,
        source=row.source,
        description=" ".join(label for label in labels if label),
        version=version,
        zone_assumed=not stamp.zone_known,
    )
