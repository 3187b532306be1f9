"""What Windows does to a log changes its bytes and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[1] / "formats" / "fixtures"
NAMES = [
    "python-logging/stdout.log",
    "express-stderr/stderr.log",
    "zap-production/stdout.log",
    "nginx/access.log",
    "cloudwatch/filter-log-events.json",
    "stores/insights.csv",
    "stores/filter-log-events.yaml",
    "stores/rfc5424.log",
]


@pytest.mark.parametrize("name", NAMES)
def test_carriage_returns_and_wide_characters_change_nothing(bundle, name):
    text = (FIXTURES / name).read_bytes().decode()
    ended = text.replace("\n", "\r\n")
    files = {"lf": text, "crlf": ended, "wide": ended.encode("utf-16"), "mark": "\ufeff" + ended}
    found = {}
    for kind, content in files.items():
        read = bundle({"app.log": content})
        (source,) = read.summary.sources
        found[kind] = (source.format, source.events, read.rejected, source.first_ms, source.last_ms)
        assert not read.faults, kind
    assert found["lf"][2]
    assert found == dict.fromkeys(files, found["lf"])
