"""Faults of cognitojwt: checks of tokens of Amazon Cognito."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import tokens as t
from case import Case

KEYS = Path(tempfile.mkdtemp()) / "jwks.json"
KEYS.write_text(
    json.dumps(
        {"keys": [{"kid": "2026-01", "kty": "RSA", "alg": "RS256", "n": "AQAB" * 80, "e": "AQAB"}]}
    )
)
os.environ["AWS_COGNITO_JWKS_PATH"] = str(KEYS)

import cognitojwt  # noqa: E402
from cognitojwt import token_utils  # noqa: E402

CASES = [
    Case(
        lambda: cognitojwt.decode(t.hs256(header={"kid": "2026-02"}), "eu-west-1", "pool"),
        "key_not_found",
    ),
    Case(
        lambda: cognitojwt.decode(t.hs256(header={"kid": "2026-01"}), "eu-west-1", "pool"),
        "signature_invalid",
        named=True,
        says="ignature",
    ),
    Case(lambda: token_utils.check_expired(t.NOW - 90), "token_expired", named=True),
    Case(
        lambda: token_utils.check_client_id({"token_use": "id", "aud": "web"}, "orders"),
        "audience_mismatch",
    ),
    Case(
        lambda: token_utils.check_client_id({"token_use": "refresh", "aud": "web"}, "orders"),
        "claim_mismatch",
        captures={"actual": ["refresh"]},
    ),
]
