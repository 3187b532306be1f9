"""Objects as programs print them that are not JSON: Ruby's Hash#inspect, Python's repr, Node's.

`{:status=>401, "a"=>nil}`, `{status: 401, "a" => nil}` (Ruby 3.4), `{'status': 401, 'a': None}`,
`{ status: 401, a: null }`. What is printed of other values (`#<Foo …>`, `UUID('…')`, `[Function]`)
is taken as text.
"""

from __future__ import annotations

from typing import Any

import regex

_MOST_CHARACTERS = 64 * 1024
_MAX_DEPTH = 12
_DATE_PARTS, _DAY_SECONDS = 3, 86_400
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b", "0": "\0"}

_BLANK = regex.compile(r"\s*+")
_STRING = regex.compile(
    r"[bBuU]?(?:\"(?P<double>(?:[^\"\\]|\\.)*+)\"|'(?P<single>(?:[^'\\]|\\.)*+)'"
    r"|`(?P<tick>(?:[^`\\]|\\.)*+)`)",
    regex.DOTALL,
)
_TIME = regex.compile(
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?"
)
_NUMBER = regex.compile(r"[+-]?\d[\d_]*+(?:\.\d+)?(?:[eE][+-]?\d+)?n?(?![\w:])")
_WORD = regex.compile(r":?[A-Za-z_$@][\w$@.?!-]*+")
_MORE = regex.compile(r"\s*+\+?\s*+(?=[\"'`])")
_INDEX = regex.compile(r"\[\d+\] ")  # Ruby's awesome_print counts what is in a list
_ESCAPE = regex.compile(r"\\(?:u\{?([0-9a-fA-F]{4,6})\}?|x([0-9a-fA-F]{2})|(.))", regex.DOTALL)
# `#<JWT::ExpiredSignature: Signature has expired>`, `<Request 'x' [GET]>`, `[Function: f]`
_SHOWN = regex.compile(
    r"#?<(?:[^<>]|<[^<>]*+>)*+>|\[(?:Function|Getter|Circular|Object|Array|Symbol)[^\[\]]*+\]"
)
_CONSTANTS = {
    "nil": None, "None": None, "null": None, "undefined": None,
    "true": True, "True": True, "false": False, "False": False,
}  # fmt: skip
_CLOSING = {"{": "}", "[": "]", "(": ")"}


def printed_object(text: str) -> dict[str, Any] | None:
    """Return the object that a text is as Ruby, Python or Node print it, else None."""
    text = text.strip()
    if not (text[:1] == "{" and text[-1:] == "}") or len(text) > _MOST_CHARACTERS:
        return None
    try:
        value, at = _value(text, 0, 0)
    except (ValueError, IndexError):
        return None
    return value if isinstance(value, dict) and value and at == len(text) else None


def printed_value(text: str) -> Any:  # noqa: ANN401
    """Return any value as Ruby, Python or Node print it; raises ValueError for anything else."""
    try:
        value, at = _value(text, 0, 0)
    except IndexError as error:
        raise ValueError("no end of the value") from error
    if at != len(text):
        raise ValueError("text behind the value")
    return value


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int, depth: int) -> tuple[Any, int]:
    """Return the value at an offset, and the offset behind it; raises ValueError for none."""
    at = _skip(text, at)
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deep")
    if match := _SHOWN.match(text, at):
        return match[0].strip("#<>[]"), match.end()
    if text[at] == "{":
        return _pairs(text, at + 1, depth)
    if text[at] in "[(":
        return _items(text, at + 1, _CLOSING[text[at]], depth)
    return _scalar(text, at, depth)


def _scalar(text: str, at: int, depth: int) -> tuple[Any, int]:
    if match := _STRING.match(text, at):
        return _strings(text, match)
    if match := _TIME.match(text, at):
        return match[0], match.end()
    if match := _NUMBER.match(text, at):
        return _number(match[0]), match.end()
    match = _WORD.match(text, at)
    if match is None:
        raise ValueError("no value")
    if text[match.end() : match.end() + 1] == "(":
        values, at = _items(text, match.end() + 1, ")", depth)
        return _made(match[0], values), at
    return _word(text, match), match.end()


def _strings(text: str, match: regex.Match[str]) -> tuple[str, int]:
    """Return a string that may be cut into several: Node puts a plus between, Python nothing."""
    said, at = [_unquoted(match)], match.end()
    while (following := _MORE.match(text, at)) and (more := _STRING.match(text, following.end())):
        said.append(_unquoted(more))
        at = more.end()
    return "".join(said), at


def _made(name: str, values: list[Any]) -> Any:  # noqa: ANN401
    """Return what `Type('…')` and `datetime.datetime(2031, …)` hold."""
    if name.rpartition(".")[2] == "datetime" and len(values) >= _DATE_PARTS:
        return _moment(values)
    if not values:
        return name  # tzutc()
    if len(values) != 1 or not isinstance(values[0], str):
        return values
    is_error = name.endswith(("Error", "Exception", "Signature")) or " " in values[0]
    return f"{name}: {values[0]}" if is_error else values[0]


def _word(text: str, word: regex.Match[str]) -> Any:  # noqa: ANN401
    """Return a constant, a symbol or a name; raises ValueError for a bare word."""
    name, behind = word[0], text[_skip(text, word.end()) :][:1]
    if name in _CONSTANTS:
        return _CONSTANTS[name]
    is_name = name[:1] == ":" or name[:1].isupper() or "." in name or behind == "="
    if not is_name:
        raise ValueError("a bare word")
    return name.removeprefix(":")


def _moment(values: list[Any]) -> str:
    """Return the time that the arguments of a datetime are, "" where their zone is not told."""
    numbers = [value for value in values if isinstance(value, int)] + [0] * 4
    year, month, day, hour, minute, second, micro = numbers[:7]
    zones = [_zone(value) for value in values if not isinstance(value, int)]
    if None in zones:
        return ""
    zone = zones[0] if zones else ""
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micro:06}{zone}"


def _zone(value: object) -> str | None:
    """Return the offset of `datetime.timezone.utc` or `timezone(timedelta(seconds=7200))`."""
    if isinstance(value, str):
        return "+00:00" if value.rpartition(".")[2].lower() in {"utc", "tzutc"} else None
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    parts = value if isinstance(value, list) else [value]
    seconds = [part for part in parts if isinstance(part, int)]
    if len(seconds) != len(parts) or len(parts) not in {1, 2}:
        return None
    minutes = (seconds[-1] + _DAY_SECONDS * sum(seconds[:-1])) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _items(text: str, at: int, end: str, depth: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    while text[at := _skip(text, at)] != end:
        if number := _INDEX.match(text, at):
            at = number.end()
        value, at = _value(text, at, depth + 1)
        at = _skip(text, at)
        if text[at] == "=" and isinstance(value, str):  # a keyword argument
            value, at = _value(text, at + 1, depth + 1)
            at = _skip(text, at)
        found.append(value)
        if text[at] == ",":
            at += 1
        elif text[at] != end:
            raise ValueError("no comma")
    return found, at + 1


def _pairs(text: str, at: int, depth: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while text[at := _skip(text, at)] != "}":
        key, at = _key(text, at)
        found[key], at = _value(text, at, depth + 1)
        at = _skip(text, at)
        if text[at] == ",":
            at += 1
        elif text[at] != "}":
            raise ValueError("no comma")
    return found, at + 1


def _key(text: str, at: int) -> tuple[str, int]:
    """Return a key, and the offset behind the sign between it and its value."""
    if (text[at] == ":" and (match := _STRING.match(text, at + 1))) or (
        match := _STRING.match(text, at)
    ):  # :"a key"
        key = _unquoted(match)
    elif (match := _SHOWN.match(text, at)) and text[at] == "[":  # [Symbol(level)]
        key = match[0].strip("[]")
    elif match := _WORD.match(text, at) or _NUMBER.match(text, at):
        key = match[0].removeprefix(":")
    else:
        raise ValueError("no key")
    at = _skip(text, match.end())
    if text.startswith("=>", at):
        return key, at + 2
    if text[at] == ":" and text[match.start()] != ":":
        return key, at + 1
    raise ValueError("no value")


def _unquoted(match: regex.Match[str]) -> str:
    quoted = match["double"] if match["double"] is not None else match["single"]
    text: str = match["tick"] if quoted is None else quoted
    return _ESCAPE.sub(_escaped, text) if "\\" in text else text


def _escaped(match: regex.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0xD800 or 0xDFFF < number < 0x110000 else "\ufffd"
    return _ESCAPES.get(match[3], match[3])


def _number(text: str) -> int | float | str:
    plain = text.replace("_", "").removesuffix("n")
    try:
        return int(plain)
    except ValueError:
        return float(plain)
