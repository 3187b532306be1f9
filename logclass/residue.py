"""What speaks of authentication and matches no pattern: what such lines have in common.

A template groups lines that a program printed from one place. It holds the program's words only:
numbers, ids, names, addresses and quoted values are gaps, and secrets were redacted before.
"""

from __future__ import annotations

import re
from functools import lru_cache

import regex

from logclass import redact

_SPEAKS_OF_AUTH = regex.compile(
    r"\b(?:jwts?|jwks?|jws|jwe|jose|bearer|oauth2?|oidc|openid|id_?token|access[_ ]?token|dpop|"
    r"(?:token|signature|issuer|audience|claim|kid)s?\W+(?:\w+\W+){0,4}?"
    r"(?:invalid|expired|mismatch|malformed|missing|rejected|refused|denied|fail\w*|unknown|"
    r"unsupported)|"
    r"(?:invalid|expired|malformed|missing|bad|unknown|unsupported|no|wrong)\W+(?:\w+\W+){0,3}?"
    r"(?:token|issuer|audience|claim|kid|authorization header)s?)\b",
    regex.IGNORECASE,
)
_SEARCHED = 4_000  # characters
_TEMPLATE_CHARACTERS = 160
_MEMO_TEXTS = 16_384
_GAP = "…"
# Names of fields that hold the program's words; what other fields hold is data.
_SAYS = frozenset(
    {
        *("msg", "message", "error", "err", "error_description", "reason", "detail", "title"),
        *("level", "lvl", "severity", "logger", "component", "event"),
    }
)
_FIELD = regex.compile(
    r"(?P<name>\b[\w.-]{1,40}=|\"[\w.@ -]{1,40}\"\s*:\s*|'[\w.@ -]{1,40}'\s*:\s*)"
    r"(?P<value>\"(?:[^\"\\\n]|\\.)*+\"?|'[^'\n]*+'?|[^\s,;&\"'{}\[\]()]++)"
)
# `alg HS256` and `oauth2` are words of the trade, other words with a digit are data.
_VALUE = regex.compile(
    r"https?://[^\s\"'<>]+|<[^<>\n]*>|\"[^\"\n]*\"|'[^'\n]*'"
    r"|(?<![\w.])(?!(?:oauth2|(?:hs|rs|es|ps)(?:256|384|512)|base64(?:url)?|ed25519|x509|sha256)\b)"
    r"[\w.+/-]*\d[\w.+/-]*"
    r"|\b[0-9a-fA-F]{8,}\b|[^\x20-\x7e]+",
    regex.IGNORECASE,
)
_DATA = re.compile(
    r"(?<![\w.])(?!(?:oauth2|(?:hs|rs|es|ps)(?:256|384|512)|base64(?:url)?|ed25519|x509|sha256)\b)"
    r"(?:[\w.+/-]*\d[\w.+/@-]*|[\w.+-]+@[\w.-]+)",
    re.IGNORECASE,
)
_PERSON = regex.compile(
    r"\b(?P<name>(?:user|username|subject|tenant|account|principal|customer|login|member))\s+"
    r"(?!(?:a|an|and|are|by|can|claim|could|did|does|for|from|had|has|id|in|info|is|lacks|may|"
    r"mismatch|missing|must|name|no|not|of|on|or|pool|session|the|to|token|type|was|were|with)\b)"
    r"[\w.@-]+",
    regex.IGNORECASE,
)
_LEVEL = regex.compile(
    r"^(?:\w+=)?(?:error|warn(?:ing)?|info|notice|fatal|critical|severe)\b\W*", regex.IGNORECASE
)
_HEAD = regex.compile(r"^(?:[^\p{L}\"'({<]|\b[TZ]\b)+")
_GAPS = regex.compile(r"…(?:[\W_]*…)+")
_STUB = """\
[[pattern]]
id = "LIBRARY.{name}"
reason = "unspecified"  # see docs/reason-codes.md
regex = '''{regex}'''
literals = [{literals}]
upstream = "file: symbol"

[[pattern.example]]
text = '''{text}'''
origin = "public issue"

# one more [[pattern.example]], best as another version prints it

[[pattern.counterexample]]
text = "a near miss that must not match"
"""


def gap(text: str) -> str:
    """Return the template of a text, "" where it does not speak of authentication; redacted."""
    return _gap(_DATA.sub("0", text[:_SEARCHED]))  # texts that differ in their data are many


@lru_cache(maxsize=_MEMO_TEXTS)
def _gap(text: str) -> str:
    return template(text) if _SPEAKS_OF_AUTH.search(text) else ""


def template(text: str) -> str:
    """Return what such texts have in common, at most 160 characters on one line."""
    return _template(telling_line(text))


def telling_line(text: str) -> str:
    """Return the first line that speaks of authentication, else the first, redacted."""
    shown = redact.text(text[:_SEARCHED])
    return _telling(shown) or next(filter(None, map(str.strip, shown.split("\n"))), "")


def stub(text: str) -> str:
    """Return a pattern for one line as TOML, to be finished by hand; redacted.

    What looks like a value becomes a gap; the longest words between two gaps are the literal.
    """
    line = telling_line(text)
    words = _words(_LEVEL.sub("", _with_gaps(line)))
    plain = [regex.sub(r"[^A-Za-z0-9 _:.,-]+", "\n", piece).split("\n") for piece in words]
    pieces = [part.strip(" _:.,-") for parts in plain for part in parts]
    longest = max(pieces, key=len, default="")
    return _STUB.format(
        name="-".join(regex.findall(r"[a-z0-9]+", longest.lower())[:5]) or "kebab-name",
        regex=r"[^\n]{0,80}?".join(_escaped(piece) for piece in words),
        literals=f'"{longest}"' if longest else "",
        text=line.replace("'''", "' ' '"),
    )


def _telling(text: str) -> str:
    lines = (line.strip() for line in text.split("\n"))
    return next((line for line in lines if _SPEAKS_OF_AUTH.search(line)), "")


def _template(line: str) -> str:
    return _with_gaps(line)[:_TEMPLATE_CHARACTERS].strip()


def _words(line: str) -> list[str]:
    """Return what stands between the gaps, but for brackets and names of fields."""
    pieces = [piece.strip() for piece in line.split(_GAP)]
    return [piece for piece in pieces if regex.search(r"\p{L}(?!\S*=$)", piece)] or [line.strip()]


def _with_gaps(line: str) -> str:
    line = _FIELD.sub(_field, line)
    line = _PERSON.sub(rf"\g<name> {_GAP}", _VALUE.sub(_value, line))
    return _GAPS.sub(_GAP, _HEAD.sub("", line)).strip()


def _field(found: regex.Match[str]) -> str:
    name, value = found["name"], found["value"]
    if regex.sub(r"[^\w]", "", name).lower() not in _SAYS:
        return name + _GAP
    if value[0] not in "\"'":
        return name + value
    # the quotes are the field's own, not the program's
    return f"{name}{_GAP} {value[1:].rstrip(value[0])} {_GAP}"


def _value(found: regex.Match[str]) -> str:
    said = found[0]
    is_phrase = said[0] in "\"'" and _SPEAKS_OF_AUTH.search(said)
    return f"{_GAP} {said[1:-1]} {_GAP}" if is_phrase else _GAP


def _escaped(text: str) -> str:
    return regex.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)
