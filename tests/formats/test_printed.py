"""Tables on a terminal, and CSV whose text stands under a name that says nothing.

Shapes as mysql, Markdown, DuckDB, gcloud, bq and the Azure CLI print them, made by hand.
"""

from __future__ import annotations

from unicodedata import east_asian_width

import pytest
from test_store_exports import PODS, STORY, holds_the_story, read

WIDE = max(len(line.text) for line in STORY)
TIMES = [line.at("%Y-%m-%d %H:%M:%S.%3") for line in STORY]
ROWS = [(time, line.pod, line.text) for time, line in zip(TIMES, STORY, strict=True)]
NAMES = ("created_at", "pod", "message")
WIDTHS = (23, 28, WIDE)


def box(row: tuple[str, ...], bar: str) -> str:
    cells = (f" {cell:<{width}} " for cell, width in zip(row, WIDTHS, strict=True))
    return f"{bar}{bar.join(cells)}{bar}\n"


def rule(ends: str, line: str = "─") -> str:
    left, middle, right = ends
    return left + middle.join(line * (width + 2) for width in WIDTHS) + right + "\n"


def columns(names: tuple[str, ...], *, dashes: bool) -> str:
    rows = [names, *([tuple("-" * width for width in WIDTHS)] if dashes else []), *ROWS]
    return "".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, WIDTHS, strict=True)).rstrip()
        + "\n"
        for row in rows
    )


TABLES = {
    "mysql": rule("+++", "-") + box(NAMES, "|") + rule("+++", "-")
    + "".join(box(row, "|") for row in ROWS) + rule("+++", "-") + "12 rows in set (0.01 sec)\n\n",
    "Markdown": "| created_at | pod | message |\n|:---|---|---|\n"
    + "".join(f"| {time} | {pod} | {text} |\n" for time, pod, text in ROWS),
    "DuckDB": rule("┌┬┐") + box(NAMES, "│") + box(("timestamp", "varchar", "varchar"), "│")
    + rule("├┼┤") + "".join(box(row, "│") for row in ROWS) + rule("├┴┤")
    + "│ 12 rows                         3 columns │\n" + "└" + "─" * 40 + "┘\n",
    "gcloud": columns(("TIMESTAMP", "POD", "MESSAGE"), dashes=False),
    "az": columns(("TimeGenerated", "PodName", "LogMessage"), dashes=True),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_printed_table_has_an_event_a_row(name: str) -> None:
    assert all(east_asian_width(letter) not in "WF" for letter in TABLES[name])
    found = read(TABLES[name])
    holds_the_story(found)
    assert found.instances == set(PODS)


def test_a_bar_in_a_text_is_no_cell() -> None:
    found = read(TABLES["Markdown"].replace("token rejected: ", "token | rejected: "))
    holds_the_story(found)


def test_event_viewers_text_has_no_name() -> None:
    head = "Level,Date and Time,Source,Event ID,Task Category\r\n"
    rows = [
        f"Error,{line.at('%m/%d/%Y %H:%M:%S')},orders-api,1000,None,{line.text}\r\n"
        for line in STORY
    ]
    found = read(head + "".join(rows))
    holds_the_story(found, 1000)
    assert found.services == {"orders-api"}


@pytest.mark.parametrize("name", ["@rawstring", "event_message", "raw", "Was gesagt wurde"])
def test_the_text_of_a_csv_is_found_whatever_its_column_is_called(name: str) -> None:
    rows = [f'{line.ms},{line.pod},a,"{line.text}"\n' for line in STORY]
    found = read(f"@timestamp,host,kind,{name}\n" + "".join(rows))
    holds_the_story(found)
    assert found.instances == set(PODS)
