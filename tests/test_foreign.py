"""What is no token of ours gives no reason; what stands beside it still does."""

import pytest

from logclass.matcher import Matcher
from logclass.patternset import load

MATCHER = Matcher(load())


@pytest.mark.parametrize(
    "text",
    [
        "W: GPG error: http://deb.example.com stable InRelease: Signature verification failed",
        (
            "botocore.exceptions.ClientError: An error occurred (ExpiredToken) when calling the "
            "GetObject operation: The provided token has expired."
        ),
        "The request signature we calculated does not match the signature you provided.",
        "itsdangerous.exc.BadSignature: Signature b'abc' does not match",
        "ecdsa.keys.BadSignatureError: Signature verification failed",
        "E: The following signatures were invalid: EXPKEYSIG 0123456789ABCDEF",
        'Authentication-Results: mx; dkim=fail reason="signature verification failed"',
        "NameError: uninitialized constant JWT::ExpiredSignature",
        "AttributeError: module 'jwt' has no attribute 'ExpiredSignature'",
        "Error: data must have required property 'issuer'",
        "-e:1:in `fetch': key not found: :token (KeyError)",
        "`initialize': PEM_read_bio_X509: no start line (OpenSSL::X509::CertificateError)",
        r"PHP Fatal error:  Class 'Firebase\JWT\ExpiredException' not found in /x/JWT.php on line 142",
        r'Uncaught Error: Class "Firebase\JWT\SignatureInvalidException" not found in /x.php:3',
        "Fatal error: Class \u2018Firebase\\JWT\\ExpiredException\u2019 not found",
        "java.lang.NoClassDefFoundError: io/jsonwebtoken/ExpiredJwtException",
        "Caused by: java.lang.ClassNotFoundException: io.jsonwebtoken.ExpiredJwtException",
        "ReferenceError: TokenExpiredError is not defined",
        "NameError: name 'ExpiredSignatureError' is not defined",
        "auth/jwt.go:41:18: undefined: jwt.ErrTokenExpired",
    ],
)
def test_no_reason(text):
    assert MATCHER.match(text) is None


def test_a_web_identity_is_a_token_and_other_lines_are_still_read():
    said = "An error occurred (ExpiredTokenException) when calling the AssumeRoleWithWebIdentity "
    web = f"{said}operation: Token expired: current date/time 2 must be before the expiration 1"
    assert MATCHER.match(web).reason == "token_expired"
    assert MATCHER.match("gpg: BAD signature\nJsonWebTokenError: jwt malformed").reason == (
        "token_malformed"
    )


@pytest.mark.parametrize(
    "service",
    ["payments", "checkout", "bank", "cards", "tickets", "ads", "marketing", "insurance", "mailer"],
)
@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("{}: token expired", "token_expired"),
        ("{}-api rejected the token: audience mismatch", "audience_mismatch"),
        ("ERROR {} - no key found for kid k1 of token", "key_not_found"),
        (
            "2031-05-06T07:08:09Z {}-7c9d WARN token signature verification failed",
            "signature_invalid",
        ),
    ],
)
def test_services_are_named_after_what_they_sell(service, said, reason):
    match = MATCHER.match(said.format(service))
    assert match is not None
    assert match.reason == reason


@pytest.mark.parametrize("thing", ["card", "payment", "ticket"])
def test_their_own_tokens_are_none_of_ours(thing):
    assert MATCHER.match(f"{thing} token expired") is None
