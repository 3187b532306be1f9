"""Wordings of programs that no pack names: what the weak tiers read by grammar, and what not."""

import pytest

from logclass.matcher import Matcher
from logclass.patternset import load

MATCHER = Matcher(load())


def reason(text):
    match = MATCHER.match(text)
    return match and match.reason


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ("token_expired", "exp not in future"),
        ("token_expired", "'exp' claim is not in the future"),
        ("token_not_yet_valid", "nbf is not in the past"),
        ("token_not_yet_valid", "jwt: nbf not in past"),
        ("issued_in_future", "iat not in past"),
        (
            "token_expired",
            "The current time [2026-01-01T00:00:00Z] is after the [2025-12-31T23:00:00Z] token expiration time",
        ),
        ("token_expired", "Access Token expired or expiration date invalid"),
        ("token_expired", "Token expired and refresh failed"),
        ("token_expired", "access token expired, refresh failed: 400"),
        ("token_expired", "access token expired; renewing it failed"),
        ("token_expired", "token expired and re-fetch has failed"),
        ("audience_mismatch", 'expected audience in ["db"] (audience=["web"])'),
        ("header_missing", "the response did not include an ID token"),
        ("header_missing", "HTTP request does not include a bearer token"),
        ("header_missing", "The request didn't carry a token"),
        ("header_missing", "message doesn't have a JWT"),
        ("header_missing", "Session token is required for validation"),
        ("header_missing", "Access token is required for this endpoint"),
        ("header_missing", "token is required for authentication"),
        ("signature_invalid", "Bad HMAC in authentication token"),
        ("signature_invalid", "invalid MAC in token"),
        ("signature_invalid", "incorrect digest of the jwt"),
        ("signature_invalid", "Incorrect signature or malformed token in authorization header"),
        ("signature_invalid", "bad signature or corrupted jwt"),
        (
            "algorithm_mismatch",
            "Realm [jwt1] does not allow signature algorithm [HS256]. Allowed signature algorithms are [RS256, ES256].",
        ),
        ("algorithm_mismatch", "server doesn't accept signing algorithm HS256"),
        ("algorithm_mismatch", "verifier does not permit algorithm PS512"),
        ("algorithm_none", "ID Token signing alg is none"),
        ("algorithm_none", "token alg is none"),
        ("algorithm_none", "jwt algorithm was none"),
        (
            "insufficient_scope",
            "Invalid access token, does not contain scopes:[user:read:list_users:admin].",
        ),
        ("insufficient_scope", "token does not have access to this resource"),
        ("insufficient_scope", "The token has no access to project 12"),
        (
            "insufficient_scope",
            "Access token in HEADER access_token DOES NOT HAVE ACCESS TO THIS RESOURCE; rejecting call",
        ),
        (
            "insufficient_scope",
            "Scopes [read:pets] in authorization token and specification scopes [write:pets] are not matched",
        ),
        ("insufficient_scope", "AUTH_TOKEN_SCOPE_MISMATCH"),
        ("insufficient_scope", '{"code":"scope_mismatch"}'),
        (
            "claim_mismatch",
            "valid token, but no corresponding publisher (Publisher with matching claims was not found)",
        ),
        (
            "claim_mismatch",
            "valid token, but no corresponding publisher (All lookup strategies exhausted)",
        ),
        ("claim_mismatch", "no role binding matched the claims of the token"),
        ("claim_mismatch", "token claims do not match any trust policy"),
        ("claim_mismatch", "oidc: claims did not match rule 2"),
        (
            "claim_missing",
            "Could not decode tenant token, JSON error: missing field `searchRules` at line 1 column 16.",
        ),
        ("claim_missing", "jwt error: missing field `exp` at line 1 column 40"),
        ("claim_missing", "invalid token: missing field `sub`"),
        (
            "key_missing",
            "io.fusionauth.jwt.MissingVerifierException: No Verifier has been provided for verify a signature signed using [RS256]",
        ),
        ("key_missing", "no verifier configured"),
        ("key_missing", "no token verifier was configured for realm x"),
        ("unspecified", "An error occurred while trying to validate the access token"),
        (
            "unspecified",
            "The resource server received an error while it was attempting to validate the access token.",
        ),
        ("unspecified", "Your auth token is not a valid entropic token."),
        ("unspecified", '"token" is not a valid API token'),
        ("unspecified", "the token is not a valid session token"),
        ("unspecified", "The token you supplied was not valid."),
        ("unspecified", "token that you sent is invalid"),
        ("unspecified", "the token provided is not valid"),
        ("unspecified", "IoT Hub responded to message 0 with status UNAUTHORIZED"),
        ("unspecified", "response status: Unauthorized"),
        ("unspecified", "SSE error: Non-200 status code (401)"),
        ("unspecified", "upstream failed with status (401)"),
        (
            "unspecified",
            "2026 7fd 5 req 35 0.002999969s sts:assume_role_web_identity Invalid JWT token",
        ),
        ("token_expired", "The specified SAS token is expired"),
        (
            "signature_invalid",
            "The specified SAS token has an invalid signature. It does not match either the primary or secondary key..",
        ),
        ("token_expired", 'Client sent stale token: {"iat":1651747327}'),
        ("header_malformed", "authorization_token_type_not_supported"),
        ("token_revoked", '{"error_code":"x","reason":"REFRESH_TOKEN_NOT_FOUND"}'),
        ("subject_mismatch", "ERROR: JWT authentication: invalid principal"),
        (
            "subject_mismatch",
            'token is from subject "system:serviceaccount:a:x", but only "system:serviceaccount:b:y" is allowed',
        ),
        ("jwks_unavailable", "no JWKS URI found in OpenID configuration"),
        (
            "jwks_unavailable",
            "Failed to discover Identity Provider (Provider URI: 'https://idp.example.com'). Reason: 'timed out'",
        ),
        ("jwks_unavailable", "unexpected status code getting OIDC: 502"),
        ("jwks_unavailable", "JWKS never fetched"),
        ("header_missing", "Invalid token: cannot be null"),
        ("header_missing", "token or code must be provided"),
        ("token_revoked", "account password has changed since token issued"),
        ("claim_missing", "No such field 'workload' in the token"),
        ("claim_missing", "failed to validate oidc token payload: email not found"),
        ("claim_mismatch", "failed to validate oidc token payload: email is not allowed"),
        ("claim_mismatch", "oidc token payload validation failed: invalid group"),
        ("claim_mismatch", "email_verified claim was false"),
        ("claim_invalid", "The 'nbf' field in the authentication token was invalid"),
        (
            "audience_mismatch",
            "invalid jwk token audience claim (aud); want [sign], but got [revoke]",
        ),
        ("unspecified", "cannot validate oidc token"),
        ("unspecified", "jwtToken failed validation: eyJ"),
        ("token_malformed", "Unknown format of token"),
        ("token_malformed", "could not extract claims from token: EOF"),
        ("key_not_found", "Unknown JWT keyId << 'k9'"),
        ("token_not_yet_valid", "The NotBefore check failed."),
        ("header_malformed", "unexpected authorization token format"),
        ("algorithm_mismatch", "couldn't parse signing method from token header: none1"),
        ("insufficient_scope", "Invalid Refresh Token scope"),
        (
            "signature_invalid",
            "WARN JWTRedirectAuthenticationHandler: Signature could not be verified",
        ),
        ("token_expired", "INFO JWTRedirectAuthenticationHandler: Expiration validation failed."),
        ("key_missing", "Public key for signature validation must be provisioned."),
    ],
)
def test_a_wording_has_its_reason(wanted, text):
    assert reason(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "TokenMismatchError on /admin/login page",
        "TokenMismatchException in VerifyCsrfToken.php line 67",
        "The signature supplied in the request could not be verified",
        "invalid request signature",
        "token refresh is not required for access to the cache",
        "field missing in row 12",
        "The file token does not have access to this folder",
        "0 invalid tokens found",
        "no access to bucket of tokens",
        "gossipsub: invalid signature",
        "Error: invalid signature in peer record",
        "access token expired, refreshing now",
        "access token expired and refreshed",
        "invalid publish subject",
        "account resolver no new claims",
        "could not deserialize payload",
        "invalid signature on data",
        "Fetching JWKS url=https://idp.example.com/jwks last_fetched_secs_ago=None",
    ],
)
def test_other_talk_has_none(text):
    assert reason(text) is None
