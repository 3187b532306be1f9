"""What real programs wrote, against the book that their recorder kept."""

from __future__ import annotations

import hashlib
import shutil
import tomllib
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow.compute as pc
import pytest

from logclass import counted, pipeline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logclass.model import Counted, Summary

HERE = Path(__file__).parent
FIXTURES = HERE / "fixtures"
TABLE = [
    row
    for table in sorted(HERE.glob("*.toml"))
    for row in tomllib.loads(table.read_text())["fixture"]
]
LOGS = [row for row in TABLE if row["events"]]
OPTIONS = pipeline.Options(workers=1)
SLACK_MS = 1000  # many formats write whole seconds


def every_log(what: str) -> pytest.MarkDecorator:
    """Return all rows as a test's parameters; one that is read wrongly in this says why."""
    marks = [
        [pytest.mark.xfail(reason=row[f"wrong_{what}"], strict=True)]
        if f"wrong_{what}" in row
        else []
        for row in LOGS
    ]
    rows = zip(LOGS, marks, strict=True)
    return pytest.mark.parametrize(
        "row", [pytest.param(row, marks=mark, id=row["file"][-60:]) for row, mark in rows]
    )


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.fixture(scope="module")
def recorded() -> dict[str, Part]:
    """Return what all fixtures hold, read where they lie."""
    summary = pipeline.read([str(FIXTURES / row["file"]) for row in LOGS], OPTIONS).summary
    return parts(summary, [row["file"] for row in LOGS])


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Part]:
    """Return what copies hold whose names tell nothing."""
    folder = tmp_path_factory.mktemp("0")
    for row in LOGS:
        shutil.copyfile(FIXTURES / row["file"], folder / nameless(row))
    summary = pipeline.read([str(folder)], OPTIONS).summary
    return parts(summary, [nameless(row) for row in LOGS])


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Part]:
    """Return what one archive holds into which all were thrown."""
    bundle = tmp_path_factory.mktemp("0") / "bundle.zip"
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        for row in LOGS:
            archive.write(FIXTURES / row["file"], row["file"])
    summary = pipeline.read([str(bundle)], OPTIONS).summary
    return parts(summary, [row["file"] for row in LOGS])


def nameless(row: dict) -> str:
    """Return a name of letters only, for digits at its end would count instances."""
    letters = str.maketrans("0123456789", "ghijklmnop")
    return hashlib.sha256(row["file"].encode()).hexdigest()[:12].translate(letters)


class Part(NamedTuple):
    summary: Summary
    once: Counted


def parts(summary: Summary, endings: Iterable[str]) -> dict[str, Part]:
    """Return what a summary holds of the sources whose names end like these."""
    found = {ending: part_of(summary, ending) for ending in endings}
    return {ending: Part(one, counted.count_once(one)) for ending, one in found.items()}


def part_of(summary: Summary, ending: str) -> Summary:
    (source,) = (one for one in summary.sources if f"/{one.source}".endswith(f"/{ending}"))
    of_source = {
        name: table.filter(pc.equal(table["source"].cast("string"), source.source))
        for name, table in (("counts", summary.counts), ("tally", summary.tally))
    }
    faults = tuple(fault for fault in summary.faults if fault.source.startswith(source.source))
    return replace(summary, **of_source, sources=(source,), faults=faults)


def check_counts(part: Part, row: dict, format_: str) -> None:
    (source,) = part.summary.sources
    assert source.format == format_
    assert source.events == row["events"]
    assert not part.summary.faults
    reasons = Counter()
    for rejection in part.once.rejections.itertuples():
        reasons[rejection.reason] += int(rejection.count)
    assert dict(reasons) == row["rejections"]
    check_times(source, part.once.rejections, row)


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


@every_log("counts")
def test_all_that_was_recorded_is_read(row: dict, recorded: dict[str, Part]) -> None:
    check_counts(recorded[row["file"]], row, row["format"])


@every_log("counts")
def test_content_alone_tells_the_format(row: dict, renamed: dict[str, Part]) -> None:
    format_ = row.get("format_by_content", row["format"])
    check_counts(renamed[nameless(row)], row, format_)


@every_log("counts")
def test_all_in_one_archive_are_read_as_each_alone(row: dict, zipped: dict[str, Part]) -> None:
    check_counts(zipped[row["file"]], row, row["format"])


@every_log("names")
def test_names_are_those_of_the_records(
    row: dict, recorded: dict[str, Part], renamed: dict[str, Part]
) -> None:
    is_by_path = row.get("named_by") == "path"
    once = (recorded[row["file"]] if is_by_path else renamed[nameless(row)]).once
    services, instances = set(once.rejections["service"]), set(once.rejections["instance"])
    if "services" in row and row["rejections"]:
        assert services == set(row["services"])
    assert instances == set(row.get("instances", [""] if row["rejections"] else []))
    if not row["format"].startswith("sentry"):  # its events are no denominators
        assert services <= set(once.tally["service"])
        assert instances <= set(once.tally["instance"])


@pytest.mark.parametrize(
    "row", [row for row in TABLE if not row["events"]], ids=lambda r: r["file"]
)
def test_what_is_no_log_holds_no_events(row: dict) -> None:
    exported = FIXTURES / row["file"].split("/")[0]
    summary = pipeline.read([str(exported)], OPTIONS).summary
    read = {source.source: source.events for source in summary.sources}
    assert not any(name.endswith(row["file"]) and events for name, events in read.items())


def test_every_file_is_in_the_table() -> None:
    files = {str(path.relative_to(FIXTURES)) for path in FIXTURES.rglob("*") if path.is_file()}
    assert files == {row["file"] for row in TABLE}


@pytest.mark.parametrize("path", sorted(p for p in FIXTURES.rglob("*") if p.is_file()), ids=str)
def test_fixtures_are_small(path: Path) -> None:
    assert path.stat().st_size <= 60 * 1024
