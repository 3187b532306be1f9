"""Pushes log lines with PutLogEvents to moto, as a collector does, and exports them twice.

The first hour comes back as an S3 export task, the rest as `aws logs filter-log-events`.
"""

from __future__ import annotations

import gzip
import json
import urllib.request
from itertools import groupby
from typing import TYPE_CHECKING

import boto3
from aws_cli import REGION

if TYPE_CHECKING:
    from pathlib import Path

    from aws_cli import AwsCli
    from virtual_clock import VirtualClock

GROUP = "/ecs/auth"
BUCKET = "example-log-exports"
FLUSH_MS = 15_000  # the collector sends what it has every fifteen seconds


def _client(endpoint: str):
    return boto3.client(
        "logs",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="sample",
        aws_secret_access_key="sample",
    )


def _flush(logs, lines: list[dict], seen: set[str]) -> None:
    by_stream: dict[str, list[dict]] = {}
    for line in lines:
        event = {"timestamp": line["timestamp"], "message": line["message"]}
        by_stream.setdefault(line["stream"], []).append(event)
    for stream, events in by_stream.items():
        if stream not in seen:
            logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
            seen.add(stream)
        logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=events)


def push_and_export(
    lines_path: Path,
    bundle: Path,
    clock: VirtualClock,
    aws: AwsCli,
    window: tuple[int, int, int],
) -> None:
    """Replay the lines in virtual time; `window` is start, split and end in epoch ms."""
    start, split, end = window
    urllib.request.urlopen(f"{aws.endpoint}/moto-api/seed?a=20310506", data=b"").close()
    logs = _client(aws.endpoint)
    logs.create_log_group(logGroupName=GROUP)
    lines = [json.loads(line) for line in lines_path.read_text().splitlines()]
    seen: set[str] = set()
    exported = False
    for tick, chunk in groupby(lines, key=lambda line: line["timestamp"] // FLUSH_MS):
        now = (tick + 1) * FLUSH_MS + 350
        if not exported and now > split + 60_000:
            clock.set(split + 60_000)
            _export_to_s3(aws, bundle, start, split)
            exported = True
        clock.set(now)
        _flush(logs, list(chunk), seen)
    clock.set(end + 5 * 60_000)
    _filter_log_events(aws, bundle, split, end)


def _export_to_s3(aws: AwsCli, bundle: Path, start: int, split: int) -> None:
    aws("s3", "mb", f"s3://{BUCKET}")
    aws(
        *("logs", "create-export-task", "--log-group-name", GROUP),
        *("--from", str(start), "--to", str(split - 1), "--destination", BUCKET),
        *("--destination-prefix", "exportedlogs"),
    )
    aws("s3", "sync", "--quiet", f"s3://{BUCKET}", str(bundle / "cloudwatch-s3-export"))


def _filter_log_events(aws: AwsCli, bundle: Path, split: int, end: int) -> None:
    answer = aws(
        *("logs", "filter-log-events", "--log-group-name", GROUP),
        *("--start-time", str(split), "--end-time", str(end - 1), "--interleaved"),
    )
    # What `aws logs filter-log-events ... | gzip -9n` writes.
    path = bundle / "cloudwatch-filter-log-events.json.gz"
    path.write_bytes(gzip.compress(answer, 9, mtime=0))
