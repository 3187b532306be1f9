"""Templates of log records, as services write them.

A template holds marks where every copy of it differs: request ids, numbers and times. generate.py
fills them in for whole pages at once.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from texts import Texts

HEX, DIGIT, STAMP, SAME, EPOCH = "\x01", "\x02", "\x03", "\x04", "\x05"
ID_CHARACTERS = 32
STAMP_CHARACTERS = 23  # 2031-05-06T07:08:09.123, before the Z
EPOCH_CHARACTERS = 13  # milliseconds

_ID = HEX * ID_CHARACTERS
_SAME_ID = SAME * ID_CHARACTERS  # the last request id before it, again
_TIME = STAMP * STAMP_CHARACTERS + "Z"
_TIME_MS = EPOCH * EPOCH_CHARACTERS
_ESCAPED_MARKS = [(json.dumps(mark)[1:-1], mark) for mark in (HEX, DIGIT, STAMP, SAME, EPOCH)]
_TYPED = re.compile(r"((?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception)): (.*)")

_PATHS = ("orders", "invoices", "customers", "stock", "carts", "payments", "sessions", "reports")
_NODE_TRACE = (
    "Error: connect ETIMEDOUT 10.0.7.15:5432\n"
    "    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16)\n"
    "    at runMicrotasks (<anonymous>)\n"
    "    at async Pool.query (/app/node_modules/pg-pool/index.js:45:11)\n"
    "    at async loadOrder (/app/src/orders.js:88:18)"
)
_PYTHON_TRACE = (
    "Traceback (most recent call last):\n"
    '  File "/srv/billing/views.py", line 112, in post\n'
    "    charge = provider.charge(invoice)\n"
    '  File "/srv/billing/provider.py", line 57, in charge\n'
    "    response.raise_for_status()\n"
    "requests.exceptions.HTTPError: 503 Server Error: Service Unavailable"
)
_GO_STACK = (
    "main.(*Verifier).Check\n\t/src/auth/verifier.go:71\n"
    "main.(*Server).authenticate\n\t/src/auth/middleware.go:57\n"
    "net/http.HandlerFunc.ServeHTTP\n\t/usr/local/go/src/net/http/server.go:2136\n"
    "net/http.serverHandler.ServeHTTP\n\t/usr/local/go/src/net/http/server.go:2938\n"
    "net/http.(*conn).serve\n\t/usr/local/go/src/net/http/server.go:2009"
)


class Record(NamedTuple):
    """What one service wrote: `body` follows the time, `message` and `error` are its parts."""

    service: str
    instance: str
    level: str
    body: str
    message: str
    error: str = ""  # the library's text
    status: int = 200
    is_same_request: bool = False


def number(random: Random, digits: int) -> str:
    """Return a number of so many digits that differs in every copy of the record."""
    return str(random.randint(1, 9)) + DIGIT * (digits - 1)


def address(random: Random) -> str:
    """Return a client's address in 10.0.0.0/8 that differs in every copy of the record."""
    return f"10.{random.randint(1, 9)}{DIGIT}.{random.randint(1, 9)}{DIGIT}.1{DIGIT}{DIGIT}"


# --- healthy traffic ---


def healthy(random: Random, texts: Texts) -> Record:
    """Return a record of ordinary traffic: requests, chores, and now and then another error."""
    chance = random.random()
    if chance < 0.003:
        return _other_error(random)
    if chance < 0.005:
        text = random.choice(texts.negative)
        return _node(random, "warn", text, text)
    return random.choice((_node_request, _python_request, _go_request, _java_request))(random, 200)


def _other_error(random: Random) -> Record:
    if random.random() < 0.5:
        return _node(random, "error", f"request failed req_id={_ID} {_NODE_TRACE}", _NODE_TRACE)
    return _python(random, "ERROR", f"billing.views [{_ID}] charge failed\n{_PYTHON_TRACE}", "")


def _node(random: Random, level: str, rest: str, message: str) -> Record:
    instance = f"orders-api-{random.randint(1, 6)}"
    return Record("orders-api", instance, level, f"{level.upper():5} {rest}", message)


def _python(random: Random, level: str, rest: str, message: str) -> Record:
    instance = f"billing-{random.randint(1, 4)}"
    return Record("billing", instance, level.lower(), f"{level} {rest}", message)


def _go(random: Random, level: str, rest: str, message: str) -> Record:
    return Record("gateway", f"gateway-{random.choice('abcd')}", level, rest, message)


def _java(random: Random, level: str, rest: str, message: str) -> Record:
    thread = f"nio-8080-exec-{random.randint(1, 9)}"
    body = f"{level:>5} 1 --- [{thread}] c.e.inventory.{rest}"
    return Record("inventory", f"inventory-{random.randint(0, 3)}", level.lower(), body, message)


def _node_request(random: Random, status: int, request_id: str = _ID) -> Record:
    path = f"/api/{random.choice(_PATHS)}/{number(random, 6)}"
    rest = (
        f"request completed req_id={request_id} {random.choice(('GET', 'POST'))} {path} {status} "
        f"{number(random, 2)}ms user={number(random, 5)}"
    )
    return _node(random, "info", rest, "request completed")._replace(status=status)


def _python_request(random: Random, status: int, request_id: str = _ID) -> Record:
    path = f"/v1/{random.choice(_PATHS)}/{number(random, 5)}"
    client = f"{address(random)}:{number(random, 5)}"
    rest = f'uvicorn.access [{request_id}] {client} - "GET {path} HTTP/1.1" {status}'
    return _python(random, "INFO", rest, "request completed")._replace(status=status)


def _go_request(random: Random, status: int, request_id: str = _ID) -> Record:
    rest = (
        f'level=info msg="request completed" trace_id={request_id} method=GET '
        f"path=/v1/{random.choice(_PATHS)} status={status} dur={number(random, 2)}.{DIGIT}ms "
        f"bytes={number(random, 4)}"
    )
    return _go(random, "info", rest, "request completed")._replace(status=status)


def _java_request(random: Random, status: int, request_id: str = _ID) -> Record:
    said = random.choice(
        (
            f"StockController : [{request_id}] reserved sku {number(random, 6)} in {DIGIT} ms",
            f"StockService : [{request_id}] loaded {number(random, 3)} rows for warehouse {DIGIT}",
            f"SessionService : [{request_id}] token refreshed for user {number(random, 5)}",
        )
    )
    if status != 200:
        said = f"RequestLog : [{request_id}] GET /stock/{number(random, 6)} -> {status}"
    return _java(random, "INFO", said, "request completed")._replace(status=status)


# --- rejections ---


def rejection(random: Random, texts: Texts) -> tuple[Record, Record]:
    """Return the verifier's record of a rejected request, and the completion line after it."""
    language = random.choice(sorted(texts.rejected))
    text = random.choice(texts.rejected[language])
    verifier, request = _REJECTED[language]
    completed = request(random, 401, _SAME_ID)._replace(is_same_request=True)
    told: Record = verifier(random, text)._replace(error=text, status=401)
    return told, completed._replace(instance=told.instance)


def _node_rejection(random: Random, text: str) -> Record:
    rest = f"request failed req_id={_ID} ip={address(random)} {text}"
    return _node(random, "error", rest, "request failed")


def _python_rejection(random: Random, text: str) -> Record:
    if "\n" in text:
        return _python(random, "ERROR", f"auth.gate [{_ID}] request failed\n{text}", "")
    said = f"auth.gate [{_ID}] token rejected for {address(random)}: {text}"
    return _python(random, "WARNING", said, "token rejected")


def _go_rejection(random: Random, text: str) -> Record:
    if random.random() < 0.3:
        rest = f"ERROR auth/middleware.go:57 {text} trace_id={_ID}\n{_GO_STACK}"
        return _go(random, "error", rest, "token rejected")
    quoted = json.dumps(text, ensure_ascii=False)
    rest = (
        f'level=warning msg="token rejected" trace_id={_ID} error={quoted} '
        f"path=/v1/{random.choice(_PATHS)} remote={address(random)}"
    )
    return _go(random, "warning", rest, "token rejected")


def _java_rejection(random: Random, text: str) -> Record:
    rest = f"AuthFilter : [{_ID}] rejected {address(random)}: {text}"
    return _java(random, "WARN", rest, "rejected")


_REJECTED: dict[str, tuple[Callable[..., Record], Callable[..., Record]]] = {
    "node": (_node_rejection, _node_request),
    "python": (_python_rejection, _python_request),
    "go": (_go_rejection, _go_request),
    "other": (_java_rejection, _java_request),
}


# --- how a record is exported ---


def text_line(record: Record) -> str:
    """Return the record as a collector writes it in a text file, time and instance in front."""
    return f"{_TIME} {record.instance} {record.body}\n"


def json_line(record: Record) -> str:
    """Return the record as pino writes it: one object a line."""
    row: dict[str, object] = {
        "level": {"error": 50, "warn": 40, "warning": 40}.get(record.level, 30),
        "time": _TIME_MS,
        "pid": 1,
        "hostname": record.instance,
        "name": record.service,
        "reqId": _SAME_ID if record.is_same_request else _ID,
    }
    if record.error:
        error = _serialised(record.error)
        row |= {"err": error, "msg": error["message"]}
    elif record.message == "request completed":
        url = f"/api/{record.service}/{DIGIT * 6}"
        row["req"] = {"method": "GET", "url": url, "remoteAddress": f"10.1{DIGIT}.2{DIGIT}.3"}
        row |= {"res": {"statusCode": record.status}, "responseTime": f"1{DIGIT}"}
        row["msg"] = record.message
    else:
        row["msg"] = record.message or record.body
    text = _dumps(row)
    # what stands for a number is no string
    return text.replace(f'"{_TIME_MS}"', _TIME_MS).replace(f'"1{DIGIT}"', f"1{DIGIT}") + "\n"


def _serialised(error: str) -> dict[str, str]:
    """Return an error as pino-std-serializers does: type, message and stack."""
    lines = error.split("\n")
    said = lines[-1] if lines[0].startswith("Traceback") else lines[0]
    typed = _TYPED.fullmatch(said)
    kind, message = typed.groups() if typed else ("Error", said)
    return {"type": kind, "message": message, "stack": error}


def cloudwatch_event(record: Record) -> str:
    """Return the record as `aws logs filter-log-events` prints it, with the comma before it."""
    return (
        ",\n        {\n"
        f'            "logStreamName": "ecs/{record.service}/{record.instance}",\n'
        f'            "timestamp": {_TIME_MS},\n'
        f'            "message": {_dumps(f"{_TIME} {record.body}")},\n'
        f'            "ingestionTime": {_TIME_MS},\n'
        f'            "eventId": "3{DIGIT * 55}"\n'
        "        }"
    )


def _dumps(value: object) -> str:
    text = json.dumps(value, separators=(",", ":"))
    for escaped, mark in _ESCAPED_MARKS:
        text = text.replace(escaped, mark)
    return text
