"""The fixed names: reason codes, causes, and the words of the report.

A reason is what one rejection says; a cause is what one incident was. They are public interface:
codes are added in a minor release, never renamed or reused.
"""

from __future__ import annotations

from enum import StrEnum


class Owner(StrEnum):
    """Who can act on a rejection."""

    OPERATOR = "operator"
    CLIENT = "client"
    NOISE = "noise"


class Reason(StrEnum):
    """What one rejection says."""

    SIGNATURE_INVALID = "signature_invalid"
    ALGORITHM_MISMATCH = "algorithm_mismatch"
    ALGORITHM_NONE = "algorithm_none"
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - a reason code, not a password
    TOKEN_NOT_YET_VALID = "token_not_yet_valid"  # noqa: S105
    ISSUED_IN_FUTURE = "issued_in_future"
    TOKEN_TOO_OLD = "token_too_old"  # noqa: S105
    AUDIENCE_MISMATCH = "audience_mismatch"
    ISSUER_MISMATCH = "issuer_mismatch"
    SUBJECT_MISMATCH = "subject_mismatch"
    CLAIM_MISMATCH = "claim_mismatch"
    CLAIM_MISSING = "claim_missing"
    CLAIM_INVALID = "claim_invalid"
    TOKEN_MALFORMED = "token_malformed"  # noqa: S105
    HEADER_UNSUPPORTED = "header_unsupported"
    HEADER_MISSING = "header_missing"
    HEADER_MALFORMED = "header_malformed"
    KEY_NOT_FOUND = "key_not_found"
    KEY_MISSING = "key_missing"
    KEY_INVALID = "key_invalid"
    JWKS_UNAVAILABLE = "jwks_unavailable"
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    DECRYPTION_FAILED = "decryption_failed"
    INSUFFICIENT_SCOPE = "insufficient_scope"
    UNSPECIFIED = "unspecified"


_CLIENT = {
    Reason.TOKEN_EXPIRED,
    Reason.TOKEN_TOO_OLD,
    Reason.TOKEN_MALFORMED,
    Reason.HEADER_MALFORMED,
    Reason.TOKEN_REVOKED,
    Reason.INSUFFICIENT_SCOPE,
}


def owner(reason: Reason) -> Owner:
    """Return who can act on a rejection with this reason."""
    if reason is Reason.ALGORITHM_NONE:
        return Owner.NOISE
    return Owner.CLIENT if reason in _CLIENT else Owner.OPERATOR


MEANING: dict[Reason, str] = {
    Reason.SIGNATURE_INVALID: "The signature did not verify: the wrong key, or a tampered token.",
    Reason.ALGORITHM_MISMATCH: "`alg` is not allowed, not the expected one, or not supported.",
    Reason.ALGORITHM_NONE: "An unsecured token (`alg: none`) was presented and rejected.",
    Reason.TOKEN_EXPIRED: "`exp` is in the past.",
    Reason.TOKEN_NOT_YET_VALID: "`nbf` is in the future.",
    Reason.ISSUED_IN_FUTURE: "`iat` is in the future.",
    Reason.TOKEN_TOO_OLD: "The maximum age since `iat` or `auth_time` was exceeded.",
    Reason.AUDIENCE_MISMATCH: "`aud` is not one the verifier accepts.",
    Reason.ISSUER_MISMATCH: "`iss` is not one the verifier accepts.",
    Reason.SUBJECT_MISMATCH: "`sub` is not the one expected.",
    Reason.CLAIM_MISMATCH: "Another claim has the wrong value.",
    Reason.CLAIM_MISSING: "A required claim is absent.",
    Reason.CLAIM_INVALID: "A claim is present but has the wrong type or form.",
    Reason.TOKEN_MALFORMED: "Not a token: wrong number of segments, bad base64url or bad JSON.",
    Reason.HEADER_UNSUPPORTED: "A JOSE header (`crit`, `typ`, `zip`, `b64`) is not supported.",
    Reason.HEADER_MISSING: "No Authorization header, or no token, reached the verifier.",
    Reason.HEADER_MALFORMED: "The Authorization header is not in the expected scheme or form.",
    Reason.KEY_NOT_FOUND: "No key in the key set for the token's `kid`.",
    Reason.KEY_MISSING: "The verifier has no key or secret configured.",
    Reason.KEY_INVALID: "The verifier's key cannot be parsed, or has the wrong type or strength.",
    Reason.JWKS_UNAVAILABLE: "The key set could not be fetched or read.",
    Reason.TOKEN_REVOKED: "The token is revoked or deny-listed, or its session ended.",
    Reason.DECRYPTION_FAILED: "An encrypted token (JWE) could not be decrypted.",
    Reason.INSUFFICIENT_SCOPE: "The token is valid; a permission, scope or role is lacking.",
    Reason.UNSPECIFIED: "A rejection whose reason the log does not say.",
}


class Outcome(StrEnum):
    """What a matched record tells of."""

    REJECTED = "rejected"
    ACCEPTED = "accepted"
    SIGNAL = "signal"


class RecordKind(StrEnum):
    """Who wrote a record: this decides which of several traces of one request is counted."""

    VERIFIER = "verifier"  # the service's own log
    ACCESS = "access"  # one line per request with its HTTP status
    SENTRY = "sentry"  # a copy of an error sent to an error tracker


class Cause(StrEnum):
    """What one incident was."""

    ROTATION_WITHOUT_OVERLAP = "rotation_without_overlap"
    PARTIAL_ROLLOUT = "partial_rollout"
    STALE_KEY_CACHE = "stale_key_cache"
    SECRET_CHANGED_BY_DEPLOY = "secret_changed_by_deploy"  # noqa: S105
    KEY_FORMAT_CHANGED = "key_format_changed"
    KEY_MISSING = "key_missing"
    ALGORITHM_CHANGED = "algorithm_changed"
    CLOCK_SKEW = "clock_skew"
    CLAIM_CONTRACT_DRIFT = "claim_contract_drift"
    HEADER_STRIPPED = "header_stripped"
    REFRESH_FAILURE = "refresh_failure"
    JWKS_OUTAGE = "jwks_outage"
    LIBRARY_UPGRADE = "library_upgrade"
    HOSTILE_PROBE = "hostile_probe"
    UNEXPLAINED = "unexplained"


class Grade(StrEnum):
    """How far the evidence carries a verdict."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What a recorded change had to do with an incident."""

    CAUSED = "caused"
    CONSISTENT = "consistent"
    VETOED = "vetoed"
    UNRELATED = "unrelated"


class DeltaState(StrEnum):
    """What is known of the two sides of a claim."""

    MISMATCH = "mismatch"
    EXPECTED_ONLY = "expected_only"
    ACTUAL_ONLY = "actual_only"
    WITHHELD = "withheld"
    MISSING = "missing"


class ChangeKind(StrEnum):
    """What a change record says was changed."""

    DEPLOY = "deploy"
    ROTATION = "rotation"  # of a signing key or secret
    CONFIG = "config"
    GATEWAY = "gateway"  # a gateway, proxy or ingress
    ROLLBACK = "rollback"
    CLOCK = "clock"  # time synchronisation, VM resume
    OTHER = "other"
