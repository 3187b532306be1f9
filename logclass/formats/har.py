"""HTTP archives (HAR 1.2): what browsers, proxies and test tools save of requests and answers.

Of each entry the time, method, path and status are read; of a refusal also what the answer said.
Headers of requests, cookies and bodies of other answers are not looked at.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from logclass import timestamps
from logclass.formats.document import Elements
from logclass.formats.format import Format, Reader
from logclass.formats.objects import as_object
from logclass.formats.rewritten import json_object, json_units, open_rewritten
from logclass.formats.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logclass.formats.head import Head
    from logclass.model import Source

_ENTRIES = (3, "entries")  # {"log": {"entries": [
_FIRST_REFUSAL = 400
_MOST_CHARACTERS = 2000  # of an answer
_TELLING = "www-authenticate"


def sniff(head: Head) -> float:
    """Return a high confidence for the entries of an archive."""
    is_archive = _ENTRIES in head.outline.arrays and b'"startedDateTime"' in head.data
    return 0.93 if is_archive and b'"request"' in head.data else 0.0


def open_har(_head: Head, source: Source) -> Reader:
    """Return a reader for the entries of an archive."""
    return open_rewritten(source, json_units(source, Elements(*_ENTRIES)), _of_entry)


def _of_entry(unit: bytes) -> Iterator[Stored]:
    entry = json_object(unit)
    request, answer = as_object(entry.get("request")), as_object(entry.get("response"))
    if not request:
        return
    stamp = timestamps.parse_value(entry.get("startedDateTime"))
    status = answer.get("status")
    said: dict[str, Any] = {
        "method": request.get("method"),
        "path": urlsplit(str(request.get("url", ""))).path,
        "status": status,
    }
    if isinstance(status, int) and status >= _FIRST_REFUSAL:
        said["message"] = _refusal(answer)
    yield Stored(None if stamp is None else stamp.ms, said)


def _refusal(answer: dict[str, Any]) -> str:
    """Return what an answer says of why it refuses: its header, then its body."""
    content = as_object(answer.get("content"))
    body = str(content.get("text", ""))
    if content.get("encoding") == "base64":
        body = _decoded(body[: 2 * _MOST_CHARACTERS])
    listed = answer.get("headers")
    headers = [as_object(one) for one in listed] if isinstance(listed, list) else []
    told = [
        str(one.get("value")) for one in headers if str(one.get("name", "")).lower() == _TELLING
    ]
    return "\n".join([*told, body[:_MOST_CHARACTERS]]).strip()


def _decoded(text: str) -> str:
    try:
        whole = base64.b64decode(text[: len(text) // 4 * 4], validate=True)
    except ValueError:
        return ""
    return whole.decode("utf-8", "replace")


FORMAT = Format("har", "HTTP archive of a browser or proxy", sniff, open_har)
