"""The expected contract: what the verifier is meant to accept (`--expect`)."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from logclass import contractfile, redact
from logclass.contractfile import Table, plain
from logclass.errors import ContractError
from logclass.model import Contract

_ACCEPTING = ("", "valid_", "expected_", "allowed_", "accepted_", "trusted_", "required_", "token_")
_NAMES = {
    "iss": ("iss", "issuer", "issuers", "issuer_uri", "issuer_url", "authority"),
    "aud": ("aud", "audience", "audiences", "api_audience", "client_id_audience"),
    "algorithms": (
        *("algorithms", "algs", "alg", "algorithm", "jws_algorithms", "jws_algorithm"),
        *("signing_algorithms", "signing_algorithm", "signature_algorithms", "signing_alg"),
        *("signature_algorithm", "id_token_signing_alg_values_supported"),
    ),
    "kid": ("kid", "kids", "key_id", "key_ids", "signing_key_id", "active_kid", "current_kid"),
    "leeway_seconds": (
        *("leeway", "clock_tolerance", "clock_skew", "clockskew", "skew", "tolerance"),
        *("max_clock_skew", "time_skew", "clock_leeway", "jwt_leeway"),
    ),
    "services": ("services", "service"),
    "runbook_url": ("runbook_url", "runbook"),
}
_FIELD = {
    f"{prefix}{name}": field
    for field, names in _NAMES.items()
    for name in names
    for prefix in (_ACCEPTING if field in {"iss", "aud", "algorithms", "leeway_seconds"} else ("",))
}
_UNITS = {"_ms": 0.001, "_milliseconds": 0.001, "_seconds": 1.0, "_secs": 1.0, "_sec": 1.0}
_UNITS |= {"_minutes": 60.0, "_mins": 60.0, "_s": 1.0}
_NESTS = ("contract", "expected", "expect", "jwt", "oidc", "token_validation_parameters")
_TELLING = {key for key, field in _FIELD.items() if field in {"iss", "aud", "algorithms"}} - {"alg"}
# Only under one of these does a longer name, JWT_ISSUER or spring.….jwt.issuer-uri, mean a token's.
_OF_TOKENS = {
    *("jwt", "jwks", "jws", "oidc", "oauth", "oauth2", "auth", "auth0", "token", "tokens", "idp"),
    *(
        "sso",
        "verifier",
        "verify",
        "resourceserver",
        "authentication",
        "bearer",
        "keycloak",
        "okta",
    ),
    *("cognito", "openid", "access", "id"),
}
# A token's claims and header, log records, key sets and discovery documents name issuers too.
_OF_OTHERS = {
    *("exp", "iat", "sub", "nbf", "jti", "azp", "nonce", "typ", "scope", "keys"),
    *("time", "timestamp", "ts", "@timestamp", "level", "severity", "msg", "message", "logger"),
    *("pid", "hostname", "event", "token_endpoint", "authorization_endpoint", "kty"),
    *("response_types_supported", "id_token_signing_alg_values_supported"),
}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|sec|secs|seconds?|m|min|mins|minutes?)?")
_ISO_DURATION = re.compile(r"pt(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?")
_CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.\d+)?")  # .NET's TimeSpan
_UNIT_SECONDS = {"ms": 0.001, "m": 60.0}
_MOST_BYTES = 1_000_000


def read(data: bytes, *, name: str) -> Contract | None:
    """Return the contract in a JSON, TOML, YAML or `.env` file, or None where it is not surely one.

    Surely one means: it names an issuer, an audience or algorithms and little else, nothing that is
    a log record's or a token's, and every value in it is valid. Never raises.
    """
    if len(data) > _MOST_BYTES:
        return None
    document = contractfile.table(data)
    if document is None:
        return None
    try:
        if _by_service(document):
            sure = all(map(_is_surely_one, _by_service(document).values()))
            return _contract(document, name) if sure else None
        return _contract(document, name) if _is_surely_one(document) else None
    except ContractError:
        return None


def load(path: str | Path) -> Contract:
    """Return the contract in a file that the user named.

    Discovery documents, key sets and the settings of a whole service are read too. Where a file has
    a contract for each of several services, the values of all are accepted. Raises ContractError
    where it cannot be read, holds no table, names nothing that a verifier checks, or holds a value
    of the wrong type.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ContractError(f"{path}: cannot be read ({error.strerror})") from error
    document = contractfile.table(data)
    if document is None:
        raise ContractError(f"{path}: neither a JSON object nor TOML, YAML or KEY=VALUE lines")
    contract = _contract(document, str(path))
    if replace(contract, source="", services=(), runbook_url="") == Contract():
        names = "iss, aud, algorithms, kid or leeway_seconds"
        raise ContractError(f"{path}: names none of {names}")
    return contract


def _is_surely_one(document: Table) -> bool:
    table = _table(document)
    if plain(document).keys() & _OF_OTHERS or plain(table).keys() & _OF_OTHERS:
        return False
    names = {_shortened(key) for key in plain(table)}
    return bool(names & _TELLING) and len([n for n in names if _field(n)]) * 2 >= len(names)


def _table(document: Table) -> Table:
    """Return the table that holds the contract: nested under a known name, or the document."""
    keyed = plain(document)
    for nest in _NESTS:
        inner = keyed.get(nest)
        if isinstance(inner, dict):
            # What stands around it (services, runbook_url) belongs to it as well.
            around = {key: value for key, value in keyed.items() if not isinstance(value, dict)}
            return {**around, **_table(inner)}
    return document


def _by_service(document: Table) -> dict[str, Table]:
    """Return service -> its table, where each table in the document names what it accepts."""
    outer = _table(document)
    listed = plain(outer).get("services")
    tables = listed if isinstance(listed, dict) else outer
    found = {key: value for key, value in tables.items() if isinstance(value, dict)}
    named = any(_tells(key) for key in plain(tables))
    told = all(any(_tells(key) for key in plain(_table(value))) for value in found.values())
    # One table named `auth` may be a section; of several it is a service like the others.
    sections = {*_NESTS, "jwks"} | (_OF_TOKENS if len(found) == 1 and tables is outer else set())
    is_section = any(contractfile.snake(key) in sections for key in found)
    return {} if named or not told or is_section else found


def _contract(document: Table, source: str) -> Contract:
    services = _by_service(document)
    if services:
        ones = [_one(_table(table), source, f"{name}.") for name, table in services.items()]
        first, *others = ones
        for other in others:
            first = _both(first, other)
        return replace(first, services=tuple(services))
    found = _one(_table(document), source, "")
    if replace(found, source="", services=(), runbook_url="") != Contract():
        return found
    return _one(dict(_settings(document, source)), source, "")


def _settings(document: Table, source: str) -> dict[str, Any]:
    """Return what the settings of a whole service say of tokens, by their short names."""
    found: dict[str, Any] = {}
    for path, value in contractfile.leaves(document):
        short = _shortened(path)
        field = _field(short)
        if short == path or field is None:
            continue
        if field in found and found[field] != value:
            raise ContractError(f"{source}: {field} is given twice ({path})")
        found[field] = _number(value) if field == "leeway_seconds" else value
    return found


def _shortened(path: str) -> str:
    """Return the known name at the end of a longer one that speaks of tokens, else the path."""
    if _field(path):
        return path
    parts = path.split("_")
    for start in range(1, len(parts)):
        short = "_".join(parts[start:])
        if _field(short) and _FIELD.get(short) not in {"services", "runbook_url"}:
            return short if _OF_TOKENS & set(parts[:start]) else path
    return path


def _tells(key: str) -> bool:
    return _field(key) in {"iss", "aud", "algorithms", "kid"}


def _field(key: str) -> str | None:
    """Return the field that a name in snake case stands for; a unit may follow it."""
    if key in _FIELD:
        return _FIELD[key]
    bare = key.removeprefix("allowed_").removeprefix("acceptable_").removeprefix("max_")
    unit = next((unit for unit in _UNITS if bare.endswith(unit)), "")
    bare = bare.removesuffix(unit).removesuffix("_in")
    return "leeway_seconds" if _FIELD.get(bare) == "leeway_seconds" else None


def _one(table: Table, source: str, place: str) -> Contract:
    found: dict[str, Any] = {}
    for key, value in plain(table).items():
        if key in {"jwks", "keys"}:
            continue
        short = _shortened(key)
        field = _field(short)
        if field is None or value is None or (field == "services" and isinstance(value, dict)):
            continue
        if field in found:
            raise ContractError(f"{source}: {field} is given twice ({place}{key})")
        unit = next((each for name, each in _UNITS.items() if short.endswith(name)), 1.0)
        found[field] = _redacted(_value(field, value, f"{source}: {place}{key}", unit))
    keys = plain(table).get("jwks") or plain(table).get("keys")
    return Contract(source=source, **{**_keys(keys), **found})


def _redacted(value: Any) -> Any:  # noqa: ANN401 - a field's
    """People put credentials into addresses, and keys where an audience belongs."""
    if isinstance(value, tuple):
        return tuple(map(_redacted, value))
    return redact.text(value) if isinstance(value, str) else value


def _keys(value: object) -> dict[str, tuple[str, ...]]:
    """Return the key ids and algorithms of a JWKS; its key material is not read."""
    keys = value.get("keys") if isinstance(value, dict) else value
    objects = [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
    found = {
        "kid": tuple(dict.fromkeys(str(key["kid"]) for key in objects if key.get("kid"))),
        "algorithms": tuple(dict.fromkeys(str(key["alg"]) for key in objects if key.get("alg"))),
    }
    return {field: values for field, values in found.items() if values}


def _both(one: Contract, other: Contract) -> Contract:
    def joined(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(a + b)) if a and b else ()  # one that checks nothing takes all

    leeways = [each for each in (one.leeway_seconds, other.leeway_seconds) if each is not None]
    return replace(
        one,
        iss=joined(one.iss, other.iss),
        aud=joined(one.aud, other.aud),
        algorithms=joined(one.algorithms, other.algorithms),
        kid=joined(one.kid, other.kid),
        leeway_seconds=max(leeways, default=None),
        runbook_url=one.runbook_url or other.runbook_url,
    )


def _value(field: str, value: object, place: str, unit: float) -> tuple[str, ...] | float | str:
    if field == "leeway_seconds":
        return _seconds(value, place, unit)
    if field == "runbook_url":
        if not isinstance(value, str) or not value.startswith(("https://", "http://")):
            raise ContractError(f"{place} must be an http or https address")
        return value
    items = value if isinstance(value, list) else [value]
    if field == "kid":
        items = [str(i) if isinstance(i, int) and not isinstance(i, bool) else i for i in items]
    if not items or not all(isinstance(item, str) and item for item in items):
        raise ContractError(f"{place} must be text or a list of texts")
    return tuple(items)


def _number(value: object) -> object:
    return float(value) if isinstance(value, str) and value.isdecimal() else value


def _seconds(value: object, place: str, unit: float) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9:
        return float(value) * unit
    text = value.strip().lower() if isinstance(value, str) else ""
    iso, clock = _ISO_DURATION.fullmatch(text), _CLOCK.fullmatch(text)
    parts = iso if iso and any(iso.groups()) else clock
    if parts:
        hours, minutes, seconds = (float(part or 0) for part in parts.groups()[:3])
        return hours * 3600 + minutes * 60 + seconds
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ContractError(f"{place} must be a number of seconds, 0 or more")
    if not match[2]:
        return float(match[1]) * unit
    return float(match[1]) * _UNIT_SECONDS.get(match[2] if match[2] == "ms" else match[2][0], 1.0)
