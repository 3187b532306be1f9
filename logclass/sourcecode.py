"""Lines of source: pasted into a ticket, under review, printed by a tool; nobody said these words.

`logger.warn('Expired token supplied')` tells what a program says some day. A statement goes on over
lines until its brackets are closed.
"""

from __future__ import annotations

import re

# A text handed to a function, and an arm of a choice: ErrorKind::ExpiredSignature => "..."
_ARGUMENT = re.compile(
    r"""\((?:\s?|\n[ \t]{1,60})"""
    r"""(?:json_encode\(|\{\s?["']?\w{1,40}["']?:\s|(?:[$@frb]|[A-Z]{2,8},\s?)?["'`])|\s=>\s"""
)
_LEVEL = (
    r"(?:trace|debug|info|warn(?:ing)?|error|err|fatal|critical|exception|log|print|panic"
    r"|tagged|sprint)(?:f|ln|w)?"
)
# What stands before such an argument: logger.error, console.log, tracing::warn!, assertEquals
_FUNCTION = re.compile(
    rf"""(?x)(?<!\w)(?:
      (?:[\w$]{{1,40}}(?:\.|->|::)){{0,4}}
        (?i:_?\$?log(?:ger)?|console|slog|zap|tracing|logging|winston|pino|fmt|t|nlog|timber)
        (?:\(\)|\.[wW]ith\w{{0,20}}\([^()\n]{{0,80}}\)){{0,3}}\s?(?:\.|->|::)(?i:{_LEVEL})!?
    | (?:{_LEVEL}|bail|anyhow|eprintln|format)!
    | _?log_(?:error|warn|info|debug)\w{{0,40}} | Log\.[ewid] | error_log|trigger_error
    | errors\.New|NSLog|System\.(?:out|err)\.print(?:ln|f)?
    | puts|[aA]ssert(?:\.?[A-Z]|_)\w*|expect|describe|it|test
    | \.(?:to|not|should)(?:[A-Z]\w*|_\w+)? | jsonify|JSON\.stringify|\.(?:json|send)
    | \.(?:includes|[cC]ontains|starts_?[wW]ith|ends_?[wW]ith|indexOf|equals|match(?:es)?)
    )\Z"""
)
_ARM = re.compile(
    r"(?<![\w.])\w{1,60}(?:::\w{1,60}){1,6}(?:\([^)\n]{0,60}\))?\Z"
    r"|^[ \t]{0,40}(?:(?:Ok|Err|Some)\([^)\n]{0,60}\)|[A-Z][a-z]+(?:[A-Z][a-z]+)+)\Z"
)
_REACH = 200  # characters before the argument
# What only source has within a line, and what is looked for first.
_WITHIN = (
    # strings with values to be filled in: error: f"no key {kid}", Response(401, s"late: $token")
    (("{", "$"), re.compile(r"""[:=(,\[]\s?[fs]["'](?=[^"'\n]{0,300}[{$])""")),
    (("== ",), re.compile(r"""\w[)\]]? [!=]== ["']""")),
    (("||", "&&"), re.compile(r"(?:\|\||&&)[ \t]{0,8}$", re.MULTILINE)),
)
# Lines that begin as none of a log does.
_BEGINNING = re.compile(
    r"""(?xm)^(?:
      [ \t>]{0,40}(?:[+-][ \t]{0,40})?(?:
        (?:public|private|protected|internal|export)[ \t](?:static|const|readonly|final|async
          |override|abstract|virtual|function|class|interface|enum|default)\b
      | (?:const|let|var|val)[ \t]\w+(?::[ \t]?\w+)?[ \t]=[ \t]
      | pub[ \t](?:enum|struct|fn|const|static|trait|type|async)\b
      | (?:async[ \t])?(?:def|func|fn|function)[ \t]\w+\s?[(<]
      | (?:\}[ \t]?)?(?:else[ \t])?if[ \t]?\((?=[^\n]*(?:[!=]==?|&&|\|\||!\w|\)\s?\{?$))
      | return[ \t](?:nil|null|None|[Ff]alse|[Tt]rue|new|await|[\w.:>$\\-]{1,80}\(|[\[{("'])
      | /[/*]{1,2}[ \t-] | \#[ \t]{0,20}["']\w{1,40}["'][ \t]?:[ \t]
      | assert[ \t](?:not[ \t])?[\w.\[\]()"']{1,80}[ \t](?:in|is|not|==|!=|<|>)[ \t]
      | if[ \t][^\n]{1,200}\{$
      | (?:_|\w[\w, ]{0,60}:)[ \t]?=[ \t][\w.]{1,80}\( | echo[ \t]["'][^\n]{0,300}["'];?$
      | \.\w{1,60}\([^\n]*["'`|] | [\w$.>:\\-]{1,120}+\([^\n]*\);(?:[ \t]*//[^\n]*)?$
      | throw[ \t](?:new[ \t]|const[ \t])?[\w.:\\]{1,80}\(
      | raise[ \t][\w.:]{1,80}(?:\(|,[ \t]["'])
      | from[ \t][\w.]{1,80}[ \t]import[ \t] | import[ \t]\{
      | [\w.]{1,80}[ \t]should(?:Be|Have|Contain|Throw|Start)\w*\b
      | \w{1,60}=[rfb]?["'][^\n]{0,300}["'],$ | [A-Z][A-Z\d_]{2,60},?[ \t]{1,8}//[ \t]
      | [A-Z][A-Z\d]*(?:_[A-Z\d]+)+(?::[ \t]?\w+)?[ \t]=[ \t](?:[rfb@$]|new[ \t]|\w{1,40}\()?["'`]
      | (?:self\.)?(?:assert(?:[A-Z]\w*|_\w+)?|expect)\(|assert_\w+[ ]
      | \$\w+(?:\[[^\]\n]{1,60}\]|->\w+){0,3}[ \t]?=[ \t]["']
      | \#[ \t]?define[ \t]\w | (?:std::)?(?:cout|cerr|clog)[ \t]?<<
      | (?<=\t)(?:\w{1,40}:[ \t]+["`][^"`\n]{0,300}["`]
        |\{(?!["']\w{1,80}["'][ \t]?:)[^\n]{1,300}\}),$
      | [A-Z]\w{2,60}[ \t]=[ \t](?:errors\.New|fmt\.Errorf|New\w{0,40})\(
      | case[ \t][^\n]{1,120}(?::|->)(?:[ \t]*$|[ \t]{1,8}(?:return|break|throw)\b)
      | case[ \t]\.\w{1,60}(?:\([^)\n]{0,60}\))?:[ \t]["']
      | \|[ \t](?:[A-Z]\w{0,60}|_)[ \t]->[ \t]
      | \{:(?:error|ok)\b[^\n]{0,120}\}[ \t]->(?:[ \t]|$)
      | (?<=[ \t]{4})\{:(?:error|ok),[ ]:?\w{1,60}\}$
      | \{(?:true|false|_|nil)(?:,[ \t]?\w++)*+\}[ \t]->
      | \(+(?:throw|raise|ex-info|defn?|catch|let|if|when|cond|log/\w+)[ \t(]
      | (?:rescue(?:_from)?|with[ \t]pytest\.raises|except)[ \t(][\w:.(]{1,80}
      | (?:it|test|context|should|specify)[ \t]["'][^"'\n]{1,200}["'](?:,[^\n]{0,80})?[ \t]do\b
      | \[(?:Fact|Theory|Test|TestMethod|TestCase)\b
      | @(?:Test|ApiResponses?|Operation|ExceptionHandler|ResponseStatus)\b
      | \}?[ \t]?catch[ \t]?\([ \t]?[\w|. $:]{1,120}\)[ \t]?(?:when[^\n]{0,80})?\{
      | <(?:data|string|key|trans-unit|resource)[ \t](?:name|id)="
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
    for marks, words in _WITHIN:
        if any(mark in text for mark in marks):
            begun |= {text.rfind("\n", 0, match.start()) + 1 for match in words.finditer(text)}
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
    """Return where the statement ends: with the line that closes its brackets.

    Where none does, with the last of the lines below it that are indented deeper.
    """
    end = _line_end(text, start)
    below = None
    while _is_open(text[start:end]):
        if end == len(text) or end - start > _LONGEST:
            return end if below is None else below
        last, end = end, _line_end(text, end + 1)
        if below is None and _indent(text, last + 1) <= _indent(text, start):
            below = last
    return end


def _indent(text: str, start: int) -> int:
    line = text[start : _line_end(text, start)]
    return len(line) - len(line.lstrip())


def _is_open(statement: str) -> bool:
    return sum(map(statement.count, _OPEN)) > sum(map(statement.count, _CLOSED))


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end
