"""Which lines begin a record."""

from __future__ import annotations

import pytest

from logclass.formats import lines
from logclass.formats.learned import learn
from logclass.formats.minutes import Clock
from logclass.formats.stamps import find_stamp


def records(text: str, rule, clock: Clock | None = None, size: int = 10_000) -> list[str]:
    data, faults, found = text.encode(), [], []
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    for frame in lines.frames(chunks, clock or Clock(()), rule, faults, "x"):
        found += [
            frame.data[start:end].decode()
            for start, end in zip(frame.starts, frame.ends, strict=True)
        ]
    assert "".join(found) == text
    return found


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(
    "parts",
    [
        ["a\n", "b\n", "c"],
        ["a\n    at b\n\tat c\n}\n", "d\n"],
        ["a\n\n", "b\n"],
        ["a\nCaused by: b\n", "c\n"],
        ["a\nTraceback (most recent call last):\n  b\nE: c\n", "d\n"],
        [
            "Traceback (most recent call last):\n  b\nE: c\n",
            "Traceback (most recent call last):\n  b\nE: c\n",
        ],
        ["Traceback (most recent call last):\n\n  b\nE: c\n", "d\n"],
        ["a\r\n  b\r\n", "c\r\n"],
        ["\n\n\n"],
    ],
)
def test_without_times(parts, size):
    assert records("".join(parts), lines.unstamped, size=size) == parts


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(
    "parts",
    [
        ["2031-05-06 07:08:09 a\nb\n", "2031-05-06 07:08:09 c\n"],
        ["no time\n  yet\n", "2031-05-06 07:08:09 a\n"],
        ["2031-05-06 07:08:09 a\n", '{"msg":"b"}\n', "2031-05-06 07:08:09 c\n"],
        ["2031-05-06 07:08:09 a\n{\n  b\n}\n", "2031-05-06 07:08:09 c\n"],
        ["2031-05-06 07:08:09 a\n", "INFO:     b\n", "[ERROR] c\n"],
        ["2031-05-06 07:08:09 a\nErrors: b\n"],
    ],
)
def test_with_times(parts, size):
    clock = learn([b"2031-05-06 07:08:09 a"], find_stamp)
    assert records("".join(parts), lines.stamped, clock, size) == parts


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_objects(size):
    parts = ['{"a":1}\n', '{"a":2}\n    at b\n', "banner\n", '{"a":3}']
    assert records("".join(parts), lines.json_lines, size=size) == parts
