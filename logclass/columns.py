"""The columns of the tables that cross stage borders: Arrow tables with these names and types.

Times are whole numbers since the Unix epoch, UTC: the unit is in the column's name.
"""

from __future__ import annotations

# name -> type, as tables.py has it
TALLY_COLUMNS: dict[str, str] = {
    "source": "dictionary",
    "service": "dictionary",
    "instance": "dictionary",
    "minute": "int64",  # minutes since the epoch; NO_MINUTE where the record has no time
    "status_class": "int64",  # 2, 3, 4, 5 for access records; 0 where the format has none
    "events": "int64",
}

NO_MINUTE = -(2**62)

# What an echo is, besides the RecordKind of a line that tells of the same request.
COPY, FRAMEWORK = "copy", "framework"

# What the formats hand to classify. Text columns are "" where the record does not say.
CANDIDATE_COLUMNS: dict[str, str] = {
    "time_ms": "int64",  # null where the record has no time
    "part": "int64",
    "line": "int64",
    "kind": "dictionary",  # RecordKind
    "service": "dictionary",
    "instance": "dictionary",
    "version": "dictionary",
    "environment": "dictionary",
    "severity": "dictionary",
    "route": "string",
    "client": "string",
    "status": "int64",  # HTTP status; 0 where unknown
    "request_id": "string",  # request or trace id
    "event_id": "string",  # the store's own id of the event
    "text": "string",  # what the patterns read
    "context": "string",  # structured fields of the record as one JSON object, or ""
    "alike": "string",  # the same for texts that differ in values only; "" where not known
    "drawn": "int64",  # 1 + up to which level the record is drawn (sampling.py); 0: read in full
}

# One row per record with an outcome. Everything in it went through redact.py.
REJECTION_COLUMNS: dict[str, str] = {
    "time_ms": "int64",  # null where unknown
    "source": "dictionary",
    "part": "int64",
    "line": "int64",
    "kind": "dictionary",
    "service": "dictionary",
    "instance": "dictionary",
    "version": "dictionary",
    "environment": "dictionary",
    "outcome": "dictionary",  # Outcome
    "reason": "dictionary",  # Reason; "" unless rejected
    "also": "string",  # further reasons, comma separated
    "library": "dictionary",
    "pattern": "dictionary",
    "versions": "dictionary",  # version range of the library that the wording shows
    "claim": "dictionary",  # the claim that expected and actual speak of
    "expected": "string",  # a JSON array, or "" when not logged
    "actual": "string",  # a JSON array, or "" when not logged
    "withheld": "bool",  # the library hid a value
    "kid": "string",
    "alg": "string",
    "iss": "string",
    "aud": "string",  # a JSON array
    "exp_seconds": "int64",  # null where unknown
    "iat_seconds": "int64",
    "nbf_seconds": "int64",
    "overshoot_seconds": "float64",  # by how much the time check failed, on the verifier's clock
    "token": "uint64",  # hash of header and claims: the same token seen twice; 0 = none
    "client": "string",
    "route": "string",
    "status": "int64",
    "link": "uint64",  # hash of the request or trace id; 0 = none
    "fingerprint": "uint64",  # hash of instance, time and text
    "event": "uint64",  # hash of the store's own event id; 0 = none
    "drawn": "int64",  # 1 + up to which level the record is drawn (sampling.py); 0: read in full
    "excerpt": "string",
}

EXEMPLARS_PER_GROUP = 2  # a group is reason, service, instance and hour

# Summary.counts: these many columns stay exact at any volume ...
COUNT_KEYS: tuple[str, ...] = (
    "minute",
    "source",
    "kind",
    "service",
    "instance",
    "version",
    "environment",
    "outcome",
    "reason",
    "library",
    "pattern",
    "versions",
)
# ... and these are kept for a uniform sample of requests once there are too many of them.
DETAIL_COLUMNS: tuple[str, ...] = (
    "time_ms",
    "also",
    "claim",
    "expected",
    "actual",
    "withheld",
    "kid",
    "alg",
    "iss",
    "aud",
    "exp_seconds",
    "iat_seconds",
    "nbf_seconds",
    "overshoot_seconds",
    "token",
    "client",
    "route",
    "status",
    "link",
    "fingerprint",
    "event",
    "drawn",
)
