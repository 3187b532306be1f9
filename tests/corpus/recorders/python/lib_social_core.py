"""Faults of social-auth-core (python-social-auth): the ID token of OpenID Connect."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import tokens as t
from case import Case
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from social_core.backends.open_id_connect import OpenIdConnectAuth
from social_core.strategy import BaseStrategy

KEY = rsa.generate_private_key(65537, 2048)
OTHER = rsa.generate_private_key(65537, 2048)
MODULUS = KEY.public_key().public_numbers().n
JWK = {
    "kty": "RSA",
    "kid": "2026-01",
    "alg": "RS256",
    "use": "sig",
    "e": "AQAB",
    "n": t.b64(MODULUS.to_bytes(256, "big")),
}


class Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        config = {"issuer": "https://auth.example.com", "jwks_uri": f"{URL}/jwks"}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"keys": [JWK]} if self.path == "/jwks" else config).encode())

    def log_message(self, *_: object) -> None:
        pass


SERVER = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
URL = f"http://127.0.0.1:{SERVER.server_port}"


class Nonce:
    id = 7
    handle = ""


class Association:
    @staticmethod
    def get(handle: str, **_: object) -> list[Nonce]:
        return [Nonce()] if handle == "n-0S6" else []

    @staticmethod
    def remove(_: object) -> None:
        pass


class Storage:
    association = Association


class Strategy(BaseStrategy):
    def get_setting(self, name: str) -> object:
        wanted = {"SOCIAL_AUTH_OIDC_KEY": "orders-api", "SOCIAL_AUTH_OIDC_OIDC_ENDPOINT": URL}
        return wanted[name]

    def build_absolute_uri(self, path: str | None = None) -> str:
        return f"https://orders.example.com{path}"

    def request_data(self, merge: bool = True) -> dict[str, object]:
        return {}


class Backend(OpenIdConnectAuth):
    name = "oidc"
    OIDC_ENDPOINT = URL


def rs256(
    claims: dict[str, object], kid: str | None = "2026-01", key: rsa.RSAPrivateKey = KEY
) -> str:
    head = {"alg": "RS256", "typ": "JWT"} | ({"kid": kid} if kid else {})
    signed = f"{t.b64(head)}.{t.b64(claims)}"
    return f"{signed}.{t.b64(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def validate(token: str):
    def run() -> None:
        Backend(Strategy(Storage), redirect_uri="/").validate_and_return_id_token(token, "access")

    return run


def claims(**changes: object):
    return validate(rs256(t.fresh(**({"nonce": "n-0S6"} | changes))))


CASES = [
    Case(validate(rs256(t.fresh(nonce="n-0S6"), key=OTHER)), "signature_invalid"),
    Case(validate(rs256(t.fresh(nonce="n-0S6"), kid="2026-02")), "signature_invalid"),
    Case(claims(exp=t.NOW - 90), "token_expired"),
    Case(claims(aud="billing-api"), "audience_mismatch"),
    Case(claims(iss="https://other.example.com"), "issuer_mismatch"),
    Case(claims(iat=t.NOW - 9000), "token_too_old"),
    Case(claims(nonce=None), "claim_mismatch"),
]
