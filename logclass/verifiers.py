"""Settings of programs and gateways → the tables in them that say what a verifier accepts.

A table counts where it names issuers or audiences under a name that speaks of tokens
(spring.….jwt, Authentication.Schemes.Bearer, jwtRules), or both of them, or one beside a key set or
a client (Envoy's providers, Kong's and APISIX's openid-connect, AzureAd). Environment lists and
command line flags are tables too. Only the named fields are taken: secrets beside them are not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from logclass.contractfields import field, shortened
from logclass.contractfile import Table, leaves, listed, plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import PurePosixPath

# Lists and tables whose entries are services, by their key or their `name`.
_OF_SERVICES = {
    "services",
    "providers",
    "middlewares",
    "apps",
    "applications",
    "containers",
    "items",
}
_OF_SERVICES |= {"consumers", "backends", "authorizers"}
_WITH_KEYS = {"discovery", "tenant_id", "client_id"}
_ENTRY = ""  # of a list, in the path to a table
_PROGRAM_NAMES = (
    *("spring_application_name", "quarkus_application_name", "micronaut_application_name"),
    *("otel_service_name", "dd_service", "service_name", "app_name", "application_name"),
)
_OF_A_TOKEN = {"exp", "iat", "sub", "nbf", "jti", "azp"}
_FLAG = re.compile(r"-{0,2}(?P<key>[A-Za-z_][\w.-]*)=(?P<value>.*)", re.DOTALL)
# What settings files and the folders around them are called, whosever they are.
_NOT_A_SERVICE = re.compile(
    r"(?:application|app ?settings|settings|config(?:map|uration)?|values|env|bootstrap|contracts?|"
    r"expect(?:ed)?|auth|jwt|oidc|oauth2?|prod(?:uction)?|stag(?:e|ing)|dev(?:elopment)?|test|local|"
    r"default|base|src|main|resources|etc|bundle|export|logs?|incident|data|tmp|home|services?|"
    r"deploy(?:ment)?s?|k8s|kubernetes|manifests?|helm|charts?|properties|ya?ml|json|toml|conf|cfg|"
    r"ini|args|flags|\d++| )+",  # possessive: a long number can be parted in one way only
    re.IGNORECASE,
)


class Verifier(NamedTuple):
    """One table of what is accepted, by short names in snake case, and whose it is ("" unknown)."""

    service: str
    table: Table


def found(documents: Iterable[Any]) -> list[Verifier]:
    """Return the verifiers in the documents of a settings file, in their order."""
    verifiers: list[Verifier] = []
    for document in documents:
        _walk(document, (), _program_name(document), verifiers)
    return verifiers


def service_of(path: PurePosixPath) -> str:
    """Return the service that a settings file belongs to by its name or its folder, "" for none."""
    for part in (path.name, *reversed(path.parts[:-1])):
        kept = [word for word in re.split(r"[._!/-]+", part) if not _NOT_A_SERVICE.fullmatch(word)]
        if any(kept):
            return "-".join(word for word in kept if word)
        if part != path.name and not _NOT_A_SERVICE.fullmatch(part.replace("-", " ")):
            break
    return ""


def _walk(
    node: Any,  # noqa: ANN401 - any JSON value
    path: tuple[str, ...],
    service: str,
    verifiers: list[Verifier],
) -> None:
    if isinstance(node, list):
        pairs = _pairs(node)
        for one in [pairs] if pairs else node:
            _walk(one, path if pairs else (*path, _ENTRY), service, verifiers)
    if not isinstance(node, dict):
        return
    keyed = plain(node)
    service = _named(keyed, path) or service
    table = _table(keyed, path)
    if table:
        verifiers.append(Verifier(service, table))
    is_listed = bool(path) and path[-1] in _OF_SERVICES
    for key, value in keyed.items():
        _walk(value, (*path, key), key if is_listed else service, verifiers)


def _table(keyed: Table, path: tuple[str, ...]) -> Table:
    """Return the fields of one table by their short names, {} where it is about something else."""
    own: Table = {}
    under: Table = {}  # a name that speaks of tokens
    for key, value in keyed.items():
        if isinstance(value, dict) or value in (None, "", []):
            continue
        whole = "_".join(part for part in (*path, key) if part)
        short = shortened(whole)
        if short != whole:
            under[short] = _joined(under.get(short), value)
        if field(key):
            own[key] = value
    kinds = {field(name) for name in own}
    has_keys = any("jwk" in key or key in _WITH_KEYS for key in keyed)
    is_whole = {"iss", "aud"} <= kinds or (has_keys and bool(kinds & {"iss", "aud"}))
    table = own if is_whole else under
    if keyed.keys() & _OF_A_TOKEN or not {field(name) for name in table} & {"iss", "aud"}:
        return {}
    return {name: value for name, value in table.items() if field(name) not in _NOT_TAKEN}


_NOT_TAKEN = {"services", "runbook_url", None}


def _joined(one: object, other: object) -> object:
    if one is None:
        return other
    return [
        *(one if isinstance(one, list) else [one]),
        *(other if isinstance(other, list) else [other]),
    ]


def _named(keyed: Table, path: tuple[str, ...]) -> str:
    """Return the service that a table names itself for, "" where it names none."""
    for key in ("service", "service_name", "app"):
        if isinstance(keyed.get(key), str):
            return str(keyed[key])
    if "kind" in keyed and isinstance(keyed.get("metadata"), dict):
        return _of_resource(keyed)
    name = keyed.get("name")
    is_entry = path[-1:] == (_ENTRY,) and path[-2:-1] and path[-2] in _OF_SERVICES
    return name if is_entry and isinstance(name, str) else ""


def _of_resource(keyed: Table) -> str:
    """Return the workload of a Kubernetes resource: what it selects, else what it is called."""
    told = dict(leaves(keyed))
    for key in (
        "spec_selector_match_labels_app",
        "spec_selector_match_labels_app_kubernetes_io_name",
        "spec_target_ref_name",
        "metadata_name",
    ):
        if isinstance(told.get(key), str):
            return str(told[key])
    return ""


def _program_name(document: Any) -> str:  # noqa: ANN401 - any JSON value
    if not isinstance(document, dict):
        return ""
    told = dict(leaves(document))
    names = [told[key] for key in _PROGRAM_NAMES if isinstance(told.get(key), str)]
    return str(names[0]) if names else ""


def _pairs(items: list[Any]) -> Table:
    """Return a list of names with values, `NAME=value` or `--name=value` as a table, else {}."""
    table: Table = {}
    for item in items:
        if isinstance(item, dict) and isinstance(item.get("name"), str) and len(item) <= 2:
            key, value = item["name"], item.get("value")
        elif isinstance(item, str) and (match := _FLAG.fullmatch(item)):
            key, value = match["key"], match["value"]
        elif isinstance(item, str) and item.startswith("-"):
            continue
        else:
            return {}
        if isinstance(value, str):
            table[key] = _joined(table.get(key), listed(value))
    return table
