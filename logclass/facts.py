"""What a record says of the token's claims: from the text, its fields, and a token in it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import regex

from logclass import redact, timestamps, tokens
from logclass.vocabulary import Outcome, Reason

if TYPE_CHECKING:
    from logclass.precedence import Match

# The claim that a reason speaks of, where the text names none.
_CLAIM_OF = {
    Reason.AUDIENCE_MISMATCH: "aud",
    Reason.ISSUER_MISMATCH: "iss",
    Reason.SUBJECT_MISMATCH: "sub",
    Reason.ALGORITHM_MISMATCH: "alg",
    Reason.KEY_NOT_FOUND: "kid",
}
_MS = 1000.0
_DURATION = regex.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>ns|us|µs|ms|s|m|h|d)")
_UNIT_SECONDS = {
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0,
}  # fmt: skip
_TIME_CHECKS = {Reason.TOKEN_EXPIRED, Reason.TOKEN_NOT_YET_VALID, Reason.ISSUED_IN_FUTURE}


class Facts(NamedTuple):
    """The claims as the record tells them: lists as JSON, times in seconds since the epoch."""

    claim: str
    expected: str
    actual: str
    kid: str
    alg: str
    iss: str
    aud: str
    exp_seconds: int | None
    iat_seconds: int | None
    nbf_seconds: int | None
    token: int


def read(match: Match, text: str, context: str) -> Facts:
    """Put together what the text, the record's fields and a token in it say of the claims."""
    token = tokens.find(text) if tokens.may_stand_in(text) else None
    claim = match.claim or (_CLAIM_OF.get(match.reason, "") if match.reason else "")
    if token is None and not context and not match.captures:
        return _nothing_known(claim)
    held: dict[str, Any] = orjson.loads(context) if context else {}
    if token is not None:
        held = {**token.header, **token.claims, **held}
    captures = match.captures
    expected = captures.get("expected") or _texts(held.get(f"expected_{claim}"))
    actual = captures.get("actual") or (_texts(held.get(claim)) if claim else ())
    kid = captures.get("kid") or _texts(held.get("kid"))
    alg = captures.get("alg") or _texts(held.get("alg"))
    if not actual:
        actual = {"kid": kid, "alg": alg}.get(claim, ())
    if match.outcome is Outcome.SIGNAL and not actual:
        actual = _key_form(held)
    return Facts(
        claim,
        _json_list(expected),
        _json_list(actual),
        _first(kid),
        _first(alg),
        _first(_texts(held.get("iss"))),
        _json_list(_texts(held.get("aud"))),
        _seconds(held.get("exp")),
        _seconds(held.get("iat")),
        _seconds(held.get("nbf")),
        token.id if token else 0,
    )


def _key_form(held: dict[str, Any]) -> tuple[str, ...]:
    """Return how a service says that it reads its key: encoding and size."""
    encoding, size = _texts(held.get("key_encoding"))[:1], _texts(held.get("key_bytes"))[:1]
    return (*encoding, *(f"{one} bytes" for one in size if one.isdecimal()))


@lru_cache(maxsize=64)
def _nothing_known(claim: str) -> Facts:
    return Facts(claim, "", "", "", "", "", "", None, None, None, 0)


def _first(values: tuple[str, ...]) -> str:
    return redact.value(values[0]) if values else ""


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list):
        return tuple(str(item) for item in value if isinstance(item, (str, int, float)))
    return (str(value),) if isinstance(value, (int, float)) else ()


@lru_cache(maxsize=4096)
def _json_list(values: tuple[str, ...]) -> str:
    if not values:
        return ""
    return orjson.dumps([redact.value(value) for value in values[:20]]).decode()


def _seconds(value: Any) -> int | None:  # noqa: ANN401
    """Return a NumericDate (RFC 7519 section 2) as whole seconds."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    stamp = timestamps.parse(str(value))
    return None if stamp is None else stamp.ms // 1000


def overshoot_seconds(match: Match, facts: Facts, time_ms: int | None) -> float | None:
    """Return by how many seconds a time check failed, on the clock of the host that logged it."""
    reason = match.reason
    if reason not in _TIME_CHECKS:
        return None
    said = match.captures.get("seconds")
    if said:
        return _duration_seconds(said[0])
    now_ms = _stamp_ms(match.captures.get("now")) or time_ms
    if now_ms is None:
        return None
    if reason is Reason.TOKEN_EXPIRED:
        limit = _stamp_ms(match.captures.get("expired_at")) or _ms(facts.exp_seconds)
        return None if limit is None else (now_ms - limit) / _MS
    start = facts.nbf_seconds if reason is Reason.TOKEN_NOT_YET_VALID else facts.iat_seconds
    limit = _stamp_ms(match.captures.get("not_before")) or _ms(start)
    return None if limit is None else (limit - now_ms) / _MS


def _ms(seconds: int | None) -> int | None:
    return None if seconds is None else seconds * 1000


def _stamp_ms(texts: tuple[str, ...] | None) -> int | None:
    stamp = timestamps.parse(texts[0]) if texts else None
    return None if stamp is None else stamp.ms


def _duration_seconds(text: str) -> float | None:
    """Return seconds from "37", "1.5" or Go's "1h2m3s"."""
    parts = list(_DURATION.finditer(text))
    if parts:
        return sum(float(part["number"]) * _UNIT_SECONDS[part["unit"]] for part in parts)
    try:
        return float(text)
    except ValueError:
        return None
