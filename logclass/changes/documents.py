"""The text of a change record in the one form that the readers take: JSON, or text of its own."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from logclass import yamltext
from logclass.changes import aws_table

if TYPE_CHECKING:
    from logclass.changes.rows import Document

_MOST_BYTES = 4_000_000  # of YAML and TOML: people and CLIs print no longer ones
_LARGE_BYTES, _SAMPLE_CHARACTERS, _LEAST_RECORDS = 30_000, 12_000, 5
_NOT_YAML = (b"ingestionTime:", b"eventId:")  # log events as the AWS CLI prints them
_TOML = re.compile(r"\s*(?:#.*\n\s*)*(?:\[{1,2}[\w.\"' -]+\]{1,2}|[\w.\"'-]+\s*=\s*\S)")
_HTTP = re.compile(r"HTTP/[\d.]+ \d{3}.*\r?\n(?:[\w-]+:.*\r?\n)+\r?\n")
_JSON_OR_TEXT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{|\[(?!\[?[\w.\"' -]+\]))")


def decoded(data: bytes) -> bytes:
    """Return the bytes as UTF-8: PowerShell's `>` writes UTF-16."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    return data


def as_json(document: Document) -> Document:
    """Return a YAML or TOML document written as JSON, without line numbers; others as they are."""
    data = document.data
    if len(data) > _MOST_BYTES or _JSON_OR_TEXT.match(data):
        return document
    if aws_table.is_table(document.text):
        values: list[Any] | None = [aws_table.value(document.text)]
    else:
        values = _toml(document.text) or _yaml(data[:4000], document.text)
    if not values:
        return document
    try:
        text = "\n".join(json.dumps(value, default=str) for value in values)
    except RecursionError:  # `a.a.a. … = 1` of TOML
        return document
    return replace(document, data=text.encode("utf-8", "replace"))


def first_records(document: Document) -> Document | None:
    """Return the first records of a large JSON array or of many JSON lines; None for the rest.

    All records of such a file have one shape, so a reader that refuses these refuses all.
    """
    if len(document.data) <= _LARGE_BYTES:
        return None
    start = document.text[:_SAMPLE_CHARACTERS].lstrip()
    if start[:1] != "[":
        if start[:1] != "{" or not _is_json(start.partition("\n")[0]):
            return None  # no JSON, or one large object
        start = start[: start.rfind("\n")]
    sample = replace(document, data=start.encode("utf-8", "replace"))
    return sample if len(sample.values) >= _LEAST_RECORDS else None


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def head_of_answer(document: Document) -> tuple[str, Document]:
    """Return the headers of `curl -i` and the document behind them; ("", document) without."""
    found = _HTTP.match(document.text[:20_000]) if document.data[:5] == b"HTTP/" else None
    if found is None:
        return "", document
    rest = document.text[found.end() :]
    return found.group(), replace(document, data=rest.encode("utf-8", "replace"))


def _toml(text: str) -> list[dict[str, Any]] | None:
    if not _TOML.match(text[:4000]):
        return None
    try:
        return [tomllib.loads(text)]
    except (ValueError, RecursionError):
        return None


def _yaml(head: bytes, text: str) -> list[Any] | None:
    if any(mark in head for mark in _NOT_YAML) or not yamltext.may_be_yaml(text):
        return None
    documents = yamltext.parse(text)
    collections = [value for value in documents or () if isinstance(value, dict | list)]
    return collections if documents and len(collections) == len(documents) else None
