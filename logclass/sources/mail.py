"""Saved mail → the texts and files in it: `.eml`, `.mbox`, a web page saved as `.mht`.

Bodies and attachments are told from their headers (RFC 5322, RFC 2045) and decoded: as
quoted-printable their lines are cut, as base64 they are hidden. The texts of all messages are one
stream, files are streams of their own. Of a text that is there twice, plain and in HTML, the one
that says more is taken.
"""

from __future__ import annotations

import email
from email.utils import parsedate_to_datetime
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

import regex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

MOST_BYTES = 64 * 1024 * 1024  # of a file: it is taken apart in memory
_HEADERS = (
    rb"(?:Subject|From|To|Cc|Bcc|Sent|Date|Attachments|Importance|Message-ID|Received|Return-Path|Delivered-To|Reply-To|Sender"
    rb"|MIME-Version|Content-Type|Content-Transfer-Encoding|X-[\w-]{1,60}|DKIM-Signature"
    rb"|ARC-[\w-]{1,40}|Authentication-Results|Snapshot-Content-Location|Thread-[\w-]{1,20})"
)
_HEADER = rb"%b:[ \t]?[^\n]*\n(?:[ \t][^\n]*\n)*+" % _HEADERS
_MAIL = regex.compile(
    rb"(?:From [^\n]{3,200}\n)?(?=(?:[^\n]*\n){0,8}?(?:From|Message-ID|MIME-Version|Received):)"
    rb"(?:%b){2,}" % _HEADER,
    regex.IGNORECASE,
)
_MESSAGE = regex.compile(rb"(?m)(?:\A|(?<=\n\r?\n))From [^\n]{3,200}\r?\n(?=[A-Z][\w-]+:)")
_ESCAPED_FROM = regex.compile(rb"(?m)^>(?=>*From )")
_BREAK = regex.compile(r"<(?:br|/p|/div|/li|/tr|/pre|/h\d)\b[^<>]{0,200}>\s*", regex.IGNORECASE)
_UNSEEN = ("head", "style", "script")
_TAG = regex.compile(r"<[^<>]{1,4000}>")
_TABLE = regex.compile(r"<t[rd][\s>]", regex.IGNORECASE)
_SOFT_BREAK = regex.compile(r"(?m)(?<=\S) \r?\n(?!>|-- )")
_SHOWN_TEXTS = {"plain", "html", "markdown", "enriched", "csv"}  # not styles and scripts
_ENCRYPTED = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}


class Part(NamedTuple):
    """A file or the texts in a mail. error: what it is instead, "" where it could be decoded."""

    name: str
    data: bytes
    modified_seconds: int | None = None
    error: str = ""


def is_mail(head: bytes) -> bool:
    """Return whether a stream begins with the headers of a message."""
    return _MAIL.match(head) is not None


def parts(data: bytes, name: str) -> Iterator[Part]:
    """Yield what is in one message or a box of them: the files, then the texts of all.

    name: of the texts.
    """
    texts: list[bytes] = []
    tables: list[Part] = []
    sent: int | None = None
    for number, one in enumerate(_messages(data), 1):
        message = email.message_from_bytes(one)
        sent = _sent_seconds(message)
        for part in _leaves(message):
            kind = part.get_content_type()
            if kind in _ENCRYPTED:
                yield Part(f"{number}", b"", sent, "the message is encrypted: save its text")
            elif _is_file(part):
                file = part.get_filename() or f"part.{part.get_content_subtype()}"
                yield Part(f"{number}/{file.replace('/', '-')}", _bytes(part), sent)
            elif kind == "text/html" and _TABLE.search(html := _text(part)):
                tables.append(Part(f"{number}/table.html", html.encode(), sent))
            elif part.get_content_subtype() in _SHOWN_TEXTS:
                texts.append(_said(part).encode("utf-8", "replace"))
    yield from tables
    told = [text if text.endswith(b"\n") else text + b"\n" for text in texts if text.strip()]
    if told:
        yield Part(name, b"".join(told), sent)


def _messages(data: bytes) -> Iterator[bytes]:
    """Yield the messages of a box, or the only one."""
    if not data.startswith(b"From "):
        yield data
        return
    starts = [match.end() for match in _MESSAGE.finditer(data)]
    begins = [match.start() for match in _MESSAGE.finditer(data)]
    for start, end in zip(starts, [*begins[1:], len(data)], strict=True):
        yield _ESCAPED_FROM.sub(b"", data[start:end])


def _leaves(message: Message) -> Iterator[Message]:
    """Yield the parts that hold something; of alternatives the one that says most."""
    kind = message.get_content_type()
    if kind in _ENCRYPTED or not message.is_multipart():
        yield message
        return
    payload = message.get_payload()
    inner = [one for one in payload if not isinstance(one, str)]  # a list, as it is multipart
    texts = [part for part in inner if part.get_content_maintype() == "text"]
    if kind == "multipart/alternative" and texts:
        best = max(texts, key=lambda part: (_words(part), part.get_content_type() == "text/plain"))
        inner = [part for part in inner if part is best or part not in texts]
    for part in inner:
        yield from _leaves(part)


def _words(part: Message) -> int:
    """Return how many words a text has, to the tens: what HTML says again is as long."""
    return len(_said(part).split()) // 10


def _is_file(part: Message) -> bool:
    kind = part.get_content_maintype()
    if kind in {"image", "font", "audio", "video"}:
        return False
    is_named = part.get_content_disposition() == "attachment" or bool(part.get_filename())
    return is_named or kind != "text"


def _bytes(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _text(part: Message) -> str:
    charset = part.get_content_charset() or "utf-8"
    try:
        return _bytes(part).decode(charset, "replace")
    except LookupError:  # an encoding that Python does not know
        return _bytes(part).decode("utf-8", "replace")


def _said(part: Message) -> str:
    """Return the text of a part; lines that were broken on the way are whole again."""
    text = _text(part)
    if part.get_content_type() == "text/html":
        bare = _TAG.sub("", _BREAK.sub("\n", _seen(text)))
        return unescape(bare).replace("\xa0", " ")
    is_flowed = str(part.get_param("format", "")).lower() == "flowed"
    return _SOFT_BREAK.sub(" ", text) if is_flowed else text


def _seen(html: str) -> str:
    """Return a page without what is not shown of it."""
    for name in _UNSEEN:
        first, *others = regex.split(rf"(?i)<{name}\b", html)
        behind = [regex.split(rf"(?i)</{name}\s*>", other, maxsplit=1)[1:] for other in others]
        html = first + "".join(rest[0] if rest else "" for rest in behind)
    return html


def _sent_seconds(message: Message) -> int | None:
    try:
        return round(parsedate_to_datetime(str(message["Date"])).timestamp())
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
