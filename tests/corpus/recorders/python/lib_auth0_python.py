"""Faults of auth0-python's TokenVerifier: ID tokens."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import tokens as t
from case import Case

try:
    from auth0.authentication.token_verifier import (
        AsymmetricSignatureVerifier,
        SymmetricSignatureVerifier,
        TokenVerifier,
    )
except ImportError:  # before 4
    from auth0.v3.authentication.token_verifier import (
        AsymmetricSignatureVerifier,
        SymmetricSignatureVerifier,
        TokenVerifier,
    )


class Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"keys": []}).encode())

    def log_message(self, *_: object) -> None:
        pass


SERVER = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
URL = f"http://127.0.0.1:{SERVER.server_port}"
ISSUER = "https://auth.example.com"


def verify(token: str, **options: object):
    verifier = TokenVerifier(SymmetricSignatureVerifier(t.SECRET), ISSUER, "orders-api")
    return lambda: verifier.verify(token, **options) and None


def claims(changes: dict[str, object], **options: object):
    return verify(t.hs256(t.fresh(**changes)), **options)


def of(claim: str, expected: str, actual: str) -> dict[str, list[str]]:
    return {"claim": [claim], "expected": [expected], "actual": [actual]}


CASES = [
    Case(verify(""), "header_missing"),
    Case(verify("not-a-token"), "token_malformed", named=True),
    Case(verify(t.hs256(key=t.OTHER)), "signature_invalid", named=True),
    Case(
        verify(t.hs256(header={"alg": "RS256"})),
        "algorithm_mismatch",
        captures={"alg": ["RS256"], "expected": ["HS256"]},
    ),
    Case(verify(t.unsecured()), "algorithm_none"),
    Case(
        lambda: AsymmetricSignatureVerifier(f"{URL}/jwks").verify_signature(
            t.hs256(header={"alg": "RS256", "kid": "2026-02"})
        ),
        "key_not_found",
        captures={"kid": ["2026-02"]},
    ),
    Case(
        claims({"iss": None}), "claim_missing", also=("claim_invalid",), captures={"claim": ["iss"]}
    ),
    Case(
        claims({"sub": None}), "claim_missing", also=("claim_invalid",), captures={"claim": ["sub"]}
    ),
    Case(
        claims({"aud": None}), "claim_missing", also=("claim_invalid",), captures={"claim": ["aud"]}
    ),
    Case(
        claims({"exp": None}), "claim_missing", also=("claim_invalid",), captures={"claim": ["exp"]}
    ),
    Case(
        claims({"iat": None}), "claim_missing", also=("claim_invalid",), captures={"claim": ["iat"]}
    ),
    Case(
        claims({"iss": "https://other.example.com"}),
        "issuer_mismatch",
        captures={"expected": [ISSUER], "actual": ["https://other.example.com"]},
    ),
    Case(
        claims({"aud": "billing-api"}),
        "audience_mismatch",
        captures={"expected": ["orders-api"], "actual": ["billing-api"]},
    ),
    Case(claims({"aud": ["web", "mobile"]}), "audience_mismatch"),
    Case(claims({"exp": t.NOW - 900}), "token_expired"),
    Case(claims({"nonce": "b"}, nonce="a"), "claim_mismatch", captures=of("nonce", "a", "b")),
    Case(
        claims({}, nonce="a"),
        "claim_missing",
        also=("claim_invalid",),
        captures={"claim": ["nonce"]},
    ),
    Case(
        claims({"aud": ["orders-api", "web"], "azp": "web"}),
        "claim_mismatch",
        captures=of("azp", "orders-api", "web"),
    ),
    Case(
        claims({"aud": ["orders-api", "web"]}),
        "claim_missing",
        also=("claim_invalid",),
        captures={"claim": ["azp"]},
    ),
    Case(claims({"auth_time": t.NOW - 9000}, max_age=60), "token_too_old"),
    Case(
        claims({}, max_age=60),
        "claim_missing",
        also=("claim_invalid",),
        captures={"claim": ["auth_time"]},
    ),
    Case(
        claims({"org_id": "org_b"}, organization="org_a"),
        "claim_mismatch",
        captures=of("org_id", "org_a", "org_b"),
    ),
]
