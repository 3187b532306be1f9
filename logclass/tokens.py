"""JSON Web Tokens found in text: header and claims, decoded and never verified.

Compact serialisation as in RFC 7515 section 3.1 and RFC 7519. The signature is not decoded and
leaves this module in no form.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson
import regex

# A JOSE header is a JSON object: base64url of `{"` begins eyJ, of `{` and white space ewo, ew0,
# ewk or eyA. Some print plain base64, or escape the dots in a URL, and that URL in another.
_DOT = r"(?:\.|%(?:25)*2[Ee])"
COMPACT = regex.compile(
    r"(?:(?<![A-Za-z0-9-])|(?<=%(?:25)*[0-9A-Fa-f]{2}))"
    r"(?P<header>e(?:yJ|w[o0k]|yA)[A-Za-z0-9_-]{6,})"
    rf"(?:{_DOT}(?P<payload>[A-Za-z0-9_+/=-]*)(?:{_DOT}[A-Za-z0-9_+/=-]*){{0,3}})?"
)
_MAX_SEGMENT = 16 * 1024  # characters; a longer one is no token anybody verifies


@dataclass(frozen=True, slots=True)
class Token:
    """What an unverified token claims. Values are the sender's, to be treated as such."""

    header: dict[str, Any]
    claims: dict[str, Any]
    id: int  # 64-bit hash of header and payload: tells the same token when seen again


def may_stand_in(text: str) -> bool:
    """Return whether a text has the first letters of a JOSE header; far cheaper than a search."""
    # spelt out: this is asked of every candidate
    return "eyJ" in text or "ewo" in text or "ew0" in text or "ewk" in text or "eyA" in text


def find(text: str) -> Token | None:
    """Return the first token in `text` whose header can be read, else None."""
    for match in COMPACT.finditer(text, timeout=1):
        token = decode(match["header"], match["payload"] or "")
        if token is not None:
            return token
    return None


def decode(header: str, payload: str) -> Token | None:
    """Return what the two segments hold; claims are empty for an encrypted or cut payload."""
    head = _object(header)
    if head is None:
        return None
    return Token(head, _object(payload) or {}, hash64(f"{header}.{payload}"))


def hash64(text: str) -> int:
    """Return a 64-bit hash that is the same in every process; never 0."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") or 1


def _object(segment: str) -> dict[str, Any] | None:
    if not segment or len(segment) > _MAX_SEGMENT:
        return None
    try:
        value = orjson.loads(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    except (binascii.Error, ValueError):
        return None
    return value if isinstance(value, dict) else None
