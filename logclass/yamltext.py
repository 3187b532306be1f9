"""YAML as kubectl, the AWS CLI, Helm and people write it.

PyYAML reads it, by the core schema of YAML 1.2 (chapter 10.3) and not by that of 1.1, in which
`11:20` and `on` are no text. Times stay text, tags of programs are dropped, and a text with an
alias is refused: a few of them grow without bound.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

_START = re.compile(
    r"""\s*(?:\#.*\n\s*)*(?:---(?:\s|$)|%YAML|(?:-\s+)*["']?[A-Za-z_][\w./-]*["']?:(?:\s|$)|-\s*\n)"""
)
_MOST_DEPTH = 100  # collections in collections
_TOP_KEY = re.compile(r"^([A-Za-z_][\w./-]*):(?:\s|$)", re.MULTILINE)
_CORE = {
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    "int": (r"[-+]?(?:0|[1-9]\d{0,18})", list("-+0123456789")),
    "float": (r"[-+]?\d+\.\d*(?:[eE][-+]?\d+)?", list("-+0123456789")),
}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads plain values by the core schema, and what has a strange tag as if it had none."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's
        """Return a mapping; a key that stands twice makes it none: a logger's lines have them."""
        names = [key.value for key, _ in node.value]
        if len(set(map(str, names))) < len(names):
            raise yaml.YAMLError("a key stands twice")
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def _untagged(loader: Any, node: yaml.Node) -> Any:  # noqa: ANN401 - what YAML holds
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


for _tag, (_form, _first) in _CORE.items():
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_form})\Z"), _first
    )
_Loader.add_constructor(None, _untagged)


class _Depth:
    """Follows how deeply the collections of a text are nested: reading them takes its square."""

    def __init__(self) -> None:
        self._depth = 0

    def is_harmless(self, event: yaml.Event) -> bool:
        """Return whether this is neither an alias nor deeper than people write."""
        if isinstance(event, yaml.CollectionStartEvent):
            self._depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            self._depth -= 1
        return self._depth <= _MOST_DEPTH and not isinstance(event, yaml.AliasEvent)


def may_be_yaml(text: str) -> bool:
    """Return whether a text begins as a YAML collection does."""
    head = text[:4000]
    keys = _TOP_KEY.findall(head)
    if len(set(keys)) < len(keys) and "\n---" not in head:
        return False  # `info: …` again and again: a logger's lines
    return _START.match(head) is not None


def parse(text: str) -> list[Any] | None:
    """Return the documents of a YAML text, or None where it is none. Never raises."""
    try:
        if not all(map(_Depth().is_harmless, yaml.parse(text, _Loader))):
            return None
        documents = list(yaml.load_all(text, _Loader))
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return None
    return [document for document in documents if document is not None] or None
