"""One YAML mapping of scalars, as the AWS CLI writes an event.

Only what that program writes: plain, single- and double-quoted scalars, folded over lines, and
block scalars (YAML 1.1, chapters 8 and 9).
"""

from __future__ import annotations

import regex

_KEY = regex.compile(r"(?P<indent>\s*)(?P<item>- )?(?P<key>[A-Za-z]\w*):(?: (?P<value>.*))?$")
_ESCAPE = regex.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", regex.DOTALL)
_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f",
    "v": "\v", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


def scalars(text: str) -> dict[str, str]:
    """Return the keys and values of a mapping that may be an item of a list."""
    found: dict[str, str] = {}
    key, column = "", -1
    parts: list[str] = []
    for line in text.split("\n"):
        match = _KEY.match(line)
        if match and not _is_inside(parts):
            at = len(match["indent"]) + len(match["item"] or "")
            if column in {-1, at}:
                if key:
                    found[key] = _scalar(parts)
                key, parts, column = match["key"], [match["value"] or ""], at
                continue
        parts.append(line)
    if key:
        found[key] = _scalar(parts)
    return found


def _is_inside(parts: list[str]) -> bool:
    """Return whether a quoted scalar is still open."""
    text = "\n".join(parts).strip()
    if text[:1] == "'":
        return text.count("'") % 2 == 1
    if text[:1] == '"':
        return len(text) < 2 or not regex.fullmatch(r'"(?:[^"\\]|\\.)*"', text, regex.DOTALL)
    return False


def _scalar(parts: list[str]) -> str:
    first = parts[0].strip()
    if first[:1] in {"|", ">"} and len(first) <= 3:
        return _block(first, parts[1:])
    text = _folded([part.strip() for part in parts])
    if text[:1] == "'" and text[-1:] == "'":
        return text[1:-1].replace("''", "'")
    if text[:1] == '"' and text[-1:] == '"':
        return _ESCAPE.sub(_unescaped, text[1:-1])
    return text


def _folded(lines: list[str]) -> str:
    """Return folded lines as one: a line break is a space, an empty line a line break."""
    text = ""
    breaks = 0
    for number, line in enumerate(lines):
        if not line:
            breaks += 1
            continue
        if number and text.endswith("\\") and not text.endswith("\\\\"):
            text = text[:-1] + line.removeprefix("\\" if line.startswith("\\ ") else "")
        elif number and text:
            text += "\n" * breaks + line if breaks else " " + line
        else:
            text += line
        breaks = 0
    return text


def _unescaped(match: regex.Match[str]) -> str:
    code = match[1]
    if code[0] in "xuU" and len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number <= 0x10FFFF else "�"
    return _ESCAPES.get(code, code)


def _block(style: str, lines: list[str]) -> str:
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    body = [line[indent:] for line in lines]
    while body and not body[-1]:
        body.pop()
    return "\n".join(body) if style[0] == "|" else _folded(body)
