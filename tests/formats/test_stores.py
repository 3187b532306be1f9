"""Exports of log stores: read the same however they are cut, and with every byte accounted for."""

from __future__ import annotations

import gzip
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from reading import engine

from logclass import classify, formats
from logclass.model import Source

HERE = Path(__file__).parent
ROWS = tomllib.loads((HERE / "stores.toml").read_text())["fixture"]
NAMES = [row["file"] for row in ROWS]


def content(name: str) -> bytes:
    data = (HERE / "fixtures" / name).read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def read(data: bytes, size: int):
    """Return rows, tally, faults and lines of a stream read in chunks of this size."""
    matcher, prefilter = engine()
    faults, rows = [], []
    tally: Counter[tuple] = Counter()
    source = Source("app.log", "app.log", modified_seconds=1_935_900_000)
    chunks = (data[at : at + size] for at in range(0, len(data), size))
    lines = 0
    for batch in formats.read(source, chunks, prefilter.hits, faults):
        lines += batch.lines
        rows += classify.classify(batch, matcher).rejections.to_pylist()
        for row in batch.tally.to_pylist():
            tally[row["service"], row["instance"], row["minute"], row["status_class"]] += row[
                "events"
            ]
    return rows, tally, [(fault.kind, fault.line) for fault in faults], lines


@pytest.mark.parametrize("name", NAMES)
def test_any_block_size_gives_the_same(name: str) -> None:
    data = content(name)
    whole = read(data, len(data))
    assert whole[0]
    for size in (997, 5_003):
        assert read(data, size) == whole


@pytest.mark.parametrize("name", NAMES)
def test_lines_of_rejections_are_those_of_the_file(name: str) -> None:
    data = content(name)
    rows, _, _, lines = read(data, len(data))
    assert lines == data.count(b"\n")
    assert all(1 <= row["line"] <= max(lines, 1) for row in rows)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_was_cut_is_read_as_far_as_it_goes(name: str) -> None:
    data = content(name)
    most = sum(read(data, len(data))[1].values())
    before = 0
    for share in (0.2, 0.5, 0.8, 0.97):
        rows, tally, _, _ = read(data[: int(len(data) * share)], 1 << 20)
        assert before <= sum(tally.values()) <= most + 1  # a torn line may be one more
        assert len(rows) <= sum(tally.values())
        before = sum(tally.values())
