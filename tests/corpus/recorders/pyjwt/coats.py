"""The coats in which services log an exception, each written by the code that writes it there."""

from __future__ import annotations

import io
import json
import logging
import re
import traceback
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import app
import structlog
from pythonjsonlogger.json import JsonFormatter

if TYPE_CHECKING:
    from collections.abc import Callable

_TIME = 1772622309.412  # 2026-03-04 11:05:09.412 UTC
_PLACES = (  # where things lie on this machine -> where they lie in a container
    (
        re.compile(r'[^\s"\\]*/lib/python3\.(\d+)/site-packages/'),
        r"/usr/local/lib/python3.\1/site-packages/",
    ),
    (re.compile(r'[^\s"\\]*/lib/python3\.(\d+)/(?!site-packages)'), r"/usr/local/lib/python3.\1/"),
    (re.compile(re.escape(str(Path(__file__).parent))), "/srv/auth"),
    (re.compile(r" at 0x[0-9a-f]{8,16}>"), " at 0x7f3c5a9d1e40>"),
)


def placed(text: str) -> str:
    """Return the text with the paths of a container."""
    for form, place in _PLACES:
        text = form.sub(place, text)
    return text


def _logged(error: Exception, formatter: logging.Formatter, *, trace: bool) -> str:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    formatter.converter = __import__("time").gmtime
    handler.setFormatter(formatter)
    info = (type(error), error, error.__traceback__) if trace else None
    message, args = ("request failed", ()) if trace else ("token rejected: %s", (error,))
    record = logging.LogRecord("auth.gate", logging.ERROR, "gate.py", 12, message, args, info)
    record.created, record.msecs = _TIME, 412.0
    handler.emit(record)
    return out.getvalue().rstrip("\n")


_PLAIN = "%(asctime)s %(levelname)s %(name)s %(message)s"


def _structured(error: Exception, *processors: structlog.typing.Processor) -> str:
    event = {"event": "request failed", "exc_info": error, "level": "error"}
    for processor in processors:
        event = processor(None, "error", event)
    return str(event)


def _wrapped(error: Exception) -> str:
    try:
        app.refuse_with(error)
    except app.AuthError as outer:
        return _logged(outer, logging.Formatter(_PLAIN), trace=True)
    raise AssertionError


PLAIN: dict[str, Callable[[Exception], str]] = {
    "typed": lambda error: f"{type(error).__name__}: {error}",
    "repr": repr,
    "line": lambda error: _logged(error, logging.Formatter(_PLAIN), trace=False),
    "json line": lambda error: _logged(
        error, JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"), trace=False
    ),
    "dict": lambda error: str({"event": "auth.rejected", "error": str(error), "status": 401}),
    "dict of repr": lambda error: str({"ok": False, "error": error}),
    "body": lambda error: json.dumps({"code": "token_not_valid", "detail": str(error)}),
    "logfmt": lambda error: str(
        structlog.processors.LogfmtRenderer()(
            None, "warning", {"level": "warning", "msg": "token rejected", "err": str(error)}
        )
    ),
    "tuple": lambda error: f"auth failed ({type(error).__name__}: {error}) path=/api/orders",
}

TRACED: dict[str, Callable[[Exception], str]] = {
    "traceback": lambda error: "".join(traceback.format_exception(error)).rstrip("\n"),
    "logging": lambda error: _logged(error, logging.Formatter(_PLAIN), trace=True),
    "json logging": lambda error: _logged(
        error, JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"), trace=True
    ),
    "structlog": lambda error: _structured(
        error, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()
    ),
    "structlog dicts": lambda error: _structured(
        error,
        structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        ),
        structlog.processors.JSONRenderer(),
    ),
    "wrapped": _wrapped,
}


REJECTING = frozenset(
    ["line", "json line", "dict", "body", "logfmt", "tuple", "wrapped"]
)  # their words tell of a rejection, whatever the exception is

CLASS_ONLY: dict[str, Callable[[Exception], str]] = {
    "class": lambda error: f"WARNING auth.gate: token rejected: {type(error).__name__}",
    "class field": lambda error: json.dumps(
        {"event": "token_rejected", "error_type": type(error).__name__, "path": "/api/orders"}
    ),
}


def warned(run: Callable[[], object]) -> list[str]:
    """Return what Python prints, and what logging.captureWarnings logs, of a warning."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        run()
    texts = []
    for one in seen:
        text = warnings.formatwarning(one.message, one.category, one.filename, one.lineno)
        texts.append(text.rstrip("\n"))
        texts.append(f"2026-03-04 11:05:09,412 WARNING py.warnings {text}".rstrip("\n"))
    return texts
