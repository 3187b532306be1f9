"""Reads the bundles back with nothing but the standard library, and compares with truth.json.

Prints, for each scenario, how many requests were refused per minute and why; fails where a count
differs from the simulation's books. It knows the services' own words, not logclass.

Usage: check.py SAMPLE_LOGS [SCENARIO...]
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

REASONS = {
    "invalid signature": "signature_invalid",
    "jwt expired": "token_expired",
    "jwt malformed": "token_malformed",
    "authorization header missing": "header_missing",
    "Authorization header missing": "header_missing",
    "missing bearer token": "header_missing",
    "jwt.exceptions.InvalidIssuerError": "issuer_mismatch",
    "jwt.exceptions.InvalidAudienceError": "audience_mismatch",
    "jwt.exceptions.ExpiredSignatureError": "token_expired",
    "jwt.exceptions.DecodeError": "token_malformed",
    "token is expired": "token_expired",
    "token is malformed": "token_malformed",
    "signature is invalid": "signature_invalid",
    "signing key not loaded yet": "key_missing",
}


class Line(NamedTuple):
    """A log line of a service."""

    minute: str
    instance: str
    fields: dict[str, Any]


def rollout_lines(bundle: Path) -> Iterator[Line]:
    """Yield the auth service's lines out of both CloudWatch exports."""
    texts = []
    for path in sorted(bundle.glob("cloudwatch-s3-export/**/*.gz")):
        text = gzip.decompress(path.read_bytes()).decode()
        texts += [line.partition(" ")[2] for line in text.splitlines()]
    packed = (bundle / "cloudwatch-filter-log-events.json.gz").read_bytes()
    texts += [event["message"] for event in json.loads(gzip.decompress(packed))["events"]]
    for text in texts:
        fields = json.loads(text)
        minute = datetime.fromtimestamp(fields["time"] / 1000, UTC).strftime("%H:%M")
        yield Line(minute, fields["hostname"], fields)


def drift_lines(bundle: Path) -> Iterator[Line]:
    """Yield the API's lines."""
    for path in sorted(bundle.glob("api/*.log")):
        for text in path.read_text().splitlines():
            fields = json.loads(text)
            yield Line(fields["timestamp"][11:16], fields["instance"], fields)


def quiet_lines(bundle: Path) -> Iterator[Line]:
    """Yield the gateway's lines."""
    for path in sorted(bundle.glob("*.log")):
        for text in path.read_text().splitlines():
            fields = json.loads(text)
            yield Line(fields["time"][11:16], fields["pod"], fields)


def words(fields: dict[str, Any]) -> str:
    """Return the part of a line that says why a request was refused."""
    parts = [fields.get("msg", ""), fields.get("message", ""), str(fields.get("error", ""))]
    parts.append(fields.get("err", {}).get("message", ""))
    parts.append(fields.get("exc_info", "").rpartition("\n")[2])
    return " ".join(parts)


def reason_of(fields: dict[str, Any]) -> str | None:
    """Return why the line says a request was refused; None if it says nothing of the kind."""
    if str(fields["level"]) not in ("40", "WARNING", "WARN"):
        return None
    text = words(fields)
    found = [reason for literal, reason in REASONS.items() if literal in text]
    if not found:
        raise ValueError(f"a warning in unknown words: {text}")
    return found[0]


def status_of(fields: dict[str, Any]) -> int:
    """Return the status of a request line, health checks left out; 0 for other lines."""
    if fields.get("req", {}).get("url") == "/health":
        return 0
    return fields.get("res", {}).get("statusCode", 0) or fields.get("status", 0)


def story(by_minute: dict[str, Counter[str]]) -> None:
    """Print one line for each minute with five refusals or more."""
    for minute in sorted(by_minute):
        counts = by_minute[minute]
        if sum(counts.values()) >= 5:
            print(f"  {minute} {sum(counts.values()):4} {dict(counts)}")


def check(scenario: Path, lines: Iterator[Line]) -> None:
    """Compare one scenario's bundle with its truth."""
    truth = json.loads((scenario / "truth.json").read_text())
    by_reason: Counter[str] = Counter()
    by_minute: dict[str, Counter[str]] = defaultdict(Counter)
    by_instance: dict[str, Counter[str]] = defaultdict(Counter)
    status: Counter[int] = Counter()
    total = 0
    for line in lines:
        total += 1
        status[status_of(line.fields)] += 1
        reason = reason_of(line.fields)
        if reason:
            by_reason[reason] += 1
            by_minute[line.minute][reason] += 1
            by_instance[line.instance][reason] += 1
    assert by_reason == truth["rejections_by_reason"], by_reason
    assert by_minute == truth["rejections_by_minute"]
    assert by_instance == truth["rejections_by_instance"]
    assert status[401] == truth["requests"]["rejected"], status
    assert status[200] == truth["requests"]["accepted"], status
    print(f"{scenario.name}: {total} lines, {status[200]} accepted, {dict(by_reason)}")
    story(by_minute)


READERS = {"partial_rollout": rollout_lines, "claim_drift": drift_lines, "quiet_day": quiet_lines}

if __name__ == "__main__":
    root = Path(sys.argv[1])
    for name in sys.argv[2:] or READERS:
        check(root / name, READERS[name](root / name / "bundle"))
