"""The coats in which Python services log an exception, each written by the code that does so."""

from __future__ import annotations

import io
import json
import logging
import re
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_PLACES = (  # where things lie on this machine -> where they lie in a container
    (
        re.compile(r'[^\s"\\]*/lib/python3\.\d+/site-packages/'),
        "/usr/local/lib/python3.11/site-packages/",
    ),
    (
        re.compile(r'[^\s"\\]*/lib/python3\.\d+/(?!site-packages)'),
        "/usr/local/lib/python3.11/",
    ),
    (re.compile(re.escape(str(Path(__file__).parent))), "/srv/auth"),
    (re.compile(r" at 0x[0-9a-f]{8,16}>"), " at 0x7f3c5a9d1e40>"),
    (re.compile(r"\b127\.0\.0\.1:\d{4,5}\b"), "127.0.0.1:8081"),
    (re.compile(r"port=\d{4,5}\b"), "port=8081"),
)


def placed(text: str) -> str:
    """Return the text with the paths and ports of a container."""
    for form, place in _PLACES:
        text = form.sub(place, text)
    return text.rstrip("\n")


def _logged(error: BaseException, *, trace: bool) -> str:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        logging.Formatter("2026-03-04 11:05:09,412 %(levelname)s %(name)s %(message)s")
    )
    info = (type(error), error, error.__traceback__) if trace else None
    message, args = ("request failed", ()) if trace else ("token rejected: %s", (error,))
    handler.emit(
        logging.LogRecord("auth.gate", logging.WARNING, "gate.py", 12, message, args, info)
    )
    return out.getvalue()


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def _json_trace(error: BaseException) -> str:
    return json.dumps({"level": "error", "msg": "unauthorized", "exc_info": _trace(error).rstrip()})


NAMED: dict[str, Callable[[BaseException], str]] = {
    "class": lambda error: f"{type(error).__name__}: {error}",
    "repr": lambda error: f"401 on /api/orders: {error!r}",
    "path": lambda error: "".join(traceback.format_exception_only(error)),
    "json trace": _json_trace,
    "fields": lambda error: json.dumps(
        {"event": "token_rejected", "exc_type": type(error).__name__, "error": str(error)}
    ),
    "logged trace": lambda error: _logged(error, trace=True),
}
BARE: dict[str, Callable[[BaseException], str]] = {
    "bare": str,
    "body": lambda error: json.dumps({"detail": str(error)}),
    "line": lambda error: _logged(error, trace=False),
    "pairs": lambda error: f'level=warning msg="token rejected" err="{error}" path=/api/orders',
    "dict": lambda error: str({"event": "auth.rejected", "error": str(error), "status": 401}),
}
TRACED = ("json trace", "logged trace")
