"""The single choke point: no text of a log is kept or shown before it passed here.

Tokens, credentials, keys and mail addresses are replaced by a mark that says what stood there.
Redacting twice changes nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

import regex

from logclass import frames
from logclass.tokens import COMPACT, hash64

MAX_VALUE = 300  # characters of one captured value
MAX_EXCERPT = 600  # characters of one evidence line
_READ = 4000  # characters of a record looked at for it: a long stack has its error at the end

# `re` is the faster one where nothing has to be found but words.
_TRIGGER = re.compile(
    r"e(?:yJ|w[o0k]|yA)[A-Za-z0-9_-]{6}|@|bearer|basic|secret|token|passw|passp|pwd|api.?key|cookie|"
    r"BEGIN |AKIA|ASIA|AIza|signature|\bsig\b|credential|session|gh[pousr]_|glpat|xox|[rs]k_|"
    r"private|sign(?:ing)?_?key|encryption_?key|authoriz|assertion|hooks\.slack|\bjwt\b|code[=_]|"
    r"\"(?:k|d|p|q|dp|dq|qi)\\*\"|[A-Za-z0-9_-]{12}\.[A-Za-z0-9_-]{43}|://[^\s/]*:|%40|"
    r"\b(?:github_pat|xapp-|whsec_|gocspx|ya29\.|sk-|npm_|pypi-|hf_|sg\.|hv[sbr]\.|do[opr]_v1|gl[a-z]+-|"
    r"shp[a-z]{2}_|sntry|dckr_pat|t?otp|sid\b|mac=|response=)|key(?:-data)?\\*[\"']?\s?[:=,%]|pass=|"
    r"sess_?id|ticket=|\"auth\\*\"|saml|ZXlK|-u |--user|[A-Za-z0-9+/_-]{64}|u0040|sso?ws |"
    r"\b(?:verification|one.?time|[2m]fa)|\bpin[\"'=:\\]|'[dkpq]'|"
    # and the first letters of _KNOWN_KEYS
    r"\b(?:sq0|lin_|dapi|nrak-|gl(?:c|sa)_|dp\.|pscale|pmak|pat[a-z0-9-]{2}|ntn_|figd_|pul-|f[om][12]_|"
    r"rubygems|cio[a-z0-9]{9}|tskey|bk[a-z]{1,2}_|sg[ph]_|v1\.0-)|\dq~|\d:AA|"
    r"\b[mno][tdjz]\w\w[mno][tdjz]\w\w[mno]",
    re.IGNORECASE,
)
_PEM = regex.compile(
    r"-----BEGIN [A-Z0-9 ]{1,40}-----.*?(?:-----END [A-Z0-9 ]{1,40}-----|\Z)", regex.DOTALL
)
# The end of a token whose beginning was cut off: the signature is whole.
_CUT_TOKEN = regex.compile(
    r"(?<![\w-])(?:[A-Za-z0-9_-]{8,}\.){1,4}(?P<value>[A-Za-z0-9_-]{43,})(?:\.[A-Za-z0-9_-]{8,}){0,3}"
)
_SCHEME = regex.compile(
    r"\b(?P<scheme>Bearer|Basic|Digest|DPoP|Token|Negotiate|ApiKey|SSWS)"
    r"(?P<gap>[ :]+(?:(?:is|was) )?)"
    # what a value follows is the name of a header: `invalid token X-Auth-Token: …`
    r"(?P<quote>\\?[\"'`]?)(?P<value>[A-Za-z0-9+/_.~=-]{8,}+)(?!: ?<redacted>)",
    regex.IGNORECASE,
)
_GAP = r"(?P<gap>\\*[\"']?\s?(?:=>|[=:]|%(?:25)*3[dDaA])\s?b?\\*[\"']?)"
_NAMED = regex.compile(
    rf"(?P<name>(?:client_?|jwt_?|shared_?|signing_?|hmac_?|app_?|aws_?)?(?<!\b\d{{12}}:)secret(?:_?(?:access_?)?key)?|"
    r"(?:access|refresh|id|session|auth|csrf|api|bearer)[_-]?token|code_verifier|"
    r"(?<=[?&])(?:code|key|ticket)|x-amz-security-token|sess(?:ion)?_?id|(?<![a-z])sid|assertion|"
    r"(?:api|private|signing|encryption|jwt|hmac|account|access|master|auth|shared|session|cookie|"
    r"client)[ _-]?key(?:-data)?|(?<![a-z])(?:mac|response)(?==\\*\")|"
    r"(?<=[\"'])(?:auth|session)(?=\\*[\"'])|"
    rf"SAML(?:Response|Request|art)|credentials?|jwt|signature|sig|authorization(?:-bin)?|token){_GAP}"
    r"(?!<|:[A-Z]|true\b|false\b|null\b|none\b|undefined\b|\[)"
    # what ends a value ends it in a URL too, written as %26, %22 and the like
    r"(?P<value>(?:[^\s\"'\\,;&<>{}()\[\]%]|%(?!(?:25)*(?:26|20|22|27|2[cC]|3[bBcCeE]|0[aAdD]))){8,})",
    regex.IGNORECASE,
)
# A password may be any word; these are what programs say of one.
_SAID = (
    r"(?:true|false|null|none|undefined|empty|incorrect|invalid|wrong|required|missing|expired|"
    r"mismatch|not|is|must|does|has|was)\b"
)
_PASSWORD = regex.compile(
    r"(?P<name>password|passwd|pwd|passphrase|(?<![a-z])(?:pass(?==)|t?otp|passcode)|"
    rf"(?:client|jwt|app|shared|hmac|cookie)_?secret){_GAP}(?!<|{_SAID})"
    r"(?P<value>(?<=[\"'])[^\"'\\\n]+|[^\s\"'\\&<>{}()\[\]]+)",
    regex.IGNORECASE,
)
# `["Cookie", "sid=…"]` of raw headers, `"name":"DB_PASSWORD","value":"…"` of containers
_PAIR = regex.compile(
    r"(?<=[\"'])(?P<name>(?:[\w.-]*[_-])?(?:token|secret|password|key|authorization|cookie|session))"
    r"(?P<gap>\\*[\"']\s?,\s?\\*[\"'](?:[Vv]alue\\*[\"']\s?:\s?\\*[\"'])?)"
    r"(?!<)(?P<value>[^\"'\\\n]{8,})(?=\\*[\"'](?!\s?:))",
    regex.IGNORECASE,
)
_COOKIE = regex.compile(
    r"(?P<name>(?:set-)?cookie)(?P<gap>\\*[\"']?\s?[:=]\s?\\*[\"']?)(?P<value>[\w.!#$%*+^`|~-]+=[^\"'\\\n]+)",
    regex.IGNORECASE,
)
# Private members of a JSON Web Key (RFC 7518 section 6), as JSON and as Python prints them.
_KEY_MEMBER = regex.compile(
    r"(?P<name>[\"'](?:k|d|p|q|dp|dq|qi)\\*[\"'])(?P<gap>\s?:\s?\\*[\"'])(?P<value>[A-Za-z0-9_-]{8,})"
)
# `<wsse:Password Type="…">…</`, of SOAP and other XML
_ELEMENT = regex.compile(
    r"(?P<name><(?:[\w-]{1,40}:)?(?:\w{1,20}[_-])?(?:password|passwd|secret|token|api_?key|assertion))"
    rf"(?P<gap>(?:\s[^<>]{{0,200}})?>)(?!<|{_SAID})(?P<value>[^<>]{{4,}})(?=<)",
    regex.IGNORECASE,
)
_OPTION = regex.compile(
    r"(?P<name>(?<!\S)--(?:[a-z]{1,20}-){0,3}(?:password|passwd|token|secret|api-?key))"
    r"(?P<gap> [\"']?)"
    rf"(?![-<./]|{_SAID})(?P<value>[^\s\"'<]{{4,}})",
    regex.IGNORECASE,
)
# Codes that are sent to a person, in words and in fields.
_CODE = regex.compile(
    r"(?P<name>(?:\b(?:verification|confirmation|one[ _-]?time|[2m]fa|sms|login)[ _-]?(?:code|pin)|"
    r"(?<![a-z])pin(?=[\"'\\=:])))"
    r"(?P<gap>\\*[\"']?\s?[=: ]\s?(?:is |was )?\\*[\"']?)(?P<value>\d{4,8}\b)",
    regex.IGNORECASE,
)
_USERINFO = regex.compile(r"(?P<scheme>[a-z][a-z0-9+.-]{1,20}://)[^\s/:@]{0,200}:[^\s/@]{1,200}@")
_CURL_USER = regex.compile(
    r"(?P<name>(?<!\S)(?:-u|--user))(?P<gap>[ =][\"']?)(?P<value>[^\s:\"'<]+:[^\s\"']+)"
)
_MAIL = re.compile(
    r"[\w.+-]{1,64}(?:@|%40|\\+u0040)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63}){0,7}"
    r"\.[A-Za-z][A-Za-z0-9-]{1,62}"  # release@1.14.8 is none
)
_KNOWN_KEYS = re.compile(
    r"\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|AIza[\w-]{30,}"
    r"|xox[a-z]-[A-Za-z0-9-]{10,}|xapp-[\w-]{10,}|gl(?:pat|[a-z]{1,4}t)-[\w-]{16,}|whsec_\w{10,}"
    r"|[rs]k_(?:live|test)_\w{10,}|sk-(?=[\w-]*\d)[\w-]{20,}|GOCSPX-[\w-]{10,}|ya29\.[\w-]{10,}"
    r"|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{20,}|hf_[A-Za-z0-9]{20,}|SG\.[\w-]{10,}\.[\w-]{20,}"
    r"|hv[sbr]\.[\w-]{20,}|do[opr]_v1_[0-9a-f]{40,}|shp[a-z]{2}_[0-9a-f]{32}|sntry[a-z]_[\w+/=]{20,}"
    r"|dckr_pat_[\w-]{20,}|AGE-SECRET-KEY-1[A-Z0-9]{20,}|sq0[a-z]{3}-[\w-]{20,}|lin_[a-z]{3,5}_\w{32,}"
    r"|dapi[0-9a-f]{32}|NRAK-[A-Z0-9]{20,}|gl(?:c|sa)_[\w+/=]{20,}|dp\.[a-z]{2,5}\.[\w.-]{30,}"
    r"|pscale_[a-z]{2,5}_[\w.=-]{20,}|PMAK-[0-9a-f-]{24,}|pat[A-Za-z0-9]{14}\.[0-9a-f]{32,}"
    r"|pat-[a-z]{2}\d-[0-9a-f-]{36}|(?:secret|ntn)_[A-Za-z0-9]{40,}|figd_[\w-]{20,}|pul-[0-9a-f]{40}"
    r"|fo1_[\w-]{20,}|fm[12]_[\w+/=-]{20,}|rubygems_[0-9a-f]{32,}|cio[A-Za-z0-9]{32}"
    r"|tskey-[a-z]+-[\w-]{20,}|bk[a-z]{1,2}_[0-9a-f]{40}|sg[ph]_\w{40,}|v1\.0-[0-9a-f]{24}-[0-9a-f]{64,}"
    r"|(?:[MNO][TDjz]\w\w){5}[\w-]{3,9}\.[\w-]{6}\.[\w-]{27,})"
    r"|(?<=hooks\.slack\.com/services/)[\w/]+"
)
_LATE_MARKS = ("Q~", ":AA")  # of keys that have theirs not at their beginning
_LATE_KEYS = re.compile(r"\b(?:[\w~.]{3}\dQ~[\w~.-]{30,}|\d{8,10}:AA[\w-]{30,})")
# A token in base64 once more, and what else is base64 and too long for the name of a key.
_WRAPPED_TOKEN = regex.compile(r"(?<![A-Za-z0-9+/_-])ZXlK[A-Za-z0-9+/_-]{16,}={0,2}")
_BLOB = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{64,}={0,2}")
_RANDOM_RUN = regex.compile(r"[A-Za-z0-9]{24,}")
_HARMLESS = regex.compile(r"[0-9a-f.:-]*")  # addresses, numbers, ids: no trigger is so spelt
# `token: invalid` and `Bearer authentication` are words: secrets mix digits or cases, or are long.
_IS_SECRET = regex.compile(r"\d|[A-Z].*[a-z].*[A-Z]|.{24}")
# To be matched at the start alone: a search would look through a long run once for each letter.
_IS_RANDOM = regex.compile(r"(?=.*\d)(?=.*[a-z])(?=.*[A-Z])")


def text(value: str) -> str:
    """Return the text with every secret in it replaced."""
    if not _TRIGGER.search(value):
        return value
    value = _PEM.sub("<key>", value)
    value = COMPACT.sub(_token_mark, value)
    value = _CUT_TOKEN.sub(_cut_mark, value)
    value = _USERINFO.sub(r"\g<scheme><redacted>@", value)
    for form in (_NAMED, _SCHEME, _PAIR):
        value = _without_secrets(form, value)
    for form in (_PASSWORD, _COOKIE, _KEY_MEMBER, _CURL_USER, _ELEMENT, _OPTION, _CODE):
        value = form.sub(r"\g<name>\g<gap><redacted>", value)
    value = _KNOWN_KEYS.sub("<redacted>", value)
    if any(mark in value for mark in _LATE_MARKS):
        value = _LATE_KEYS.sub("<redacted>", value)
    value = _BLOB.sub(_blob_mark, _WRAPPED_TOKEN.sub("<jwt>", value))
    return _MAIL.sub("<mail>", value)


@lru_cache(maxsize=8192)
def value(captured: str) -> str:
    """Return a captured value, redacted and of bounded length."""
    if len(captured) <= MAX_VALUE and _HARMLESS.fullmatch(captured):
        return captured
    # half a character, as an escape may leave it, fits into no UTF-8 text
    whole = captured[: MAX_VALUE * 2].encode("utf-8", "replace").decode("utf-8")
    return text(whole)[:MAX_VALUE]


def excerpt(record: str, note: str = "") -> str:
    """Return a record as evidence, redacted and of bounded length, and then the note.

    The frames of its stack traces are left out and counted: the error may stand below them.
    """
    has_stack = "\n" in record[:_READ]
    known = text(record[: _READ if has_stack else 2 * MAX_EXCERPT])
    if has_stack and len(record) > _READ:  # a secret cut in half may not have been known for one
        known = known[:-MAX_EXCERPT] + "…"
    told, end = frames.folded(known), text(note)
    if len(told) + len(end) <= MAX_EXCERPT:
        return told + end
    return f"{told[: MAX_EXCERPT - len(end) - 1].removesuffix('…')}…{end}"


def _token_mark(match: regex.Match[str]) -> str:
    """Return a mark that is the same for the same token, so that repeats stay visible."""
    return f"<jwt {hash64(match['header'] + '.' + (match['payload'] or '')):016x}>"


def _cut_mark(match: regex.Match[str]) -> str:
    return "<jwt>" if _IS_RANDOM.match(match["value"]) else match[0]


def _blob_mark(match: re.Match[str]) -> str:
    is_random = any(_IS_RANDOM.match(run) for run in _RANDOM_RUN.findall(match[0]))
    return "<redacted>" if is_random else match[0]


def _without_secrets(form: regex.Pattern[str], text: str) -> str:
    """Return the text without the values of a form that are secrets.

    One that is none is looked into again: `sid="token": "…"` holds another name.
    """
    parts = []
    at = 0
    while (match := form.search(text, at)) is not None:
        is_secret = _IS_SECRET.search(match["value"]) is not None
        parts.append(text[at : match.start("value")] + ("<redacted>" if is_secret else ""))
        at = match.end() if is_secret else match.start("value")
    return "".join(parts) + text[at:]
