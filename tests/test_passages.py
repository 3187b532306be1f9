"""Talk about other people's tokens gives no reason, and hides nothing that stands beside it."""

import pytest

from logclass.expressions import Expressions
from logclass.matcher import Matcher
from logclass.passages import Foreign, Passages
from logclass.patternset import load

MATCHER = Matcher(load())


def reason(text):
    match = MATCHER.match(text)
    return match and match.reason


@pytest.mark.parametrize(
    "text",
    [
        "webhook signature mismatch for delivery 12",
        'Referenced "Issuer" not found: certificate cannot be issued',
        "test_expired_token (tests.test_auth.TestJwt) ... ok",
        'jwt_rejected_total{reason="expired"} 42',
    ],
)
def test_foreign_talk_has_no_reason(text):
    assert reason(text) is None


@pytest.mark.parametrize(
    ("line", "library"),
    [
        ("Signature verification failed", "pyjwt"),
        ("Invalid subject. Expected a, received b", "ruby-jwt"),
    ],
)
def test_a_librarys_sentence_that_everybody_writes_counts_outside_of_foreign_talk(line, library):
    assert MATCHER.match(line).library == library
    for talk in ("gpg", "stripe webhook", "sshd[421]", "rpm"):
        assert MATCHER.match(f"{talk}: {line}") is None
    assert MATCHER.match(f"gpg: no key\nGET /orders 401: {line}").library == library


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[webhook-worker] jwt expired", "token_expired"),
        (
            '{"logger":"webhook","msg":"the audience of this token does not match"}',
            "audience_mismatch",
        ),
        ("TLS handshake failed. The access token has expired", "token_expired"),
        ("x509: certificate has expired while fetching the jwks", "jwks_unavailable"),
        ('127.0.0.1 - - [22/Nov/2026:02:37:47 +0000] "GET /webhook HTTP/1.1" 401 9', "unspecified"),
        ("unknown kid k1 for 7a9dbe01-2fa0-4d6c-8f42-1c5b8e6a7d90 of api", "key_not_found"),
        ("webhook delivery failed\nthe id token presented has expired", "token_expired"),
    ],
)
def test_what_stands_beside_it_is_read(text, wanted):
    assert reason(text) == wanted


def test_a_blanked_text_keeps_its_length():
    passages = Passages([Foreign("cards", "cards?", "jwt", line=False, examples=())], Expressions())
    text = 'say "the card is gone" [twice]\nthe card of a jwt'
    assert passages.blanked(text) == 'say "                " [twice]\nthe card of a jwt'


def test_a_whole_line_can_be_foreign():
    passages = Passages([Foreign("tests", "PASS", "", line=True, examples=())], Expressions())
    assert passages.blanked('PASS: "x"\ny').strip() == "y"
