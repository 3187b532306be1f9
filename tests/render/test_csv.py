"""CSV that survives a round trip and starts no formula."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass.render import csv as render_csv


def written(rows: list[dict[str, object]]) -> list[list[str]]:
    stream = io.StringIO(newline="")
    assert render_csv.write(rows, stream) == len(rows)
    return list(csv.reader(io.StringIO(stream.getvalue(), newline="")))


def test_rows_come_back_as_they_were():
    rows = [
        {"time": "2031-05-06T11:05:00Z", "count": 3, "expected": ["a", "é"], "kid": None},
        {"time": 'a "quoted", value\nof two lines', "count": -4, "expected": [], "kid": "k"},
    ]
    assert written(rows) == [
        ["time", "count", "expected", "kid"],
        ["2031-05-06T11:05:00Z", "3", '["a", "é"]', ""],
        ['a "quoted", value\nof two lines', "-4", "[]", "k"],
    ]


def test_no_rows_write_nothing():
    assert written([]) == []


def test_a_key_the_first_row_has_not_is_an_error():
    with pytest.raises(ValueError, match="b"):
        written([{"a": 1}, {"b": 2}])


@given(st.sampled_from("=+-@\t\r"), st.sampled_from(["", " ", "  "]), st.text())
@settings(derandomize=True, deadline=None)
def test_text_that_reads_as_a_formula_gets_an_apostrophe(start, spaces, rest):
    value = spaces + start + rest
    assert render_csv.cell(value) == "'" + value


@given(st.dictionaries(st.text(min_size=1), st.text(), min_size=1, max_size=4))
@settings(derandomize=True, deadline=None)
def test_any_text_keeps_its_column(row):
    header, body = written([row])
    assert len(header) == len(body) == len(row)
    assert [cell.removeprefix("'") for cell in body] == [v.removeprefix("'") for v in row.values()]
