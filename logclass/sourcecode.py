"""Lines of source: pasted into a ticket, under review, printed by a tool; nobody said these words.

`logger.warn('Expired token supplied')` tells what a program says some day. A statement goes on over
lines until its brackets are closed.
"""

from __future__ import annotations

import re

# A text handed to a function, and an arm of a choice: ErrorKind::ExpiredSignature => "..."
_ARGUMENT = re.compile(r"""\(\s?(?:json_encode\(|(?:[$@frb]|[A-Z]{2,8},\s?)?["'`])|\s=>\s""")
_LEVEL = (
    r"(?:trace|debug|info|warn(?:ing)?|error|err|fatal|critical|exception|log|print|panic"
    r"|tagged|sprint)(?:f|ln|w)?"
)
# What stands before such an argument: logger.error, console.log, tracing::warn!, assertEquals
_FUNCTION = re.compile(
    rf"""(?x)(?<!\w)(?:
      (?:[\w$]{{1,40}}(?:\.|->|::)){{0,4}}
        (?i:_?\$?log(?:ger)?|console|slog|zap|tracing|logging|winston|pino|fmt|t|nlog|timber)
        (?:\(\))?\s?(?:\.|->|::)(?i:{_LEVEL})!?
    | (?:{_LEVEL}|bail|anyhow|eprintln|format)!
    | _?log_(?:error|warn|info|debug)\w{{0,40}} | Log\.[ewid] | error_log|trigger_error
    | errors\.New|NSLog|System\.(?:out|err)\.print(?:ln|f)?
    | puts|assert[A-Z]\w*|expect|describe|it|test
    )\Z"""
)
_ARM = re.compile(r"(?<![\w.])\w{1,60}(?:::\w{1,60}){1,6}(?:\([^)\n]{0,60}\))?\Z")
_REACH = 200  # characters before the argument
# Lines that begin as none of a log does.
_BEGINNING = re.compile(
    r"""(?xm)^(?:
      [ \t>]{0,40}(?:[+-][ \t]{1,40})?(?:
        (?:public|private|protected|internal|export)[ \t](?:static|const|readonly|final|async
          |override|abstract|virtual|function|class|interface|enum|default)\b
      | (?:const|let|var|val)[ \t]\w+(?::[ \t]?\w+)?[ \t]=[ \t]
      | pub[ \t](?:enum|struct|fn|const|static|trait|type|async)\b
      | (?:async[ \t])?(?:def|func|fn|function)[ \t]\w+\s?[(<]
      | (?:\}[ \t]?)?(?:else[ \t])?if[ \t]?\((?=[^\n]*(?:[!=]==?|&&|\|\||!\w|\)\s?\{?$))
      | return[ \t](?:new[ \t])?[\w.:>$-]{1,80}\(\s?(?:\w+,\s?)?[$@frb]?["'`]
      | //[ \t]
      )
    | [+-][ \t]{2,40}\S[^\n]{0,300}["'`)][;,{)]$
    )"""
)
_LONGEST = 4_000  # characters of a statement
_OPEN, _CLOSED = "([{", ")]}"


def without_code(text: str) -> str:
    """Return the text with such statements left out; the same object where it has none."""
    begun = {match.start() for match in _BEGINNING.finditer(text)}
    begun |= {
        text.rfind("\n", 0, match.start()) + 1
        for match in _ARGUMENT.finditer(text)
        if _is_code(text, match)
    }
    pieces, at = [], 0
    for start in sorted(begun):
        if start >= at:
            pieces.append(text[at:start])
            at = _end(text, start)
    return "".join([*pieces, text[at:]]) if begun else text


def _is_code(text: str, argument: re.Match[str]) -> bool:
    line = text.rfind("\n", 0, argument.start()) + 1
    before = text[max(line, argument.start() - _REACH) : argument.start()]
    return (_FUNCTION if argument[0][0] == "(" else _ARM).search(before) is not None


def _end(text: str, start: int) -> int:
    """Return where the statement ends: with the line that closes its brackets."""
    first = end = _line_end(text, start)
    while _is_open(text[start:end]):
        if end == len(text) or end - start > _LONGEST:
            return first  # never closed
        end = _line_end(text, end + 1)
    return end


def _is_open(statement: str) -> bool:
    return sum(map(statement.count, _OPEN)) > sum(map(statement.count, _CLOSED))


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end
