"""What settings of verifiers are called, and what their values mean."""

from __future__ import annotations

import re

from logclass.errors import ContractError

_ACCEPTING = ("", "valid_", "expected_", "allowed_", "accepted_", "trusted_", "required_", "token_")
_NAMES = {
    "iss": ("iss", "issuer", "issuers", "issuer_uri", "issuer_url", "authority"),
    "aud": (
        "aud",
        "audience",
        "audiences",
        "api_audience",
        "client_id_audience",
        "audience_required",
    ),
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
# Keys that say that a table is about tokens.
TELLING = {key for key, field in _FIELD.items() if field in {"iss", "aud", "algorithms"}} - {"alg"}
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
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|sec|secs|seconds?|m|min|mins|minutes?)?")
_ISO_DURATION = re.compile(r"pt(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?")
_CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.\d+)?")  # .NET's TimeSpan
_UNIT_SECONDS = {"ms": 0.001, "m": 60.0}


def shortened(path: str) -> str:
    """Return the known name at the end of a longer one that speaks of tokens, else the path.

    path: in snake case.
    """
    if field(path):
        return path
    parts = path.split("_")
    for start in range(1, len(parts)):
        short = "_".join(parts[start:])
        if field(short) and _FIELD.get(short) not in {"services", "runbook_url"}:
            return short if _OF_TOKENS & set(parts[:start]) else path
    return path


def tells(key: str) -> bool:
    """Return whether a key names what a verifier compares with a token."""
    return field(key) in {"iss", "aud", "algorithms", "kid"}


def field(key: str) -> str | None:
    """Return the field that a name in snake case stands for; a unit may follow it."""
    if key in _FIELD:
        return _FIELD[key]
    bare = key.removeprefix("allowed_").removeprefix("acceptable_").removeprefix("max_")
    unit = next((unit for unit in _UNITS if bare.endswith(unit)), "")
    bare = bare.removesuffix(unit).removesuffix("_in")
    return "leeway_seconds" if _FIELD.get(bare) == "leeway_seconds" else None


def value_of(name: str, value: object, place: str) -> tuple[str, ...] | float | str:
    """Return the value of a setting: texts, seconds, or an address.

    name: in snake case; a unit may follow it. place: for messages. Raises ContractError for a
    value of the wrong type.
    """
    unit = next((each for ending, each in _UNITS.items() if name.endswith(ending)), 1.0)
    kind = field(name)
    if kind == "leeway_seconds":
        return _seconds(value, place, unit)
    if kind == "runbook_url":
        if not isinstance(value, str) or not value.startswith(("https://", "http://")):
            raise ContractError(f"{place} must be an http or https address")
        return value
    items = value if isinstance(value, list) else [value]
    if kind == "kid":
        items = [str(i) if isinstance(i, int) and not isinstance(i, bool) else i for i in items]
    if not items or not all(isinstance(item, str) and item for item in items):
        raise ContractError(f"{place} must be text or a list of texts")
    return tuple(items)


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
