"""The services' lines pushed to moto's CloudWatch Logs, and exported by the AWS CLI."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from programs import PROGRAMS, SERVICE, Program
from table import Row
from traffic import Book, Clock

GROUP, BUCKET = "/ecs/orders-api", "example-log-exports"
MOTO_PORT = 5599
PYTHON = "/app/aws/venv/bin/python"
EXPORTS = Path("/app/exports")
AWS = {
    "AWS_ACCESS_KEY_ID": "sample", "AWS_SECRET_ACCESS_KEY": "sample",
    "AWS_DEFAULT_REGION": "eu-west-1", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{MOTO_PORT}",
    "AWS_CONFIG_FILE": "/nonexistent",
}  # fmt: skip
RECORD_START = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} )", re.MULTILINE)
JSON_TASK, TEXT_TASK, LINE_TASK = "0a1b" * 8, "1b2c" * 8, "2c3d" * 8


@dataclass(frozen=True)
class Stream:
    """A log stream: messages with their times, and what they hold."""

    task: str
    events: list[tuple[int, str]]
    book: Book

    @property
    def name(self) -> str:
        return f"ecs/{SERVICE}/{self.task}"


def streams(run: Callable[[Program], tuple[bytes, Book]]) -> tuple[Stream, Stream, Stream]:
    """JSON lines; text whose traces the collector joined; the same text, an event for each line."""
    by_name = {program.folder: program for program in PROGRAMS}
    data, json_book = run(by_name["python-json-logger"])
    as_json = Stream(JSON_TASK, _timed_lines(data.decode(), json_book), json_book)
    data, book = run(by_name["python-logging"])
    records = [record.rstrip("\n") for record in RECORD_START.split(data.decode()) if record]
    joined = list(zip(_times(book), records, strict=True))
    # A collector skips empty lines, for PutLogEvents refuses empty messages.
    lines = [(ms, line) for ms, record in joined for line in record.split("\n") if line]
    return as_json, Stream(TEXT_TASK, joined, book), Stream(LINE_TASK, lines, book)


def _times(book: Book) -> list[int]:
    return [book.first_ms, *book.request_ms]


def _timed_lines(text: str, book: Book) -> list[tuple[int, str]]:
    """Flask's banner stands between the objects, and is sent with them."""
    times = iter(_times(book))
    events: list[tuple[int, str]] = []
    for line in text.splitlines():
        events.append((next(times) if line.startswith("{") else events[-1][0], line))
    return events


def _aws(environment: dict[str, str], *arguments: str, output: str = "json") -> bytes:
    command = [PYTHON, "-m", "awscli", *arguments, "--output", output]
    return subprocess.run(command, env=environment | AWS, check=True, stdout=subprocess.PIPE).stdout


def _push(aws: Callable[..., bytes], stream: Stream) -> None:
    file = Path("/app/log-events.json")
    aws("logs", "create-log-stream", "--log-group-name", GROUP, "--log-stream-name", stream.name)
    events = [{"timestamp": ms, "message": message} for ms, message in stream.events]
    file.write_text(json.dumps(events))
    aws(
        *("logs", "put-log-events", "--log-group-name", GROUP),
        *("--log-stream-name", stream.name, "--log-events", f"file://{file}"),
    )


def record(
    run: Callable[[Program], tuple[bytes, Book]],
    running: Callable[..., AbstractContextManager[None]],
    clock: Clock,
    environment: dict[str, str],
) -> Iterator[tuple[Row, bytes]]:
    def aws(*arguments: str, output: str = "json") -> bytes:
        return _aws(environment, *arguments, output=output)

    as_json, joined, lines = streams(run)
    last = max(as_json.book.last_ms, joined.book.last_ms)
    clock.set(last + 60_000)
    moto = (PYTHON, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(MOTO_PORT))
    with running(moto, subprocess.DEVNULL, subprocess.DEVNULL, {}, MOTO_PORT):
        seed = f"http://127.0.0.1:{MOTO_PORT}/moto-api/seed?a=20310506"  # its ids are then the same
        urllib.request.urlopen(seed, data=b"").close()
        aws("logs", "create-log-group", "--log-group-name", GROUP)
        _push(aws, as_json)
        _push(aws, joined)
        group = ("--log-group-name", GROUP)
        everything = aws("logs", "filter-log-events", *group)
        yield _row("filter-log-events.json", "cloudwatch-events", as_json, joined), everything
        one = (*group, "--log-stream-name", joined.name, "--start-from-head")
        yield (
            _row("get-log-events.json", "cloudwatch-events", joined, names=False),
            aws("logs", "get-log-events", *one),
        )
        yield from _insights(aws, group, as_json, joined)
        yield from _export(aws, group, as_json, joined, last)
        _push(aws, lines)
        cut = ("--log-stream-names", lines.name)
        yield (
            _row("filter-log-events-per-line.json.gz", "cloudwatch-events", lines),
            gzip.compress(aws("logs", "filter-log-events", *group, *cut), mtime=0),
        )


def _insights(
    aws: Callable[..., bytes], group: tuple[str, str], *of: Stream
) -> Iterator[tuple[Row, bytes]]:
    query = "fields @timestamp, @logStream, @message | sort @timestamp desc | limit 1000"
    span = ("--start-time", "1935810000", "--end-time", "1935830000")
    started = json.loads(aws("logs", "start-query", *group, *span, "--query-string", query))
    answer = aws("logs", "get-query-results", "--query-id", started["queryId"])
    row = _row("get-query-results.json", "cloudwatch-insights", *of)
    yield row, answer
    as_aws = re.sub(rb'"value": "(\d{13})"', _written_out, answer)
    edited = replace(row, file="cloudwatch/get-query-results-utc.json", origin="edited")
    yield edited, as_aws


def _written_out(value: re.Match[bytes]) -> bytes:
    """AWS writes times in words where moto writes epoch milliseconds."""
    moment = datetime.fromtimestamp(int(value[1]) / 1000, UTC)
    written = moment.isoformat(sep=" ", timespec="milliseconds").removesuffix("+00:00")
    return f'"value": "{written}"'.encode()


def _export(
    aws: Callable[..., bytes], group: tuple[str, str], as_json: Stream, joined: Stream, last: int
) -> Iterator[tuple[Row, bytes]]:
    aws("s3", "mb", f"s3://{BUCKET}")
    span = ("--from", str(as_json.book.first_ms), "--to", str(last + 1))
    aws("logs", "create-export-task", *group, *span, "--destination", BUCKET)
    aws("s3", "sync", "--quiet", f"s3://{BUCKET}", str(EXPORTS))
    for path in sorted(EXPORTS.rglob("*")):
        if path.name == "aws-logs-write-test":
            yield Row("cloudwatch/s3-export/aws-logs-write-test", "", 0, {}), path.read_bytes()
        elif path.is_file():
            stream = as_json if as_json.task in str(path) else joined
            name = f"s3-export/{path.relative_to(EXPORTS)}"
            row = replace(
                _row(name, "cloudwatch-s3-export", stream),
                named_by="path",
                format_by_content="text",
            )
            yield row, path.read_bytes()


def _row(file: str, format_: str, *of: Stream, names: bool = True) -> Row:
    refused: Counter[str] = sum((stream.book.refused for stream in of), Counter())
    return Row(
        f"cloudwatch/{file}",
        format_,
        sum(len(stream.events) for stream in of),
        dict(refused),
        min(stream.book.first_ms for stream in of),
        max(stream.book.last_ms for stream in of),
        [ms for stream in of for ms in stream.book.refused_ms],
        [SERVICE] if names else [],
        [stream.task for stream in of] if names else [],
    )
