"""Dates of numbers only: which number is the day, and that it is said where nothing tells it."""

from __future__ import annotations

import pytest
from reading import engine
from test_store_exports import FIRST_MS, STORY, read

from logclass import accounting, formats
from logclass.model import Source, SourceIntake

DAY_MS = 86_400_000


def lines(form: str) -> str:
    return "".join(f"{line.at(form)} {line.text}\n" for line in STORY)


def assumed(text: str, name: str, written_ms: int) -> list[str]:
    """Return what is assumed of the dates of a file that was last written then."""
    source = Source(name, name, modified_seconds=written_ms // 1000)
    batches = list(formats.read(source, [text.encode()], engine()[1].hits, []))
    intake = SourceIntake(
        name, "text", 0, 0, 0, 0, 0, None, None, zone_assumed=False,
        order_assumed=max(batch.order_assumed for batch in batches),
    )  # fmt: skip
    return accounting.assumptions([intake], None)


# 4 March could be 3 April, which is no more than a month away and before the file was written.
SHORT = "".join(f"04/03/2026 07:{minute:02}:00 {STORY[4].text}\n" for minute in range(12))
TABLE = "time,message\n" + "".join(
    f"04/03/2026 07:{minute:02}:00,{STORY[4].text}\n" for minute in range(12)
)


@pytest.mark.parametrize(("text", "name"), [(SHORT, "app.log"), (TABLE, "export.csv")])
def test_an_order_that_nothing_tells_is_said(text: str, name: str) -> None:
    (said,) = assumed(text, name, FIRST_MS + 60 * DAY_MS)
    assert "first: nothing tells their order" in said


@pytest.mark.parametrize(("text", "name"), [(SHORT, "app.log"), (TABLE, "export.csv")])
def test_a_file_written_at_its_last_record_tells_the_order(text: str, name: str) -> None:
    in_april = 1_775_230_000_000  # 2026-04-03T15:26:40Z
    assert assumed(text, name, in_april) == []


def test_days_above_twelve_tell_the_order() -> None:
    for form in ("%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S"):
        assert assumed(lines(form), "app.log", FIRST_MS + 60 * DAY_MS) == []


@pytest.mark.parametrize(
    ("days", "first_minute"),
    [(["05/06/2026", "05/13/2026"], 29_634_180), (["06/05/2026", "13/05/2026"], 29_634_180)],
)
def test_a_table_is_read_in_one_order(days: list[str], first_minute: int) -> None:
    """On 6 May 2026, at 07:00."""
    rows = "".join(f"{day} 07:00:00,{STORY[4].text}\n" for day in days)
    assert read("time,message\n" + rows).first_minute == first_minute


def test_the_day_stands_first_before_dots() -> None:
    """Whenever the file was written: nobody puts the month there."""
    text = SHORT.replace("04/03/2026", "04.03.2026")
    source = Source("app.log", "app.log", modified_seconds=1_775_230_000)  # 2026-04-03T15:26:40Z
    (batch,) = formats.read(source, [text.encode()], engine()[1].hits, [])
    assert batch.tally["minute"][0].as_py() == 1_772_607_600_000 // 60_000  # 2026-03-04T07:00:00Z
