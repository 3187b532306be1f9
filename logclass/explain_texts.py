"""What a reason usually means and what to look at next, from practitioners' guides."""

from __future__ import annotations

from logclass.vocabulary import Reason

USUALLY: dict[Reason, str] = {
    Reason.SIGNATURE_INVALID: "a secret was rotated or regenerated, or differs between "
    "environments or instances; base64 against raw, a mangled PEM, a trailing newline; a public "
    "key used as HMAC secret; not a clock",
    Reason.ALGORITHM_MISMATCH: "the signer switched its algorithm and the verifier did not, or an "
    "upgrade changed a default; not expiry",
    Reason.ALGORITHM_NONE: "somebody tries unsigned tokens; rarely a test issuer in production",
    Reason.TOKEN_EXPIRED: "a real expiry, a late refresh, a server clock that is ahead, or a very "
    "short lifetime; not a key change",
    Reason.TOKEN_NOT_YET_VALID: "the server's clock is behind the issuer's, often after a VM was "
    "paused; not a key change",
    Reason.ISSUED_IN_FUTURE: "the server's clock is behind the issuer's, often after a VM was "
    "paused; not a key change",
    Reason.TOKEN_TOO_OLD: "the verifier allows a shorter age than the token lives",
    Reason.AUDIENCE_MISMATCH: "configuration drift, or a token of another environment; not a key "
    "change",
    Reason.ISSUER_MISMATCH: "configuration drift: trailing slash, http or https, port, tenant; or "
    "a token of another environment; not a key change",
    Reason.SUBJECT_MISMATCH: "the token is of somebody else than the caller says",
    Reason.CLAIM_MISMATCH: "a token of another kind, tenant or session than this place expects",
    Reason.CLAIM_MISSING: "issuer and verifier disagree on which claims there must be",
    Reason.CLAIM_INVALID: "an issuer or a test tool writes a claim in another type",
    Reason.TOKEN_MALFORMED: "`Bearer ` passed along with the token, URL-encoding, or a cut by a "
    "proxy, cookie or log limit; not a rotation",
    Reason.HEADER_UNSUPPORTED: "an issuer uses a header parameter or type the verifier does not "
    "know, or a token of another kind is presented",
    Reason.HEADER_MISSING: "a gateway, proxy or redirect drops Authorization, or one client or "
    "route never sends it; not a key change",
    Reason.HEADER_MALFORMED: "a client sends another scheme, a doubled prefix or quotes",
    Reason.KEY_NOT_FOUND: "a rotation with a stale key-set cache, the key set of another tenant, "
    "or no `kid` in the token; not its claims",
    Reason.KEY_MISSING: "a variable or mounted file is gone after a deploy; not the tokens",
    Reason.KEY_INVALID: "a PEM with escaped line breaks, a key of the wrong type, or a secret too "
    "short for its algorithm; not the tokens",
    Reason.JWKS_UNAVAILABLE: "the issuer is down or rate limits, or DNS, proxy or TLS is broken "
    "between the verifier and it; not the tokens",
    Reason.TOKEN_REVOKED: "a sign-out, a password change or an administrator ended the session",
    Reason.DECRYPTION_FAILED: "issuer and verifier hold different encryption keys",
    Reason.INSUFFICIENT_SCOPE: "the client asked for too few scopes, or a role was taken away",
    Reason.UNSPECIFIED: "another line of the same request says more",
}

NEXT: dict[Reason, tuple[str, ...]] = {
    Reason.SIGNATURE_INVALID: (
        "Was a key or secret rotated, or changed by a deploy, just before this began?",
        "Do all instances hold the same key? Compare fingerprints, never the keys themselves.",
        "Is the key read in the same form on both sides: base64 or raw, PEM line breaks, newline?",
    ),
    Reason.ALGORITHM_MISMATCH: (
        "Compare `alg` in the token's header with the verifier's list of accepted algorithms.",
        "Did an upgrade of the library or of the issuer change a default algorithm?",
    ),
    Reason.ALGORITHM_NONE: (
        "Nobody honest signs with `none`: look at which clients send it, and how many.",
        "No change is needed: the verifier did right.",
    ),
    Reason.TOKEN_EXPIRED: (
        "How long ago did the tokens expire? Seconds point at clocks, minutes at late refresh.",
        "Does the refresh endpoint answer? Clients should refresh at 70 to 80 % of the lifetime.",
        "Is one host's clock ahead? Compare hosts against NTP.",
    ),
    Reason.TOKEN_NOT_YET_VALID: (
        "Is this server's clock behind the issuer's? A VM that was paused often is.",
        "Allow 30 to 60 seconds of tolerance and repair NTP; a larger tolerance hides the fault.",
    ),
    Reason.ISSUED_IN_FUTURE: (
        "Is this server's clock behind the issuer's? A VM that was paused often is.",
        "Does only one instance report it? Then it is that host's clock.",
    ),
    Reason.TOKEN_TOO_OLD: (
        "Compare the maximum age the verifier demands with how often clients sign in again.",
    ),
    Reason.AUDIENCE_MISMATCH: (
        "Compare `aud` in the token with the audience this service is configured to accept.",
        "Does the token come from another environment, or was the setting changed by a deploy?",
    ),
    Reason.ISSUER_MISMATCH: (
        "Compare `iss` letter by letter: trailing slash, http or https, port, tenant.",
        "Does the token come from another environment, or was the setting changed by a deploy?",
    ),
    Reason.SUBJECT_MISMATCH: ("Compare `sub` in the token with the subject the verifier demands.",),
    Reason.CLAIM_MISMATCH: (
        "Compare the claim in the token with the verifier's setting for it.",
        "Is an ID token or a refresh token used where an access token belongs?",
    ),
    Reason.CLAIM_MISSING: (
        "Decode a failing token: which of the required claims does the issuer leave out?",
        "Did the issuer's or the verifier's configuration change which claims are there?",
    ),
    Reason.CLAIM_INVALID: (
        "Decode a failing token: is a time written as text, or a list where one value belongs?",
    ),
    Reason.TOKEN_MALFORMED: (
        "Is `Bearer ` or a quote passed along with the token, or the token URL-encoded?",
        "Is it cut off? Compare its length with limits of proxies, cookies and headers.",
    ),
    Reason.HEADER_UNSUPPORTED: (
        "Decode the token's header: which of `crit`, `typ`, `zip`, `b64` is unusual?",
    ),
    Reason.HEADER_MISSING: (
        "Does a gateway, proxy or redirect drop the Authorization header? Compare both sides.",
        "Is it one route, or one client? Then look at its middleware order or its code.",
    ),
    Reason.HEADER_MALFORMED: (
        "Look at what the client sends: `Authorization: Bearer TOKEN`, one space, no quotes.",
        "Does something in front rewrite the header, or add Basic credentials of its own?",
    ),
    Reason.KEY_NOT_FOUND: (
        "Is the token's `kid` in the key set the verifier holds now? It may be a stale copy.",
        "Is it the key set of the right tenant and environment?",
    ),
    Reason.KEY_MISSING: (
        "Is the variable or mounted file with the key there, after the last deploy?",
    ),
    Reason.KEY_INVALID: (
        "Is the PEM intact? Escaped line breaks and missing BEGIN lines are common.",
        "Is the key of the type and length that the algorithm needs?",
    ),
    Reason.JWKS_UNAVAILABLE: (
        "Fetch the key set from the failing host: DNS, proxy, TLS, HTTP status, rate limit.",
        "Publish a new key before signing with it, and let verifiers keep the last good copy.",
    ),
    Reason.TOKEN_REVOKED: (
        "Who revoked it: a sign-out, a password change, an administrator, a cleared store?",
    ),
    Reason.DECRYPTION_FAILED: (
        "Do issuer and verifier hold the same encryption key, and agree on `alg` and `enc`?",
    ),
    Reason.INSUFFICIENT_SCOPE: (
        "The token itself is good: compare its scopes or roles with what the route demands.",
    ),
    Reason.UNSPECIFIED: (
        "This text does not say why. Look for the verifier's own line of the same request.",
        "Log the reason, `kid`, `alg`, `iss`, `aud`, `exp` and the release; never the token.",
    ),
}
