"""nginx and Apache in front of the service, and in front of one that is down."""

from __future__ import annotations

import contextlib
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from programs import GUNICORN
from table import Row
from traffic import Book, Clock, drive, plan

FRONT_PORT = 8081
SERVERS = Path("/app/servers")
DOWN_MS = 45_125  # after the last good request
Running = Callable[..., AbstractContextManager[None]]
Keep = Callable[[Path, bytes], None]

COMMANDS = {
    "nginx": ("nginx", "-c", str(SERVERS / "nginx.conf"), "-g", "daemon off;"),
    "apache2": ("apache2", "-f", str(SERVERS / "apache2.conf"), "-D", "FOREGROUND"),
}


def record(name: str, running: Running, clock: Clock) -> Book:
    """Drive requests through the front end; the last three meet a service that is down."""
    with open(os.devnull, "wb") as nowhere:
        service = running((*GUNICORN, "gunicorn_app:app"), nowhere, nowhere, {})
        front = running(COMMANDS[name], nowhere, None, {}, FRONT_PORT)
        with service, front:
            book = drive(plan(name), f"http://127.0.0.1:{FRONT_PORT}", clock)
            for number in range(3):
                book.last_ms += DOWN_MS
                book.request_ms.append(book.last_ms)
                clock.set(book.last_ms)
                with contextlib.suppress(urllib.error.HTTPError):
                    urllib.request.urlopen(f"http://127.0.0.1:{FRONT_PORT}/legacy/{number}")
            book.requests += 3
    return book


def rows(name: str, fixtures: Path, book: Book, keep: Keep) -> Iterator[Row]:
    refused = {"unspecified": sum(book.refused.values())}
    files = {
        "nginx": {"access.log": "access-combined", "access.json": "json-lines"},
        "apache2": {"access.log": "access-combined", "vhosts.log": "access-combined"},
    }[name]
    for file, format_ in files.items():
        keep(fixtures / name / file, (SERVERS / f"{name}-{file}").read_bytes())
        yield Row(
            f"{name}/{file}", format_, book.requests, refused, book.request_ms[0], book.last_ms,
            book.refused_ms,
        )  # fmt: skip
    keep(fixtures / name / "error.log", (SERVERS / f"{name}-error.log").read_bytes())
    # nginx writes one line for each refused connection; Apache two, and two when it starts
    # and one when it ends.
    events, first = (3, book.request_ms[-3]) if name == "nginx" else (2 * 3 + 2 + 1, book.first_ms)
    yield Row(f"{name}/error.log", "text", events, {}, first, book.last_ms)
