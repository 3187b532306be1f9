"""Requests that passed, by what their record holds: a status 2xx beside the key of a token."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import orjson

from logclass import tokens
from logclass.precedence import Match
from logclass.vocabulary import Outcome

if TYPE_CHECKING:
    from logclass.classify import Candidate

PATTERN = "accepted.request"
_BAD = frozenset({"error", "err", "critical", "crit", "fatal", "warn", "warning", "alert"})
# Whoever makes tokens or hands out keys writes such lines too, and verifies nothing.
_ISSUES = re.compile(
    r"\b(?:issu(?:ed|ing)|mint(?:ed|ing)|sign(?:ed|ing)|generat(?:ed|ing)|creat(?:ed|ing)|"
    r"revok(?:ed|ing)|rotat(?:ed|ing)|publish(?:ed|ing)?|encrypt(?:ed|ing)?|decrypt(?:ed|ing)?|"
    r"log(?:ged)?[ _-]?in|sign[ _-]?in|grant_type|kms)\b"
    r"|/(?:token|oauth2?|jwks?|certs|keys|login|signin|logout|revoke|introspect|\.well-known)\b",
    re.IGNORECASE,
)
# Somebody let through without a token that was looked at.
_UNSURE = re.compile(
    r"\b(?:not|no|without|un(?:verified|signed|authenticated|trusted)|anonymous|skip(?:ped|ping)?|"
    r"invalid|fail(?:ed|ure|ing)?|expired|denied|reject(?:ed|ing)?|error|warning|unknown|missing|"
    r"refused|mismatch|bypass(?:ed)?)\b",
    re.IGNORECASE,
)
_MATCH = Match(
    PATTERN, Outcome.ACCEPTED, None, (), "", "", "", {}, withheld=False, span=(0, 0), beaten=()
)


def match(record: Candidate) -> Match | None:
    """Return the match of a record of a request that passed with a token, else None."""
    if not 200 <= record.status < 300 or record.severity in _BAD:
        return None
    if not _names_key(record) or _ISSUES.search(record.text) or _ISSUES.search(record.route):
        return None
    return None if _UNSURE.search(record.text) else _MATCH


def _names_key(record: Candidate) -> bool:
    if record.context and orjson.loads(record.context).get("kid"):
        return True
    return tokens.may_stand_in(record.text) and tokens.find(record.text) is not None
