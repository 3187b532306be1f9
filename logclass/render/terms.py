"""The terms of the document in the words of the page."""

from __future__ import annotations

from logclass.vocabulary import MEANING, DeltaState, Grade, Verdict

CAUSE = {
    "rotation_without_overlap": (
        "Rotation without overlap",
        "The signing key was rotated and verifiers dropped the old one at once.",
    ),
    "partial_rollout": (
        "Partial rollout",
        "Some instances verify with the old key, some with the new one.",
    ),
    "stale_key_cache": (
        "Stale key cache",
        "Verifiers keep an old key set and do not find the new key.",
    ),
    "secret_changed_by_deploy": (
        "Secret changed by a deploy",
        "A deploy changed the secret although nobody meant to rotate it.",
    ),
    "key_format_changed": (
        "Key format changed",
        "The key material is the same but is read in another form.",
    ),
    "key_missing": ("Key missing", "A deploy left the verifier without a key."),
    "algorithm_changed": ("Algorithm changed", "Signer or verifier changed alg."),
    "clock_skew": ("Clock skew", "The clocks of one or more hosts are off."),
    "claim_contract_drift": (
        "Claim contract drift",
        "The claims issued are no longer the ones the verifier expects.",
    ),
    "header_stripped": (
        "Header stripped",
        "A gateway or proxy dropped or rewrote the Authorization header.",
    ),
    "refresh_failure": (
        "Refresh failure",
        "Tokens really expire: clients refresh too late, or cannot.",
    ),
    "jwks_outage": ("Key set outage", "The key set endpoint could not be reached."),
    "library_upgrade": (
        "Library upgrade",
        "A deploy changed the token library and with it its behaviour.",
    ),
    "hostile_probe": (
        "Hostile probe",
        "Forged or malformed tokens from few clients: not an outage.",
    ),
    "unexplained": ("Unexplained", "The evidence supports none of the known causes."),
}
STATE = {
    "mismatch": "differs",
    "expected_only": "actual not logged",
    "actual_only": "expected not logged",
    "withheld": "not in the log",
    "missing": "absent",
}
KIND = {
    "config": "config change",
    "gateway": "gateway change",
    "clock": "clock change",
    "other": "change",
}
STEP = {
    "stop": "Stop",
    "prove": "Prove",
    "fix": "Fix",
    "verify": "Verify",
    "prevent": "Prevent",
}
ECHO = {
    "access": "access-log lines",
    "verifier": "framework lines",
    "sentry": "error-tracker copies",
}
EVIDENCE = {
    "change": "change",
    "kind": "reasons",
    "space": "where",
    "time": "when",
    "undo": "ending",
    "claims": "claims",
    "ledger": "tokens",
    "split": "fleet",
    "skew": "clocks",
}
_KNOWN = {
    "grade": {str(value) for value in Grade},
    "verdict": {str(value) for value in Verdict},
    "state": {str(value) for value in DeltaState},
}
_MEANING = {str(reason): text.replace("`", "") for reason, text in MEANING.items()}


def css_class(group: str, value: str) -> str:
    """Return `value` where it is a known word of its group, else "other": safe as a class name."""
    return value if value in _KNOWN[group] else "other"


def meaning(reason: str) -> str:
    """Return what a reason code says, "" for an unknown one."""
    return _MEANING.get(reason, "")


def cause_title(cause: str) -> str:
    """Return the title of a cause, or the code itself."""
    return CAUSE.get(cause, (cause, ""))[0]


def cause_meaning(cause: str) -> str:
    """Return one sentence on a cause, "" for an unknown one."""
    return CAUSE.get(cause, ("", ""))[1]
