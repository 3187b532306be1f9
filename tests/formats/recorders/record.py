"""Run the programs, write the fixtures and the table of what is in them. See README.md.

Usage: record.py FIXTURES_FOLDER [NAME ...]   (only the programs of these names)
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import alb
import cloudwatch
import frontends
from programs import GO, POD, PORT, PROGRAMS, Program
from table import Row, toml
from traffic import AUDIENCE, ISSUER, SECRET, Book, Clock, drive, plan, without_repeats

APP = Path("/app")
CLOCK_FILE = APP / "clock"
ENVELOPES = APP / "envelopes"
LIBFAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "TZ": "UTC",
    "HOME": "/app",
    "PYTHONUNBUFFERED": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PORT": str(PORT),
    "POD_NAME": POD,
    "JWT_SECRET": SECRET,
    "ISSUER": ISSUER,
    "AUDIENCE": AUDIENCE,
    "ENVELOPES": str(ENVELOPES),
    "LD_PRELOAD": str(LIBFAKETIME),
    "FAKETIME_TIMESTAMP_FILE": str(CLOCK_FILE),
    "FAKETIME_NO_CACHE": "1",
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    "NO_FAKE_STAT": "1",
}


@contextlib.contextmanager
def running(
    command: tuple[str, ...], stdout: object, stderr: object, more: dict[str, str], port: int = PORT
) -> Iterator[None]:
    """Run a server until the block ends; it may begin when the port is open."""
    process = subprocess.Popen(
        command, stdout=stdout, stderr=stderr, env=ENVIRONMENT | more, cwd=APP / "python"
    )
    try:
        _wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int) -> None:
    import socket

    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            time.sleep(0.2)
            return
        time.sleep(0.1)
    raise SystemExit("the program did not start")


def run(program: Program) -> tuple[bytes, Book]:
    """Return what the program wrote and what is known of the run."""
    clock = Clock(CLOCK_FILE)
    ENVELOPES.unlink(missing_ok=True)
    out = APP / "out.log"
    with out.open("wb") as both, open(os.devnull, "wb") as nowhere:
        stdout = nowhere if program.streams == "stderr" else both
        stderr = nowhere if program.streams == "stdout" else both
        with running(program.command, stdout, stderr, program.environment):
            book = drive(plan(program.folder), f"http://127.0.0.1:{PORT}", clock)
    is_envelope = program.format.startswith("sentry")
    return (ENVELOPES if is_envelope else out).read_bytes(), book


def row_of(program: Program, book: Book) -> Row:
    edges = {"start": book.first_ms, "request": book.request_ms[0], "refused": book.refused_ms[0]}
    last = book.last_ms if program.ends_with == "request" else book.refused_ms[-1]
    refused = sum(book.refused.values())
    return Row(
        f"{program.folder}/{program.file}",
        program.format,
        program.events(book),
        dict(book.refused) if program.says_reason else {"unspecified": refused},
        edges[program.starts_with] if program.has_time else None,
        last if program.has_time else None,
        book.refused_ms if program.has_time else [],
        [program.service] if program.service else [],
        [program.instance] if program.instance else [],
    )


def record_program(program: Program, fixtures: Path) -> Iterator[Row]:
    data, book = run(program)
    row = row_of(program, without_repeats(book) if program.drops_repeats else book)
    write(fixtures / row.file, data)
    yield row
    if program.folder == "sentry-python":
        yield from record_raw_events(row, fixtures)


def record_raw_events(row: Row, fixtures: Path) -> Iterator[Row]:
    """The same SDK's events outside of envelopes: an array of all, and one alone."""
    events = [json.loads(line) for line in Path(f"{ENVELOPES}.events").read_text().splitlines()]
    Path(f"{ENVELOPES}.events").unlink()
    write(fixtures / "sentry-events/events.json", json.dumps(events).encode())
    yield replace(row, file="sentry-events/events.json", format="sentry-events")
    one = next(event for event in events if "expired" in event["exception"]["values"][-1]["value"])
    write(fixtures / "sentry-events/event.json", json.dumps(one, indent=2).encode())
    at = events.index(one)
    yield replace(
        row, file="sentry-events/event.json", format="sentry-events", events=1,
        rejections={"token_expired": 1}, first_ms=row.refused_ms[at], last_ms=row.refused_ms[at],
        refused_ms=[row.refused_ms[at]],
    )  # fmt: skip


def record_go(name: str, fixtures: Path) -> Row:
    format_, service = GO[name]
    book_file = APP / "book.json"
    ran = subprocess.run(
        [APP / "go/recorder", name, book_file], env={"TZ": "UTC"}, capture_output=True, check=True
    )
    book = json.loads(book_file.read_text())
    write(fixtures / name / "stdout.log", played_back(ran.stdout + ran.stderr))
    return Row(
        f"{name}/stdout.log", format_, 1 + book["requests"], book["refused"], book["first_ms"],
        book["last_ms"], book["refused_ms"], [service] if service else [],
    )  # fmt: skip


def played_back(data: bytes) -> bytes:
    """Take off the headers that Go's faketime puts before each write: magic, time, length."""
    said = []
    while data:
        magic, _, length = struct.unpack_from(">4sQI", data)
        if magic != b"\x00\x00PB":
            raise SystemExit("not built with -tags faketime")
        said.append(data[16 : 16 + length])
        data = data[16 + length :]
    return b"".join(said)


def write(path: Path, data: bytes) -> None:
    """Keep what a program wrote; only the folder of this machine's Python gets its usual name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.replace(sys.base_prefix.encode(), b"/usr/local"))
    print(path, len(data), file=sys.stderr)


def main() -> None:
    fixtures, only = Path(sys.argv[1]), set(sys.argv[2:])
    rows: list[Row] = []
    for program in PROGRAMS:
        if not only or program.folder in only:
            rows += record_program(program, fixtures)
    for name in GO:
        if not only or name in only:
            rows.append(record_go(name, fixtures))
    for name in frontends.COMMANDS:
        if not only or name in only:
            for old in (APP / "servers").glob(f"{name}-*"):
                old.unlink()
            book = frontends.record(name, running, Clock(CLOCK_FILE))
            rows += frontends.rows(name, fixtures, book, write)
    if not only or "cloudwatch" in only:
        clock = Clock(CLOCK_FILE)
        for row, data in cloudwatch.record(run, running, clock, ENVIRONMENT):
            write(fixtures / row.file, data)
            rows.append(row)
    if not only or "aws-alb" in only:
        row, data = alb.hand_made()
        write(fixtures / row.file, data)
        rows.append(row)
    for row in rows:
        print(toml(row))


main()
