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
    r"e(?:yJ|w[o0k]|yA)[A-Za-z0-9_-]{6}|@|bearer|basic|secret|token|passw|passp|pwd|api.?key|cookie|"
    r"BEGIN |AKIA|ASIA|AIza|signature|\bsig\b|credential|session|gh[pousr]_|glpat|xox|[rs]k_|"
    r"private|sign(?:ing)?_?key|encryption_?key|authoriz|assertion|hooks\.slack|\bjwt\b|code[=_]|"
    r"\"(?:k|d|p|q|dp|dq|qi)\\*\"|[A-Za-z0-9_-]{12}\.[A-Za-z0-9_-]{43}|://[^\s/]*:",
    regex.IGNORECASE,
)
_PEM = regex.compile(
    r"-----BEGIN [A-Z0-9 ]{1,40}-----.*?(?:-----END [A-Z0-9 ]{1,40}-----|\Z)", regex.DOTALL
)
# The end of a token whose beginning was cut off: the signature is whole.
_CUT_TOKEN = regex.compile(
    r"(?<![\w-])(?:[A-Za-z0-9_-]{8,}\.){1,4}(?P<value>[A-Za-z0-9_-]{43,})(?:\.[A-Za-z0-9_-]{8,}){0,3}"
)
_SCHEME = regex.compile(
    r"\b(?P<scheme>Bearer|Basic|Digest|DPoP|Token|Negotiate|ApiKey)(?P<gap>[ :]+)"
    r"(?P<quote>\\?[\"']?)(?P<value>[A-Za-z0-9+/_.~=-]{8,})",
    regex.IGNORECASE,
)
_GAP = r"(?P<gap>\\*[\"']?\s?(?:=>|[=:]|%3[dDaA])\s?b?\\*[\"']?)"
_NAMED = regex.compile(
    r"(?P<name>(?:client_?|jwt_?|shared_?|signing_?|hmac_?|app_?|aws_?)?secret(?:_?(?:access_?)?key)?|"
    r"(?:access|refresh|id|session|auth|csrf|api|bearer)[_-]?token|(?<=[?&])code|code_verifier|"
    r"(?:api|private|signing|encryption)[_-]?key|x-amz-security-token|session_?id|assertion|"
    rf"credentials?|jwt|signature|sig|authorization|token){_GAP}"
    r"(?!<|true\b|false\b|null\b|none\b|undefined\b|\[)(?P<value>[^\s\"'\\,;&<>{}()\[\]%]{8,})",
    regex.IGNORECASE,
)
# A password may be any word; these are what programs say of one.
_PASSWORD = regex.compile(
    rf"(?P<name>password|passwd|pwd|passphrase){_GAP}(?!<|(?:true|false|null|none|undefined|empty|"
    r"incorrect|invalid|wrong|required|missing|expired|mismatch|not|is|must|does|has|was)\b)"
    r"(?P<value>(?<=[\"'])[^\"'\\\n]+|[^\s\"'\\&<>{}()\[\]]+)",
    regex.IGNORECASE,
)
_COOKIE = regex.compile(
    r"(?P<name>(?:set-)?cookie)(?P<gap>\\*[\"']?\s?[:=]\s?\\*[\"']?)(?P<value>[\w.!#$%*+^`|~-]+=[^\"'\\\n]+)",
    regex.IGNORECASE,
)
# Private members of a JSON Web Key (RFC 7518 section 6).
_KEY_MEMBER = regex.compile(
    r"(?P<name>\"(?:k|d|p|q|dp|dq|qi)\\*\")(?P<gap>\s?:\s?\\*\")(?P<value>[A-Za-z0-9_-]{8,})"
)
_USERINFO = regex.compile(r"(?P<scheme>[a-z][a-z0-9+.-]{1,20}://)[^\s/:@]{1,200}:[^\s/@]{1,200}@")
_MAIL = regex.compile(r"[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63}){1,8}")
_KNOWN_KEYS = regex.compile(
    r"\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}"
    r"|glpat-[\w-]{16,}|[rs]k_(?:live|test)_\w{10,}|AIza[\w-]{30,})"
    r"|(?<=hooks\.slack\.com/services/)[\w/]+"
)
_HARMLESS = regex.compile(r"[0-9a-f.:-]*")  # addresses, numbers, ids: no trigger is so spelt
# `token: invalid` and `Bearer authentication` are words: secrets mix digits or cases, or are long.
_IS_SECRET = regex.compile(r"\d|[A-Z].*[a-z].*[A-Z]|.{24}")
_IS_RANDOM = regex.compile(r"(?=.*\d)(?=.*[a-z])(?=.*[A-Z])")


def text(value: str) -> str:
    """Return the text with every secret in it replaced."""
    if not _TRIGGER.search(value):
        return value
    value = _PEM.sub("<key>", value)
    value = COMPACT.sub(_token_mark, value)
    value = _CUT_TOKEN.sub(_cut_mark, value)
    value = _USERINFO.sub(r"\g<scheme><redacted>@", value)
    value = _SCHEME.sub(_scheme_mark, value)
    value = _NAMED.sub(_named_mark, value)
    for form in (_PASSWORD, _COOKIE, _KEY_MEMBER):
        value = form.sub(r"\g<name>\g<gap><redacted>", value)
    value = _KNOWN_KEYS.sub("<redacted>", value)
    return _MAIL.sub("<mail>", value)


@lru_cache(maxsize=8192)
def value(captured: str) -> str:
    """Return a captured value, redacted and of bounded length."""
    if len(captured) <= MAX_VALUE and _HARMLESS.fullmatch(captured):
        return captured
    # half a character, as an escape may leave it, fits into no UTF-8 text
    whole = captured[: MAX_VALUE * 2].encode("utf-8", "replace").decode("utf-8")
    return text(whole)[:MAX_VALUE]


def excerpt(record: str) -> str:
    """Return the start of a record as evidence, redacted and of bounded length."""
    cut = text(record[: MAX_EXCERPT * 2])
    return cut if len(cut) <= MAX_EXCERPT else cut[: MAX_EXCERPT - 1] + "…"


def _token_mark(match: regex.Match[str]) -> str:
    """Return a mark that is the same for the same token, so that repeats stay visible."""
    return f"<jwt {hash64(match['header'] + '.' + (match['payload'] or '')):016x}>"


def _cut_mark(match: regex.Match[str]) -> str:
    return "<jwt>" if _IS_RANDOM.search(match["value"]) else match[0]


def _scheme_mark(match: regex.Match[str]) -> str:
    if not _IS_SECRET.search(match["value"]):
        return match[0]
    return f"{match['scheme']}{match['gap']}{match['quote']}<redacted>"


def _named_mark(match: regex.Match[str]) -> str:
    if not _IS_SECRET.search(match["value"]):
        return match[0]
    return f"{match['name']}{match['gap']}<redacted>"
