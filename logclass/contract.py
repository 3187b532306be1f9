"""The expected contract: what the verifiers are meant to accept (`--expect`), by service."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from logclass import contractfile, redact, verifiers
from logclass.contractfields import TELLING, field, shortened, tells, value_of
from logclass.contractfile import Table, plain
from logclass.errors import ContractError
from logclass.model import Contract

if TYPE_CHECKING:
    from collections.abc import Iterable

_NESTS = ("contract", "expected", "expect", "jwt", "oidc", "token_validation_parameters")
# A single table of such a name is a section, and no service.
_SECTIONS = {
    *("jwks", "azure_ad", "azuread", "security", "settings", "config", "simple_jwt", "verifier"),
    *("auth", "authentication", "bearer", "token", "tokens", "oauth", "oauth2", "auth0", "okta"),
    *("keycloak", "cognito", "openid", "sso", "idp", "resourceserver", "access", "id", "verify"),
}
# A token's claims and header, log records, key sets and discovery documents name issuers too.
_OF_OTHERS = {
    *("exp", "iat", "sub", "nbf", "jti", "azp", "nonce", "typ", "scope", "keys"),
    *("time", "timestamp", "ts", "@timestamp", "level", "severity", "msg", "message", "logger"),
    *("pid", "hostname", "event", "token_endpoint", "authorization_endpoint", "kty"),
    *("response_types_supported", "id_token_signing_alg_values_supported"),
}
_MOST_BYTES = 1_000_000


def read(data: bytes, *, name: str) -> tuple[Contract, ...]:
    """Return the contracts in a file that is surely about them, () where it is not. Never raises.

    Surely means: JSON, TOML, YAML or `.env` lines that name an issuer, an audience or algorithms
    and little else, nothing that is a log record's or a token's, and every value in it is valid.
    """
    documents = contractfile.documents(data) if len(data) <= _MOST_BYTES else []
    try:
        if len(documents) == 1:
            tables = (_by_service(documents[0]) or {"": documents[0]}).values()
            return _contracts(documents[0], name) if all(map(_is_surely_one, tables)) else ()
        if documents and all(map(_is_listed, documents)):
            return _of_documents(documents, name)
    except ContractError:
        pass
    return ()


def read_settings(data: bytes, *, name: str) -> tuple[Contract, ...]:
    """Return the contracts in the settings of whole programs and gateways. Never raises.

    Only of services that are named, by the settings or by the file or its folder: a stranger's
    settings must not be taken for those of the service that fails.
    """
    documents = contractfile.documents(data) if len(data) <= _MOST_BYTES else []
    if any(plain(one).keys() & _OF_OTHERS for one in documents):
        return ()
    file_service = verifiers.service_of(PurePosixPath(name))
    try:
        found = _settings(documents, name)
    except ContractError:
        return ()
    named = [one if one.services else replace(one, services=(file_service,)) for one in found]
    return tuple(one for one in _merged(named) if one.services != ("",))


def load(path: str | Path) -> tuple[Contract, ...]:
    """Return the contracts in a file that the user named, one for each service that it names.

    Discovery documents, key sets and the settings of whole services and gateways are read too.
    Raises ContractError where it cannot be read, holds no table, names nothing that a verifier
    checks, or holds a value of the wrong type.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ContractError(f"{path}: cannot be read ({error.strerror})") from error
    documents = contractfile.documents(data)
    if not documents:
        raise ContractError(f"{path}: neither a JSON object nor TOML, YAML or KEY=VALUE lines")
    contracts = sure = _of_documents(documents, str(path))
    if not any(map(_says_something, sure)):
        contracts = _merged(_settings(documents, str(path)))
    if not any(map(_says_something, contracts)):
        names = "iss, aud, algorithms, kid or leeway_seconds"
        raise ContractError(f"{path}: names none of {names}")
    return contracts


def _of_documents(documents: list[Any], source: str) -> tuple[Contract, ...]:
    whole = documents[0] if len(documents) == 1 else documents
    if isinstance(whole, dict):
        return _contracts(whole, source)
    if not all(isinstance(one, dict) and _names_service(one) for one in whole):
        return ()
    return _merged([_one(_table(one), source, "") for one in whole])


def _names_service(table: Table) -> bool:
    return bool(plain(table).keys() & {"service", "services"})


def _is_listed(one: object) -> bool:
    """Return whether an entry of a list is surely the contract of a service."""
    return isinstance(one, dict) and _names_service(one) and _is_surely_one(one)


def _says_something(contract: Contract) -> bool:
    return replace(contract, source="", services=(), runbook_url="") != Contract()


def _is_surely_one(document: Table) -> bool:
    table = _table(document)
    if plain(document).keys() & _OF_OTHERS or plain(table).keys() & _OF_OTHERS:
        return False
    names = {shortened(key) for key in plain(table)}
    return bool(names & TELLING) and len([n for n in names if field(n)]) * 2 >= len(names)


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
    named = plain(outer).get("services")
    tables = named if isinstance(named, dict) else outer
    # A key of YAML may be a number.
    found = {str(key): value for key, value in tables.items() if isinstance(value, dict)}
    tells_itself = any(tells(key) for key in plain(tables))
    told = all(any(tells(key) for key in plain(_table(value))) for value in found.values())
    # One table named `auth` may be a section; of several it is a service like the others.
    sections = {*_NESTS, "jwks"} | (_SECTIONS if len(found) == 1 and tables is outer else set())
    is_section = any(contractfile.snake(key) in sections for key in found)
    return {} if tells_itself or not told or is_section else found


def _contracts(document: Table, source: str) -> tuple[Contract, ...]:
    """Return the contract of each service in a table, or the one that holds for all."""
    services = _by_service(document)
    if not services:
        return (_one(_table(document), source, ""),)
    around = plain(document).get("runbook_url", "")
    ones = [
        replace(_one(_table(table), source, f"{name}."), services=(name,))
        for name, table in services.items()
    ]
    url = around if isinstance(around, str) and around.startswith(("https://", "http://")) else ""
    return tuple(replace(one, runbook_url=one.runbook_url or url) for one in ones)


def _settings(documents: list[Any], source: str) -> list[Contract]:
    """Return the contracts in the settings of whole programs and gateways."""
    contracts = []
    for one in verifiers.found(documents):
        fields: dict[str, Any] = {}
        for name, value in one.table.items():
            known = str(field(name))
            taken = _redacted(value_of(name, _number(value), f"{source}: {name}"))
            if isinstance(taken, tuple):
                taken = tuple(dict.fromkeys((*fields.get(known, ()), *taken)))
            fields[known] = taken
        services = (one.service,) if one.service else ()
        contracts.append(Contract(source=source, services=services, **fields))
    return contracts


def _one(table: Table, source: str, place: str) -> Contract:
    found: dict[str, Any] = {}
    for key, value in plain(table).items():
        short = shortened(key)
        known = field(short)
        if key in {"jwks", "keys"} or known is None or value is None:
            continue
        if known == "services" and not _is_texts(value):
            continue
        if known in found:
            raise ContractError(f"{source}: {known} is given twice ({place}{key})")
        found[known] = _redacted(value_of(short, value, f"{source}: {place}{key}"))
    keys = plain(table).get("jwks") or plain(table).get("keys")
    return Contract(source=source, **{**_keys(keys), **found})


def _redacted(value: Any) -> Any:  # noqa: ANN401 - a field's
    """People put credentials into addresses, and keys where an audience belongs."""
    if isinstance(value, tuple):
        return tuple(map(_redacted, value))
    return redact.text(value) if isinstance(value, str) else value


def _is_texts(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, str) for item in items)


def _keys(value: object) -> dict[str, tuple[str, ...]]:
    """Return the key ids and algorithms of a JWKS; its key material is not read."""
    keys = value.get("keys") if isinstance(value, dict) else value
    objects = [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
    found = {
        "kid": tuple(dict.fromkeys(str(key["kid"]) for key in objects if key.get("kid"))),
        "algorithms": tuple(dict.fromkeys(str(key["alg"]) for key in objects if key.get("alg"))),
    }
    return {name: values for name, values in found.items() if values}


def _merged(contracts: Iterable[Contract]) -> tuple[Contract, ...]:
    """Return one contract for each service: a service that is told of twice takes what both do."""
    by_service: dict[tuple[str, ...], Contract] = {}
    for one in contracts:
        held = by_service.get(one.services)
        by_service[one.services] = one if held is None else _both(held, one)
    return tuple(by_service.values())


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


def _number(value: object) -> object:
    return float(value) if isinstance(value, str) and value.isdecimal() else value
