"""Source lines in stack traces: what a program is written like, not what it said.

`raise InvalidAudienceError("Audience doesn't match")` below a frame says that such a line exists.
Interpreters print source below a frame of Python, and above a line of carets elsewhere.
"""

from __future__ import annotations

import regex

# Lines below a frame that are indented deeper than it: one statement, since 3.13 all its lines.
_PYTHON = regex.compile(
    r'^(?P<frame>(?P<indent>[ \t|>│]*)File "[^"\n]*", line \d+[^\n]*\n)'
    r"(?:(?=(?P=indent)[ \t]{2})[^\n]*(?:\n|\Z))++",
    regex.MULTILINE,
)
# Node's uncaught errors, Ruby's error_highlight, syntax errors: `    throw new …`, `    ^`.
_POINTED_AT = regex.compile(r"^[^\n]*\n[ \t|]*(?:\^|~+\^)[\^~]*[ \t]*$", regex.MULTILINE)
# The same lines where a store made events of lines: `    raise X("...")`, `throw new X('...')`.
_STATEMENT = regex.compile(r"^[ \t|]*except [\w., ()]+:[^\n]*$", regex.MULTILINE)
# What stands of one within a line: a link to it, lines that were joined.
_RAISED = regex.compile(
    r"\b(?:raise|throw(?: new| const)?) [\w.:\\]{1,80} ?\((?=[frbu$@]?[\"'`])"
    r"(?:[^()\n]|\([^()\n]*+\)){0,400}+\)"
)
# Rich draws a box around a trace, with the source and the values of variables in it.
_BOXED = regex.compile(r"^[ \t]*[╭│╰┌└├┃].*$", regex.MULTILINE)


def without_source(text: str) -> str:
    """Return the text without source lines; the same object where it has none."""
    if "─ Traceback" in text:
        text = _BOXED.sub("", text)
    if 'File "' in text:
        text = _PYTHON.sub(r"\g<frame>", text)
    if "^" in text:
        text = _POINTED_AT.sub("", text)
    if "raise " in text or "throw " in text or "except " in text:
        text = _RAISED.sub("", _STATEMENT.sub("", text))
    return text


# A frame, and what is indented as deep below it: further frames, and the source between them.
_STACK = regex.compile(
    r"^(?P<indent>(?=[ \t|>│])[ \t|>│]*)(?:at |from |File \"|\.{3} \d+ |\d+: +[\w<]+::)[^\n]*"
    r"(?:\n(?P=indent)[^\n]*)++",
    regex.MULTILINE,
)


def folded(text: str) -> str:
    """Return the text with each run of stack frames written as one line that says how many.

    What was thrown stands above the frames in most languages and below them in Python: a text cut
    to a length says both only without them.
    """
    return _STACK.sub(_count, text) if "\n" in text else text


def _count(match: regex.Match[str]) -> str:
    return f"{match['indent']}… {match[0].count(chr(10)) + 1} lines of the stack"


# The frames of functions that make tokens, and what is said there; verifying passes through none.
_SIGNING = regex.compile(
    r"(?:jwt|jws|jose|authlib|joserfc)[\w./\\-]{0,80}\.py\",? "
    r"(?:line \d+, in |\"lineno\": \d+, \"name\": \")(?:encode|sign|serialize_compact)\b"
    r"|jsonwebtoken[/\\](?:lib[/\\])?sign\.js:"
    r"|\bat (?:Sign|Object)\.sign \("
    r"|jose[/\\][\w./\\-]{0,60}(?:jwt|flattened|compact|general)[/\\]sign\.js:"
    r"|(?i:\b(?:fail(?:ed|ure) to|cannot|can't|could not|couldn't|unable to|error) sign(?:ing)?\s"
    r"(?:(?:the|an?|new|access|id|auth|json web)\s){0,3}(?:token|jwt|jws|assertion)\b)"
)


def is_signing(text: str) -> bool:
    """Return whether a text tells of a token being made: nobody's was rejected then."""
    if "encode" not in text and "sign" not in text and "serialize_compact" not in text:
        return False
    return _SIGNING.search(text) is not None
