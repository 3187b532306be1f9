"""Candidates × matcher → one row per record with an outcome, redacted.

What did not match but speaks of authentication is counted as residue: a gap in the patterns is to
be seen, not to be silent.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from logclass import accepted, bounded, facts, redact, tables, tokens
from logclass import residue as residues
from logclass.columns import REJECTION_COLUMNS
from logclass.model import Fault, Residue
from logclass.vocabulary import Outcome, Reason, RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from logclass.facts import Facts
    from logclass.matcher import Matcher
    from logclass.model import Batch
    from logclass.precedence import Match

_SHORT_ID = 12  # characters; Fastify's "req-1" means something in its own process only
_NO_ID = {"", "-", "null", "none", "undefined"}
_MEMO_TEXTS = 16_384
MOST_KEYS = 16  # of a line that tells which were loaded
_NAMES = tuple(REJECTION_COLUMNS)
_SHARED = {
    name: REJECTION_COLUMNS[name]
    for name in _NAMES[_NAMES.index("kind") : _NAMES.index("overshoot_seconds")]
}
_KID = list(_SHARED).index("kid")
_OWN = {name: kind for name, kind in REJECTION_COLUMNS.items() if name not in {"source", *_SHARED}}


class Classified(NamedTuple):
    """What became of a batch's candidates."""

    rejections: pa.Table  # REJECTION_COLUMNS
    residue: tuple[Residue, ...]
    unclassified: int
    faults: tuple[Fault, ...]  # the batch's, and what took too long on a record


def classify(
    batch: Batch, matcher: Matcher, earliest: bounded.Earliest | None = None
) -> Classified:
    """Return the rows of all candidates that have an outcome, and the residue.

    earliest: of the batches of one stream so far; the excerpt of a row that is not among them is
    left out. None keeps them all.
    """
    rows = _Rows(batch.source.uri)
    residue = _Gaps()
    columns = tables.lists(batch.candidates)
    matches = matcher.match_alike(columns[_TEXT], columns[_ALIKE])
    candidates = map(Candidate._make, zip(*columns, strict=True))
    for told, candidate in zip(matches, candidates, strict=True):
        match = told or accepted.match(candidate)
        if match is not None:
            said = _said(candidate, match)
            is_kept = earliest is None or _is_shown(candidate, said, earliest)
            for one in (said, *said.others):
                rows.add(candidate, one, _excerpt(candidate) if is_kept else "")
        elif candidate.severity != "debug" and not candidate.drawn:
            residue.add(candidate.text)
    faults = (*batch.faults, *_given_up(batch.source.uri, matcher))
    return Classified(rows.table(), residue.found(), residue.counts.total(), faults)


def _given_up(source: str, matcher: Matcher) -> Iterator[Fault]:
    """Yield what took too long since this was asked last."""
    for what, times in sorted(matcher.timeouts.items()):
        yield Fault(source, "gave_up", f"{what} took too long on a record", count=times)
    matcher.timeouts.clear()


def _is_shown(candidate: Candidate, said: _Said, earliest: bounded.Earliest) -> bool:
    is_rejected = said.match.outcome is Outcome.REJECTED
    return is_rejected and not candidate.drawn and earliest.holds(said.kind, candidate.time_ms)


class _Gaps:
    """The records of one batch that no pattern knows, by template.

    Shown is the one of the least hash: blocks may be cut and read in any order.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._shown: dict[str, tuple[int, str]] = {}

    def add(self, text: str) -> None:
        template = residues.gap(text)
        if template:
            self.counts[template] += 1
            order = tokens.hash64(text)
            if template not in self._shown or order < self._shown[template][0]:
                self._shown[template] = order, text

    def found(self) -> tuple[Residue, ...]:
        return tuple(
            Residue(template, count, redact.excerpt(text), order)
            for template, count in sorted(self.counts.items())
            for order, text in (self._shown[template],)
        )


class _Rows:
    """The rows of one batch: what many have in common is written once."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._places: dict[int, int] = {}  # of what was said, by its id
        self._said: list[_Said] = []
        self._which: list[int] = []
        self._own: list[tuple[Any, ...]] = []

    def add(self, record: Candidate, said: _Said, excerpt: str) -> None:
        place = self._places.setdefault(id(said), len(self._said))
        if place == len(self._said):
            self._said.append(said)  # keeps it, so that no other gets its id
        self._which.append(place)
        self._own.append((*_own(self._source, record, said), excerpt))

    def table(self) -> pa.Table:
        """Return REJECTION_COLUMNS."""
        if not self._own:
            return tables.empty(REJECTION_COLUMNS)
        own = dict(zip(_OWN, zip(*self._own, strict=True), strict=True))
        own["source"] = (self._source,) * len(self._own)
        said = (one.columns for one in self._said)
        shared = dict(zip(_SHARED, zip(*said, strict=True), strict=True))
        return tables.beside(
            tables.table(shared, _SHARED).take(self._which),
            tables.table(own, {**_OWN, "source": REJECTION_COLUMNS["source"]}),
            REJECTION_COLUMNS,
        )


def _excerpt(record: Candidate) -> str:
    """Return what is shown of a record: its text, and the request id that patterns do not read."""
    text = record.text
    if record.request_id and "…" in text:
        text = text.replace("…", record.request_id, 1)
        return redact.excerpt(text.replace("‥", "…"))
    text = text.replace("‥", "…")
    if not record.request_id:
        return redact.excerpt(text)
    return redact.excerpt(text, f" [request {record.request_id[:80]}]")


class Candidate(NamedTuple):
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
    alike: str
    drawn: int


_TEXT, _ALIKE = map(Candidate._fields.index, ("text", "alike"))


def _own(source: str, record: Candidate, said: _Said) -> tuple[Any, ...]:
    """Return the columns of _OWN but for the excerpt, which comes last."""
    return (
        record.time_ms,
        record.part,
        record.line,
        facts.overshoot_seconds(said.match, said.facts, record.time_ms),
        said.facts.token,
        redact.value(record.client),
        redact.value(record.route),
        record.status,
        _link(record.request_id, source, record.instance),
        tokens.hash64(f"{record.instance}\0{record.time_ms}\0{record.text}"),
        tokens.hash64(record.event_id) if record.event_id else 0,
        record.drawn,
    )


class _Said(NamedTuple):
    """What records with one match, one origin and the same fields have in common."""

    match: Match
    columns: tuple[Any, ...]  # of _SHARED
    facts: Facts
    kind: tuple[str, str, str]  # reason, service, instance
    others: tuple[_Said, ...] = ()  # the same for the other keys that a line tells of


_known: dict[tuple[int | str, ...], _Said] = {}


def _said(record: Candidate, match: Match) -> _Said:
    token_text = record.text if tokens.may_stand_in(record.text) else ""
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


def _read(record: Candidate, match: Match) -> _Said:
    found = facts.read(match, record.text, record.context)
    reason = match.reason.value if match.reason else ""
    service, instance = redact.value(record.service), redact.value(record.instance)
    columns = (
        _kind(match, record.kind),
        service,
        instance,
        redact.value(record.version or "".join(match.captures.get("release", ())[:1])),
        redact.value(record.environment),
        match.outcome.value,
        reason,
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
    said = _Said(match, columns, found, (reason, service, instance))
    first, *others = _loaded(match, record.context) or (found.kid,)
    each = tuple(said._replace(columns=_with_key(columns, key)) for key in others)
    return said._replace(columns=_with_key(columns, first), others=each)


def _loaded(match: Match, context: str) -> tuple[str, ...]:
    """Return the ids of all keys that a line says were loaded, at most MOST_KEYS."""
    if match.outcome is not Outcome.SIGNAL or not match.pattern.partition(".")[2].startswith(
        "key-"
    ):
        return ()
    listed = orjson.loads(context).get("kids") if context else None
    known = match.captures.get("kid") or (listed if isinstance(listed, list) else ())
    names = (redact.value(key) for key in known if isinstance(key, str) and key)
    return tuple(dict.fromkeys(names))[:MOST_KEYS]


def _with_key(columns: tuple[Any, ...], key: str) -> tuple[Any, ...]:
    return (*columns[:_KID], key, *columns[_KID + 1 :])


def _kind(match: Match, kind: str) -> str:
    """Return who wrote a line; one that names an error is the verifier's, whatever else it is."""
    is_own = match.reason is not Reason.UNSPECIFIED and match.pattern != accepted.PATTERN
    if kind == RecordKind.ACCESS and is_own:
        return RecordKind.VERIFIER.value
    return kind


def _link(request_id: str, source: str, instance: str) -> int:
    """Return the hash of a request id; short ones count within their process only."""
    if request_id in _NO_ID:
        return 0
    if len(request_id) < _SHORT_ID:
        request_id = f"{request_id}\0{instance or source}"
    return tokens.hash64(request_id)
