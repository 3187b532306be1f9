"""Signs at the end of a stream that the export went on: a token for a page nobody fetched."""

from __future__ import annotations

import re

_TAIL_BYTES = 16 * 1024
_HEAD_BYTES = 256
# {"events": […], "nextToken": "…"}: AWS writes lists first and the token among the last keys.
# A log line with such a field is one line, and its list is not the first key.
_DOCUMENT = re.compile(rb"\s*\{\s*\"\w+\"\s*:\s*\[")
_JSON_TOKEN = re.compile(
    rb"[\]}]\s*,\s*\"[nN]extToken\"\s*:\s*\"[^\"\\]+\"\s*(?:,\s*\"\w+\"\s*:\s*\"[^\"]*\"\s*)*\}\s*\Z"
)
# The same as `--output yaml` and `--output text` write it.
_LINE_TOKEN = re.compile(rb"(?:^|\n)(?:[nN]extToken: \S+|NEXTTOKEN\t\S+)\s*\Z")


class Ends:
    """The beginning and the end of a stream, kept while it passes."""

    def __init__(self) -> None:
        self._head = b""
        self._tail = b""

    def pass_on(self, chunk: bytes) -> bytes:
        """Return the chunk, having looked at it."""
        if len(self._head) < _HEAD_BYTES:
            self._head += chunk[:_HEAD_BYTES]
        self._tail = (self._tail + chunk[-_TAIL_BYTES:])[-_TAIL_BYTES:]
        return chunk

    @property
    def names_more_pages(self) -> bool:
        """Return whether the stream ends with a token for the next page."""
        if b"ext" not in self._tail and b"NEXT" not in self._tail:
            return False
        is_document = _DOCUMENT.match(self._head) is not None
        return bool(
            (is_document and _JSON_TOKEN.search(self._tail)) or _LINE_TOKEN.search(self._tail)
        )
