"""The expected contract: what the verifier is meant to accept (`--expect`)."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from logclass.errors import ContractError
from logclass.model import Contract

_NAMES = {
    "iss": ("iss", "issuer", "issuers"),
    "aud": ("aud", "audience", "audiences"),
    "algorithms": ("algorithms", "algs", "alg", "algorithm"),
    "kid": ("kid", "kids"),
    "leeway_seconds": ("leeway", "leeway_seconds", "clock_tolerance", "clock_tolerance_seconds"),
    "services": ("services", "service"),
    "runbook_url": ("runbook_url", "runbook"),
}
_FIELD = {name: field for field, names in _NAMES.items() for name in names}
_NESTS = ("contract", "expected", "expect", "jwt")
_TELLING = {name for field in ("iss", "aud", "algorithms") for name in _NAMES[field]} - {"alg"}
# A token's claims and header, log records, key sets and discovery documents name issuers too.
_OF_OTHERS = {
    *("exp", "iat", "sub", "nbf", "jti", "azp", "nonce", "typ", "scope", "keys"),
    *("time", "timestamp", "ts", "@timestamp", "level", "severity", "msg", "message", "logger"),
    *("pid", "hostname", "event", "token_endpoint", "authorization_endpoint", "kty"),
    *("response_types_supported", "id_token_signing_alg_values_supported"),
}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|sec|secs|seconds?|m|min|mins|minutes?)?")
_UNIT_SECONDS = {"ms": 0.001, "m": 60.0}
_MOST_BYTES = 1_000_000


def read(data: bytes, *, name: str) -> Contract | None:
    """Return the contract in a JSON or TOML file, or None where it is not surely one.

    Surely one means: it names an issuer, an audience or algorithms and little else, nothing that is
    a log record's or a token's, and every value in it is valid. Never raises.
    """
    if len(data) > _MOST_BYTES:
        return None
    document = _document(_decoded(data))
    if document is None:
        return None
    table = _table(document)
    if _plain(document).keys() & _OF_OTHERS or _plain(table).keys() & _OF_OTHERS:
        return None
    names = _plain(table).keys()
    if not names & _TELLING or len(names & _FIELD.keys()) * 2 < len(names):
        return None
    try:
        return _contract(table, name)
    except ContractError:
        return None


def load(path: str | Path) -> Contract:
    """Return the contract in a file that the user named.

    Raises ContractError where it cannot be read, is neither JSON nor TOML, names nothing that a
    verifier checks, or holds a value of the wrong type.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ContractError(f"{path}: cannot be read ({error.strerror})") from error
    document = _document(_decoded(data))
    if document is None:
        raise ContractError(f"{path}: neither a JSON object nor TOML")
    contract = _contract(_table(document), str(path))
    if replace(contract, source="", services=(), runbook_url="") == Contract():
        names = "iss, aud, algorithms, kid or leeway_seconds"
        raise ContractError(f"{path}: names none of {names}")
    return contract


def _decoded(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


def _document(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text) if text.lstrip()[:1] == "{" else tomllib.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _table(document: dict[str, Any]) -> dict[str, Any]:
    """Return the table that holds the contract: nested under a known name, or the document."""
    plain = _plain(document)
    for nest in _NESTS:
        inner = plain.get(nest)
        if isinstance(inner, dict):
            # What stands around it (services, runbook_url) belongs to it as well.
            around = {key: value for key, value in plain.items() if not isinstance(value, dict)}
            return {**around, **_table(inner)}
    return document


def _plain(table: dict[str, Any]) -> dict[str, Any]:
    """Return the table with keys in snake case."""
    return {
        re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower().replace("-", "_"): value
        for key, value in table.items()
    }


def _contract(table: dict[str, Any], source: str) -> Contract:
    found: dict[str, Any] = {}
    for key, value in _plain(table).items():
        field = _FIELD.get(key)
        if field is None or value is None:
            continue
        if field in found:
            raise ContractError(f"{source}: {field} is given twice ({key})")
        found[field] = _value(field, value, f"{source}: {key}")
    return Contract(source=source, **found)


def _value(field: str, value: object, place: str) -> tuple[str, ...] | float | str:
    if field == "leeway_seconds":
        return _seconds(value, place)
    if field == "runbook_url":
        if not isinstance(value, str) or not value.startswith(("https://", "http://")):
            raise ContractError(f"{place} must be an http or https address")
        return value
    items = value if isinstance(value, list) else [value]
    if not items or not all(isinstance(item, str) and item for item in items):
        raise ContractError(f"{place} must be text or a list of texts")
    return tuple(items)


def _seconds(value: object, place: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9:
        return float(value)
    match = _DURATION.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if match is None:
        raise ContractError(f"{place} must be a number of seconds, 0 or more")
    unit = match[2] or "s"
    return float(match[1]) * _UNIT_SECONDS.get(unit if unit == "ms" else unit[0], 1.0)
