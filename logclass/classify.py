"""Candidates × matcher → one row per record with an outcome, redacted.

What did not match but speaks of authentication is counted as residue: a gap in the patterns is to
be seen, not to be silent.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import regex

from logclass import redact, tables, timestamps, tokens
from logclass.model import (
    EXEMPLARS_PER_GROUP,
    REJECTION_COLUMNS,
    Residue,
)
from logclass.vocabulary import Reason, RecordKind

if TYPE_CHECKING:
    import pyarrow as pa

    from logclass.matcher import Match, Matcher
    from logclass.model import Batch

# The claim that a reason speaks of, where the text names none.
_CLAIM_OF = {
    Reason.AUDIENCE_MISMATCH: "aud",
    Reason.ISSUER_MISMATCH: "iss",
    Reason.SUBJECT_MISMATCH: "sub",
    Reason.ALGORITHM_MISMATCH: "alg",
    Reason.KEY_NOT_FOUND: "kid",
}
_MS = 1000.0
_SHORT_ID = 12  # characters; Fastify's "req-1" means something in its own process only
_DURATION = regex.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>ns|us|µs|ms|s|m|h|d)")
_UNIT_SECONDS = {
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0,
}  # fmt: skip
_SPEAKS_OF_AUTH = regex.compile(
    r"\b(?:jwts?|jwks?|jws|jwe|jose|bearer|oauth2?|oidc|openid|id_?token|access_?token|"
    r"(?:token|signature|issuer|audience|claim|kid)s?\W+(?:\w+\W+){0,4}?"
    r"(?:invalid|expired|mismatch|malformed|missing|rejected|denied|fail\w*|unknown|unsupported)|"
    r"(?:invalid|expired|malformed|missing|bad|unknown|unsupported|no|wrong)\W+(?:\w+\W+){0,3}?"
    r"(?:token|issuer|audience|claim|kid|authorization header)s?)\b",
    regex.IGNORECASE,
)
_VARIABLE = regex.compile(r"[0-9a-fA-F-]{8,}|\d+|<[^<>]*>|\"[^\"]*\"|'[^']*'|https?://\S+")
_TEMPLATE_CHARACTERS = 160
_MEMO_TEXTS, _MEMO_CHARACTERS = 16_384, 4_096
_MS_PER_HOUR = 3_600_000
_EXCERPT = list(REJECTION_COLUMNS).index("excerpt")
_EXEMPLAR_KEY = tuple(
    list(REJECTION_COLUMNS).index(name) for name in ("reason", "service", "instance")
)


class Classified(NamedTuple):
    """What became of a batch's candidates."""

    rejections: pa.Table  # REJECTION_COLUMNS
    residue: tuple[Residue, ...]
    unclassified: int


def classify(batch: Batch, matcher: Matcher, *, every_excerpt: bool = True) -> Classified:
    """Return the rows of all candidates that have an outcome, and the residue.

    every_excerpt: False keeps the excerpts of the first few rows of each kind only, which is all
    that a summary takes.
    """
    rows: list[tuple[Any, ...]] = []
    texts: list[str] = []
    residue: Counter[str] = Counter()
    example: dict[str, str] = {}
    columns = tables.lists(batch.candidates)
    matches = matcher.match_all(columns[_Candidate._fields.index("text")])
    for match, candidate in zip(
        matches, map(_Candidate._make, zip(*columns, strict=True)), strict=True
    ):
        text = candidate.text
        if match is not None:
            rows.append(_row(batch.source.uri, candidate, match))
            texts.append(_evidence(text, candidate.request_id))
        elif candidate.severity != "debug" and _SPEAKS_OF_AUTH.search(text, 0, 4000):
            template = _template(text)
            residue[template] += 1
            example.setdefault(template, redact.excerpt(text))
    templates = tuple(
        Residue(template, count, example[template]) for template, count in sorted(residue.items())
    )
    excerpts = _excerpts(rows, texts, every=every_excerpt)
    return Classified(_table(rows, excerpts), templates, residue.total())


def _table(rows: list[tuple[Any, ...]], excerpts: list[str]) -> pa.Table:
    columns = list(map(list, zip(*rows, strict=True))) if rows else [[]] * _EXCERPT
    return tables.table(
        dict(zip(REJECTION_COLUMNS, [*columns, excerpts], strict=True)), REJECTION_COLUMNS
    )


def _excerpts(rows: list[tuple[Any, ...]], texts: list[str], *, every: bool) -> list[str]:
    """Return the excerpt of each row, "" for those that nobody will be shown.

    Records stand in the order of the file, which is nearly that of time: the first rows of each
    kind in a batch hold those that the summary keeps.
    """
    if every:
        return [redact.excerpt(text) for text in texts]
    excerpts = [""] * len(rows)
    seen: Counter[tuple[Any, ...]] = Counter()
    order = sorted(range(len(rows)), key=lambda row: (rows[row][0] or 0, row))
    for row in order:
        kind = tuple(rows[row][column] for column in _EXEMPLAR_KEY)
        hour = (rows[row][0] or 0) // _MS_PER_HOUR
        seen[*kind, hour] += 1
        if seen[*kind, hour] <= EXEMPLARS_PER_GROUP:
            excerpts[row] = redact.excerpt(texts[row])
    return excerpts


def _evidence(text: str, request_id: str) -> str:
    """Return what is shown of a record: its text, and the request id that patterns do not read."""
    if not request_id:
        return text
    if "…" in text:
        return text.replace("…", request_id, 1)
    return f"{text[: redact.MAX_EXCERPT]} [request {request_id[:80]}]"


class _Candidate(NamedTuple):
    """One row of a batch's candidates: CANDIDATE_COLUMNS, in their order."""

    time_ms: int | None
    part: int
    line: int
    kind: str
    service: str
    instance: str
    version: str
    environment: str
    severity: str
    route: str
    client: str
    status: int
    request_id: str
    event_id: str
    text: str
    context: str


def _row(source: str, record: _Candidate, match: Match) -> tuple[Any, ...]:
    """Return the columns of REJECTION_COLUMNS but for the excerpt, which comes last."""
    facts = _facts(match, record.text, record.context)
    return (
        record.time_ms,
        source,
        record.part,
        record.line,
        _kind(match, record.kind),
        redact.value(record.service),
        redact.value(record.instance),
        redact.value(record.version),
        redact.value(record.environment),
        match.outcome.value,
        match.reason.value if match.reason else "",
        ",".join(match.also),
        match.library,
        match.pattern,
        match.versions,
        facts.claim,
        facts.expected,
        facts.actual,
        match.withheld,
        facts.kid,
        facts.alg,
        facts.iss,
        facts.aud,
        facts.exp_seconds,
        facts.iat_seconds,
        facts.nbf_seconds,
        _overshoot(match, facts, record.time_ms),
        facts.token,
        redact.value(record.client),
        redact.value(record.route),
        record.status,
        _link(record.request_id, source, record.instance),
        tokens.hash64(f"{record.instance}\0{record.time_ms}\0{record.text}"),
        tokens.hash64(record.event_id) if record.event_id else 0,
    )


def _kind(match: Match, kind: str) -> str:
    """Return who wrote a line; one that names an error is the verifier's, whatever else it is."""
    if kind == RecordKind.ACCESS and match.reason is not Reason.UNSPECIFIED:
        return RecordKind.VERIFIER.value
    return kind


class _Facts(NamedTuple):
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


def _facts(match: Match, text: str, context: str) -> _Facts:
    """Return what a record says of the claims; records that say the same are looked at once."""
    key = (match.pattern, text, context)
    found = _known_facts.get(key)
    if found is None:
        found = _read_facts(match, text, context)
        if len(_known_facts) >= _MEMO_TEXTS:
            _known_facts.clear()
        if len(text) <= _MEMO_CHARACTERS:
            _known_facts[key] = found
    return found


def _read_facts(match: Match, text: str, context: str) -> _Facts:
    """Put together what the text, the record's fields and a token in it say of the claims."""
    token = tokens.find(text) if "eyJ" in text or "ew" in text else None
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
    return _Facts(
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


_known_facts: dict[tuple[str, str, str], _Facts] = {}


@lru_cache(maxsize=64)
def _nothing_known(claim: str) -> _Facts:
    return _Facts(claim, "", "", "", "", "", "", None, None, None, 0)


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


def _overshoot(match: Match, facts: _Facts, time_ms: int | None) -> float | None:
    """Return by how many seconds a time check failed, on the clock of the host that logged it."""
    reason = match.reason
    if reason not in {Reason.TOKEN_EXPIRED, Reason.TOKEN_NOT_YET_VALID, Reason.ISSUED_IN_FUTURE}:
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


def _link(request_id: str, source: str, instance: str) -> int:
    """Return the hash of a request id; short ones count within their process only."""
    if not request_id or request_id in {"-", "null", "none", "undefined"}:
        return 0
    if len(request_id) < _SHORT_ID:
        request_id = f"{request_id}\0{instance or source}"
    return tokens.hash64(request_id)


def _template(text: str) -> str:
    first = text.strip().partition("\n")[0][: 2 * _TEMPLATE_CHARACTERS]
    return _VARIABLE.sub("…", redact.text(first))[:_TEMPLATE_CHARACTERS]
