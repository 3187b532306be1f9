"""The value under a key of many JSON records at once is the value a JSON parser gives."""

from dataclasses import replace

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass.formats import members
from logclass.formats.blocks import Frame

WORDS = st.text(st.sampled_from('ab \\"{}:,\n\té'), max_size=40)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={"message": st.one_of(WORDS, st.integers(0, 99)), "other": WORDS, "name": WORDS},
    ),
    min_size=1,
    max_size=8,
)


def frame(written):
    """Return a frame of these records, one a line."""
    data = b"".join(written)
    sizes = np.array([len(one) for one in written], dtype=np.int64)
    ends = np.cumsum(sizes)
    starts = ends - sizes
    return Frame(data, starts, ends, np.zeros(len(written), dtype=np.int64), 1)


def compact(record):
    return orjson.dumps(record)


def indented(record):
    return orjson.dumps(record, option=orjson.OPT_INDENT_2)


def spread(record):
    return orjson.dumps(record).replace(b'":', b'"\t:\n ')


def as_parsed(record):
    value = record.get("message")
    return orjson.dumps(value)[1:-1] if isinstance(value, str) else None


@pytest.mark.parametrize("write", [compact, indented])
@settings(derandomize=True, deadline=None, max_examples=300)
@given(records=RECORDS)
def test_the_value_is_what_a_parser_gives(write, records):
    found = members.strings(frame([write(one) + b"\n" for one in records]), "message", 400)
    assert found.to_pylist() == [as_parsed(one) for one in records]


def test_any_white_space_may_stand_around_the_colon():
    records = [{"message": "one"}, {"other": "message"}, {"message": 2}]
    found = members.strings(frame([spread(one) + b"\n" for one in records]), "message", 400)
    assert found.to_pylist() == [b"one", None, None]


def test_a_key_inside_a_string_is_no_key():
    quoted = orjson.dumps({"other": orjson.dumps({"message": "no"}).decode(), "message": "yes"})
    assert members.strings(frame([quoted]), "message", 400).to_pylist() == [b"yes"]


def test_a_long_value_is_cut():
    written = orjson.dumps({"message": "x" * 500})
    assert members.strings(frame([written]), "message", 160).to_pylist() == [b"x" * 160]


def test_records_without_the_key_have_null():
    assert members.strings(frame([b"{}", b"{}"]), "message", 160).to_pylist() == [None, None]


def test_a_frame_without_records_has_no_values():
    assert len(members.strings(replace(frame([]), data=b'"message": "x"'), "message", 160)) == 0
