"""Faults of MSAL for Python: the ID token that comes with an access token."""

from __future__ import annotations

import tokens as t
from case import Case
from msal.oauth2cli import oidc


def decode(changes: dict[str, object], **options: object):
    token = t.hs256(t.fresh(**changes))
    return lambda: oidc.decode_id_token(token, **options) and None


CASES = [
    Case(
        decode({}, issuer="https://login.example.org"),
        "issuer_mismatch",
        captures={"expected": ["https://login.example.org"]},
    ),
    Case(decode({}, client_id="web"), "audience_mismatch", captures={"expected": ["web"]}),
    Case(decode({"nonce": "b"}, nonce="a"), "claim_mismatch"),
    Case(decode({"exp": t.NOW - 9000}), "token_expired"),
    Case(decode({"nbf": t.NOW + 9000}), "token_not_yet_valid"),
]
