"""Faults of mozilla-django-oidc: the ID token at the callback."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import django
import tokens as t
from case import Case
from django.conf import settings


class Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/jwks" else 503)
        self.end_headers()
        self.wfile.write(
            json.dumps({"keys": [{"kid": "2026-01", "kty": "RSA", "alg": "RS256"}]}).encode()
        )

    def log_message(self, *_: object) -> None:
        pass


SERVER = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
URL = f"http://127.0.0.1:{SERVER.server_port}"
settings.configure(
    SECRET_KEY=t.SECRET,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
    OIDC_OP_TOKEN_ENDPOINT=f"{URL}/token",
    OIDC_OP_USER_ENDPOINT=f"{URL}/user",
    OIDC_RP_CLIENT_ID="orders-api",
    OIDC_RP_CLIENT_SECRET=t.SECRET,
)
django.setup()

from django.test import override_settings  # noqa: E402
from mozilla_django_oidc.auth import OIDCAuthenticationBackend  # noqa: E402


def verify(token: str, nonce: str = "a", **changes: object):
    def run() -> None:
        with override_settings(**({"OIDC_RP_SIGN_ALGO": "HS256"} | changes)):
            OIDCAuthenticationBackend().verify_token(token, nonce=nonce)

    return run


def rotated(path: str):
    token = t.hs256(t.fresh(nonce="a"), header={"alg": "RS256", "kid": "2026-02"})
    return verify(token, OIDC_RP_SIGN_ALGO="RS256", OIDC_OP_JWKS_ENDPOINT=URL + path)


CASES = [
    Case(verify(t.hs256(t.fresh(nonce="a"), key=t.OTHER)), "signature_invalid"),
    Case(verify(t.hs256(t.fresh(nonce="b"))), "claim_mismatch"),
    Case(
        verify(t.hs256(t.fresh(nonce="a"), header={"alg": None})),
        "algorithm_mismatch",
        says="No alg",
    ),
    Case(
        verify(t.hs256(t.fresh(nonce="a"), header={"alg": "RS256"})),
        "algorithm_mismatch",
        says="provider algorithm",
        captures={"alg": ["RS256"]},
    ),
    Case(rotated("/jwks"), "key_not_found", says="valid JWKS"),
    Case(rotated("/busy"), "jwks_unavailable", traced=True, says="HTTPError"),
    Case(verify("x", OIDC_RP_SIGN_ALGO="RS256"), "key_missing", says="to be configured"),
]
