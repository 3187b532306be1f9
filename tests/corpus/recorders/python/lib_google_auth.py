"""Faults of google-auth: the verification of ID tokens and the fetch of certificates."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import tokens as t
from case import Case
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from google.auth import jwt
from google.auth.transport import requests as transport
from google.oauth2 import id_token


def _pair() -> tuple[rsa.RSAPrivateKey, str]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "auth.example.com")])
    day = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(7)
    made = (
        made.public_key(key.public_key()).not_valid_before(day).not_valid_after(day + timedelta(9))
    )
    return key, made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


KEY, CERT = _pair()
OTHER, _ = _pair()
CERTS = {"2026-01": CERT}
GOOGLE = "https://accounts.google.com"


class Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status = 200 if self.path == "/certs" else 503
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(CERTS).encode() if status == 200 else b"busy")

    def log_message(self, *_: object) -> None:
        pass


SERVER = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
URL = f"http://127.0.0.1:{SERVER.server_port}"


def rs256(
    claims: object = None, header: dict[str, object] | None = None, key: rsa.RSAPrivateKey = KEY
) -> str:
    head = {"alg": "RS256", "typ": "JWT", "kid": "2026-01"} | (header or {})
    head = {name: value for name, value in head.items() if value is not None}
    payload = (
        claims
        if isinstance(claims, bytes)
        else json.dumps(t.fresh(iss=GOOGLE) if claims is None else claims).encode()
    )
    signed = f"{t.b64(head)}.{t.b64(payload)}"
    return f"{signed}.{t.b64(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def decode(token: str, certs: object = None, audience: object = "orders-api"):
    return lambda: jwt.decode(token, CERTS if certs is None else certs, audience=audience) and None


def claims(**changes: object):
    return decode(rs256(t.fresh(**({"iss": GOOGLE} | changes))))


def verified(token: str, place: str = "/certs", audience: object = "orders-api"):
    return lambda: (
        id_token.verify_token(token, transport.Request(), audience=audience, certs_url=URL + place)
        and None
    )


def oauth(**changes: object):
    def run() -> None:
        id_token._GOOGLE_OAUTH2_CERTS_URL = URL + "/certs"
        id_token.verify_oauth2_token(rs256(t.fresh(**changes)), transport.Request(), "orders-api")

    return run


HEAD, BODY, MAC = rs256().split(".")

CASES = [
    Case(decode(rs256(key=OTHER)), "signature_invalid"),
    Case(decode(f"{HEAD}.{BODY}.{t.b64(b'x' * 256)}"), "signature_invalid"),
    Case(verified(rs256(key=OTHER)), "signature_invalid"),
    Case(claims(exp=t.NOW - 90), "token_expired"),
    Case(claims(exp=t.NOW - 9000), "token_expired"),
    Case(verified(rs256(t.fresh(exp=t.NOW - 900))), "token_expired"),
    Case(claims(iat=t.NOW + 900), "issued_in_future"),
    Case(verified(rs256(t.fresh(iat=t.NOW + 90))), "issued_in_future"),
    Case(claims(aud="billing-api"), "audience_mismatch", captures={"actual": ["billing-api"]}),
    Case(
        decode(rs256(), audience=["web", "mobile"]),
        "audience_mismatch",
        captures={"actual": ["orders-api"]},
    ),
    Case(claims(iat=None), "claim_missing", captures={"claim": ["iat"]}),
    Case(claims(exp=None), "claim_missing", captures={"claim": ["exp"]}),
    Case(oauth(iss="https://auth.example.com"), "issuer_mismatch"),
    Case(decode("not-a-token"), "token_malformed"),
    Case(decode("a.b"), "token_malformed"),
    Case(decode(f"{t.b64(b'not json')}.{BODY}.{MAC}"), "token_malformed"),
    Case(decode(rs256(b"not json")), "token_malformed"),
    Case(decode(rs256(b"[1]")), "token_malformed", says="should be"),
    Case(decode(rs256(header={"kid": "2026-02"})), "key_not_found", captures={"kid": ["2026-02"]}),
    Case(
        verified(rs256(header={"kid": "2026-02"})), "key_not_found", captures={"kid": ["2026-02"]}
    ),
    Case(
        decode(t.hs256(header={"kid": "2026-01"})),
        "algorithm_mismatch",
        captures={"alg": ["HS256"]},
        says="HS256",
    ),
    Case(
        decode(rs256(header={"alg": "ES512"})),
        "algorithm_mismatch",
        captures={"alg": ["ES512"]},
        says="ES512",
    ),
    Case(
        decode(rs256(header={"alg": "ES256"})),
        "algorithm_mismatch",
        also=("key_invalid",),
        captures={"alg": ["ES256"]},
        says="key type",
    ),
    Case(verified(rs256(), "/busy"), "jwks_unavailable"),
]
