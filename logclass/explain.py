"""Why a text gets its reason: plain data for the command line.

What to check next is worded from practitioners' guides, once per reason; see NEXT.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logclass.vocabulary import MEANING, Outcome, Reason, owner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logclass.matcher import Matcher
    from logclass.precedence import Match

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


@dataclass(frozen=True, slots=True)
class Explanation:
    """A text and what the patterns make of it; `match` is None when none matches."""

    text: str
    match: Match | None

    def as_json(self) -> dict[str, object]:
        """Return the JSON object of `logclass explain --json`; captures are lists of text."""
        match = self.match
        if match is None:
            return _document(self.text, "none")
        rejected = match.outcome is Outcome.REJECTED
        return _document(self.text, match.outcome.value) | {
            "reason": match.reason.value if match.reason else None,
            "also": [reason.value for reason in match.also],
            "library": match.library or None,
            "versions": match.versions or None,
            "pattern": match.pattern,
            "captures": {name: list(values) for name, values in match.captures.items()},
            "owner": owner(match.reason).value if rejected and match.reason else None,
        }

    def as_text(self) -> str:
        """Return the same for people: lines of plain text, without control characters."""
        return "\n".join(_printable(line) for line in self._lines())

    def _lines(self) -> list[str]:
        match = self.match
        if match is None:
            return ["no pattern matches: not a token rejection that logclass knows"]
        lines = [_headline(match)]
        lines += [f"also:      {reason}: {MEANING[reason]}" for reason in match.also]
        if match.library:
            lines.append(f"library:   {match.library} {match.versions}".rstrip())
        lines.append(f"pattern:   {match.pattern}")
        lines += [f"beaten:    {name}: {why}" for name, why in match.beaten]
        if match.claim:
            lines.append(f"claim:     {match.claim}")
        lines += [f"{name + ':':10} {', '.join(found)}" for name, found in match.captures.items()]
        if match.withheld:
            lines.append("withheld:  the log hides a value; it is neither expected nor actual")
        if match.reason is not None:
            lines.append(f"owner:     {owner(match.reason)}")
            lines.append(f"meaning:   {MEANING[match.reason]}")
            lines += [f"next:      {step}" for step in NEXT[match.reason]]
        return lines


def explain(text: str, matcher: Matcher) -> Explanation:
    """Return what the patterns make of one text as it was logged; raises as Matcher.match."""
    return Explanation(text, matcher.match(text))


def explain_all(texts: Sequence[str], matcher: Matcher) -> list[Explanation]:
    """Return `explain` of each text, in order."""
    return [explain(text, matcher) for text in texts]


def _printable(line: str) -> str:
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line
    )


def _document(text: str, outcome: str) -> dict[str, object]:
    return {
        "text": text,
        "outcome": outcome,
        "reason": None,
        "also": [],
        "library": None,
        "versions": None,
        "pattern": None,
        "captures": {},
        "owner": None,
    }


def _headline(match: Match) -> str:
    if match.reason is None:
        return f"outcome:   {match.outcome}"
    return f"reason:    {match.reason}"
