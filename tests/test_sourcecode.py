"""Lines of source say nothing; what a program printed beside them does."""

import pytest

from logclass.matcher import Matcher
from logclass.patternset import load
from logclass.sourcecode import without_code

MATCHER = Matcher(load())


@pytest.mark.parametrize(
    "text",
    [
        "-      this.logger.warn('Expired token supplied')",
        'LOGGER.error("Signature validation failed for token of " + user,\n    failure);',
        "+    app.logger.error('Audience of the token is not {}'.format(wanted))",
        "console.log('[JWT] token expired', token)",
        'tracing::warn!("invalid token: {}", error);',
        'log.Printf("jwt expired: %v", err)',
        'Log.e(TAG, "access token expired")',
        'System.out.println("JWT signature does not match");',
        '  ErrorKind::ExpiredSignature => "Token expired",\n  ErrorKind::InvalidToken => "Invalid token",',
        'public const string Late = "AUTH7: Token expired. Ask for a new one.";',
        "export const JWT_EXPIRED = 'jwt expired';",
        "if (error.name === 'TokenExpiredError') {",
        "return self.fail('iss in id_token does not match');",
        "// jwt expired: ask for a new one",
        "error_log(json_encode([\n    'event' => 'token_validation_failed',\n    'reason' => 'invalid_signature'\n]));",
        'log_error_for_user("JWT without expiry is refused", user)',
    ],
)
def test_source_gives_no_reason(text):
    assert MATCHER.match(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("console.error: JsonWebTokenError: jwt malformed", "token_malformed"),
        ("TokenError('Token has expired')", "token_expired"),
        ("logger.error('a')\nJsonWebTokenError: invalid signature", "signature_invalid"),
        ("+ JsonWebTokenError: jwt audience invalid. expected: web", "audience_mismatch"),
        ("public key of the JWT could not be parsed: private key (RSA) expected", "key_invalid"),
        ("if (open( {\nJsonWebTokenError: jwt expired\nand no bracket is closed", "token_expired"),
        ("'Jwt::ExpiredSignature': Signature has expired", "token_expired"),
    ],
)
def test_what_was_printed_still_counts(text, reason):
    assert MATCHER.match(text).reason == reason


def test_a_text_without_source_is_left_alone():
    text = 'auth: (token) "expired" => denied'
    assert without_code(text) is text
