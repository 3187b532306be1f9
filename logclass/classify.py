"""Candidates × matcher → one row per record with an outcome, redacted.

What did not match but speaks of authentication is counted as residue: a gap in the patterns is to
be seen, not to be silent.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import regex

from logclass import facts, redact, tables, tokens
from logclass.model import EXEMPLARS_PER_GROUP, REJECTION_COLUMNS, Residue
from logclass.vocabulary import Reason, RecordKind

if TYPE_CHECKING:
    import pyarrow as pa

    from logclass.facts import Facts
    from logclass.matcher import Matcher
    from logclass.model import Batch
    from logclass.precedence import Match

_SHORT_ID = 12  # characters; Fastify's "req-1" means something in its own process only
_NO_ID = {"", "-", "null", "none", "undefined"}
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
_MEMO_TEXTS = 16_384
_MS_PER_HOUR = 3_600_000
_EXCERPT = list(REJECTION_COLUMNS).index("excerpt")
_REASON, _SERVICE, _INSTANCE = map(list(REJECTION_COLUMNS).index, ("reason", "service", "instance"))


class Classified(NamedTuple):
    """What became of a batch's candidates."""

    rejections: pa.Table  # REJECTION_COLUMNS
    residue: tuple[Residue, ...]
    unclassified: int


class Earliest:
    """Tells which rows a summary may keep as exemplars: the first of each kind in each hour."""

    def __init__(self) -> None:
        self._times_ms: dict[tuple[Any, ...], list[int]] = {}

    def holds(self, row: tuple[Any, ...]) -> bool:
        """Return whether this row is among the earliest of its kind so far, or level with them."""
        time_ms = row[0] or 0
        kind = (row[_REASON], row[_SERVICE], row[_INSTANCE], time_ms // _MS_PER_HOUR)
        times = self._times_ms.setdefault(kind, [])
        if len(times) >= EXEMPLARS_PER_GROUP:
            if time_ms > times[-1]:
                return False
            if time_ms < times[-1]:
                times.pop()
                insort(times, time_ms)
            return True
        insort(times, time_ms)
        return True


def classify(batch: Batch, matcher: Matcher, earliest: Earliest | None = None) -> Classified:
    """Return the rows of all candidates that have an outcome, and the residue.

    earliest: of the batches of one stream so far; the excerpt of a row that is not among them is
    left out. None keeps them all.
    """
    rows: list[tuple[Any, ...]] = []
    excerpts: list[str] = []
    residue: Counter[str] = Counter()
    example: dict[str, str] = {}
    columns = tables.lists(batch.candidates)
    matches = matcher.match_all(columns[_TEXT], columns[_SHAPE])
    candidates = map(_Candidate._make, zip(*columns, strict=True))
    for match, candidate in zip(matches, candidates, strict=True):
        if match is not None:
            row = _row(batch.source.uri, candidate, match)
            rows.append(row)
            is_kept = earliest is None or earliest.holds(row)
            excerpts.append(_excerpt(candidate) if is_kept else "")
        elif candidate.severity != "debug":
            template = _template_of_residue(candidate.shape or candidate.text)
            if template:
                residue[template] += 1
                if template not in example:
                    example[template] = redact.excerpt(candidate.text)
    templates = tuple(
        Residue(template, count, example[template]) for template, count in sorted(residue.items())
    )
    return Classified(_table(rows, excerpts), templates, residue.total())


def _table(rows: list[tuple[Any, ...]], excerpts: list[str]) -> pa.Table:
    columns = list(map(list, zip(*rows, strict=True))) if rows else [[]] * _EXCERPT
    return tables.table(
        dict(zip(REJECTION_COLUMNS, [*columns, excerpts], strict=True)), REJECTION_COLUMNS
    )


def _excerpt(record: _Candidate) -> str:
    """Return what is shown of a record: its text, and the request id that patterns do not read."""
    text = record.text
    if not record.request_id:
        return redact.excerpt(text)
    if "…" in text:
        return redact.excerpt(text.replace("…", record.request_id, 1))
    return redact.excerpt(f"{text[: redact.MAX_EXCERPT]} [request {record.request_id[:80]}]")


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
    shape: str


_TEXT, _SHAPE = map(_Candidate._fields.index, ("text", "shape"))


def _row(source: str, record: _Candidate, match: Match) -> tuple[Any, ...]:
    """Return the columns of REJECTION_COLUMNS but for the excerpt, which comes last."""
    said = _said(record, match)
    return (
        record.time_ms,
        source,
        record.part,
        record.line,
        *said.columns,
        facts.overshoot_seconds(match, said.facts, record.time_ms),
        said.facts.token,
        redact.value(record.client),
        redact.value(record.route),
        record.status,
        _link(record.request_id, source, record.instance),
        tokens.hash64(f"{record.instance}\0{record.time_ms}\0{record.text}"),
        tokens.hash64(record.event_id) if record.event_id else 0,
    )


class _Said(NamedTuple):
    """What records with one match, one origin and the same fields have in common."""

    match: Match
    columns: tuple[Any, ...]  # of REJECTION_COLUMNS, from kind to nbf_seconds
    facts: Facts


_known: dict[tuple[int | str, ...], _Said] = {}


def _said(record: _Candidate, match: Match) -> _Said:
    token_text = record.text if facts.may_hold_token(record.text) else ""
    key = (
        id(match),  # cheaper than its hash; the match is kept, so that no other gets its id
        record.kind,
        record.service,
        record.instance,
        record.version,
        record.environment,
        record.context,
        token_text,
    )
    known = _known.get(key)
    if known is None:
        if len(_known) >= _MEMO_TEXTS:
            _known.clear()
        known = _known[key] = _read(record, match)
    return known


def _read(record: _Candidate, match: Match) -> _Said:
    found = facts.read(match, record.text, record.context)
    columns = (
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
        found.claim,
        found.expected,
        found.actual,
        match.withheld,
        found.kid,
        found.alg,
        found.iss,
        found.aud,
        found.exp_seconds,
        found.iat_seconds,
        found.nbf_seconds,
    )
    return _Said(match, columns, found)


def _kind(match: Match, kind: str) -> str:
    """Return who wrote a line; one that names an error is the verifier's, whatever else it is."""
    if kind == RecordKind.ACCESS and match.reason is not Reason.UNSPECIFIED:
        return RecordKind.VERIFIER.value
    return kind


def _link(request_id: str, source: str, instance: str) -> int:
    """Return the hash of a request id; short ones count within their process only."""
    if request_id in _NO_ID:
        return 0
    if len(request_id) < _SHORT_ID:
        request_id = f"{request_id}\0{instance or source}"
    return tokens.hash64(request_id)


@lru_cache(maxsize=_MEMO_TEXTS)
def _template_of_residue(text: str) -> str:
    """Return what such texts have in common, "" where they do not speak of authentication."""
    if not _SPEAKS_OF_AUTH.search(text, 0, 4000):
        return ""
    first = text.strip().partition("\n")[0][: 2 * _TEMPLATE_CHARACTERS]
    return _VARIABLE.sub("…", redact.text(first))[:_TEMPLATE_CHARACTERS]
