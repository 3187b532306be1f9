"""The types that cross stage borders. All are frozen; stages know these and never each other.

The columns of their tables are in columns.py. Times are whole numbers since the Unix epoch, UTC:
the unit is in the name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from logclass.vocabulary import Cause, ChangeKind, Grade, Verdict


class Settled(NamedTuple):
    """What the other sources of a bundle tell of a source's times."""

    source: str  # Source.uri
    zone: str  # its offset, such as "UTC+02:00"; "" where it is not told
    written_seconds: int | None  # dates without a year are read against this; None: as before
    because: str  # the evidence, half a sentence

    @property
    def changes_times(self) -> bool:
        """Return whether the source has to be read again."""
        return self.zone not in {"", "UTC"} or self.written_seconds is not None


class Choices(NamedTuple):
    """What the user said of sources by their names; the last glob that fits holds."""

    formats: tuple[tuple[str, str], ...] = ()  # (glob, format name)
    zones: tuple[tuple[str, str], ...] = ()  # (glob, IANA zone name or offset)
    endpoint_url: str = ""  # of a remote store that is not the provider's own
    settled: tuple[Settled, ...] = ()  # found out by a first reading


NO_CHOICES = Choices()


@dataclass(frozen=True, slots=True)
class Source:
    """One named byte stream, not opened yet."""

    uri: str  # how the user finds it again: "logs/auth.log", "bundle.zip!/auth.log", "-"
    path: str  # the local file that holds it; "" for standard input and what is remote
    members: tuple[str, ...] = ()  # archive members from the outside in
    size_bytes: int | None = None  # as stored
    compression: str = ""  # of the innermost stream; "" when plain
    format_hint: str = ""  # a format name the user chose
    zone: str = ""  # IANA name or offset of stamps that name none; "" reads them as UTC
    byte_range: tuple[int, int] | None = None  # a part of a plain file
    modified_seconds: int | None = None  # dates without a year are read against this
    remote: str = ""  # the address of a remote object: "s3://bucket/key"
    choices: Choices = NO_CHOICES


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that could not be read, and where."""

    source: str  # Source.uri
    kind: str  # "truncated", "undecodable", "no_time", "not_a_log", ...
    detail: str
    line: int | None = None  # 1-based
    excerpt: str = ""  # redacted, at most 200 characters
    count: int = 1  # 0: only a sign that the export is not whole


@dataclass(frozen=True, slots=True)
class Batch:
    """What one block of a source held: every event counted, only candidates decoded."""

    source: Source
    tally: pa.Table  # TALLY_COLUMNS
    candidates: pa.Table  # CANDIDATE_COLUMNS
    format: str = ""
    faults: tuple[Fault, ...] = ()
    read_bytes: int = 0
    lines: int = 0
    zone_assumed: bool = False  # some times had no zone and were read as UTC
    year_assumed: bool = False  # some dates had no year
    order_assumed: str = ""  # of dates of numbers ("dmy"), where another would do as well
    zone_told: str = ""  # the offset that a second clock on the lines tells
    date_told: str = ""  # what told the date of times of day: the file's "name", or when "written"
    days_late: int = 0  # by which the last of these times is younger than its file then
    drawn: tuple[int, ...] = ()  # records that may tell of requests that passed, by rank
    level: int = 0  # the rank from which on they were read (sampling.py)


@dataclass(frozen=True, slots=True)
class Exemplar:
    """One rejection kept as evidence, redacted."""

    source: str
    part: int
    line: int
    time_ms: int | None
    service: str
    instance: str
    reason: str
    pattern: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Residue:
    """Candidates that look like authentication and match no pattern, by template."""

    template: str
    count: int
    exemplar: str  # redacted
    order: int = 0  # of exemplars with one template the one of the least order is kept


@dataclass(frozen=True, slots=True)
class SourceIntake:
    """What was read of one source."""

    source: str
    format: str
    read_bytes: int
    events: int
    rejections: int
    unclassified: int
    faults: int
    first_ms: int | None
    last_ms: int | None
    zone_assumed: bool  # some times had no zone and were read as UTC
    parts: tuple[tuple[int, int], ...] = ()  # (byte offset of a part, lines in it)
    sha256: str = ""  # of the bytes as stored
    candidates: int = 0  # records that were decoded
    year_assumed: bool = False  # some dates had no year
    order_assumed: str = ""  # of dates of numbers ("dmy"), where another would do as well
    zone_told: str = ""  # the offset that a second clock on the lines tells
    date_told: str = ""  # what told the date of times of day: the file's "name", or when "written"
    days_late: int = 0  # by which the last of these times is younger than its file then
    drawn: tuple[int, ...] = ()  # records that may tell of requests that passed, by rank
    level: int = 0  # of them one in 2**level is read (sampling.py)


@dataclass(frozen=True, slots=True)
class Summary:
    """Mergeable counts: the only thing workers return. See summary.py for the monoid."""

    counts: pa.Table  # COUNT_KEYS + DETAIL_COLUMNS + "count"
    tally: pa.Table  # TALLY_COLUMNS
    exemplars: tuple[Exemplar, ...] = ()
    residue: tuple[Residue, ...] = ()
    sources: tuple[SourceIntake, ...] = ()
    faults: tuple[Fault, ...] = ()
    sample_below: int = 2**64  # detail is kept for requests whose hash is below this


@dataclass(frozen=True, slots=True)
class Counted:
    """A summary in which each rejected request stands once: what the diagnosis reads.

    The frames have the columns of Summary.counts (text "" and numbers NaN where unknown). One row
    stands for `count` rejected requests; up to the sampling limit that is one request.
    """

    rejections: pd.DataFrame  # COUNT_KEYS + DETAIL_COLUMNS + count
    echoes: pd.DataFrame  # the same columns: further traces of requests counted already
    passed: pd.DataFrame  # the same columns: outcome "accepted" (estimates, if drawn) or "signal"
    tally: pd.DataFrame  # TALLY_COLUMNS: the denominators
    start_ms: int | None  # first and last time seen in any record
    end_ms: int | None


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """Something that was changed: a deploy, a rotation, a configuration change."""

    id: str  # the record's own id, or FILE:LINE
    time_ms: int  # when it took effect, or began to
    kind: ChangeKind
    target: str  # service, secret or key name it names; "" when it names none
    source: str  # file it was read from
    description: str = ""
    end_ms: int | None = None  # end of a rollout
    version: str = ""  # release, image tag, revision or key id it brought
    environment: str = ""
    instances: tuple[str, ...] = ()  # instances it touched, where the record says
    zone_assumed: bool = False  # the stamp had no zone and was read as UTC


@dataclass(frozen=True, slots=True)
class Contract:
    """What the verifier is meant to accept (`--expect`)."""

    iss: tuple[str, ...] = ()
    aud: tuple[str, ...] = ()
    algorithms: tuple[str, ...] = ()
    kid: tuple[str, ...] = ()
    leeway_seconds: float | None = None
    services: tuple[str, ...] = ()  # services it holds for; empty = all
    source: str = ""
    runbook_url: str = ""  # the team's own runbook


class Interval(NamedTuple):
    """A point in time with its 95 % interval, in milliseconds since the epoch."""

    low_ms: int
    point_ms: int
    high_ms: int


@dataclass(frozen=True, slots=True)
class Episode:
    """A departure from the baseline: what the rest of the diagnosis is about."""

    onset: Interval
    recovery: Interval | None  # None: not over when the data ends
    peak_per_minute: int
    rejections: int  # inside the episode, each rejected request once
    baseline_per_minute: float
    score: float  # log likelihood ratio of the best window
    reasons: tuple[str, ...]  # most frequent first
    services: tuple[str, ...]  # first failing first
    instances: tuple[str, ...]  # failing ones
    onset_censored: bool = False  # the data begins inside the episode
    is_probe: bool = False  # few clients, forged tokens: not an outage
    ramp_minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence of evidence, and how far it moves the odds."""

    kind: str  # "time", "space", "kind", "undo", "split", "ledger", "claims", "skew", ...
    text: str
    log_odds: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """A cause with its grade and the evidence for and against it."""

    cause: Cause
    probability: float
    grade: Grade
    headline: str
    evidence_for: tuple[Evidence, ...] = ()
    evidence_against: tuple[Evidence, ...] = ()
    overturned_by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    change_id: str = ""


@dataclass(frozen=True, slots=True)
class ChangeVerdict:
    """What a change had to do with an episode."""

    change: ChangeEvent
    probability: float
    verdict: Verdict
    vetoed_because: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimDelta:
    """Expected and actual of one claim, over the rejections of one incident."""

    claim: str
    expected: tuple[str, ...]
    actual: tuple[str, ...]
    state: str  # DeltaState
    count: int
    services: tuple[str, ...]
    instances: tuple[str, ...]
    first_ms: int | None
    last_ms: int | None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """An episode with everything the diagnosis made of it."""

    episode: Episode
    headline: str
    findings: tuple[Finding, ...]  # best first
    changes: tuple[ChangeVerdict, ...]  # best first
    claim_delta: tuple[ClaimDelta, ...]
    reasons: tuple[tuple[str, int], ...]  # most frequent first
    clock_skew: tuple[dict[str, Any], ...] = ()
    split: dict[str, Any] | None = None
    key_ledger: tuple[dict[str, Any], ...] = ()
    decay: dict[str, Any] | None = None
    no_change: float = 1.0  # probability that no recorded change began it
    change_clocks: tuple[dict[str, Any], ...] = ()  # sources of changes whose stamps seem off
    separating: tuple[dict[str, str], ...] = ()  # what would tell the first cause from the next
    runbook: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """The versioned plain document: the JSON output, and all that the renderers see."""

    document: dict[str, Any]
