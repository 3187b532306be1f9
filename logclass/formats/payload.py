"""What one record says: a line of text or a JSON object → the fields we know and its text.

Only candidates come here, so this is the one place where records are looked at one by one.
"""

from __future__ import annotations

import re
from typing import Any

import regex

from logclass import fields, timestamps
from logclass.formats.event import Event, Found, event_of
from logclass.formats.literals import printed_object
from logclass.formats.named import is_named_process
from logclass.formats.objects import object_in

_MAX_DEPTH = 8  # of nested objects; deeper ones are read as text
_MAX_PAIRS_TEXT = 16 * 1024  # characters of a line in which key=value is looked for

_ANSI = regex.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# key=value, "key": "value" and 'key': value, wherever they stand in a line.
_PAIR = re.compile(
    r"""(?<![A-Za-z0-9_])([A-Za-z@_][\w.@-]{0,40}+)(["']?\s?=>?\s?|["']\s?:\s?|:\s)"""
    r"""(?:"((?:[^"\\]|\\.){0,2000})"|'([^'\n]{0,2000})'|([^\s"',;&{}\[\]()]{1,300}))"""
)
_LEVEL = regex.compile(
    r"^[\s\[(|<-]*(?P<level>TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERR(?:OR)?|CRIT(?:ICAL)?|FATAL|"
    r"trace|debug|info|notice|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal)\b"
)
_SYSLOG_TAG = regex.compile(
    r"^\s*(?!(?i:trace|debug|info|notice|warn|warning|err|error|crit|critical|fatal)\b)"
    # `host-1 app: ` and `host app[7]: `, but not the prose `Failed login: `
    r"(?=[^: ]*[\d.-]|[^:]{1,120}\[\d+\]: )"
    r"(?P<host>[A-Za-z][\w.-]{1,60}) (?P<tag>[A-Za-z][\w./-]{0,60})(?:\[\d+\])?: "
)
REQUEST_MARK, CLIENT_MARK = "…", "‥"  # where they stood in the text
_LEAST_ID = 8  # characters of a value that can be told from a word
_NOT_FROM_PROSE = {"service", "instance", "version", "environment", "severity", "status"}
_TEXTS_ONLY = {"service", "instance"}
_NOT_FROM_PAIRS = {"message", "time"}
_ERROR_KEYS = {"err", "error", "exception", "exc_info", "excinfo", "stack", "stacktrace", "reason"}
_TYPE_KEYS = ("type", "name", "class", "exc_type", "errorType", "kind")
_VALUE_KEYS = ("message", "msg", "value", "exc_value", "errorMessage", "description")
_SAID_KEYS = {*_TYPE_KEYS, *_VALUE_KEYS}
# Ids as tracing writes them: 16 or 32 hex digits (W3C Trace Context) or a UUID (RFC 9562).
_LONG_ID = re.compile(
    r"(?<![\w-])(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16})(?![\w-])"
)
# A bare id in brackets, as many loggers print the request's: `[4bf92f3577b34da6a3ce929d0e0e4736]`.
_BRACKETED_ID = re.compile(r"(?<![\w:=])\[(" + _LONG_ID.pattern + r")\]")
_REQUEST = re.compile(r"(?:[A-Z]{3,7} )?(?P<route>/\S*)")
_INNER = re.compile(r"[ \t](?=\{)")
_TIMES = ("timestamp", "time", "@timestamp", "ts")  # in an object behind a text
_LAST_RANK = 500  # any named field is better


def decode_text(text: str, *, time_ms: int | None = None) -> Event:
    """Return what a line of text (with its continuation lines) says.

    `text` comes without its own leading time stamp; a JSON object inside it is decoded.
    """
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    event = _decode_body(text.strip())
    return event if time_ms is None else event._replace(time_ms=time_ms)


def _decode_body(body: str) -> Event:
    if body.startswith("{"):
        record = object_in(body) or printed_object(body)
        if record:
            return decode_object(record)
    found = Found()
    tag = _SYSLOG_TAG.match(body)
    if tag:
        found.offer("instance", 50, tag["host"])
        found.offer("service", 50, tag["tag"].rsplit("/", 1)[-1])
    said, time_ms = body, None
    before = _INNER.search(body) if body.endswith("}") else None
    if before:  # zap's console encoder, winston's printf
        inner = object_in(body[before.end() :]) or printed_object(body[before.end() :])
        if inner:
            _walk(inner, found, depth=1, parent="")
            said = body[: before.start()]
            time_ms = _time_ms(next((inner[key] for key in _TIMES if key in inner), None))
    if "=" in said or ":" in said:
        _pairs(said, found)
    bracketed = _BRACKETED_ID.search(body)
    if bracketed:
        found.offer("request_id", _LAST_RANK, bracketed[1])
    found.texts = [_without_ids(body, found)]
    level = _LEVEL.match(body)
    if level:
        found.offer("severity", 50, level["level"].lower())
    return event_of(found, time_ms)


def decode_object(record: dict[str, Any], *, time_ms: int | None = None) -> Event:
    """Return what a structured record says. Its text is its message, then its other strings."""
    found = Found()
    _walk(record, found, depth=0, parent="")
    if is_named_process(record):
        found.offer("service", _LAST_RANK, record["name"])
    message = found.get("message")
    if isinstance(message, str):
        inner = object_in(message) if message.lstrip().startswith("{") else None
        if inner is not None:
            _walk(inner, found, depth=1, parent="")
        else:
            found.texts.insert(0, message)
    # `msg` beside `event` or `text`: each may tell the reason
    for key, value in found.said.items():
        if not _is_said(value, found):
            found.texts.append(value if " " in value else f"{key}={value}")
    if time_ms is None:
        time_ms = _time_ms(found.get("time"))
    return event_of(found, time_ms)


def _walk(node: dict[str, Any], found: Found, *, depth: int, parent: str) -> None:
    error = _typed_message(node) if depth else ""
    if error and not _is_said(error, found):
        found.texts.append(error)
    for key, value in node.items():
        if (error and key in _SAID_KEYS) or fields.is_other_host(key, node):
            continue
        if key.lower() in _ERROR_KEYS:
            found.has_error = found.has_error or bool(value)
        if isinstance(value, dict) and depth < _MAX_DEPTH:
            _offer_flat(key, value, depth, found)
            _walk(value, found, depth=depth + 1, parent=key)
        elif isinstance(value, list):
            _list(key, value, found, depth)
        elif value is not None:
            _leaf(parent, key, value, depth, found)


def _offer_flat(key: str, value: dict[str, Any], depth: int, found: Found) -> None:
    """Offer {"service": {"name": …}} as the field it stands for."""
    name = value.get("name") or value.get("id")
    known = fields.canonical(key)
    if known and known[0] in {"service", "instance"} and isinstance(name, str):
        found.offer(known[0], known[1] + depth * 100, name)


def _leaf(parent: str, key: str, value: Any, depth: int, found: Found) -> None:  # noqa: ANN401
    known = fields.in_object(parent, key)
    if key == "request" and (request := _REQUEST.match(value) if isinstance(value, str) else None):
        found.offer("route", _LAST_RANK, request["route"])
    if known is None or (depth and known[0] in {"message", "time"} and parent != "body"):
        if isinstance(value, str) and value:
            if fields.canonical(key) is None and not _is_said(value, found):
                found.texts.append(f"{key}: {value}" if " " in value else f"{key}={value}")
            elif depth and known and known[0] == "message" and not _is_said(value, found):
                found.texts.append(value)
        return
    name, rank = known
    if name in _TEXTS_ONLY and not isinstance(value, str):  # Windows counts tasks and versions
        return
    found.offer(name, rank + depth * 100, value)
    if not isinstance(value, str) or name in fields.IDENTITY_FIELDS:
        return
    if name != "message":
        found.texts.append(f"{key}={value}")
    elif value.lstrip()[:1] != "{":
        found.said[key] = value


def _is_said(value: str, found: Found) -> bool:
    return any(value in text for text in found.texts)


def _list(key: str, values: list[Any], found: Found, depth: int) -> None:
    known = fields.canonical(key)
    if known and known[0] in fields.CLAIM_FIELDS:
        found.offer(known[0], known[1] + depth * 100, values)
    for value in values[:50]:
        if isinstance(value, dict) and depth < _MAX_DEPTH:
            _walk(value, found, depth=depth + 1, parent=key)
        elif isinstance(value, str):
            found.texts.append(value)


def _typed_message(node: dict[str, Any]) -> str:
    """Return "Type: message" for an object that describes an error, else ""."""
    value = next((node[key] for key in _VALUE_KEYS if isinstance(node.get(key), str)), None)
    if value is None:
        return ""
    kind = next((node[key] for key in _TYPE_KEYS if isinstance(node.get(key), str)), None)
    return f"{kind}: {value}" if kind and kind != value else value


def _without_ids(text: str, found: Found) -> str:
    """Return the text without request ids: they say who asked, and make every line another one.

    What is the same apart from them is then matched once.
    """
    for name, mark in (("request_id", REQUEST_MARK), ("client", CLIENT_MARK)):
        value = found.text(name)
        if len(value) >= _LEAST_ID:
            text = text.replace(value, mark)
    return text


def _pairs(text: str, found: Found) -> None:
    for key, separator, quoted, single, bare in _PAIR.findall(text, 0, _MAX_PAIRS_TEXT):
        if key == "request" and (request := _REQUEST.match(quoted)):
            found.offer("route", _LAST_RANK, request["route"])
        known = fields.canonical(key) or fields.in_group(key)
        if known is None or known[0] in _NOT_FROM_PAIRS:
            continue
        if separator[0] == ":" and known[0] in _NOT_FROM_PROSE:  # `in app: Signature has expired`
            continue
        value = quoted or single or bare
        if value and not (known[0] == "service" and fields.is_duration(value)):
            found.offer(known[0], known[1], value)


def _time_ms(value: Any) -> int | None:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    stamp = timestamps.parse(str(value))
    return None if stamp is None else stamp.ms


def request_ids(text: str) -> str:
    """Return the request or trace id that a line names as key=value, "" when it names none."""
    found = Found()
    _pairs(text, found)
    return found.text("request_id")
