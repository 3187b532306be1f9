"""The ticket text: short, complete, and inert."""

import json
import re
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from logclass.model import Report
from logclass.render import markdown

FIXTURES = Path(__file__).parent / "fixtures"


def load(name: str) -> dict[str, Any]:
    return json.loads((FIXTURES / f"{name}.json").read_text())


def ticket(document: dict[str, Any]) -> str:
    return markdown.render(Report(document))


def test_the_ticket_has_verdict_times_delta_changes_and_steps():
    text = ticket(load("partial_rollout"))
    wanted = (
        "## auth rejected freshly signed tokens",
        "**Confirmed: Partial rollout** (probability 97 %)",
        "**Onset** 2031-05-06 11:05 UTC (95 % interval 11:04:41 to 11:05:12)",
        "**Recovery** 2031-05-06 11:40 UTC",
        "**Rejected requests** 3,607",
        "- **Because** ",
        "- **Check that** ",
        "| `kid` | `v1` | `v2` | differs | 2,560 |",
        "| 11:03:12 | 1 min 48 s before the onset | rotation `auth/jwt-signing-secret` |",
        "- **Verify** ",
        "- **Stop if it returns** Force a full redeploy",
    )
    found = [text.index(part) for part in wanted]
    assert found == sorted(found)


def test_a_quiet_ticket_says_so():
    text = ticket(load("quiet"))
    assert text.startswith("## No incident in this bundle")
    assert "would have been reported" in text


def test_several_incidents_are_numbered():
    text = ticket(load("multi_incident"))
    assert "## Incident 1: orders-api has" in text
    assert "## Incident 2: Two clients" in text
    assert "not yet: still failing" in text


def test_prose_loses_its_markup():
    text = markdown.text("<img src=x> [a](https://b.example.com) **c** @team #12 `d`\n# e")
    assert "\n" not in text
    for live in ("<img", "@team", "#12", "https://"):
        assert live not in text
    assert not re.search(r"(?<!\\)[\[\]*`#]", text)


def test_code_in_a_sentence_stays_code():
    assert markdown.prose("read it (`chronyc *`), then `b`") == "read it (`chronyc *`), then `b`"
    assert markdown.prose("`a` and `b") == "`a` and \\`b"


cells = st.text(st.sampled_from("|`\\<>\n\r@ab*[]#~-"), max_size=12) | st.text(max_size=30)


@given(cells)
@settings(derandomize=True, deadline=None)
def test_a_code_span_closes_where_it_should(value):
    """By CommonMark a span ends at the first run of as many backticks as opened it."""
    span = markdown.code(value)
    assert "\n" not in span
    assert not re.search(r"(?<!\\)\|", span)
    if span:
        fence = re.match(r"`+", span)
        assert fence
        runs = re.findall(r"`+", span)
        assert [len(run) for run in runs].count(len(fence[0])) == 2


@given(value=cells)
@settings(derandomize=True, deadline=None, max_examples=40)
def test_no_value_adds_a_table_cell_or_a_line(value):
    document = load("partial_rollout")
    plain = ticket(document)
    incident = document["incidents"][0]
    delta, change = incident["claim_delta"][0], incident["changes"][0]
    delta["claim"] = delta["actual"][0] = change["target"] = change["id"] = value
    change["vetoed_because"] = incident["headline"] = value
    hostile = ticket(document)

    def bars(text: str) -> list[int]:
        return [len(re.findall(r"(?<!\\)\|", line)) for line in text.split("\n") if line[:1] == "|"]

    assert len(hostile.split("\n")) == len(plain.split("\n"))
    assert bars(hostile) == bars(plain)
