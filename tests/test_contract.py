from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass.contract import load, read, read_settings
from logclass.errors import ContractError

if TYPE_CHECKING:
    from pathlib import Path

FULL = {
    "iss": "https://auth.example.com",
    "aud": ["web-prod", "mobile"],
    "algorithms": ["RS256"],
    "kid": "k9",
    "leeway_seconds": 30,
    "services": ["auth-api"],
    "runbook_url": "https://runbooks.example.com/jwt",
}


def test_json() -> None:
    (contract,) = read(json.dumps(FULL).encode(), name="bundle/expected.json")
    assert contract.iss == ("https://auth.example.com",)
    assert contract.aud == ("web-prod", "mobile")
    assert contract.algorithms == ("RS256",)
    assert contract.kid == ("k9",)
    assert contract.leeway_seconds == 30.0
    assert contract.services == ("auth-api",)
    assert contract.runbook_url == "https://runbooks.example.com/jwt"
    assert contract.source == "bundle/expected.json"


def test_toml_nested_and_with_other_names() -> None:
    text = """
    services = ["auth-api"]
    [expected]
    issuer = "https://auth.example.com"
    audience = "web-prod"
    algs = ["RS256", "ES256"]
    clockTolerance = "1m"
    """
    (contract,) = read(text.encode(), name="contract.toml")
    assert contract.iss == ("https://auth.example.com",)
    assert contract.algorithms == ("RS256", "ES256")
    assert contract.leeway_seconds == 60.0
    assert contract.services == ("auth-api",)


@pytest.mark.parametrize(
    "other",
    [
        {**FULL, "exp": 1935817689, "sub": "user-1"},  # the claims of a token
        {"iss": "https://auth.example.com", "iat": 1935817689},
        {"alg": "RS256", "kid": "k9"},  # the header of a token
        {"alg": "RS256", "typ": "JWT"},
        {"level": "warn", "msg": "jwt audience invalid", "aud": "web", "iss": "x"},
        {"time": "2031-05-06T07:08:09Z", "iss": "x", "message": "rejected"},
        {"iss": "x", "reason": "bad", "route": "/me", "client": "c", "host": "h"},
        {"issuer": "https://a.example.com", "token_endpoint": "https://a.example.com/token"},
        {"keys": [{"kty": "RSA", "alg": "RS256", "kid": "k9"}]},
        {"kty": "RSA", "alg": "RS256", "kid": "k9"},
        {"services": ["auth-api"]},
        {"iss": 5},
        [{"iss": "https://auth.example.com", "aud": one} for one in ("web", "mobile")],
        "text",
    ],
)
def test_what_is_not_surely_a_contract_is_none(other: object) -> None:
    assert read(json.dumps(other).encode(), name="x.json") == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"2031-05-06T07:08:09Z iss mismatch\n",
        b'{"iss":"a"}\n{"iss":"b"}\n',
        b"\xff\xfe\x00",
        b'{"iss":' * 5000,
        b"pages:\n  title: x\n404:\n  title: gone\n",
    ],
)
def test_other_files_are_none(data: bytes) -> None:
    assert read(data, name="x") == ()


def test_services_that_are_called_by_a_number() -> None:
    (contract,) = read(b"services:\n  8080:\n    iss: a\n    aud: b\n", name="x.yml")
    assert (contract.services, contract.iss) == (("8080",), ("a",))


def test_a_long_number_in_the_name_of_a_file_takes_no_time() -> None:
    digits = "1" * 24
    started = time.monotonic()
    assert read_settings(b"pages: 1\n", name=f"{digits}x.yml") == ()
    assert time.monotonic() - started < 1


def test_load_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "contract.json"
    for text, problem in [
        ('{"iss": 5}', "iss must be text"),
        ('{"iss": "a", "aud": {"prod": "web"}}', "aud must be text"),
        ('{"iss": "a", "algorithms": [256]}', "algorithms must be text"),
        ('{"iss": "a", "clockTolerance": "soon"}', "seconds"),
        ("issuer: a\naudience: [1]\n", "audience must be text"),
        ('[auth-api]\niss = "a"\naud = 7\n', "auth-api.aud must be text"),
        ("JWT_ISSUER=a\nJWT_LEEWAY=soon\n", "seconds"),
        ('{"iss": "a", "issuer": "b"}', "given twice"),
        ('{"aud": "web", "leeway": -1}', "seconds"),
        ('{"aud": "web", "leeway": true}', "seconds"),
        ('{"aud": []}', "aud must be"),
        ('{"aud": "web", "runbook_url": "javascript:alert(1)"}', "http"),
        ('{"service": "auth"}', "names none of"),
        ("not a contract", "neither a JSON object nor TOML"),
    ]:
        path.write_text(text)
        with pytest.raises(ContractError, match=problem) as caught:
            load(path)
        assert str(path) in str(caught.value)
    with pytest.raises(ContractError, match="cannot be read"):
        load(tmp_path / "absent.json")


def test_load_takes_what_the_user_names_even_where_read_would_not_be_sure(tmp_path: Path) -> None:
    path = tmp_path / "expect.json"
    path.write_text('{"alg": "RS256"}')
    assert load(path)[0].algorithms == ("RS256",)
    path.write_bytes(json.dumps(FULL).encode("utf-16"))
    assert load(path)[0].kid == ("k9",)


SPRING = """\
server:
  port: 8080
spring:
  security:
    oauth2:
      resourceserver:
        jwt:
          issuer-uri: https://auth.example.com
          audiences: [web-prod]
          jws-algorithms: RS256
"""
ENV = """\
# deployed by hand
PORT=8080
DATABASE_URL=postgres://app:s3cretw0rd@db/app
export JWT_ISSUER="https://auth.example.com"
JWT_AUDIENCE=web-prod,mobile
JWT_ALGORITHMS=RS256
JWT_CLOCK_TOLERANCE=30s
JWT_SECRET=s3cretw0rd
MAIL_SERVICE=smtp
NODE_ENV=production
REGION=eu
"""
DISCOVERY = {
    "issuer": "https://auth.example.com",
    "jwks_uri": "https://auth.example.com/jwks",
    "token_endpoint": "https://auth.example.com/token",
    "response_types_supported": ["code"],
    "id_token_signing_alg_values_supported": ["RS256"],
}
APP_SETTINGS = {
    "Logging": {"LogLevel": {"Default": "Information"}},
    "Authentication": {
        "Schemes": {
            "Bearer": {"ValidIssuer": "https://auth.example.com", "ValidAudiences": ["web-prod"]}
        }
    },
}


@pytest.mark.parametrize(
    ("document", "aud", "algorithms"),
    [
        (SPRING, ("web-prod",), ("RS256",)),
        (
            (
                "spring.security.oauth2.resourceserver.jwt.issuer-uri=https://auth.example.com\n"
                "spring.security.oauth2.resourceserver.jwt.audiences=web-prod\nserver.port=80\n"
            ),
            ("web-prod",),
            (),
        ),
        (ENV, ("web-prod", "mobile"), ("RS256",)),
        (DISCOVERY, (), ("RS256",)),
        (APP_SETTINGS, ("web-prod",), ()),
        ({"Jwt": {"Issuer": "https://auth.example.com", "Key": "s3cretw0rd"}}, (), ()),
        ("issuer: https://auth.example.com\naudience:\n- web-prod\n", ("web-prod",), ()),
    ],
)
def test_settings_that_the_user_names(
    document: object, aud: tuple[str, ...], algorithms: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "settings"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    (contract,) = load(path)
    assert contract.iss == ("https://auth.example.com",)
    assert (contract.aud, contract.algorithms) == (aud, algorithms)
    assert contract.services == ()
    assert "s3cretw0rd" not in repr(contract)


def test_the_settings_of_a_whole_service_are_not_surely_a_contract() -> None:
    for document in (SPRING, ENV, json.dumps(DISCOVERY), json.dumps(APP_SETTINGS)):
        assert read(document.encode(), name="x") == ()
    clear = "JWT_ISSUER=https://auth.example.com\nJWT_AUDIENCE=web\nJWT_SECRET=s3cretw0rd\n"
    (contract,) = read(clear.encode(), name=".env")
    assert contract.aud == ("web",)
    assert "s3cretw0rd" not in repr(contract)


def test_contracts_of_several_services() -> None:
    one = {"issuer": "https://auth.example.com", "audience": "web", "leeway": 5}
    for document in (
        {"auth-api": one, "gateway": {**one, "audience": "edge"}},
        {"services": {"auth-api": one, "gateway": {**one, "audience": "edge"}}},
    ):
        contracts = read(json.dumps(document).encode(), name="x")
        assert [one.services for one in contracts] == [("auth-api",), ("gateway",)]
        assert {one.iss for one in contracts} == {("https://auth.example.com",)}
        assert [one.aud for one in contracts] == [("web",), ("edge",)]
    text = '[auth-api]\niss = "https://auth.example.com"\naud = "web"\n'
    (contract,) = read(text.encode(), name="x")
    assert (contract.services, contract.aud) == (("auth-api",), ("web",))


def test_keys_by_id_number_or_key_set() -> None:
    keys = {"keys": [{"kty": "oct", "kid": "k1", "k": "c3VwZXItc2VjcmV0"}]}
    for more, kid in [({"keyId": 7}, "7"), ({"signingKeyId": "k9"}, "k9"), ({"jwks": keys}, "k1")]:
        (contract,) = read(json.dumps({"iss": "a", "aud": "web", **more}).encode(), name="x")
        assert contract.kid == (kid,)
        assert "c3VwZXItc2VjcmV0" not in repr(contract)


@pytest.mark.parametrize(
    ("name", "value", "seconds"),
    [
        ("clock_skew", 10, 10.0),
        ("clockSkew", "00:05:00", 300.0),
        ("clockToleranceMs", 30_000, 30.0),
        ("allowedClockSkewInSeconds", 45, 45.0),
        ("allowed-clock-skew", "PT1M30S", 90.0),
        ("leeway_seconds", "15", 15.0),
        ("max_clock_skew", "2 minutes", 120.0),
    ],
)
def test_tolerances(name: str, value: object, seconds: float) -> None:
    (contract,) = read(json.dumps({"iss": "a", name: value}).encode(), name="x")
    assert contract.leeway_seconds == seconds


@settings(derandomize=True, deadline=None)
@given(st.binary() | st.text().map(str.encode))
def test_no_bytes_ever_raise(data: bytes) -> None:
    read(data, name="x")


def by_service(contracts) -> dict[str, tuple[str, ...]]:
    return {"+".join(one.services): one.aud for one in contracts}


ISTIO = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: orders-jwt, namespace: shop}
spec:
  selector: {matchLabels: {app: orders}}
  jwtRules:
  - issuer: "https://auth.example.com"
    audiences: [orders]
    jwksUri: https://auth.example.com/jwks.json
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: billing-jwt, namespace: shop}
spec:
  selector: {matchLabels: {app: billing}}
  jwtRules:
  - {issuer: "https://auth.example.com", audiences: [billing]}
  - {issuer: "https://old.example.com", audiences: [billing-old]}
"""
ENVOY = """\
http_filters:
- name: envoy.filters.http.jwt_authn
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication
    providers:
      orders_provider:
        issuer: https://auth.example.com
        audiences: [orders]
        clock_skew_seconds: 30
        remote_jwks: {http_uri: {uri: "https://auth.example.com/jwks", cluster: id}}
"""
KONG = """\
_format_version: "3.0"
services:
- name: orders
  url: http://orders:8080
  plugins:
  - name: openid-connect
    config:
      issuer: https://auth.example.com
      audience_required: [orders]
      client_secret: [s3cretw0rd]
- name: billing
  plugins: [{name: rate-limiting, config: {minute: 5}}]
"""
COMPOSE = """\
services:
  orders:
    image: orders:1.2.3
    environment: {JWT_ISSUER: "https://auth.example.com", JWT_AUDIENCE: orders, DB_PASSWORD: s3cretw0rd}
  billing:
    environment:
    - JWT_ISSUER=https://auth.example.com
    - JWT_AUDIENCE=billing,billing-old
    - DB_PASSWORD=s3cretw0rd
"""
NAMED_SPRING = SPRING.replace(
    "spring:\n", "spring:\n  application: {name: orders-api}\n  mail: {password: s3cretw0rd}\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ISTIO, {"orders": ("orders",), "billing": ("billing", "billing-old")}),
        (ENVOY, {"orders_provider": ("orders",)}),
        (KONG, {"orders": ("orders",)}),
        (COMPOSE, {"orders": ("orders",), "billing": ("billing", "billing-old")}),
        (NAMED_SPRING, {"orders-api": ("web-prod",)}),
        (
            ('[{"service":"orders","issuer":"a","audience":"orders"},'
            '{"service":"billing","issuer":"a","audience":["billing"],"leeway":30}]'),
            {"orders": ("orders",), "billing": ("billing",)},
        ),
        (
            ('{"Items":[{"AuthorizerId":"a1","Name":"orders-jwt","JwtConfiguration":{"Audience":["orders"],'
            '"Issuer":"https://auth.example.com"}}]}'),
            {"orders-jwt": ("orders",)},
        ),
        (
            json.dumps({
                "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "orders"},
                "spec": {"template": {"spec": {"containers": [{"name": "orders", "env": [
                    {"name": "JWT_ISSUER", "value": "https://auth.example.com"},
                    {"name": "JWT_AUDIENCE", "value": "orders"},
                    {"name": "DB_PASSWORD", "value": "s3cretw0rd"},
                ]}]}}},
            }),
            {"orders": ("orders",)},
        ),
    ],
    ids=["istio", "envoy", "kong", "compose", "spring", "list", "api gateway", "deployment"],
)  # fmt: skip
def test_settings_of_programs_and_gateways_by_service(text, expected, tmp_path) -> None:
    path = tmp_path / "settings"
    path.write_text(text)
    for contracts in (load(path), read_settings(text.encode(), name="bundle/x")):
        assert by_service(contracts) == expected
        assert "s3cretw0rd" not in repr(contracts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"Jwt":{"Key":"s3cretw0rd","Issuer":"https://auth.example.com","Audience":"orders"}}', "orders"),
        (
            ('{"AzureAd":{"Instance":"https://login.example.com/","TenantId":"t","ClientId":"c",'
            '"Audience":"api://orders","ClientSecret":"s3cretw0rd"}}'),
            "api://orders",
        ),
        (
            ("--provider=oidc\n--oidc-issuer-url=https://auth.example.com\n--client-secret=s3cretw0rd\n"
            "--oidc-extra-audience=orders\n"),
            "orders",
        ),
        ("JWT_ISSUER=https://auth.example.com\nJWT_AUDIENCE=orders\nDB=s3cretw0rd\nA=1\nB=2\nC=3\n", "orders"),
    ],
    ids=["appsettings", "azure", "flags", "env"],
)  # fmt: skip
def test_settings_without_a_service_are_those_of_the_folder_or_of_nobody(text, expected) -> None:
    for name in ("bundle/orders/appsettings.json", "bundle/orders/config/prod.env", "orders.env"):
        contracts = read_settings(text.encode(), name=name)
        assert by_service(contracts) == {"orders": (expected,)}
        assert "s3cretw0rd" not in repr(contracts)
    assert read_settings(text.encode(), name="bundle/appsettings.json") == ()


def test_records_that_name_issuers_are_no_settings() -> None:
    for document in (
        {"timestamp": 1935817689, "jwt": {"iss": "a", "aud": "web"}},
        {"contexts": {"jwt": {"iss": "a", "aud": "web", "exp": 1935817689}}},
        {"hits": {"hits": [{"_source": {"iss": "a", "aud": "web", "sub": "u"}}]}},
        {"Versions": [{"VersionId": "a", "VersionStages": ["AWSCURRENT"]}], "Name": "jwt"},
    ):
        assert read_settings(json.dumps(document).encode(), name="logs/orders.json") == ()
