"""Logs inside something else: printed lists, JSON that people write, lines without their ends."""

from __future__ import annotations

import datetime as dt
import json
from pprint import pformat
from typing import Any

import pytest
from reading import ENDED, engine

from logclass import classify, formats
from logclass.formats import relaxed
from logclass.model import Fault, Source

SAID = (
    "listening",
    "JsonWebTokenError: invalid signature",
    "order 1 stored",
    "jwt expired",
    "done",
    "jwt malformed",
)
REASONS = ["signature_invalid", "token_expired", "token_malformed"]
TIMES = [f"2031-05-06T07:08:{second:02}.123Z" for second in range(9, 39, 5)]
LINES = [f"{time} ERROR {text}" for time, text in zip(TIMES, SAID, strict=True)]
ROWS = [
    {"time": time, "service": "orders", "message": text}
    for time, text in zip(TIMES, SAID, strict=True)
]


def read(
    data: bytes | str, size: int = 1 << 20
) -> tuple[str, int, list[dict[str, Any]], list[Fault]]:
    """Return format, events, rejections and faults."""
    raw = data.encode() if isinstance(data, str) else data
    matcher, prefilter = engine()
    faults: list[Fault] = []
    events, rows, format_ = 0, [], ""
    chunks = [raw[at : at + size] for at in range(0, len(raw), size)]
    source = Source("0.log", "0.log", modified_seconds=ENDED)
    for batch in formats.read(source, chunks, prefilter.hits, faults):
        format_ = batch.format
        events += sum(batch.tally["events"].to_pylist())
        rows += classify.classify(batch, matcher).rejections.to_pylist()
    return format_, events, rows, faults


def ms(time: str) -> int:
    return round(dt.datetime.fromisoformat(time).timestamp() * 1000)


def check(data: bytes | str, format_: str, size: int = 1 << 20) -> list[Fault]:
    told, events, rows, faults = read(data, size)
    assert (told, events) == (format_, len(SAID))
    assert [row["reason"] for row in rows] == REASONS
    assert [row["time_ms"] for row in rows] == [ms(time) for time in TIMES[1::2]]
    return faults


COMMENTED = (
    "// exported\n[\n" + "".join(f"  {json.dumps(row)},  /* one */\n" for row in ROWS) + "]\n"
)


@pytest.mark.parametrize("size", [1 << 20, 70])
@pytest.mark.parametrize(
    "data",
    [
        COMMENTED,
        f"const logs = {json.dumps(ROWS, indent=2)};\n",
        f"callback({json.dumps(ROWS)});\n",
        f"Response body: {json.dumps(ROWS)}\n",
        repr(ROWS),
        pformat(ROWS, width=50),
        repr([{**row, "time": dt.datetime.fromisoformat(row["time"])} for row in ROWS]),
    ],
    ids=["comments", "assigned", "called", "labelled", "repr", "pprint", "datetime"],
)
def test_records_as_programs_and_people_write_them(data: str, size: int) -> None:
    assert check(data, "json-array", size) == []


@pytest.mark.parametrize(
    ("data", "format_"),
    [
        (repr({"status": 200, "items": ROWS}), "json-nested"),
        ("HTTP/1.1 200 OK\r\nContent-Type: text/json\r\n\r\n" + json.dumps(ROWS), "json-array"),
        (json.dumps(dict(enumerate(ROWS))), "json-nested"),
        (json.dumps({key: {at: row[key] for at, row in enumerate(ROWS)} for key in ROWS[0]}), "json-nested"),
        (json.dumps([list(row.values()) for row in ROWS]), "json-nested"),
        (json.dumps({"orders": ROWS[:2], "billing": ROWS[2:]}), "json-nested"),
    ],
    ids=["wrapped", "answer", "keyed", "columns", "rows", "grouped"],
)  # fmt: skip
def test_documents_of_records(data: str, format_: str) -> None:
    assert check(data, format_) == []


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(LINES),
        json.dumps(LINES, indent=1),
        repr(LINES),
        json.dumps("\n".join(LINES)),
        repr("\n".join(LINES)),
        "".join(f"{json.dumps(line)}\n" for line in LINES),
    ],
    ids=["list", "indented", "repr", "one text", "repr of a text", "a line each"],
)
def test_lines_in_strings(data: str) -> None:
    assert check(data, "text") == []


@pytest.mark.parametrize("size", [1 << 20, 150])
@pytest.mark.parametrize(
    "data",
    [" ".join(LINES), "\r".join(LINES), "\\n".join(LINES)],
    ids=["blanks", "returns", "written"],
)
def test_lines_that_lost_their_ends_are_read_and_it_is_said(data: str, size: int) -> None:
    (fault,) = check(data, "text", size)
    assert (fault.kind, fault.count) == ("no_newlines", 0)


def test_syslog_records_with_nothing_between_them() -> None:
    """As rsyslog's RSYSLOG_ForwardFormat writes them to a file."""
    data = "".join(
        f"<134>2031-05-06T07:08:{9 + 5 * at:02}.123000+00:00 host orders[7]: {text}"
        for at, text in enumerate(SAID)
    )
    (fault,) = check(data, "syslog")
    assert fault.kind == "no_newlines"


def test_one_line_that_names_several_times_is_one_record() -> None:
    """jjwt's sentence: the record's own time and two in the text."""
    said = (
        "2031-05-06T07:08:09Z ERROR JWT expired at 2031-05-06T07:00:00Z. Current time: "
        "2031-05-06T07:08:09Z, a difference of 489000 milliseconds.  Allowed clock skew: 0 ms."
    )
    assert read(said)[1] == 1
    assert read("\n".join([said] * 4))[1] == 4


def test_items_that_a_printer_left_out_are_told() -> None:
    """Node prints a hundred items of a list, and how many more there are."""
    shown = ",\n".join("  {{ time: '{time}', message: '{message}' }}".format(**row) for row in ROWS)
    _, events, _, faults = read(f"[\n{shown},\n  ... 20 more items\n]\n")
    assert events == len(SAID)
    assert [fault.kind for fault in faults] == ["truncated"]
    assert "20 more items" in faults[0].detail


def test_a_document_that_nothing_takes_apart_is_told() -> None:
    """PHP's var_export."""
    said = "".join(
        f"  {at} => \n  array (\n    'at' => '{row['time']}',\n    'said' => '{row['message']}',\n  ),\n"
        for at, row in enumerate(ROWS * 2)
    )
    assert "unsplit" in {fault.kind for fault in read(f"array (\n{said})")[3]} or read(said)[1] > 1


def test_strings_are_written_as_json_writes_them() -> None:
    value = [
        "it's",
        'a "b"',
        "\x1b[31m",
        "é😀",
        "a\n\tb\\",
        b"\xff",
        (1, "a"),
        None,
        True,
        {"a": 1.5},
    ]
    wanted = ["it's", 'a "b"', "\x1b[31m", "é😀", "a\n\tb\\", "ÿ", [1, "a"], None, True, {"a": 1.5}]
    for written in (repr(value), pformat(value, width=10), ascii(value)):
        for size in (1, 7, 1000):
            raw = written.encode()
            chunks = [raw[at : at + size] for at in range(0, len(raw), size)]
            strict = b"".join(relaxed.strict(chunks))
            assert json.loads(strict) == wanted
            assert strict.count(b"\n") == raw.count(b"\n")


@pytest.mark.parametrize(
    "torn",
    [
        '"' + "\\n".join(LINES) + "\\n" + "x " * 3_000_000,  # a quote that nothing closes
        " ".join(LINES) + " " + "y " * 3_000_000,  # a line that does not end
        "<table><tr><th>time<th>level<th>message"
        + "".join(
            f"<tr><td>{time}<td>ERROR<td>{text}" for time, text in zip(TIMES, SAID, strict=True)
        )
        + "<!-- "
        + "z " * 3_000_000,
    ],
    ids=["quote", "line", "row"],
)
def test_what_does_not_end_costs_nothing_that_stands_before_it(torn: str) -> None:
    """Not the records before it, nor memory for all that follows."""
    rows = read(torn)[2]
    assert [row["reason"] for row in rows][:2] == REASONS[:2]
    assert [row["time_ms"] for row in rows][:2] == [ms(time) for time in TIMES[1::2]][:2]
