"""Law: what a report says was read is the sum of its sources, whether they hold times, or anything."""

from __future__ import annotations

import json
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from logclass import pipeline
from logclass import report as documents

if TYPE_CHECKING:
    from pathlib import Path

STAMPED = "".join(f"2031-05-06T07:08:{n:02}Z ERROR token rejected: jwt expired\n" for n in range(9))
FILES = {
    "timed.log": (STAMPED, 9, 9),
    "bare.log": ("ERROR token rejected: jwt expired\nINFO order stored\n" * 4, 8, 4),
    "bare.jsonl": ('{"level":"error","msg":"jwt expired"}\n' * 3, 3, 3),
    "quiet.log": ("INFO order stored\n" * 5, 5, 0),
    "empty.log": ("", 0, 0),
    "blank.log": ("\n \n", 0, 0),
    "deploys.json": (
        json.dumps([{"time": "2031-05-06T07:00:00Z", "kind": "deploy", "target": "orders"}]), 0, 0,
    ),
}  # fmt: skip
BUNDLES = [
    names
    for size in (1, 2, len(FILES))
    for names in combinations(FILES, size)
    if any(FILES[name][1] for name in names) or "deploys.json" in names
]


def intake(folder: Path, names: tuple[str, ...]) -> tuple[dict[str, Any], list[Any]]:
    """Return what the report says of a bundle of these files, and its window."""
    for name in names:
        (folder / name).write_text(FILES[name][0])
    read = pipeline.read([str(folder)], pipeline.Options(workers=1))
    document = json.loads(documents.to_json(pipeline.diagnose(read, command="report")))
    return document["intake"], [document["window"]["start"], document["window"]["end"]]


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("names", BUNDLES, ids="+".join)
def test_what_was_read_is_the_sum_of_the_sources(tmp_path: Path, names: tuple[str, ...]) -> None:
    found, window = intake(tmp_path, names)
    assert found["events"] == sum(FILES[name][1] for name in names)
    assert found["rejections"] == sum(FILES[name][2] for name in names)
    for key in ("events", "rejections", "faults"):
        assert found[key] >= sum(source[key] for source in found["sources"])
    for source in found["sources"]:
        _, events, rejections = FILES[source["name"].rpartition("/")[2]]
        assert (source["events"], source["rejections"]) == (events, rejections)
        assert (source["first"] is None) == ("timed" not in source["name"])
    assert all(one is None for one in window) == ("timed.log" not in names)
