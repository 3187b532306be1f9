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


@settings(derandomize=True, deadline=None)
@given(st.binary() | st.text().map(str.encode))
def test_no_bytes_ever_raise(data: bytes) -> None:
    read(data, name="x")
