"""Whether a change speaks of a token library, by its record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logclass.causes.case import Case
    from logclass.model import ChangeEvent

# Limits and timeouts are bumped too: what is bumped has a version, or is called a library.
_VERSION = r"(?:from |to |-> ?)?v?\d+(?:\.\d+){1,3}(?![\w%.]| ?(?:[KMG]i?B?|m?s)\b)"
_UPGRADE = re.compile(
    rf"\b(bump\w*(?= (?:\S+ ){{1,3}}?{_VERSION})"
    r"|bump\w*(?= (?:\S+ )?(?:jwt|jose|oidc|oauth2?|auth|spring|sdk|framework)\b)"
    r"|upgrade[sd]?|dependenc\w+|renovate|dependabot|update[sd]? (?:dep|librar|package)\w*"
    r"|librar\w+|package(?:-lock)?|lockfile|pyjwt|jsonwebtoken|jose\d?|jjwt|nimbus\S*"
    r"|golang-jwt|java-jwt|identitymodel)\b",
    re.IGNORECASE,
)
_ITSELF = re.compile(
    r"\b(?:upgrade|update|install)\w*"
    r" (?:to v?\d[\w.]*|(?:\"[^\"]*\" )?(?:complete|succe|failed)\w*)",
    re.IGNORECASE,
)


def speaks_of_library(case: Case) -> str:
    """Return the id of a fitting change that speaks of a library, or ""."""
    for c in case.found.candidates:
        fits = (c.probability >= 0.1 or c.lead) and not c.veto and not c.reach.is_disjoint
        if fits and _UPGRADE.search(_beside_itself(c.change)):
            return c.change.id
    return ""


def _beside_itself(change: ChangeEvent) -> str:
    """Return what a record says less that the service itself was upgraded: every deploy does that.

    Helm, for one, describes each revision as "Upgrade complete".
    """
    words = _ITSELF.sub(" ", f"{change.description} {change.version}")
    if not change.target:
        return words
    itself = rf"\b(?:bump|upgrade|update)\w*(?: \w+)? {re.escape(change.target)}\b"
    return re.sub(itself, " ", words, flags=re.IGNORECASE)
