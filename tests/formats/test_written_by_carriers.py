"""Lines that stand between a program and its file, as PM2, syslog-ng, Tomcat and others wrote them
when they were run (recorders/carriers). Their stamps lack the year, so the files are no fixtures.
"""

from __future__ import annotations

from typing import Any

import pytest
from reading import engine

from logclass import classify, formats
from logclass.model import Source

WRITTEN = 1_795_419_900  # 2026-11-23T07:45:00Z
AT_MS = 1_795_418_104_000  # 2026-11-23T07:15:04Z
SAID = ("INFO order 0 stored", "ERROR token rejected: Signature has expired", "INFO done")


def read(text: str, form: str) -> tuple[int, list[dict[str, Any]]]:
    """Return events and rows; the text is read as `form`."""
    matcher, prefilter = engine()
    events, rows, faults = 0, [], []
    for batch in formats.read(
        Source("0.log", "0.log", modified_seconds=WRITTEN), [text.encode()], prefilter.hits, faults
    ):
        assert batch.format == form
        events += sum(batch.tally["events"].to_pylist())
        rows += classify.classify(batch, matcher).rejections.to_pylist()
    assert not faults
    return events, rows


@pytest.mark.parametrize(
    ("line", "form", "names"),
    [
        pytest.param(
            '{{"PROGRAM":"orders-api","MESSAGE":"{}","HOST":"web-1","DATE":"Nov 23 07:15:04"}}',
            "json-lines", ("orders-api", "web-1"), id="syslog-ng format-json",
        ),
        pytest.param(
            'DATE="Nov 23 07:15:04" HOST=web-1 MESSAGE="{}" PID=77 PROGRAM=orders-api',
            "text", ("orders-api", "web-1"), id="syslog-ng format-welf",
        ),
        pytest.param("Nov 23 07:15:04 {}", "text", ("", ""), id="ts"),
        pytest.param(
            "Nov 23 07:15:04 orders-api[77]: {}", "text", ("orders-api", ""), id="journalctl --no-hostname"
        ),
        pytest.param(
            "Nov 23 07:15:04.125317 web-1 orders-api[77]: {}", "syslog", ("orders-api", "web-1"),
            id="journalctl -o short-precise",
        ),
    ],
)  # fmt: skip
def test_a_date_without_a_year_is_read_wherever_it_stands(line, form, names) -> None:
    events, rows = read("".join(line.format(said) + "\n" for said in SAID), form)
    assert events == len(SAID)
    assert [(row["reason"], row["service"], row["instance"]) for row in rows] == [
        ("token_expired", *names)
    ]
    assert rows[0]["time_ms"] // 1000 * 1000 == AT_MS


@pytest.mark.parametrize("between", [": ", " "])
def test_the_first_words_of_a_sentence_are_no_host_and_program(between: str) -> None:
    stamps = [f"2026-11-23T07:15:0{second}" for second in range(4)]
    text = "".join(f"{stamp}{between}token rejected: jwt expired\n" for stamp in stamps)
    events, rows = read(text, "text")
    assert events == len(rows) == len(stamps)
    assert {(row["service"], row["instance"]) for row in rows} == {("", "")}


def test_a_date_in_what_a_record_says_begins_none() -> None:
    head = "Nov 23, 2026 7:15:04 AM com.example.orders.Auth "
    said = [
        "start\nINFO: Server built:          Aug 13 2026 16:59:10 UTC",
        "log\nINFO: order stored",
        "verify\nWARNING: token rejected: The Token has expired on 2026-11-23T07:05:14Z.",
    ]
    events, rows = read("".join(f"{head}{one}\n" for one in said * 2), "text")
    assert events == 2 * len(said)
    assert [row["reason"] for row in rows] == ["token_expired"] * 2
    assert {row["time_ms"] for row in rows} == {AT_MS}
