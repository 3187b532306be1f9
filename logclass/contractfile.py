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
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MARKS = re.compile(r"[-.\s:/]+|__+")
_MOST_LINES = 2000


def table(data: bytes) -> Table | None:
    """Return the table that a file holds; None where it holds none. Never raises."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = data.decode("utf-16", "replace")
    else:
        text = data.decode("utf-8-sig", "replace")
    try:
        if text.lstrip()[:1] == "{":
            found = json.loads(text)
        else:
            found = _toml(text) or _variables(text) or _yaml(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def snake(key: str) -> str:
    """Return a key in snake case."""
    return _MARKS.sub("_", _CAMEL.sub("_", key)).lower().strip("_")


def plain(found: Table) -> Table:
    """Return the table with its keys in snake case."""
    return {snake(key): value for key, value in found.items()}


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
        value = match["value"].strip("\"'")
        items = [item.strip() for item in value.split(",") if item.strip()]
        found[match["key"]] = items if len(items) > 1 else value
    return found or None


def _yaml(text: str) -> Table | None:
    if not yamltext.may_be_yaml(text):
        return None
    documents = yamltext.parse(text) or []
    return documents[0] if len(documents) == 1 and isinstance(documents[0], dict) else None
