"""Files in which a contract can stand -> plain tables: JSON, TOML, YAML, `.env` and properties."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from logclass import yamltext

Table = dict[str, Any]

_LINE = re.compile(r"(?:export\s+)?(?P<key>[A-Za-z_][\w.-]*)\s*[=:]\s*(?P<value>.*?)\s*$")
_ENV_KEY = re.compile(r"[A-Z][A-Z0-9_]*|[a-z][\w-]*(?:\.[\w-]+)+")  # of the environment, or dotted
_FLAG = re.compile(r"--?(?P<key>[A-Za-z][\w.-]*)(?:=(?P<value>.*))?")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MARKS = re.compile(r"[-.\s:/]+|__+")
_MOST_LINES = 2000


def documents(data: bytes) -> list[Table]:
    """Return the tables that a file holds, one after another or in one list. Never raises."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = data.decode("utf-16", "replace")
    else:
        text = data.decode("utf-8-sig", "replace")
    found: Any
    try:
        if text.lstrip()[:1] == "{":
            found = json.loads(text)
        else:
            found = _toml(text) or _list(text) or _variables(text) or _flags(text) or _yaml(text)
    except (ValueError, RecursionError):
        return []
    tables = found if isinstance(found, list) else [found]
    return tables if all(isinstance(one, dict) for one in tables) else []


def snake(key: str) -> str:
    """Return a key in snake case."""
    return _MARKS.sub("_", _CAMEL.sub("_", key)).lower().strip("_")


def plain(found: Table) -> Table:
    """Return the table with its keys in snake case."""
    return {snake(str(key)): value for key, value in found.items()}


def leaves(found: Table, path: str = "") -> list[tuple[str, Any]]:
    """Return (path in snake case, value) for each value that is no table, at any depth."""
    listed: list[tuple[str, Any]] = []
    for key, value in found.items():
        at = f"{path}_{snake(str(key))}".strip("_")
        if isinstance(value, dict):
            listed += leaves(value, at)
        else:
            listed.append((at, value))
    return listed


def _toml(text: str) -> Table | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def _variables(text: str) -> Table | None:
    """Return the variables of a `.env` or properties file; values with commas are lists."""
    found: Table = {}
    lines = text.splitlines()
    for line in lines[:_MOST_LINES]:
        bare = line.strip()
        if not bare or bare.startswith(("#", "!", ";")):
            continue
        match = _LINE.match(bare)
        if match is None or not _ENV_KEY.fullmatch(match["key"]) or match["key"] in found:
            return None
        found[match["key"]] = listed(match["value"].strip("\"'"))
    return found or None


def listed(value: str) -> str | list[str]:
    """Return a text, or the texts in it that commas part."""
    items = [item.strip() for item in value.split(",") if item.strip()]
    return items if len(items) > 1 else value


def _list(text: str) -> list[Any] | None:
    try:
        found = json.loads(text) if text.lstrip()[:1] == "[" else None
    except ValueError:
        return None
    return found if isinstance(found, list) else None


def _flags(text: str) -> Table | None:
    """Return the `--name=value` flags of a command line; one that stands twice is a list."""
    if not text.lstrip().startswith("-"):
        return None
    found: Table = {}
    for line in text.splitlines()[:_MOST_LINES]:
        for word in line.split():
            match = _FLAG.fullmatch(word)
            if match is None:
                return None
            held, value = found.get(match["key"]), (match["value"] or "").strip("\"'")
            found[match["key"]] = value if held is None else [*_texts(held), value]
    return found or None


def _texts(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _yaml(text: str) -> list[Any] | None:
    found = yamltext.parse(text) if yamltext.may_be_yaml(text) else None
    if found and len(found) == 1 and isinstance(found[0], list):
        return found[0]
    return found
