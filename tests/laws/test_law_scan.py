"""The block scan finds what reading record by record finds, however the stream is cut."""

from __future__ import annotations

import json
from collections import Counter
from typing import NamedTuple

import numpy as np
import pytest
import reading
from hypothesis import given, settings
from hypothesis import strategies as st
from naive import NaiveMatcher

from logclass import classify, formats
from logclass.columns import NO_MINUTE
from logclass.model import Source
from logclass.patternset import load

START = 1_935_817_680  # 2031-05-06T07:08:00Z
PATTERNS = load(())
EXAMPLES = [example.text for pattern in PATTERNS.patterns for example in pattern.examples]


class Piece(NamedTuple):
    """One record as it was written: its minute, and its bytes."""

    second: int | None
    data: bytes


NAIVE = NaiveMatcher(PATTERNS)
ENGINES = ("hyperscan", "re2")


def every_record(_data: bytes, starts: np.ndarray, _ends: np.ndarray) -> np.ndarray:
    return np.ones(len(starts), dtype=bool)


def read(data: bytes, sizes: list[int], matcher, hits):
    """Return rows, tally and faults; the chunks have the given sizes in turn."""
    chunks, at, turn = [], 0, 0
    while at < len(data):
        size = sizes[turn % len(sizes)]
        chunks.append(data[at : at + size])
        at, turn = at + size, turn + 1
    source = Source("app.log", "app.log", modified_seconds=START)
    faults: list = []
    rows: list[dict] = []
    tally: Counter[tuple[int, int]] = Counter()
    read_bytes = 0
    for batch in formats.read(source, iter(chunks), hits, faults):
        rows += classify.classify(batch, matcher).rejections.to_pylist()
        read_bytes += batch.read_bytes
        for one in batch.tally.to_pylist():
            tally[one["minute"], one["status_class"]] += one["events"]
    # A record that is not JSON is a fault where it is decoded, and only candidates are.
    found = sum(one.count for one in faults if one.kind != "undecodable")
    return rows, tally, found, read_bytes


# --- logs as programs write them ---

words = st.sampled_from(
    [
        "ok",
        "GET /orders 200",
        "käse 中文",
        "\x00\x01",
        "a\tb",
        "{}",
        '"',
        "x" * 300,
        "Caused by",
        "401",
    ]
)
said = st.one_of(words, st.sampled_from(EXAMPLES).map(lambda text: text.replace("\n", " ")))
below = st.lists(
    st.sampled_from(
        ["    at verify (/app/auth.js:1:2)", "\tat a.b.C(C.java:7)", "}", "  jwt expired"]
    ),
    max_size=3,
)
newline = st.sampled_from(["\n", "\n", "\r\n"])
minutes = st.integers(0, 3)


def iso(second: int) -> str:
    return str(np.datetime64(second, "s")) + "Z"


@st.composite
def text_record(draw):
    second = START + 60 * draw(minutes) + 7
    end = draw(newline)
    level = draw(st.sampled_from(["INFO", "ERROR"]))
    lines = [f"{iso(second)} {level} [app] {draw(said)}", *draw(below)]
    return Piece(second, "".join(line + end for line in lines).encode())


@st.composite
def json_record(draw):
    second = START + 60 * draw(minutes) + 7
    record = {"level": draw(st.sampled_from(["info", "error"])), "time": iso(second)}
    nested = draw(st.booleans())
    text = draw(st.one_of(words, st.sampled_from(EXAMPLES)))
    record |= (
        {"err": {"type": "Error", "message": text, "stack": text}} if nested else {"msg": text}
    )
    ascii_only = draw(st.booleans())
    return Piece(second, json.dumps(record, ensure_ascii=ascii_only).encode() + b"\n")


@st.composite
def access_record(draw):
    second = START + 60 * draw(minutes) + 7
    moment = np.datetime64(second, "s").item().strftime("%d/%b/%Y:%H:%M:%S +0000")
    path = draw(st.sampled_from(["/", "/a b", "/é", '/\\"x']))
    status = draw(st.sampled_from([200, 302, 401, 500]))
    line = f'10.0.0.7 - - [{moment}] "GET {path} HTTP/1.1" {status} 12 "-" "curl"\n'
    return Piece(second, line.encode())


def log_of(record):
    return st.tuples(st.lists(record, min_size=1, max_size=12), st.booleans())


sizes = st.lists(st.integers(1, 400), min_size=1, max_size=4)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("record", [text_record(), json_record(), access_record()], ids=str)
@settings(derandomize=True, deadline=None, max_examples=12)
@given(data=st.data())
def test_the_scan_finds_what_reading_every_record_finds(engine, record, data):
    pieces, has_end = data.draw(log_of(record))
    whole = b"".join(piece.data for piece in pieces)
    whole = whole if has_end else whole.rstrip(b"\r\n")
    matcher, prefilter = reading.engine(engine)
    naive = read(whole, [len(whole)], NAIVE, every_record)
    scanned = read(whole, data.draw(sizes), matcher, prefilter.hits)
    assert scanned == naive
    assert scanned[3] == len(whole)


@pytest.mark.parametrize("record", [text_record(), json_record(), access_record()], ids=str)
@settings(derandomize=True, deadline=None, max_examples=12)
@given(data=st.data())
def test_events_are_counted_as_they_were_written(record, data):
    pieces, _ = data.draw(log_of(record))
    whole = b"".join(piece.data for piece in pieces)
    _, tally, faults, _ = read(whole, data.draw(sizes), *_hyperscan())
    by_minute: Counter[int] = Counter()
    for (minute, _), events in tally.items():
        by_minute[minute] += events
    assert by_minute == Counter(piece.second // 60 for piece in pieces)
    assert faults == 0


def _hyperscan():
    matcher, prefilter = reading.engine()
    return matcher, prefilter.hits


anything = st.lists(
    st.one_of(
        text_record().map(lambda piece: piece.data),
        json_record().map(lambda piece: piece.data),
        access_record().map(lambda piece: piece.data),
        st.sampled_from(EXAMPLES).map(lambda text: text.encode() + b"\n"),
        st.sampled_from(
            [
                b"Traceback (most recent call last):\n",
                b'  File "auth.py", line 3, in verify\n',
                b"jwt.exceptions.ExpiredSignatureError: Signature has expired\n",
                b"During handling of the above exception, another exception occurred:\n\n",
                b"\n", b"{\n", b'{"time":"2031-05-06T07:08:09Z","msg":"cut\n', b"INFO:     ok\n",
                b"2031-13-45T25:61:00Z ERROR jwt expired\n", b"\xff\xfe\xfa\n", b"\x1b[31mred\x1b[0m\n",
                b"io.jsonwebtoken.ExpiredJwtException: JWT expired at 2031-05-06T07:08:09Z.\n",
            ]
        ),
        st.binary(max_size=20),
    ),
    min_size=1,
    max_size=14,
)  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=30)
@given(parts=anything, sizes=sizes, engine=st.sampled_from(ENGINES))
def test_a_mixture_is_read_the_same_however_it_is_cut(parts, sizes, engine):
    whole = b"".join(parts)
    matcher, prefilter = reading.engine(engine)
    naive = read(whole, [len(whole)], NAIVE, every_record)
    assert read(whole, sizes, matcher, prefilter.hits) == naive
    assert naive[3] == len(whole) or naive[2] > 0  # every byte is in a record or a fault


def test_a_stack_trace_of_three_thousand_lines_is_one_record():
    trace = b"".join(b"    at frame%d (/app/a.js:%d:1)\n" % (i, i) for i in range(3000))
    first = b"2031-05-06T07:08:09Z ERROR JsonWebTokenError: jwt expired\n"
    last = b"2031-05-06T07:09:09Z INFO ok\n"
    rows, tally, faults, read_bytes = read(first + trace + last, [4096], *_hyperscan())
    assert [row["reason"] for row in rows] == ["token_expired"]
    assert tally == {(START // 60, 0): 1, (START // 60 + 1, 0): 1}
    assert (faults, read_bytes) == (0, len(first + trace + last))


def test_a_record_that_never_ends_is_cut_and_said(monkeypatch):
    for module in ("lines", "document", "sentry"):
        monkeypatch.setattr(f"logclass.formats.{module}.MAX_RECORD_BYTES", 10_000)
    line = b"2031-05-06T07:08:09Z INFO " + b"x" * 50_000
    for size in (100, 3_000, 60_000):
        _, tally, faults, read_bytes = read(line, [size], *_hyperscan())
        assert read_bytes == len(line)
        assert faults == 5
        assert sum(tally.values()) == 6


def test_times_that_are_none_are_counted_where_they_stand():
    lines = b"2031-05-06T07:08:09Z INFO ok\n2031-13-45T25:61:00Z ERROR jwt expired\n" * 3
    for size in (1, 50, 1000):
        rows, tally, faults, _ = read(lines, [size], *_hyperscan())
        assert tally == {(START // 60, 0): 3, (NO_MINUTE, 0): 3}
        assert faults == 3
        assert len(rows) == 3
