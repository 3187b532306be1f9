"""Tables in Markdown: what people note down is changes, whatever their words; pasted logs are not."""

from __future__ import annotations

import pytest

from logclass import changes

RULE = "|---|---|---|\n"
BY_HAND = {
    "versions and nouns": (
        "| Time (UTC) | Service | What |\n" + RULE + "| 2026-04-21 06:40 | orders-api | 2.4.1 |\n"
        "| 2026-04-21 07:05 | auth | new signing key in Vault |\n"
        "| 2026-04-21 08:10 | edge | header rules |\n",
        ["deploy", "rotation", "other"],
    ),
    "what is live now": (
        "# Week 17\n\n| When | Component | Note |\n" + RULE
        + "| 2026-04-21T06:40:00Z | orders-api | 2.4.1 → 2.4.2 |\n"
        "| 2026-04-21T07:05:00Z | auth | kid 2026-04 is live |\n",
        ["deploy", "rotation"],
    ),
    "in German": (
        "| Zeit | Dienst | Bemerkung |\n" + RULE
        + "| 2026-04-21T06:40:00Z | orders-api | neues Image |\n"
        "| 2026-04-21T07:05:00Z | auth | Schlüssel K2 |\n",
        ["other", "rotation"],
    ),
}  # fmt: skip
OF_LOGS = {
    "errors": "| Time | Service | Message |\n" + RULE
    + "| 2026-04-21T06:40:00Z | orders-api | JsonWebTokenError: invalid signature |\n"
    "| 2026-04-21T06:50:00Z | orders-api | ready |\n",
    "requests": "| Time | Service | Message |\n" + RULE
    + "| 2026-04-21T06:40:00Z | orders-api | GET /orders |\n"
    "| 2026-04-21T06:50:00Z | orders-api | GET /orders |\n",
    "hosts": "| Time | Host | Message |\n" + RULE
    + "| 2026-04-21T06:40:00Z | web-1 | orders are here |\n"
    "| 2026-04-21T06:50:00Z | web-1 | orders are gone |\n",
    "one after another": "| Time | Service | Message |\n" + RULE
    + "".join(f"| 2026-04-21T06:40:{second:02}Z | orders | orders are here |\n" for second in range(20)),
}  # fmt: skip


def read(text: str) -> changes.ChangeRead | None:
    found = changes.read(text.encode(), name="notes.md", near_ms=1_776_800_000_000)
    return found if isinstance(found, changes.ChangeRead) else None


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_what_people_note_down_is_changes(name: str) -> None:
    text, kinds = BY_HAND[name]
    found = read(text)
    assert found is not None
    assert [event.kind.value for event in found.events] == kinds


@pytest.mark.parametrize("name", sorted(OF_LOGS))
def test_pasted_log_lines_are_none(name: str) -> None:
    assert read(OF_LOGS[name]) is None
