from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass.contract import load, read
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
    contract = read(json.dumps(FULL).encode(), name="bundle/expected.json")
    assert contract is not None
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
    contract = read(text.encode(), name="contract.toml")
    assert contract is not None
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
        [FULL],
        "text",
    ],
)
def test_what_is_not_surely_a_contract_is_none(other: object) -> None:
    assert read(json.dumps(other).encode(), name="x.json") is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"2031-05-06T07:08:09Z iss mismatch\n",
        b'{"iss":"a"}\n{"iss":"b"}\n',
        b"\xff\xfe\x00",
        b'{"iss":' * 5000,
    ],
)
def test_other_files_are_none(data: bytes) -> None:
    assert read(data, name="x") is None


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
    assert load(path).algorithms == ("RS256",)
    path.write_bytes(json.dumps(FULL).encode("utf-16"))
    assert load(path).kid == ("k9",)


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
    contract = load(path)
    assert contract.iss == ("https://auth.example.com",)
    assert (contract.aud, contract.algorithms) == (aud, algorithms)
    assert contract.services == ()
    assert "s3cretw0rd" not in repr(contract)


def test_the_settings_of_a_whole_service_are_not_surely_a_contract() -> None:
    for document in (SPRING, ENV, json.dumps(DISCOVERY), json.dumps(APP_SETTINGS)):
        assert read(document.encode(), name="x") is None
    clear = "JWT_ISSUER=https://auth.example.com\nJWT_AUDIENCE=web\nJWT_SECRET=s3cretw0rd\n"
    contract = read(clear.encode(), name=".env")
    assert contract is not None
    assert contract.aud == ("web",)
    assert "s3cretw0rd" not in repr(contract)


def test_contracts_of_several_services() -> None:
    one = {"issuer": "https://auth.example.com", "audience": "web", "leeway": 5}
    for document in (
        {"auth-api": one, "gateway": {**one, "audience": "edge"}},
        {"services": {"auth-api": one, "gateway": {**one, "audience": "edge"}}},
    ):
        contract = read(json.dumps(document).encode(), name="x")
        assert contract is not None
        assert contract.services == ("auth-api", "gateway")
        assert contract.iss == ("https://auth.example.com",)
        assert contract.aud == ("web", "edge")
    text = '[auth-api]\niss = "https://auth.example.com"\naud = "web"\n'
    contract = read(text.encode(), name="x")
    assert contract is not None
    assert (contract.services, contract.aud) == (("auth-api",), ("web",))


def test_keys_by_id_number_or_key_set() -> None:
    keys = {"keys": [{"kty": "oct", "kid": "k1", "k": "c3VwZXItc2VjcmV0"}]}
    for more, kid in [({"keyId": 7}, "7"), ({"signingKeyId": "k9"}, "k9"), ({"jwks": keys}, "k1")]:
        contract = read(json.dumps({"iss": "a", "aud": "web", **more}).encode(), name="x")
        assert contract is not None
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
    contract = read(json.dumps({"iss": "a", name: value}).encode(), name="x")
    assert contract is not None
    assert contract.leeway_seconds == seconds


@settings(derandomize=True, deadline=None)
@given(st.binary() | st.text().map(str.encode))
def test_no_bytes_ever_raise(data: bytes) -> None:
    read(data, name="x")
