"""The single choke point: no text of a log is kept or shown before it passed here.

Tokens, credentials, keys and mail addresses are replaced by a mark that says what stood there.
Redacting twice changes nothing.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from logclass.tokens import COMPACT, hash64

MAX_VALUE = 300  # characters of one captured value
MAX_EXCERPT = 600  # characters of one evidence line

_TRIGGER = regex.compile(
    r"e(?:yJ|w[o0]|yA)[A-Za-z0-9_-]{6}|@|bearer|basic|secret|token|passw|pwd|api.?key|cookie|BEGIN |"
    r"AKIA|ASIA|signature|credential|session|gh[pousr]_|xox|private|://[^\s/]*:",
    regex.IGNORECASE,
)
_PEM = regex.compile(
    r"-----BEGIN [A-Z0-9 ]{1,40}-----.*?(?:-----END [A-Z0-9 ]{1,40}-----|\Z)", regex.DOTALL
)
_SCHEME = regex.compile(
    r"\b(?P<scheme>Bearer|Basic|Digest|DPoP|Token|Negotiate)(?P<gap>[ :]+)"
    r"(?P<quote>\\?[\"']?)(?P<value>[A-Za-z0-9+/_.~=-]{8,})",
    regex.IGNORECASE,
)
_NAMED = regex.compile(
    r"(?P<name>(?:client_?|jwt_?|shared_?|signing_?|hmac_?|app_?|aws_?)?secret(?:_?(?:access_?)?key)?|"
    r"password|passwd|pwd|passphrase|(?:access|refresh|id|session|auth|csrf|api|bearer)[_-]?token|"
    r"api[_-]?key|private[_-]?key|set-cookie|cookie|x-amz-security-token|session_?id|assertion|"
    r"credentials?|jwt|signature|sig|authorization|token)"
    r"(?P<gap>\\?[\"']?\s?(?:=>|[=:])\s?\\?[\"']?)"
    r"(?!<true\b|false\b|null\b|none\b|undefined\b|\[)"
    r"(?P<value>[^\s\"'\\,;&<>{}()\[\]]{8,})",
    regex.IGNORECASE,
)
_USERINFO = regex.compile(r"(?P<scheme>[a-z][a-z0-9+.-]{1,20}://)[^\s/:@]{1,200}:[^\s/@]{1,200}@")
_MAIL = regex.compile(r"[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63}){1,8}")
_KNOWN_KEYS = regex.compile(
    r"\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,})"
)
# `token: invalid` and `Bearer authentication` are words: a secret mixes digits or cases, or is long.
_IS_SECRET = regex.compile(r"\d|[A-Z].*[a-z].*[A-Z]|.{24}")


def text(value: str) -> str:
    """Return the text with every secret in it replaced."""
    if not _TRIGGER.search(value):
        return value
    value = _PEM.sub("<key>", value)
    value = COMPACT.sub(_token_mark, value)
    value = _USERINFO.sub(r"\g<scheme><redacted>@", value)
    value = _SCHEME.sub(_scheme_mark, value)
    value = _NAMED.sub(_named_mark, value)
    value = _KNOWN_KEYS.sub("<redacted>", value)
    return _MAIL.sub("<mail>", value)


@lru_cache(maxsize=8192)
def value(captured: str) -> str:
    """Return a captured value, redacted and of bounded length."""
    if not captured:
        return captured
    return text(captured[: MAX_VALUE * 2])[:MAX_VALUE]


def excerpt(record: str) -> str:
    """Return the start of a record as evidence, redacted and of bounded length."""
    cut = text(record[: MAX_EXCERPT * 2])
    return cut if len(cut) <= MAX_EXCERPT else cut[: MAX_EXCERPT - 1] + "…"


def _token_mark(match: regex.Match[str]) -> str:
    """Return a mark that is the same for the same token, so that repeats stay visible."""
    return f"<jwt {hash64(match['header'] + '.' + (match['payload'] or '')):016x}>"


def _scheme_mark(match: regex.Match[str]) -> str:
    if not _IS_SECRET.search(match["value"]):
        return match[0]
    return f"{match['scheme']}{match['gap']}{match['quote']}<redacted>"


def _named_mark(match: regex.Match[str]) -> str:
    if not _IS_SECRET.search(match["value"]):
        return match[0]
    return f"{match['name']}{match['gap']}<redacted>"
