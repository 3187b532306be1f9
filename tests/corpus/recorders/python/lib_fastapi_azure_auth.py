"""Faults of fastapi-azure-auth: what an application answers, and what it logs."""

from __future__ import annotations

import io
import logging

import fastapi
import replies
import tokens as t
from case import Case
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from fastapi.testclient import TestClient
from fastapi_azure_auth import SingleTenantAzureAuthorizationCodeBearer

KEY = rsa.generate_private_key(65537, 2048)
OTHER = rsa.generate_private_key(65537, 2048)
ISSUER = "https://login.example.com/tenant/v2.0"


def rs256(claims: dict[str, object], kid: str = "2026-01", key: rsa.RSAPrivateKey = KEY) -> str:
    signed = f"{t.b64({'alg': 'RS256', 'typ': 'JWT', 'kid': kid})}.{t.b64(claims)}"
    return f"{signed}.{t.b64(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def ask(authorization: str | None):
    def run() -> list[str]:
        scheme = SingleTenantAzureAuthorizationCodeBearer(
            app_client_id="orders-api", tenant_id="tenant", scopes={"orders": "orders"}
        )
        scheme.openid_config.issuer = ISSUER
        scheme.openid_config.signing_keys = {"2026-01": KEY.public_key()}

        async def known() -> None:
            pass

        scheme.openid_config.load_config = known
        app = fastapi.FastAPI()
        wanted = fastapi.Security(scheme, scopes=["orders"])
        app.add_api_route("/orders", lambda _=wanted: "ok")
        out = io.StringIO()
        handler = logging.StreamHandler(out)
        handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(message)s"))
        log = logging.getLogger("fastapi_azure_auth")
        log.handlers = [handler]
        log.setLevel(logging.INFO)
        headers = {"Authorization": authorization} if authorization else {}
        got = TestClient(app).get("/orders", headers=headers)
        logged = [out.getvalue().strip()] if out.getvalue().strip() else []
        return replies.coats(got.status_code, got.text) + logged

    return run


def claims(**changes: object) -> dict[str, object]:
    good = {"iss": ISSUER, "scp": "orders", "ver": "2.0", "nbf": t.NOW - 60, "tid": "tenant"}
    return t.fresh(**(good | changes))


def bearer(**changes: object):
    return ask("Bearer " + rs256(claims(**changes)))


CASES = [
    Case(ask(None), "header_missing"),
    Case(ask("Bearer not-a-token"), "token_malformed"),
    Case(bearer(exp=t.NOW - 900), "token_expired"),
    Case(ask("Bearer " + rs256(claims(), kid="2026-02")), "key_not_found"),
    Case(ask("Bearer " + rs256(claims(), key=OTHER)), "unspecified", says='"message":"Unable'),
    Case(ask("Bearer " + rs256(claims(), key=OTHER)), "signature_invalid", says="Signature"),
    Case(
        bearer(aud="other"),
        "claim_mismatch",
        also=("audience_mismatch", "issuer_mismatch"),
        says='"message":"Token contains',
    ),
    Case(bearer(aud="other"), "audience_mismatch", says="doesn't match"),
    Case(bearer(iss="https://other.example.com"), "issuer_mismatch", says="Invalid issuer"),
    Case(bearer(scp="profile"), "insufficient_scope"),
]
