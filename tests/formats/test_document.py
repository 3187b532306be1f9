"""Documents are cut into their elements as a JSON parser would, however the chunks fall."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass.formats import object_lines
from logclass.formats.document import Elements, frames, is_json
from logclass.formats.minutes import Clock

value = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=6),
        st.sampled_from(['"', "\\", '\\"', "{", "}]", "\\\\", "é"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
record = st.dictionaries(st.text(max_size=4), value, max_size=4)
layout = st.sampled_from([None, 1, 2])
LINES = Elements(0, is_lines=True)


def elements(data: bytes, wanted: Elements, size: int) -> tuple[list[object], list[str]]:
    faults, found, read = [], [], 0
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    for frame in frames(chunks, wanted, Clock(()), faults, "x"):
        found += [
            json.loads(frame.data[start:end])
            for start, end in zip(frame.starts, frame.ends, strict=True)
        ]
        read += len(frame.data)
    assert read == len(data)
    return found, [fault.kind for fault in faults]


@settings(derandomize=True, deadline=None, max_examples=20)
@given(records=st.lists(record, max_size=5), more=value, indent=layout, ascii_only=st.booleans(),
       size=st.sampled_from([1, 3, 50, 10_000]))  # fmt: skip
def test_elements_are_what_a_parser_finds(records, more, indent, ascii_only, size):
    def dump(document: object) -> bytes:
        return json.dumps(document, indent=indent, ensure_ascii=ascii_only).encode()

    glued = b"\n".join(dump(one) for one in records)
    assert elements(glued, Elements(0), size) == (records, [])
    assert elements(dump(records), Elements(1), size) == (records, [])
    inside = dump({"more": [more, {"x": 1}], "events": records, "after": {"events": [{"y": 1}]}})
    assert elements(inside, Elements(2, "events"), size) == (records, [])
    pages = dump({"events": records}) + b"\n" + dump({"nextToken": "t", "events": records})
    assert elements(pages, Elements(2, "events"), size) == (records * 2, [])


@pytest.mark.parametrize("size", [1, 5, 10_000])
def test_text_between_documents_is_a_fault(size):
    data = b'{"a":1}\nAn error occurred\n{"a":2}\n[1]\nand at the end'
    assert elements(data, Elements(0), size) == (
        [{"a": 1}, {"a": 2}, [1]],
        ["not_json", "not_json"],
    )


@pytest.mark.parametrize("size", [1, 5, 10_000])
def test_a_document_that_is_cut_off_says_so(size):
    whole = b'{"events":[{"a":1},{"a":2}]}'
    for end in range(1, len(whole)):
        found, faults = elements(whole[:end], Elements(2, "events"), size)
        assert found == [{"a": 1}, {"a": 2}][: (end >= 18) + (end >= 26)]
        assert faults == ["truncated"]
    assert elements(whole, Elements(2, "events"), size)[1] == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"a":1}\n{"b":2}', True),
        (b'{"a":1}\n{"b":', True),
        (b'[{"a":1}', True),
        (b'{"a":1}\nand text', False),
        (b'text {"a":1}', False),
        (b"", True),
    ],
)
def test_is_json(data, expected):
    assert is_json(data) == expected


@settings(derandomize=True, deadline=None, max_examples=60)
@given(records=st.lists(record, min_size=1, max_size=6), indent=layout, data=st.data())
def test_objects_a_line_each_are_those_that_stand_in_other_ways(records, indent, data):
    """In lines, glued behind one another or over several lines, however the chunks fall."""
    written = [
        json.dumps(one, indent=data.draw(st.sampled_from([None, indent]))) for one in records
    ]
    glue = [data.draw(st.sampled_from(["\n", "\r\n", "\n\n", " \n", ",\n"])) for _ in records]
    text = "".join(one + behind for one, behind in zip(written, glue, strict=True)).encode()
    for size in (1, 7, 10_000):
        assert elements(text, LINES, size) == (records, [])
    glued = "".join(json.dumps(one) for one in records).encode() + b"\n"
    assert elements(glued, LINES, 10_000) == (records, [])


@settings(derandomize=True, deadline=None, max_examples=60)
@given(records=st.lists(record, min_size=3, max_size=8), data=st.data())
def test_a_torn_line_spoils_no_other(records, data):
    lines = [json.dumps(one | {"at": place}).encode() for place, one in enumerate(records)]
    torn = data.draw(st.integers(0, len(lines) - 1))
    cut = data.draw(st.integers(1, len(lines[torn]) - 1))
    lines[torn] = lines[torn][cut:] if data.draw(st.booleans()) else lines[torn][:-cut]
    others = [one | {"at": place} for place, one in enumerate(records) if place != torn]
    for size in (1, 7, 10_000):
        found, faults = elements(b"\n".join(lines) + b"\n", LINES, size)
        assert [one for one in found if one in others] == others
        assert len(found) == len(others) or is_json(lines[torn])
        assert faults or is_json(lines[torn])


def test_a_torn_last_line_is_told_once():
    found, faults = elements(b'{"a":1}\n{"a":2}\n{"a":"thr', LINES, 100)
    assert found == [{"a": 1}, {"a": 2}]
    assert faults == ["truncated"]


def test_many_torn_lines_are_looked_at_once_each(monkeypatch):
    """A collector that cuts long lines leaves thousands of them, one behind the other."""
    looked = []
    scan = object_lines.scan
    monkeypatch.setattr(
        object_lines,
        "scan",
        lambda text, *args, **named: looked.append(len(text)) or scan(text, *args, **named),
    )
    torn = [
        json.dumps({"at": {"n": number}, "said": "x" * 80})[:60].encode() for number in range(400)
    ]
    data = b"\n".join([b'{"a":1}', *torn, b'{"a":2}']) + b"\n"
    found, faults = elements(data, LINES, 10_000)
    assert found == [{"a": 1}, {"a": 2}]
    assert set(faults) == {"not_json"}
    assert sum(looked) <= len(data)


def test_sequences_of_rfc_7464_are_objects_a_line_each():
    found, faults = elements(b'\x1e{"a":1}\n\x1e{"a":2\n\x1e{"a":3}\n', LINES, 7)
    assert found == [{"a": 1}, {"a": 3}]
    assert faults == ["not_json"]
