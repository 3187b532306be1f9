"""A container is one instance, whether a line has its full id or the twelve digits docker shows."""

import pandas as pd
import pytest

from logclass.evidence.containers import same_names

FULL = "2e8ddd96f7efc0a78b17d2171e4481e4"
OTHER = "2e8ddd96f7ef11111111111111111111"


def renamed(*names):
    lines = pd.DataFrame({"instance": pd.Categorical(names)})
    (found,) = same_names(lines)
    return list(found["instance"])


def test_the_short_name_is_the_full_one():
    assert renamed(FULL[:12], FULL, "") == [FULL, FULL, ""]


@pytest.mark.parametrize(
    "names",
    [
        (FULL[:12], OTHER, FULL),  # which of them, nobody knows
        (FULL[:11], FULL),  # no id
        ("202604300001", "2026043000011234"),  # numbers are no ids by their looks: no letters
        ("api-1", "api-12"),
    ],
)
def test_other_names_stay(names):
    assert renamed(*names) == list(names)


def test_names_are_compared_over_all_frames():
    rows = pd.DataFrame({"instance": [FULL]})
    tally = pd.DataFrame({"instance": [FULL[:12], "web-1"]})
    rows, tally = same_names(rows, tally)
    assert list(tally["instance"]) == [FULL, "web-1"]
    assert list(rows["instance"]) == [FULL]
