"""What the queries of addresses say of an error, in the words of whoever wrote it.

A sign-in that failed is often told by a redirect only, `/cb?error_description=Token+expired`, and
gRPC escapes its messages the same way. The words are put below the text, so that what stands in an
address stays what it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, unquote_plus

if TYPE_CHECKING:
    from re import Match

_NAMES = "error|err|message|msg|reason|description|desc|detail|failure"
_LONGEST = 2_000  # characters of a value
_BLANK = r"(?:%(?:25)?20|\+)"
_CHARACTER = r"""[^\s"'&<>\\]"""

# What the scan looks for in raw bytes, which hold every value that is read here. JSON may have
# escaped the equals sign there.
EXPRESSION = (
    rf"(?:(?:{_NAMES})s?(?:=|%3d|%253d|.u003d)|grpc.message[^a-z\n]{{1,6}})"
    rf"{_CHARACTER}*{_BLANK}"
)
_VALUE = re.compile(
    rf"(?P<name>(?:[a-z0-9]{{1,24}}[_.-]){{0,2}}(?:{_NAMES})s?)(?P<equals>=|%(?:25)?3d|(?<=grpc.message)[^a-z\n]{{1,6}})"
    rf"(?={_CHARACTER}{{0,{_LONGEST}}}?{_BLANK})(?P<value>{_CHARACTER}{{1,{_LONGEST}}})",
    re.IGNORECASE,
)
# The page before: its own request told the same once already.
_PAGE_BEFORE = re.compile(r"(?:refer\w{1,4}\W{1,6}|\" \d{3} (?:\d+|-) \")\Z", re.IGNORECASE)
_BESIDE_ADDRESS = " \"'\n\t"
_REACH = 2_000  # characters of an address before its error


def told(text: str) -> str:
    """Return the errors that queries in a text tell, decoded, a line each; "" for none."""
    if "%20" not in text and "+" not in text and "%2520" not in text:
        return ""
    return "\n".join(
        f'{value["name"]}="{_decoded(value)}"'
        for value in _VALUE.finditer(text)
        if not _is_of_page_before(text, value)
    )


def _is_of_page_before(text: str, value: Match[str]) -> bool:
    before = text[max(0, value.start() - _REACH) : value.start()]
    address = max(map(before.rfind, _BESIDE_ADDRESS)) + 1
    return _PAGE_BEFORE.search(before[max(0, address - 40) : address]) is not None


def _decoded(value: Match[str]) -> str:
    once = unquote_plus(value["value"])
    if "%" in value["equals"]:  # an address within an address
        once = once.split("&", 1)[0]
    return unquote(once) if "%20" in once else once
