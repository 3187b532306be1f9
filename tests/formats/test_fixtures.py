"""What real programs wrote, against the book that their recorder kept."""

from __future__ import annotations

import shutil
import tomllib
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from logclass import counted, pipeline

HERE = Path(__file__).parent
FIXTURES = HERE / "fixtures"
TABLE = tomllib.loads((HERE / "fixtures.toml").read_text())["fixture"]
LOGS = [row for row in TABLE if row["events"]]
SLACK_MS = 1000  # many formats write whole seconds

every_log = pytest.mark.parametrize("row", LOGS, ids=lambda row: row["file"][-60:])


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.fixture
def renamed(tmp_path: Path, row: dict) -> Path:
    """Return a copy whose name tells nothing."""
    copy = tmp_path / "0f3a9c"
    shutil.copyfile(FIXTURES / row["file"], copy)
    return copy


def check(path: Path, row: dict) -> None:
    summary = pipeline.read([str(path)], pipeline.Options(workers=1)).summary
    once = counted.count_once(summary)
    (source,) = summary.sources
    assert source.format == row["format"]
    assert source.events == row["events"]
    assert not summary.faults
    reasons = Counter()
    for rejection in once.rejections.itertuples():
        reasons[rejection.reason] += int(rejection.count)
    assert dict(reasons) == row["rejections"]
    check_times(source, once.rejections, row)
    if row.get("named_by", "record") == "record":
        check_names(once.rejections, row)


def check_times(source, rejections, row: dict) -> None:
    if "first" not in row:
        assert source.first_ms is None
        assert source.last_ms is None
        return
    # The intake's edges may be those of the minute.
    assert source.first_ms // 60_000 == ms(row["first"]) // 60_000
    assert source.last_ms // 60_000 == ms(row["last"]) // 60_000
    if "first_rejection" in row:
        assert abs(rejections["time_ms"].min() - ms(row["first_rejection"])) <= SLACK_MS
        assert abs(rejections["time_ms"].max() - ms(row["last_rejection"])) <= SLACK_MS


def check_names(rejections, row: dict) -> None:
    if "services" in row:
        assert sorted(set(rejections["service"])) == row["services"]
    if "instances" in row:
        assert sorted(set(rejections["instance"])) == row["instances"]


@every_log
def test_all_that_was_recorded_is_read(row: dict) -> None:
    check(FIXTURES / row["file"], {**row, "named_by": "record"})


@every_log
def test_content_alone_tells_the_format(row: dict, renamed: Path) -> None:
    check(renamed, row)


@pytest.mark.parametrize("row", [row for row in TABLE if not row["events"]], ids=lambda r: r["file"])
def test_what_is_no_log_holds_no_events(row: dict) -> None:
    exported = FIXTURES / row["file"].split("/")[0]
    summary = pipeline.read([str(exported)], pipeline.Options(workers=1)).summary
    read = {source.source: source.events for source in summary.sources}
    assert not any(name.endswith(row["file"]) and events for name, events in read.items())


def test_every_file_is_in_the_table() -> None:
    files = {str(path.relative_to(FIXTURES)) for path in FIXTURES.rglob("*") if path.is_file()}
    assert files == {row["file"] for row in TABLE}


@pytest.mark.parametrize("path", sorted(p for p in FIXTURES.rglob("*") if p.is_file()), ids=str)
def test_fixtures_are_small(path: Path) -> None:
    assert path.stat().st_size <= 60 * 1024
