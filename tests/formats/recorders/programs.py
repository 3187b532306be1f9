"""The programs that are run, and what each writes for a request, by its own source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from traffic import Book

POD, SERVICE = "orders-api-7d9f8b6c5d-x2x9z", "orders-api"
PORT = 8080


@dataclass(frozen=True)
class Program:
    """folder/file: the fixture. events: of a run, from the program's own source."""

    folder: str
    command: tuple[str, ...]
    events: Callable[[Book], int]
    format: str = "text"
    file: str = "stdout.log"
    streams: str = "both"  # "stdout", "stderr" or "both" in one file, as a container's log
    has_time: bool = True
    starts_with: str = "start"  # or "request" or "refused": what writes the first line
    ends_with: str = "request"  # or "refused"
    says_reason: bool = True
    service: str = ""  # as the records name it
    instance: str = ""
    drops_repeats: bool = False
    environment: dict[str, str] = field(default_factory=dict)


def node(name: str) -> tuple[str, ...]:
    return ("node", f"/app/node/{name}.js")


def python(*arguments: str) -> tuple[str, ...]:
    return ("/app/py/venv/bin/python", *(f"/app/python/{arguments[0]}.py", *arguments[1:]))


def each(book: Book) -> int:
    """One line when it starts, one for each request."""
    return 1 + book.requests


def refusals(book: Book) -> int:
    return sum(book.refused.values())


JSON = "json-lines"
PYTHON_M = ("/app/py/venv/bin/python", "-m")
GUNICORN = (*PYTHON_M, "gunicorn", "-c", "gunicorn_config.py", "-b", f"127.0.0.1:{PORT}")
PROGRAMS = (
    Program("pino", node("pino"), each, JSON, service=SERVICE, instance=POD),
    Program(
        "pino-http",  # "request completed" for all, and a line with the error before it
        node("pino_http"), lambda book: 1 + book.requests + refusals(book), JSON,
        service=SERVICE, instance=POD,
    ),
    Program(
        "fastify",  # "incoming request", the error if any, "request completed"
        node("fastify"), lambda book: 1 + 2 * book.requests + refusals(book), JSON,
        service=SERVICE, instance=POD,
    ),
    Program("winston-json", node("winston_json"), each, JSON, service=SERVICE),
    Program("winston-printf", node("winston_printf"), each),
    Program("bunyan", node("bunyan"), each, JSON, service=SERVICE, instance=POD),
    Program(
        "express-stderr", node("express_stderr"), refusals, file="stderr.log", streams="stderr",
        has_time=False, environment={"NODE_ENV": "production"},
    ),
    Program("console-error", node("console_error"), each),
    Program(
        "morgan", node("morgan"), lambda book: book.requests, "access-combined", "access.log",
        says_reason=False, starts_with="request",
    ),
    Program("structlog-json", python("structlog_app", "json"), each, JSON, service=SERVICE),
    Program("structlog-console", python("structlog_app", "console"), each, service=SERVICE),
    Program("python-json-logger", python("json_logger_app"), each, JSON, service=SERVICE),
    Program("python-logging", python("logging_app"), each),
    Program("loguru-text", python("loguru_app", "text"), each),
    Program("loguru-serialize", python("loguru_app", "serialize"), each, JSON),
    Program(
        "gunicorn",  # five lines when it starts, three when it ends, the application's between
        (*GUNICORN, "gunicorn_app:app"),
        lambda book: 5 + refusals(book) + 3, file="stderr.log", streams="stderr",
    ),
    Program(
        "gunicorn-mixed",
        (*GUNICORN, "--access-logfile", "-", "gunicorn_app:app"),
        lambda book: 5 + book.requests + refusals(book) + 3, "access-combined",
    ),
    Program(
        "uvicorn", (*PYTHON_M, "uvicorn", "--port", str(PORT), "uvicorn_app:app"),
        lambda book: 4 + book.requests + 4, has_time=False, says_reason=False,
    ),
    Program(
        "sentry-node",  # its Dedupe integration is on by default
        node("sentry_node"), refusals, "sentry-envelope", "orders-api.envelope", drops_repeats=True,
        starts_with="refused", ends_with="refused", service=SERVICE, instance=POD,
    ),
    Program(
        "sentry-python", python("sentry_app"), refusals, "sentry-envelope", "orders-api.envelope",
        starts_with="refused", ends_with="refused", service=SERVICE, instance=POD,
    ),
)  # fmt: skip

GO = {
    "zap-production": (JSON, SERVICE), "zap-development": ("text", ""),
    "logrus-text": ("text", ""), "logrus-json": (JSON, SERVICE), "slog-json": (JSON, SERVICE),
    "slog-text": ("text", SERVICE), "zerolog": (JSON, SERVICE), "go-log": ("text", ""),
}  # fmt: skip
