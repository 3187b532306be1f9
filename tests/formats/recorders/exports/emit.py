"""Log the twelve events in one form. Usage: emit.py FORM."""

from __future__ import annotations

import logging
import os
import sys
import time
from datetime import UTC, datetime
from pprint import pprint

import jwt
import structlog
from loguru import logger

KEY = "s" * 32
NOW = int(time.time())


def token(key=KEY, **claims) -> str:
    return jwt.encode({"sub": "u1", "aud": "orders", **claims}, key, "HS256")


REFUSED = [
    token(exp=NOW - 600), token("x" * 32, exp=NOW + 600), token(exp=NOW + 600, aud="web"),
    "abc.def", token(exp=NOW - 60),
]  # fmt: skip


def events():
    yield "listening on port 8080", None, {}
    for i, one in enumerate(REFUSED):
        yield f"order {i} stored", None, {"order_id": i}
        try:
            jwt.decode(one, KEY, ["HS256"], audience="orders")
        except jwt.PyJWTError as error:
            yield "authentication failed", error, {"path": f"/orders/{i}", "status": 401}
    yield "shutting down", None, {}


def record(text, error, more) -> dict:
    level = "error" if error else "info"
    return {
        "ts": datetime.now(UTC),
        "level": level,
        "service": "orders-api",
        "msg": text,
        "error": error,
        **more,
    }


def with_structlog(*last):
    stamped = [structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso")]
    structlog.configure(processors=[*stamped, *last])
    log = structlog.get_logger().bind(service="orders-api")
    return lambda text, error, more: (
        log.error(text, error=error, **more) if error else log.info(text, **more)
    )


def with_rich():
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S"),
            structlog.dev.ConsoleRenderer(
                colors=True,
                exception_formatter=structlog.dev.RichTracebackFormatter(
                    width=80, show_locals=False, max_frames=2
                ),
            ),
        ]
    )
    log = structlog.get_logger()
    return lambda text, error, more: (
        log.error(text, exc_info=error) if error else log.info(text, **more)
    )


def with_loguru():
    logger.remove()
    logger.add(sys.stdout, colorize=True, backtrace=True, diagnose=False)
    return lambda text, error, more: (
        logger.opt(exception=error).error(text) if error else logger.info(text)
    )


def with_logging():
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        logging.Formatter('{"created": %(created)f, "lvl": "%(levelname)s", "m": "%(message)s"}')
    )
    log = logging.getLogger("orders")
    log.addHandler(handler)
    log.setLevel("INFO")
    return lambda text, error, more: log.error(text, exc_info=error) if error else log.info(text)


FORMS = {
    "print-dict": lambda: lambda *event: print(record(*event)),
    "pprint-dict": lambda: (
        lambda text, error, more: pprint(
            {
                **record(text, repr(error), more),
                "ts": datetime.now(UTC).isoformat(),
                "agent": "a client with a long name",
            }
        )
    ),
    "structlog-repr": lambda: with_structlog(lambda _log, _name, event: repr(event)),
    "structlog-rich": with_rich,
    "loguru-colours": with_loguru,
    "json-stacks": with_logging,
}
emit = FORMS[sys.argv[1]]()
with open(os.environ["BOOK"], "a") as book:
    for event in events():
        print(datetime.now(UTC).isoformat(), file=book)
        emit(*event)
        time.sleep(0.03)
