"""Words of which one stands in every text that a regular expression matches.

To look for a few hundred words costs less than to try a few hundred expressions. Where nothing is
sure the answer is None, and the expression is to be tried on every text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LITERAL = frozenset(" !\"#%&',-/:;<=>@_`~")  # beside letters and digits
_RARE = frozenset("|#`")  # worth looking for alone
_OPTIONAL = ("?", "*", "{0,")
_ZERO_WIDTH = ("?=", "?!", "?<=", "?<!")


def alternatives(expression: str) -> list[str]:
    """Return the parts of an expression between its outermost bars."""
    parts, start, depth = [], 0, 0
    for at, item in _items(expression):
        depth += (item == "(") - (item == ")")
        if item == "|" and not depth:
            parts.append(expression[start:at])
            start = at + 1
    return [*parts, expression[start:]]


def needles(expression: str) -> frozenset[str] | None:
    """Return words, in lower case, of which one stands in every match; None where none is sure.

    The expression is without comments and free spacing, and matched without case.
    """
    found = [_needles_of_one(one) for one in alternatives(expression)]
    sure = [words for words in found if words]
    return frozenset().union(*sure) if sure and len(sure) == len(found) else None


def _needles_of_one(expression: str) -> frozenset[str] | None:
    """Return the best of the words and groups that one alternative cannot do without."""
    best: frozenset[str] | None = None
    for words in _demands(expression):
        if best is None or min(map(len, words)) > min(map(len, best)):
            best = words
    is_sure = best is not None and all(len(word) > 1 or _is_rare(word) for word in best)
    return best if is_sure else None


def _is_rare(character: str) -> bool:
    return character in _RARE or not character.isascii()


def _demands(expression: str) -> Iterator[frozenset[str]]:
    word, skip_to = "", 0
    for at, item in _items(expression):
        if at < skip_to:
            continue
        after = at + len(item)
        if item == "(":
            after = _closing(expression, at)
            inner = _group(expression[at + 1 : after - 1])
            if inner and not expression.startswith(_OPTIONAL, after):
                yield inner
        plain = _plain(item)
        keeps = plain and not expression.startswith((*_OPTIONAL, "+", "{"), after)
        repeats = plain and not keeps and not expression.startswith(_OPTIONAL, after)
        word += plain if keeps or repeats else ""
        if not keeps and word:
            yield frozenset([word.lower()])
            word = ""
        skip_to = _after_quantifier(expression, after)
    if word:
        yield frozenset([word.lower()])


def _group(inner: str) -> frozenset[str] | None:
    if inner.startswith(_ZERO_WIDTH):
        return None
    return needles(inner.split(":", 1)[1] if inner.startswith("?") else inner)


def _plain(item: str) -> str:
    """Return the character an item stands for, or "" for another kind of item."""
    if len(item) == 2 and not item[1].isalnum():
        return item[1]
    return (
        item
        if len(item) == 1 and (item.isalnum() or item in _LITERAL or not item.isascii())
        else ""
    )


def _items(expression: str) -> Iterator[tuple[int, str]]:
    """Yield place and text of characters, escapes and sets."""
    at = 0
    while at < len(expression):
        end = at + 1 + (expression[at] == "\\")
        if expression[at] == "[":
            end = _after_set(expression, at)
        yield at, expression[at:end]
        at = end


def _after_set(expression: str, at: int) -> int:
    end = at + 1 + (expression[at + 1] == "^")
    end += expression[end] == "]"
    while expression[end] != "]":
        end += 1 + (expression[end] == "\\")
    return end + 1


def _closing(expression: str, opening: int) -> int:
    """Return where a group ends, after its bracket."""
    depth = 0
    for at, item in _items(expression[opening:]):
        depth += (item == "(") - (item == ")")
        if not depth:
            return opening + at + 1
    return len(expression)


def _after_quantifier(expression: str, at: int) -> int:
    if expression.startswith("{", at):
        at = expression.index("}", at) + 1
    elif expression.startswith(("?", "*", "+"), at):
        at += 1
    return at + expression.startswith(("?", "+"), at)
