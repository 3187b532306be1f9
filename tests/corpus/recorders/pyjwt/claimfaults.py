"""The faults of the claims."""

from __future__ import annotations

from fault import Fault, verifying
from tokens import NOW


def claim_faults() -> list[Fault]:
    """Return the faults of the claims."""
    aud, iss = "https://api.example.com", "https://auth.example.com"
    both = {"audience": ["web-prod", "mobile-prod"]}
    strict = {"audience": "web-prod", "options": {"strict_aud": True}}
    return [
        Fault("expired", "token_expired", verifying({"exp": NOW - 60}), by_class=True),
        Fault("not yet valid", "token_not_yet_valid", verifying({"nbf": NOW + 600}), by_class=True),
        Fault("iat ahead", "issued_in_future", verifying({"iat": NOW + 600}), since=(2, 6)),
        Fault("iat ahead, old", "issued_in_future", verifying({"iat": NOW + 600}), until=(1, 5)),
        Fault(
            "other audience",
            "audience_mismatch",
            verifying({"aud": "web-staging"}, audience=aud),
            by_class=True,
        ),
        Fault("no audience of ours", "audience_mismatch", verifying({"aud": ["a", "b"]}, **both)),
        Fault("audience unasked", "audience_mismatch", verifying({"aud": "web-staging"})),
        Fault(
            "aud absent",
            "claim_missing",
            verifying(audience=aud),
            {"claim": ["aud"]},
            by_class=True,
        ),
        Fault("aud is a number", "claim_invalid", verifying({"aud": 7}, audience=aud)),
        Fault("aud holds a number", "claim_invalid", verifying({"aud": ["a", 7]}, audience=aud)),
        Fault(
            "audience set to a number",
            "audience_mismatch",
            verifying({"aud": "a"}, audience=7),
        ),
        Fault(
            "strict: other audience",
            "audience_mismatch",
            verifying({"aud": "web-staging"}, **strict),
            since=(2, 8),
        ),
        Fault(
            "strict: aud is a list",
            "claim_invalid",
            verifying({"aud": ["web-prod"]}, **strict),
            since=(2, 8),
        ),
        Fault(
            "strict: several audiences set",
            "audience_mismatch",
            verifying({"aud": "web-prod"}, **{**strict, **both}),
            since=(2, 8),
        ),
        Fault(
            "other issuer",
            "issuer_mismatch",
            verifying({"iss": iss + "/"}, issuer=iss),
            by_class=True,
        ),
        Fault(
            "no issuer of ours",
            "issuer_mismatch",
            verifying({"iss": "https://auth.staging.example.com"}, issuer=[iss]),
            since=(2, 10),
        ),
        Fault("iss absent", "claim_missing", verifying(issuer=iss), {"claim": ["iss"]}),
        Fault("iss is a number", "claim_invalid", verifying({"iss": 7}, issuer=iss), since=(2, 11)),
        Fault(
            "issuer set to a number",
            "issuer_mismatch",
            verifying({"iss": iss}, issuer=7),
            since=(2, 11),
        ),
        Fault("sub is a number", "claim_invalid", verifying({"sub": 42}), since=(2, 10)),
        Fault(
            "other subject",
            "subject_mismatch",
            verifying({"sub": "user-41"}, subject="user-42"),
            since=(2, 10),
        ),
        Fault("jti is a number", "claim_invalid", verifying({"jti": 42}), since=(2, 10)),
        Fault("exp is text", "claim_invalid", verifying({"exp": "tomorrow"}), {"claim": ["exp"]}),
        Fault("nbf is text", "claim_invalid", verifying({"nbf": "now"}), {"claim": ["nbf"]}),
        Fault("iat is text", "claim_invalid", verifying({"iat": "now"}), {"claim": ["iat"]}),
        *_required(),
    ]


def _required() -> list[Fault]:
    found = []
    for claim in ("exp", "iat", "nbf", "sub", "tenant_id"):
        run = verifying({"exp": None}, options={"require": [claim]})
        found.append(
            Fault(f"{claim} required", "claim_missing", run, {"claim": [claim]}, since=(2,))
        )
    run = verifying({"exp": None}, options={"require_exp": True})
    return [
        *found,
        Fault("exp required", "claim_missing", run, {"claim": ["exp"]}, until=(2,)),
    ]
