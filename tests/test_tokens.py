"""Tokens in text: their claims are read, their signature goes nowhere."""

import base64
import json

import pytest

from logclass import tokens

# RFC 7515, appendix A.1: an example token and what its header and payload decode to.
RFC_7515 = (
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_the_example_of_rfc_7515():
    found = tokens.find(f"Authorization: Bearer {RFC_7515}\n")
    assert found.header == {"typ": "JWT", "alg": "HS256"}
    assert found.claims == {"iss": "joe", "exp": 1300819380, "http://example.com/is_root": True}
    assert "dBjft" not in repr(found)


@pytest.mark.parametrize(
    "header", ['{"alg":"HS256"}', '{ "alg": "x" }', '{\n"a":1}', '{\r\n"a":1}', '{\t"a":1}']
)
def test_white_space_in_the_header(header):
    found = tokens.find(f"x {b64(header.encode())}.{b64(b'{}')}.c2ln y")
    assert found.header == json.loads(header)


def test_the_same_token_has_the_same_id_whatever_its_signature():
    cut = RFC_7515.rpartition(".")[0]
    assert tokens.find(cut).id == tokens.find(RFC_7515).id
    assert tokens.find(b64(b'{"alg":"none"}') + ".e30.").id != tokens.find(RFC_7515).id


def test_an_encrypted_token_has_a_header_only():
    header = b64(b'{"alg":"dir","enc":"A256GCM"}')
    found = tokens.find(f"{header}..{b64(b'iv')}.{b64(b'ct')}.{b64(b't')}")
    assert (found.header["enc"], found.claims) == ("A256GCM", {})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no token",
        "keyJwtValidator.verify(token)",
        "eyJ",
        "eyJhbGciOiJI.x.y",
        "eyJ" + "A" * 99_999,
    ],
)
def test_what_is_no_token(text):
    assert tokens.find(text) is None


def test_the_first_that_can_be_read_counts():
    assert tokens.find(f"eyJhbGciOiJI.broken {RFC_7515}").header["typ"] == "JWT"


def test_a_hash_is_never_zero_and_the_same_everywhere():
    assert tokens.hash64("") > 0
    assert tokens.hash64("a\ud800") != tokens.hash64("a")
    assert tokens.hash64("logclass") == 0xD23DB5E2CBBB96D3  # b2sum -l 64
