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
        "+LATE_TOKEN_ERROR = 'token expired for this audience'",
        "AUDIENCE_WRONG: str = 'the audience of the token does not match'",
        "  {false, _, _} -> {:error, :invalid_signature}",
        '(throw (ex-info (format "Token is not yet valid (%s)" (:nbf claims))\n  {:cause :nbf}))',
        'Assert.Equal("Issued at (iat) claim must be an integer", failure.Message);',
        'case .late: return "The token is expired"',
        'return nil, fmt.Errorf("issuer does not match: %s", issuer)',
        'return jsonify({"error": "Token has been revoked"}), 401',
        "res.status(401).json({ message: 'Token expired.' });",
        '.map_err(|e| Failure::Provider(format!("invalid issuer: {e}")))?;',
        "if (failure.message === 'jwt expired') {",
        "  failure.message.includes('jwt malformed') ||",
        'raise NotAllowed({"code": "late",\n                  "description": "token is expired"}, 401)',
        'raise InvalidToken, "token is not yet valid" if now < start',
        'with pytest.raises(Exception, match="Invalid audience"):',
        "it 'refuses a token whose signature is invalid' do",
        "rescue_from JWT::ExpiredSignature, with: :unauthorized",
        '#define LATE "jwt expired"',
        'detail=f"No matching key found for kid={kid!r}"',
        "from .failures import (\n    NetworkError,\n    TokenExpiredError,\n    RateLimitError,",
        "/* jwt expired: ask for a new one */",
        'warn!(\n    "JWT rejected: algorithm mismatch (wanted {:?}, header {:?})",\n    mine, theirs\n);',
        "    logger.error(\n        'token has expired, user %s',\n        user,\n    )",
        '\t\t\tname: "token is expired",\n\t\t\terr:  "token is expired by 2h",',
        '\t\t{"late", late, "token is expired"},',
        'std::cerr << "Invalid token signature: " << failure.what() << std::endl;',
        'throw std::runtime_error("token expired");',
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
        ("=== DEBUG === Request 2: jwt expired", "token_expired"),
        (
            "at throw new Late('jwt expired') JsonWebTokenError: invalid signature",
            "signature_invalid",
        ),
        ("{\n  name: 'TokenExpiredError',\n  message: 'jwt expired',\n}", "token_expired"),
        ("Err(\n    Error(\n        ExpiredSignature,\n    ),\n)", "token_expired"),
        ("assertion failed: jwt audience invalid. expected: web", "audience_mismatch"),
        ('{\n\t"error": "jwt expired",\n\t"status": 401\n}', "token_expired"),
        ("\terr: jwt expired, at 12", "token_expired"),
    ],
)
def test_what_was_printed_still_counts(text, reason):
    assert MATCHER.match(text).reason == reason


def test_a_text_without_source_is_left_alone():
    text = 'auth: (token) "expired" => denied'
    assert without_code(text) is text
