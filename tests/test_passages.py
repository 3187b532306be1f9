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
    "text",
    [
        "ok 4 - TokenExpiredError: jwt expired",
        "  ✓ answers 401 to jwt malformed (12ms)",
        "[  FAILED  ] JwtTest.InvalidSignature",
        "tests/test_auth.py::test_late PASSED [ 41%]",
        "AssertionError: assert 'Signature has expired' in {'detail': 'ok'}",
        "error TS2305: Module '\"jsonwebtoken\"' has no exported member 'TokenExpiredError'.",
        "src/auth.rs: warning: variant `InvalidAudience` is never constructed",
        "java.lang.NoSuchMethodError: 'void io.jsonwebtoken.SignatureException.<init>()'",
        "### jwt malformed",
        '> If you see "jwt malformed", look at the header.',
        "- [x] jwt audience invalid is told apart",
        " * @throws TokenExpiredError jwt expired",
        "Fixes #81: jwt malformed",
        "| `ERR_JWT_EXPIRED` | JWTExpired | ask for a new one |",
        "t/decode.t ...... 46/? # JWS: invalid signature",
        "=== TEST 2: jwt expired",
        "--- error_log: jwt malformed",
        "src/app.cr:14:9 Error: undefined constant JWT::ExpiredSignatureError",
        "- `ClaimInvalid` jwt expired, thrown when exp is in the past",
        'Learn how to diagnose and fix "jwt expired" errors.',
        "error.token.expired=The token has expired, please log in again",
        'invalid_token_message: "Your token is invalid or has expired"',
        "[IGNORED] jwt malformed",
        "**`src/error.js`** - new error code `ERR_JWT_EXPIRED`",
    ],
)
def test_what_nobody_was_told_is_hidden_from_exact_packs_too(text):
    assert reason(text) is None
    assert reason(f"{text}\nJsonWebTokenError: invalid signature") == "signature_invalid"
    assert reason(f"{text}\nTokenExpiredError: jwt expired") == "token_expired"


@pytest.mark.parametrize(
    "text",
    [
        "Tokens without an exp claim are rejected.",
        'Expected behaviour: 401 with "token expired"',
        "charon: 07[IKE] signature validation failed, looking for another key",
        "CVE-2024-54150: the token algorithm is not verified",
        "Missing required parameter: refresh_token",
        "webauthn: The signature counter was invalid",
        "Error: signature verification failed for plugin: checksum mismatch",
        "execution reverted: ERC721: invalid token ID",
        "Checks whether the token signature is invalid",
        "websocket: the client is not using the websocket protocol: 'upgrade' token not found in 'Connection' header",
        "Secure boot violation: invalid signature detected",
        "npm ERR! EINTEGRITY demo@1.0.2 signature verification failed",
        "'authn.oidc.audience' config must be set when authn method is 'oidc'",
        "After a while I keep getting the same message: invalid token",
        "What should I do, the token is expired?",
        "We will start rejecting tokens without an audience claim on Monday.",
        "rpc error: code = InvalidArgument desc = invalid token: zed token is malformed",
        '{"msg":"Authentication failed","attr":{"mechanism":"SCRAM-SHA-256"},"error":"AuthenticationFailed: storedKey mismatch"}',
        "Playground enabled with no JWT key configured: defaulting to the well-known secret",
        "Error receiving block slot=8735124, code=BLOCK_ERROR_INVALID_SIGNATURE",
    ],
)
def test_talk_in_general_and_of_other_things_has_no_reason(text):
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
        ("Only access tokens are allowed", "claim_mismatch"),
        (
            "JWTAuth: signature of the token is not valid. Make sure it is signed",
            "signature_invalid",
        ),
        ("openvpn-auth-oauth2: id token: token is expired", "token_expired"),
        ("token expired and no refresh token available", "token_expired"),
    ],
)
def test_what_stands_beside_it_is_read(text, wanted):
    assert reason(text) == wanted


def test_a_blanked_text_keeps_its_length():
    passages = Passages(
        [Foreign("cards", "cards?", "jwt", line=False, unsaid=False, examples=())], Expressions()
    )
    text = 'say "the card is gone" [twice]\nthe card of a jwt'
    assert passages.blanked(text) == 'say "                " [twice]\nthe card of a jwt'


def test_a_whole_line_can_be_foreign():
    passages = Passages(
        [Foreign("tests", "PASS", "", line=True, unsaid=False, examples=())], Expressions()
    )
    assert passages.blanked('PASS: "x"\ny').strip() == "y"


@pytest.mark.parametrize(
    "name", ["checkout", "payments", "webhooks", "otp", "mailer", "vpn-portal"]
)
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{0}: JsonWebTokenError: invalid signature", "signature_invalid"),
        ("{0}: the audience of the access token is not accepted here", "audience_mismatch"),
        ("[{0}-8907d99-x2k4q] {0}.auth: token has expired", "token_expired"),
        (
            "WARN {0}.auth: InvalidSignatureError: Signature verification failed",
            "signature_invalid",
        ),
        ("{0}: Signature verification failed kid=k-7 alg=RS256", "signature_invalid"),
    ],
)
def test_what_a_service_is_called_does_not_make_its_tokens_those_of_others(name, text, found):
    """A fleet has a checkout, and what it logs of tokens is about tokens."""
    assert reason(text.format(name)) == found


@pytest.mark.parametrize(
    "text",
    [
        "webhooks: signature verification failed",
        "otp: token expired, user 12",
        "checkout: card token expired: aud unknown",
    ],
)
def test_a_name_that_is_all_there_is_still_tells(text):
    assert reason(text) is None
